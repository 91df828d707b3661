//! What an export says of itself is true of what it wrote: neither rows that are not in the file nor members that no row
//! carries are passed over.

use serde_json::{Value, json};

use super::scripted::{contacts, last, listing, rows, wire};
use super::{bed, tools};
use crate::bed::Wire;
use crate::connections_rooms::fake::{House, json as scripted};
use crate::desk_client::Desk;

/// CRM's search finds parts of an address, too: of rows that are left out no text can be cut in the file.
#[tokio::test]
async fn cut_texts_are_those_of_the_rows_written() {
    for (address, whole) in [("joann@cut.example", true), ("ann@cut.example", false)] {
        let house = listing(move |number| match number {
            0 => {
                let mut rows = rows(0..3);
                rows[0]["Email"] = json!("ann@cut.example");
                rows[1]["Email"] = json!(address);
                rows[1]["Last_Name"] = json!("x".repeat(500));
                rows[2] = rows[1].clone();
                last(rows)
            }
            _ => Value::Null,
        })
        .await;
        let mut call = contacts();
        call["filters"] = json!({ "Email": "ann@cut.example" });
        let body = wire(&house).await.call("export_records", call).await;
        assert_eq!(body["data"]["records"], if whole { 1 } else { 2 }, "{body}");
        let notes = body["notes"].to_string();
        assert_eq!(notes.contains("may go on in Last_Name of 1. "), !whole, "{body}");
        assert_eq!(notes.contains("may go on"), !whole, "{body}");
    }
}

/// Rows of a search as they come where an edition or an organization does not show all that the documents name.
fn cases(extra: &[Value]) -> Value {
    let rows = (1..9).zip(extra.iter().cycle()).map(|(id, extra)| {
        let mut row =
            json!({ "id": format!("{id}"), "subject": "X", "createdTime": "2026-01-01T00:00:00.000Z" });
        row.as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        row
    });
    json!({ "data": rows.collect::<Value>(), "count": 8 })
}

async fn exported(page: Value, filters: Value) -> Value {
    let house = House::new().await;
    house.connect(3_000_000_000).await;
    house
        .fake
        .script("/api/v1/tickets/search", [scripted(200, &page.to_string())]);
    let call = json!({ "module": "Cases", "app_type": "desk", "fields": ["subject"], "filters": filters });
    wire(&house).await.call("export_records", call).await
}

#[tokio::test]
async fn a_condition_on_what_no_row_shows_is_told() {
    let body = exported(cases(&[json!({})]), json!({ "isEscalated": true })).await;
    assert_eq!(
        (&body["data"]["records"], &body["complete"]),
        (&json!(0), &json!(false)),
        "{body}"
    );
    assert!(
        body["notes"]
            .to_string()
            .contains("None of them shows isEscalated"),
        "{body}"
    );
    // Rows need not say that they are not archived: no list but the archive's own has others.
    let row = |escalated| json!({ "isEscalated": escalated });
    let shown = [row(true), row(false)];
    let body = exported(cases(&shown), json!({ "isEscalated": true, "isArchived": false })).await;
    assert_eq!(
        (&body["data"]["records"], &body["complete"]),
        (&json!(4), &json!(true)),
        "{body}"
    );
}

/// One row of another kind is not in the file and told; it takes nothing with it.
#[tokio::test]
async fn a_row_that_cannot_be_compared_is_told_and_takes_no_other_with_it() {
    let rows = [
        json!({ "closedTime": "2026-02-01T00:00:00.000Z" }),
        json!({ "closedTime": "soon" }),
    ];
    let filters = json!({ "closedTime": { "from": "2026-01-01" } });
    let body = exported(cases(&rows), filters.clone()).await;
    assert_eq!(
        (&body["data"]["records"], &body["complete"]),
        (&json!(4), &json!(false)),
        "{body}"
    );
    let notes = body["notes"].to_string();
    assert!(notes.contains("4 records could not be compared"), "{body}");
    // Where none can be, the condition is the mistake.
    let body = exported(cases(&rows[1..]), filters).await;
    assert_eq!(body["code"], "invalid_arguments", "{body}");
    assert!(
        !body["next"].to_string().contains("The same call then goes on"),
        "{body}"
    );
}

