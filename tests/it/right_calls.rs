//! The example of a right call in a refusal is one: sent as it stands it is no wrong call.

use serde_json::{Value, json};

use crate::bed::{Bed, Wire};

async fn tools(wire: &mut Wire) -> Vec<(String, bool)> {
    let listed = wire.request("tools/list", "{}").await;
    let tools = listed["result"]["tools"].as_array().unwrap().iter();
    let needs = |tool: &Value| tool["inputSchema"]["required"].is_array();
    tools
        .map(|tool| (tool["name"].as_str().unwrap().to_owned(), needs(tool)))
        .collect()
}

#[tokio::test]
async fn the_example_of_a_right_call_is_right() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(crate::exports::tools(&bed).await).await;
    let mut tried = 0;
    for (tool, needs) in tools(&mut wire).await {
        let refused = wire.call(&tool, json!({ "connection": { "name": 5 } })).await;
        assert_eq!(refused["code"], "invalid_arguments", "{tool}: {refused:#}");
        let mut example = refused["example"].clone();
        assert!(example.is_object(), "{tool}: {refused:#}");
        example.as_object_mut().unwrap().remove("connection");
        if needs {
            assert_ne!(example, json!({}), "{tool}: {refused:#}");
        }
        assert!(
            example.get("module").is_none_or(|module| module == "Cases"),
            "{tool}: {example}"
        );
        let answer = wire.call(&tool, example.clone()).await;
        assert_ne!(
            answer["code"], "invalid_arguments",
            "{tool} {example}: {answer:#}"
        );
        tried += 1;
    }
    assert!(tried > 10);
}

/// What was understood stays, and what a call needs one of is added where it has none.
#[tokio::test]
async fn an_example_has_one_of_what_a_call_needs_one_of() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (tool, given, there) in [
        (
            "get_record",
            json!({ "module": "Leads", "fields": { "a": 1 } }),
            ["module", "id"],
        ),
        (
            "get_record",
            json!({ "module": "Cases", "ticket_number": "101", "fields": { "a": 1 } }),
            ["module", "ticket_number"],
        ),
        (
            "find_customer",
            json!({ "name": "Anna", "connection": {} }),
            ["name", "name"],
        ),
    ] {
        let refused = wire.call(tool, given.clone()).await;
        let example = &refused["example"];
        assert!(
            there.iter().all(|key| example.get(key).is_some()),
            "{given}: {refused:#}"
        );
        let one_of = ["id", "ticket_number", "email", "phone", "name"];
        let number = one_of.iter().filter(|key| example.get(**key).is_some()).count();
        assert_eq!(number, 1, "{given}: {refused:#}");
        assert_eq!(example["module"], given["module"], "{refused:#}");
    }
}
