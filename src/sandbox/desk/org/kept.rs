//! Records as they are kept: what a write changed of them, as text. A ticket takes ten kilobytes as a map, what a write
//! changes of it some hundred bytes.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::desk::modules::Row;

/// A record by what differs from how it began.
#[derive(Debug, Clone)]
pub(crate) struct Kept(Arc<str>);

/// What a kept record says.
pub(crate) enum Told {
    /// These fields differ from how it began.
    Differing(Row),
    /// The whole record: it lacks a field that it began with.
    Whole(Row),
}

impl Kept {
    /// A record that began as `first`.
    pub(crate) fn of(row: &Row, first: &Row) -> Self {
        if first.keys().any(|key| !row.contains_key(key)) {
            return Kept(json!([row]).to_string().into());
        }
        let differing = row.iter().filter(|(key, value)| first.get(*key) != Some(*value));
        let differing: BTreeMap<&String, &Value> = differing.collect();
        Kept(text(&differing).into())
    }

    /// What it says.
    pub(crate) fn told(&self) -> Told {
        match serde_json::from_str(&self.0) {
            Ok(Value::Object(differing)) => Told::Differing(differing),
            Ok(Value::Array(mut whole)) => match whole.pop() {
                Some(Value::Object(whole)) => Told::Whole(whole),
                _ => Told::Differing(Row::new()),
            },
            _ => Told::Differing(Row::new()),
        }
    }

    /// The record, which began as `first`.
    pub(crate) fn row(&self, first: impl FnOnce() -> Row) -> Row {
        match self.told() {
            Told::Whole(row) => row,
            Told::Differing(differing) => {
                let mut row = first();
                row.extend(differing);
                row
            }
        }
    }
}

/// Rows of a list that began with others: those by their place, the rest in full.
#[derive(Debug, Clone)]
pub(crate) struct KeptList(Arc<str>);

impl KeptList {
    /// A list that began as `first`.
    pub(crate) fn of(rows: &[Row], first: &[Row]) -> Self {
        let kept = rows
            .iter()
            .map(|row| match first.iter().position(|known| known == row) {
                Some(place) => place.to_string(),
                None => text(row),
            });
        KeptList(format!("[{}]", kept.collect::<Vec<_>>().join(",")).into())
    }

    /// The rows, of a list that began as `first`.
    pub(crate) fn rows(&self, first: impl FnOnce() -> Vec<Row>) -> Vec<Row> {
        let kept: Vec<Value> = serde_json::from_str(&self.0).unwrap_or_default();
        let first = match kept.iter().any(Value::is_u64) {
            true => first(),
            false => Vec::new(),
        };
        let row = |kept| match kept {
            Value::Object(row) => Some(row),
            place => first.get(place.as_u64()? as usize).cloned(),
        };
        kept.into_iter().filter_map(row).collect()
    }
}

fn text(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("a record is JSON")
}
