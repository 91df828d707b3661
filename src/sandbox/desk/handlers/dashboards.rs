//! The figures of dashboards, counted from the tickets as they are. Sources: Desk's OpenAPI (DashboardMetrics), whose
//! samples list every day and channel of the span, those with nothing, too, and give agents and system the same time.
//! (Assumed: days and hours are those of UTC; the backlog of a day is what was open when it ended; the average is that
//! of a day.)

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{history, metrics};
use crate::desk::call::{Answer, Call};
use crate::desk::clauses::{Clause, Test};
use crate::desk::modules::{Row, text, value};
use crate::desk::org::Query;
use crate::desk::refusal::Refusal;
use crate::desk::times;

const DAY: i64 = 86_400;
/// Days that a dashboard is drawn for at most.
const LONGEST: i64 = 366;

/// Seconds since 1970, both included.
struct Span {
    from: i64,
    until: i64,
}

/// Something that happened: when, to which ticket, how long it took.
struct Happened {
    at: i64,
    channel: Value,
    agent: Value,
    took: i64,
}

/// Tickets that came in.
pub(crate) fn created(call: &mut Call<'_>) -> Answer {
    by_field(call, "createdTime")
}

/// Tickets that were closed.
pub(crate) fn solved(call: &mut Call<'_>) -> Answer {
    by_field(call, "closedTime")
}

/// Tickets that were put on hold and are so still.
pub(crate) fn on_hold(call: &mut Call<'_>) -> Answer {
    by_field(call, "onholdTime")
}

/// Tickets that were open; by day those of its end, else those of the end of the span.
pub(crate) fn backlog(call: &mut Call<'_>) -> Answer {
    let span = span(call)?;
    let by_day = call.query("groupBy") == Some("date");
    let tickets = tickets(call, vec![Clause::new("createdTime", until(&span))]);
    let mut happened = Vec::new();
    for row in &tickets {
        let (from, closed) = (second(row, "createdTime"), second(row, "closedTime"));
        let ends = days(&span).map(|day| (day + 1) * DAY - 1);
        let ends: Vec<i64> = ends.filter(|end| by_day || *end >= span.until).collect();
        for end in ends {
            let end = end.min(span.until);
            if from.is_some_and(|from| from <= end) && closed.is_none_or(|closed| closed > end) {
                happened.push(of_ticket(row, end, 0));
            }
        }
    }
    counted(call, &span, &happened, ("totalTicketCount", "ticketCount"))
}

/// Tickets that were opened again.
pub(crate) fn reopened(call: &mut Call<'_>) -> Answer {
    let span = span(call)?;
    let mut happened = Vec::new();
    for row in tickets(call, vec![Clause::new("createdTime", until(&span))]) {
        let id = text(&row, "id").parse().unwrap_or(0);
        let times = history::reopenings(call, id, &row);
        happened.extend(times.iter().filter_map(|time| {
            let at = time.parse::<Timestamp>().ok()?.as_second();
            Some(of_ticket(&row, at, 0))
        }));
    }
    happened.retain(|one| span.holds(one.at));
    counted(call, &span, &happened, ("totalTicketCount", "ticketCount"))
}

/// Answers that agents sent.
pub(crate) fn responses(call: &mut Call<'_>) -> Answer {
    let span = span(call)?;
    let answers: Vec<Happened> = answers(call, &span)
        .into_iter()
        .map(|(_, answer)| answer)
        .collect();
    counted(call, &span, &answers, ("totalResponseCount", "responseCount"))
}

/// How long closed tickets took.
pub(crate) fn resolution_time(call: &mut Call<'_>) -> Answer {
    let span = span(call)?;
    let tickets = tickets(call, vec![Clause::new("closedTime", within(&span))]);
    let took = |row: &Row| {
        let closed = second(row, "closedTime")?;
        Some(of_ticket(row, closed, closed - second(row, "createdTime")?))
    };
    let happened: Vec<Happened> = tickets.iter().filter_map(took).collect();
    timed(call, &span, &happened, ("totalTicketCount", "ticketCount"))
}

/// How long answers took: the first of each ticket, or the others.
pub(crate) fn response_time(call: &mut Call<'_>) -> Answer {
    let span = span(call)?;
    let first = call.flag("isFirstResponse");
    let answers = answers(call, &span).into_iter();
    let meant: Vec<Happened> = answers
        .filter(|(is_first, _)| *is_first == first)
        .map(|(_, answer)| answer)
        .collect();
    timed(call, &span, &meant, ("totalResponseCount", "responseCount"))
}

