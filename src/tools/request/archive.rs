//! Records that Zoho Desk keeps in an archive: no list, search or count has them but one of their own, which wants to know
//! of which department.

use serde_json::{Map, Value, json};

use super::comparison::{self, Comparison};
use super::conditions::same_filter;
use super::{ListQuery, facts};
use crate::names::pointer;
use crate::tools::error::ToolError;
use crate::tools::modules::{Archive, Module};

/// Told with what is listed from there.
pub(super) const UNORDERED: &str = "Zoho Desk does not say in which order it lists archived records.";

/// The archive of the module, where the query asks for what is in it.
///
/// # Errors
/// It asks so that the archive's own list cannot answer.
pub(super) fn choose_archive<'q>(query: &'q ListQuery<'_>) -> Result<Option<&'q Archive>, ToolError> {
    let Some(archive) = &query.module.archive else {
        return Ok(None);
    };
    if !query
        .filters
        .iter()
        .any(|(name, value)| archive.is_meant_by(name, value))
    {
        return Ok(None);
    }
    if query.has_words() {
        let fix = "leave `query` out, and filter by the fields of the rows".to_owned();
        return Err(ToolError::argument(
            "/query",
            "no words beside `archived`",
            "both",
            Some(fix),
        ));
    }
    let needed = query
        .filters
        .iter()
        .find(|(name, _)| same_filter(name, &archive.needs));
    let is_one = needed.is_some_and(|(name, value)| {
        let read = comparison::read(&pointer::below("/filters", name), value);
        matches!(read, Ok(Comparison::OneOf(texts)) if texts.len() == 1)
    });
    if is_one {
        return Ok(Some(archive));
    }
    let path = pointer::below("/filters", &archive.needs);
    let fix = format!(
        "add {} to `filters`, one at a time; get_records of module Departments lists them",
        archive.needs
    );
    let got = "none or several; Zoho Desk lists archived cases department by department";
    Err(ToolError::argument(&path, "one department", got, Some(fix)))
}

/// Whether conditions ask for what only the archive of a module has.
pub fn asks_for_archive(module: &Module, filters: Option<&Value>) -> bool {
    let mut filters = filters.and_then(Value::as_object).into_iter().flatten();
    let archive = module.archive.as_ref();
    archive.is_some_and(|archive| filters.any(|(name, value)| archive.is_meant_by(name, value)))
}

/// What is told with what is found of a module: the records that are not among it.
pub fn tell_apart(module: &Module, filters: Option<&Value>) -> Option<String> {
    let apart = module.apart.as_ref();
    apart.filter(|_| !asks_for_archive(module, filters)).cloned()
}

/// Whose archives hold what conditions ask for, by id or name.
#[derive(Debug)]
pub enum Places {
    /// Those named.
    Each(Vec<String>),
    /// All but these.
    AllBut(Vec<String>),
}

impl Archive {
    /// Whether no condition says whether archived records are meant.
    pub fn is_left_open(&self, filters: &Map<String, Value>) -> bool {
        let is_own = |name: &String| self.list.always.iter().any(|own| same_filter(own, name));
        !filters.keys().any(is_own)
    }

    /// Whose archives the conditions ask for.
    ///
    /// # Errors
    /// The condition on them has none of the forms of one.
    pub fn places(&self, filters: &Map<String, Value>) -> Result<Places, ToolError> {
        let named = filters.iter().find(|(name, _)| same_filter(name, &self.needs));
        let Some((name, value)) = named else {
            return Ok(Places::AllBut(Vec::new()));
        };
        Ok(
            match comparison::read(&pointer::below("/filters", name), value)? {
                Comparison::OneOf(texts) => Places::Each(texts),
                Comparison::NoneOf(texts) => Places::AllBut(texts),
                Comparison::Empty(false) => Places::AllBut(Vec::new()),
                // Each record has one.
                Comparison::OneOrEmpty(texts) => Places::Each(texts),
                Comparison::Not(inner) => Places::AllBut(inner.values().to_vec()),
                Comparison::Empty(true) | Comparison::Between(..) | Comparison::Begins(_) => {
                    Places::Each(Vec::new())
                }
            },
        )
    }

    /// Puts the conditions to the archive of one of them.
    pub fn put_to(&self, place: &str, filters: &mut Map<String, Value>) {
        filters.retain(|name, _| !same_filter(name, &self.needs));
        filters.insert(self.needs.clone(), json!(place));
        filters.extend(self.list.always.first().map(|own| (own.clone(), json!(true))));
    }

    /// Whether a condition asks for archived records.
    fn is_meant_by(&self, name: &str, value: &Value) -> bool {
        self.asked(name, value) == Some(true)
    }

    /// Whether a condition asks for records that are not archived, which all lists but the archive's own have anyway.
    pub(super) fn is_ruled_out_by(&self, name: &str, value: &Value) -> bool {
        self.asked(name, value) == Some(false)
    }

    fn asked(&self, name: &str, value: &Value) -> Option<bool> {
        let named = self.list.always.iter().any(|own| same_filter(own, name));
        let asked = comparison::read("", value).ok().filter(|_| named)?;
        facts::flag("", &asked).ok()
    }
}
