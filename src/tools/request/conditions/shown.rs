//! What conditions on the records of a module can be on: what its calls take, and what its rows show.

use super::{filter_of, filters_of, same_filter};
use crate::names::fold;
use crate::tools::modules::{Fact, Module};
use crate::tools::request::facts;

/// The member of the rows that a condition is on, an id before what lies behind it; rows of a search are whole records.
pub(super) fn member_of_rows(module: &Module, name: &str, searching: bool) -> Option<String> {
    let (first, inner) = name
        .split_once('.')
        .map_or((name, None), |(first, inner)| (first, Some(inner)));
    let mut told = filters_of(module, first).filter_map(|filter| filter.member.as_deref());
    let first = told.next().unwrap_or(first);
    let single = module.get.iter().flat_map(|get| &get.fields);
    let whole = single.chain(&module.html).chain(&module.fields);
    let known = module.in_rows().iter().chain(whole.filter(|_| searching));
    let known = known.filter(|field| !searching || !is_lacking(module, field));
    let known: Vec<&str> = known.map(String::as_str).collect();
    if let Some(inner) = inner {
        let field = known.iter().find(|field| fold(field) == fold(first))?;
        return Some(format!("{field}.{inner}"));
    }
    let same = || known.iter().filter(|field| same_filter(field, first));
    let field = same()
        .find(|field| field.ends_with("Id"))
        .or_else(|| same().next())?;
    Some((*field).to_owned())
}

/// All that conditions on the records of a module can be on.
pub(in crate::tools) fn filterable(module: &Module) -> Vec<&str> {
    let listings = std::iter::once(&module.list).chain(&module.search);
    let taken = listings.flat_map(|listing| listing.filters.keys().map(String::as_str));
    let facts = Fact::of(module).map(|(name, _)| name);
    let single = module
        .get
        .iter()
        .flat_map(|get| &get.fields)
        .filter(|_| module.search.is_some());
    let rows = module.in_rows().iter().chain(single).map(String::as_str);
    let mut known: Vec<&str> = Vec::new();
    for name in taken.chain(facts).chain(rows) {
        if !facts::is_hidden(name) && !known.iter().any(|known| same_filter(known, name)) {
            known.push(name);
        }
    }
    known
}

/// Whether a condition is on what only rows of a list show.
pub(in crate::tools) fn is_lacking(module: &Module, name: &str) -> bool {
    module.lacks(name.split('.').next().unwrap_or_default())
}

/// Whether a condition is on what only rows of a search show, which are whole records.
pub(in crate::tools) fn is_only_searched(module: &Module, name: &str) -> bool {
    let first = name.split('.').next().unwrap_or_default();
    let is_it = |field: &String| same_filter(field, first);
    let mut single = module.get.iter().flat_map(|get| &get.fields);
    module.search.is_some()
        && single.any(is_it)
        && !module.in_rows().iter().any(is_it)
        && filter_of(&module.list, name).is_none()
        && Fact::find(module, name).is_none()
        && !facts::is_hidden(name)
}

/// Whether the list of the module takes a condition that neither its search takes nor any row shows.
pub(in crate::tools) fn is_only_listed(module: &Module, name: &str) -> bool {
    let search = module.search.as_ref();
    filter_of(&module.list, name).is_some()
        && search.is_none_or(|search| filter_of(search, name).is_none())
        && member_of_rows(module, name, true).is_none()
}
