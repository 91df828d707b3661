//! Blanks in conditions: one that is blank, or a list or an object of nothing, is none; an end that says nothing is open, and
//! among several values what says nothing is none of them.

use serde_json::{Map, Value, json};

use super::absent::{SHOWN, is_never_empty, left_out, says_nothing};
use crate::names::{self, clip, fold, pointer};
use crate::repair::Repair;
use crate::tools::modules::Subject;
use crate::tools::request::{negates, subject, takes_first, time};

/// What is known of the field that a condition is on.
#[derive(Clone, Copy)]
struct Field {
    /// Every record has a value there: null among values is no value, and not "or none".
    is_never_empty: bool,
    holds_times: bool,
}

/// Leaves them out, and tells it; a condition of which nothing is left is none.
pub(super) fn leave_out(arguments: &mut Map<String, Value>) -> Vec<Repair> {
    let Ok(subject) = subject(arguments) else {
        return Vec::new();
    };
    let Some(filters) = arguments.get_mut("filters").and_then(Value::as_object_mut) else {
        return Vec::new();
    };
    let mut repairs = Vec::new();
    filters.retain(|name, value| {
        let (field, path) = (Field::of(&subject, name), pointer::below("/filters", name));
        let (given, told) = (value.clone(), repairs.len());
        let is_left = field.clean(value, &path, true, &mut repairs);
        if !is_left {
            repairs.truncate(told);
            repairs.push(left_out(path, &given));
        }
        is_left
    });
    repairs
}

impl Field {
    fn of(subject: &Subject, name: &str) -> Self {
        Field {
            is_never_empty: is_never_empty(subject, name),
            holds_times: time::holds_times(Some(&subject.module), name),
        }
    }

    /// Whether anything is left of a condition, or of what stands in one: a pair of times where it can be a span.
    fn clean(self, value: &mut Value, path: &str, can_be_span: bool, repairs: &mut Vec<Repair>) -> bool {
        match value {
            Value::Array(items) => {
                let open = self.open_end(items).filter(|_| can_be_span);
                if let Some(open) = open {
                    put_open(value, open, path, repairs);
                    return true;
                }
                self.clean_items(items, path, repairs)
            }
            Value::Object(members) => match between(members) {
                Some(ends) if ends.iter().any(is_nothing) => {
                    let open = open(ends, is_nothing);
                    let is_left = open.is_some();
                    open.into_iter()
                        .for_each(|open| put_open(value, open, path, repairs));
                    is_left
                }
                _ => self.clean_members(members, path, repairs),
            },
            Value::String(text) => !names::is_blank(text),
            _ => true,
        }
    }

    fn clean_items(self, items: &mut Vec<Value>, path: &str, repairs: &mut Vec<Repair>) -> bool {
        let mut index = 0;
        // Times beside null could be a span or a set: that is asked back.
        let null_is_none = self.is_never_empty && (!self.holds_times || items.iter().all(Value::is_null));
        items.retain(|item| {
            let is_none = is_blank(item) || null_is_none && item.is_null();
            let path = pointer::below(path, index);
            repairs.extend(is_none.then(|| left_out(path, item)));
            index += 1;
            !is_none
        });
        !items.is_empty()
    }

    fn clean_members(self, members: &mut Map<String, Value>, path: &str, repairs: &mut Vec<Repair>) -> bool {
        let is_alone = members.len() == 1;
        members.retain(|word, member| {
            let path = pointer::below(path, word);
            let is_span = matches!(fold(word).as_str(), "from" | "to");
            if takes_first(word).is_none() {
                return self.clean(member, &path, negates(word), repairs);
            }
            // A word behind `gt` alone is no open end, but a value that went wrong.
            let is_wrong = is_alone && !is_span && member.as_str().is_some_and(says_nothing);
            let is_open = is_nothing(member) && !is_wrong;
            repairs.extend(is_open.then(|| left_out(path, member)));
            !is_open
        });
        !members.is_empty()
    }

    /// The span of a time beside nothing. Null beside one is "or none" where records may have none.
    fn open_end(self, items: &[Value]) -> Option<Value> {
        let says_none = |item: &Value| match self.is_never_empty {
            true => is_nothing(item),
            false => is_blank(item),
        };
        open(items, says_none).filter(|_| self.holds_times)
    }
}

/// The span of two ends of which one says nothing.
fn open(ends: &[Value], says_none: impl Fn(&Value) -> bool) -> Option<Value> {
    match ends {
        [from, to] if says_none(to) && !is_nothing(from) => Some(json!({ "from": from })),
        [from, to] if says_none(from) && !is_nothing(to) => Some(json!({ "to": to })),
        _ => None,
    }
}

/// The ends of `{"between": [a, b]}`.
fn between(members: &Map<String, Value>) -> Option<&[Value]> {
    let (word, ends) = members.iter().next().filter(|_| members.len() == 1)?;
    let ends = ends.as_array().filter(|ends| ends.len() == 2)?;
    (fold(word) == "between").then_some(ends.as_slice())
}

fn is_blank(value: &Value) -> bool {
    value.as_str().is_some_and(names::is_blank)
}

/// Null, blank text, or a word for them: none of them is a time or a number.
fn is_nothing(value: &Value) -> bool {
    value.is_null() || is_blank(value) || value.as_str().is_some_and(says_nothing)
}

fn put_open(value: &mut Value, open: Value, path: &str, repairs: &mut Vec<Repair>) {
    repairs.push(Repair {
        path: path.to_owned(),
        rule: "open_end",
        from: clip(&value.to_string(), SHOWN),
        to: open.to_string(),
    });
    *value = open;
}
