//! What a write repairs - notation and nothing else - and what it refuses with a suggestion.

use serde_json::{Value, json};

use super::tools::{create, update};
use super::{call_text, refused, repaired, untouched};

const ID: &str = "4150868000115332918";

fn change(key: &str, value: Value) -> Value {
    json!({ "order_id": ID, key: value })
}

fn make(key: &str, value: Value) -> Value {
    json!({ "title": "Blue chairs", "customer_id": ID, key: value })
}

#[test]
fn free_text_is_opaque() {
    for text in [
        "  spaces ",
        "null",
        "[1, 2]",
        "{\"a\": 1}",
        "true",
        "12",
        "&amp; &lt;",
        "```json\n{}\n```",
        "a, b",
    ] {
        untouched(&update(), &change("note", json!(text)));
    }
    untouched(&update(), &change("owner_id", Value::Null));
    untouched(&update(), &change("tags", json!([])));
}

#[test]
fn notation_is_repaired() {
    for (given, wanted, rule) in [
        (
            json!({ "orderId": ID, "state": "Open" }),
            change("state", json!("Open")),
            "key_style",
        ),
        (
            json!({ "id": ID, "state": "Open" }),
            change("state", json!("Open")),
            "key_alias",
        ),
        (
            change("state", json!("on_hold")),
            change("state", json!("On Hold")),
            "enum_style",
        ),
        (
            change("state", json!(["Open"])),
            change("state", json!("Open")),
            "one_of_list",
        ),
        (
            change("is_gift", json!("yes")),
            change("is_gift", json!(true)),
            "boolean_text",
        ),
        (
            change("is_gift", json!(0)),
            change("is_gift", json!(false)),
            "boolean_number",
        ),
        (
            change("amount", json!("12.50")),
            change("amount", serde_json::from_str("12.50").expect("a number")),
            "number_text",
        ),
        (
            change("tags", json!("vip")),
            change("tags", json!(["vip"])),
            "list_of_one",
        ),
        (
            change("tags", json!("['a','b']")),
            change("tags", json!(["a", "b"])),
            "stringified",
        ),
        (
            change("due", json!("2026-11-30 17:00Z")),
            change("due", json!("2026-11-30T17:00:00Z")),
            "date_time_format",
        ),
        (
            change("due", json!("2026-11-30T17:00:00+0100")),
            change("due", json!("2026-11-30T17:00:00+01:00")),
            "date_time_format",
        ),
        (
            json!({ "arguments": change("state", json!("Open")) }),
            change("state", json!("Open")),
            "wrapper",
        ),
        (
            json!({ "order_id": ID, "params": { "state": "Open" } }),
            change("state", json!("Open")),
            "wrapper",
        ),
        (
            json!({ "order_id": ID, "state": "Open", "toolCallId": "x" }),
            change("state", json!("Open")),
            "client_key",
        ),
        (
            json!({ "order_id": 415_086_800_011_533_u64, "state": "Open" }),
            json!({ "order_id": "415086800011533", "state": "Open" }),
            "text_of_integer",
        ),
    ] {
        repaired(&update(), &given, &wanted, rule);
    }
    repaired(
        &create(),
        &make("to", json!("a@x.example, b@y.example")),
        &make("to", json!(["a@x.example", "b@y.example"])),
        "list_text",
    );
}

#[test]
fn guesses_are_refused_with_a_suggestion() {
    for (given, suggestion) in [
        (change("stat", json!("Open")), "state"),
        (change("state", json!("Opne")), "Open"),
        (change("state", json!("Cancelle")), "Cancelled"),
        (json!({ "orderi_d": ID, "state": "Open" }), "order_id"),
    ] {
        let refusal = refused(&update(), &given);
        let suggested = refusal
            .problems
            .iter()
            .any(|problem| problem.suggestion.as_deref() == Some(suggestion));
        assert!(
            suggested,
            "{suggestion} not suggested for {given}: {}",
            refusal.message
        );
    }
}

#[test]
fn what_could_mean_something_else_is_refused() {
    for given in [
        change("colour", json!("red")),
        change("tags", json!("smith, john")),
        change("tags", json!("[vip, gold]")),
        change("tags", json!(["a", null])),
        change("note", json!(1.10)),
        change("note", json!(["a", "b"])),
        change("note", json!({ "text": "hi" })),
        change("note", json!(true)),
        change("state", json!("Pending")),
        change("state", json!("Open, Shipped")),
        change("is_gift", json!("maybe")),
        change("is_gift", json!(2)),
        change("due", json!("2026-11-30")),
        change("due", json!("2026-11-30T17:00:00")),
        change("due", json!("tomorrow 17:00Z")),
        json!({ "order_id": ID, "updates": { "state": "Open" } }),
        json!({ "order_id": [ID, "4150868000115332919"], "state": "Open" }),
        json!({ "order_id": ID, "arguments": { "order_id": "4150868000115332919", "state": "Open" } }),
        json!({ "order_id": ID, "id": "4150868000115332919", "state": "Open" }),
        json!({ "name": "delete_order", "arguments": change("state", json!("Open")) }),
        json!({ "order_id": ID }),
        json!([change("state", json!("Open")), change("state", json!("Shipped"))]),
        json!([ID, "Open"]),
    ] {
        refused(&update(), &given);
    }
    for given in [
        make("to", json!(["a@x.example", "oops"])),
        make("to", json!("a@x.example, oops")),
        make("to", json!("me")),
        make("to", json!([])),
        make("due", json!("03/04/2026")),
        make("due", json!("next Friday")),
        make("title", json!("t".repeat(201))),
    ] {
        refused(&create(), &given);
    }
}

