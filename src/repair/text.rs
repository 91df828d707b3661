//! A lossless reader of JSON and of what is written in its place: it accepts other notations of the same value, names
//! each one it met, and never closes what was cut or invents what is missing.

mod numbers;
mod objects;
mod strings;

pub(crate) use numbers::number;
use serde_json::Value;

use super::rules::{self, Rule};
use crate::names::pointer;

/// Levels of nesting the reader follows before it gives up; more than any tool argument needs.
pub(crate) const MAX_DEPTH: usize = 100;
const MAX_REMEMBERED: usize = 8;

/// What was read: the value, and everything a strict reader would have rejected or lost silently.
#[derive(Debug)]
pub(crate) struct Reading {
    /// The value; of a key that came twice, the first.
    pub(crate) value: Value,
    /// Notations met that are not JSON, each once, in the order of first appearance.
    pub(crate) rules: Vec<Rule>,
    /// JSON Pointers of keys that came twice with different values (a bounded number of them).
    pub(crate) conflicts: Vec<String>,
    /// Offset in bytes just after the value.
    pub(crate) end: usize,
}

/// Why no value could be read, with the offset in bytes where that became clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The text ends inside the value.
    Cut { at: usize },
    /// Something else stands where `expected` should.
    Broken { at: usize, expected: &'static str },
    /// More nesting than is followed.
    TooDeep { at: usize },
}

/// Reads the one value the whole text is, spaces around it allowed.
pub(crate) fn read_all(text: &str) -> Result<Reading, Fault> {
    let mut reader = Reader::new(text, 0);
    let value = reader.document()?;
    reader.space();
    match reader.peek() {
        None => Ok(reader.finish(value)),
        Some(_) => Err(reader.broken("the end of the arguments")),
    }
}

/// Reads the one value that starts at `start` (in bytes) and leaves what follows it unread.
pub(crate) fn read_at(text: &str, start: usize) -> Result<Reading, Fault> {
    let mut reader = Reader::new(text, start);
    let value = reader.document()?;
    Ok(reader.finish(value))
}

enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    path: Vec<Step<'a>>,
    rules: Vec<Rule>,
    conflicts: Vec<String>,
    ends_in_number: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, at: usize) -> Self {
        let (path, rules, conflicts) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            text,
            at,
            path,
            rules,
            conflicts,
            ends_in_number: false,
        }
    }

    fn finish(self, value: Value) -> Reading {
        let Self {
            rules,
            conflicts,
            at: end,
            ..
        } = self;
        Reading {
            value,
            rules,
            conflicts,
            end,
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn peek(&self) -> Option<char> {
        match self.byte() {
            Some(byte) if byte.is_ascii() => Some(char::from(byte)),
            Some(_) => self.rest().chars().next(),
            None => None,
        }
    }

    fn met(&mut self, rule: Rule) {
        if !self.rules.contains(&rule) {
            self.rules.push(rule);
        }
    }

    fn broken(&self, expected: &'static str) -> Fault {
        if self.at >= self.text.len() {
            return Fault::Cut { at: self.text.len() };
        }
        Fault::Broken {
            at: self.at,
            expected,
        }
    }

    /// The fault of a token of this length: cut when it reaches the end of the text.
    fn cut_or(&self, expected: &'static str, token: usize) -> Fault {
        if self.rest().get(token..).is_none_or(|rest| rest.trim().is_empty()) {
            return Fault::Cut { at: self.text.len() };
        }
        self.broken(expected)
    }

    fn pointer(&self, last: Option<&str>) -> String {
        let mut path = String::new();
        for step in &self.path {
            match step {
                Step::Key(key) => pointer::descend(&mut path, key),
                Step::Index(index) => pointer::descend(&mut path, &index.to_string()),
            }
        }
        if let Some(key) = last {
            pointer::descend(&mut path, key);
        }
        path
    }

    fn document(&mut self) -> Result<Value, Fault> {
        self.space();
        self.value()
    }

    fn space(&mut self) {
        loop {
            match self.byte() {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                Some(b'/') => {
                    let rest = self.rest();
                    if rest.starts_with("//") {
                        self.skip_line();
                    } else if rest.starts_with("/*") {
                        self.met(rules::COMMENT);
                        self.at = rest.find("*/").map_or(self.text.len(), |end| self.at + end + 2);
                    } else {
                        return;
                    }
                }
                Some(b'#') => self.skip_line(),
                Some(byte) if byte.is_ascii_graphic() => return,
                _ => match self.peek() {
                    Some(c) if is_odd_space(c) => {
                        self.met(rules::UNICODE_SPACE);
                        self.at += c.len_utf8();
                    }
                    _ => return,
                },
            }
        }
    }

    fn skip_line(&mut self) {
        self.met(rules::COMMENT);
        let rest = self.rest();
        self.at += rest.find('\n').unwrap_or(rest.len());
    }

    fn value(&mut self) -> Result<Value, Fault> {
        self.ends_in_number = false;
        match self.peek() {
            Some('{') => self.object(),
            Some('[') => self.list(']'),
            Some('(') => {
                self.met(rules::TUPLE);
                self.list(')')
            }
            Some('"') => self.string('"').map(Value::String),
            Some('-' | '+' | '.' | '0'..='9') => self.number(),
            Some(c) if strings::is_quote(c) => self.string(c).map(Value::String),
            Some(c) if is_word_start(c) => self.word_value(),
            _ => Err(self.broken("a value")),
        }
    }

    fn enter(&self) -> Result<(), Fault> {
        if self.path.len() >= MAX_DEPTH {
            Err(Fault::TooDeep { at: self.at })
        } else {
            Ok(())
        }
    }

    fn list(&mut self, close: char) -> Result<Value, Fault> {
        self.enter()?;
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        while self.peek() != Some(close) {
            self.path.push(Step::Index(items.len()));
            let item = self.value()?;
            self.path.pop();
            items.push(item);
            self.space();
            match self.peek() {
                Some(',') => {
                    self.at += 1;
                    self.space();
                    if self.peek() == Some(close) {
                        self.met(rules::TRAILING_COMMA);
                    }
                }
                Some(c) if c == close => {}
                Some('"') if self.after_space() => self.met(rules::MISSING_COMMA_IN_LIST),
                _ => return Err(self.broken("a comma or the end of the list")),
            }
        }
        self.at += close.len_utf8();
        self.ends_in_number = false;
        Ok(Value::Array(items))
    }

    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !is_word_part(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn word_value(&mut self) -> Result<Value, Fault> {
        let start = self.at;
        let word = self.word();
        let value = match word {
            "true" => return Ok(Value::Bool(true)),
            "false" => return Ok(Value::Bool(false)),
            "null" => return Ok(Value::Null),
            "True" | "TRUE" => Value::Bool(true),
            "False" | "FALSE" => Value::Bool(false),
            "None" | "NULL" | "Null" | "nil" => Value::Null,
            "undefined" => {
                self.met(rules::UNDEFINED);
                return Ok(Value::Null);
            }
            "NaN" | "Infinity" | "inf" | "nan" => {
                self.at = start;
                return Err(self.broken("a finite number"));
            }
            "u" if matches!(self.byte(), Some(b'"' | b'\'')) => {
                self.met(rules::QUOTES);
                return self.value();
            }
            _ => {
                self.space();
                return match self.peek() {
                    Some(',' | '}' | ']') => {
                        self.met(rules::BARE_WORD);
                        Ok(Value::String(word.to_owned()))
                    }
                    _ => {
                        self.at = start;
                        Err(self.cut_or("a value in double quotes", word.len()))
                    }
                };
            }
        };
        self.met(rules::LITERAL_STYLE);
        Ok(value)
    }
}

fn is_odd_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}')
}

fn is_word_start(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '_' | '$')
}

fn is_word_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '-' | '.')
}
