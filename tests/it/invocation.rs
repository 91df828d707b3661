//! One call is one value: its row is read and opened once, and whose row that is comes with the message.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use zoho_mcp::sandbox::Options;
use zoho_mcp::server::Server;

use crate::bed::{Bed, USER, Wire};
use crate::logs::listening;

/// Counts the rows that the table of connections says it has read and opened, on this thread.
#[derive(Clone, Default)]
struct Rows(Arc<AtomicUsize>);

impl<S: Subscriber> Layer<S> for Rows {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "zoho_mcp::connections::row" {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Rows {
    fn counting() -> (Rows, DefaultGuard) {
        let rows = Rows::default();
        let subscriber = tracing_subscriber::registry().with(rows.clone());
        (rows, listening(subscriber))
    }

    fn taken(&self) -> usize {
        self.0.swap(0, Ordering::Relaxed)
    }
}

#[tokio::test]
async fn a_status_reads_the_rows_of_its_caller_once() {
    let bed = Bed::connected().await;
    for user in ["ben", "cleo"] {
        bed.connect(user).await;
    }
    let mut wire = bed.client().await;
    wire.call("get_connection_status", json!({})).await;
    let (rows, _guard) = Rows::counting();
    let status = wire.call("get_connection_status", json!({})).await;
    assert_eq!(status["count"], 1, "{status}");
    assert_eq!(rows.taken(), 1);
}

#[tokio::test]
async fn a_call_reads_and_opens_its_row_once() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let department = wire
        .call("get_records", json!({ "module": "Departments", "limit": 1 }))
        .await;
    let department = department["data"][0]["name"].clone();
    let id = wire
        .call("get_records", json!({ "module": "Cases", "limit": 1 }))
        .await["data"][0]["id"]
        .clone();
    // The first CRM call also looks for the organization and keeps it.
    wire.call("get_records", json!({ "module": "Leads", "limit": 1 }))
        .await;
    let (rows, _guard) = Rows::counting();
    let by_names =
        json!({ "assignee": "me", "department": department, "createdTime": ["2020-01-01", "2026-12-31"] });
    let calls: [(&str, Value, usize); 8] = [
        ("get_records", json!({ "module": "Cases", "limit": 2 }), 1),
        (
            "get_records",
            json!({ "module": "Cases", "limit": 2, "filters": by_names }),
            1,
        ),
        (
            "get_records",
            json!({ "module": "Subscriptions", "app_type": "crm", "limit": 1 }),
            1,
        ),
        ("get_record", json!({ "module": "Cases", "id": id }), 1),
        ("get_ticket_context", json!({ "id": id }), 1),
        ("get_fields", json!({ "module": "Leads" }), 1),
        ("get_all_organizations", json!({ "app_type": "crm" }), 1),
        ("find_customer", json!({ "name": "Meyer" }), 1),
    ];
    for (tool, arguments, wanted) in calls {
        let answer = wire.call(tool, arguments.clone()).await;
        assert!(answer["error"].is_null(), "{tool} {arguments}: {answer}");
        assert_eq!(rows.taken(), wanted, "{tool} {arguments}");
    }
}

#[tokio::test]
async fn two_principals_on_one_server_get_their_own_rows() {
    let bed = Bed::empty(Options::default()).await;
    bed.connect(USER).await;
    bed.connect("berta").await;
    let server = Server::new(bed.tools(USER).await);
    let mut anna = Wire::start_as(USER, server.clone()).await;
    let mut berta = Wire::start_as("berta", server.clone()).await;
    let mut carla = Wire::start_as("carla", server).await;
    for (wire, user) in [(&mut anna, USER), (&mut berta, "berta")] {
        let status = wire.call("get_connection_status", json!({})).await;
        assert_eq!(status["data"][0]["user"], user, "{status}");
        assert_eq!(status["count"], 1, "{status}");
        let cases = wire
            .call("get_records", json!({ "module": "Cases", "limit": 1 }))
            .await;
        assert_eq!(cases["count"], 1, "{cases}");
    }
    let nothing = carla.call("get_records", json!({ "module": "Cases" })).await;
    assert_eq!(nothing["error"], "No Zoho connection found");
}
