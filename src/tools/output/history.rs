//! The history of a case, a line an event: when, who, what, and what it was changed from and to.

use serde_json::Value;

use super::conversation::Row;
use crate::names::clip;

/// Events that say no more than that there is a message or comment, which the conversation shows.
const REPEATING: [&str; 2] = ["ThreadAdded", "CommentAdded"];
/// Characters of one value, and of one event.
const VALUE: usize = 100;
const EVENT: usize = 400;

/// Whether an event only repeats the conversation.
pub fn is_repeating(row: &Row) -> bool {
    let name = row.get("eventName").and_then(Value::as_str);
    name.is_some_and(|name| REPEATING.contains(&name))
}

/// A line of the history, and whether all of the event is in it.
pub fn describe_event(row: Row) -> (Value, bool) {
    let mut whole = true;
    let what = row.get("eventName").and_then(Value::as_str);
    let what = what.unwrap_or("an event without a name");
    let who = row
        .get("actor")
        .and_then(|actor| actor.get("name"))
        .and_then(Value::as_str)
        .unwrap_or("Zoho");
    let when = row.get("eventTime").and_then(Value::as_str).unwrap_or_default();
    let changes = row.get("eventInfo").and_then(Value::as_array);
    let changes: Vec<String> = changes
        .into_iter()
        .flatten()
        .filter_map(|info| change(info, &mut whole))
        .collect();
    let changes = match changes.is_empty() {
        true => String::new(),
        false => format!(" ({})", changes.join("; ")),
    };
    let line = clip_noting(format!("{when} {who}: {what}{changes}"), EVENT, &mut whole);
    (Value::String(line), whole)
}

/// `Status: Open -> Closed`, or the value alone where there was none before; nothing of what is no property.
fn change(property: &Value, whole: &mut bool) -> Option<String> {
    let name = property.get("propertyName").and_then(Value::as_str);
    *whole &= name.is_some();
    let name = name?;
    let Some(value) = property.get("propertyValue") else {
        return Some(name.to_owned());
    };
    Some(match (value.get("previousValue"), value.get("updatedValue")) {
        (None, None) => format!("{name}: {}", in_words(Some(value), whole)),
        (Some(Value::Object(before)), Some(Value::Object(after))) if !after.contains_key("name") => {
            changed_members(before, after, whole)
        }
        (before, after) => format!(
            "{name}: {} -> {}",
            in_words(before, whole),
            in_words(after, whole)
        ),
    })
}

/// Of an object with many members those that changed.
fn changed_members(before: &Row, after: &Row, whole: &mut bool) -> String {
    let keys = after
        .keys()
        .chain(before.keys().filter(|key| !after.contains_key(*key)));
    let changed = keys.filter(|key| before.get(*key) != after.get(*key));
    let all = changed.map(|key| {
        format!(
            "{key}: {} -> {}",
            in_words(before.get(key), whole),
            in_words(after.get(key), whole)
        )
    });
    all.collect::<Vec<_>>().join("; ")
}

fn in_words(value: Option<&Value>, whole: &mut bool) -> String {
    let text = match value {
        None | Some(Value::Null) => "none".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => {
            let items = items.iter().map(|item| in_words(Some(item), whole));
            items.collect::<Vec<_>>().join(", ")
        }
        Some(other) => match other.get("name").and_then(Value::as_str) {
            Some(name) => name.to_owned(),
            None => other.to_string(),
        },
    };
    clip_noting(text, VALUE, whole)
}

fn clip_noting(text: String, most: usize, whole: &mut bool) -> String {
    *whole &= text.chars().nth(most).is_none();
    clip(&text, most)
}
