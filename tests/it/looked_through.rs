//! Rows looked through for conditions that Zoho has no filter for: how many is told, and what was found stays when Zoho
//! fails on the way.

use serde_json::{Value, json};

use crate::bed::{Bed, Wire};
use crate::connections_rooms::fake::{House, Scripted, json as scripted};

/// Rows that Zoho Desk is asked for at first, and for every further page: one more than a page, so that it is known
/// whether there are more, and those that join it to the one before.
const FIRST: usize = 96;
const FURTHER: usize = 98;

/// Rows as Zoho Desk, getTickets, has them, newest first; every tenth was closed.
fn rows(from: usize, number: usize) -> Scripted {
    let rows = (from..from + number).map(|row| {
        let closed = (row % 10 == 0).then_some("2026-11-02T00:00:00.000Z");
        json!({ "id": format!("{}", 900_000 - row), "subject": format!("Case {row}"), "closedTime": closed })
    });
    scripted(200, &json!({ "data": rows.collect::<Vec<Value>>() }).to_string())
}

/// Two pages of Zoho's, and in place of the third a refusal, in the words of Zoho Desk's documents.
fn two_pages_and_a_refusal() -> Vec<Scripted> {
    let refusal = json!({ "errorCode": "LICENSE_ACCESS_LIMITED", "message": "Your license is limited" });
    vec![
        rows(0, FIRST),
        rows(94, FURTHER),
        scripted(403, &refusal.to_string()),
    ]
}

async fn asked(tool: &str, extra: Value) -> (House, Wire, Value) {
    let (house, mut wire) = House::served().await;
    house.fake.script("/api/v1/tickets", two_pages_and_a_refusal());
    let mut arguments = json!({ "module": "Cases", "filters": { "closedTime": { "from": "2026-11-01" } } });
    for (key, value) in extra.as_object().unwrap() {
        arguments[key] = value.clone();
    }
    let answer = wire.call(tool, arguments).await;
    (house, wire, answer)
}

#[tokio::test]
async fn what_was_found_stays_when_a_later_page_fails() {
    let (house, mut wire, answer) = asked("get_records", json!({ "limit": 50, "fields": ["id"] })).await;
    assert_eq!(answer["count"], 19, "{answer:#}");
    assert_eq!(answer["has_more"], true, "{answer:#}");
    let notes = answer["notes"].to_string();
    assert!(notes.contains("190 records were looked through"), "{answer:#}");
    assert!(notes.contains("Your license is limited"), "{answer:#}");
    let cursor = answer["next_cursor"]
        .as_str()
        .unwrap_or_else(|| panic!("{answer:#}"));
    house.fake.script("/api/v1/tickets", [rows(189, 21)]);
    let on = json!({
        "module": "Cases", "filters": { "closedTime": { "from": "2026-11-01" } }, "limit": 50, "fields": ["id"],
        "cursor": cursor,
    });
    let on = wire.call("get_records", on).await;
    assert_eq!(
        (&on["count"], &on["has_more"]),
        (&json!(2), &json!(false)),
        "{on:#}"
    );
    assert_eq!(on["data"][0]["id"], "899810", "{on:#}");
}

#[tokio::test]
async fn a_count_that_broke_off_says_how_far_it_came() {
    let (_house, _wire, answer) = asked("count_records", json!({})).await;
    assert_eq!(
        (&answer["count"], &answer["at_least"]),
        (&json!(19), &json!(true)),
        "{answer:#}"
    );
    let notes = answer["notes"].to_string();
    assert!(notes.contains("190 records were looked through"), "{answer:#}");
    assert!(notes.contains("Your license is limited"), "{answer:#}");
}

