//! Median cost of a call for the shipped schemas: plain validation, an accepted valid call, a repaired one; and how
//! they relate.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::hint::black_box;
use std::time::Instant;

use jiff::civil::date;
use serde_json::Value;
use zoho_mcp::repair::{Arguments, accept};
use zoho_mcp::tools::catalog::{Catalog, Selection};

const ROUNDS: usize = 1_000;
const CALLS_A_ROUND: u32 = 16;

/// Tool, a valid call, the same as a careless model writes it.
const CALLS: &[(&str, &str, &str)] = &[
    (
        "get_records",
        r#"{"module":"Cases","limit":25,"sort_by":"createdTime","fields":["id","subject","status"],"filters":{"status":"Open"}}"#,
        r#"{"Module":"Cases","limit":"500","order_by":"createdTime","fields":"id, subject, status","toolCallId":"x","filters":"{'status': 'Open'}"}"#,
    ),
    (
        "search_records",
        r#"{"module":"Contacts","query":"anna","app_type":"desk","format":"table","limit":5}"#,
        r#"{"arguments":{"module_name":"Contacts","q":"anna","appType":"Zoho_Desk","format":"Table","per_page":"5"}}"#,
    ),
    (
        "get_record",
        r#"{"module":"Cases","id":"4150868000115332918","fields":["subject","status"]}"#,
        r#"{"module":"Cases","ticket_id":4150868000115332918,"columns":"['subject', 'status']"}"#,
    ),
    (
        "get_related_records",
        r#"{"module":"Cases","id":"4150868000115332918","related":"comments","limit":10}"#,
        r#""{\"module\": \"Cases\", \"record_id\": [\"4150868000115332918\"], \"related\": \"comments\", \"limit\": \"10\",}""#,
    ),
    (
        "get_all_organizations",
        r#"{"app_type":"desk"}"#,
        r#"{"App":"Desk","connection":null}"#,
    ),
];

fn main() {
    let catalog = Catalog::embedded(&Selection::default()).expect("the tools");
    let today = date(2026, 11, 25);
    println!(
        "{:<22} {:>10} {:>16} {:>22}",
        "tool", "plain ns", "valid ns (x)", "repaired ns (x)"
    );
    for (name, valid, careless) in CALLS {
        let tool = catalog.get(name).expect("a tool").schema();
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .build(tool.input_schema())
            .expect("a schema");
        let plain = median(|| {
            let value: Value = serde_json::from_str(black_box(valid)).expect("JSON");
            assert!(validator.is_valid(&value));
        });
        let cost = |text: &str, told: bool| {
            let outcome = accept(tool, Arguments::Text(text), today).expect("an accepted call");
            assert_eq!(!outcome.repairs().is_empty(), told, "{name}");
            let cost = median(|| assert!(accept(tool, Arguments::Text(black_box(text)), today).is_ok()));
            format!("{cost} ({:.2})", cost as f64 / plain as f64)
        };
        println!(
            "{name:<22} {plain:>10} {:>16} {:>22}",
            cost(valid, false),
            cost(careless, true)
        );
    }
}

fn median(work: impl Fn()) -> u128 {
    let mut costs: Vec<u128> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            (0..CALLS_A_ROUND).for_each(|_| work());
            start.elapsed().as_nanos() / u128::from(CALLS_A_ROUND)
        })
        .collect();
    costs.sort_unstable();
    costs.get(ROUNDS / 2).copied().unwrap_or_default()
}
