//! Median cost of a call: plain validation, an accepted valid call, a repaired one; and how they relate.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::hint::black_box;
use std::time::Instant;

use jiff::civil::date;
use serde_json::{Value, json};
use zoho_mcp::repair::{Access, Arguments, ToolSchema, accept};

const ROUNDS: usize = 2_000;
const CALLS_A_ROUND: u32 = 16;

fn main() {
    let schema = schema();
    let tool = ToolSchema::new("get_records", Access::Read, schema.clone()).expect("a schema");
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("a schema");
    let today = date(2026, 11, 25);
    let valid = json!({
        "module": "Cases", "limit": 25, "sort_by": "createdTime", "fields": ["id", "subject", "status"],
        "filters": { "status": "Open", "created_after": "2026-11-01", "department_id": "4150868000115332918" }
    })
    .to_string();
    let repaired = json!({
        "Module": "cases", "limit": "500", "sort_by": "createdTime", "fields": "id, subject, status", "toolCallId": "x",
        "filters": "{'status': 'open', 'created_after': '2026/11/01', 'department_id': 4150868000115332918}"
    })
    .to_string();
    let plain = median(|| {
        let value: Value = serde_json::from_str(black_box(&valid)).expect("JSON");
        assert!(validator.is_valid(&value));
    });
    println!("parse and validate     {plain:>8} ns");
    for (name, text) in [("valid call accepted", &valid), ("call repaired", &repaired)] {
        let cost = median(|| assert!(accept(&tool, Arguments::Text(black_box(text)), today).is_ok()));
        println!("{name:<22} {cost:>8} ns  {:.2} x", cost as f64 / plain as f64);
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

fn schema() -> Value {
    let id = json!({ "type": "string", "pattern": "^[0-9]{10,19}$" });
    json!({
        "type": "object", "additionalProperties": false, "required": ["module"],
        "properties": {
            "module": { "type": "string", "enum": ["Cases", "Contacts", "Accounts", "Tasks", "Leads", "Deals"] },
            "fields": {
                "type": "array", "minItems": 1, "maxItems": 50, "uniqueItems": true,
                "items": { "type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]{0,63}$" }
            },
            "limit": { "type": "integer", "minimum": 1, "maximum": 200, "x-clamp": true },
            "sort_by": { "type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]{0,63}$" },
            "filters": {
                "type": "object", "additionalProperties": false,
                "properties": {
                    "status": { "type": "string", "enum": ["Open", "On Hold", "Closed"] },
                    "department_id": id, "assignee_id": id,
                    "created_after": { "type": "string", "format": "date" }
                }
            }
        }
    })
}
