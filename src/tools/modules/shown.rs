//! What the rows of a module show of it, by the way they were found.

use super::{Listing, Module};
use crate::names::fold;

impl Module {
    /// CRM: the module of the records that a field refers to, where that is always the same.
    pub fn refers_to(&self, field: &str) -> Option<&str> {
        let module = self.lookups.get(field)?;
        Some(module.as_str()).filter(|module| !module.is_empty())
    }

    /// Whether a single record does not show a field of the rows of a list, nor the rows of a search.
    pub fn lacks(&self, field: &str) -> bool {
        let mut lacking = self.get.iter().flat_map(|get| &get.lacks);
        lacking.any(|lacking| fold(lacking) == fold(field))
    }

    /// Whether a search shows no such field, though lists do: some of a row, and the related records that lists are asked for.
    pub fn is_of_lists(&self, field: &str) -> bool {
        let takes = |listing: &Listing| {
            listing
                .include
                .iter()
                .any(|one| one == field || *one == format!("{field}s"))
        };
        let search = self.search.as_ref();
        self.lacks(field) || takes(&self.list) && search.is_some_and(|search| !takes(search))
    }

    /// What every row of its lists has: where the call takes no choice of fields, what it answers with.
    pub fn in_rows(&self) -> &[String] {
        match self.list.row.is_empty() && !self.custom {
            true => &self.fields,
            false => &self.list.row,
        }
    }

    /// Whether every row has a field, however it was found: one that has it not is empty there.
    pub fn carries(&self, field: &str) -> bool {
        let root = field.split('.').next().unwrap_or_default();
        let mut known = self.list.row.iter().chain(&self.fields);
        known.any(|known| known == root) && !self.lacks(root)
    }
}
