//! Conditions that a call does not take, with the way round.

use super::{expresses, filter_of, filterable, filters_of};
use crate::tools::error::ToolError;
use crate::tools::modules::{Filter, FilterKind, Listing, Module};
use crate::tools::request::comparison::Comparison;
use crate::tools::request::parameter::is_nobody;
use crate::tools::request::{ListQuery, pick};

/// The parameter alone would find more than is wanted, and the rows do not tell which of it is.
pub(super) fn too_rough(filter: &Filter, name: &str, path: &str) -> ToolError {
    if filter.kind == FilterKind::Range {
        let got = "several days, which Zoho's rows do not show";
        let fix = "one day a call, or one {\"from\":day,\"to\":day}".to_owned();
        return ToolError::argument(path, "one day or one span", got, Some(fix));
    }
    let fix = match name.strip_suffix("Name") {
        Some(of) if of != "full" => {
            format!("`{of}Id` takes the name as it is; or send what stands before the comma")
        }
        _ => "send what stands before the comma, and look through what is found".to_owned(),
    };
    let got = "a text with a comma, which Zoho reads as several values";
    ToolError::argument(path, "a text without commas", got, Some(fix))
}

/// Only rows of a list tell it, and the query, or an export of many rows, goes by a search.
pub(super) fn beside_a_search(query: &ListQuery<'_>, search: &Listing, path: &str) -> ToolError {
    let only_search = |(name, value): &&(&str, &serde_json::Value)| {
        expresses(search, true, query.module, name, value)
            && !expresses(&query.module.list, false, query.module, name, value)
    };
    let needing = query.filters.iter().filter(only_search);
    let needing = needing.map(|(name, _)| format!("`{name}`"));
    let words = ["query", "any"].map(|words| format!("`{words}`"));
    let words = words.into_iter().filter(|_| query.has_words());
    let needing: Vec<String> = words.take(1).chain(needing).collect();
    let needing = needing.join(", ");
    let (got, fix) = match (query.all, needing.is_empty()) {
        (true, _) => (
            "an export, which goes by Zoho's search: its rows do not show it".to_owned(),
            "get_records and count_records take it, in a list without words and times".to_owned(),
        ),
        (false, true) => (
            "search_records, whose rows do not show it".to_owned(),
            "get_records takes it".to_owned(),
        ),
        (false, false) => (
            format!("a search, by which {needing} is found: its rows do not show it"),
            format!("leave {needing} out, or this"),
        ),
    };
    ToolError::argument(path, "a list without a search beside it", got, Some(fix))
}

/// Only rows of a search tell it, and the query goes by a list: of a view, or of the archive.
pub(super) fn beside_a_list(query: &ListQuery<'_>, path: &str) -> ToolError {
    let (expected, got, fix) = match query.view {
        Some(_) => (
            "no view beside it",
            "a view, whose rows do not tell it",
            "leave `view` out",
        ),
        None => (
            "a condition that rows of a list tell",
            "one that those of this list do not tell",
            "leave it out: get_record shows it of each record",
        ),
    };
    ToolError::argument(path, expected, got, Some(fix.to_owned()))
}

/// Zoho finds by it, and by values alone; what no row shows, nothing else can be asked of.
fn not_shown(module: &Module, name: &str, path: &str, comparison: &Comparison) -> ToolError {
    let id = name.strip_suffix("Name").map(|of| format!("{of}Id"));
    let id = id.filter(|id| member_by_id(module, id));
    let values = comparison.values();
    let has_owners = filters_of(module, name).any(|filter| filter.kind == FilterKind::Owners);
    let for_nobody = has_owners && !values.is_empty() && values.iter().all(|text| is_nobody(text));
    let fix = match id {
        Some(id) => format!("`{id}` takes the whole name, and {{\"not\":name}} too"),
        None if for_nobody || matches!(comparison, Comparison::Empty(_)) => {
            "leave it out: no call of Zoho Desk finds records by whether they have it".to_owned()
        }
        None if matches!(comparison, Comparison::OneOrEmpty(_)) => {
            "one call with the values and one with null: no record is in both".to_owned()
        }
        // A second value of it cannot stand beside the first: two numbers would be taken from each other that are not
        // of the same records.
        None => "list ids twice, once with this value alone and once without this, the other conditions the same in both: \
            those of the first are left out of the second"
            .to_owned(),
    };
    let got = "a comparison, and no row shows what Zoho finds by here";
    ToolError::argument(path, "a value or a list of values", got, Some(fix))
}

/// Whether rows have the id, and a name can stand for it.
fn member_by_id(module: &Module, id: &str) -> bool {
    let named = filters_of(module, id).any(|filter| filter.kind.refers_to().is_some());
    named && module.list.row.iter().any(|field| field == id)
}

/// The call has no such filter, or takes it in no such form.
pub(super) fn not_taken(
    module: &Module,
    listing: &Listing,
    name: &str,
    path: &str,
    comparison: &Comparison,
) -> ToolError {
    let is_value = matches!(comparison, Comparison::OneOf(_));
    if is_value && filter_of(listing, name).is_none() && filter_of(&module.list, name).is_some() {
        let got = "a search or an export, which does not take it";
        let fix = "get_records and count_records take it, without words".to_owned();
        return ToolError::argument(path, "a list without a search beside it", got, Some(fix));
    }
    if filter_of(listing, name).is_some() || filters_of(module, name).next().is_some() {
        return not_shown(module, name, path, comparison);
    }
    if let Some(way) = module.way_round(name) {
        let got = "what no list of Zoho Desk shows";
        return ToolError::argument(path, "a filter", got, Some(way.to_owned()));
    }
    let known = filterable(module);
    let error = pick(known.iter().copied(), name, path, "a filter").err();
    error.unwrap_or_else(|| ToolError::argument(path, "a filter", "unknown", None))
}

/// Refuses a text that says with `*` where words stand, where only rows answer: they are told by what they hold.
///
/// # Errors
/// It is such a text.
pub(super) fn check_star(path: &str, comparison: &Comparison) -> Result<(), ToolError> {
    let (texts, is_left_out) = match comparison {
        Comparison::NoneOf(texts) => (texts, true),
        Comparison::OneOf(texts) | Comparison::OneOrEmpty(texts) => (texts, false),
        _ => return Ok(()),
    };
    let says_where = |text: &&String| {
        let inner = text.strip_prefix('*').and_then(|text| text.strip_suffix('*'));
        inner.unwrap_or(text).contains('*')
    };
    let Some(text) = texts.iter().find(says_where) else {
        return Ok(());
    };
    let words = text.replace('*', " ");
    let has_word = words.contains(char::is_alphanumeric);
    let words = serde_json::Value::from(words.trim());
    let begun = serde_json::json!({ "starts_with": words });
    let (expected, fix) = match is_left_out {
        true => (
            "a text without `*` behind `not`",
            format!("{{\"not\":{begun}}}, or {{\"not\":{words}}} for what holds it"),
        ),
        false => (
            "one text with `*` at its end, or around it",
            format!("{begun}, or {words} for what holds it"),
        ),
    };
    let refused = ToolError::argument(path, expected, "others", has_word.then_some(fix));
    Err(refused.naming(text))
}
