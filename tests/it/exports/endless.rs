//! A Zoho that never comes to an end: the export does, and says so.

use std::fs;

use serde_json::{Value, json};

use super::scripted::{LIST, SEARCH, contacts, directory, last, listing, page, rows, wire};
use crate::connections_rooms::fake::json as scripted;

/// Exports contacts of CRM, listed as `page` says for each page number, and counts how many pages were asked for.
async fn exported(page: impl Fn(usize) -> Value) -> (Value, usize) {
    let house = listing(page).await;
    let body = wire(&house).await.call("export_records", contacts()).await;
    let asked = [LIST, SEARCH].map(|path| house.fake.count(path));
    (body, asked.iter().sum())
}

#[track_caller]
fn ended(body: &Value, rows: usize) {
    assert_eq!(body["complete"], false, "{body}");
    assert_eq!(body["data"]["records"], rows, "{body}");
    assert!(body["notes"].to_string().contains("again"), "{body}");
}

#[tokio::test]
async fn the_same_page_again_and_again_ends_it() {
    let (body, asked) = exported(|_| page(rows(1..11), "SAME")).await;
    ended(&body, 10);
    assert!(asked < 20, "{asked} pages");
}

#[tokio::test]
async fn pages_without_a_new_row_end_it() {
    let (body, asked) = exported(|number| page(rows(1..11), &format!("T{number}"))).await;
    ended(&body, 10);
    assert!(asked < 20, "{asked} pages");
    let (body, asked) = exported(|number| page(json!([]), &format!("T{number}"))).await;
    ended(&body, 0);
    assert!(asked < 20, "{asked} pages");
}

#[tokio::test]
async fn two_pages_in_turn_end_it() {
    let turn = |number: usize| 1 + 10 * (number % 2);
    let (body, asked) = exported(|number| {
        let first = turn(number);
        page(rows(first..first + 10), &format!("T{}", number % 2))
    })
    .await;
    ended(&body, 20);
    assert!(asked < 30, "{asked} pages");
}

#[tokio::test]
async fn an_empty_page_among_others_does_not() {
    let (body, _) = exported(|number| match number {
        1 => page(json!([]), "B"),
        // Looked for around there, the last row given shows what follows it.
        2 => page(rows(10..21), "C"),
        4 => last(rows(30..36)),
        3 => page(rows(20..31), "D"),
        _ => page(rows(1..11), "A"),
    })
    .await;
    assert_eq!(
        (&body["complete"], &body["data"]["records"]),
        (&json!(true), &json!(35)),
        "{body}"
    );
}

#[tokio::test]
async fn nothing_where_there_was_to_be_more_is_not_the_end() {
    for nothing in [Value::Null, last(json!([]))] {
        let pages = |number: usize| match number {
            0 => page(rows(1..11), "first"),
            _ => nothing.clone(),
        };
        let (body, _) = exported(pages).await;
        assert_eq!(body["data"]["records"], 10, "{body}");
        assert_eq!(body["complete"], false, "{nothing}: {body}");
        assert!(body["notes"].to_string().contains("may be missing"), "{body}");
    }
    let (whole, _) = exported(|number| match number {
        0 => page(rows(1..11), "first"),
        _ => last(rows(10..14)),
    })
    .await;
    assert_eq!(whole["complete"], true, "{whole}");
}

/// What is no list is no page without records: the export breaks off there and goes on when it is asked again.
#[tokio::test]
async fn an_answer_that_is_no_page_breaks_it_off() {
    for (odd, code) in [
        (json!({}), "unavailable"),
        (json!({ "info": { "more_records": false } }), "unavailable"),
        (
            json!({ "info": { "more_records": true, "next_page_token": "x" } }),
            "unavailable",
        ),
        (
            json!({ "code": "INTERNAL_ERROR", "message": "try later", "status": "error" }),
            "unavailable",
        ),
    ] {
        let house = listing(|number| match number {
            0 => page(rows(1..11), "first"),
            1 => odd.clone(),
            _ => last(rows(10..14)),
        })
        .await;
        let mut wire = wire(&house).await;
        let broken = wire.call("export_records", contacts()).await;
        assert_eq!(broken["code"], code, "{odd}: {broken}");
        assert!(
            broken["next"].as_str().unwrap().contains("10 records"),
            "{broken}"
        );
        let whole = wire.call("export_records", contacts()).await;
        assert_eq!(
            (&whole["complete"], &whole["data"]["records"]),
            (&json!(true), &json!(13)),
            "{whole}"
        );
    }
}

#[tokio::test]
async fn ever_new_records_end_it_far_beyond_those_counted() {
    let house =
        listing(|number| page(rows(1 + number * 198..201 + number * 198), &format!("T{number}"))).await;
    let counted = scripted(200, r#"{"count":10}"#);
    house.fake.script("/crm/v8/Contacts/actions/count", [counted]);
    let body = wire(&house).await.call("export_records", contacts()).await;
    assert_eq!(body["complete"], false, "{body}");
    assert!(body["notes"].to_string().contains("those it counted"), "{body}");
    assert!(house.fake.count(LIST) < 60, "{} pages", house.fake.count(LIST));
}

/// Who asked no longer waits: nobody is asked on, and what is there can be taken up.
#[tokio::test]
async fn a_cancelled_export_stops_and_can_be_taken_up() {
    let house = listing(|number| page(rows(1 + number * 10..11 + number * 10), &format!("T{number}"))).await;
    let held = house.fake.hold(LIST);
    let mut wire = wire(&house).await;
    let call =
        json!({ "name": "export_records", "arguments": contacts(), "_meta": { "progressToken": "p" } });
    wire.send(&json!({ "jsonrpc": "2.0", "id": 700, "method": "tools/call", "params": call }).to_string())
        .await;
    held.arrival().await;
    held.release();
    held.arrival().await;
    let cancelled = json!({ "requestId": 700, "reason": "enough" });
    wire.send(
        &json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": cancelled }).to_string(),
    )
    .await;
    (0..200).for_each(|_| held.release());
    let again = loop {
        let answer = wire
            .call("export_records", json!({ "module": "Leads", "app_type": "crm" }))
            .await;
        assert_eq!(answer["complete"], true, "the server goes on answering: {answer}");
        let part = fs::File::open(part(&house)).unwrap();
        if part.try_lock().is_ok() {
            break house.fake.count(LIST);
        }
    };
    assert_eq!(again, 2, "nobody asks on");
}

fn part(house: &crate::connections_rooms::fake::House) -> std::path::PathBuf {
    let entries = fs::read_dir(directory(house)).unwrap();
    let mut paths = entries.map(|entry| entry.unwrap().path());
    paths
        .find(|path| path.extension().is_some_and(|end| end == "part"))
        .unwrap()
}
