//! Requests to Zoho CRM.

use super::conditions::scalar;
use super::ids::{Drafted, Ids, Known};
use super::{CountRequest, ListQuery, ListRequest, time, too_many_fields};
use crate::connections::Product;
use crate::names::{fold, pointer};
use crate::tools::error::ToolError;
use crate::tools::modules::{self, Kind, Module};
use crate::zoho::Read;
use jiff::tz::TimeZone;
use serde_json::Value;
use std::fmt::Write as _;

/// Fields that one call takes.
pub const MOST_FIELDS: usize = 50;
/// Records that one page holds.
const PAGE: usize = 200;
/// Conditions that one search takes.
pub const MOST_CONDITIONS: usize = 10;

/// The list or search call that answers a query: CRM's list takes no conditions, so these go to its search.
///
/// # Errors
/// A condition CRM cannot express.
pub fn list(query: &ListQuery<'_>, zone: &TimeZone, ids: &Ids) -> Result<Drafted<ListRequest>, ToolError> {
    let module = query.module;
    let mut notes = Vec::new();
    let mut known = Known::by(ids);
    if !query.include.is_empty() {
        notes.push("`include` is for Zoho Desk and was left out; CRM lookups carry id and name.".to_owned());
    }
    let searched = query.search || query.words.is_some() || !query.filters.is_empty();
    let mut request = if searched {
        conditions(search(module)?, query, zone, &mut known)?
    } else {
        let segments = query
            .within
            .iter()
            .map(String::as_str)
            .chain([module.name.as_str()]);
        Read::get(Product::Crm, segments).with_scopes(module.scopes.clone())
    };
    if let Some(view) = query.view {
        request = request.with_query("cvid", known.view(view));
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
    Ok(known.drafted(ListRequest {
        request,
        size: query.limit,
        most: PAGE,
        search: searched,
        list_key: "data".to_owned(),
        fields: Some(query.projected()),
        html: module.html.clone(),
        notes,
    }))
}

/// The call that counts what a query finds.
///
/// # Errors
/// As [`list`].
pub fn count(query: &ListQuery<'_>, zone: &TimeZone, ids: &Ids) -> Result<Drafted<CountRequest>, ToolError> {
    let request = Read::get(Product::Crm, [query.module.name.as_str(), "actions", "count"]);
    let mut request = request.with_scopes(search_scopes(query.module)?);
    let mut known = Known::by(ids);
    if query.words.is_some() || !query.filters.is_empty() {
        request = conditions(request, query, zone, &mut known)?;
    }
    let notes = vec!["Zoho CRM's count can lag some minutes behind changes.".to_owned()];
    Ok(known.drafted(CountRequest { request, notes }))
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
    ids: &mut Known<'_>,
) -> Result<Read, ToolError> {
    match (query.words, query.filters.is_empty()) {
        (Some(words), true) => Ok(request.with_query("word", words)),
        (None, false) => Ok(request.with_query("criteria", criteria(query, zone, ids)?)),
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

fn criteria(query: &ListQuery<'_>, zone: &TimeZone, ids: &mut Known<'_>) -> Result<String, ToolError> {
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
        let part = criterion(&path, &api_name(query.module, name), value, zone, ids)?;
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
    ids: &mut Known<'_>,
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
                let id = ids.id_of(path, Kind::User, text);
                return Ok(format!("({field}:equals:{id})"));
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
