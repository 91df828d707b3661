//! Strings: any quote that opens and closes, raw line breaks, escapes of other languages that mean one character.

use super::{Fault, Reader};
use crate::repair::rules;

const DOUBLE: [char; 6] = [
    '\u{201c}', '\u{201d}', '\u{201e}', '\u{201f}', '\u{2033}', '\u{ff02}',
];
const SINGLE: [char; 5] = ['\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}', '\u{2032}'];

pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '«' | '»') || DOUBLE.contains(&c) || SINGLE.contains(&c)
}

/// A quoted token without its quotes.
pub(super) fn between_quotes(token: &str) -> &str {
    let token = token.strip_prefix('u').unwrap_or(token);
    token
        .strip_prefix(is_quote)
        .and_then(|t| t.strip_suffix(is_quote))
        .unwrap_or(token)
}

fn closes(open: char, c: char) -> bool {
    match open {
        '«' | '»' => matches!(c, '«' | '»'),
        _ if DOUBLE.contains(&open) => DOUBLE.contains(&c),
        _ if SINGLE.contains(&open) => SINGLE.contains(&c),
        _ => c == open,
    }
}

impl Reader<'_> {
    pub(super) fn string(&mut self, open: char) -> Result<String, Fault> {
        self.at += open.len_utf8();
        if open != '"' {
            self.met(rules::QUOTES);
        }
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let run = if open.is_ascii() {
                rest.bytes()
                    .position(|b| b < 0x20 || b == b'\\' || u32::from(b) == u32::from(open))
                    .unwrap_or(rest.len())
            } else {
                rest.find(|c: char| c < ' ' || c == '\\' || c == '"' || closes(open, c))
                    .unwrap_or(rest.len())
            };
            text.push_str(rest.get(..run).unwrap_or_default());
            self.at += run;
            match self.peek() {
                None => return Err(Fault::Cut { at: self.text.len() }),
                Some('\\') => self.escape(&mut text)?,
                Some(c) if closes(open, c) => {
                    self.at += c.len_utf8();
                    return Ok(text);
                }
                Some('"') => return Err(self.broken("a string whose quotes are all of one kind")),
                Some(control) => {
                    self.met(rules::RAW_CONTROL_CHARACTER);
                    text.push(control);
                    self.at += control.len_utf8();
                }
            }
        }
    }

    fn escape(&mut self, text: &mut String) -> Result<(), Fault> {
        let start = self.at;
        self.at += 1;
        let Some(c) = self.peek() else {
            return Err(Fault::Cut { at: self.text.len() });
        };
        self.at += c.len_utf8();
        let plain = match c {
            '"' | '\\' | '/' => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => self.unicode(start)?,
            'x' => {
                self.met(rules::ESCAPE_STYLE);
                let code = self.hex(2, start)?;
                char::from_u32(code).ok_or_else(|| self.bad_escape(start))?
            }
            _ if is_quote(c) => {
                self.met(rules::ESCAPE_STYLE);
                c
            }
            _ => return Err(self.bad_escape(start)),
        };
        text.push(plain);
        Ok(())
    }

    fn bad_escape(&mut self, start: usize) -> Fault {
        self.at = start;
        self.broken("an escape that JSON knows (\\\\ for a backslash)")
    }

    fn hex(&mut self, digits: usize, start: usize) -> Result<u32, Fault> {
        let rest = self.rest();
        if rest.len() < digits {
            return Err(Fault::Cut { at: self.text.len() });
        }
        let code = rest
            .get(..digits)
            .filter(|t| t.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = code.and_then(|t| u32::from_str_radix(t, 16).ok());
        let code = code.ok_or_else(|| self.bad_escape(start))?;
        self.at += digits;
        Ok(code)
    }

    fn unicode(&mut self, start: usize) -> Result<char, Fault> {
        let high = self.hex(4, start)?;
        if !(0xd800..0xdc00).contains(&high) {
            return char::from_u32(high).ok_or_else(|| self.bad_escape(start));
        }
        if !self.rest().starts_with("\\u") {
            return Err(self.bad_escape(start));
        }
        self.at += 2;
        let low = self.hex(4, start)?;
        if !(0xdc00..0xe000).contains(&low) {
            return Err(self.bad_escape(start));
        }
        let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
        char::from_u32(code).ok_or_else(|| self.bad_escape(start))
    }
}
