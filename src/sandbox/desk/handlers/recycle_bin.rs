//! The recycle bin: what was trashed, by the record's own id.

use serde_json::{Value, json};

use super::records;
use crate::desk::call::{Answer, Call};
use crate::desk::clauses::Clause;
use crate::desk::modules::{self, text, value};
use crate::desk::org::Binned;
use crate::desk::paging;
use crate::desk::render;
use crate::http::Reply;

/// The bin, latest deletion first.
pub(crate) fn list(call: &mut Call<'_>) -> Answer {
    let module = match call.query("moduleId") {
        Some(id) => call
            .org
            .row_of("organizationModules", id)
            .map(|(_, row)| text(&row, "apiName").to_owned())
            .or(Some(String::new())),
        None => call.query("module").map(str::to_owned),
    };
    let department = call.query("departmentId").unwrap_or_default().to_owned();
    let mut rows: Vec<Value> = call
        .org
        .bin
        .iter()
        .rev()
        .filter(|binned| module.as_ref().is_none_or(|module| *module == binned.module))
        .filter_map(|binned| row(call, binned))
        .filter(|row| department.is_empty() || row["departmentId"] == department.as_str())
        .collect();
    if let Some(sort) = paging::sort(call) {
        let field = match sort.field.as_str() {
            "name" => "displayName",
            "department" => "departmentId",
            "deletedBy" => "deletedById",
            other => other,
        };
        rows.sort_by_key(|row| row[field].as_str().unwrap_or_default().to_lowercase());
        if sort.descending {
            rows.reverse();
        }
    }
    let rows = paging::cut(call, rows)?;
    call.list("data", rows)
}

fn row(call: &Call<'_>, binned: &Binned) -> Option<Value> {
    let record = call.org.row(&binned.module, binned.id)?;
    let mut row = json!({
        "id": binned.id.to_string(), "displayName": value(&record, &modules::module(&binned.module).title), "type": binned.module,
        "departmentId": value(&record, "departmentId"), "deletedById": call.me(), "deletedTime": binned.time,
    });
    for include in call.items("include") {
        match include.as_str() {
            "deletedBy" => row["deletedBy"] = render::agent(call.org, &call.me()),
            _ => {
                let department = call.org.row_of("departments", text(&record, "departmentId"));
                row["department"] = department
                    .map(|(id, row)| json!({"id": id.to_string(), "name": row["name"]}))
                    .unwrap_or_default();
            }
        }
    }
    Some(row)
}

/// Takes records out of the bin, back to where they were.
pub(crate) fn restore(call: &mut Call<'_>) -> Answer {
    let outcomes = call
        .sent_ids("ids")
        .into_iter()
        .map(|id| (id.clone(), restore_one(call, &id)))
        .collect();
    call.results(outcomes)
}

fn restore_one(call: &mut Call<'_>, id: &str) -> bool {
    let Some(at) = call.org.bin.iter().position(|binned| binned.id.to_string() == id) else {
        return false;
    };
    let binned = call.org.bin.remove(at);
    let Some(mut row) = call.org.row(&binned.module, binned.id) else {
        return false;
    };
    row.insert("isTrashed".to_owned(), false.into());
    let ticket = text(&row, "ticketId").parse::<u64>().ok();
    call.org.put(&binned.module, binned.id, row);
    match (binned.module.as_str(), ticket) {
        ("tickets", _) => call.note(binned.id, "TicketRestored", Vec::new()),
        ("tasks", Some(ticket)) => call.org.count_tasks(ticket),
        _ => {}
    }
    true
}

/// Deletes records of the bin for good.
pub(crate) fn delete(call: &mut Call<'_>) -> Answer {
    let outcomes = call
        .sent_ids("ids")
        .into_iter()
        .map(|id| (id.clone(), delete_one(call, &id)))
        .collect();
    call.results(outcomes)
}

fn delete_one(call: &mut Call<'_>, id: &str) -> bool {
    let Some(binned) = call
        .org
        .bin
        .iter()
        .find(|binned| binned.id.to_string() == id)
        .cloned()
    else {
        return false;
    };
    let_go(call, &binned.module, id);
    call.org.remove(&binned.module, binned.id);
    true
}

/// Empties what pointed to a customer who is gone for good, so that no ticket names one whom nobody finds. (Assumed: Zoho
/// says no more than that what is purged cannot be had back.)
fn let_go(call: &mut Call<'_>, module: &str, id: &str) {
    let pointing: &[(&str, &str)] = match module {
        "contacts" => &[
            ("tickets", "contactId"),
            ("tasks", "contactId"),
            ("calls", "contactId"),
            ("events", "contactId"),
        ],
        "accounts" => &[("contacts", "accountId"), ("tickets", "accountId")],
        _ => &[],
    };
    for (module, field) in pointing {
        for record in call.org.ids(module, &[Clause::is(field, id)]) {
            records::patch(call, module, &record, field, Value::Null);
        }
    }
}

fn all(call: &Call<'_>) -> Vec<String> {
    call.org.bin.iter().map(|binned| binned.id.to_string()).collect()
}

/// Takes everything out of the bin.
pub(crate) fn restore_all(call: &mut Call<'_>) -> Answer {
    for id in all(call) {
        restore_one(call, &id);
    }
    Ok(Reply::empty(202))
}

/// Empties the bin.
pub(crate) fn delete_all(call: &mut Call<'_>) -> Answer {
    for id in all(call) {
        delete_one(call, &id);
    }
    Ok(Reply::empty(202))
}
