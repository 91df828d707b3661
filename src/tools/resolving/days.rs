//! Days that conditions on times call by a word: `today` is one in the zone of the call.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Map, Value};

use crate::names::{fold, pointer};
use crate::repair::Repair;

/// The words, each with the days from today on.
const WORDS: [(&str, i64); 3] = [("yesterday", -1), ("today", 0), ("tomorrow", 1)];

/// Whether a condition on a time calls a day by a word.
pub(super) fn are_called(arguments: &Map<String, Value>) -> bool {
    let filters = arguments.get("filters").and_then(Value::as_object);
    let mut on_times = filters.into_iter().flatten().filter(|(name, _)| is_a_time(name));
    on_times.any(|(_, value)| has_word(value))
}

/// Puts the days in the place of their words, and tells them.
pub(super) fn settle(arguments: &mut Map<String, Value>, zone: &TimeZone, now: Timestamp) -> Vec<Repair> {
    let mut repairs = Vec::new();
    let today = now.to_zoned_datetime(zone.clone()).date();
    let day = |text: &str| {
        let days = word(text)?;
        Some(today.checked_add(days.days()).ok()?.to_string())
    };
    let filters = arguments.get_mut("filters").and_then(Value::as_object_mut);
    for (name, value) in filters.into_iter().flatten() {
        if is_a_time(name) {
            replace(value, &pointer::below("/filters", name), &day, &mut repairs);
        }
    }
    repairs
}

fn is_a_time(name: &str) -> bool {
    let name = fold(name);
    name.ends_with("time") || name.ends_with("date")
}

fn word(text: &str) -> Option<i64> {
    let text = text.trim().to_lowercase();
    let mut known = WORDS.iter();
    known.find(|(word, _)| *word == text).map(|(_, days)| *days)
}

fn has_word(value: &Value) -> bool {
    match value {
        Value::String(text) => word(text).is_some(),
        Value::Array(items) => items.iter().any(has_word),
        Value::Object(members) => members.values().any(has_word),
        _ => false,
    }
}

fn replace(value: &mut Value, path: &str, day: &dyn Fn(&str) -> Option<String>, repairs: &mut Vec<Repair>) {
    match value {
        Value::String(text) => {
            if let Some(to) = day(text) {
                let from = std::mem::replace(text, to.clone());
                let (path, rule) = (path.to_owned(), "day");
                repairs.push(Repair { path, rule, from, to });
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                replace(item, &pointer::below(path, index), day, repairs);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                replace(member, &pointer::below(path, key), day, repairs);
            }
        }
        _ => {}
    }
}
