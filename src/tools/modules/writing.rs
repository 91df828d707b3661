//! How records of a module are made, changed and taken away.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::tools::definition::operation::Deed;

/// What Zoho takes of a module's records.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Writing {
    /// Scopes for making one; empty where none can be made.
    #[serde(default)]
    pub create: Vec<String>,
    /// Scopes for changing one.
    #[serde(default)]
    pub change: Vec<String>,
    /// Scopes for taking one away.
    #[serde(default)]
    pub remove: Vec<String>,
    /// The fields that are taken beside those of an organization's own, each with the most characters of its text; where
    /// none is named, the settings say it.
    #[serde(default)]
    pub takes: BTreeMap<String, Option<usize>>,
    /// What a new record must have, whatever its layout says.
    #[serde(default)]
    pub needs: Vec<String>,
    /// The member that names the records which are moved to the trash; none where they are gone for good.
    #[serde(default)]
    pub trash: Option<String>,
}

impl Writing {
    /// The scopes that a deed needs.
    pub fn scopes(&self, deed: Deed) -> &[String] {
        match deed {
            Deed::Create => &self.create,
            Deed::Change => &self.change,
            Deed::Remove => &self.remove,
        }
    }
}