fn by_field(call: &mut Call<'_>, field: &str) -> Answer {
    let span = span(call)?;
    let tickets = tickets(call, vec![Clause::new(field, within(&span))]);
    let happened: Vec<Happened> = tickets
        .iter()
        .filter_map(|row| Some(of_ticket(row, second(row, field)?, 0)))
        .collect();
    counted(call, &span, &happened, ("totalTicketCount", "ticketCount"))
}

fn of_ticket(row: &Row, at: i64, took: i64) -> Happened {
    Happened {
        at,
        channel: value(row, "channel"),
        agent: value(row, "assigneeId"),
        took: took.max(0),
    }
}

/// The answers sent within the span, each with whether it was the first to its ticket and how long after the customer
/// had written last.
fn answers(call: &Call<'_>, span: &Span) -> Vec<(bool, Happened)> {
    let mut found = Vec::new();
    for row in tickets(call, vec![Clause::new("createdTime", until(span))]) {
        let id = text(&row, "id").parse().unwrap_or(0);
        let mut waiting = second(&row, "createdTime").unwrap_or(0);
        let mut is_first = true;
        for thread in call.org.side("tickets", id, "threads") {
            let at = second(&thread, "createdTime").unwrap_or(0);
            if text(&thread, "direction") != "out" {
                waiting = at;
            } else if text(&thread, "status") != "DRAFT" {
                let mut answer = of_ticket(&row, at, at - waiting);
                answer.agent = thread["author"]["id"].clone();
                if span.holds(at) {
                    found.push((is_first, answer));
                }
                is_first = false;
            }
        }
    }
    found
}

/// The tickets that the parameters mean, neither spam nor put away.
fn tickets(call: &Call<'_>, mut clauses: Vec<Clause>) -> Vec<Row> {
    for name in ["isTrashed", "isSpam", "isArchived"] {
        clauses.push(Clause::is(name, "false"));
    }
    for (name, field) in [
        ("agentId", "assigneeId"),
        ("departmentId", "departmentId"),
        ("teamId", "teamId"),
        ("channel", "channel"),
    ] {
        if call.query(name).is_some() {
            clauses.push(Clause::one_of(field, call.items(name)));
        }
    }
    let query = Query {
        clauses,
        ..Query::all()
    };
    let ids = call.org.page("tickets", &query).into_iter();
    ids.filter_map(|id| call.org.row("tickets", id)).collect()
}

impl Span {
    fn holds(&self, at: i64) -> bool {
        (self.from..=self.until).contains(&at)
    }
}

fn within(span: &Span) -> Test {
    Test::Between(times::written_second(span.from), written_end(span))
}

fn until(span: &Span) -> Test {
    Test::Between(String::new(), written_end(span))
}

fn written_end(span: &Span) -> String {
    times::written_second(span.until).replace(".000Z", ".999Z")
}

fn days(span: &Span) -> impl Iterator<Item = i64> + use<> {
    span.from.div_euclid(DAY)..=span.until.div_euclid(DAY)
}

fn second(row: &Row, field: &str) -> Option<i64> {
    text(row, field)
        .parse::<Timestamp>()
        .ok()
        .map(Timestamp::as_second)
}

/// The span that `duration` names, or `startDate` and `endDate`.
fn span(call: &Call<'_>) -> Result<Span, Refusal> {
    let now = call.moment();
    let named = match call.query("duration").unwrap_or_default() {
        "CUSTOM_IN_DATE" => {
            return custom(call, |text| {
                let day = format!("{text}T00:00:00Z").parse::<Timestamp>().ok()?;
                Some((day.as_second(), day.as_second() + DAY - 1))
            });
        }
        "CUSTOM_IN_MILLIS" => {
            return custom(call, |text| {
                let second = text.parse::<i64>().ok()?.div_euclid(1000);
                Some((second, second))
            });
        }
        "LAST24HOURS" => return Ok(before(now, DAY)),
        "LAST_1_HOUR" => return Ok(before(now, 3_600)),
        "LAST_7_DAYS" => "last7days",
        "LAST_30_DAYS" => "last30days",
        "THIS_WEEK" => "currentweek",
        "LAST_WEEK" => "lastweek",
        "THIS_MONTH" => "currentmonth",
        "LAST_MONTH" => "lastmonth",
        "YESTERDAY" => "yesterday",
        _ => "today",
    };
    let (from, until) = times::window(named, now).ok_or_else(|| Refusal::bad_param("duration"))?;
    let moment = |text: &str| text.parse::<Timestamp>().map_or(0, Timestamp::as_second);
    Ok(Span {
        from: moment(&from),
        until: moment(&until).min(now.as_second()),
    })
}

