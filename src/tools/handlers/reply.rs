//! `draft_reply` and `send_reply`: an answer on a case, kept there or sent. Who gets it stands in the case or in the call; no
//! text of a message chooses them.

mod mail;

use http::Method;
use mail::Mail;
use serde_json::{Map, Value, json};

use super::Context;
use super::attach::{MOST_OF_DESK, in_words};
use super::on_record::{OnRecord, OneCall, case, new, new_text, rows_of, taken_back};
use crate::tools::digest::digest_of;
use crate::tools::error::ToolError;
use crate::tools::files::{Taken, take};
use crate::tools::request::{text, texts};
use crate::tools::writing::{Look, Plan, Planned, Reach, Sending};
use crate::zoho::{Effect, Upload};

/// Messages of a case that are read, the newest.
const MESSAGES: usize = 100;
/// Messages that are looked through for one whose answer was lost.
const LATEST: &str = "10";

/// What Zoho calls an answer that did not go out (Desk's entity `thread`, `status`).
const FAILED: &str = "FAILED";

/// What becomes of the answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Kept,
    Sent,
}

/// What an answer answers, and how.
struct Answering<'a> {
    /// All that was read, the newest first.
    messages: &'a [Value],
    /// The last one that came in.
    last: Option<&'a Value>,
    /// As Zoho names it.
    channel: &'static str,
}

/// Plans a draft.
pub(super) async fn draft(context: Context<'_>) -> Result<Plan, ToolError> {
    Ok(Plan::Act(Box::new(planned(context, Fate::Kept).await?)))
}

/// Plans an answer that is sent.
pub(super) async fn send(context: Context<'_>) -> Result<Plan, ToolError> {
    Ok(Plan::Act(Box::new(planned(context, Fate::Sent).await?)))
}

async fn planned(context: Context<'_>, fate: Fate) -> Result<Planned, ToolError> {
    let case = case(context, Some("contacts")).await?;
    let read = case.read(["threads"]).with_query("limit", MESSAGES.to_string());
    let mut messages = rows_of(case.session, &read, "data").await?;
    messages.sort_by(|one, other| member(other, "createdTime").cmp(member(one, "createdTime")));
    let last = messages
        .iter()
        .find(|message| member(message, "direction") == "in");
    let answering = Answering {
        messages: &messages,
        last,
        channel: channel(last, fate)?,
    };
    let content = text(context.arguments, "content").unwrap_or_default();
    let mut body = Map::new();
    body.insert("channel".to_owned(), json!(answering.channel));
    let mut changes = Vec::new();
    if answering.channel == "EMAIL" {
        let mail = Mail::of(context, &case, &answering).await?;
        changes.extend(mail.lines());
        body.extend(mail.members());
    } else {
        mail::refuse_addresses(context, answering.channel)?;
        changes.push(new("channel", answering.channel));
        let answered = last.map(|last| ("inReplyToThreadId".to_owned(), json!(member(last, "id"))));
        body.extend(answered);
    }
    let files = files(context).await?;
    changes.extend(files.iter().map(|file| new("file", in_words(file))));
    changes.extend(new_text("reply", content));
    body.insert("content".to_owned(), json!(content));
    body.insert("contentType".to_owned(), json!("plainText"));
    let mut planned = match fate {
        Fate::Kept => kept(&case, content, body.into()),
        Fate::Sent => sent(&case, content, body.into()),
    };
    planned.changes = changes;
    if !files.is_empty() {
        // What is agreed to are these files, whatever bears their names later.
        let marks: Vec<String> = files.iter().map(|file| digest_of(&file.bytes)).collect();
        let seen = planned.seen.unwrap_or_default();
        planned.seen = Some(
            format!("{seen} with the files {}", marks.join(" "))
                .trim()
                .to_owned(),
        );
    }
    if let Some(step) = planned.steps.first_mut() {
        step.call.known_by = step.call.body.as_ref().map(mail::in_any_order);
        let upload = |Taken { name, bytes }| Upload { name, bytes };
        step.call.attached = files.into_iter().map(upload).collect();
    }
    Ok(planned)
}

