//! Inputs made to hurt: they are answered, and what is answered is right.

use serde_json::{Value, json};

use super::tools::{create, list, update};
use super::{call, call_string, call_text};

const ID: &str = "4150868000115332918";

#[test]
fn fifty_thousand_open_brackets() {
    for unit in [
        "[",
        "{",
        "{\"a\":",
        "[{\"a\":",
        "(",
        "{'arguments':",
        "\"",
        "\\\"",
        "```",
        "/*",
        "{\"a\":1}",
    ] {
        let text = unit.repeat(50_000);
        assert!(call_text(&update(), &text).is_err());
        assert!(call_string(&update(), &text).is_err());
        assert!(call(&update(), &json!({ "order_id": ID, "extra": text })).is_err());
        assert!(
            call(
                &list(),
                &json!({ "kind": "Orders", "columns": text, "where": text })
            )
            .is_err()
        );
    }
    let nested = format!(
        "{{\"order_id\": \"{ID}\", \"extra\": {}{}}}",
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    assert!(call_text(&update(), &nested).is_err());
}

#[test]
fn keys_by_the_thousand() {
    let same = format!(
        "{{\"order_id\": \"{ID}\"{}}}",
        ", \"state\": \"Open\"".repeat(5_000)
    );
    let valid = call_text(&update(), &same).expect("the same value each time");
    assert_eq!(valid.arguments().get("state"), Some(&json!("Open")));
    let other: String = (0..5_000).map(|n| format!(", \"note\": \"{n}\"")).collect();
    assert!(call_text(&update(), &format!("{{\"order_id\": \"{ID}\"{other}}}")).is_err());
    let unknown: String = (0..5_000).map(|n| format!(", \"stat{n}\": \"{n}\"")).collect();
    assert!(call_text(&update(), &format!("{{\"order_id\": \"{ID}\"{unknown}}}")).is_err());
    assert!(call_text(&list(), &format!("{{\"kind\": \"orders\"{unknown}}}")).is_err());
}

#[test]
fn long_lists_and_long_texts() {
    let long = "x".repeat(200_000);
    assert!(
        call(
            &create(),
            &json!({ "title": "a", "customer_id": ID, "text": long })
        )
        .is_err()
    );
    assert!(call(&update(), &json!({ "order_id": long, "state": long })).is_err());
    assert!(
        call(
            &list(),
            &json!({ "kind": long, "direction": long, "columns": long, "where": long })
        )
        .is_err()
    );
    assert!(call(&list(), &json!({ "kind": "Orders", "search": long })).is_err());
    assert!(
        call(
            &list(),
            &json!({ "kind": "Orders", "search": "x".repeat(20_000) })
        )
        .is_ok()
    );
    let tags: Vec<Value> = (0..2_000).map(|n| json!(n)).collect();
    let valid = call(&update(), &json!({ "order_id": ID, "tags": tags })).expect("integers as text");
    assert_eq!(
        valid
            .arguments()
            .get("tags")
            .and_then(Value::as_array)
            .map(Vec::len),
        Some(2_000)
    );
    assert!(valid.repairs().len() <= 200);
    let bad: Vec<Value> = (0..2_000).map(|n| json!({ "n": n })).collect();
    assert!(call(&update(), &json!({ "order_id": ID, "tags": bad })).is_err());
    let commas = ",".repeat(200_000);
    assert!(call(&list(), &json!({ "kind": "Orders", "columns": commas })).is_err());
}

#[test]
fn wrappers_in_wrappers() {
    let mut call_value = json!({ "order_id": ID, "state": "Open" });
    for _ in 0..90 {
        call_value = json!({ "arguments": call_value });
    }
    assert!(call(&update(), &call_value).is_ok());
    let mut encoded = json!({ "order_id": ID, "state": "Open" }).to_string();
    for _ in 0..3 {
        encoded = Value::from(encoded).to_string();
    }
    assert!(call_text(&update(), &encoded).is_ok());
}

#[test]
fn odd_characters() {
    for text in ["\u{0}", "\u{202e}abc", "\u{1f600}", "e\u{301}", "\u{feff}"] {
        let valid = call(&update(), &json!({ "order_id": ID, "note": text })).expect("free text");
        assert_eq!(valid.arguments().get("note"), Some(&json!(text)));
    }
    assert!(
        call_text(
            &update(),
            r#"{"order_id": "4150868000115332918", "note": "\ud83d"}"#
        )
        .is_err()
    );
}
