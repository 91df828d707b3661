//! What is carried along while a call is repaired: where we are, what was changed, what could not be.

use jiff::civil::Date;
use serde_json::Value;

use super::rules::Rule;
use super::text::Reading;
use super::{Access, OpenReference, Repair};
use crate::names::{clip, pointer};

/// Why a place could not be repaired, said by the rule that looked at it.
#[derive(Debug, Default)]
pub(super) struct Note {
    pub(super) path: String,
    pub(super) expected: Option<String>,
    pub(super) got: Option<String>,
    pub(super) suggestion: Option<String>,
    pub(super) reference: Option<OpenReference>,
    /// Whether the call is refused for it even if it would validate.
    pub(super) blocks: bool,
}

/// The state of one repair: position, receipts, notes.
#[derive(Debug)]
pub(super) struct Mending {
    pub(super) access: Access,
    /// Whether null and "" may mean "clear this".
    pub(super) absent_means_keep: bool,
    pub(super) today: Date,
    pub(super) repairs: Vec<Repair>,
    pub(super) notes: Vec<Note>,
    pub(super) open_references: Vec<OpenReference>,
    path: Vec<String>,
}

const MAX_NOTES: usize = 40;
const MAX_REPAIRS: usize = 200;
const SHOWN: usize = 60;

impl Mending {
    pub(super) fn new(access: Access, absent_means_keep: bool, today: Date) -> Self {
        let (repairs, notes, open_references, path) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self {
            access,
            absent_means_keep,
            today,
            repairs,
            notes,
            open_references,
            path,
        }
    }

    /// Runs `work` one level deeper.
    pub(super) fn at<T>(&mut self, key: &str, work: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(key.to_owned());
        let result = work(self);
        self.path.pop();
        result
    }

    /// JSON Pointer of the place that is looked at.
    pub(super) fn pointer(&self) -> String {
        let mut path = String::new();
        for key in &self.path {
            pointer::descend(&mut path, key);
        }
        path
    }

    /// The key of the place that is looked at.
    pub(super) fn here(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    /// Levels below the arguments as a whole.
    pub(super) fn depth(&self) -> usize {
        self.path.len()
    }

    pub(super) fn may(&self, rule: Rule) -> bool {
        rule.allows(self.access)
    }

    /// Tells a change that was made here.
    pub(super) fn tell(&mut self, rule: Rule, from: impl Into<String>, to: impl Into<String>) {
        if self.repairs.len() < MAX_REPAIRS {
            let (path, from, to) = (self.pointer(), shorten(&from.into()), shorten(&to.into()));
            self.repairs.push(Repair {
                path,
                rule: rule.name(),
                from,
                to,
            });
        }
    }

    /// Tells why this place stays as it is.
    pub(super) fn explain(&mut self, note: Note) {
        if self.notes.len() < MAX_NOTES || note.blocks {
            self.notes.push(Note {
                path: self.pointer(),
                ..note
            });
        }
    }

    /// What is expected here, when the schema alone does not say it well.
    pub(super) fn expect(&mut self, expected: impl Into<String>) {
        self.explain(Note {
            expected: Some(expected.into()),
            ..Note::default()
        });
    }

    /// The one likely right value, which a write does not take by itself.
    pub(super) fn suggest(&mut self, suggestion: impl Into<String>) {
        self.explain(Note {
            suggestion: Some(suggestion.into()),
            ..Note::default()
        });
    }

    /// Takes what was read from text at this place, or none when only a guess would read it and this is a write.
    pub(super) fn absorb(&mut self, reading: Reading) -> Option<Value> {
        let Reading {
            value,
            rules,
            conflicts,
            ..
        } = reading;
        if let Some(guess) = rules.iter().find(|rule| !self.may(**rule)) {
            self.expect(format!(
                "complete JSON (it would take a guess to read this: {})",
                guess.name()
            ));
            return None;
        }
        for rule in rules {
            self.tell(rule, "as it was written", "plain JSON");
        }
        for path in conflicts {
            self.block(
                &path,
                "one value for this key",
                "the key twice, with two different values",
            );
        }
        Some(value)
    }

    fn block(&mut self, below: &str, expected: &str, got: &str) {
        let path = format!("{}{below}", self.pointer());
        let (expected, got) = (Some(expected.to_owned()), Some(got.to_owned()));
        self.notes.push(Note {
            path,
            expected,
            got,
            blocks: true,
            ..Note::default()
        });
    }

    pub(super) fn is_blocked(&self) -> bool {
        self.notes.iter().any(|note| note.blocks)
    }

    /// A mark to return to when what follows is not kept.
    pub(super) fn mark(&self) -> (usize, usize, usize) {
        (self.repairs.len(), self.notes.len(), self.open_references.len())
    }

    /// Forgets the receipts, and if asked the notes, since the mark.
    pub(super) fn rewind(&mut self, mark: (usize, usize, usize), notes_too: bool) {
        self.repairs.truncate(mark.0);
        self.open_references.truncate(mark.2);
        if notes_too {
            self.notes.truncate(mark.1);
        }
    }
}

/// A text as receipts show it: one line, at most 60 characters.
pub(super) fn shorten(text: &str) -> String {
    clip(text, SHOWN).replace(char::is_control, " ")
}

/// A value as receipts show it.
pub(super) fn display(value: &Value) -> String {
    match value {
        Value::String(text) => shorten(text),
        Value::Array(items) if items.len() > 20 => format!("a list of {} items", items.len()),
        Value::Object(map) if map.len() > 20 => format!("an object of {} keys", map.len()),
        other => shorten(&other.to_string()),
    }
}