/// The files that go with it.
async fn files(context: Context<'_>) -> Result<Vec<Taken>, ToolError> {
    let mut files = Vec::new();
    for (place, named) in texts(context.arguments, "files").iter().enumerate() {
        let argument = format!("/files/{place}");
        let file = take(context.invocation, &argument, named, MOST_OF_DESK).await?;
        let is_there = |other: &Taken| other.name == file.name && other.bytes == file.bytes;
        if files.iter().any(is_there) {
            return Err(ToolError::argument(
                &argument,
                "each file once",
                format!("{} once more", file.name),
                None,
            ));
        }
        files.push(file);
    }
    Ok(files)
}

/// A member of a message, as text.
fn member<'v>(message: &'v Value, name: &str) -> &'v str {
    message.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The way an answer goes: the one that the customer came by where Zoho answers on it, else by mail.
fn channel(last: Option<&Value>, fate: Fate) -> Result<&'static str, ToolError> {
    let refused = |why: &str| {
        Err(ToolError::argument(
            "/id",
            "a case that is answered by mail",
            why,
            None,
        ))
    };
    match last.map(|last| member(last, "channel")) {
        Some("FACEBOOK") => Ok("FACEBOOK"),
        Some("FORUMS") => Ok("FORUMS"),
        Some("TWITTER") if fate == Fate::Sent => Ok("TWITTER"),
        Some("TWITTER") => refused("one of Twitter, for which Zoho keeps no drafts"),
        Some("TWITTER_DM") => {
            refused("a private message on Twitter, which is answered in Zoho's own pages only")
        }
        _ => Ok("EMAIL"),
    }
}

/// The last message on its way out that begins as this one.
fn look(case: &OnRecord<'_>, content: &str) -> Look {
    let is = [("/direction".to_owned(), json!("out"))];
    Look {
        query: vec![("limit".to_owned(), LATEST.to_owned())],
        list: Some("data".to_owned()),
        is: is.into_iter().collect(),
        begins: Some(("/summary".to_owned(), content.to_owned())),
        since: Some("createdTime".to_owned()),
        ..case.look(["threads"])
    }
}

fn kept(case: &OnRecord<'_>, content: &str, body: Value) -> Planned {
    let call = Sending::new(Effect::Create, &Method::POST, case.below(["draftReply"]));
    let back = Sending::new(
        Effect::Remove,
        &Method::DELETE,
        case.below(["draftReply", "{made}"]),
    );
    let is_draft = || [("/status".to_owned(), json!("DRAFT"))].into_iter();
    let holds = Look {
        is: is_draft().collect(),
        ..case.look(["threads", "{made}"])
    };
    let mut look = look(case, content);
    look.is.extend(is_draft());
    let back = back.with_scopes(&case.writing.remove);
    let step = OneCall {
        call: call.with_body(body).with_scopes(&case.writing.change),
        look: Some(look),
        undo: Some(taken_back("delete the draft", back, holds)),
    };
    Planned {
        is_aside: true,
        ..case.plan("Threads", "save a draft of a reply", step)
    }
}

fn sent(case: &OnRecord<'_>, content: &str, body: Value) -> Planned {
    let call = Sending::new(Effect::Send, &Method::POST, case.below(["sendReply"]));
    let mut look = look(case, content);
    look.none_of
        .insert("/status".to_owned(), vec![json!("DRAFT"), json!(FAILED)]);
    let step = OneCall {
        call: call.with_body(body).with_scopes(&case.writing.change),
        look: Some(look),
        undo: None,
    };
    let mut planned = case.plan("Threads", "SEND a reply", step);
    for step in &mut planned.steps {
        step.fails = Some(("/status".to_owned(), FAILED.to_owned()));
    }
    Planned {
        seen: case.written.seen.clone(),
        reach: Reach::Customer,
        notes: vec!["Whether it went out, get_ticket_context shows.".to_owned()],
        ..planned
    }
}
