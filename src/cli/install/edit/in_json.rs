//! An entry in JSON, with as much beyond its standard as the file's program takes.

use jsonc_parser::ParseOptions;
use jsonc_parser::cst::{CstInputValue, CstObject, CstObjectProp, CstRootNode};
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::{EditError, Form, Spot, occupied, unreadable};

/// What the text says. Of a key on the way to the entry there is one: others are the program's own affair.
///
/// # Errors
/// It is not of the form, or such a key stands there twice.
pub(super) fn read(text: &str, spot: &Spot) -> Result<Value, EditError> {
    let root = parse(text, spot.form)?;
    if let Some(all) = root.object_value()
        && let Some(servers) = only(&all, spot.at)?.and_then(|at| at.object_value())
        && let Some(entry) = only(&servers, spot.name)?.and_then(|entry| entry.object_value())
    {
        for member in entry.properties() {
            only(&entry, &member.decoded_name().unwrap_or_default())?;
        }
    }
    match root.value() {
        None => Ok(Value::Null),
        Some(value) => value
            .to_serde_value()
            .ok_or_else(|| unreadable("JSON", &"a value in it is none")),
    }
}

/// The text with these members in the entry.
///
/// # Errors
/// As [`read`].
pub(super) fn put(text: &str, spot: &Spot, members: &Map<String, Value>) -> Result<String, EditError> {
    let root = parse(text, spot.form)?;
    let all = root.object_value_or_create();
    let all = all.ok_or_else(|| occupied("the file"))?;
    let place = object_in(&object_in(&all, spot.at)?, spot.name)?;
    for (key, value) in members {
        match only(&place, key)? {
            Some(there) => there.set_value(input(value)),
            None => drop(place.append(key, input(value))),
        }
    }
    Ok(root.to_string())
}

/// The text without the entry.
///
/// # Errors
/// As [`read`].
pub(super) fn take_out(text: &str, spot: &Spot) -> Result<String, EditError> {
    let root = parse(text, spot.form)?;
    let servers = root.object_value().and_then(|all| all.object_value(spot.at));
    if let Some(entry) = servers.and_then(|servers| servers.get(spot.name)) {
        entry.remove();
    }
    Ok(root.to_string())
}

fn parse(text: &str, form: Form) -> Result<CstRootNode, EditError> {
    // The reader that keeps comments takes them wherever they stand.
    if form == Form::Json && !text.trim().is_empty() {
        serde_json::from_str::<IgnoredAny>(text).map_err(|error| unreadable("JSON", &error))?;
    }
    let options = ParseOptions {
        allow_comments: true,
        allow_trailing_commas: form == Form::Jsonc,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    CstRootNode::parse(text, &options).map_err(|error| unreadable("JSON", &error))
}

/// The one member of this name.
fn only(object: &CstObject, name: &str) -> Result<Option<CstObjectProp>, EditError> {
    let is_it = |member: &CstObjectProp| member.decoded_name().as_deref() == Some(name);
    let mut members = object.properties().into_iter().filter(is_it);
    let first = members.next();
    match members.next() {
        Some(_) => Err(EditError::Twice(name.to_owned())),
        None => Ok(first),
    }
}

/// The object of this name, made where there is none, or null.
fn object_in(around: &CstObject, name: &str) -> Result<CstObject, EditError> {
    let is_null =
        |member: &CstObjectProp| member.value().and_then(|value| value.to_serde_value()) == Some(Value::Null);
    match only(around, name)? {
        Some(member) if is_null(&member) => member.set_value(CstInputValue::Object(Vec::new())),
        Some(_) => {}
        None => drop(around.append(name, CstInputValue::Object(Vec::new()))),
    }
    around.object_value(name).ok_or_else(|| occupied(name))
}

fn input(value: &Value) -> CstInputValue {
    match value {
        Value::Null => CstInputValue::Null,
        Value::Bool(value) => CstInputValue::Bool(*value),
        Value::Number(number) => CstInputValue::Number(number.to_string()),
        Value::String(text) => CstInputValue::String(text.clone()),
        Value::Array(items) => CstInputValue::Array(items.iter().map(input).collect()),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| (key.clone(), input(value)));
            CstInputValue::Object(members.collect())
        }
    }
}
