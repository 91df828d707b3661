//! Requests to Zoho CRM.

use super::conditions::scalar;
use super::{ListQuery, ListRequest, OpenCondition, time, too_many_fields, view_id};
use crate::connections::Product;
use crate::names::{fold, pointer};
use crate::tools::cursor::Position;
use crate::tools::error::ToolError;
use crate::tools::modules::{self, Kind, Module};
use crate::zoho::Read;
use jiff::tz::TimeZone;
use serde_json::Value;
use std::fmt::Write as _;

/// Fields that one call takes.
pub const MOST_FIELDS: usize = 50;
/// Conditions that one search takes.
pub const MOST_CONDITIONS: usize = 10;

/// The list or search call that answers a query: CRM's list takes no conditions, so these go to its search.
///
/// # Errors
/// A condition CRM cannot express, or a position of the other product.
pub fn list(
    query: &ListQuery<'_>,
    start: Option<&Position>,
    zone: &TimeZone,
) -> Result<ListRequest, ToolError> {
    let module = query.module;
    let mut notes = Vec::new();
    let mut open = Vec::new();
    if !query.include.is_empty() {
        notes.push("`include` is for Zoho Desk and was left out; CRM lookups carry id and name.".to_owned());
    }
    let searched = query.search || query.words.is_some() || !query.filters.is_empty();
    let mut request = if searched {
        conditions(search(module)?, query, zone, &mut open)?
    } else {
        let segments = query
            .within
            .iter()
            .map(String::as_str)
            .chain([module.name.as_str()]);
        Read::get(Product::Crm, segments).with_scopes(module.scopes.clone())
    };
    if let Some(view) = query.view {
        request = request.with_query("cvid", view_id(view, &mut open));
    }
    let mut fields = query.fields.clone();
    if !fields.iter().any(|field| field == "id") {
        fields.push("id".to_owned());
    }
    if fields.len() > MOST_FIELDS {
        return Err(too_many_fields(
            fields.len(),
            format!("at most {MOST_FIELDS} fields"),
        ));
    }
    request = request.with_query("fields", fields.join(","));
    if let Some(field) = query.sort_by {
        let direction = if query.descending.unwrap_or(true) {
            "desc"
        } else {
            "asc"
        };
        request = request
            .with_query("sort_by", api_name(module, field))
            .with_query("sort_order", direction);
    }
    let (request, asked) = paged(request, query, start)?;
    Ok(ListRequest {
        request,
        asked,
        most: 200,
        search: false,
        list_key: "data".to_owned(),
        notes,
        open,
    })
}

/// The request for the query's page that starts there, and how many rows it asks for.
///
/// # Errors
/// A cursor of the other product.
pub fn paged(
    mut request: Read,
    query: &ListQuery<'_>,
    start: Option<&Position>,
) -> Result<(Read, usize), ToolError> {
    let asked = match start {
        Some(Position::Page(page, size, _)) => {
            request = request.with_query("page", page.to_string());
            *size as usize
        }
        Some(Position::Token(token, size, _)) => {
            request = request.with_query("page_token", token);
            *size as usize
        }
        Some(Position::Rows(..)) => {
            return Err(ToolError::argument(
                "/cursor",
                "a cursor of this product",
                "one of the other",
                None,
            ));
        }
        None => query.limit,
    };
    request = request.with_query("per_page", asked.to_string());
    Ok((request, asked))
}

/// The call that counts what a query finds.
///
/// # Errors
/// As [`list`].
pub fn count(query: &ListQuery<'_>, zone: &TimeZone) -> Result<ListRequest, ToolError> {
    let request = Read::get(Product::Crm, [query.module.name.as_str(), "actions", "count"]);
    let mut request = request.with_scopes(search_scopes(query.module)?);
    let mut open = Vec::new();
    if query.words.is_some() || !query.filters.is_empty() {
        request = conditions(request, query, zone, &mut open)?;
    }
    let notes = vec!["Zoho CRM's count can lag some minutes behind changes.".to_owned()];
    Ok(ListRequest {
        request,
        asked: 1,
        most: 1,
        search: false,
        list_key: String::new(),
        notes,
        open,
    })
}

/// Reads one record by its id.
pub fn get(module: &Module, id: &str, fields: &[String]) -> Read {
    let request = Read::get(Product::Crm, [module.name.as_str(), id]).with_scopes(module.scopes.clone());
    if fields.is_empty() {
        request
    } else {
        request.with_query("fields", fields.join(","))
    }
}

/// A search of a module, nothing said yet of what for.
///
/// # Errors
/// The scopes of searching are not known.
pub fn search(module: &Module) -> Result<Read, ToolError> {
    let search = Read::get(Product::Crm, [module.name.as_str(), "search"]);
    Ok(search.with_scopes(search_scopes(module)?))
}

