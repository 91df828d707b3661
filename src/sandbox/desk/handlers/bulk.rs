//! Operations on many records at once: trash, spam, one field for all.

use serde_json::{Value, json};

use super::records;
use crate::desk::call::{Answer, Call};
use crate::desk::clauses::Clause;
use crate::desk::modules::{self, Row, is, text};
use crate::desk::org::Binned;
use crate::desk::refusal::Refusal;
use crate::http::Reply;

/// Moves records to the recycle bin; refuses when one does not exist.
pub(crate) fn trash(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    let key = modules::module(&module).trash.clone().unwrap_or_default();
    let ids = call.sent_ids(&key);
    if ids.is_empty() {
        return Err(Refusal::invalid_field(&format!("/{key}"), "invalid"));
    }
    call.must_exist(&module, &ids, &format!("/{key}"))?;
    for id in &ids {
        trash_one(call, &module, id);
    }
    if module == "articles" {
        return call.results(ids.into_iter().map(|id| (id, true)).collect());
    }
    call.done()
}

/// Moves one record there, once.
pub(crate) fn trash_one(call: &mut Call<'_>, module: &str, id: &str) {
    let Some((number, mut row)) = call.org.row_of(module, id) else {
        return;
    };
    if is(&row, "isTrashed") {
        return;
    }
    row.insert("isTrashed".to_owned(), true.into());
    let ticket = text(&row, "ticketId").parse::<u64>().ok();
    call.org.put(module, number, row);
    let time = call.now();
    call.org.bin.push_back(Binned {
        module: module.to_owned(),
        id: number,
        time,
    });
    match (module, ticket) {
        ("tickets", _) => call.note(number, "TicketDeleted", Vec::new()),
        ("tasks", Some(ticket)) => call.org.count_tasks(ticket),
        _ => {}
    }
}

/// Sets one field of many records.
pub(crate) fn update_many(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    let ids = call.sent_ids("ids");
    let field = call.sent("fieldName");
    let custom = call.sent_flag("isCustomField") || field.starts_with("cf_");
    let blank = &modules::module(&module).blank;
    let value = match (call.sent("fieldValue").as_str(), blank.get(&field)) {
        ("true", Some(Value::Bool(_))) => Value::Bool(true),
        ("false", Some(Value::Bool(_))) => Value::Bool(false),
        _ => call.body.get("fieldValue").cloned().unwrap_or_default(),
    };
    if !custom
        && (!blank.contains_key(&field)
            || matches!(field.as_str(), "id" | "ticketNumber" | "createdTime" | "webUrl"))
    {
        return Err(Refusal::invalid_field("/fieldName", "invalid"));
    }
    let body = if custom {
        json!({"cf": {field.clone(): value}})
    } else {
        json!({field.clone(): value})
    };
    let Value::Object(body) = body else {
        return Err(Refusal::bad_request());
    };
    let sent = std::mem::replace(&mut call.body, body.clone());
    let checked = super::references::check(call, &module);
    call.body = sent;
    checked.map_err(|_| Refusal::invalid_field("/fieldValue", "invalid"))?;
    if module == "tickets" {
        call.must_exist(&module, &ids, "/ids")?;
    }
    let mut outcomes = Vec::new();
    for id in ids {
        let known = call.org.row_of(&module, &id).is_some();
        if known {
            set(call, &module, &id, &body)?;
        }
        outcomes.push((id, known));
    }
    if call.route.status == 204 {
        call.done()
    } else {
        call.results(outcomes)
    }
}

fn set(call: &mut Call<'_>, module: &str, id: &str, body: &Row) -> Result<(), Refusal> {
    if module == "tickets" {
        return super::tickets::change(call, id.parse().unwrap_or(0), body.clone());
    }
    for (field, value) in body {
        records::patch(call, module, id, field, value.clone());
    }
    Ok(())
}

/// Marks records as spam, or as none.
pub(crate) fn mark_spam(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    let ids = call.sent_ids("ids");
    let spam = call.sent_flag("isSpam");
    if module == "tickets" {
        call.must_exist(&module, &ids, "/ids")?;
    }
    let mut outcomes = Vec::new();
    for id in ids {
        let found = call.org.row_of(&module, &id);
        outcomes.push((id.clone(), found.is_some()));
        let Some((_, row)) = found else { continue };
        records::patch(call, &module, &id, "isSpam", spam.into());
        let contact = if module == "contacts" {
            id
        } else {
            text(&row, "contactId").to_owned()
        };
        if module == "tickets" && call.sent_flag("contactSpam") {
            records::patch(call, "contacts", &contact, "isSpam", spam.into());
        }
        if call.sent_flag("handleExistingTickets") {
            for ticket in call.org.ids("tickets", &[Clause::is("contactId", &contact)]) {
                records::patch(call, "tickets", &ticket, "isSpam", spam.into());
            }
        }
    }
    if module == "tickets" {
        call.done()
    } else {
        call.results(outcomes)
    }
}

/// Deletes spam for good; what is no spam is left alone and reported.
pub(crate) fn delete_spam(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    let key = modules::module(&module).spam.clone().unwrap_or_default();
    let mut outcomes = Vec::new();
    for id in call.sent_ids(&key) {
        let spam = call.org.row_of(&module, &id).filter(|(_, row)| is(row, "isSpam"));
        if let Some((number, _)) = &spam {
            call.org.remove(&module, *number);
        }
        outcomes.push((id, spam.is_some()));
    }
    call.results(outcomes)
}

/// Removes the spam of a department for good.
pub(crate) fn empty_spam(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    drop_spam(call, &[module.as_str()])
}

/// The same of tasks, calls and events.
pub(crate) fn empty_spam_of_activities(call: &mut Call<'_>) -> Answer {
    drop_spam(call, &["tasks", "calls", "events"])
}

fn drop_spam(call: &mut Call<'_>, modules: &[&str]) -> Answer {
    let department = call.sent("departmentId");
    call.must_exist("departments", std::slice::from_ref(&department), "/departmentId")
        .map_err(|_| Refusal::invalid_field("/departmentId", "invalid"))?;
    let spam = [
        Clause::is("departmentId", &department),
        Clause::is("isSpam", "true"),
    ];
    for module in modules {
        let ids = call.org.ids(module, &spam);
        for id in ids.iter().filter_map(|id| id.parse().ok()) {
            call.org.remove(module, id);
        }
    }
    Ok(Reply::empty(202))
}
