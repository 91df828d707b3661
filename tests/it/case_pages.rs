//! What a case's answers say of themselves, page by page: whole is what shows all with those before it.

use serde_json::{Value, json};
use zoho_mcp::sandbox::Options;

use crate::bed::{Bed, Wire};
use crate::desk_client::Desk;
use crate::paging::bed as counting_bed;

/// A case with so many events in its history.
async fn with_events(desk: &Desk, events: usize) -> String {
    let id = desk.create("Parcel", "Where is it?").await;
    // It begins with that of its creation.
    for number in 1..events {
        let subject = json!({ "subject": format!("Parcel {number}") });
        desk.patch(&format!("/tickets/{id}"), subject).await;
    }
    id
}

async fn context(wire: &mut Wire, arguments: &Value) -> Value {
    let answer = wire.call("get_ticket_context", arguments.clone()).await;
    assert!(answer["error"].is_null(), "{answer:#}");
    answer
}

/// Desk OAS, getTicketHistory: `limit` is 50 at most.
#[tokio::test]
async fn as_many_events_as_zoho_gives_at_once_may_be_all() {
    for (events, from_base) in [(49, 0), (50, 0), (51, 0), (50, 1), (51, 1)] {
        let bed = counting_bed(Options::default().tickets, from_base).await;
        let desk = Desk::of(&bed).await;
        let mut wire = bed.client().await;
        let id = with_events(&desk, events).await;
        let answer = context(&mut wire, &json!({ "id": id })).await;
        let data = &answer["data"];
        let shown = data["history"].as_array().unwrap().len();
        let left_out = data["history_of_messages_left_out"].as_u64().unwrap_or_default();
        assert_eq!(shown as u64 + left_out, events as u64, "{answer:#}");
        assert_eq!(data["history_total_at_least"], Value::Null, "{answer:#}");
        assert_eq!(answer["complete"], true, "{answer:#}");
    }
}

/// The last page shows the end of the conversation, not what the first had no room for.
#[tokio::test]
async fn a_page_after_one_that_lacks_something_is_not_whole() {
    let bed = Bed::connected().await;
    let desk = Desk::of(&bed).await;
    let mut wire = bed.client().await;
    for (events, whole) in [(5, true), (140, false)] {
        let id = with_events(&desk, events).await;
        for number in 0..30 {
            let content = format!("Note {number}. {}", "It was looked at once more. ".repeat(35));
            let note = json!({ "content": content, "contentType": "plainText", "isPublic": false });
            desk.post(&format!("/tickets/{id}/comments"), note).await;
        }
        let mut arguments = json!({ "id": id });
        let mut pages = 0;
        let last = loop {
            let answer = context(&mut wire, &arguments).await;
            pages += 1;
            match answer["next_cursor"].as_str() {
                Some(cursor) => arguments["cursor"] = json!(cursor),
                None => break answer,
            }
            assert_eq!(answer["complete"], false, "{answer:#}");
        };
        assert!(pages > 1, "one answer holds it");
        assert_eq!(last["complete"], whole, "{events}: {last:#}");
        let told = last["notes"].to_string().contains("before this one");
        assert_eq!(told, !whole, "{last:#}");
    }
}
