//! Own fields of a Desk organization: a condition on one finds the same records in every tool, whatever is shown of them.

use serde_json::{Value, json};

use super::{all_rows, call_of};
use crate::bed::{Bed, Wire};
use crate::exports;

/// A module and its own fields, by what they hold.
const MODULES: [(&str, &[(&str, Holds)]); 3] = [
    (
        "cm_service_vehicles",
        &[
            ("cf_fuel", Holds::Words),
            ("cf_contract_number", Holds::Words),
            ("cf_seats", Holds::Numbers),
            ("cf_next_inspection", Holds::Days),
            ("cf_winter_tyres", Holds::Words),
        ],
    ),
    (
        "Cases",
        &[("cf_severity", Holds::Words), ("cf_purchase_date", Holds::Days)],
    ),
    ("Contacts", &[("cf_customer_tier", Holds::Words)]),
];

#[derive(Clone, Copy)]
enum Holds {
    Words,
    Numbers,
    Days,
}

/// What is asked of a field, and whether a value is so.
type Asked = (Value, Box<dyn Fn(Option<&str>) -> bool>);

fn conditions(holds: Holds, value: &str) -> Vec<Asked> {
    let (not, same) = (value.to_owned(), value.to_owned());
    let mut all: Vec<Asked> = vec![
        (
            json!({ "not": value }),
            Box::new(move |own| own != Some(not.as_str())),
        ),
        (json!(value), Box::new(move |own| own == Some(same.as_str()))),
        (json!({ "not": null }), Box::new(|own| own.is_some())),
        (Value::Null, Box::new(|own| own.is_none())),
    ];
    let number = |text: &str| text.parse::<f64>().unwrap();
    let from = value.to_owned();
    match holds {
        Holds::Words => {}
        Holds::Numbers => {
            let at = number(value);
            let above = json!({ "gt": at });
            all.push((
                above,
                Box::new(move |own| own.is_some_and(|own| number(own) > at)),
            ));
        }
        Holds::Days => {
            let span = json!({ "from": value, "to": "2026-12-31" });
            let within = move |own: &str| *own >= *from && own <= "2026-12-31";
            all.push((span, Box::new(move |own| own.is_some_and(&within))));
        }
    }
    all
}

async fn found(wire: &mut Wire, tool: &str, call: Value) -> Option<u64> {
    if !matches!(tool, "get_records" | "search_records") {
        let answer = wire.call(tool, call).await;
        let number = answer["count"].as_u64().filter(|_| tool == "count_records");
        return number.or_else(|| answer["data"]["records"].as_u64());
    }
    let (mut call, mut rows) = (call, 0);
    call["limit"] = json!(99);
    loop {
        let page = wire.call(tool, call.clone()).await;
        rows += page["data"].as_array()?.len() as u64;
        let asks_for_none = call["filters"].as_object().unwrap().values().all(Value::is_null);
        assert!(
            asks_for_none || rows == 0 || !page["notes"].to_string().contains("None of them shows"),
            "{call}: {page:#}"
        );
        match page["next_cursor"].as_str() {
            Some(next) => call["cursor"] = json!(next),
            None => return Some(rows),
        }
    }
}

#[tokio::test]
async fn a_condition_on_an_own_field_finds_the_same_records_in_every_tool() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(exports::tools(&bed).await).await;
    let (mut tried, mut wrong) = (0, Vec::new());
    for (module, fields) in MODULES {
        let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
        let about = json!({ "module": module, "app_type": "desk", "fields": names });
        let rows = all_rows(&mut wire, &about).await;
        for (field, holds) in fields {
            let own = |row: &Value| row[*field].as_str().map(str::to_owned);
            let value = rows.iter().find_map(own).unwrap();
            for (condition, fits) in conditions(*holds, &value) {
                let number = rows.iter().filter(|row| fits(own(row).as_deref())).count() as u64;
                let filters = json!({ "filters": { *field: condition } });
                let shown = json!({ "filters": { *field: condition }, "fields": [field] });
                let other = json!({ "filters": { *field: condition }, "fields": ["createdTime"] });
                for (tool, more) in [
                    ("count_records", &filters),
                    ("export_records", &filters),
                    ("get_records", &filters),
                    ("get_records", &shown),
                    ("get_records", &other),
                    ("search_records", &shown),
                    ("search_records", &other),
                ] {
                    let mut call = call_of(&about, more);
                    if more["fields"].is_array() {
                        call["fields"] = more["fields"].clone();
                    }
                    let got = found(&mut wire, tool, call.clone()).await;
                    tried += 1;
                    if got != Some(number) {
                        wrong.push(format!("{tool} {call}: {number}, not {got:?}"));
                    }
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {tried}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(tried >= 200, "{tried} tried");
}
