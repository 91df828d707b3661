//! The schema of a tool as it is checked: with the patterns that are not published, and formats that mean what they say.

use jsonschema::Validator;
use serde_json::Value;

use super::addresses;

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
            object.values_mut().for_each(complete);
        }
        Value::Array(items) => items.iter_mut().for_each(complete),
        _ => {}
    }
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
        .build(schema)
}
