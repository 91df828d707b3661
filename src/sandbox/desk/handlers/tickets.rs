//! Writes to tickets that other modules do not have.

use serde_json::{Value, json};

use super::{references, writing};
use crate::desk::call::{Answer, Call};
use crate::desk::clauses::Clause;
use crate::desk::modules::{self, Row, is, text, value};
use crate::desk::refusal::Refusal;
use crate::desk::render;
use crate::desk::seed::{Kind, staff};
use crate::http::Reply;

/// Creates a ticket; `contact` finds the contact by its e-mail or creates it.
pub(crate) fn create(call: &mut Call<'_>) -> Answer {
    references::check(call, "tickets")?;
    let contact = contact_of(call)?;
    let (id, number) = call.org.new_ticket();
    let mut row = writing::create(call, "tickets", id);
    let contact_row = call
        .org
        .row_of("contacts", &contact)
        .map(|(_, row)| row)
        .unwrap_or_default();
    row.insert("ticketNumber".to_owned(), number.to_string().into());
    row.insert("contactId".to_owned(), contact.into());
    for (key, source) in [("accountId", "accountId"), ("email", "email"), ("phone", "phone")] {
        if value(&row, key).is_null() {
            row.insert(key.to_owned(), value(&contact_row, source));
        }
    }
    if text(&row, "status").is_empty() {
        row.insert("status".to_owned(), "Open".into());
    }
    if text(&row, "channel").is_empty() {
        row.insert("channel".to_owned(), "Web".into());
    }
    row.insert("customerResponseTime".to_owned(), call.now().into());
    row.insert("_recent".to_owned(), call.now().into());
    row.insert("_tags".to_owned(), json!([]));
    row.insert("_read".to_owned(), false.into());
    set_status(&mut row, None, &call.now());
    call.org.put("tickets", id, row);
    super::attachments::adopt(call, "tickets", id, &call.sent_ids("uploads"));
    call.note(
        id,
        "TicketCreated",
        vec![property("Subject", json!(call.sent("subject")))],
    );
    let echo = render::echo(call, "tickets", id).ok_or_else(Refusal::not_found)?;
    let reply = Reply::json(200, &echo);
    Ok(reply
        .with("isassignmentruleapplied", "false")
        .with("isslaapplied", "false")
        .with("iswfruleapplied", "false"))
}

fn contact_of(call: &mut Call<'_>) -> Result<String, Refusal> {
    let sent = call.sent("contactId");
    if !sent.is_empty() {
        return Ok(sent);
    }
    let Some(Value::Object(contact)) = call.body.get("contact").cloned() else {
        return Err(Refusal::invalid_field("/contactId", "missing"));
    };
    let known = call.org.ids(
        "contacts",
        &[
            Clause::is("email", text(&contact, "email")),
            Clause::is("isTrashed", "false"),
        ],
    );
    if let Some(known) = known.into_iter().next() {
        return Ok(known);
    }
    let body = std::mem::replace(&mut call.body, contact);
    let id = call.org.new_id();
    let row = writing::create(call, "contacts", id);
    call.body = body;
    call.org.put("contacts", id, row);
    Ok(id.to_string())
}

/// Brings a ticket's status type and times in step with its status.
pub(crate) fn set_status(row: &mut Row, before: Option<&Row>, now: &str) {
    let status = canonical_status(text(row, "status"));
    let kind = staff::status_type(status).to_owned();
    let old = before
        .map(|before| text(before, "statusType").to_owned())
        .unwrap_or_default();
    if kind != old {
        row.insert(
            "closedTime".to_owned(),
            if kind == "Closed" { now.into() } else { Value::Null },
        );
        row.insert(
            "onholdTime".to_owned(),
            if kind == "On Hold" {
                now.into()
            } else {
                Value::Null
            },
        );
    }
    row.insert("status".to_owned(), status.into());
    row.insert("statusType".to_owned(), kind.into());
    row.insert("isEscalated".to_owned(), (status == "Escalated").into());
}

