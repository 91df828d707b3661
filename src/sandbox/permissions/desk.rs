//! Desk: profiles with permissions by group, as its API shows them, and what calls need of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Rule, read};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Permissions {
    /// Every permission there is, by its group.
    all: BTreeMap<String, Vec<String>>,
    profiles: Vec<Profile>,
    /// The groups of modules that paths call otherwise.
    groups: BTreeMap<String, String>,
    /// Modules whose records belong to departments, with the field that says to which.
    departmental: BTreeMap<String, String>,
    /// First segments of paths that name no module, with the module that they are about.
    about: BTreeMap<String, String>,
    rules: Vec<Rule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Profile {
    name: String,
    #[serde(default)]
    everything: bool,
    #[serde(default)]
    has: BTreeMap<String, Vec<String>>,
    /// Fields that are not shown, by module.
    #[serde(default)]
    hidden: BTreeMap<String, Vec<String>>,
}

static DESK: LazyLock<Permissions> = LazyLock::new(|| read(include_str!("desk.json")));

fn profile(name: &str) -> Option<&'static Profile> {
    DESK.profiles.iter().find(|profile| profile.name == name)
}

/// What the profile of this name permits from the first day on, in the form Desk shows: `{"tickets": {"view": true}}`.
pub(crate) fn of_profile(name: &str) -> Value {
    let Some(profile) = profile(name) else {
        return json!({});
    };
    let group = |(group, names): (&String, &Vec<String>)| {
        let had = profile.has.get(group);
        let may = |name: &String| profile.everything || had.is_some_and(|had| had.contains(name));
        let all: Map<String, Value> = names
            .iter()
            .map(|name| (name.clone(), json!(may(name))))
            .collect();
        (group.clone(), Value::Object(all))
    };
    Value::Object(DESK.all.iter().map(group).collect())
}

/// The fields that the profile of this name does not see from the first day on, by module.
pub(crate) fn hidden(name: &str) -> Value {
    profile(name).map_or_else(|| json!({}), |profile| json!(profile.hidden))
}

/// The rule of a call, by the path of its route.
pub(crate) fn rule(method: &str, path: &str) -> &'static Rule {
    super::rule(&DESK.rules, method, path)
}

/// The group of permissions for the first segment of a path.
pub(crate) fn group(segment: &str) -> &str {
    DESK.groups.get(segment).map_or(segment, String::as_str)
}

/// The field that tells the department of a module's records, if they belong to one.
pub(crate) fn department_field(module: &str) -> Option<&'static str> {
    let of = if module.starts_with("cm_") { "cm_" } else { module };
    DESK.departmental.get(of).map(String::as_str)
}

/// The module that a path with this first segment is about.
pub(crate) fn about(segment: &str) -> &str {
    DESK.about.get(segment).map_or(segment, String::as_str)
}
