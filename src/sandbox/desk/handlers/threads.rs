//! The conversation of a ticket: threads, and threads together with comments.

use serde_json::{Value, json};

use crate::desk::call::{Answer, Call};
use crate::desk::modules::{self, Row, text, value};
use crate::desk::paging;
use crate::desk::refusal::Refusal;
use crate::desk::seed::texts;
use crate::http::Reply;

/// The list form of a thread: a summary, no content.
pub(crate) fn short(thread: &Row) -> Value {
    let keys = &modules::module("threads").row;
    keys.iter()
        .map(|key| (key.clone(), value(thread, key)))
        .collect::<Row>()
        .into()
}

/// Characters of content that a thread's own answer has; `fullContent` has the rest.
const LONGEST: usize = 60_000;

/// The whole thread, as answers show it.
pub(crate) fn whole(call: &Call<'_>, thread: &Row) -> Value {
    let mut row = thread.clone();
    row.retain(|key, _| !key.starts_with('_'));
    if call.items("include").iter().any(|name| name == "plainText") {
        let plain = texts::plain(text(thread, "content"), text(thread, "contentType"));
        row.insert("plainText".to_owned(), plain.into());
    }
    if let Some((end, _)) = text(thread, "content").char_indices().nth(LONGEST) {
        let (ticket, id) = (call.path.first().cloned().unwrap_or_default(), text(thread, "id"));
        let url = format!("https://desk.zoho.com/api/v1/tickets/{ticket}/threads/{id}/fullContent");
        row.insert("content".to_owned(), text(thread, "content")[..end].into());
        row.insert("isContentTruncated".to_owned(), true.into());
        row.insert("fullContentURL".to_owned(), url.into());
    }
    row.into()
}

/// The threads of a ticket, newest first.
pub(crate) fn list(call: &mut Call<'_>) -> Answer {
    let (id, _) = call.record("tickets")?;
    let mut threads = call.org.side("tickets", id, "threads");
    if call.query("sortBy") != Some("sendDateTime") {
        threads.reverse();
    }
    let rows = paging::cut(call, threads)?.iter().map(short).collect();
    call.list("data", rows)
}

/// One thread with its content.
pub(crate) fn get(call: &mut Call<'_>) -> Answer {
    let (_, threads, at) = call.side_row("tickets", "threads")?;
    let thread = whole(call, &threads[at]);
    call.with(&thread)
}

/// One thread with all of its content, however long.
pub(crate) fn full(call: &mut Call<'_>) -> Answer {
    let (_, threads, at) = call.side_row("tickets", "threads")?;
    let mut row = threads[at].clone();
    row.retain(|key, _| !key.starts_with('_'));
    call.with(&row.into())
}

/// The latest thread that fits.
pub(crate) fn latest(call: &mut Call<'_>) -> Answer {
    let (id, _) = call.record("tickets")?;
    let status = call.query("threadStatus").map(str::to_uppercase);
    let fits = |thread: &&Row| {
        (!call.flag("needPublic") || text(thread, "visibility") == "public")
            && (!call.flag("needIncomingThread") || text(thread, "direction") == "in")
            && status
                .as_ref()
                .is_none_or(|status| text(thread, "status") == status)
    };
    match call.org.side("tickets", id, "threads").iter().rev().find(fits) {
        Some(thread) => call.with(&whole(call, thread)),
        None => Ok(Reply::empty(204)),
    }
}

/// The mail as it came in.
pub(crate) fn original(call: &mut Call<'_>) -> Answer {
    let (_, threads, at) = call.side_row("tickets", "threads")?;
    let thread = &threads[at];
    let mail = format!(
        "From: {}\r\nTo: {}\r\nDate: {}\r\nContent-Type: text/html; charset=UTF-8\r\n\r\n{}",
        text(thread, "fromEmailAddress"),
        text(thread, "to"),
        text(thread, "createdTime"),
        text(thread, "content")
    );
    call.with(&json!({"content": mail}))
}

/// The bytes of a file in a thread.
pub(crate) fn attachment(call: &mut Call<'_>) -> Answer {
    file_of(call, "threads")
}

/// The bytes of a file in a comment.
pub(crate) fn comment_attachment(call: &mut Call<'_>) -> Answer {
    file_of(call, "comments")
}

fn file_of(call: &mut Call<'_>, side: &str) -> Answer {
    let (_, rows, at) = call.side_row("tickets", side)?;
    let wanted = call.path.get(2).cloned().unwrap_or_default();
    let attachments = rows[at]
        .get("attachments")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let found = attachments
        .iter()
        .find(|attachment| attachment["id"] == wanted.as_str())
        .and_then(Value::as_object)
        .cloned();
    super::attachments::file_reply(call, &found.ok_or_else(Refusal::not_found)?)
}

/// Threads and comments in one list, newest first.
pub(crate) fn conversations(call: &mut Call<'_>) -> Answer {
    let (id, _) = call.record("tickets")?;
    let mut rows: Vec<(String, Value)> = Vec::new();
    for thread in call.org.side("tickets", id, "threads") {
        let mut row = short(&thread);
        row["type"] = "thread".into();
        rows.push((text(&thread, "createdTime").to_owned(), row));
    }
    for comment in call.org.side("tickets", id, "comments") {
        let mut row = Value::Object(comment.clone());
        row["type"] = "comment".into();
        rows.push((text(&comment, "commentedTime").to_owned(), row));
    }
    // Of two at one moment the later is the newer.
    rows.reverse();
    rows.sort_by(|(one, _), (other, _)| other.cmp(one));
    let rows = paging::cut(call, rows)?.into_iter().map(|(_, row)| row).collect();
    call.list("data", rows)
}
