//! Currencies that are added to the organization's own and changed. (Assumed: the words of success; codes and what must be
//! there are of the OpenAPI set of 2026.)

use serde_json::{Value, json};

use super::answer::{Answer, failure, results_as, success};
use super::call::Call;
use super::schema::Row;
use super::state::Crm;

/// Currencies of one call.
const MOST: usize = 100;

/// What may be changed of one.
const CHANGED: [&str; 6] = [
    "name",
    "symbol",
    "prefix_symbol",
    "exchange_rate",
    "is_active",
    "format",
];

/// `POST org/currencies`.
pub(crate) fn add(crm: &mut Crm, call: &Call<'_>) -> Answer {
    each(crm, call, |crm, given, path| {
        let iso = told(given, "iso_code", path)?;
        let rate = told(given, "exchange_rate", path)?;
        let is_code = iso.len() == 3 && iso.bytes().all(|letter| letter.is_ascii_uppercase());
        if !is_code {
            return Err(wrong("INVALID_DATA", "iso_code", path));
        }
        checked_rate(&rate, path)?;
        if crm.company["currencies"]
            .iter()
            .any(|known| known["iso_code"] == iso)
        {
            return Err(wrong("DUPLICATE_DATA", "iso_code", path));
        }
        let id = crm.new_id().to_string();
        let mut row = json!({
            "id": id, "name": iso, "iso_code": iso, "symbol": iso, "prefix_symbol": true, "is_base": false, "is_active": true,
            "format": { "decimal_separator": "Period", "thousand_separator": "Comma", "decimal_places": "2" },
        });
        put(&mut row, given);
        crm.company.entry("currencies".to_owned()).or_default().push(row);
        Ok(success(&json!({ "id": id }), "The currency added successfully"))
    })
}

/// `PUT org/currencies`: each names its id.
pub(crate) fn update_many(crm: &mut Crm, call: &Call<'_>) -> Answer {
    each(crm, call, |crm, given, path| {
        let id = told(given, "id", path)?;
        change(crm, &id, given, path)
    })
}

/// `PUT org/currencies/{currency}`.
pub(crate) fn update(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let id = call.parts[0].to_owned();
    each(crm, call, |crm, given, path| change(crm, &id, given, path))
}

fn each(
    crm: &mut Crm,
    call: &Call<'_>,
    mut carry_out: impl FnMut(&mut Crm, &Row, &str) -> Result<Value, Value>,
) -> Answer {
    let given = call.objects(&call.body()?, "currencies", MOST)?;
    let mut done = Vec::new();
    for (index, given) in given.iter().enumerate() {
        let path = format!("$.currencies[{index}]");
        done.push(carry_out(crm, given, &path).unwrap_or_else(|error| error));
    }
    Ok(results_as("currencies", 200, done))
}

fn change(crm: &mut Crm, id: &str, given: &Row, path: &str) -> Result<Value, Value> {
    let rows = crm.company.entry("currencies".to_owned()).or_default();
    let row = rows.iter_mut().find(|row| row["id"] == id);
    let row = row.ok_or_else(|| wrong("INVALID_DATA", "id", path))?;
    if let Some(rate) = given.get("exchange_rate") {
        checked_rate(rate.as_str().unwrap_or_default(), path)?;
    }
    // What all others are reckoned in is worth one of itself, and always there.
    let of_all = ["exchange_rate", "is_active"];
    let moved = of_all
        .iter()
        .find(|name| given.get(**name).is_some_and(|value| *value != row[**name]));
    if let Some(name) = moved.filter(|_| row["is_base"] == true) {
        return Err(wrong("NOT_ALLOWED", name, path));
    }
    put(row, given);
    Ok(success(&json!({ "id": id }), "The currency updated successfully"))
}

fn put(row: &mut Value, given: &Row) {
    for name in CHANGED {
        match given.get(name) {
            Some(Value::Object(members)) => {
                for (key, value) in members {
                    row[name][key] = value.clone();
                }
            }
            Some(value) => row[name] = value.clone(),
            None => {}
        }
    }
}

/// Up to nine digits, and as many behind a point.
fn checked_rate(rate: &str, path: &str) -> Result<(), Value> {
    let (whole, part) = rate.split_once('.').unwrap_or((rate, "0"));
    let is_of_digits =
        |text: &str| (1..=9).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
    match is_of_digits(whole) && is_of_digits(part) {
        true => Ok(()),
        false => Err(wrong("INVALID_DATA", "exchange_rate", path)),
    }
}

fn told(given: &Row, name: &str, path: &str) -> Result<String, Value> {
    let text = given
        .get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty());
    text.map(str::to_owned)
        .ok_or_else(|| wrong("MANDATORY_NOT_FOUND", name, path))
}

fn wrong(code: &str, name: &str, path: &str) -> Value {
    let message = match code {
        "MANDATORY_NOT_FOUND" => "required field not found",
        "DUPLICATE_DATA" => "duplicate data",
        "NOT_ALLOWED" => "not allowed for the base currency",
        _ => "invalid data",
    };
    let details = json!({ "api_name": name, "json_path": format!("{path}.{name}") });
    failure(code, &details, message)
}
