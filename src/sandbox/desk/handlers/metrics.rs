//! How fast a ticket was worked on, computed from its threads and its history. Source: Desk's OpenAPI (TicketMetrics):
//! durations are texts in hours and minutes, counts are numbers in texts. (Assumed: an answer is what agents send first after
//! a customer wrote or the ticket came; a ticket is handled as long as it is not closed.)

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{history, tickets};
use crate::desk::call::{Answer, Call};
use crate::desk::modules::{Row, text, value};
use crate::desk::seed::staff;

/// What a field held, and from when to when, in seconds since 1970.
struct Span {
    held: Value,
    from: i64,
    until: i64,
}

/// The figures of the ticket of the path.
pub(crate) fn of_ticket(call: &mut Call<'_>) -> Answer {
    let (id, row) = call.record("tickets")?;
    let threads = call.org.side("tickets", id, "threads");
    let created = second(text(&row, "createdTime")).unwrap_or(0);
    let life = (created, call.moment().as_second());
    let mut events = history::happened(call, id, &row);
    events.sort_by(|one, other| one["eventTime"].as_str().cmp(&other["eventTime"].as_str()));
    let statuses = spans(&events, "status", value(&row, "status"), life);
    let now = tickets::in_history(call, "assigneeId", value(&row, "assigneeId"));
    let agents = spans(&events, "assigneeId", now, life);
    let waits = waits(&threads, created);
    let closed = second(text(&row, "closedTime")).unwrap_or(created);
    let reopened = events.iter().filter(|event| history::reopens(event)).count();
    let metrics = json!({
        "firstResponseTime": hours(waits.first().copied().unwrap_or(0)), "totalResponseTime": hours(waits.iter().sum()),
        "resolutionTime": hours((closed - created).max(0)), "responseCount": waits.len().to_string(),
        "outgoingCount": threads.iter().filter(|thread| is_sent(thread)).count().to_string(),
        "threadCount": threads.len().to_string(), "reopenCount": reopened.to_string(),
        "reassignCount": reassigned(&agents).to_string(), "stagingData": staged(&statuses), "agentsHandled": handled(&agents, &statuses),
    });
    call.with(&metrics)
}

/// A duration as Desk writes it.
pub(crate) fn hours(seconds: i64) -> String {
    format!("{:02}:{:02} hrs", seconds / 3600, seconds / 60 % 60)
}

fn second(time: &str) -> Option<i64> {
    time.parse::<Timestamp>().ok().map(Timestamp::as_second)
}

fn is_sent(thread: &Row) -> bool {
    text(thread, "direction") == "out" && text(thread, "status") != "DRAFT"
}

/// How long somebody waited for each answer.
fn waits(threads: &[Row], created: i64) -> Vec<i64> {
    let (mut waits, mut since) = (Vec::new(), Some(created));
    for thread in threads {
        let at = second(text(thread, "createdTime")).unwrap_or(created);
        if is_sent(thread) {
            waits.extend(since.take().map(|since| (at - since).max(0)));
        } else if text(thread, "direction") != "out" {
            since.get_or_insert(at);
        }
    }
    waits
}

/// How long somebody has waited for an answer to what is there already; nothing where nobody waits.
pub(crate) fn waited(threads: &[Row], created: &str, now: Timestamp) -> Option<i64> {
    let sent = threads.iter().rposition(is_sent);
    let unanswered = threads.iter().skip(sent.map_or(0, |place| place + 1));
    let mut asked = unanswered.filter(|thread| text(thread, "direction") != "out");
    let first = asked.next().map(|thread| text(thread, "createdTime"));
    let since = first.or(sent.is_none().then_some(created))?;
    Some((now.as_second() - second(since)?).max(0))
}

/// What a field held from the beginning until now, by its changes; where there are none, what it holds now.
fn spans(events: &[Value], field: &str, now: Value, (created, until): (i64, i64)) -> Vec<Span> {
    let infos = events.iter().flat_map(|event| {
        let infos = event["eventInfo"].as_array().into_iter().flatten();
        infos.map(move |info| (second(event["eventTime"].as_str().unwrap_or_default()), info))
    });
    let changes = infos.filter(|(_, info)| info["propertyName"] == field);
    let (mut spans, mut from, mut held) = (Vec::new(), created, None);
    for (at, info) in changes {
        let change = &info["propertyValue"];
        let at = at.unwrap_or(from).max(from);
        let before = held.replace(change["updatedValue"].clone());
        spans.push(Span {
            held: before.unwrap_or_else(|| change["previousValue"].clone()),
            from,
            until: at,
        });
        from = at;
    }
    spans.push(Span {
        held: held.unwrap_or(now),
        from,
        until: until.max(from),
    });
    spans
}

fn is_open(status: &Span) -> bool {
    staff::status_type(status.held.as_str().unwrap_or_default()) != "Closed"
}

/// The seconds of a span in which the ticket was not closed.
fn worked_on(span: &Span, statuses: &[Span]) -> i64 {
    let open = statuses.iter().filter(|status| is_open(status));
    open.map(|status| (span.until.min(status.until) - span.from.max(status.from)).max(0))
        .sum()
}

/// Adds seconds to those of the same status, or of the same agent.
fn add(sums: &mut Vec<(Value, i64)>, held: &Value, seconds: i64) {
    let key = |held: &Value| held.get("id").unwrap_or(held).clone();
    match sums.iter_mut().find(|(known, _)| key(known) == key(held)) {
        Some((_, sum)) => *sum += seconds,
        None => sums.push((held.clone(), seconds)),
    }
}

/// Each status that the ticket had, in the order of their first days.
fn staged(statuses: &[Span]) -> Vec<Value> {
    let mut sums = Vec::new();
    for status in statuses {
        add(
            &mut sums,
            &status.held,
            worked_on(status, std::slice::from_ref(status)),
        );
    }
    let rows = sums.into_iter();
    rows.map(|(status, seconds)| json!({"status": status, "handledTime": hours(seconds)}))
        .collect()
}

/// Each agent whose the ticket was, in the order of their first days.
fn handled(agents: &[Span], statuses: &[Span]) -> Vec<Value> {
    let mut sums = Vec::new();
    for agent in agents.iter().filter(|agent| !agent.held.is_null()) {
        add(&mut sums, &agent.held, worked_on(agent, statuses));
    }
    let rows = sums.into_iter();
    rows.map(|(agent, seconds)| json!({"agentId": agent["id"], "agentName": agent["name"], "handlingTime": hours(seconds)}))
        .collect()
}

/// How often it went from one agent to another.
fn reassigned(agents: &[Span]) -> usize {
    let mut ids: Vec<&Value> = agents.iter().map(|agent| &agent.held["id"]).collect();
    ids.retain(|id| !id.is_null());
    ids.dedup();
    ids.len().saturating_sub(1)
}
