//! What hangs together in a seeded record: a stage and its dates, what is done and when, a name and what it says.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use serde_json::{Value, json};

use super::{Maker, known};
use crate::crm::schema::{self, Row};
use crate::crm::time;
use crate::people;

const DAY: i64 = 86_400;

/// How a subject of a case begins, the product it is about, and what else was said.
static CASES: LazyLock<Vec<(String, Option<String>, String)>> =
    LazyLock::new(|| serde_json::from_str(include_str!("cases.json")).expect("the cases are valid"));

/// Brings the fields of a record together, each by dice of its own.
pub(super) fn tell(maker: &Maker<'_>, row: &mut Row) {
    match maker.module.api_name.as_str() {
        "Calls" => on_a_workday(row, &["Call_Start_Time"], [-1, -2]),
        "Events" => on_a_workday(row, &["Start_DateTime", "End_DateTime"], [2, 1]),
        _ => {}
    }
    if ["Tasks", "Calls", "Events", "Notes", "Attachments"].contains(&maker.module.api_name.as_str()) {
        come_after(maker, row);
    }
    match maker.module.api_name.as_str() {
        "Cases" => case(maker, row),
        "Calls" => call(row),
        "Deals" => deal(maker, row),
        "Purchase_Orders" => purchase(maker, row),
        "Quotes" => quote(maker, row),
        "Tasks" => task(maker, row),
        "Subscriptions" => subscription(row),
        "Vendors" => vendor(row),
        _ => {}
    }
}

/// What is done with others is written down when they are there.
fn come_after(maker: &Maker<'_>, row: &mut Row) {
    let parent = ["What_Id", "Parent_Id"]
        .into_iter()
        .find_map(|field| row.get(field));
    let parent = parent.and_then(|parent| {
        let module = schema::module(row.get("$se_module")?.as_str()?)?;
        let index = people::crm_index(module.index, parent["id"].as_str()?.parse().ok()?)?;
        let known = maker.known.beginning(&module.api_name, index);
        Some(known.unwrap_or_else(|| known::since(maker.seed, module, index)))
    });
    let contact = row
        .get("Who_Id")
        .and_then(|_| maker.known.beginning("Contacts", maker.contact));
    let Some(since) = parent.max(contact) else {
        return;
    };
    let first = time::iso(time::shift(crate::newest(maker.start), since + 600));
    for field in [
        "Created_Time",
        "Modified_Time",
        "Last_Activity_Time",
        "Call_Start_Time",
    ] {
        if let Some(text) = row
            .get_mut(field)
            .filter(|text| text.as_str() < Some(first.as_str()))
        {
            *text = json!(first);
        }
    }
}

/// What a case says fits its subject, and the product, where one is named.
fn case(maker: &Maker<'_>, row: &mut Row) {
    let subject = row.get("Subject").and_then(Value::as_str).unwrap_or_default();
    let Some((_, product, said)) = CASES.iter().find(|(begins, ..)| subject.starts_with(begins)) else {
        return;
    };
    row.insert("Description".to_owned(), json!(said));
    let sold = people::catalogue(0).iter();
    let index = product
        .as_ref()
        .and_then(|name| sold.into_iter().position(|sold| sold.0 == *name));
    match (index, schema::module("Products")) {
        (Some(index), Some(products)) => {
            drop(row.insert("Product_Name".to_owned(), maker.reference(products, index as u64)));
        }
        _ => drop(row.shift_remove("Product_Name")),
    }
}

/// A moment of this record's past, at 30 to 95 of 100 parts of its life.
fn lately(maker: &Maker<'_>, row: &Row, stream: &str) -> Timestamp {
    let created = row.get("Created_Time").and_then(Value::as_str);
    let created = created.and_then(time::instant).unwrap_or(maker.start);
    let life = maker.start.as_second() - created.as_second();
    let part = 30 + maker.dice(stream).below(66).cast_signed();
    time::shift(created, life * part / 100)
}

/// A day on which something that is not done yet is due: to come, but for one in seven.
fn due(maker: &Maker<'_>, most: u64) -> String {
    let mut dice = maker.dice("due");
    let days = match dice.chance(14) {
        true => -(1 + dice.below(12).cast_signed()),
        false => 1 + dice.below(most).cast_signed(),
    };
    time::date(time::shift(maker.start, days * DAY))
}

fn deal(maker: &Maker<'_>, row: &mut Row) {
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

fn task(maker: &Maker<'_>, row: &mut Row) {
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

/// Moves what would be on a Saturday or a Sunday by so many days.
fn on_a_workday(row: &mut Row, fields: &[&str], [saturday, sunday]: [i64; 2]) {
    let day = fields
        .first()
        .and_then(|field| row.get(*field)?.as_str()?.get(..10));
    let day: Option<Date> = day.and_then(|day| day.parse().ok());
    let days = match day.map(Date::weekday) {
        Some(Weekday::Saturday) => saturday,
        Some(Weekday::Sunday) => sunday,
        _ => return,
    };
    for field in fields {
        if let Some(moved) = row.get(*field).and_then(|text| time::instant(text.as_str()?)) {
            row.insert(
                (*field).to_owned(),
                json!(time::iso(time::shift(moved, days * DAY))),
            );
        }
    }
}

/// A call that nobody took lasted no time and came to nothing.
fn call(row: &mut Row) {
    if row.get("Call_Type").and_then(Value::as_str) == Some("Missed") {
        row.insert("Call_Duration".to_owned(), json!("00:00"));
        row.shift_remove("Call_Result");
    }
}

/// What was ordered had been agreed to.
fn quote(maker: &Maker<'_>, row: &mut Row) {
    if maker.known.led_to("Sales_Orders", ("Quotes", maker.index)) {
        row.insert("Quote_Stage".to_owned(), json!("Closed Won"));
    }
}

/// Nobody is named in what was bought before they were known.
fn purchase(maker: &Maker<'_>, row: &mut Row) {
    let bought = known::since(maker.seed, maker.module, maker.index);
    if maker.known.beginning("Contacts", maker.contact) > Some(bought) {
        row.shift_remove("Contact_Name");
    }
}

/// Who sells to us is reached under a name of their own.
fn vendor(row: &mut Row) {
    let name = row.get("Vendor_Name").and_then(Value::as_str).unwrap_or_default();
    let domain = format!("{}.example", name.to_lowercase().replace(' ', "-"));
    row.insert("Email".to_owned(), json!(format!("sales@{domain}")));
    row.insert("Website".to_owned(), json!(format!("https://www.{domain}")));
}
