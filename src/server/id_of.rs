//! The id of a message that is no JSON, or too long to be kept: found while its text goes by.

use serde_json::Value;

/// Longer ids are not kept.
const LONGEST: usize = 300;

/// Reads the text of a message in parts and keeps the value of its own member `id`.
#[derive(Default)]
pub(super) struct IdOf {
    depth: usize,
    in_text: bool,
    escaped: bool,
    is_id: bool,
    part: Vec<u8>,
    found: Option<Value>,
}

impl IdOf {
    /// The id of a text that is there as a whole.
    pub(super) fn text(text: &str) -> Option<Value> {
        let mut id = IdOf::default();
        id.read(text.as_bytes());
        id.found()
    }

    /// Reads the next part.
    pub(super) fn read(&mut self, part: &[u8]) {
        part.iter().for_each(|byte| self.step(*byte));
    }

    /// The id, where one has gone by: a text or a number.
    pub(super) fn found(self) -> Option<Value> {
        self.found
    }

    fn step(&mut self, byte: u8) {
        match byte {
            _ if self.in_text => {
                self.keep(byte);
                self.in_text = byte != b'"' || self.escaped;
                self.escaped = byte == b'\\' && !self.escaped;
            }
            b'"' => {
                self.in_text = true;
                self.keep(byte);
            }
            b'{' | b'[' => {
                self.keep(byte);
                self.depth += 1;
            }
            b'}' | b']' => {
                self.end_member();
                self.depth = self.depth.saturating_sub(1);
            }
            b',' => self.end_member(),
            b':' if self.depth == 1 => self.is_id = std::mem::take(&mut self.part) == br#""id""#,
            byte if byte.is_ascii_whitespace() => {}
            other => self.keep(other),
        }
    }

    /// Keeps what stands in the message itself, not in what it holds.
    fn keep(&mut self, byte: u8) {
        if self.depth == 1 && self.part.len() <= LONGEST {
            self.part.push(byte);
        }
    }

    fn end_member(&mut self) {
        if self.depth != 1 {
            return;
        }
        let part = std::mem::take(&mut self.part);
        if std::mem::take(&mut self.is_id) && self.found.is_none() && part.len() <= LONGEST {
            let read = serde_json::from_slice(&part).ok();
            self.found = read.filter(|id: &Value| id.is_string() || id.is_number());
        }
    }
}
