//! Requests to Zoho CRM.

use super::criteria::{self, api_name};
use super::ids::{Drafted, Ids, Known};
use super::{Count, CountRequest, ListQuery, ListRequest, Sieve, too_many_fields, words};
use crate::connections::Product;
use crate::names::fold;
use crate::tools::error::ToolError;
use crate::tools::modules::{self, Module};
use crate::zoho::Read;
use jiff::tz::TimeZone;

pub use super::criteria::MOST_CONDITIONS;

/// Fields that one call takes.
pub const MOST_FIELDS: usize = 50;
/// Records that one page holds.
const PAGE: usize = 200;

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
    request = with_hidden(request, query, &mut notes);
    if let Some(view) = query.view {
        if query.sort_by.is_some() {
            let fix = "leave one of them out; `filters` in place of the view can be sorted".to_owned();
            return Err(ToolError::argument(
                "/sort_by",
                "no order beside a view in CRM",
                "both",
                Some(fix),
            ));
        }
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
    // Lists under a key of their own take no fields.
    let list = &module.list;
    if list.key.is_none() {
        request = request.with_query("fields", fields.join(","));
    }
    if let Some(field) = query.sort_by {
        let direction = if query.descending.unwrap_or(true) {
            "desc"
        } else {
            "asc"
        };
        request = request
            .with_query("sort_by", api_name(module, field))
            .with_query("sort_order", direction);
    } else if searched && query.words.is_none() && query.view.is_none() {
        request = request
            .with_query("sort_by", "Created_Time")
            .with_query("sort_order", "desc");
    }
    Ok(known.draft(ListRequest {
        request,
        size: query.limit,
        most: if list.max > 0 { list.max } else { PAGE },
        paging: list.paging,
        search: searched,
        list_key: list.key.clone().unwrap_or_else(|| "data".to_owned()),
        fields: Some(query.list_projected()),
        html: module.html.clone(),
        sieve: Sieve::default(),
        notes,
    }))
}

/// How what a query finds is counted: Zoho counts a view or what conditions find; the records of both at once are read.
///
/// # Errors
/// As [`list`].
pub fn count(query: &ListQuery<'_>, zone: &TimeZone, ids: &Ids) -> Result<Drafted<Count>, ToolError> {
    let whole = query.words.is_none() && query.filters.is_empty();
    if query.view.is_some() && !whole {
        return Ok(list(query, zone, ids)?.map(Count::Read));
    }
    let request = Read::get(Product::Crm, [query.module.name.as_str(), "actions", "count"]);
    let mut request = request.with_scopes(search_scopes(query.module)?);
    let mut known = Known::by(ids);
    if let Some(view) = query.view {
        request = request.with_query("cvid", known.view(view));
    }
    if !whole {
        request = conditions(request, query, zone, &mut known)?;
    }
    let mut notes = vec!["Zoho CRM's count can lag some minutes behind changes.".to_owned()];
    let request = with_hidden(request, query, &mut notes);
    Ok(known.draft(Count::Asked(CountRequest { request, notes })))
}

/// Asks for the records that Zoho leaves out by itself, where the query means them; else tells that they are.
fn with_hidden(request: Read, query: &ListQuery<'_>, notes: &mut Vec<String>) -> Read {
    let Some(hidden) = &query.module.hidden else {
        return request;
    };
    let is_theirs = |name: &str| hidden.fields.iter().any(|field| fold(field) == fold(name));
    if query.all || query.filters.iter().any(|(name, _)| is_theirs(name)) {
        let (param, all) = &hidden.param;
        return request.with_query(param.as_str(), all.as_str());
    }
    notes.push(hidden.note.clone());
    request
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
    match (words::of(query)?, query.filters.is_empty()) {
        (Some(words), true) => Ok(request.with_query("word", words)),
        (None, false) => Ok(request.with_query("criteria", criteria::write(query, zone, ids)?)),
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
