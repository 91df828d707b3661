//! What an administrator has set up: templates, skills, holidays, the tree of the knowledge base. The rows are data;
//! `@kind:index` in them stands for an id, `@founded` for the day everything was set up.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;

use super::{Kind, World};
use crate::desk::modules::{self, Row};

static ROWS: LazyLock<BTreeMap<String, Vec<Row>>> =
    LazyLock::new(|| serde_json::from_str(include_str!("setup.json")).expect("the rows are well-formed"));

/// The rows of every module that is set up by hand, with its name.
pub(crate) fn modules(world: &World) -> Vec<(&'static str, Vec<Row>)> {
    let made = |(name, rows): (&'static String, &'static Vec<Row>)| {
        let rows = rows.iter().map(|row| made(world, name, row));
        (name.as_str(), rows.collect())
    };
    ROWS.iter().map(made).collect()
}

fn made(world: &World, module: &str, written: &Row) -> Row {
    let mut row = modules::blank(module);
    for (key, value) in written {
        row.insert(key.clone(), settled(world, value));
    }
    row
}

fn settled(world: &World, value: &Value) -> Value {
    match value {
        Value::String(text) => match text.strip_prefix('@') {
            Some(name) => meant(world, name).into(),
            None => value.clone(),
        },
        Value::Array(items) => items.iter().map(|item| settled(world, item)).collect(),
        Value::Object(object) => {
            let pairs = object.iter();
            let pairs = pairs.map(|(key, value)| (key.clone(), settled(world, value)));
            Value::Object(pairs.collect())
        }
        other => other.clone(),
    }
}

fn meant(world: &World, name: &str) -> String {
    let Some((kind, index)) = name.split_once(':') else {
        return world.founded();
    };
    let kind = match kind {
        "agent" => Kind::AGENT,
        "department" => Kind::DEPARTMENT,
        "layout" => Kind::LAYOUT,
        "library" => Kind::LIBRARY,
        _ => Kind::SETTING,
    };
    world.id(kind, index.parse().expect("an index is a number"))
}
