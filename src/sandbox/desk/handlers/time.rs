//! Time entries of tickets and tasks.

use serde_json::{Value, json};

use super::{beside, references};
use crate::desk::call::{Answer, Call};
use crate::desk::clauses::{self, Clause};
use crate::desk::modules::{self, Row, counter, text, value};
use crate::desk::org::Query;
use crate::desk::paging;
use crate::desk::refusal::Refusal;
use crate::desk::times;

/// Writes down the time spent on a record.
pub(crate) fn create(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    let (owner, record) = call.record(&module)?;
    references::check(call, "timeEntry")?;
    let mut row = modules::blank("timeEntry");
    for (key, value) in [
        ("id", json!(call.org.new_id().to_string())),
        (
            if module == "tickets" {
                "requestId"
            } else {
                "taskId"
            },
            json!(owner.to_string()),
        ),
        ("departmentId", value(&record, "departmentId")),
        ("ownerId", json!(call.me())),
        ("creatorId", json!(call.me())),
        ("createdTime", json!(call.now())),
    ] {
        row.insert(key.to_owned(), value);
    }
    write(call, &mut row);
    let mut rows = call.org.side(&module, owner, "timeEntry");
    rows.push(row.clone());
    call.org.put_side(&module, owner, "timeEntry", rows);
    if module == "tickets" {
        call.note(owner, "TimeEntryAdded", Vec::new());
    }
    call.with(&row.into())
}

/// Corrects a time entry.
pub(crate) fn update(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    let (owner, mut rows, at) = call.side_row(&module, "timeEntry")?;
    references::check(call, "timeEntry")?;
    write(call, &mut rows[at]);
    let row = rows[at].clone();
    call.org.put_side(&module, owner, "timeEntry", rows);
    if module == "tickets" {
        call.note(owner, "TimeEntryUpdated", Vec::new());
    }
    call.with(&row.into())
}

/// Time spent on the tickets and tasks of a contact or an account, or by an agent.
pub(crate) fn of_person(call: &mut Call<'_>) -> Answer {
    let mut rows = spent_by(call)?;
    rows.sort_by(|one, other| text(one, "executedTime").cmp(text(other, "executedTime")));
    if call.query("orderBy") == Some("DESC") {
        rows.reverse();
    }
    let rows = paging::cut(call, rows)?.into_iter();
    let rows = rows.map(|row| beside::shown(call, "timeEntry", row)).collect();
    call.list("data", rows)
}

/// The same added up.
pub(crate) fn summation_of_person(call: &mut Call<'_>) -> Answer {
    let rows = spent_by(call)?;
    summed(call, &rows)
}

/// One of the times of an agent.
pub(crate) fn one_of_agent(call: &mut Call<'_>) -> Answer {
    let mut rows = spent_by(call)?.into_iter();
    let row = rows.find(|row| text(row, "id") == call.path[1]);
    let shown = beside::shown(call, "timeEntry", row.ok_or_else(Refusal::not_found)?);
    call.with(&shown)
}

/// Only the newest thousand tickets and tasks are looked at.
fn spent_by(call: &Call<'_>) -> Result<Vec<Row>, Refusal> {
    let module = call.route.module.clone();
    let (person, _) = call.record(&module)?;
    let person = person.to_string();
    let asked = call.query("module").map(str::to_owned);
    let mut rows = Vec::new();
    for of in ["tickets", "tasks"] {
        if asked.as_ref().is_none_or(|asked| asked == of) {
            rows.extend(spent_on(call, of, &module, &person));
        }
    }
    let mut conditions = beside::conditions(call, "timeEntry");
    conditions.extend(
        call.query("departmentId")
            .map(|id| Clause::is("departmentId", id)),
    );
    if module == "agents" {
        conditions.push(Clause::is("ownerId", &person));
    }
    rows.retain(|row| clauses::all(&conditions, row));
    Ok(rows)
}

fn spent_on(call: &Call<'_>, of: &str, whose: &str, person: &str) -> Vec<Row> {
    let field = match whose {
        "contacts" => Some("contactId"),
        "accounts" => Some("accountId"),
        _ => None,
    };
    let query = Query {
        clauses: field.map(|field| Clause::is(field, person)).into_iter().collect(),
        take: 1000,
        ..Query::default()
    };
    let records = call.org.page(of, &query).into_iter();
    records
        .flat_map(|id| call.org.side(of, id, "timeEntry"))
        .collect()
}

fn write(call: &Call<'_>, row: &mut Row) {
    for (key, value) in &call.body {
        let time = value
            .as_str()
            .filter(|_| key == "executedTime")
            .and_then(crate::desk::times::canonical);
        if row.contains_key(key) && !value.is_null() {
            row.insert(key.clone(), time.map_or_else(|| value.clone(), Value::String));
        }
    }
    row.insert("modifiedTime".to_owned(), call.now().into());
    let amount = |key: &str| text(row, key).parse::<f64>().unwrap_or(0.0);
    let total = seconds(row) as f64 / 3600.0 * amount("agentCostPerHour")
        + amount("additionalCost")
        + amount("fixedCost");
    row.insert("totalCost".to_owned(), format!("{total:.2}").into());
}

fn seconds(row: &Row) -> u64 {
    counter(row, "hoursSpent") * 3600 + counter(row, "minutesSpent") * 60 + counter(row, "secondsSpent")
}

/// The time entries of a record added up.
pub(crate) fn summation(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    let (owner, _) = call.record(&module)?;
    let mut rows = call.org.side(&module, owner, "timeEntry");
    if let Some(status) = call.query("billStatus") {
        let wanted = Clause::is(
            "isBillable",
            if status == "nonBillable" { "false" } else { "true" },
        );
        rows.retain(|row| clauses::all(std::slice::from_ref(&wanted), row));
    }
    summed(call, &rows)
}

fn summed(call: &Call<'_>, rows: &[Row]) -> Answer {
    let all: u64 = rows.iter().map(seconds).sum();
    let cost: f64 = rows
        .iter()
        .map(|row| text(row, "totalCost").parse::<f64>().unwrap_or(0.0))
        .sum();
    let summation = json!({"totalTimeSpent": times::spent(all.cast_signed()), "totalCost": format!("{cost:.2}"),
        "totalEntries": rows.len().to_string()});
    call.with(&summation)
}
