//! The versions of the interface that clients speak, and what of an answer goes by them: data, each with its source.

use std::sync::LazyLock;

use serde::Deserialize;

/// One version, as far as what it takes and tells differs from the others.
#[derive(Debug, Deserialize)]
pub(crate) struct Version {
    name: String,
    /// Whether a list says which fields it wants.
    pub(crate) needs_fields: bool,
    /// Whether a list goes by any field, and not by id and times only.
    pub(crate) sorts_by_any_field: bool,
    /// Rows that are reached by page number; `None` for all of them.
    pub(crate) by_number: Option<usize>,
    /// Rows of one query.
    pub(crate) coql_rows: usize,
    /// Rows of a query's pages together.
    pub(crate) coql_reach: usize,
    /// The member by which what hangs on a record names that record's module.
    pub(crate) parent_module: String,
    /// The fields that no version before this one has.
    #[serde(default)]
    new_fields: Vec<String>,
    /// Whether bulk jobs tell a module by its name alone.
    #[serde(default)]
    pub(crate) plain_bulk_module: bool,
}

static VERSIONS: LazyLock<Vec<Version>> =
    LazyLock::new(|| serde_json::from_str(include_str!("versions.json")).expect("versions are well-formed"));

/// All of them, the oldest first.
pub(crate) fn all() -> &'static [Version] {
    &VERSIONS
}

impl Version {
    /// Where it stands among them.
    pub(crate) fn place(&self) -> usize {
        let place = VERSIONS.iter().position(|version| version.name == self.name);
        place.unwrap_or_default()
    }

    /// Whether a field came with a later version.
    pub(crate) fn comes_later(&self, field: &str) -> bool {
        let mut later = VERSIONS.iter().skip(self.place() + 1);
        later.any(|version| version.new_fields.iter().any(|new| new == field))
    }

    /// As paths name it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// The version that a segment of a path names.
pub(crate) fn named(segment: &str) -> Option<&'static Version> {
    VERSIONS.iter().find(|version| version.name == segment)
}

/// Whether the name of a version begins so.
pub(crate) fn begins(prefix: &str) -> bool {
    VERSIONS.iter().any(|version| version.name.starts_with(prefix))
}
