//! Values of a list that are called as people ask for records without one: `Empty` is that value, where the list has it.

use serde_json::{Map, Value, json};

use crate::names::{composed, fold, letters, pointer};
use crate::repair::Repair;
use crate::tools::request::{leaves_out, says_whether};
use crate::tools::settings::fields::Field;

/// Whether a condition could be on such a value.
pub(super) fn may_be(arguments: &Map<String, Value>) -> bool {
    let filters = arguments.get("filters").and_then(Value::as_object);
    filters.into_iter().flat_map(Map::values).any(has)
}

fn has(value: &Value) -> bool {
    match value {
        Value::String(text) => says_whether(text),
        Value::Array(items) => items.iter().any(has),
        Value::Object(members) => members.values().any(has),
        _ => false,
    }
}

/// Has such values compared as they are, and tells it.
pub(super) fn put(arguments: &mut Map<String, Value>, fields: &[Field]) -> Vec<Repair> {
    let filters = arguments.get_mut("filters").and_then(Value::as_object_mut);
    let mut repairs = Vec::new();
    for (name, value) in filters.into_iter().flatten() {
        let called = |field: &&Field| letters(&field.api_name) == letters(name);
        if let Some(field) = fields
            .iter()
            .find(called)
            .filter(|field| !field.values.is_empty())
        {
            repairs.extend(put_one(value, &pointer::below("/filters", name), field));
        }
    }
    repairs
}

/// Behind a word that leaves out it stays behind it; the words for several say no more than the list does.
fn put_one(value: &mut Value, path: &str, field: &Field) -> Option<Repair> {
    let members = value.as_object_mut().filter(|members| members.len() == 1);
    if let Some((word, inner)) = members.and_then(|members| members.iter_mut().next()) {
        let path = pointer::below(path, word);
        if leaves_out(word) {
            return put_one(inner, &path, field);
        }
        let mut own = inner.clone();
        let lists = matches!(fold(word).as_str(), "is" | "in" | "any" | "anyof" | "oneof");
        let repair = lists.then(|| put_one(&mut own, &path, field)).flatten()?;
        *value = own;
        return Some(repair);
    }
    let whole = match &*value {
        Value::String(text) => json!(own_value(text, field)?),
        Value::Array(items) => {
            let own = |item: &Value| item.as_str().and_then(|text| own_value(text, field));
            items.iter().find_map(own)?;
            items
                .iter()
                .map(|item| own(item).map_or_else(|| item.clone(), Value::from))
                .collect()
        }
        _ => return None,
    };
    let from = value.to_string();
    *value = json!({ "eq": whole });
    Some(Repair {
        path: path.to_owned(),
        rule: "own_value",
        from,
        to: value.to_string(),
    })
}

/// The value of the list that a word for having none, or any, is.
fn own_value(text: &str, field: &Field) -> Option<String> {
    let is_it = |known: &str| composed(known.trim()) == composed(text.trim());
    let labels = field.shown.iter().map(|(label, value)| (label, value));
    let mut known = field.values.iter().map(|value| (value, value)).chain(labels);
    let (_, value) = known.find(|(known, _)| says_whether(text) && is_it(known))?;
    Some(value.clone())
}
