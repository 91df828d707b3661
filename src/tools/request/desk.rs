//! Requests to Zoho Desk.

use super::{ListQuery, ListRequest, OpenCondition, pick, time};
use crate::connections::Product;
use crate::tools::cursor::{self, Position};
use crate::tools::error::ToolError;
use crate::tools::modules::{Filter, FilterKind, Listing, Module};
use crate::tools::references::Kind;
use crate::zoho::ZohoRequest;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

/// The list or search call that answers a query. One row more than wanted is asked for, so that `has_more` is
/// known; a following page also asks for the last row given, by which it is joined.
///
/// # Errors
/// A filter, sort field or `include` the module does not have, or a foreign cursor.
pub fn list(query: &ListQuery<'_>, zone: &TimeZone) -> Result<ListRequest, ToolError> {
    let module = query.module;
    let (listing, own) = choose(query)?;
    let segments = query.within.iter().map(String::as_str).chain(own.iter().copied());
    let mut request = ZohoRequest::get(Product::Desk, segments).with_scopes(scopes(module, listing));
    let rows = match query
        .cursor
        .map(|cursor| cursor::decode(cursor, &query.key))
        .transpose()?
    {
        Some(Position::Rows(given, _)) => given,
        Some(_) => {
            return Err(ToolError::argument(
                "/cursor",
                "a cursor of this product",
                "one of the other",
                None,
            ));
        }
        None => 0,
    };
    let asked = (query.limit + if rows == 0 { 1 } else { 2 }).min(listing.max);
    request = request.with_query("limit", asked.to_string());
    if rows > 0 {
        request = request.with_query("from", rows.to_string());
    }
    if let Some(words) = query.words {
        let words = if listing.text.is_some() {
            format!("*{words}*")
        } else {
            words.to_owned()
        };
        request = request.with_query(listing.text.as_deref().unwrap_or("_all"), words);
    }
    let mut open = Vec::new();
    let mut custom = 0;
    for (name, value) in &query.filters {
        if name.starts_with("cf_") && own.last() == Some(&"search") {
            custom += 1;
            request = request.with_query(format!("customField{custom}"), custom_field(name, value)?);
            continue;
        }
        let (param, written) = condition(listing, name, value, zone, &mut open)?;
        request = request.with_query(param, written);
    }
    if let Some(field) = query.sort_by {
        let known = pick(
            listing.sort.iter().map(String::as_str),
            field,
            "/sort_by",
            "a sort field",
        )?;
        let newest_first = known.ends_with("Time") || known.ends_with("Date") || known == "recentThread";
        let sign = if query.descending.unwrap_or(newest_first) {
            "-"
        } else {
            ""
        };
        request = request.with_query("sortBy", format!("{sign}{known}"));
    }
    request = include(request, &query.include, &listing.include)?;
    let extra = extra_fields(query, listing);
    if !extra.is_empty() {
        request = request.with_query("fields", extra.join(","));
    }
    let list_key = listing.key.clone().unwrap_or_else(|| "data".to_owned());
    Ok(ListRequest {
        request,
        asked,
        list_key,
        notes: Vec::new(),
        open,
    })
}

/// Reads one record by its id.
///
/// # Errors
/// An `include` the module does not have.
pub fn get(module: &Module, id: &str, wanted: &[String]) -> Result<ZohoRequest, ToolError> {
    let request =
        ZohoRequest::get(Product::Desk, [module.path.as_str(), id]).with_scopes(module.scopes.clone());
    include(request, wanted, &module.get.include)
}

/// Finds one record by the number people see.
///
/// # Errors
/// The module has no such number.
pub fn by_number(module: &Module, number: &str) -> Result<ZohoRequest, ToolError> {
    let (Some(param), Some(search)) = (&module.number, &module.search) else {
        let fix = "use `id`".to_owned();
        return Err(ToolError::argument(
            "/ticket_number",
            "only for Cases",
            "another module",
            Some(fix),
        ));
    };
    let request =
        ZohoRequest::get(Product::Desk, [module.path.as_str(), "search"]).with_scopes(scopes(module, search));
    Ok(request.with_query(param, number).with_query("limit", "2"))
}

