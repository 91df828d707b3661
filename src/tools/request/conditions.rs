//! Conditions of Zoho Desk calls: what a filter's value may be, and how it is written.

use super::ids::Known;
use super::{ListQuery, pick, time};
use crate::names::{fold, pointer};
use crate::tools::error::ToolError;
use crate::tools::modules::{Filter, FilterKind, Kind, Listing, Module, is_api_name};
use crate::zoho::Read;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

/// Conditions on custom fields one search takes.
const MOST_CUSTOM: usize = 10;

/// The request with the query's words and conditions.
pub(super) fn conditions(
    mut request: Read,
    query: &ListQuery<'_>,
    listing: &Listing,
    zone: &TimeZone,
    ids: &mut Known<'_>,
) -> Result<Read, ToolError> {
    if let Some(words) = query.words {
        let words = if listing.text.is_some() {
            format!("*{words}*")
        } else {
            words.to_owned()
        };
        request = request.with_query(listing.text.as_deref().unwrap_or("_all"), words);
    }
    let searching = request.path().last().is_some_and(|segment| segment == "search");
    let mut custom = 0;
    for (name, value) in &query.filters {
        let own = listing.filters.keys().any(|key| same_filter(key, name));
        if searching && !own && is_custom(query.module, name) {
            let path = pointer::below("/filters", name);
            let Some(param) = &listing.custom else {
                let got = "a custom field, by which Zoho does not search this module";
                return Err(ToolError::argument(&path, "a filter of get_modules", got, None));
            };
            custom += 1;
            if custom > MOST_CUSTOM {
                let expected = format!("at most {MOST_CUSTOM} conditions on custom fields");
                return Err(ToolError::argument("/filters", expected, "more", None));
            }
            request = request.with_query(format!("{param}{custom}"), custom_field(name, value)?);
            continue;
        }
        let (param, written) = condition(listing, name, value, zone, ids)?;
        request = request.with_query(param, written);
    }
    Ok(request)
}

/// Whether a condition goes into Zoho's numbered parameters: on a custom module every field does.
fn is_custom(module: &Module, name: &str) -> bool {
    name.starts_with("cf_") || module.custom && is_api_name(name)
}

/// A condition on a custom field, as Zoho's search takes up to ten of them: `cf_size:Large`.
fn custom_field(name: &str, value: &Value) -> Result<String, ToolError> {
    let plain = scalar(value).filter(|text| !text.trim().is_empty() && !text.chars().any(char::is_control));
    let path = pointer::below("/filters", name);
    let text =
        plain.ok_or_else(|| ToolError::argument(&path, "a text or a number", "something else", None))?;
    Ok(format!("{name}:{text}"))
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

fn condition<'q>(
    listing: &'q Listing,
    name: &str,
    value: &Value,
    zone: &TimeZone,
    ids: &mut Known<'_>,
) -> Result<(&'q str, String), ToolError> {
    let path = pointer::below("/filters", name);
    let Some((_, filter)) = listing.filters.iter().find(|(key, _)| same_filter(key, name)) else {
        let error = pick(
            listing.filters.keys().map(String::as_str),
            name,
            &path,
            "a filter",
        );
        return Err(error
            .err()
            .unwrap_or_else(|| ToolError::argument(&path, "a filter", "unknown", None)));
    };
    Ok((&filter.param, written(filter, &path, value, zone, ids)?))
}

fn written(
    filter: &Filter,
    path: &str,
    value: &Value,
    zone: &TimeZone,
    ids: &mut Known<'_>,
) -> Result<String, ToolError> {
    if filter.kind == FilterKind::Range {
        let span = time::span(path, value, zone)?;
        let from = span.from.unwrap_or(Timestamp::UNIX_EPOCH);
        let to = span.to.unwrap_or_else(far_future);
        return Ok(format!("{},{}", time::desk(from), time::desk(to)));
    }
    let items: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        other => vec![other],
    };
    let texts: Option<Vec<String>> = items.into_iter().map(scalar).collect();
    let texts = texts.filter(|texts| !texts.is_empty() && texts.iter().all(|text| !text.trim().is_empty()));
    let Some(texts) = texts else {
        return Err(ToolError::argument(
            path,
            "a text, a number or a list of them",
            "something else",
            None,
        ));
    };
    if matches!(filter.kind, FilterKind::Text | FilterKind::Flag) && texts.len() > 1 {
        return Err(ToolError::argument(path, "one value", "several", None));
    }
    let written: Result<Vec<String>, ToolError> = texts
        .into_iter()
        .map(|text| checked(filter.kind, path, text, ids))
        .collect();
    Ok(written?.join(","))
}

/// The value as it goes into the query; a name stands for its id.
fn checked(kind: FilterKind, path: &str, text: String, ids: &mut Known<'_>) -> Result<String, ToolError> {
    if text.chars().any(char::is_control) {
        return Err(ToolError::argument(
            path,
            "text without control characters",
            "control characters",
            None,
        ));
    }
    let is_id = text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit());
    let referred = kind
        .refers_to()
        .filter(|kind| *kind != Kind::Agent || text != "Unassigned");
    match (kind, referred) {
        (_, Some(kind)) if !is_id => Ok(ids.id_of(path, kind, text)),
        (FilterKind::Ids, _) if !is_id => Err(ToolError::argument(
            path,
            "an id of digits",
            "something else",
            None,
        )),
        (FilterKind::Flag, _) if !matches!(text.as_str(), "true" | "false") => {
            Err(ToolError::argument(path, "true or false", "something else", None))
        }
        _ => Ok(text),
    }
}

/// A scalar as Zoho reads it in a query.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn far_future() -> Timestamp {
    Timestamp::new(4_102_444_800, 0).unwrap_or(Timestamp::MAX) // 2100-01-01
}
