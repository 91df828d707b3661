//! Timers that agents let run on tickets and tasks. Source of the forms: Desk's OpenAPI (TicketTimer, TaskTimer).
//! (Assumed: a timer that is stopped is gone, and writes no time entry.)

use serde_json::{Value, json};

use crate::desk::call::{Answer, Call};
use crate::desk::clauses::Clause;
use crate::desk::derived;
use crate::desk::modules::{self, Row, counter, text, value};
use crate::desk::paging;
use crate::desk::refusal::Refusal;

/// The token's own timer on a record.
pub(crate) fn own(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    call.record(&module)?;
    let state = found(call).map(|(_, row)| state(call, &row));
    call.with(&state.unwrap_or_else(|| clock("INIT", 0)))
}

/// Starts, pauses, resumes or stops it.
pub(crate) fn turn(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    let (_, record) = call.record(&module)?;
    let action = call.query("action").unwrap_or_default().to_owned();
    let timer = found(call);
    let running = timer.as_ref().map(|(_, row)| text(row, "state").to_owned());
    match (action.as_str(), running.as_deref()) {
        ("START", None) => {
            let (id, mut row) = (call.org.new_id(), modules::blank("timers"));
            for (key, value) in [
                ("id", json!(id.to_string())),
                ("entity", json!(modules::module(&module).plural)),
                ("entityId", value(&record, "id")),
                ("ownerId", json!(call.me())),
                ("departmentId", value(&record, "departmentId")),
                ("startTime", json!(call.moment().as_millisecond().to_string())),
            ] {
                row.insert(key.to_owned(), value);
            }
            run(call, id, row)
        }
        ("PAUSE", Some("RUNNING")) => {
            let (id, mut row) = timer.unwrap_or_default();
            row.insert("_spent".to_owned(), spent(call, &row).to_string().into());
            row.insert("state".to_owned(), "PAUSED".into());
            call.org.put("timers", id, row);
        }
        ("RESUME", Some("PAUSED")) => {
            let (id, row) = timer.unwrap_or_default();
            run(call, id, row);
        }
        ("STOP", Some(_)) => {
            let (id, row) = timer.unwrap_or_default();
            let ended = clock("INIT", spent(call, &row));
            call.org.remove("timers", id);
            return call.with(&ended);
        }
        _ => return Err(Refusal::bad_param("action")),
    }
    own(call)
}

fn run(call: &mut Call<'_>, id: u64, mut row: Row) {
    row.insert("state".to_owned(), "RUNNING".into());
    let since = call.moment().as_second().to_string();
    row.insert("_since".to_owned(), since.into());
    call.org.put("timers", id, row);
}

/// The timers on a record.
pub(crate) fn of_record(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    call.record(&module)?;
    let rows = timers(call, &[Clause::is("entityId", &call.path[0])]);
    let rows = rows.iter().map(|row| {
        let mut shown = json!({"timer": state(call, row), "userId": row["ownerId"]});
        if call.items("include").iter().any(|name| name == "owner") {
            shown["owner"] = derived::actor(call.org, text(row, "ownerId"));
        }
        shown
    });
    let rows = paging::cut(call, rows.collect())?;
    call.list("data", rows)
}

/// The token's own timers in a department.
pub(crate) fn mine(call: &mut Call<'_>) -> Answer {
    let me = call.me();
    active(call, vec![Clause::is("ownerId", &me)])
}

/// Everybody's timers in a department.
pub(crate) fn all(call: &mut Call<'_>) -> Answer {
    let mut clauses = Vec::new();
    if call.query("owners").is_some() {
        clauses.push(Clause::one_of("ownerId", call.items("owners")));
    }
    if call.query("module").is_some() {
        clauses.push(Clause::one_of("entity", call.items("module")));
    }
    active(call, clauses)
}

fn active(call: &Call<'_>, mut clauses: Vec<Clause>) -> Answer {
    let department = call.query("departmentId").unwrap_or_default();
    clauses.push(Clause::is("departmentId", department));
    let mut rows = timers(call, &clauses);
    rows.sort_by_key(|row| counter(row, "startTime"));
    if call.query("sortBy") != Some("startTime") {
        rows.reverse();
    }
    // The cursor of a page is the start of the last row of the one before it.
    if let Some(last) = call.query("startTime") {
        let place = rows.iter().position(|row| text(row, "startTime") == last);
        rows.drain(..place.map_or(0, |at| at + 1));
    }
    let rows: Vec<Value> = rows.iter().map(|row| shown(call, row)).collect();
    let rows = paging::cut(call, rows)?;
    call.list("data", rows)
}

fn shown(call: &Call<'_>, row: &Row) -> Value {
    let (module, key) = match text(row, "entity") {
        "Tickets" => ("tickets", "ticket"),
        _ => ("tasks", "task"),
    };
    let mut shown = json!({"owner": derived::actor(call.org, text(row, "ownerId")), "timer": state(call, row),
        "startTime": row["startTime"], "entity": row["entity"]});
    let seen = |module: &str, id: &str| {
        let record = call.org.row_of(module, id).map(|(_, record)| record);
        record.filter(|record| call.org.sight.may_reach(module, record).is_ok())
    };
    if let Some(record) = seen(module, text(row, "entityId")) {
        shown[key] = of(call, module, &record);
        if module == "tasks"
            && let Some(ticket) = seen("tickets", text(&record, "ticketId"))
        {
            shown["ticket"] = of(call, "tickets", &ticket);
        }
    }
    shown
}

fn of(call: &Call<'_>, module: &str, record: &Row) -> Value {
    let department = call.org.row_of("departments", text(record, "departmentId"));
    let name = department.map(|(_, row)| value(&row, "name"));
    let mut shown = json!({"id": record["id"], "subject": record["subject"], "status": record["status"], "dueDate": record["dueDate"],
        "depId": record["departmentId"], "depName": name});
    if module == "tickets" {
        shown["ticketNumber"] = value(record, "ticketNumber");
    }
    shown
}

fn timers(call: &Call<'_>, clauses: &[Clause]) -> Vec<Row> {
    call.org.rows("timers", clauses)
}

/// The token's own timer on the record of the path.
fn found(call: &Call<'_>) -> Option<(u64, Row)> {
    let of = [
        Clause::is("entityId", &call.path[0]),
        Clause::is("ownerId", &call.me()),
    ];
    let id = call.org.ids("timers", &of).into_iter().next()?;
    call.org.row_of("timers", &id)
}

/// Seconds that a timer has run.
fn spent(call: &Call<'_>, row: &Row) -> u64 {
    let before = counter(row, "_spent");
    match text(row, "state") {
        "RUNNING" => before + (call.moment().as_second() as u64).saturating_sub(counter(row, "_since")),
        _ => before,
    }
}

fn state(call: &Call<'_>, row: &Row) -> Value {
    clock(text(row, "state"), spent(call, row))
}

fn clock(state: &str, spent: u64) -> Value {
    json!({"hours": spent / 3600, "minutes": spent / 60 % 60, "seconds": spent % 60, "state": state})
}
