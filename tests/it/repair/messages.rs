//! Refusals teach: every problem at once, what is valid, how the right call looks, and never the broken text.

use serde_json::{Value, json};

use super::tools::{list, update};
use super::{call_string, call_text, refused};

const ID: &str = "4150868000115332918";

#[test]
fn all_problems_in_one_answer() {
    let refusal = refused(
        &update(),
        &json!({ "state": "Pending", "colour": "red", "is_gift": "maybe", "note": "keep me" }),
    );
    let paths: Vec<&str> = refusal
        .problems
        .iter()
        .map(|problem| problem.path.as_str())
        .collect();
    for path in ["/state", "/colour", "/is_gift", "/order_id"] {
        assert!(paths.contains(&path), "{path} not in {paths:?}");
    }
    for part in [
        "Open, On Hold, Shipped, Cancelled",
        "order_id",
        "true or false",
        "order_id, note, state",
    ] {
        assert!(
            refusal.message.contains(part),
            "{part} not in {}",
            refusal.message
        );
    }
    let example = refusal.example.expect("an example");
    assert_eq!(example["note"], "keep me");
    assert!(example["order_id"].is_string());
    assert_eq!(example.get("colour"), None);
}

#[test]
fn broken_text_is_never_repeated() {
    let inner = r#"{"arguments": {"order_id": "4150868000115332918", "note": "He said "zebra" today"}}"#;
    let refusal = call_string(&update(), inner).expect_err("refused");
    assert!(!refusal.message.contains("zebra"), "{}", refusal.message);
    assert!(refusal.message.contains("JSON"));
    let cut =
        call_string(&update(), r#"{"order_id": "4150868000115332918", "note": "zeb"#).expect_err("refused");
    assert!(
        cut.message.contains("end early") && !cut.message.contains("zeb"),
        "{}",
        cut.message
    );
}

#[test]
fn messages_stay_short() {
    let many: Value = (0..3_000)
        .map(|n| (format!("key_{n}"), json!(n)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let refusal = refused(&update(), &many);
    assert!(refusal.problems.len() <= 12);
    let long =
        json!({ "order_id": "x".repeat(100_000), "note": "n".repeat(5_000), "state": "y".repeat(100_000) });
    let refusal = refused(&update(), &long);
    assert!(refusal.message.contains("state") && !refusal.message.contains("nnnnnnnnnn"));
}

#[test]
fn bounds_and_lengths_are_named() {
    let refusal = refused(&list(), &json!({ "kind": "Orders", "limit": 0 }));
    assert!(refusal.message.contains("from 1 to 100"), "{}", refusal.message);
    let refusal = refused(&update(), &json!({ "order_id": ID, "note": "n".repeat(5_001) }));
    assert!(
        refusal.message.contains("5000") && refusal.message.contains("5001"),
        "{}",
        refusal.message
    );
}

#[test]
fn a_lost_digit_says_so() {
    let refusal =
        call_text(&update(), r#"{"order_id": 4150868000000542000, "state": "Open"}"#).expect_err("refused");
    assert!(refusal.message.contains("digits"), "{}", refusal.message);
    assert_eq!(refusal.problems.len(), 1);
}

#[test]
fn receipts_are_short() {
    let columns: Vec<String> = (0..15)
        .map(|n| format!("a_rather_long_column_name_{n}"))
        .collect();
    let valid = super::call(
        &list(),
        &json!({ "kind": "orders", "columns": columns.join(",") }),
    )
    .expect("repaired");
    for repair in valid.repairs() {
        assert!(
            repair.from.chars().count() <= 61 && repair.to.chars().count() <= 61,
            "{repair:?}"
        );
    }
    assert!(
        valid
            .repairs()
            .iter()
            .any(|repair| repair.path == "/columns" && repair.rule == "list_text")
    );
}