/// What fails at once found nothing: that is a failure.
#[tokio::test]
async fn a_first_page_that_fails_is_a_failure() {
    let (house, mut wire) = House::served().await;
    for tool in ["get_records", "count_records"] {
        house
            .fake
            .script("/api/v1/tickets", two_pages_and_a_refusal().drain(2..));
        let arguments = json!({ "module": "Cases", "filters": { "closedTime": { "from": "2026-11-01" } } });
        let answer = wire.call(tool, arguments).await;
        assert!(answer["error"].is_string(), "{tool}: {answer:#}");
    }
}

#[tokio::test]
async fn a_count_by_paging_tells_the_rows_it_looked_through() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let all = wire.call("count_records", json!({ "module": "Cases" })).await;
    let filters = json!({ "closedTime": { "from": "2026-11-01" } });
    let answer = wire
        .call("count_records", json!({ "module": "Cases", "filters": filters }))
        .await;
    let told = format!("{} records were looked through.", all["count"]);
    assert!(answer["notes"].to_string().contains(&told), "{answer:#}");
}

/// One row of another kind, as a time that is none, takes no other with it: neither those before it nor those behind.
#[tokio::test]
async fn a_row_that_cannot_be_compared_is_told_and_takes_no_other_with_it() {
    let odd = || {
        let row = json!({ "id": "1", "subject": "Odd", "closedTime": "soon" });
        let mut second: Value = serde_json::from_slice(&rows(94, 20).body).unwrap();
        second["data"].as_array_mut().unwrap().insert(8, row);
        [rows(0, FIRST), scripted(200, &second.to_string())]
    };
    for tool in ["get_records", "count_records"] {
        let (house, mut wire) = House::served().await;
        house.fake.script("/api/v1/tickets", odd());
        let mut arguments =
            json!({ "module": "Cases", "filters": { "closedTime": { "from": "2026-11-01" } } });
        if tool == "get_records" {
            arguments["limit"] = json!(50);
            arguments["fields"] = json!(["id"]);
        }
        let answer = wire.call(tool, arguments).await;
        assert_eq!(answer["count"], 12, "{tool}: {answer:#}");
        let notes = answer["notes"].to_string();
        assert!(
            notes.contains("1 record could not be compared by closedTime"),
            "{tool}: {answer:#}"
        );
        assert!(tool == "get_records" || answer["at_least"] == true, "{answer:#}");
    }
}

/// What a row shows is seen whether or not the row is one of the list.
#[tokio::test]
async fn a_member_that_only_other_rows_have_is_not_called_empty() {
    let soon = (0..40)
        .map(|row| json!({ "id": format!("{}", 900 - row), "closedTime": "soon", "sentiment": "NEUTRAL" }));
    let soon = json!({ "data": soon.collect::<Vec<Value>>() }).to_string();
    let filters = |other: Value| json!({ "closedTime": { "from": "2026-01-01" }, "sentiment": other });
    for other in ["NEUTRAL", "POSITIVE"] {
        let (house, mut wire) = House::served().await;
        house.fake.script("/api/v1/tickets", [scripted(200, &soon)]);
        let arguments = json!({ "module": "Cases", "filters": filters(json!(other)) });
        let answer = wire.call("count_records", arguments).await;
        assert_eq!(answer["code"], "invalid_arguments", "{other}: {answer:#}");
        assert_eq!(answer["problems"][0]["path"], "/filters/closedTime", "{answer:#}");
    }
    let mut mixed: Value = serde_json::from_str(&soon).unwrap();
    mixed["data"][0]["closedTime"] = json!("2026-02-01T00:00:00.000Z");
    let (house, mut wire) = House::served().await;
    house
        .fake
        .script("/api/v1/tickets", [scripted(200, &mixed.to_string())]);
    let arguments = json!({ "module": "Cases", "filters": filters(json!("POSITIVE")) });
    let answer = wire.call("count_records", arguments).await;
    assert_eq!(answer["count"], 0, "{answer:#}");
    let notes = answer["notes"].to_string();
    assert!(!notes.contains("left out"), "they fit nothing else: {answer:#}");
    assert!(!notes.contains("None of them shows"), "{answer:#}");
}
