//! An answer that another day would change says what moment it holds for, in lists, searches, counts and exports.

use serde_json::{Value, json};

use crate::bed::{Bed, NOW, Wire};
use crate::exports;

/// Conditions whose days follow the clock, and those that stay what they are.
fn conditions() -> [(Value, bool); 9] {
    [
        (json!({ "createdTime": "today" }), true),
        (json!({ "createdTime": "yesterday" }), true),
        (json!({ "createdTime": { "from": "3 days ago" } }), true),
        (json!({ "createdTime": "last month" }), true),
        (json!({ "dueDate": { "not": "tomorrow" } }), true),
        (json!({ "overdue": true }), true),
        (json!({ "createdTime": "2026-11" }), false),
        (json!({ "createdTime": { "from": "2026" } }), false),
        (json!({ "status": "Open" }), false),
    ]
}

async fn check(wire: &mut Wire, tool: &str, module: &str, filters: &Value, moves: bool) {
    let call = json!({ "module": module, "filters": filters });
    let answer = wire.call(tool, call).await;
    assert!(answer["error"].is_null(), "{tool} {filters}: {answer:#}");
    let told = answer.get("as_of").cloned();
    let wanted = moves.then(|| Value::from(NOW.to_string()));
    assert_eq!(told, wanted, "{tool} {module} {filters}: {answer:#}");
}

#[tokio::test]
async fn what_depends_on_now_tells_when_that_is() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for tool in ["get_records", "search_records", "count_records"] {
        for (filters, moves) in conditions() {
            check(&mut wire, tool, "Cases", &filters, moves).await;
        }
        for (filters, moves) in [
            (json!({ "Created_Time": { "gt": "today" } }), true),
            (json!({ "Closing_Date": "this month" }), true),
            (json!({ "Closing_Date": { "from": "2026-11-01" } }), false),
        ] {
            check(&mut wire, tool, "Deals", &filters, moves).await;
        }
    }
}

#[tokio::test]
async fn so_does_an_export() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(exports::tools(&bed).await).await;
    for (filters, moves) in [
        (json!({ "createdTime": "yesterday" }), true),
        (json!({ "createdTime": "2026-10" }), false),
    ] {
        check(&mut wire, "export_records", "Cases", &filters, moves).await;
    }
}

/// Desk OAS, getTicket: `isOverDue` and `isResponseOverdue` are told by what time it is, whoever asks for them or not.
#[tokio::test]
async fn so_does_what_shows_whether_a_case_is_late() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let late =
        json!({ "module": "Cases", "filters": { "overdue": true }, "limit": 1, "fields": ["subject"] });
    let late = wire.call("get_records", late).await["data"][0]["id"].clone();
    let now = Value::from(NOW.to_string());
    for (tool, arguments, moves) in [
        ("get_record", json!({ "module": "Cases", "id": late }), true),
        (
            "get_record",
            json!({ "module": "Cases", "id": late, "fields": ["isOverDue"] }),
            true,
        ),
        (
            "get_record",
            json!({ "module": "Cases", "id": late, "fields": ["subject", "dueDate"] }),
            false,
        ),
        ("get_ticket_context", json!({ "id": late }), true),
        ("get_modules", json!({}), false),
    ] {
        let answer = wire.call(tool, arguments.clone()).await;
        assert!(answer["error"].is_null(), "{tool} {arguments}: {answer:#}");
        assert_eq!(
            answer.get("as_of"),
            moves.then_some(&now),
            "{tool} {arguments}: {answer:#}"
        );
    }
}
