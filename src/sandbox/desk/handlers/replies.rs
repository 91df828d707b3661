//! Replies and drafts of replies.

use serde_json::{Value, json};

use super::{metrics, references, threads, tickets};
use crate::desk::call::{Answer, Call};
use crate::desk::clauses::Clause;
use crate::desk::modules::{self, Row, text};
use crate::desk::refusal::Refusal;
use crate::desk::seed::{staff, texts};
use crate::desk::times;
use crate::http::Reply;

/// Sends a reply: answered as PENDING, SUCCESS from then on.
pub(crate) fn send(call: &mut Call<'_>) -> Answer {
    let (id, _) = call.record("tickets")?;
    check(call)?;
    let thread = thread(call, "PENDING");
    let mut stored = thread.clone();
    stored.insert("status".to_owned(), "SUCCESS".into());
    add(call, id, stored);
    after_sending(call, id, &call.sent("ticketStatus"))?;
    let reply = Reply::json(200, &threads::whole(call, &thread));
    Ok(reply
        .with("isassignmentruleapplied", "false")
        .with("isslaapplied", "false")
        .with("iswfruleapplied", "false"))
}

fn check(call: &Call<'_>) -> Result<(), Refusal> {
    let from = call.sent("fromEmailAddress");
    if text(&call.body, "channel") == "EMAIL" && call.request.method == http::Method::POST {
        if from.is_empty() {
            return Err(Refusal::invalid_field("/fromEmailAddress", "missing"));
        }
        let address = from
            .rsplit_once('<')
            .map_or(from.as_str(), |(_, rest)| rest.trim_end_matches('>'));
        if call
            .org
            .ids("mailReplyAddress", &[Clause::is("address", address.trim())])
            .is_empty()
        {
            return Err(Refusal::invalid_field("/fromEmailAddress", "invalid"));
        }
    }
    let status = call.sent("ticketStatus");
    let known = references::field(call, "tickets", "status").is_some_and(|field| {
        field["allowedValues"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|value| {
                value["value"]
                    .as_str()
                    .is_some_and(|value| value.eq_ignore_ascii_case(&status))
            })
    });
    if status.is_empty() || known {
        Ok(())
    } else {
        Err(Refusal::invalid_field("/ticketStatus", "invalid"))
    }
}

/// A new outgoing thread from the body.
fn thread(call: &mut Call<'_>, status: &str) -> Row {
    let id = call.org.new_id().to_string();
    let html = text(&call.body, "contentType") == "html";
    let mut row = modules::blank("threads");
    let author = staff::author(&call.org.world, call.org.sight.agent);
    let private = call.sent_flag("isPrivate") || call.flag("isPrivate");
    for (key, value) in [
        ("id", json!(id)),
        ("channel", json!(call.sent("channel"))),
        ("direction", json!("out")),
        ("status", json!(status)),
        ("visibility", json!(if private { "private" } else { "public" })),
        (
            "contentType",
            json!(if html { "text/html" } else { "text/plain" }),
        ),
        ("createdTime", json!(call.now())),
        ("author", author),
        ("responderId", json!(call.me())),
        ("isForward", json!(call.sent_flag("isForward"))),
    ] {
        row.insert(key.to_owned(), value);
    }
    write(call, &mut row);
    row
}

/// Puts content, addresses and attachments of the body into a thread.
fn write(call: &Call<'_>, row: &mut Row) {
    if call.body.contains_key("contentType") {
        let html = text(&call.body, "contentType") == "html";
        let kind = if html { "text/html" } else { "text/plain" };
        row.insert("contentType".to_owned(), kind.into());
    }
    if call.body.contains_key("content") {
        row.insert("content".to_owned(), call.sent("content").into());
        let summary = texts::summary(&call.sent("content"), text(row, "contentType"));
        row.insert("summary".to_owned(), summary.into());
    }
    for key in ["to", "cc", "bcc", "fromEmailAddress"] {
        if call.body.contains_key(key) {
            row.insert(key.to_owned(), call.sent(key).into());
        }
    }
    let from = text(row, "fromEmailAddress").to_owned();
    row.insert("replyTo".to_owned(), from.into());
    let sent = [call.sent_ids("attachmentIds"), call.sent_ids("uploads")].concat();
    if !sent.is_empty() {
        let thread = text(row, "id").to_owned();
        let files: Vec<Value> = sent
            .iter()
            .filter_map(|id| super::attachments::reference(call, "threads", &thread, id))
            .collect();
        row.insert("hasAttach".to_owned(), (!files.is_empty()).into());
        row.insert("attachmentCount".to_owned(), files.len().to_string().into());
        row.insert("attachments".to_owned(), files.into());
    }
}