fn canonical_status(sent: &str) -> &'static str {
    let known = ["On Hold", "Escalated", "Closed"];
    known
        .into_iter()
        .find(|status| status.eq_ignore_ascii_case(sent))
        .unwrap_or("Open")
}

/// A plain property of an event.
pub(crate) fn property(name: &str, value: Value) -> Value {
    json!({"propertyName": name, "propertyType": "Text", "propertyValue": value, "systemProperty": true})
}

/// A value as the history has it: of people and departments an entity, `{id, name, type}` (OAS, HistoryEvent).
pub(crate) fn in_history(call: &Call<'_>, key: &str, value: Value) -> Value {
    let (module, kind) = match key {
        "assigneeId" => ("agents", "Agent"),
        "contactId" => ("contacts", "Contact"),
        "departmentId" => ("departments", "Department"),
        _ => return value,
    };
    let named = value.as_str().and_then(|id| call.org.row_of(module, id));
    let Some((_, row)) = named else {
        return value;
    };
    let name = match text(&row, "name") {
        "" => format!("{} {}", text(&row, "firstName"), text(&row, "lastName")),
        name => name.to_owned(),
    };
    json!({"id": value, "name": name.trim(), "type": kind})
}

/// What of these fields differs, from what to what, as the history has it.
pub(crate) fn transitions<'k>(
    call: &Call<'_>,
    before: &Row,
    after: &Row,
    keys: impl Iterator<Item = &'k String>,
) -> Vec<Value> {
    let changes = keys.filter(|key| value(before, key) != value(after, key));
    changes
        .map(|key| {
            let [previous, updated] = [before, after].map(|row| in_history(call, key, value(row, key)));
            let change = json!({"previousValue": previous, "updatedValue": updated});
            json!({"propertyName": key, "propertyType": "ValueTransition", "propertyValue": change, "systemProperty": true})
        })
        .collect()
}

/// Changes one ticket by fields; refuses a status while a blueprint holds the ticket.
pub(crate) fn change(call: &mut Call<'_>, id: u64, fields: Row) -> Result<(), Refusal> {
    let before = call.org.row("tickets", id).ok_or_else(Refusal::not_found)?;
    if fields.contains_key("status")
        && is(&before, "_blueprint")
        && text(&fields, "status") != text(&before, "status")
    {
        let message =
            "The status cannot be changed: the ticket is in a Blueprint. Perform a transition instead.";
        return Err(Refusal::unprocessable(message));
    }
    let mut row = writing::change(call, "tickets", before.clone(), fields.clone());
    set_status(&mut row, Some(&before), &call.now());
    if let Some(contact) = fields
        .get("contactId")
        .and_then(Value::as_str)
        .filter(|_| !fields.contains_key("accountId"))
    {
        let contact = call
            .org
            .row_of("contacts", contact)
            .map(|(_, row)| row)
            .unwrap_or_default();
        row.insert("accountId".to_owned(), value(&contact, "accountId"));
    }
    let info = transitions(call, &before, &row, fields.keys());
    call.org.put("tickets", id, row);
    call.note(id, "TicketUpdated", info);
    Ok(())
}

/// Changes the fields of the body.
pub(crate) fn update(call: &mut Call<'_>) -> Answer {
    let (id, before) = call.record("tickets")?;
    references::check(call, "tickets")?;
    let mut fields = call.body.clone();
    let has_address = fields
        .get("contact")
        .is_some_and(|contact| contact["email"].is_string());
    if has_address && !fields.contains_key("contactId") {
        fields.insert("contactId".to_owned(), contact_of(call)?.into());
    }
    if let Some(shared) = fields.get_mut("sharedDepartments").and_then(Value::as_array_mut) {
        for department in shared {
            let (_, row) = call
                .org
                .row_of("departments", department["id"].as_str().unwrap_or_default())
                .ok_or_else(|| Refusal::invalid_field("/sharedDepartments", "invalid"))?;
            department["name"] = value(&row, "name");
        }
    }
    let resolution = fields
        .get("resolution")
        .filter(|new| **new != value(&before, "resolution"))
        .cloned();
    change(call, id, fields)?;
    super::attachments::adopt(call, "tickets", id, &call.sent_ids("uploads"));
    if let Some(resolution) = resolution {
        note_resolution(call, id, resolution);
    }
    let echo = render::echo(call, "tickets", id).ok_or_else(Refusal::not_found)?;
    call.with(&echo)
}

