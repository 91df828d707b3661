//! What is asked of the records of a module.

use crate::desk::clauses::Clause;

/// Which records, in which order, and how many of them.
#[derive(Debug, Default)]
pub(crate) struct Query {
    pub(crate) clauses: Vec<Clause>,
    pub(crate) sort: Option<Sort>,
    pub(crate) skip: usize,
    pub(crate) take: usize,
}

impl Query {
    /// All records.
    pub(crate) fn all() -> Self {
        Query {
            take: usize::MAX,
            ..Query::default()
        }
    }
}

/// An order by one field.
#[derive(Debug, Clone)]
pub(crate) struct Sort {
    pub(crate) field: String,
    pub(crate) descending: bool,
}
