//! What becomes of several tickets: some merged into one, one split in two.

use serde_json::{Value, json};

use super::tickets::{property, set_status, transitions};
use super::{records, tags};
use crate::desk::call::{Answer, Call};
use crate::desk::clauses::Clause;
use crate::desk::modules::{text, value};
use crate::desk::refusal::Refusal;
use crate::desk::render;

/// Merges up to five tickets into the one of the path: their conversations move, they are gone.
pub(crate) fn merge(call: &mut Call<'_>) -> Answer {
    let (master, before) = call.record("tickets")?;
    let mut row = before.clone();
    let ids = call.sent_ids("ids");
    if ids.is_empty() || ids.len() > 5 || ids.contains(&master.to_string()) {
        return Err(Refusal::invalid_field("/ids", "invalid"));
    }
    call.must_exist("tickets", &ids, "/ids")?;
    let source = call.body.get("source").and_then(Value::as_object).cloned();
    let source = source.unwrap_or_default();
    for (field, from) in &source {
        let Some((_, other)) = call.org.row_of("tickets", from.as_str().unwrap_or_default()) else {
            return Err(Refusal::invalid_field(&format!("/source/{field}"), "invalid"));
        };
        row.insert(field.clone(), value(&other, field));
    }
    row.insert("modifiedTime".to_owned(), call.now().into());
    set_status(&mut row, Some(&before), &call.now());
    let mut changes = transitions(call, &before, &row, source.keys());
    call.org.put("tickets", master, row);
    for child in ids.iter().filter_map(|id| id.parse::<u64>().ok()) {
        for side in ["threads", "comments", "attachments", "timeEntry"] {
            let mut rows = call.org.side("tickets", master, side);
            rows.extend(call.org.side("tickets", child, side));
            let time = if side == "comments" {
                "commentedTime"
            } else {
                "createdTime"
            };
            rows.sort_by(|one, other| text(one, time).cmp(text(other, time)));
            call.org.put_side("tickets", master, side, rows);
        }
        let mut info = vec![property("MergedTicket", json!(child.to_string()))];
        info.append(&mut changes);
        call.note(master, "TicketMergedMaster", info);
        for task in call
            .org
            .ids("tasks", &[Clause::is("ticketId", &child.to_string())])
        {
            records::patch(call, "tasks", &task, "ticketId", master.to_string().into());
        }
        tags::move_over(call, child, master);
        call.org.remove("tickets", child);
    }
    call.org.count_tasks(master);
    let echo = render::echo(call, "tickets", master).ok_or_else(Refusal::not_found)?;
    call.with(&echo)
}

/// Makes a ticket of its own from one thread.
pub(crate) fn split(call: &mut Call<'_>) -> Answer {
    let (id, mut threads, at) = call.side_row("tickets", "threads")?;
    let parent = call.org.row("tickets", id).ok_or_else(Refusal::not_found)?;
    if threads.len() < 2 {
        return Err(Refusal::unprocessable(
            "The only thread of a ticket cannot be split.",
        ));
    }
    let thread = threads.remove(at);
    call.org.put_side("tickets", id, "threads", threads);
    let (new, number) = call.org.new_ticket();
    let mut row = parent.clone();
    let own = new.to_string();
    for (key, value) in [
        ("id", json!(own)),
        ("ticketNumber", json!(number.to_string())),
        ("createdTime", json!(call.now())),
        ("modifiedTime", json!(call.now())),
        ("description", value(&thread, "content")),
        ("webUrl", json!(call.org.world.web_url("Cases", &own))),
        (
            "sourceTicket",
            json!({"id": id.to_string(), "subject": parent["subject"]}),
        ),
        ("status", json!("Open")),
        ("_tags", json!([])),
        ("_blueprint", json!(false)),
    ] {
        row.insert(key.to_owned(), value);
    }
    for counter in [
        "commentCount",
        "attachmentCount",
        "tagCount",
        "followerCount",
        "taskCount",
        "approvalCount",
        "timeEntryCount",
    ] {
        row.insert(counter.to_owned(), "0".into());
    }
    set_status(&mut row, None, &call.now());
    call.org.put("tickets", new, row);
    call.org.put_side("tickets", new, "threads", vec![thread]);
    call.note(id, "TicketSplitParent", vec![property("Ticket", json!(own))]);
    call.note(
        new,
        "TicketSplitChild",
        vec![property("Ticket", json!(id.to_string()))],
    );
    let echo = render::echo(call, "tickets", new).ok_or_else(Refusal::not_found)?;
    call.with(&echo)
}
