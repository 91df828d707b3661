//! Tags: names of the organization, hung on tickets.

use serde_json::{Value, json};

use super::records;
use crate::desk::call::{Answer, Call};
use crate::desk::clauses::{Clause, Pattern};
use crate::desk::filters;
use crate::desk::modules::{self, Row};
use crate::desk::paging;
use crate::desk::refusal::Refusal;

fn tag(call: &Call<'_>, name: &str) -> Value {
    let id = call
        .org
        .tags
        .iter()
        .find(|(_, known)| known == name)
        .map(|(id, _)| id.to_string());
    json!({"id": id, "name": name, "tagType": "MANUAL"})
}

/// The tags of a ticket.
pub(crate) fn of_ticket(call: &mut Call<'_>) -> Answer {
    let (_, row) = call.record("tickets")?;
    let tags: Vec<Value> = modules::texts(&row, "_tags")
        .iter()
        .map(|name| tag(call, name))
        .collect();
    call.with(&json!({"tags": tags}))
}

/// Hangs tags on a ticket; unknown ones are created.
pub(crate) fn associate(call: &mut Call<'_>) -> Answer {
    let (id, row) = call.record("tickets")?;
    let mut names = modules::texts(&row, "_tags");
    let sent: Vec<String> = call
        .sent_ids("tags")
        .iter()
        .map(|name| name.to_lowercase())
        .collect();
    for name in &sent {
        if !call.org.tags.iter().any(|(_, known)| known == name) {
            let new = call.org.new_id();
            call.org.tags.push_back((new, name.clone()));
        }
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    set(call, id, row, names);
    call.note(id, "TagsAdded", vec![json!({"propertyName": "Tags", "propertyType": "TextList", "propertyValue": sent, "systemProperty": true})]);
    let tags: Vec<Value> = sent.iter().map(|name| tag(call, name)).collect();
    call.with(&json!({"data": tags}))
}

/// Takes tags off a ticket.
pub(crate) fn dissociate(call: &mut Call<'_>) -> Answer {
    let (id, row) = call.record("tickets")?;
    let sent: Vec<String> = call
        .sent_ids("tags")
        .iter()
        .map(|name| name.to_lowercase())
        .collect();
    let names = modules::texts(&row, "_tags")
        .into_iter()
        .filter(|name| !sent.contains(name))
        .collect();
    set(call, id, row, names);
    call.note(id, "TagsRemoved", vec![json!({"propertyName": "Tags", "propertyType": "TextList", "propertyValue": sent, "systemProperty": true})]);
    call.done()
}

/// Gives one ticket the tags of another beside its own.
pub(crate) fn move_over(call: &mut Call<'_>, from: u64, to: u64) {
    let (Some(source), Some(row)) = (call.org.row("tickets", from), call.org.row("tickets", to)) else {
        return;
    };
    let mut names = modules::texts(&row, "_tags");
    let others = modules::texts(&source, "_tags");
    names.extend(
        others
            .into_iter()
            .filter(|name| !modules::texts(&row, "_tags").contains(name)),
    );
    set(call, to, row, names);
}

fn set(call: &mut Call<'_>, id: u64, mut row: Row, names: Vec<String>) {
    row.insert("tagCount".to_owned(), names.len().to_string().into());
    row.insert("_tags".to_owned(), names.into());
    row.insert("modifiedTime".to_owned(), call.now().into());
    call.org.put("tickets", id, row);
}

fn counted(call: &Call<'_>) -> Result<Vec<Value>, Refusal> {
    let department = call.query("departmentId").unwrap_or_default();
    if department != "0" && call.org.row_of("departments", department).is_none() {
        return Err(Refusal::bad_param("departmentId"));
    }
    let mut clauses = vec![Clause::is("isTrashed", "false"), Clause::is("isSpam", "false")];
    if department != "0" {
        clauses.push(Clause::is("departmentId", department));
    }
    let rows = call.org.tags.iter().map(|(id, name)| {
        let count = call.org.count(
            "tickets",
            &[clauses.clone(), vec![Clause::is("_tags", name)]].concat(),
        );
        json!({"id": id.to_string(), "name": name, "tagType": "MANUAL", "ticketCount": count.to_string()})
    });
    Ok(rows.collect())
}

/// The tags in use in a department, the most used first.
pub(crate) fn list(call: &mut Call<'_>) -> Answer {
    let mut rows: Vec<Value> = counted(call)?
        .into_iter()
        .filter(|row| row["ticketCount"] != "0")
        .collect();
    if call.query("sortBy") == Some("createdTime") {
        rows.reverse();
    } else {
        rows.sort_by_key(|row| {
            std::cmp::Reverse(
                row["ticketCount"]
                    .as_str()
                    .and_then(|count| count.parse::<u64>().ok()),
            )
        });
    }
    let rows = paging::cut(call, rows)?;
    call.list("data", rows)
}

/// Tags by a part of their name.
pub(crate) fn search(call: &mut Call<'_>) -> Answer {
    let pattern = Pattern::contains(call.query("searchVal").unwrap_or_default());
    let mut rows: Vec<Value> = counted(call)?
        .into_iter()
        .filter(|row| pattern.fits(row["name"].as_str().unwrap_or_default()))
        .collect();
    for row in rows.iter_mut().filter_map(Value::as_object_mut) {
        row.shift_remove("ticketCount");
    }
    let rows = paging::cut(call, rows)?;
    call.list("data", rows)
}

fn name_of(call: &Call<'_>, id: &str) -> Option<String> {
    call.org
        .tags
        .iter()
        .find(|(known, _)| known.to_string() == id)
        .map(|(_, name)| name.clone())
}

/// The tickets with a tag.
pub(crate) fn tickets(call: &mut Call<'_>) -> Answer {
    let name = name_of(call, &call.path[0]).ok_or_else(Refusal::not_found)?;
    let mut query = paging::query(call)?;
    query.clauses = filters::clauses(call, "tickets")?;
    query.clauses.push(Clause::is("_tags", &name));
    let rows = records::page(call, "tickets", &query);
    call.list("data", rows)
}

/// Replaces one tag by another on every ticket and deletes it.
pub(crate) fn replace(call: &mut Call<'_>) -> Answer {
    let old = name_of(call, &call.path[0]).ok_or_else(Refusal::not_found)?;
    let new = name_of(call, &call.sent("id")).ok_or_else(|| Refusal::invalid_field("/id", "invalid"))?;
    for id in call.org.ids("tickets", &[Clause::is("_tags", &old)]) {
        let Some((number, row)) = call.org.row_of("tickets", &id) else {
            continue;
        };
        let mut names: Vec<String> = modules::texts(&row, "_tags")
            .into_iter()
            .filter(|name| *name != old && *name != new)
            .collect();
        names.push(new.clone());
        set(call, number, row, names);
    }
    if old != new {
        call.org.tags.retain(|(_, name)| *name != old);
    }
    call.done()
}
