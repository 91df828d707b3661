//! Fields that follow from others: full names, probabilities, totals.

use bytes::Bytes;
use serde_json::{Value, json};

use super::schema::{Module, Row};

/// Fills what follows from the record's own values, after the seed or a write.
pub(crate) fn fill(module: &Module, row: &mut Row) {
    for field in module.fields.iter().filter(|field| field.data_type == "boolean") {
        row.entry(&*field.api_name).or_insert(Value::Bool(false));
    }
    row.entry("Record_Status__s")
        .or_insert_with(|| json!("Available"));
    match module.api_name.as_str() {
        "Leads" | "Contacts" => {
            let part = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or("");
            let full = format!("{} {}", part("First_Name"), part("Last_Name"));
            row.insert("Full_Name".to_owned(), json!(full.trim()));
        }
        "Deals" => deal(row),
        "Attachments" if !row.contains_key("Size") => {
            let size = content(row).len();
            row.insert("Size".to_owned(), json!(size.to_string()));
        }
        "Calls" => {
            let seconds = row.get("Call_Duration").and_then(Value::as_str).and_then(seconds);
            row.insert("Call_Duration_in_seconds".to_owned(), json!(seconds));
        }
        _ => {}
    }
    let Some(items) = module.fields.iter().find(|field| field.data_type == "subform") else {
        return;
    };
    let lines = row.get(&items.api_name).and_then(Value::as_array);
    let sum: f64 = lines.map_or(0.0, |lines| {
        lines
            .iter()
            .map(|line| line["Total"].as_f64().unwrap_or(0.0))
            .sum()
    });
    let number = |name: &str| row.get(name).and_then(Value::as_f64).unwrap_or(0.0);
    let grand = sum - number("Discount") + number("Tax") + number("Adjustment");
    row.insert("Sub_Total".to_owned(), amount(sum));
    row.insert("Grand_Total".to_owned(), amount(grand));
}

/// How likely a deal of this stage is won, in percent.
pub(crate) fn probability(stage: &str) -> u64 {
    match stage {
        "Qualification" => 10,
        "Needs Analysis" => 20,
        "Value Proposition" => 40,
        "Identify Decision Makers" => 60,
        "Proposal/Price Quote" => 75,
        "Negotiation/Review" => 90,
        "Closed Won" => 100,
        _ => 0,
    }
}

/// A sum of money, whole when it is whole.
pub(crate) fn amount(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 9e15 {
        json!(value as i64)
    } else {
        json!(value)
    }
}

fn deal(row: &mut Row) {
    if let Some(stage) = row.get("Stage").and_then(Value::as_str)
        && !row.contains_key("Probability")
    {
        let chance = probability(stage);
        row.insert("Probability".to_owned(), json!(chance));
    }
    expected(row);
}

/// What a deal is worth by its chances.
pub(crate) fn expected(row: &mut Row) {
    let number = |name: &str| row.get(name).and_then(Value::as_f64);
    match (number("Amount"), number("Probability")) {
        (Some(value), Some(chance)) => {
            drop(row.insert("Expected_Revenue".to_owned(), amount(value * chance / 100.0)))
        }
        _ => drop(row.shift_remove("Expected_Revenue")),
    }
}

/// The seconds of `mm:ss` or `hh:mm:ss`.
fn seconds(text: &str) -> Option<u64> {
    text.split(':').try_fold(0, |sum, part| {
        part.parse::<u64>().ok().map(|part| sum * 60 + part)
    })
}

/// The content of a seeded attachment.
pub(crate) fn content(row: &Row) -> Bytes {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or("").to_owned();
    let parent = row
        .get("Parent_Id")
        .map_or(&Value::Null, |parent| &parent["name"]);
    Bytes::from(format!(
        "{}\nfor {}\n",
        text(row.get("File_Name")),
        text(Some(parent))
    ))
}