fn search_scopes(module: &Module) -> Result<Vec<String>, ToolError> {
    let search = modules::lookup(Product::Crm, "search")?;
    Ok(module.scopes.iter().chain(&search.scopes).cloned().collect())
}

fn conditions(
    request: Read,
    query: &ListQuery<'_>,
    zone: &TimeZone,
    open: &mut Vec<OpenCondition>,
) -> Result<Read, ToolError> {
    match (query.words, query.filters.is_empty()) {
        (Some(words), true) => Ok(request.with_query("word", words)),
        (None, false) => Ok(request.with_query("criteria", criteria(query, zone, open)?)),
        (Some(_), false) => {
            let fix = "send `query` or `filters`, or put the words into a filter of a field".to_owned();
            Err(ToolError::argument(
                "/query",
                "no words beside filters in CRM",
                "both",
                Some(fix),
            ))
        }
        (None, true) => {
            let fix = "send `query` or `filters`, or call get_records".to_owned();
            Err(ToolError::argument(
                "/query",
                "words or conditions to search for",
                "neither",
                Some(fix),
            ))
        }
    }
}

fn criteria(
    query: &ListQuery<'_>,
    zone: &TimeZone,
    open: &mut Vec<OpenCondition>,
) -> Result<String, ToolError> {
    if query.filters.len() > MOST_CONDITIONS {
        return Err(ToolError::argument(
            "/filters",
            format!("at most {MOST_CONDITIONS} conditions"),
            "more",
            None,
        ));
    }
    let mut all = String::new();
    for (name, value) in &query.filters {
        let path = pointer::below("/filters", name);
        let part = criterion(&path, &api_name(query.module, name), value, zone, open)?;
        let joint = if all.is_empty() { "" } else { "and" };
        let _ = write!(all, "{joint}{part}");
    }
    Ok(if query.filters.len() > 1 {
        format!("({all})")
    } else {
        all
    })
}

fn criterion(
    path: &str,
    field: &str,
    value: &Value,
    zone: &TimeZone,
    open: &mut Vec<OpenCondition>,
) -> Result<String, ToolError> {
    if !is_api_name(field) {
        let refused = ToolError::argument(path, "a field by its API name", "a name that is none", None);
        return Err(refused.naming(field));
    }
    match value {
        Value::Object(_) => {
            let span = time::span(path, value, zone)?;
            let written = |instant| escape(&time::crm(instant, zone));
            Ok(match (span.from, span.to) {
                (Some(from), Some(to)) => format!("({field}:between:{},{})", written(from), written(to)),
                (Some(from), None) => format!("({field}:greater_equal:{})", written(from)),
                (_, to) => format!("({field}:less_equal:{})", to.map(written).unwrap_or_default()),
            })
        }
        Value::Array(items) => {
            let texts: Option<Vec<String>> = items.iter().map(scalar).collect();
            let texts = texts.filter(|texts| (1..=100).contains(&texts.len()));
            let wrong = || ToolError::argument(path, "1 to 100 texts or numbers", "something else", None);
            let texts: Vec<String> = texts.ok_or_else(wrong)?.iter().map(|text| escape(text)).collect();
            Ok(format!("({field}:in:{})", texts.join(",")))
        }
        other => {
            let wrong = || ToolError::argument(path, "a text, number or boolean", "something else", None);
            let text = scalar(other).filter(|text| !text.is_empty()).ok_or_else(wrong)?;
            if text.chars().any(char::is_control) {
                return Err(ToolError::argument(
                    path,
                    "text without control characters",
                    "control characters",
                    None,
                ));
            }
            if field == "Owner" && !text.bytes().all(|byte| byte.is_ascii_digit()) {
                let placeholder = OpenCondition::leave(path, Kind::User, text, open);
                return Ok(format!("({field}:equals:{placeholder})"));
            }
            Ok(format!("({field}:equals:{})", escape(&text)))
        }
    }
}

/// CRM's criteria take `\` before parentheses, commas and backslashes of a value.
fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        if matches!(c, '(' | ')' | ',' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Nothing else may stand where a condition names its field; `Account_Name.name` reaches into a lookup.
fn is_api_name(name: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '$');
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$') && name.chars().all(inner)
}

/// The API name of a field that was written in another case or style.
fn api_name(module: &Module, name: &str) -> String {
    let folded = fold(name);
    let system = [
        "id",
        "Owner",
        "Created_Time",
        "Modified_Time",
        "Created_By",
        "Modified_By",
        "Email",
        "Phone",
    ];
    let known = module.fields.iter().map(String::as_str).chain(system);
    known
        .into_iter()
        .find(|field| fold(field) == folded)
        .map_or_else(|| name.to_owned(), str::to_owned)
}
