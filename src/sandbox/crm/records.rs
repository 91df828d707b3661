//! Lists of a module and single records.

use serde_json::{Value, json};

use super::answer::{self, Answer};
use super::call::{Call, or_nothing};
use super::paging::{self, Key};
use super::schema::{Module, Row};
use super::state::{Crm, Table};
use super::{time, view, views};
use crate::http::Reply;

/// `GET /{module}`.
pub(crate) fn list(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = call.module();
    let fields = call.listed_fields(module)?;
    let view = match call.query("cvid") {
        None => None,
        Some(_) if call.query("sort_by").is_some() => return Err(paging::ambiguous("cvid", "sort_by")),
        Some(cvid) => Some(views::filter(crm, module, cvid)?),
    };
    let converted = converted(call, module)?;
    let keep = |row: &Row| converted.shows(row) && view.as_ref().is_none_or(|view| view.holds(row));
    list_rows(crm, call, module, &fields, &keep)
}

/// The page of those records of `module` that `keep` lets through, with the parameters all lists share.
pub(crate) fn list_rows(
    crm: &mut Crm,
    call: &Call<'_>,
    module: &'static Module,
    fields: &[String],
    keep: &dyn Fn(&Row) -> bool,
) -> Answer {
    let any = module.fields.iter().map(|field| field.api_name.as_str());
    let any = any.filter(|_| call.version.sorts_by_any_field);
    let names: Vec<&str> = ["id", "Created_Time", "Modified_Time"]
        .into_iter()
        .chain(any)
        .collect();
    let (sort_by, descending) = order(call, &names)?;
    let ids = call.ids("ids", 100)?;
    let since = modified_since(call)?;
    let wanted = |id: &u64, row: &Row| ids.as_ref().is_none_or(|ids| ids.contains(id)) && keep(row);
    let table = crm.table(module);
    let mut keys: Vec<Key> = sorted(table, sort_by, descending, &wanted);
    if let Some(since) = since {
        keys.retain(|(_, id)| {
            table.rows[id]["Modified_Time"]
                .as_str()
                .is_some_and(|time| time > since.as_str())
        });
        if keys.is_empty() {
            return Ok(Reply::empty(304));
        }
    }
    let page = paging::page(crm, call, &keys, sort_by, descending)?;
    let table = crm.table(module);
    let data = page
        .ids
        .iter()
        .map(|id| view::select(module, &table.rows[id], fields))
        .collect();
    or_nothing("data", data, Some(page.info))
}

/// `GET /{module}/{id}`.
pub(crate) fn get(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = call.module();
    let fields = call.fields()?;
    let id = call.record(crm, module, 0)?;
    single(crm, call, module, id, fields.as_deref())
}

/// One record, 204 when there is none, 304 when it has not changed.
pub(crate) fn single(
    crm: &mut Crm,
    call: &Call<'_>,
    module: &'static Module,
    id: u64,
    fields: Option<&[String]>,
) -> Answer {
    let since = modified_since(call)?;
    let Some(row) = crm.row(module, id) else {
        return Ok(Reply::empty(204));
    };
    if since.is_some_and(|since| row["Modified_Time"].as_str() <= Some(&since)) {
        return Ok(Reply::empty(304));
    }
    Ok(Reply::json(
        200,
        &json!({ "data": [view::full(module, row, fields)] }),
    ))
}

/// The keys of the rows that are wanted, in order.
pub(crate) fn sorted(
    table: &Table,
    sort_by: &str,
    descending: bool,
    wanted: &dyn Fn(&u64, &Row) -> bool,
) -> Vec<Key> {
    let value = |row: &Row| {
        if sort_by == "id" {
            String::new()
        } else {
            sortable(row.get(sort_by))
        }
    };
    let mut keys: Vec<Key> = table
        .rows
        .iter()
        .filter(|(id, row)| wanted(id, row))
        .map(|(id, row)| (value(row), *id))
        .collect();
    keys.sort();
    if descending {
        keys.reverse();
    }
    keys
}

fn sortable(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.to_lowercase(),
        Some(Value::Number(number)) => format!("{:030.6}", number.as_f64().unwrap_or(0.0) + 1e15),
        Some(Value::Object(lookup)) => lookup
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or("")
            .to_lowercase(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

/// `sort_by` out of the names allowed (the first is the default), and whether the largest comes first.
pub(crate) fn order<'a>(call: &'a Call<'_>, allowed: &[&'a str]) -> Result<(&'a str, bool), Reply> {
    let sort_by = call.query("sort_by").unwrap_or(allowed[0]);
    if !allowed.contains(&sort_by) {
        return Err(answer::parameter_invalid(
            "sort_by",
            json!({ "supported_values": allowed }),
        ));
    }
    match call.query("sort_order") {
        None | Some("desc") => Ok((sort_by, true)),
        Some("asc") => Ok((sort_by, false)),
        Some(_) => Err(answer::parameter_invalid(
            "sort_order",
            json!({ "supported_values": ["asc", "desc"] }),
        )),
    }
}

/// The normal form of `If-Modified-Since`.
fn modified_since(call: &Call<'_>) -> Result<Option<String>, Reply> {
    let Some(text) = call.request.header("if-modified-since") else {
        return Ok(None);
    };
    let details = json!({ "header": "If-Modified-Since", "expected_data_type": "datetime" });
    time::normal(text)
        .map(Some)
        .ok_or_else(|| answer::refuse(400, "INVALID_DATA", &details, "invalid data"))
}

/// Which leads are shown: those still open, the converted ones, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Converted {
    Open,
    Only,
    Both,
}

impl Converted {
    /// True when a record is among them.
    pub(crate) fn shows(self, row: &Row) -> bool {
        let converted = row.get("Converted__s") == Some(&Value::Bool(true));
        self == Converted::Both || converted == (self == Converted::Only)
    }
}

/// The parameter `converted`.
pub(crate) fn converted(call: &Call<'_>, module: &Module) -> Result<Converted, Reply> {
    match call.query("converted") {
        _ if !module.convertable => Ok(Converted::Both),
        None | Some("false") => Ok(Converted::Open),
        Some("true") => Ok(Converted::Only),
        Some("both") => Ok(Converted::Both),
        Some(_) => Err(answer::parameter_invalid(
            "converted",
            json!({ "supported_values": ["true", "false", "both"] }),
        )),
    }
}
