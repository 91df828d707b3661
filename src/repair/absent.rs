//! What stands for "not given": null, empty text, the words models write for null, and no rows as the size of a page.

use serde_json::{Map, Value};

use super::checking::{LONGEST_WORD, MEANT, is_word_for_nothing};
use super::mending::{Mending, Note, display};
use super::rules::{self, Rule};
use super::shape::Shape;
use super::{Access, Repair};
use crate::names::{is_blank, pointer};

/// Null or blank text.
pub(super) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => is_blank(text),
        _ => false,
    }
}

/// Nothing in a list of such items, or a word for it where that cannot be meant.
pub(super) fn is_no_item(value: &Value, item: &Shape) -> bool {
    let is_never_meant = item.format.as_deref() == Some(MEANT);
    let is_word = |text: &str| is_word_for_nothing(text.trim());
    is_nothing(value) || is_never_meant && value.as_str().is_some_and(is_word)
}

/// The rule by which a value that does not fit stands for "not given".
fn noise(value: &Value, shape: &Shape, access: Access) -> Option<Rule> {
    let word = |text: &str| {
        let word = text.trim().trim_matches(['"', '\'']).trim();
        text.len() <= LONGEST_WORD && (word.is_empty() || is_word_for_nothing(word))
    };
    let says_nothing = |item: &Value| item.is_null() || item.as_str().is_some_and(word);
    match value {
        Value::Null => Some(rules::ABSENT_OPTIONAL),
        Value::Number(number)
            if access == Access::Read && shape.none_is_absent && number.as_f64() == Some(0.0) =>
        {
            Some(rules::ABSENT_OPTIONAL)
        }
        Value::String(text) if is_blank(text) => Some(rules::ABSENT_OPTIONAL),
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

/// Leaves out of what is valid what says nothing all the same: optional lists of nothing, and beside a member that says
/// something those with a word for null.
pub(super) fn leave_out_blanks(arguments: &mut Value, shape: &Shape) -> Vec<Repair> {
    let mut told = Vec::new();
    if let Value::Object(given) = arguments {
        told.extend(leave_out_beside(given, shape));
        given.retain(|name, value| {
            let none = value.as_array().is_some_and(Vec::is_empty);
            let left_out = none && shape.property(name).is_some_and(|one| one.shape.none_is_absent);
            if left_out {
                told.push(told_of(pointer::below("", name), value));
            }
            !left_out
        });
    }
    told
}

/// Of members of which a call needs one those with a word for null, beside one that says something.
fn leave_out_beside(given: &mut Map<String, Value>, shape: &Shape) -> Vec<Repair> {
    let names = shape.schema.get("x-one-of").and_then(Value::as_array);
    let names: Vec<&str> = names.into_iter().flatten().filter_map(Value::as_str).collect();
    let is_word = |value: &Value| {
        value
            .as_str()
            .is_some_and(|text| is_word_for_nothing(text.trim()))
    };
    let (words, said): (Vec<&str>, Vec<&str>) = names
        .into_iter()
        .filter(|name| given.contains_key(*name))
        .partition(|name| given.get(*name).is_some_and(is_word));
    if said.is_empty() {
        return Vec::new(); // somebody may be called so
    }
    let mut told = Vec::new();
    for name in words {
        let value = given.shift_remove(name);
        told.extend(value.map(|value| told_of(pointer::below("", name), &value)));
    }
    told
}

fn told_of(path: String, value: &Value) -> Repair {
    Repair {
        path,
        rule: rules::ABSENT_OPTIONAL.name(),
        from: value.to_string(),
        to: "left out".to_owned(),
    }
}

/// Whether addresses of people stand there, one or several.
fn receives(shape: &Shape) -> bool {
    shape.holds_address() || shape.items.as_ref().is_some_and(|item| item.holds_address())
}

/// Whether it says in a word that there is nobody, which is not the same as to say nothing.
fn says_in_words(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.trim().is_empty() && text.trim() != "[]",
        Value::Array(items) => items.iter().any(says_in_words),
        _ => false,
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
    let Some(rule) = noise(value, shape, cx.access) else {
        return Verdict::Says;
    };
    if cx.access == Access::Write && receives(shape) && says_in_words(value) {
        let expected = "an address, or this left out: then the usual receivers get it";
        cx.explain(Note {
            expected: Some(expected.to_owned()),
            ..Note::default()
        });
        return Verdict::Refuse;
    }
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