#[test]
fn nothing_is_left_out_of_a_new_record_but_never_of_a_change() {
    for value in [Value::Null, json!(""), json!("null")] {
        repaired(
            &create(),
            &make("priority", value.clone()),
            &json!({ "title": "Blue chairs", "customer_id": ID }),
            "absent_optional",
        );
        refused(&update(), &change("state", value.clone()));
        refused(&update(), &change("tags", value));
    }
    refused(&create(), &json!({ "title": null, "customer_id": ID }));
    refused(&create(), &json!({ "title": "", "customer_id": ID }));
}

#[test]
fn digits_are_never_lost() {
    for id in [
        "4150868000115332000",
        "4.150868e18",
        "4150868000115332918.0",
        "99999999999999999999",
        "04150868000115332918",
    ] {
        let refusal = call_text(&update(), &format!(r#"{{"order_id": {id}, "state": "Open"}}"#));
        assert!(refusal.is_err(), "{id} became {refusal:?}");
    }
    let exact =
        call_text(&update(), &format!(r#"{{"order_id": {ID}, "state": "Open"}}"#)).expect("an exact id");
    assert_eq!(exact.arguments().get("order_id"), Some(&json!(ID)));
    for number in [
        "12345678901234567890123",
        "0.12345678901234567891",
        "1e+400",
        "19.990",
    ] {
        let valid = call_text(
            &update(),
            &format!(r#"{{"order_id": "{ID}", "amount": {number}}}"#),
        );
        assert_eq!(valid.expect("a number").arguments()["amount"].to_string(), number);
    }
}

#[test]
fn leaked_call_markup_is_stopped() {
    let tag = |name: &str| format!("</{name}>");
    let open = |name: &str| format!("<parameter name=\"{name}\">");
    for text in [
        format!("Done.{}", tag("parameter")),
        format!("Done.{}\n{}", tag("note"), tag("invoke")),
        format!("Done.{}\n{}false", tag("note"), open("is_gift")),
        format!("Done.\n{}false{}", open("is_gift"), tag("parameter")),
        "Done.<|im_end|>".to_owned(),
        format!("Done.{}", tag("arg_value")),
    ] {
        let refusal = refused(&update(), &change("note", json!(text)));
        assert!(refusal.message.contains("markup"), "{}", refusal.message);
        refused(&update(), &change("tags", json!([text])));
    }
    for text in [
        format!("The file has {}5{} in it.", open("x"), tag("parameter")),
        format!("A stray {} is in the log.", tag("invoke")),
        "<p>All good</p>".to_owned(),
        "a < b and c > d".to_owned(),
    ] {
        untouched(&update(), &change("note", json!(text)));
    }
}

#[test]
fn a_name_for_an_id_is_told_to_the_caller() {
    let refusal = refused(&update(), &change("owner_id", json!("Dana Lee")));
    let reference = refusal
        .problems
        .iter()
        .find_map(|problem| problem.reference.as_ref())
        .expect("the reference");
    assert_eq!(
        (reference.path.as_str(), reference.text.as_str()),
        ("/owner_id", "Dana Lee")
    );
}

/// Left out, a reply goes to whom it would go anyway: "none" asks for something else.
#[test]
fn a_word_for_nobody_is_no_receiver_left_out() {
    for nobody in [json!("none"), json!("null"), json!("N/A"), json!(["none"])] {
        refused(&create(), &make("to", nobody));
    }
    for nothing in [json!(""), Value::Null] {
        let left_out = json!({ "title": "Blue chairs", "customer_id": ID });
        repaired(&create(), &make("to", nothing), &left_out, "absent_optional");
    }
}

/// The example of a right call is copied: it never holds the opposite of what was meant.
#[test]
fn a_word_that_is_turned_by_another_is_no_slip() {
    for (key, meant, opposite) in [
        ("state", "Not Shipped", "\"Shipped\""),
        ("state", "anything but Open", "\"Open\""),
    ] {
        let told = refused(&update(), &change(key, json!(meant)));
        assert!(
            !told.message.contains(&format!("\"state\":{opposite}")),
            "{}",
            told.message
        );
    }
}
