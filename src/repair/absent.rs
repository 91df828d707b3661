//! What stands for "not given": null, empty text, and the words models write for null.

use serde_json::Value;

use super::mending::{Mending, Note, display};
use super::rules::{self, Rule};
use super::shape::Shape;

const WORDS: [&str; 7] = ["null", "none", "nil", "undefined", "nan", "omit", "<null>"];

const LONGEST_WORD: usize = 20;

/// Whether a bare word stands for nothing.
pub(super) fn is_word_for_nothing(text: &str) -> bool {
    text.len() <= LONGEST_WORD && WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// Null or blank text.
pub(super) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// The rule by which a value that does not fit stands for "not given".
fn noise(value: &Value, shape: &Shape) -> Option<Rule> {
    let word = |text: &str| {
        let word = text.trim().trim_matches(['"', '\'']).trim();
        text.len() <= LONGEST_WORD && (word.is_empty() || is_word_for_nothing(word))
    };
    let says_nothing = |item: &Value| item.is_null() || item.as_str().is_some_and(word);
    match value {
        Value::Null => Some(rules::ABSENT_OPTIONAL),
        Value::String(text) if text.trim().is_empty() => Some(rules::ABSENT_OPTIONAL),
        Value::String(text) if shape.kinds.object && text.trim() == "{}" => Some(rules::EMPTY_CONTAINER),
        Value::String(text) if shape.kinds.list && text.trim() == "[]" => Some(rules::EMPTY_CONTAINER),
        Value::String(text) if !shape.free_text() && word(text) => Some(rules::ABSENT_OPTIONAL),
        Value::Array(items) if items.iter().all(says_nothing) => Some(rules::EMPTY_CONTAINER),
        Value::Object(map) if map.is_empty() && (shape.kinds.object || shape.kinds.list) => {
            Some(rules::EMPTY_CONTAINER)
        }
        _ => None,
    }
}

/// What becomes of a value that may say nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It says something.
    Says,
    /// It says nothing and is left out; that has been told.
    Drop,
    /// It says nothing, but leaving it out could change what is asked for; why has been told.
    Refuse,
}

/// Judges a value that does not fit.
pub(super) fn judge(value: &Value, shape: &Shape, optional: bool, cx: &mut Mending) -> Verdict {
    let Some(rule) = noise(value, shape) else {
        return Verdict::Says;
    };
    let keep = cx.absent_means_keep;
    if optional && !keep && cx.may(rule) {
        cx.tell(rule, display(value), "left out");
        return Verdict::Drop;
    }
    if keep && optional {
        let expected = if shape.kinds.null {
            "this left out to keep what is there, or null to clear it"
        } else {
            "this left out to keep what is there; it cannot be cleared this way"
        };
        cx.explain(Note {
            expected: Some(expected.to_owned()),
            ..Note::default()
        });
    }
    Verdict::Refuse
}