/// Keeps a resolution in its history.
pub(crate) fn note_resolution(call: &mut Call<'_>, id: u64, content: Value) {
    let mut entry = modules::blank("resolutionHistory");
    entry.insert("content".to_owned(), content);
    entry.insert("modifiedTime".to_owned(), call.now().into());
    entry.insert("author".to_owned(), render::agent(call.org, &call.me()));
    let mut rows = call.org.side("tickets", id, "resolutionHistory");
    rows.push(entry);
    call.org.put_side("tickets", id, "resolutionHistory", rows);
}

/// Closes tickets; all of them, or none.
pub(crate) fn close(call: &mut Call<'_>) -> Answer {
    let ids = call.sent_ids("ids");
    call.must_exist("tickets", &ids, "/ids")?;
    for id in ids.iter().filter_map(|id| id.parse().ok()) {
        change(call, id, Row::from_iter([("status".to_owned(), json!("Closed"))]))?;
    }
    call.done()
}

/// Moves a ticket to another department; its team and assignee do not follow.
pub(crate) fn move_to_department(call: &mut Call<'_>) -> Answer {
    let (id, _) = call.record("tickets")?;
    // The OAS has it in the query and in the body; clients send one or the other.
    let named = call.query("departmentId").map(str::to_owned);
    let in_body = call.sent("departmentId");
    let target = named.clone().unwrap_or_else(|| in_body.clone());
    if target.is_empty() {
        let message = "The mandatory query parameter 'departmentId' is missing in the input.";
        return Err(Refusal::unprocessable(message));
    }
    let department = call.org.row_of("departments", &target).map(|(_, row)| row);
    if !department.is_some_and(|row| is(&row, "isEnabled")) || !(in_body.is_empty() || in_body == target) {
        return Err(Refusal::invalid_field("/departmentId", "invalid"));
    }
    let fields = json!({"departmentId": target, "teamId": null, "assigneeId": null});
    change(call, id, serde_json::from_value(fields).unwrap_or_default())?;
    call.done()
}

/// Marks a ticket as read by the token's user.
pub(crate) fn mark_read(call: &mut Call<'_>) -> Answer {
    set_read(call, true)
}

/// Marks a ticket as unread by the token's user.
pub(crate) fn mark_unread(call: &mut Call<'_>) -> Answer {
    set_read(call, false)
}

fn set_read(call: &mut Call<'_>, read: bool) -> Answer {
    let (id, mut row) = call.record("tickets")?;
    row.insert("_read".to_owned(), read.into());
    call.org.put("tickets", id, row);
    call.done()
}

/// Tickets are archived after months without activity: of the seeded ones, some of the oldest.
pub(crate) fn archived(call: &mut Call<'_>) -> Answer {
    let department = call.query("departmentId").unwrap_or_default();
    if call.org.row_of("departments", department).is_none() {
        return Err(Refusal::bad_param("departmentId"));
    }
    let mut query = crate::desk::paging::query(call)?;
    query.clauses = vec![
        Clause::is("departmentId", department),
        Clause::is("isArchived", "true"),
        Clause::is("isTrashed", "false"),
    ];
    let rows = super::records::page(call, "tickets", &query);
    call.list(&modules::module("tickets").list, rows)
}

/// The id of the default department.
pub(crate) fn default_department(call: &Call<'_>) -> String {
    call.org.world.id(Kind::DEPARTMENT, 0)
}