fn choose<'q>(query: &'q ListQuery<'_>) -> Result<(&'q Listing, Vec<&'q str>), ToolError> {
    let module = query.module;
    let in_list = |name: &str| module.list.filters.keys().any(|key| same_filter(key, name));
    let needs_search =
        query.search || query.words.is_some() || query.filters.iter().any(|(name, _)| !in_list(name));
    match &module.search {
        Some(search) if needs_search => Ok((search, vec![module.path.as_str(), "search"])),
        None if query.words.is_some() && module.list.text.is_none() => {
            let fix = "leave `query` out".to_owned();
            Err(ToolError::argument(
                "/query",
                "a module that can be searched",
                "one that cannot",
                Some(fix),
            ))
        }
        _ => Ok((&module.list, vec![&module.path])),
    }
}

fn scopes(module: &Module, listing: &Listing) -> Vec<String> {
    module.scopes.iter().chain(&listing.scopes).cloned().collect()
}

/// `assignee`, `assignee_id` and `assigneeId` mean the same condition.
fn same_filter(known: &str, name: &str) -> bool {
    let stem = |name: &str| {
        let folded = crate::tools::modules::fold(name);
        let stem = folded
            .strip_suffix("ids")
            .or_else(|| folded.strip_suffix("id"))
            .map(str::to_owned);
        stem.filter(|stem| !stem.is_empty()).unwrap_or(folded)
    };
    stem(known) == stem(name)
}

/// A condition on a custom field, as Zoho's search takes up to ten of them: `cf_size:Large`.
fn custom_field(name: &str, value: &Value) -> Result<String, ToolError> {
    let plain = scalar(value).filter(|text| !text.trim().is_empty() && !text.chars().any(char::is_control));
    let path = format!("/filters/{name}");
    let text =
        plain.ok_or_else(|| ToolError::argument(&path, "a text or a number", "something else", None))?;
    Ok(format!("{name}:{text}"))
}

fn condition<'q>(
    listing: &'q Listing,
    name: &str,
    value: &Value,
    zone: &TimeZone,
    open: &mut Vec<OpenCondition>,
) -> Result<(&'q str, String), ToolError> {
    let path = format!("/filters/{name}");
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
    Ok((&filter.param, written(filter, &path, value, zone, open)?))
}

fn written(
    filter: &Filter,
    path: &str,
    value: &Value,
    zone: &TimeZone,
    open: &mut Vec<OpenCondition>,
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
        .map(|text| checked(filter.kind, path, text, open))
        .collect();
    Ok(written?.join(","))
}

/// The value as it goes into the query; a name in place of an id leaves a placeholder and an open condition.
fn checked(
    kind: FilterKind,
    path: &str,
    text: String,
    open: &mut Vec<OpenCondition>,
) -> Result<String, ToolError> {
    if text.chars().any(char::is_control) {
        return Err(ToolError::argument(
            path,
            "text without control characters",
            "control characters",
            None,
        ));
    }
    let is_id = text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit());
    let referred = match kind {
        FilterKind::Agents if text != "Unassigned" => Some(Kind::Agent),
        FilterKind::Departments => Some(Kind::Department),
        FilterKind::Teams => Some(Kind::Team),
        FilterKind::Contacts => Some(Kind::Contact),
        FilterKind::Accounts => Some(Kind::Account),
        _ => None,
    };
    match (kind, referred) {
        (_, Some(kind)) if !is_id => {
            let placeholder = format!("\u{1}{}\u{1}", open.len());
            open.push(OpenCondition {
                path: path.to_owned(),
                kind,
                text,
                placeholder: placeholder.clone(),
            });
            Ok(placeholder)
        }
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

fn include(mut request: ZohoRequest, wanted: &[String], known: &[String]) -> Result<ZohoRequest, ToolError> {
    let mut names = Vec::new();
    for name in wanted {
        let plural = format!("{name}s");
        let name = if known.contains(&plural) { &plural } else { name };
        names.push(pick(
            known.iter().map(String::as_str),
            name,
            "/include",
            "a related record",
        )?);
    }
    if !names.is_empty() {
        request = request.with_query("include", names.join(","));
    }
    Ok(request)
}

/// Fields that list rows hold only when asked for: custom ones, and those beyond Zoho's standard row.
fn extra_fields<'q>(query: &'q ListQuery<'_>, listing: &Listing) -> Vec<&'q str> {
    if !query.fields_given || listing.row.is_empty() {
        return Vec::new();
    }
    let beyond = |field: &&str| !listing.row.iter().any(|known| known == field);
    query
        .fields
        .iter()
        .map(String::as_str)
        .filter(beyond)
        .take(30)
        .collect()
}

fn far_future() -> Timestamp {
    Timestamp::new(4_102_444_800, 0).unwrap_or(Timestamp::MAX) // 2100-01-01
}
