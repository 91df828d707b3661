//! Whose name stands beside an id in a row of Desk, and where Zoho gives it with the row.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// How the name behind an id is shown and had.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Naming {
    /// The member that shows the name.
    pub shown: String,
    /// By what `include` takes, the JSON Pointer of whom the row has then.
    #[serde(default)]
    pub include: BTreeMap<String, String>,
    /// The module that lists them, where rows do not show whom they name.
    #[serde(default)]
    pub module: Option<String>,
    /// The JSON Pointer of whom the row has without being asked.
    #[serde(default)]
    pub own: Option<String>,
    /// The remembered list that has it, too.
    #[serde(default)]
    pub kind: Option<String>,
    /// The lookup that has it by its id: one is asked for the rows of an answer together.
    #[serde(default)]
    pub by_ids: Option<String>,
    /// The member with the id of the record that the lookup is about, where it is about one.
    #[serde(default)]
    pub of: Option<String>,
}

impl Naming {
    /// What of this a call can include for the name.
    pub fn included<'k>(&self, known: &'k [String]) -> Option<&'k str> {
        let takes = |name: &&String| self.include.contains_key(*name);
        known.iter().find(takes).map(String::as_str)
    }

    /// The one with this id, where the row has them: a case may be of another account than its contact.
    pub fn find<'r>(&self, row: &'r Map<String, Value>, id: &str) -> Option<&'r Map<String, Value>> {
        let there = |place: &String| {
            let mut keys = place.trim_start_matches('/').split('/');
            let first = row.get(keys.next()?)?;
            keys.try_fold(first, |there, key| there.get(key))?.as_object()
        };
        let is_it = |one: &&Map<String, Value>| one.get("id").and_then(Value::as_str) == Some(id);
        self.places().filter_map(there).find(is_it)
    }

    /// Whether no call brings the name with a row and no remembered list has it.
    pub fn is_apart(&self) -> bool {
        self.places().next().is_none() && self.kind.is_none()
    }

    /// The members of a row that it is looked for in.
    pub fn roots(&self) -> impl Iterator<Item = &str> {
        self.places()
            .filter_map(|place| place.trim_start_matches('/').split('/').next())
    }

    fn places(&self) -> impl Iterator<Item = &String> {
        self.include.values().chain(&self.own)
    }
}
