//! A list of Desk that changes while it is exported: what cannot be joined is not called whole.

use std::ops::Range;

use serde_json::{Value, json};

use super::scripted::{contacts, listing, page as listed, wire};
use crate::connections_rooms::fake::{House, json as scripted};

const SEARCH: &str = "/api/v1/contacts/search";

fn page(ids: Range<u32>, count: u32) -> Value {
    let row =
        |id| json!({ "id": format!("{id}"), "lastName": "X", "createdTime": "2026-01-01T00:00:00.000Z" });
    json!({ "data": ids.map(row).collect::<Value>(), "count": count })
}

#[tokio::test]
async fn rows_that_went_between_two_pages_are_told() {
    for (second, whole) in [(page(95..101, 100), true), (page(97..101, 98), false)] {
        let house = House::new().await;
        house.connect(3_000_000_000).await;
        // Looked for around its place, the last row given is not there either.
        let pages = [page(1..97, 100), second, page(97..101, 98)];
        let pages = pages.map(|page| scripted(200, &page.to_string()));
        house.fake.script(SEARCH, pages);
        let arguments = json!({ "module": "Contacts", "app_type": "desk", "fields": ["lastName"] });
        let body = wire(&house).await.call("export_records", arguments).await;
        assert_eq!(body["complete"], whole, "{body}");
        assert_eq!(body["data"]["records"], if whole { 100 } else { 99 }, "{body}");
        let notes = body["notes"].to_string();
        assert_eq!(notes.contains("changed while it was paged"), !whole, "{body}");
        assert_eq!(
            house.fake.count(SEARCH),
            if whole { 2 } else { 3 },
            "the search tells its total"
        );
    }
}

/// Zoho Desk OAS, getArchivedTickets.
#[tokio::test]
async fn archived_cases_are_exported_by_their_own_list() {
    let house = House::new().await;
    house.connect(3_000_000_000).await;
    let archived = "/api/v1/tickets/archivedTickets";
    let row = |id| json!({ "id": format!("{id}"), "subject": "X", "isArchived": true });
    let page = json!({ "data": (1..8).map(row).collect::<Value>() });
    house.fake.script(archived, [scripted(200, &page.to_string())]);
    let arguments = json!({ "module": "Cases", "fields": ["subject"],
        "filters": { "archived": true, "departmentId": "1892000000006907" } });
    let body = wire(&house).await.call("export_records", arguments).await;
    assert_eq!(
        (&body["data"]["records"], &body["complete"]),
        (&json!(7), &json!(true)),
        "{body}"
    );
    assert!(!body["notes"].to_string().contains("not among these"), "{body}");
}

/// Zoho CRM OAS, Get Records: `more_records` tells whether there are more; 204 has none. Where a page told of more and none
/// came, nobody can say that there are none.
#[tokio::test]
async fn a_list_that_ends_before_its_first_row_although_it_told_of_more_is_not_whole() {
    let house = listing(|number| match number {
        0 => listed(json!([]), "t1"),
        _ => Value::Null,
    })
    .await;
    let body = wire(&house).await.call("export_records", contacts()).await;
    assert_eq!(body["data"]["records"], 0, "{body}");
    assert_eq!(body["complete"], false, "{body}");
    assert!(body["notes"].to_string().contains("then gave none"), "{body}");
}
