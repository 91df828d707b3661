//! What happened to a ticket: events, resolutions.

use serde_json::{Value, json};

use crate::desk::call::{Answer, Call};
use crate::desk::modules::{Row, text, value};
use crate::desk::paging;
use crate::desk::refusal::Refusal;
use crate::desk::seed::tickets::past::Change;

/// The events of a ticket, newest first.
pub(crate) fn list(call: &mut Call<'_>) -> Answer {
    let (id, row) = call.record("tickets")?;
    let mut events = happened(call, id, &row);
    events
        .iter_mut()
        .for_each(|event| call.org.sight.hide_in_history(event));
    events.reverse();
    events.sort_by(|one, other| other["eventTime"].as_str().cmp(&one["eventTime"].as_str()));
    let (agent, field) = (
        call.query("agentId").map(str::to_owned),
        call.query("fieldName").map(str::to_owned),
    );
    let group = call
        .query("eventFilter")
        .and_then(|filter| filter.strip_suffix("History"))
        .map(str::to_owned);
    events.retain(|event| {
        let properties = || event["eventInfo"].as_array().into_iter().flatten();
        agent
            .as_ref()
            .is_none_or(|agent| event["actor"]["id"] == agent.as_str())
            && field
                .as_ref()
                .is_none_or(|field| properties().any(|property| property["propertyName"] == field.as_str()))
            && group.as_ref().is_none_or(|group| {
                event["eventName"]
                    .as_str()
                    .is_some_and(|name| name.starts_with(group.as_str()))
            })
    });
    let events = paging::cut(call, events)?;
    call.list("data", events)
}

/// All events of a ticket; those of the seed come first.
pub(crate) fn happened(call: &Call<'_>, id: u64, row: &Row) -> Vec<Value> {
    let mut events = seeded(call, id, row);
    events.extend(call.org.noted(id).into_iter().map(Value::Object));
    events
}

/// The events that a ticket's own content tells of: its creation, seeded threads and comments, what the seed did with it.
fn seeded(call: &Call<'_>, id: u64, row: &Row) -> Vec<Value> {
    let known = call
        .org
        .noted(id)
        .iter()
        .any(|event| text(event, "eventName").starts_with("TicketCreated"));
    let mut events = Vec::new();
    if !known {
        let contact = call
            .org
            .row_of("contacts", text(row, "contactId"))
            .map(|(_, row)| row)
            .unwrap_or_default();
        let name = format!("{} {}", text(&contact, "firstName"), text(&contact, "lastName"));
        events.push(event(
            "TicketCreated",
            text(row, "createdTime"),
            json!({"id": row["contactId"], "name": name.trim(), "type": "Contact"}),
        ));
    }
    for thread in call
        .org
        .side("tickets", id, "threads")
        .iter()
        .filter(|thread| written_before(thread))
    {
        let kind = if thread["author"]["type"] == "AGENT" {
            "Agent"
        } else {
            "Contact"
        };
        let actor = json!({"id": thread["author"]["id"], "name": thread["author"]["name"], "type": kind});
        events.push(event("ThreadAdded", text(thread, "createdTime"), actor));
    }
    for comment in call
        .org
        .side("tickets", id, "comments")
        .iter()
        .filter(|comment| written_before(comment))
    {
        let actor =
            json!({"id": comment["commenterId"], "name": comment["commenter"]["name"], "type": "Agent"});
        events.push(event("CommentAdded", text(comment, "commentedTime"), actor));
    }
    if let Some(seedling) = call.org.seedling(id) {
        events.extend(seedling.changes().into_iter().map(Change::event));
    }
    events
}

/// True for rows of the seed: what came later is in the noted history already.
fn written_before(row: &Row) -> bool {
    text(row, "id").get(9..10).is_some_and(|digit| digit != "9")
}

fn event(name: &str, time: &str, actor: Value) -> Value {
    json!({"eventName": name, "eventTime": time, "source": "Email", "actor": actor, "actorInfo": null, "eventInfo": []})
}

/// When a ticket was opened again.
pub(crate) fn reopenings(call: &Call<'_>, id: u64, row: &Row) -> Vec<String> {
    let events = happened(call, id, row).into_iter();
    let times = events.filter(reopens).map(|event| event["eventTime"].clone());
    times
        .filter_map(|time| time.as_str().map(str::to_owned))
        .collect()
}

/// Whether a closed ticket is open after an event.
pub(crate) fn reopens(event: &Value) -> bool {
    event["eventInfo"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|property| {
            property["propertyName"] == "status" && property["propertyValue"]["previousValue"] == "Closed"
        })
}

/// The resolution of a ticket.
pub(crate) fn resolution(call: &mut Call<'_>) -> Answer {
    let (id, row) = call.record("tickets")?;
    let last = call
        .org
        .side("tickets", id, "resolutionHistory")
        .pop()
        .unwrap_or_default();
    let content = value(&row, "resolution");
    let author = if content.is_null() {
        Value::Null
    } else {
        value(&last, "author")
    };
    let time = if content.is_null() {
        Value::Null
    } else {
        value(&last, "modifiedTime")
    };
    call.with(&json!({"content": content, "modifiedTime": time, "author": author}))
}

/// Writes the resolution.
pub(crate) fn update_resolution(call: &mut Call<'_>) -> Answer {
    let (id, _) = call.record("tickets")?;
    let content = value(&call.body, "content");
    set_resolution(call, id, content.clone())?;
    super::tickets::note_resolution(call, id, content);
    resolution(call)
}

fn set_resolution(call: &mut Call<'_>, id: u64, content: Value) -> Result<(), Refusal> {
    super::tickets::change(call, id, Row::from_iter([("resolution".to_owned(), content)]))
}

/// Empties the resolution.
pub(crate) fn delete_resolution(call: &mut Call<'_>) -> Answer {
    let (id, _) = call.record("tickets")?;
    set_resolution(call, id, Value::Null)?;
    call.done()
}
