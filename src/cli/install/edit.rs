//! One server's entry in an assistant's configuration: put in, changed or taken out, while everything around it stays as
//! the person wrote it, comments and order included.

use std::str::FromStr as _;

use jsonc_parser::ParseOptions;
use jsonc_parser::cst::{CstInputValue, CstObject, CstObjectProp, CstRootNode};
use serde_json::{Map, Value};
use toml_edit::{DocumentMut, Item, Table, TableLike};
use yaml_edit::{Mapping, Sequence, YamlFile};

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Form {
    /// JSON, with comments and trailing commas where its program takes them.
    Json,
    /// TOML.
    Toml,
    /// YAML, one document.
    Yaml,
}

/// Why a file is left as it is.
#[derive(Debug, thiserror::Error)]
pub(super) enum EditError {
    /// It cannot be read as what it should be.
    #[error("it is not {form}: {reason}")]
    Unreadable {
        /// JSON, TOML or YAML.
        form: &'static str,
        /// Where and why.
        reason: String,
    },
    /// What should hold servers holds something else.
    #[error("{0} is there and is no table of servers")]
    Occupied(String),
}

/// The text with the members of `entry` in `at`.`name`; other members that stand there stay.
///
/// # Errors
/// The text is not of that form, or `at` is something else than a table of servers.
pub(super) fn put(
    form: Form,
    text: &str,
    at: &str,
    name: &str,
    entry: &Map<String, Value>,
) -> Result<String, EditError> {
    match form {
        Form::Json => put_in_json(text, at, name, entry),
        Form::Toml => put_in_toml(text, at, name, entry),
        Form::Yaml => put_in_yaml(text, at, name, entry),
    }
}

/// The text without `at`.`name`; the same text where it is not there.
///
/// # Errors
/// The text is not of that form.
pub(super) fn take_out(form: Form, text: &str, at: &str, name: &str) -> Result<String, EditError> {
    match form {
        Form::Json => {
            let root = json(text)?;
            let servers = root.object_value().and_then(|all| all.object_value(at));
            if let Some(entry) = servers.and_then(|servers| servers.get(name)) {
                entry.remove();
            }
            Ok(root.to_string())
        }
        Form::Toml => {
            let mut document = toml(text)?;
            if let Some(servers) = document.get_mut(at).and_then(Item::as_table_like_mut) {
                servers.remove(name);
            }
            Ok(document.to_string())
        }
        Form::Yaml => {
            let file = yaml(text)?;
            let all = file.document().and_then(|document| document.as_mapping());
            if let Some(servers) = all.and_then(|all| all.get_mapping(at)) {
                servers.remove(name);
            }
            Ok(file.to_string())
        }
    }
}

/// Whether a text has `at`.`name`; one that cannot be read has not.
pub(super) fn holds(form: Form, text: &str, at: &str, name: &str) -> bool {
    let held = match form {
        Form::Json => json(text).ok().and_then(|root| {
            let servers = root.object_value()?.object_value(at)?;
            servers.get(name).map(drop)
        }),
        Form::Toml => toml(text).ok().and_then(|all| {
            let servers = all.get(at)?.as_table_like()?;
            servers.get(name).map(drop)
        }),
        Form::Yaml => yaml(text).ok().and_then(|file| {
            let servers = file.document()?.as_mapping()?.get_mapping(at)?;
            servers.get(name).map(drop)
        }),
    };
    held.is_some()
}

fn unreadable(form: &'static str, reason: &impl ToString) -> EditError {
    EditError::Unreadable {
        form,
        reason: reason.to_string(),
    }
}

fn occupied(at: &str) -> EditError {
    EditError::Occupied(at.to_owned())
}

fn json(text: &str) -> Result<CstRootNode, EditError> {
    CstRootNode::parse(text, &ParseOptions::default()).map_err(|error| unreadable("JSON", &error))
}

fn put_in_json(text: &str, at: &str, name: &str, entry: &Map<String, Value>) -> Result<String, EditError> {
    let root = json(text)?;
    let all = root
        .object_value_or_create()
        .ok_or_else(|| occupied("the file"))?;
    let servers = all.object_value_or_create(at).ok_or_else(|| occupied(at))?;
    let place: CstObject = servers
        .object_value_or_create(name)
        .ok_or_else(|| occupied(name))?;
    for (key, value) in entry {
        let is_so = |there: &CstObjectProp| {
            let held = there.value().and_then(|held| held.to_serde_value());
            held.as_ref() == Some(value)
        };
        match place.get(key) {
            Some(there) if is_so(&there) => {}
            Some(there) => there.set_value(input(value)),
            None => drop(place.append(key, input(value))),
        }
    }
    Ok(root.to_string())
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

fn toml(text: &str) -> Result<DocumentMut, EditError> {
    DocumentMut::from_str(text).map_err(|error| unreadable("TOML", &error))
}

fn put_in_toml(text: &str, at: &str, name: &str, entry: &Map<String, Value>) -> Result<String, EditError> {
    let mut document = toml(text)?;
    let mut implicit = Table::new();
    implicit.set_implicit(true);
    let servers = document.entry(at).or_insert(Item::Table(implicit));
    let servers = servers.as_table_like_mut().ok_or_else(|| occupied(at))?;
    let place = servers.entry(name).or_insert(Item::Table(Table::new()));
    let place: &mut dyn TableLike = place.as_table_like_mut().ok_or_else(|| occupied(name))?;
    for (key, value) in entry {
        let mut new = toml_value(value);
        if let Some(old) = place.get(key).and_then(Item::as_value) {
            *new.decor_mut() = old.decor().clone();
        }
        place.insert(key, Item::Value(new));
    }
    Ok(document.to_string())
}

/// TOML has no null: an entry holds none.
fn toml_value(value: &Value) -> toml_edit::Value {
    match value {
        Value::Null => "".into(),
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => number.as_i64().unwrap_or_default().into(),
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => toml_edit::Value::Array(items.iter().map(toml_value).collect()),
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(key, value)| (key.as_str(), toml_value(value)));
            toml_edit::Value::InlineTable(members.collect())
        }
    }
}

fn yaml(text: &str) -> Result<YamlFile, EditError> {
    YamlFile::from_str(text).map_err(|error| unreadable("YAML", &error))
}

fn put_in_yaml(text: &str, at: &str, name: &str, entry: &Map<String, Value>) -> Result<String, EditError> {
    let file = yaml(text)?;
    let all = file
        .ensure_document()
        .as_mapping()
        .ok_or_else(|| occupied("the file"))?;
    let servers = mapping_in(&all, at)?;
    let place = mapping_in(&servers, name)?;
    for (key, value) in entry {
        match value {
            Value::Bool(value) => place.set(key, *value),
            Value::Number(number) => place.set(key, number.as_i64().unwrap_or_default()),
            Value::Array(items) => place.set(key, sequence(items)),
            other => place.set(key, other.as_str().unwrap_or_default()),
        }
    }
    Ok(file.to_string())
}

/// The mapping under a key, made where there is none.
fn mapping_in(around: &Mapping, key: &str) -> Result<Mapping, EditError> {
    if around.get(key).is_none() {
        around.set(key, Mapping::new());
    }
    around.get_mapping(key).ok_or_else(|| occupied(key))
}

fn sequence(items: &[Value]) -> Sequence {
    let sequence = Sequence::new();
    for item in items {
        sequence.push(item.as_str().unwrap_or_default());
    }
    sequence
}
