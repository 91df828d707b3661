//! One text for a JSON value however its objects are ordered, and a short mark of a text: what cursors and files of
//! exports belong to.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::names::{self, hexadecimal};

/// Sixteen hexadecimal digits, for two texts the same only by a chance nobody meets.
pub fn digest(text: &str) -> String {
    digest_of(text.as_bytes())
}

/// The same for what is no text.
pub fn digest_of(bytes: &[u8]) -> String {
    let mut digest = hexadecimal(&Sha256::digest(bytes));
    digest.truncate(16);
    digest
}

/// The value as text, with the members of its objects in the order of their names.
pub fn canonical(value: &Value) -> String {
    sorted(value).to_string()
}

/// The value as whoever reads its texts sees them: who says the same with one more blank says the same.
pub fn as_seen(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter();
            let members = members.map(|(name, one)| (name.clone(), as_seen(one)));
            Value::Object(members.collect())
        }
        Value::Array(items) => items.iter().map(as_seen).collect(),
        Value::String(text) => Value::String(names::as_seen(text)),
        // 1000.0 is 1000.
        Value::Number(number) => match number.to_string().strip_suffix(".0") {
            Some(whole) => whole.parse().map_or_else(|_| value.clone(), Value::Number),
            None => value.clone(),
        },
        other => other.clone(),
    }
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            let members = members.into_iter().map(|(name, one)| (name.clone(), sorted(one)));
            Value::Object(members.collect())
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}
