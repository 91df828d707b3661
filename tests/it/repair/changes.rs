//! What a write refuses because it would change something else than was said: lists that would be split, and examples that
//! would be done as they stand.

use serde_json::{Value, json};
use zoho_mcp::repair::{Access, ToolSchema};

use super::{call, refused};

fn many(access: Access) -> ToolSchema {
    let number = json!({ "type": "string", "pattern": "^\\d{1,20}$" });
    let schema = json!({
        "type": "object", "additionalProperties": false, "x-blank": "absent", "x-one-of": ["ids", "numbers"],
        "properties": {
            "ids": { "type": "array", "items": number },
            "numbers": { "type": "array", "items": number },
            "status": { "type": "string", "minLength": 1, "x-example": "Closed" }
        }
    });
    ToolSchema::new("many", access, schema).expect("a schema")
}

fn one() -> ToolSchema {
    let schema = json!({
        "type": "object", "additionalProperties": false, "x-blank": "absent", "x-one-of": ["id"],
        "required": ["module", "values"],
        "properties": {
            "module": { "type": "string", "x-example": "Cases", "x-pattern": "^[^\\s./\\\\<{\\[\"][^\\n\\r\\t]*$" },
            "id": { "type": "string", "pattern": "^\\d{1,20}$" },
            "values": { "type": "object", "x-example": { "status": "Closed" }, "x-aliases": ["fields"] }
        }
    });
    ToolSchema::new("one", Access::Write, schema).expect("a schema")
}

/// `1,234` is one number to many people.
#[test]
fn an_item_of_a_write_is_not_split() {
    for key in ["ids", "numbers"] {
        for given in [
            json!(["101,234"]),
            json!(["1,234"]),
            json!(["101, 234"]),
            json!(["101;234"]),
            json!(["101\n234"]),
            json!("1,234"),
            json!("101,234"),
            json!({ "item": "1,234" }),
        ] {
            let refusal = refused(&many(Access::Write), &json!({ key: given, "status": "Closed" }));
            assert!(
                refusal.message.contains("item of its own"),
                "{given}: {}",
                refusal.message
            );
            let read = call(&many(Access::Read), &json!({ key: given }));
            let read = read.expect("a list");
            assert!(!read.repairs().is_empty(), "{given}");
        }
    }
}

#[test]
fn an_example_shows_what_was_sent_under_its_right_name() {
    let sent = json!({ "priority": "High" });
    let refusal = refused(&one(), &json!({ "module": "Cases", "id": "600", "value": sent }));
    let right = json!({ "module": "Cases", "id": "600", "values": sent });
    assert_eq!(refusal.example, Some(right), "{}", refusal.message);
}

/// What a write would do was not said: nothing is made up that could be done.
#[test]
fn an_example_makes_up_no_values() {
    for given in [
        json!({ "module": "Cases", "id": "600" }),
        json!({ "module": "Cases", "id": "600", "values": "priority" }),
        json!({ "module": "Cases", "id": "600", "new_data": { "priority": "High" } }),
        json!({ "module": "Cases", "id": "600", "value": "High", "valuess": "Low" }),
    ] {
        let refusal = refused(&one(), &given);
        assert_eq!(refusal.example, None, "{given}");
        assert!(
            !refusal.message.contains("\"Closed\""),
            "{given}: {}",
            refusal.message
        );
    }
    let refusal = refused(
        &many(Access::Write),
        &json!({ "ids": ["5"], "status": ["a", "b"] }),
    );
    let status = refusal.example.unwrap_or(Value::Null)["status"].clone();
    assert!(status.is_null() || status == "<status>", "{status}");
    let refusal = refused(&one(), &json!({ "id": "600", "values": { "priority": "High" } }));
    let module = refusal.example.unwrap_or(Value::Null)["module"].clone();
    assert_ne!(module, "Cases");
}
