//! What hangs together in a seeded record: a stage and its dates, what is done and when, a name and what it says.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Maker;
use crate::crm::schema::Row;
use crate::crm::time;

const DAY: i64 = 86_400;

/// Brings the fields of a record together, each by dice of its own.
pub(super) fn tell(maker: &Maker, row: &mut Row) {
    match maker.module.api_name.as_str() {
        "Deals" => deal(maker, row),
        "Tasks" => task(maker, row),
        "Subscriptions" => subscription(row),
        _ => {}
    }
}

/// A moment of this record's past, at 30 to 95 of 100 parts of its life.
fn lately(maker: &Maker, row: &Row, stream: &str) -> Timestamp {
    let created = row.get("Created_Time").and_then(Value::as_str);
    let created = created.and_then(time::instant).unwrap_or(maker.start);
    let life = maker.start.as_second() - created.as_second();
    let part = 30 + maker.dice(stream).below(66).cast_signed();
    time::shift(created, life * part / 100)
}

/// A day on which something that is not done yet is due: to come, but for one in seven.
fn due(maker: &Maker, most: u64) -> String {
    let mut dice = maker.dice("due");
    let days = match dice.chance(14) {
        true => -(1 + dice.below(12).cast_signed()),
        false => 1 + dice.below(most).cast_signed(),
    };
    time::date(time::shift(maker.start, days * DAY))
}

fn deal(maker: &Maker, row: &mut Row) {
    let stage = row
        .get("Stage")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    if !stage.starts_with("Closed") {
        row.insert("Closing_Date".to_owned(), json!(due(maker, 120)));
        row.shift_remove("Reason_For_Loss__s");
        return;
    }
    let closed = lately(maker, row, "closed");
    row.insert("Closing_Date".to_owned(), json!(time::date(closed)));
    row.insert("Modified_Time".to_owned(), json!(time::iso(closed)));
    row.shift_remove("Last_Activity_Time");
    row.shift_remove("Next_Step");
    let reasons = maker.module.field("Reason_For_Loss__s").map(|field| &field.pick);
    match reasons.filter(|_| stage == "Closed Lost") {
        Some(reasons) => {
            let reason = maker.dice("reason").pick(reasons).clone();
            row.insert("Reason_For_Loss__s".to_owned(), json!(reason));
        }
        None => drop(row.shift_remove("Reason_For_Loss__s")),
    }
}

fn task(maker: &Maker, row: &mut Row) {
    if row.get("Status").and_then(Value::as_str) != Some("Completed") {
        row.insert("Due_Date".to_owned(), json!(due(maker, 30)));
        return;
    }
    let done = lately(maker, row, "done");
    let spare = maker.dice("spare").below(6).cast_signed() - 2;
    let due = time::shift(done, spare * DAY).min(maker.start);
    row.insert("Due_Date".to_owned(), json!(time::date(due)));
    row.insert("Closed_Time".to_owned(), json!(time::iso(done)));
    row.insert("Modified_Time".to_owned(), json!(time::iso(done)));
}

/// The plan is the one that its name ends with.
fn subscription(row: &mut Row) {
    let name = row.get("Name").and_then(Value::as_str).unwrap_or_default();
    let plan = name.rsplit(' ').next().unwrap_or_default().to_owned();
    row.insert("Plan".to_owned(), json!(plan));
}
