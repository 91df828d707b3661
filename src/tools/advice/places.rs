//! From the names Zoho uses to the places in the arguments.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::names::{is_too_long, letters, pointer};
use crate::tools::error::Rejection;

/// Parameters of Zoho's, and the arguments that go into them under another name.
const PARAMETERS: [(&str, &str); 7] = [
    ("word", "query"),
    ("searchStr", "query"),
    ("email", "query"),
    ("phone", "query"),
    ("criteria", "filters"),
    ("page_token", "cursor"),
    ("per_page", "limit"),
];

/// The argument that went into a parameter of Zoho's, as a JSON Pointer; none for what is no parameter, or not given.
pub(super) fn argument_of(parameter: &str, arguments: &Map<String, Value>) -> Option<String> {
    let own = arguments.keys().find(|key| is_same(parameter, key));
    let other = PARAMETERS.iter().find(|(name, _)| *name == parameter);
    let key = own.map(String::as_str).or(other.map(|(_, key)| *key))?;
    arguments.contains_key(key).then(|| pointer::below("", key))
}

/// Arguments that hold names of fields, not values of them.
const NAMES: [&str; 2] = ["fields", "sort_by"];

/// The names of fields and parameters in Zoho's refusal: JSON Pointers, JSON paths, API names, and names in quotes.
pub fn find_named_in(rejection: &Rejection) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let told = rejection.fields.iter().map(|field| last_part(&field.field));
    for name in told.chain(quoted(&rejection.message).map(Cow::Borrowed)) {
        if !name.is_empty() && !names.iter().any(|known| *known == name) {
            names.push(name.into_owned());
        }
    }
    names
}

/// `/cf/cf_size`, `$.data[0].Stage` and `Stage` name one field each: their last part.
fn last_part(name: &str) -> Cow<'_, str> {
    match name.chars().next() {
        Some('/') => Cow::Owned(pointer::last_key(name)),
        Some('$') => {
            let last = name.rsplit('.').next().unwrap_or_default();
            Cow::Borrowed(last.split('[').next().unwrap_or_default())
        }
        _ => Cow::Borrowed(name),
    }
}

/// What stands between single or double quotes, if it could be a name.
fn quoted(message: &str) -> impl Iterator<Item = &str> {
    let parts: Vec<&str> = message.split(['\'', '"', '`']).collect();
    let inside: Vec<&str> = parts.into_iter().skip(1).step_by(2).collect();
    let is_name = |text: &&str| !is_too_long(text) && text.starts_with(|c: char| c.is_alphabetic());
    inside.into_iter().filter(is_name)
}

/// An argument that may be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// JSON Pointer of it.
    pub path: String,
    /// Its key may be wrong too, not only its value.
    pub key_too: bool,
}

/// The arguments that these names mean, in their order.
pub fn doubtful(names: &[String], arguments: &Map<String, Value>) -> Vec<Doubt> {
    let doubt = |path| Doubt { path, key_too: true };
    places(names, arguments).into_iter().map(doubt).collect()
}

fn places(names: &[String], arguments: &Map<String, Value>) -> Vec<String> {
    let mut places = Vec::new();
    for (key, value) in arguments {
        let here = pointer::below("", key);
        let meant = names.iter().any(|name| is_same(name, key));
        let is_asked = |text: &str| meant || names.iter().any(|name| name == text);
        match value {
            Value::Object(members) => members_meant(names, members, &here, &mut places),
            Value::Array(items) if NAMES.contains(&key.as_str()) => {
                let asked = |item: &Value| item.as_str().is_some_and(is_asked);
                let items = items.iter().enumerate().filter(|(_, item)| asked(item));
                places.extend(items.map(|(index, _)| pointer::below(&here, index)));
            }
            Value::String(text) if NAMES.contains(&key.as_str()) && is_asked(text) => places.push(here),
            _ if meant => places.push(here),
            _ => {}
        }
    }
    places
}

/// The members of an object that are meant, and of the objects inside it.
fn members_meant(names: &[String], members: &Map<String, Value>, at: &str, places: &mut Vec<String>) {
    for (key, value) in members {
        let here = pointer::below(at, key);
        if names.iter().any(|name| is_same(name, key)) {
            places.push(here);
        } else if let Value::Object(inner) = value {
            members_meant(names, inner, &here, places);
        }
    }
}

/// Whether a place holds the name of a field; else it is the value of one.
pub(super) fn holds_a_name(path: &str, arguments: &Map<String, Value>) -> bool {
    let first = path.split('/').nth(1).unwrap_or_default();
    NAMES.contains(&first) && !arguments.get(first).is_some_and(Value::is_object)
}

/// Whether Zoho's name for a place and a JSON Pointer into the arguments lead to the same.
pub(super) fn mean_the_same(zohos: &str, path: &str) -> bool {
    zohos == path || is_same(&last_part(zohos), &pointer::last_key(path))
}

/// `sortBy` is `sort_by`, `departmentIds` is `department_id`, `createdTimeRange` is `createdTime`.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    stem(one) == stem(other)
}

fn stem(name: &str) -> String {
    let folded = letters(name);
    let stem = ["range", "ids", "id"]
        .iter()
        .find_map(|end| folded.strip_suffix(end));
    stem.filter(|stem| !stem.is_empty())
        .map(str::to_owned)
        .unwrap_or(folded)
}