fn add(call: &mut Call<'_>, ticket: u64, mut thread: Row) {
    let mut threads = call.org.side("tickets", ticket, "threads");
    if text(&thread, "status") != "DRAFT" {
        thread.insert("respondedIn".to_owned(), responded_in(call, ticket, &threads));
    }
    threads.push(thread);
    call.org.put_side("tickets", ticket, "threads", threads);
}

/// How long the customer has waited for what is sent now.
fn responded_in(call: &Call<'_>, ticket: u64, threads: &[Row]) -> Value {
    let row = call.org.row("tickets", ticket).unwrap_or_default();
    let waited = metrics::waited(threads, text(&row, "createdTime"), call.moment());
    waited.map(times::spent).into()
}

/// What a sent reply does to its ticket.
fn after_sending(call: &mut Call<'_>, id: u64, status: &str) -> Result<(), Refusal> {
    if !status.is_empty() {
        tickets::change(call, id, Row::from_iter([("status".to_owned(), json!(status))]))?;
    }
    let Some(mut row) = call.org.row("tickets", id) else {
        return Ok(());
    };
    let channel = call
        .org
        .side("tickets", id, "threads")
        .last()
        .map(|thread| thread["channel"].clone());
    row.insert(
        "lastThread".to_owned(),
        json!({"channel": channel, "isDraft": false, "isForward": false, "direction": "out"}),
    );
    row.insert("responseDueDate".to_owned(), Value::Null);
    row.insert("modifiedTime".to_owned(), call.now().into());
    row.insert("_recent".to_owned(), call.now().into());
    call.org.put("tickets", id, row);
    call.note(id, "ThreadAdded", vec![json!({"propertyName": "Direction", "propertyType": "Text", "propertyValue": "out", "systemProperty": true})]);
    Ok(())
}

/// Saves a reply as a draft.
pub(crate) fn draft(call: &mut Call<'_>) -> Answer {
    let (id, _) = call.record("tickets")?;
    check(call)?;
    let mut thread = thread(call, "DRAFT");
    let href = format!(
        "https://desk.zoho.com/api/v1/tickets/{id}/draftReply/{}",
        text(&thread, "id")
    );
    let action = |method: &str, rel: &str| json!({"method": method, "rel": rel, "href": href});
    thread.insert(
        "actions".to_owned(),
        json!([action("PATCH", "update"), action("DELETE", "delete")]),
    );
    add(call, id, thread.clone());
    call.with(&threads::whole(call, &thread))
}

/// The draft that an id names, with the ticket and its threads.
fn find_draft(call: &Call<'_>, thread: &str) -> Result<(u64, Vec<Row>, usize), Refusal> {
    let (id, _) = call.record("tickets")?;
    let threads = call.org.side("tickets", id, "threads");
    let at = threads
        .iter()
        .position(|row| text(row, "id") == thread && text(row, "status") == "DRAFT");
    Ok((id, threads, at.ok_or_else(Refusal::not_found)?))
}

/// Changes a draft.
pub(crate) fn update_draft(call: &mut Call<'_>) -> Answer {
    let (id, mut threads, at) = find_draft(call, &call.path[1])?;
    check(call)?;
    write(call, &mut threads[at]);
    let thread = threads[at].clone();
    call.org.put_side("tickets", id, "threads", threads);
    call.with(&threads::whole(call, &thread))
}

/// Throws a draft away.
pub(crate) fn delete_draft(call: &mut Call<'_>) -> Answer {
    let (id, mut threads, at) = find_draft(call, &call.path[1])?;
    threads.remove(at);
    call.org.put_side("tickets", id, "threads", threads);
    call.done()
}

/// Sends a draft.
pub(crate) fn send_draft(call: &mut Call<'_>) -> Answer {
    let draft = call.query("draftThreadId").unwrap_or_default().to_owned();
    let (id, mut threads, at) = find_draft(call, &draft).map_err(|_| Refusal::bad_param("draftThreadId"))?;
    let mut thread = threads.remove(at);
    thread.insert("status".to_owned(), "SUCCESS".into());
    thread.insert("createdTime".to_owned(), call.now().into());
    thread.insert("actions".to_owned(), Value::Null);
    if call.flag("isPrivate") {
        thread.insert("visibility".to_owned(), "private".into());
    }
    thread.insert("respondedIn".to_owned(), responded_in(call, id, &threads));
    threads.push(thread.clone());
    call.org.put_side("tickets", id, "threads", threads);
    let status = call.query("ticketStatus").unwrap_or_default().to_owned();
    after_sending(call, id, &status)?;
    thread.insert("status".to_owned(), "PENDING".into());
    call.with(&threads::whole(call, &thread))
}
