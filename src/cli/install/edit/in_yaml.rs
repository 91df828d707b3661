//! An entry in YAML: one library edits and keeps comments, another reads, and takes only what is YAML.

use std::str::FromStr as _;

use serde_json::{Map, Value};
use yaml_edit::{Mapping, Sequence, YamlFile};

use super::{EditError, Spot, occupied, unreadable};

/// What the text says.
///
/// # Errors
/// It is no YAML, or a key stands in it twice.
pub(super) fn read(text: &str) -> Result<Value, EditError> {
    serde_saphyr::from_str(text).map_err(|error| {
        let told = error.to_string();
        unreadable("YAML", &told.trim_start_matches("error: "))
    })
}

/// The text with these members in the entry.
///
/// # Errors
/// It holds something else where the entry belongs.
pub(super) fn put(text: &str, spot: &Spot, members: &Map<String, Value>) -> Result<String, EditError> {
    let file = parse(text)?;
    let all = file.ensure_document().as_mapping();
    let all = all.ok_or_else(|| occupied("the file"))?;
    let place = mapping_in(&mapping_in(&all, spot.at)?, spot.name)?;
    for (key, value) in members {
        match value {
            Value::Bool(value) => place.set(key, *value),
            Value::Number(number) => place.set(key, number.as_i64().unwrap_or_default()),
            Value::Array(items) => place.set(key, sequence(items)),
            other => place.set(key, other.as_str().unwrap_or_default()),
        }
    }
    Ok(file.to_string())
}

/// The text without the entry.
///
/// # Errors
/// It is no YAML.
pub(super) fn take_out(text: &str, spot: &Spot) -> Result<String, EditError> {
    let file = parse(text)?;
    let all = file.document().and_then(|document| document.as_mapping());
    if let Some(servers) = all.and_then(|all| all.get_mapping(spot.at)) {
        servers.remove(spot.name);
    }
    Ok(file.to_string())
}

fn parse(text: &str) -> Result<YamlFile, EditError> {
    YamlFile::from_str(text).map_err(|error| unreadable("YAML", &error))
}

/// The mapping under a key, made where there is none, or null.
fn mapping_in(around: &Mapping, key: &str) -> Result<Mapping, EditError> {
    if around.get_mapping(key).is_none() {
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
