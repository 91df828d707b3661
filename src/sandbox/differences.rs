//! What differs between two states of a product: records and rows of lists that were made, changed or deleted.

use serde_json::{Map, Value, json};

/// One record then and now; nothing when it is the same. Keys that begin with `_` are the sandbox's own.
pub(crate) fn of(before: Option<&Map<String, Value>>, after: Option<&Map<String, Value>>) -> Option<Value> {
    match (before, after) {
        (None, None) => None,
        (None, Some(after)) => Some(json!({"change": "created", "record": shown(after)})),
        (Some(before), None) => Some(json!({"change": "deleted", "record": shown(before)})),
        (Some(before), Some(after)) => {
            let fields = changed(before, after);
            (!fields.is_empty()).then(|| json!({"change": "changed", "fields": fields}))
        }
    }
}

fn changed(before: &Map<String, Value>, after: &Map<String, Value>) -> Map<String, Value> {
    let added = after.keys().filter(|key| !before.contains_key(*key));
    let names = before.keys().chain(added).filter(|name| is_shown(name));
    names
        .filter_map(|name| {
            let [from, to] = [before, after].map(|row| row.get(name).unwrap_or(&Value::Null));
            (from != to).then(|| (name.clone(), json!({"from": from, "to": to})))
        })
        .collect()
}

fn shown(row: &Map<String, Value>) -> Map<String, Value> {
    let own = row.iter().filter(|(name, _)| is_shown(name));
    own.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// A case's tags have no other key.
fn is_shown(name: &str) -> bool {
    !name.starts_with('_') || name == "_tags"
}
