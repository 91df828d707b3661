//! What stands for "not given": null, empty text, and the words models write for null.

use serde_json::Value;

use super::mending::{Mending, Note, shown};
use super::rules::{self, Rule};
use super::shape::Shape;

const WORDS: [&str; 6] = ["null", "none", "nil", "undefined", "omit", "<null>"];

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
        word.len() <= 10 && (word.is_empty() || WORDS.contains(&word.to_ascii_lowercase().as_str()))
    };
    match value {
        Value::Null => Some(rules::ABSENT_OPTIONAL),
        Value::String(text) if text.trim().is_empty() => Some(rules::ABSENT_OPTIONAL),
        Value::String(text) if !shape.free_text() && word(text) => Some(rules::ABSENT_OPTIONAL),
        Value::Array(items) if items.is_empty() => Some(rules::EMPTY_CONTAINER),
        Value::Array(items) if items.iter().all(Value::is_null) => Some(rules::ABSENT_OPTIONAL),
        Value::Array(items) if items.iter().all(|item| item.as_str().is_some_and(word)) => {
            Some(rules::EMPTY_CONTAINER)
        }
        Value::Object(map) if map.is_empty() && (shape.kinds.object || shape.kinds.list) => {
            Some(rules::EMPTY_CONTAINER)
        }
        _ => None,
    }
}

/// Whether an optional value that does not fit is dropped because it says nothing; tells it, or tells why not.
pub(super) fn drops(value: &Value, shape: &Shape, cx: &mut Mending) -> bool {
    let Some(rule) = noise(value, shape) else {
        return false;
    };
    if cx.absent_means_keep && cx.depth() == 1 || !cx.may(rule) {
        let expected = if shape.kinds.null {
            "leave it out to keep what is there, or null to clear it"
        } else {
            "leave it out to keep what is there; it cannot be cleared this way"
        };
        cx.explain(Note {
            expected: Some(expected.to_owned()),
            ..Note::default()
        });
        return false;
    }
    cx.tell(rule, shown(value), "left out");
    true
}
