//! Conditions of Zoho Desk calls: what a filter's value may be, and how it is written.

use super::comparison::{self, Comparison};
use super::facts;
use super::ids::Known;
use super::sieve::Sieve;
use super::{ListQuery, pick, time, words};
use crate::names::{fold, pointer};
use crate::tools::error::ToolError;
use crate::tools::modules::{Fact, Filter, FilterKind, Kind, Listing, Module, is_api_name};
use crate::zoho::Read;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

/// Parameters that know `${empty}`, and whether `${notempty}`, too (OAS, searchTickets); others take them for a value.
const KNOW_EMPTY: [(&str, bool); 7] = [
    ("email", true),
    ("phone", true),
    ("accountName", true),
    ("productName", true),
    ("channel", true),
    ("tag", true),
    ("category", false),
];
/// Conditions on custom fields one search takes.
const MOST_CUSTOM: usize = 10;
/// Desk's word for cases that nobody has.
const UNASSIGNED: &str = "Unassigned";

/// A request with the query's words and conditions, and those it cannot take.
pub(super) struct Conditions {
    pub(super) request: Read,
    pub(super) sieve: Sieve,
}

/// Puts the query's words and conditions into the request; what that cannot take is put to its rows.
pub(super) fn conditions(
    mut request: Read,
    query: &ListQuery<'_>,
    listing: &Listing,
    zone: &TimeZone,
    ids: &mut Known<'_>,
) -> Result<Conditions, ToolError> {
    let searching = is_search(&request);
    if let Some(words) = words::of(query)? {
        let words = if listing.text.is_some() {
            format!("*{words}*")
        } else {
            words.to_owned()
        };
        request = request.with_query(listing.text.as_deref().unwrap_or("_all"), words);
    }
    let mut custom = 0;
    let mut sieve = Sieve::default();
    let mut taken: Vec<&str> = Vec::new();
    for (name, value) in &query.filters {
        let path = pointer::below("/filters", name);
        let filter = filter_of(listing, name);
        if searching && filter.is_none() && is_custom(query.module, name) {
            let Some(param) = &listing.custom else {
                let got = "a custom field, by which Zoho does not search this module";
                return Err(ToolError::argument(&path, "a filter of get_modules", got, None));
            };
            custom += 1;
            if custom > MOST_CUSTOM {
                let expected = format!("at most {MOST_CUSTOM} conditions on custom fields");
                return Err(ToolError::argument("/filters", expected, "more", None));
            }
            let comparison = with_ids(query.module, name, &path, comparison::read(&path, value)?, ids);
            request = request.with_query(format!("{param}{custom}"), custom_field(name, &path, comparison)?);
            continue;
        }
        let comparison = read(filter, &path, value)?;
        if listing.always.iter().any(|always| same_filter(always, name)) {
            continue; // else another list would have been chosen
        }
        let filter = filter.filter(|filter| {
            takes(filter, searching, &comparison) && !taken.contains(&filter.param.as_str())
        });
        if let Some(filter) = filter {
            let condition = Condition {
                filter,
                path: &path,
                zone,
            };
            taken.push(&filter.param);
            request = request.with_query(filter.param.as_str(), condition.written(comparison, ids)?);
            continue;
        }
        facts::check_shown(name, &path, &comparison)?;
        if let Some(fact) = Fact::find(query.module, name) {
            if fact.is_of_search() && !searching {
                let fix = "leave `view` out".to_owned();
                let got = "a view, whose rows do not tell it";
                return Err(ToolError::argument(&path, "no view beside it", got, Some(fix)));
            }
            sieve.add_fact(name, fact, facts::flag(&path, &comparison)?);
            continue;
        }
        let mut row = query.module.list.row.iter();
        let Some(field) = row.find(|field| same_filter(field, name)) else {
            return Err(not_taken(listing, name, &path));
        };
        sieve.add(
            &path,
            field,
            with_ids(query.module, name, &path, comparison, ids),
            zone,
        )?;
    }
    Ok(Conditions { request, sieve })
}

/// Whether rows are found by searching.
pub(super) fn is_search(request: &Read) -> bool {
    request.path().last().is_some_and(|segment| segment == "search")
}

