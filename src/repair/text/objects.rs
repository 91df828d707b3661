//! Objects: what separates members, keys without quotes, keys that come twice, and the one brace that may be missing.

use serde_json::{Map, Value};

use super::{Fault, MAX_REMEMBERED, Reader, Step, is_word_start, strings};
use crate::repair::rules;

impl Reader<'_> {
    pub(super) fn object(&mut self) -> Result<Value, Fault> {
        self.enter()?;
        self.at += 1;
        let mut map = Map::new();
        self.space();
        if matches!(self.peek(), Some(',')) {
            self.met(rules::EXTRA_COMMA);
            self.at += 1;
            self.space();
        }
        while self.peek() != Some('}') {
            self.member(&mut map)?;
            self.space();
            if self.member_ends()? {
                return Ok(Value::Object(map));
            }
        }
        self.at += 1;
        self.ends_in_number = false;
        Ok(Value::Object(map))
    }

    /// Reads what separates members; true when the text ends here with nothing but the last brace missing.
    fn member_ends(&mut self) -> Result<bool, Fault> {
        match self.peek() {
            Some(separator @ (',' | ';')) => {
                if separator == ';' {
                    self.met(rules::SEPARATOR_STYLE);
                }
                self.at += 1;
                self.space();
                while self.peek() == Some(',') {
                    self.met(rules::EXTRA_COMMA);
                    self.at += 1;
                    self.space();
                }
                match self.peek() {
                    Some('}') => self.met(rules::TRAILING_COMMA),
                    None => return Err(Fault::Cut { at: self.at }),
                    Some(_) => {}
                }
                Ok(false)
            }
            Some('}') => Ok(false),
            Some(c) if strings::is_quote(c) && self.after_space() && !self.after_comma_in_text() => {
                self.met(rules::MISSING_COMMA);
                Ok(false)
            }
            None if self.path.is_empty() && !self.ends_in_number => {
                self.met(rules::MISSING_FINAL_BRACE);
                Ok(true)
            }
            _ => Err(self.broken("a comma or the closing brace (inside a text, a quote is written \\\")")),
        }
    }

    pub(super) fn after_space(&self) -> bool {
        self.text
            .get(..self.at)
            .and_then(|read| read.chars().next_back())
            .is_some_and(char::is_whitespace)
    }

    /// Whether the last text read ends in a comma, which then may be the one that is missing behind it.
    fn after_comma_in_text(&self) -> bool {
        let read = self.text.get(..self.at).unwrap_or_default().trim_end();
        read.strip_suffix(strings::is_quote)
            .is_some_and(|text| text.trim_end().ends_with(','))
    }

    fn member(&mut self, map: &mut Map<String, Value>) -> Result<(), Fault> {
        let start = self.at;
        let (key, bare) = self.key()?;
        let raw = self.text.get(start..self.at).unwrap_or_default();
        self.space();
        match self.peek() {
            Some(':') => self.at += 1,
            Some('=') if !bare => {
                self.met(rules::SEPARATOR_STYLE);
                self.at += if self.rest().starts_with("=>") { 2 } else { 1 };
            }
            _ => return Err(self.broken("a colon after the key")),
        }
        self.space();
        let name = if bare { raw } else { strings::between_quotes(raw) };
        self.path.push(Step::Key(name));
        let value = self.value()?;
        self.path.pop();
        self.insert(map, key, value);
        Ok(())
    }

    fn insert(&mut self, map: &mut Map<String, Value>, key: String, value: Value) {
        match map.get(&key) {
            None => {
                map.insert(key, value);
            }
            Some(earlier) if *earlier == value => self.met(rules::DUPLICATE_KEY),
            Some(_) => {
                if self.conflicts.len() < MAX_REMEMBERED {
                    self.conflicts.push(self.pointer(Some(&key)));
                }
            }
        }
    }

    fn key(&mut self) -> Result<(String, bool), Fault> {
        match self.peek() {
            Some(c) if strings::is_quote(c) => Ok((self.string(c)?, false)),
            Some('u')
                if self
                    .text
                    .as_bytes()
                    .get(self.at + 1)
                    .is_some_and(|b| matches!(b, b'"' | b'\'')) =>
            {
                self.at += 1;
                self.key()
            }
            Some(c) if is_word_start(c) => {
                self.met(rules::UNQUOTED_KEY);
                Ok((self.word().to_owned(), true))
            }
            _ => Err(self.broken("a key in double quotes")),
        }
    }
}
