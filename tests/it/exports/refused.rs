//! Rows of an export that Zoho refuses: they are counted, and the export is not called whole.

use serde_json::{Value, json};

use super::ids;
use super::scripted::{contacts, last, listing, page, rows, wire};
use crate::connections_rooms::fake::{House, json as scripted};

fn with_errors(mut rows: Value, errors: usize) -> Value {
    for _ in 0..errors {
        rows.as_array_mut().unwrap().insert(
            1,
            json!({ "code": "NO_PERMISSION", "details": {}, "message": "permission denied", "status": "error" }),
        );
    }
    rows
}

#[tokio::test]
async fn rows_that_are_errors_are_not_in_the_file_and_are_counted() {
    let house = listing(|number| match number {
        0 => page(with_errors(rows(0..200), 2), "next"),
        1 => last(with_errors(rows(199..260), 1)),
        _ => Value::Null,
    })
    .await;
    let body = wire(&house).await.call("export_records", contacts()).await;
    assert_eq!(body["data"]["records"], 260, "{body}");
    assert_eq!(body["complete"], false, "{body}");
    assert!(
        body["notes"]
            .to_string()
            .contains("3 rows refused by Zoho: NO_PERMISSION"),
        "{body}"
    );
    assert_eq!(ids(body["data"]["path"].as_str().unwrap()).len(), 260);
}

#[tokio::test]
async fn errors_among_the_rows_of_desk_shift_no_page() {
    const SEARCH: &str = "/api/v1/contacts/search";
    let row = |id: u32| json!({ "id": format!("{id}"), "lastName": "X", "createdTime": "2026-01-01T00:00:00.000Z" });
    let house = House::new().await;
    house.connect(3_000_000_000).await;
    let mut first: Value = (1..95).map(row).collect();
    for _ in 0..2 {
        let error = json!({ "errorCode": "FORBIDDEN", "message": "not allowed" });
        first.as_array_mut().unwrap().insert(7, error);
    }
    // Row 95 is the record 93, the last one given: by it the pages are joined.
    let second: Value = (93..101).map(row).collect();
    let pages = [first, second].map(|rows| scripted(200, &json!({ "data": rows, "count": 102 }).to_string()));
    house.fake.script(SEARCH, pages);
    let arguments = json!({ "module": "Contacts", "app_type": "desk", "fields": ["lastName"] });
    let body = wire(&house).await.call("export_records", arguments).await;
    assert_eq!(body["data"]["records"], 100, "{body}");
    assert_eq!(body["complete"], false, "{body}");
    let notes = body["notes"].to_string();
    assert!(notes.contains("2 rows refused by Zoho: FORBIDDEN"), "{body}");
    assert!(!notes.contains("changed while it was paged"), "{body}");
    let asked: Vec<String> = house.fake.seen().into_iter().map(|seen| seen.query).collect();
    assert!(asked.iter().any(|query| query.contains("from=94")), "{asked:?}");
}

/// CRM cuts rich text of lists to 500 characters.
#[tokio::test]
async fn rich_text_that_may_be_cut_is_no_whole_export() {
    for (length, whole) in [(499, true), (500, false)] {
        let house = listing(move |number| match number {
            0 => {
                let mut rows = rows(0..3);
                rows[1]["Last_Name"] = json!("x".repeat(length));
                last(rows)
            }
            _ => Value::Null,
        })
        .await;
        let body = wire(&house).await.call("export_records", contacts()).await;
        assert_eq!(body["complete"], whole, "{body}");
        let told = body["notes"]
            .to_string()
            .contains("ends at 500 characters and may go on in Last_Name of 1. ");
        assert_eq!(told, !whole, "{body}");
    }
}
