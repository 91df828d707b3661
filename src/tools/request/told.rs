//! What is told of how Zoho Desk reads conditions: texts that it finds by a part of them and those it compares as a whole,
//! one status of several of its kind.

use serde_json::json;

use super::comparison::{self, Comparison};
use super::conditions::{filters_of, same_filter};
use super::{ListQuery, words};
use crate::names::fold;
use crate::tools::modules::{Filter, FilterKind, Kind};

/// Parameters that find what holds a text (measured on contacts, for the others undocumented; zoho-desk.md, section 11).
const HOLDING: [&str; 8] = [
    "subject",
    "description",
    "title",
    "firstName",
    "fullName",
    "contactName",
    "productName",
    "productCode",
];
/// Parameters that compare all of a name (measured, as above).
const WHOLE: [&str; 2] = ["accountName", "lastName"];

/// A condition on a text by its value, the parameter it goes to, and how it is called.
struct OnText<'q> {
    name: &'q str,
    param: &'q str,
    texts: Vec<String>,
}

fn on_texts<'q>(query: &'q ListQuery<'_>) -> impl Iterator<Item = OnText<'q>> {
    query.filters.iter().filter_map(|(name, value)| {
        let mut filters = filters_of(query.module, name);
        let filter = filters.find(|filter| filter.kind == FilterKind::Text);
        let param = match filter {
            Some(filter) => filter.param.as_str(),
            None if name.starts_with("cf_") => "",
            None => return None,
        };
        let (Comparison::OneOf(texts) | Comparison::NoneOf(texts)) = comparison::read("", value).ok()? else {
            return None;
        };
        Some(OnText { name, param, texts })
    })
}

/// What is told of how the conditions were read.
pub(super) fn notes(query: &ListQuery<'_>) -> impl Iterator<Item = String> {
    let notes = of_the_status(query).into_iter().chain(query.pairs_as_spans());
    notes.chain(tell_parts(query))
}

/// A status is one of several of its kind; who asks for `Open` may mean all that are not closed.
fn of_the_status(query: &ListQuery<'_>) -> Option<String> {
    let named = |wanted: &str| query.filters.iter().any(|(name, _)| same_filter(name, wanted));
    let (_, value) = query
        .filters
        .iter()
        .find(|(name, _)| same_filter(name, "status"))?;
    let value = fold(value.as_str()?);
    let kind = ["Open", "On Hold", "Closed"]
        .into_iter()
        .find(|kind| fold(kind) == value)?;
    let has_kinds = query.module.list.row.iter().any(|field| field == "statusType");
    (has_kinds && !named("statusType"))
        .then(|| format!("Only the status {kind}; `statusType` {kind} finds every status of that kind."))
}

/// Told of conditions that find more than what is equal.
fn tell_parts(query: &ListQuery<'_>) -> Vec<String> {
    let is_wild = |on: &OnText<'_>| on.texts.iter().any(|text| text.contains('*'));
    let wild: Vec<&str> = on_texts(query).filter(is_wild).map(|on| on.name).collect();
    let holding = on_texts(query).filter(|on| HOLDING.contains(&on.param) && !is_wild(on));
    let holding: Vec<&str> = holding.map(|on| on.name).collect();
    let parts = (!holding.is_empty()).then(|| {
        format!(
            "{} is compared by what it holds, not as a whole.",
            holding.join(", ")
        )
    });
    let stars = (!wild.is_empty()).then(|| {
        format!(
            "`*` in {} stands for any letters: Zoho knows no other.",
            wild.join(", ")
        )
    });
    parts.into_iter().chain(stars).collect()
}

/// Told where nothing was found: what was not looked through or how it was compared, and what else would have found it.
pub fn tell_nothing_found(query: &ListQuery<'_>) -> Option<String> {
    words::tell_nothing_found(query).or_else(|| tell_whole(query))
}

/// Told where nothing was found by a whole name.
fn tell_whole(query: &ListQuery<'_>) -> Option<String> {
    let mut whole = on_texts(query).filter(|on| WHOLE.contains(&on.param));
    let on = whole.find(|on| !on.texts.iter().any(|text| text.contains('*')))?;
    let begun = json!({ on.name: { "starts_with": on.texts.first() } });
    Some(format!(
        "{} is compared as a whole: filters:{begun} finds names that begin so, find_customer those that hold it.",
        on.name
    ))
}

/// The conditions on a text that are asked for as they are written, where the module's own data lists no values.
pub fn taken_as_written<'q>(query: &'q ListQuery<'_>) -> impl Iterator<Item = &'q str> {
    let takes_words = |filter: &Filter| {
        let is_of_text = matches!(filter.kind, FilterKind::Text | FilterKind::Texts);
        let told = HOLDING.contains(&filter.param.as_str()) || WHOLE.contains(&filter.param.as_str());
        is_of_text && !told && filter.values.is_empty()
    };
    let is_word = |text: &String| {
        let is_plain = !text.contains('*') && !matches!(text.as_str(), "true" | "false");
        is_plain && !comparison::is_time(text) && text.parse::<f64>().is_err()
    };
    query.filters.iter().filter_map(move |(name, value)| {
        let names_an_id = !query.module.path.is_empty() && Kind::of_field(name).is_some();
        let Ok(Comparison::OneOf(texts)) = comparison::read("", value) else {
            return None;
        };
        let fits = filters_of(query.module, name).all(takes_words) && texts.iter().all(is_word);
        (fits && !names_an_id).then_some(*name)
    })
}
