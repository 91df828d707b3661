//! The shapes of Desk's records, as data: a blank of every key, and which of them list rows carry.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value};

/// A record, or a part of one.
pub(crate) type Row = Map<String, Value>;

/// A module, or a list beside a record.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Module {
    pub(crate) singular: String,
    pub(crate) plural: String,
    /// The key of the list in an answer: `data`, or `teams`, `modules`.
    pub(crate) list: String,
    /// The body key of `moveToTrash`.
    #[serde(default)]
    pub(crate) trash: Option<String>,
    /// The body key of `deleteSpam`.
    #[serde(default)]
    pub(crate) spam: Option<String>,
    /// The key that answers call the id by, where it is not `id`.
    #[serde(default)]
    pub(crate) alias: Option<String>,
    /// The field a person knows a record by.
    pub(crate) title: String,
    /// The keys of a list row.
    pub(crate) row: Vec<String>,
    /// The keys of the detail form, where it is not the whole blank.
    #[serde(default)]
    pub(crate) detail: Vec<String>,
    /// Keys that the answer to a write leaves out.
    #[serde(default)]
    pub(crate) echo_omits: Vec<String>,
    /// Every key in Desk's order with the value of a record that has nothing.
    pub(crate) blank: Row,
}

static MODULES: LazyLock<BTreeMap<String, Module>> = LazyLock::new(|| {
    let mut modules: BTreeMap<String, Module> =
        serde_json::from_str(include_str!("modules.json")).expect("the module table is valid");
    for module in modules.values_mut().filter(|module| module.detail.is_empty()) {
        module.detail = module.blank.keys().cloned().collect();
    }
    modules
});

/// The shape of a module or side list.
pub(crate) fn module(name: &str) -> &'static Module {
    MODULES.get(name).unwrap_or_else(|| panic!("no module {name}"))
}

/// True for a custom module of the organization: its API name begins with `cm_`.
pub(crate) fn is_custom(name: &str) -> bool {
    name.starts_with("cm_") && MODULES.contains_key(name)
}

/// A record of the module with nothing in it, its keys in Desk's order.
pub(crate) fn blank(name: &str) -> Row {
    module(name).blank.clone()
}

/// The text of a field; empty when it is null, absent or no text.
pub(crate) fn text<'a>(row: &'a Row, name: &str) -> &'a str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The value of a field; null when it is absent.
pub(crate) fn value(row: &Row, name: &str) -> Value {
    row.get(name).cloned().unwrap_or_default()
}

/// A field that is a list of texts, ids mostly.
pub(crate) fn texts(row: &Row, name: &str) -> Vec<String> {
    let items = row.get(name).and_then(Value::as_array);
    items
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// True when the field holds `true`.
pub(crate) fn is(row: &Row, name: &str) -> bool {
    row.get(name) == Some(&Value::Bool(true))
}

/// A number that Desk writes as digits.
pub(crate) fn counter(row: &Row, name: &str) -> u64 {
    text(row, name).parse().unwrap_or(0)
}
