//! CRM: profiles with permissions that have names of their own, and what calls need of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::{Rule, read};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Permissions {
    /// What there is a permission for in every module, with the one it stands below.
    of_modules: Vec<(String, Option<String>)>,
    of_the_organization: Vec<String>,
    profiles: Vec<Profile>,
    rules: Vec<Rule>,
}

/// What users of one kind may do and see.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) custom: bool,
    /// Names of permissions without `Crm_Implied_`; a star at the end stands for any end.
    #[serde(default)]
    lacks: Vec<String>,
    /// `hidden` or `read_only` fields, by module.
    #[serde(default)]
    pub(crate) fields: BTreeMap<String, BTreeMap<String, String>>,
}

static CRM: LazyLock<Permissions> = LazyLock::new(|| read(include_str!("crm.json")));

/// All profiles; the first may do everything.
pub(crate) fn profiles() -> &'static [Profile] {
    &CRM.profiles
}

/// The profile of this name.
pub(crate) fn profile(name: &str) -> &'static Profile {
    let known = CRM.profiles.iter().find(|profile| profile.name == name);
    known.unwrap_or(&CRM.profiles[0])
}

/// The rule of a call, by its path with the module in its place.
pub(crate) fn rule(method: &str, path: &str) -> &'static Rule {
    super::rule(&CRM.rules, method, path)
}

/// What there is a permission for in every module, with the one it stands below.
pub(crate) fn of_modules() -> &'static [(String, Option<String>)] {
    &CRM.of_modules
}

/// The permissions that belong to no module.
pub(crate) fn of_the_organization() -> &'static [String] {
    &CRM.of_the_organization
}

impl Profile {
    /// Whether users of it have the permission of this name, without `Crm_Implied_`.
    pub(crate) fn has(&self, name: &str) -> bool {
        !self.lacks.iter().any(|lacked| match lacked.strip_suffix('*') {
            Some(beginning) => name.starts_with(beginning),
            None => lacked == name,
        })
    }

    /// `read_write`, `read_only` or `hidden`.
    pub(crate) fn access(&self, module: &str, field: &str) -> &str {
        let fields = self.fields.get(module);
        fields
            .and_then(|fields| fields.get(field))
            .map_or("read_write", String::as_str)
    }

    /// Whether it is the profile of those who run the organization.
    pub(crate) fn is_administrator(&self) -> bool {
        self.lacks.is_empty()
    }
}
