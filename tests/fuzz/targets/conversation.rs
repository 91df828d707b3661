//! Whatever a message is, it is told; what is cut of it is counted.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};
use zoho_mcp::tools::output::conversation::{
    Body, Entry, People, Telling, attachment, blueprint, customer_waits, earlier, metrics,
};
use zoho_mcp::tools::output::quotation::{Earlier, find};

fuzz_target!(|text: &str| {
    if let Some(found) = find(text) {
        assert!(text.contains(found.own) && found.own.len() + found.quoted.len() <= text.len());
        if let Some(own) = found.without_known(&[Earlier::of(found.quoted, "")], "Offer") {
            assert!(own.text.starts_with(found.own) && own.left_out <= found.quoted.chars().count());
        }
    }
    let rows: Vec<Map<String, Value>> = match serde_json::from_str(text) {
        Ok(Value::Array(rows)) => rows
            .into_iter()
            .filter_map(|row| row.as_object().cloned())
            .collect(),
        Ok(Value::Object(row)) => vec![row],
        _ => Vec::from([Map::from_iter([("content".to_owned(), Value::from(text))])]),
    };
    let people = People::of(&Map::new(), &rows);
    let known: Vec<Earlier> = rows.iter().map(|row| earlier(row, &Body::InRow)).collect();
    customer_waits(&rows, &people);
    for row in &rows {
        for (quoted, longest) in [(true, 300), (false, 10)] {
            for body in [
                Body::InRow,
                Body::Read(row.clone()),
                Body::Unread("no".to_owned()),
            ] {
                let telling = Telling {
                    quoted,
                    earlier: &known,
                    longest,
                    subject: "Offer",
                    people: &people,
                };
                Entry::new(row, &body, telling).length();
            }
        }
        attachment(row.clone());
        metrics(row);
        blueprint(row);
    }
});