/// Whether a call takes a condition.
pub(super) fn expresses(
    listing: &Listing,
    searching: bool,
    module: &Module,
    name: &str,
    value: &Value,
) -> bool {
    match filter_of(listing, name) {
        Some(filter) => {
            read(Some(filter), "", value).is_ok_and(|comparison| takes(filter, searching, &comparison))
        }
        None => searching && listing.custom.is_some() && is_custom(module, name),
    }
}

/// What a filter's value asks; of a span only its own forms are told.
fn read(filter: Option<&Filter>, path: &str, value: &Value) -> Result<Comparison, ToolError> {
    let read = comparison::read(path, value);
    match filter {
        Some(filter) if filter.kind == FilterKind::Range => read.map_err(|_| time::unreadable(path)),
        _ => read,
    }
}

/// Whether a parameter of this kind takes a comparison.
fn takes(filter: &Filter, searching: bool, comparison: &Comparison) -> bool {
    match (filter.kind, comparison) {
        (FilterKind::Range, comparison) => !matches!(comparison, Comparison::Empty(_)),
        (FilterKind::Text | FilterKind::Flag, Comparison::OneOf(texts)) => texts.len() == 1,
        (FilterKind::Agents, Comparison::OneOf(texts)) => {
            !searching || !texts.iter().any(|text| is_nobody(text))
        }
        (_, Comparison::OneOf(_)) => true,
        (FilterKind::Agents, Comparison::Empty(true)) => !searching,
        (FilterKind::Text | FilterKind::Texts, Comparison::Empty(empty)) => {
            let known = KNOW_EMPTY.iter().find(|(param, _)| filter.param == *param);
            searching && known.is_some_and(|(_, both)| *empty || *both)
        }
        (FilterKind::Text, Comparison::Begins(_)) => searching,
        _ => false,
    }
}

/// The comparison with ids in place of names, where the field refers to somebody.
fn with_ids(
    module: &Module,
    name: &str,
    path: &str,
    comparison: Comparison,
    ids: &mut Known<'_>,
) -> Comparison {
    let listings = std::iter::once(&module.list).chain(&module.search);
    let mut filters = listings.filter_map(|listing| filter_of(listing, name));
    let kind = filters.find_map(|filter| filter.kind.refers_to());
    let Some(kind) = kind.or_else(|| Kind::of_field(name)) else {
        return comparison;
    };
    let mut id = |text: String| match is_id(&text) || is_nobody(&text) {
        true => text,
        false => ids.id_of(path, kind, text),
    };
    match comparison {
        Comparison::OneOf(texts) => Comparison::OneOf(texts.into_iter().map(&mut id).collect()),
        Comparison::NoneOf(texts) => Comparison::NoneOf(texts.into_iter().map(&mut id).collect()),
        other => other,
    }
}

fn is_nobody(text: &str) -> bool {
    fold(text) == "unassigned"
}

fn is_id(text: &str) -> bool {
    text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a condition goes into Zoho's numbered parameters: on a custom module every field does.
fn is_custom(module: &Module, name: &str) -> bool {
    name.starts_with("cf_") || module.custom && is_api_name(name)
}

/// A condition on a custom field, as Zoho's search takes up to ten of them: `cf_size:Large`.
fn custom_field(name: &str, path: &str, comparison: Comparison) -> Result<String, ToolError> {
    let text = match comparison {
        Comparison::OneOf(texts) => match texts.as_slice() {
            [one] => one.clone(),
            _ => return Err(ToolError::argument(path, "one value", "several", None)),
        },
        Comparison::Begins(text) => format!("{text}*"),
        Comparison::Empty(empty) => emptiness(empty).to_owned(),
        Comparison::NoneOf(_) | Comparison::Between(..) => return Err(only_values(path)),
    };
    match text.chars().any(char::is_control) {
        true => Err(ToolError::argument(
            path,
            "a text or a number",
            "something else",
            None,
        )),
        false => Ok(format!("{name}:{text}")),
    }
}

/// Desk's words for having no value, and for having any.
fn emptiness(empty: bool) -> &'static str {
    if empty { "${empty}" } else { "${notempty}" }
}

