//! An entry in TOML.

use std::str::FromStr as _;

use serde_json::{Map, Value};
use toml_edit::{DocumentMut, Item, Table, TableLike};

use super::{EditError, Spot, occupied, unreadable};

/// What the text says.
///
/// # Errors
/// It is no TOML.
pub(super) fn read(text: &str) -> Result<Value, EditError> {
    toml::from_str(text).map_err(|error| place(&error, error.message()))
}

/// The text with these members in the entry.
///
/// # Errors
/// It is no TOML, or holds something else where the entry belongs.
pub(super) fn put(text: &str, spot: &Spot, members: &Map<String, Value>) -> Result<String, EditError> {
    let mut document = parse(text)?;
    let mut implicit = Table::new();
    implicit.set_implicit(true);
    let servers = document.entry(spot.at).or_insert(Item::Table(implicit));
    let servers = servers.as_table_like_mut().ok_or_else(|| occupied(spot.at))?;
    let place = servers.entry(spot.name).or_insert(Item::Table(Table::new()));
    let place: &mut dyn TableLike = place.as_table_like_mut().ok_or_else(|| occupied(spot.name))?;
    for (key, value) in members {
        let mut new = of(value);
        // Inserted, it would take what is written above the key with it.
        match place.get_mut(key) {
            Some(there) => {
                if let Some(old) = there.as_value() {
                    *new.decor_mut() = old.decor().clone();
                }
                *there = Item::Value(new);
            }
            None => drop(place.insert(key, Item::Value(new))),
        }
    }
    Ok(document.to_string())
}

/// The text without the entry.
///
/// # Errors
/// It is no TOML.
pub(super) fn take_out(text: &str, spot: &Spot) -> Result<String, EditError> {
    let mut document = parse(text)?;
    if let Some(servers) = document.get_mut(spot.at).and_then(Item::as_table_like_mut) {
        servers.remove(spot.name);
    }
    Ok(document.to_string())
}

fn parse(text: &str) -> Result<DocumentMut, EditError> {
    DocumentMut::from_str(text).map_err(|error| place(&error, error.message()))
}

/// Where and why, without the line itself: it may hold a secret.
fn place(error: &impl ToString, message: &str) -> EditError {
    let told = error.to_string();
    let place = told.lines().next().unwrap_or_default();
    unreadable("TOML", &format!("{place}: {message}"))
}

/// TOML has no null: an entry holds none.
fn of(value: &Value) -> toml_edit::Value {
    match value {
        Value::Null => "".into(),
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => number.as_i64().unwrap_or_default().into(),
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => toml_edit::Value::Array(items.iter().map(of).collect()),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| (key.as_str(), of(value)));
            toml_edit::Value::InlineTable(members.collect())
        }
    }
}
