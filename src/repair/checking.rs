//! The schema of a tool as it is checked: with the patterns that are not published, and formats that mean what they say.

use jsonschema::Validator;
use serde_json::{Map, Value};

use super::addresses;
use crate::names::is_blank;

/// Text that says something.
const SAID: &str = "said";
/// Text that says something, where a word for null cannot be meant (`x-null-words: absent`).
pub(super) const MEANT: &str = "meant";

/// Words that models write for null.
const WORDS: [&str; 8] = ["null", "none", "nil", "undefined", "nan", "omit", "<null>", "n/a"];

pub(super) const LONGEST_WORD: usize = 20;

/// Whether a bare word stands for nothing.
pub fn is_word_for_nothing(text: &str) -> bool {
    text.len() <= LONGEST_WORD && WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// `x-pattern` is a `pattern` that arguments must match and models need not read; and what a pattern takes for an address
/// is one, whole.
pub(super) fn complete(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if let Some(pattern) = object.remove("x-pattern") {
                object.insert("pattern".to_owned(), pattern);
            }
            let pattern = object.get("pattern").and_then(Value::as_str);
            if !object.contains_key("format") && pattern.is_some_and(means_address) {
                object.insert("format".to_owned(), Value::from("idn-email"));
            }
            // An item of a list; arguments themselves wait for `x-blank`.
            if object.contains_key("pattern") && means_no_null(object) {
                object.insert("format".to_owned(), Value::from(MEANT));
            }
            object.values_mut().for_each(complete);
            if object.remove("x-blank").is_some_and(|blank| blank == "absent") {
                want_words(object);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(complete),
        _ => {}
    }
}

/// `x-blank: absent`: blank text for an optional argument that takes any text is no text, a list of nothing is none, and no
/// rows are no size of a page. Clients that must give every argument send those for the ones not meant.
fn want_words(schema: &mut Map<String, Value>) {
    let required = schema.get("required").cloned().unwrap_or_default();
    let is_required = |name: &str| {
        let names = required.as_array();
        names.is_some_and(|names| names.iter().any(|one| one == name))
    };
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (name, property) in properties.into_iter().flatten() {
        let Some(property) = property.as_object_mut().filter(|_| !is_required(name)) else {
            continue;
        };
        let is_any_text = property.get("type").is_some_and(|kind| kind == "string")
            && !["enum", "const", "pattern", "format"]
                .iter()
                .any(|key| property.contains_key(*key));
        if is_any_text {
            let format = if means_no_null(property) { MEANT } else { SAID };
            property.insert("format".to_owned(), Value::from(format));
        } else if property.contains_key("x-clamp") || property.get("type").is_some_and(|kind| kind == "array")
        {
            property.insert("x-none".to_owned(), Value::from("absent"));
        }
    }
}

/// Whether no word for null can be meant there.
fn means_no_null(schema: &Map<String, Value>) -> bool {
    schema.get("x-null-words").is_some_and(|words| words == "absent")
}

/// Whether a pattern wants an `@` between other characters; those inside its character classes are not counted.
fn means_address(pattern: &str) -> bool {
    let mut in_class = false;
    let outside = pattern.trim_start_matches('^').chars().filter(|c| {
        let class = in_class;
        in_class = *c == '[' || in_class && *c != ']';
        !class
    });
    let plain: String = outside.collect();
    plain
        .split_once('@')
        .is_some_and(|(before, after)| !before.is_empty() && !after.starts_with(['?', '*', '$']))
}

/// The validator of a schema, formats checked: an address is one by the rule of this room.
pub(super) fn compile(schema: &Value) -> Result<Validator, jsonschema::ValidationError<'static>> {
    jsonschema::options()
        .should_validate_formats(true)
        .with_format("email", |text| text.is_ascii() && addresses::is_address(text))
        .with_format("idn-email", addresses::is_address)
        .with_format(SAID, |text| !is_blank(text))
        .with_format(MEANT, |text| !is_blank(text) && !is_word_for_nothing(text.trim()))
        .build(schema)
}