/// Desk compares nothing but times.
fn only_values(path: &str) -> ToolError {
    let expected = "a value or a list of values; Zoho Desk compares times only";
    ToolError::argument(path, expected, "a comparison", None)
}

/// `assignee`, `assignee_id` and `assigneeId` mean the same condition.
pub(in crate::tools) fn same_filter(known: &str, name: &str) -> bool {
    let stem = |name: &str| {
        let folded = fold(name);
        let stem = folded
            .strip_suffix("ids")
            .or_else(|| folded.strip_suffix("id"))
            .map(str::to_owned);
        stem.filter(|stem| !stem.is_empty()).unwrap_or(folded)
    };
    stem(known) == stem(name)
}

fn filter_of<'q>(listing: &'q Listing, name: &str) -> Option<&'q Filter> {
    let mut filters = listing.filters.iter();
    filters
        .find(|(key, _)| same_filter(key, name))
        .map(|(_, filter)| filter)
}

/// The call has no such filter, or takes it in no such form.
fn not_taken(listing: &Listing, name: &str, path: &str) -> ToolError {
    if filter_of(listing, name).is_some() {
        return only_values(path);
    }
    let known = listing.filters.keys().map(String::as_str);
    let error = pick(known, name, path, "a filter").err();
    error.unwrap_or_else(|| ToolError::argument(path, "a filter", "unknown", None))
}

struct Condition<'a> {
    filter: &'a Filter,
    path: &'a str,
    zone: &'a TimeZone,
}

impl Condition<'_> {
    fn written(&self, comparison: Comparison, ids: &mut Known<'_>) -> Result<String, ToolError> {
        if self.filter.kind == FilterKind::Range {
            let span = time::of(self.path, &comparison, self.zone, time::MILLISECOND)?;
            let from = span.from.unwrap_or(Timestamp::UNIX_EPOCH);
            let to = span.to.unwrap_or_else(far_future);
            return Ok(format!("{},{}", time::desk(from), time::desk(to)));
        }
        match comparison {
            Comparison::OneOf(texts) => self.values(texts, ids),
            Comparison::Empty(true) if self.filter.kind == FilterKind::Agents => Ok(UNASSIGNED.to_owned()),
            Comparison::Empty(empty) => Ok(emptiness(empty).to_owned()),
            Comparison::Begins(text) => self.values(vec![format!("{text}*")], ids),
            Comparison::NoneOf(_) | Comparison::Between(..) => Err(only_values(self.path)),
        }
    }

    fn values(&self, texts: Vec<String>, ids: &mut Known<'_>) -> Result<String, ToolError> {
        let values = texts.into_iter().map(|text| self.value(text, ids));
        Ok(values.collect::<Result<Vec<String>, ToolError>>()?.join(","))
    }

    /// The value as it goes into the query; a name stands for its id.
    fn value(&self, text: String, ids: &mut Known<'_>) -> Result<String, ToolError> {
        let (kind, path) = (self.filter.kind, self.path);
        let refused = |expected: &str| Err(ToolError::argument(path, expected, "something else", None));
        if text.chars().any(char::is_control) {
            let expected = "text without control characters";
            return Err(ToolError::argument(path, expected, "control characters", None));
        }
        match (kind, kind.refers_to()) {
            (FilterKind::Agents, _) if is_nobody(&text) => Ok(UNASSIGNED.to_owned()),
            (_, Some(kind)) if !is_id(&text) => Ok(ids.id_of(path, kind, text)),
            (FilterKind::Ids, _) if !is_id(&text) => refused("an id of digits"),
            (FilterKind::Flag, _) if !matches!(text.as_str(), "true" | "false") => refused("true or false"),
            (FilterKind::StatusTypes, _) => match fold(&text).as_str() {
                "open" => Ok("${OPEN}".to_owned()),
                "onhold" => Ok("${ONHOLD}".to_owned()),
                "closed" => Ok("${CLOSED}".to_owned()),
                _ => refused("Open, On Hold or Closed"),
            },
            _ => Ok(text),
        }
    }
}

fn far_future() -> Timestamp {
    Timestamp::new(4_102_444_800, 0).unwrap_or(Timestamp::MAX) // 2100-01-01
}