fn before(now: Timestamp, seconds: i64) -> Span {
    Span {
        from: now.as_second() - seconds,
        until: now.as_second(),
    }
}

fn custom(call: &Call<'_>, read: fn(&str) -> Option<(i64, i64)>) -> Result<Span, Refusal> {
    let side = |name: &str| {
        let sent = call.query(name).ok_or_else(|| {
            let message = format!("The mandatory query parameter '{name}' is missing in the input.");
            Refusal::unprocessable(message)
        })?;
        read(sent).ok_or_else(|| Refusal::bad_param(name))
    };
    let span = Span {
        from: side("startDate")?.0,
        until: side("endDate")?.1,
    };
    if span.until < span.from || span.until - span.from > LONGEST * DAY {
        return Err(Refusal::bad_param("endDate"));
    }
    Ok(span)
}

/// What happened, by the groups asked for: how each is called, the id behind the name, and which were in it.
fn groups<'h>(
    call: &Call<'_>,
    span: &Span,
    happened: &'h [Happened],
) -> Vec<(Value, Value, Vec<&'h Happened>)> {
    let by = call.query("groupBy").unwrap_or_default();
    let mut found: BTreeMap<String, Vec<&Happened>> = BTreeMap::new();
    for one in happened {
        let key = match by {
            "date" => times::written_second(one.at)[..10].to_owned(),
            "hour" => times::written_second(one.at)[11..13].to_owned(),
            "channel" => one.channel.as_str().unwrap_or_default().to_owned(),
            _ => one.agent.as_str().unwrap_or_default().to_owned(),
        };
        found.entry(key).or_default().push(one);
    }
    let keys: Vec<String> = match by {
        "date" => days(span)
            .map(|day| times::written_second(day * DAY)[..10].to_owned())
            .collect(),
        "hour" => (0..24).map(|hour| format!("{hour:02}")).collect(),
        "channel" => super::references::allowed(call, "tickets", "channel"),
        _ => found.keys().filter(|id| !id.is_empty()).cloned().collect(),
    };
    let named = |key: &String| match by {
        "agent" => {
            let agent = call.org.row_of("agents", key);
            (
                agent.map_or(Value::Null, |(_, row)| value(&row, "name")),
                json!(key),
            )
        }
        _ => (json!(key), Value::Null),
    };
    keys.iter()
        .map(|key| {
            let (name, id) = named(key);
            (name, id, found.get(key).cloned().unwrap_or_default())
        })
        .collect()
}

fn counted(call: &Call<'_>, span: &Span, happened: &[Happened], keys: (&str, &str)) -> Answer {
    let groups = groups(call, span, happened);
    let rows: Vec<Value> = groups
        .iter()
        .map(|(name, id, of)| json!({"count": of.len().to_string(), "value": name, "referenceValue": id}))
        .collect();
    let each = happened.len() as f64 / days(span).count().max(1) as f64;
    let mut answer = totals(call, happened, keys.0);
    answer.insert("avg".to_owned(), json!(format!("{each:.1}")));
    answer.insert(keys.1.to_owned(), rows.into());
    call.with(&answer.into())
}

fn timed(call: &Call<'_>, span: &Span, happened: &[Happened], keys: (&str, &str)) -> Answer {
    let groups = groups(call, span, happened);
    let rows = groups.into_iter().map(|(name, id, of)| {
        let average = average(of.iter().map(|one| one.took));
        json!({"avgAgentTime": average, "avgSystemTime": average, keys.1: of.len().to_string(), "value": name, "referenceValue": id})
    });
    let rows: Vec<Value> = rows.collect();
    let mut answer = totals(call, happened, keys.0);
    let average = average(happened.iter().map(|one| one.took));
    for key in ["totalAvgAgentTime", "totalAvgSystemTime"] {
        answer.insert(key.to_owned(), json!(average));
    }
    answer.insert("timeData".to_owned(), rows.into());
    call.with(&answer.into())
}

fn totals(call: &Call<'_>, happened: &[Happened], key: &str) -> Map<String, Value> {
    let mut answer = Map::new();
    answer.insert(key.to_owned(), json!(happened.len().to_string()));
    answer.insert("groupedBy".to_owned(), json!(call.query("groupBy")));
    answer
}

fn average(took: impl ExactSizeIterator<Item = i64>) -> String {
    let many = took.len().max(1) as i64;
    metrics::hours(took.sum::<i64>() / many)
}