/// Of a page that does not fit into one answer only the texts that are shown can be said to be cut.
#[tokio::test]
async fn cut_texts_of_a_list_are_those_of_the_rows_shown() {
    let house = listing(|number| match number {
        0 => {
            let mut rows = rows(0..200);
            for row in rows.as_array_mut().unwrap() {
                row["Last_Name"] = json!("x".repeat(500));
            }
            last(rows)
        }
        _ => Value::Null,
    })
    .await;
    let mut call = contacts();
    call["limit"] = json!(200);
    let body = house
        .serve(house.settings())
        .await
        .call("get_records", call)
        .await;
    let more = body["count"].as_u64().unwrap() - 5;
    let told = format!(", {more} more. ");
    assert!(
        more < 100 && body["notes"].to_string().contains(&told),
        "{:#}",
        body["notes"]
    );
}

/// Lists of Desk have been seen to end at 50 rows whatever is asked for (amp-labs/connectors#1223).
#[tokio::test]
async fn records_that_were_counted_and_did_not_come_are_told() {
    let bed = bed(20).await;
    let rows = Desk::of(&bed).await.get("/tickets/search?limit=7").await;
    let answer = json!({"kind": "answer", "path": "/api/v1/tickets/search", "body": rows});
    bed.admin(json!({"faults": [answer]})).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let body = wire.call("export_records", json!({"module": "Cases"})).await;
    assert_eq!(
        (&body["data"]["records"], &body["complete"]),
        (&json!(7), &json!(false)),
        "{body}"
    );
    assert!(body["notes"].to_string().contains("counted 13 more"), "{body}");
}

/// What a list tells of rows that were found by a part of an address, the file tells, too.
#[tokio::test]
async fn rows_that_only_hold_the_address_are_told() {
    let addresses = [
        "ann@cut.example",
        "joann@cut.example",
        "ann@cut.example",
        "x@ann@cut.example",
    ];
    let rows = addresses.map(|email| json!({ "email": email }));
    let body = exported(cases(&rows), json!({ "email": "ann@cut.example" })).await;
    assert_eq!(
        (&body["data"]["records"], &body["complete"]),
        (&json!(4), &json!(true)),
        "{body}"
    );
    let told = "4 more whose email only holds what was asked for are left out";
    assert!(body["notes"].to_string().contains(told), "{body}");
}

/// Rows that show something else than Zoho was asked for are not in the file: whether others are missing nobody knows.
#[tokio::test]
async fn rows_that_contradict_a_condition_are_left_out_and_told() {
    let rows = [
        json!({ "status": "Open" }),
        json!({ "status": "Closed" }),
        json!({}),
    ];
    let body = exported(cases(&rows), json!({ "status": "Open" })).await;
    assert_eq!(
        (&body["data"]["records"], &body["complete"]),
        (&json!(5), &json!(false)),
        "{body}"
    );
    let told = "3 rows of Zoho's answer contradict the conditions it was asked for (status)";
    assert!(body["notes"].to_string().contains(told), "{body}");
}

/// Lists leave converted leads out and say so; the file has them, and says that.
#[tokio::test]
async fn converted_leads_in_the_file_are_told() {
    let house = House::new().await;
    house.connect(3_000_000_000).await;
    house
        .fake
        .script("/crm/v8/Leads", [scripted(200, &last(rows(0..3)).to_string())]);
    let call = json!({ "module": "Leads", "app_type": "crm" });
    let body = wire(&house).await.call("export_records", call).await;
    assert_eq!(body["data"]["records"], 3, "{body}");
    let told = "Converted leads are among these.";
    assert!(body["notes"].to_string().contains(told), "{body}");
}
