//! Ids of Zoho's that are none: shown as they are, said to be so, and put into no link and no path.

use serde_json::{Value, json};

use crate::bed::Bed;

async fn listed(rows: Value, table: bool) -> Value {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let faults = json!([{ "kind": "answer", "path": "/api/v1/tickets", "body": { "data": rows } }]);
    bed.admin(json!({ "faults": faults })).await;
    let form = if table { "table" } else { "objects" };
    wire.call(
        "get_records",
        json!({ "module": "Cases", "limit": 5, "format": form }),
    )
    .await
}

fn told(answer: &Value) -> bool {
    answer["notes"].to_string().contains("as Zoho's ids are")
}

#[tokio::test]
async fn what_is_no_id_is_shown_and_leads_nowhere() {
    for (id, shown) in [
        (json!("../x"), "../x"),
        (json!("a b"), "a b"),
        (json!("1\u{1b}[2J\r\n2"), "1[2J\n2"),
        (
            serde_json::from_str("9223372036854775808").unwrap(),
            "9223372036854775808",
        ),
        (
            serde_json::from_str("12345678901234567890123").unwrap(),
            "12345678901234567890123",
        ),
        (serde_json::from_str("1e5").unwrap(), "1e+5"),
        (json!(-5), "-5"),
    ] {
        let row = json!({ "id": id, "ticketNumber": "1", "subject": "s" });
        let answer = listed(json!([row]), false).await;
        let first = &answer["data"][0];
        assert_eq!(
            first["id"].as_str().unwrap().trim_matches(['〔', '〕']),
            shown,
            "{answer}"
        );
        assert_eq!(first["link"], Value::Null, "{answer}");
        assert!(told(&answer), "{answer}");
        let table = listed(json!([row]), true).await;
        assert!(told(&table), "{table}");
    }
    let long = listed(json!([{ "id": "x".repeat(10_000), "subject": "s" }]), false).await;
    assert_eq!(long["data"][0]["link"], Value::Null, "{long}");
    assert!(
        told(&long) && long["untrusted"].to_string().contains("\"id\""),
        "{long}"
    );
}

#[tokio::test]
async fn an_id_passes_digit_for_digit() {
    for id in [
        "9007199254740993",
        "9223372036854775807",
        "648013000000401999",
        "1",
    ] {
        let number: Value = serde_json::from_str(id).unwrap();
        for id_sent in [json!(id), number] {
            let answer = listed(
                json!([{ "id": id_sent, "subject": "s", "contactId": id_sent }]),
                false,
            )
            .await;
            let first = &answer["data"][0];
            assert_eq!(first["id"], id, "{answer}");
            assert!(
                first["link"].as_str().unwrap().ends_with(&format!("/{id}")),
                "{answer}"
            );
            assert!(!told(&answer), "{answer}");
        }
    }
}

/// The id of a message goes into a path.
#[tokio::test]
async fn a_message_whose_id_is_none_is_not_asked_for() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let list = wire
        .call("get_records", json!({ "module": "Cases", "limit": 1 }))
        .await;
    let id = list["data"][0]["id"].as_str().unwrap().to_owned();
    let row = json!({
        "id": "../../contacts", "type": "thread", "channel": "EMAIL", "direction": "in", "status": "SUCCESS",
        "summary": "s", "createdTime": "2026-11-20T10:00:00.000Z", "author": { "name": "a", "type": "END_USER" },
    });
    let path = format!("/api/v1/tickets/{id}/conversations");
    bed.forget().await;
    bed.admin(json!({ "faults": [{ "kind": "answer", "path": path, "body": { "data": [row] } }] }))
        .await;
    let answer = wire.call("get_ticket_context", json!({ "id": id })).await;
    let seen = bed.seen().await;
    assert!(!seen.iter().any(|line| line.contains("..")), "{seen:?}");
    let text = answer.to_string();
    assert!(text.contains("cannot be sent to Zoho"), "{answer}");
}

/// What a record refers to has ids of other kinds: nothing is asked for by them.
#[tokio::test]
async fn ids_within_a_record_are_left_to_it() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let row = json!({ "id": "12", "subject": "s", "layoutDetails": { "id": "standard", "layoutName": "x" } });
    let faults = json!([{ "kind": "answer", "path": "/api/v1/tickets", "body": { "data": [row] } }]);
    bed.admin(json!({ "faults": faults })).await;
    let call = json!({ "module": "Cases", "limit": 5, "fields": ["subject", "layoutDetails"] });
    let answer = wire.call("get_records", call).await;
    assert!(answer["data"].to_string().contains("standard"), "{answer}");
    assert!(!told(&answer), "{answer}");
}
