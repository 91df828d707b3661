//! Which row a consent from inside the conversation becomes, and what becomes of one that cannot be finished.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use zoho_mcp::sandbox::Options;

use super::{accepted, allow, answer, ended, modern, older, page_of, server, server_at};
use crate::bed::{Bed, USER, Wire, model_reads};
use crate::logs::listening;
use crate::visitor::Visitor;

/// Calls whose arguments have to be repaired before it shows that they name `work`.
fn misspelt() -> [Value; 3] {
    [
        json!(r#"{"module":"Cases","limit":2,"connection":"work"}"#),
        json!({ "module": "Cases", "limit": 2, "conection": "work" }),
        json!({ "arguments": { "module": "Cases", "limit": 2, "connection": "work" } }),
    ]
}

fn names(bed: &Bed) -> Vec<String> {
    let rows = bed.run(&["connections", "list"]).succeeded();
    let name = |row: &Value| row["name"].as_str().unwrap().to_owned();
    rows.as_array().unwrap().iter().map(name).collect()
}

#[tokio::test]
async fn it_is_the_one_that_the_repaired_call_means() {
    for arguments in misspelt() {
        let bed = Bed::empty(Options::default()).await;
        let mut wire = older(&bed).await;
        let params = json!({ "name": "get_records", "arguments": arguments });
        let call = json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params });
        wire.send(&call.to_string()).await;
        let request = wire.receive().await;
        assert_eq!(request["method"], "elicitation/create", "{request}");
        answer(&mut wire, &request, "accept").await;
        allow(request["params"]["url"].as_str().unwrap()).await;
        assert_eq!(ended(&mut wire, 7).await.0["count"], 2, "{arguments}");
        assert_eq!(names(&bed), ["work"], "{arguments}");
    }
}

#[tokio::test]
async fn it_is_the_one_that_the_repaired_call_means_to_a_client_of_2026() {
    for arguments in misspelt() {
        let bed = Bed::empty(Options::default()).await;
        let mut wire = Wire::to(server(&bed, true).await);
        let named = json!({ "arguments": arguments });
        let first = wire.request("tools/call", &modern(named.clone())).await;
        allow(&page_of(&first)).await;
        let mut again: Value = serde_json::from_str(&accepted(&first, "accept")).unwrap();
        again["arguments"] = named["arguments"].clone();
        let second = wire.request("tools/call", &again.to_string()).await;
        assert_eq!(model_reads(&second)["count"], 2, "{second}");
        assert_eq!(names(&bed), ["work"], "{arguments}");
    }
}

/// The page of the offer before is closed when the next one opens its own at the same port.
#[tokio::test]
async fn one_for_another_connection_is_offered_while_the_first_is_open() {
    let bed = Bed::empty(Options::default()).await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let mut wire = Wire::to(server_at(&bed, true, port).await);
    for name in ["first", "second"] {
        let named = json!({ "arguments": { "module": "Cases", "limit": 2, "connection": name } });
        let asked = wire.request("tools/call", &modern(named.clone())).await;
        let page = page_of(&asked);
        if name == "second" {
            allow(&page).await;
            let mut again: Value = serde_json::from_str(&accepted(&asked, "accept")).unwrap();
            again["arguments"] = named["arguments"].clone();
            let read = model_reads(&wire.request("tools/call", &again.to_string()).await);
            assert_eq!(read["count"], 2, "{read}");
        }
    }
    assert_eq!(names(&bed), ["second"]);
}

#[tokio::test]
async fn it_does_not_take_the_place_of_one_of_another_server() {
    let bed = Bed::empty(Options::default()).await;
    let mut wire = Wire::to(server(&bed, true).await);
    let asked = wire.request("tools/call", &modern(json!({}))).await;
    bed.connect(USER).await;
    bed.sql("UPDATE zoho_connections SET accounts_url = 'https://accounts.zoho.eu', status = 'unusable', status_reason = 'kept'").await;
    let visitor = Visitor::new();
    let back = visitor.allow(&page_of(&asked)).await;
    let shown = visitor.open(back.as_str()).await;
    assert!(
        shown.contains("Zoho is not connected") && shown.contains("accounts.zoho.eu"),
        "{shown}"
    );
    let answer = wire.request("tools/call", &accepted(&asked, "accept")).await;
    assert_eq!(model_reads(&answer)["code"], "reconnect_needed", "{answer}");
    let rows = bed.run(&["connections", "list"]).succeeded();
    assert_eq!(rows.as_array().unwrap().len(), 1);
    assert!(rows.to_string().contains("kept"), "{rows}");
}

/// Panics when the table of connections says for the so-manieth time that it has read a row, on this thread.
struct Breaking(Arc<AtomicUsize>);

impl<S: Subscriber> Layer<S> for Breaking {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "zoho_mcp::connections::row" {
            assert_ne!(self.0.fetch_sub(1, Ordering::Relaxed), 1, "sentinel");
        }
    }
}

/// Until the guard is dropped, that read of a row panics; the number is how many are left.
fn breaking_at(number: usize) -> (DefaultGuard, Arc<AtomicUsize>) {
    let left = Arc::new(AtomicUsize::new(number));
    let breaking = tracing_subscriber::registry().with(Breaking(Arc::clone(&left)));
    (listening(breaking), left)
}

#[tokio::test]
async fn a_panic_while_its_row_is_made_is_told_to_all_who_wait() {
    let bed = Bed::empty(Options::default()).await;
    let mut wire = older(&bed).await;
    let request = super::asked(&mut wire, 7).await;
    answer(&mut wire, &request, "accept").await;
    let visitor = Visitor::new();
    let back = visitor.allow(request["params"]["url"].as_str().unwrap()).await;
    let (guard, _) = breaking_at(1);
    let shown = visitor.open(back.as_str()).await;
    assert!(shown.contains("Internal error, reference "), "{shown}");
    let (read, _) = ended(&mut wire, 7).await;
    drop(guard);
    assert_eq!(read["code"], "no_connection", "{read}");
    assert!(
        read["next"]
            .as_str()
            .unwrap()
            .contains("Internal error, reference "),
        "{read}"
    );
    assert!(!shown.contains("sentinel") && !read.to_string().contains("sentinel"));
    let listed = wire.request("tools/list", "{}").await;
    assert!(
        listed["result"]["tools"].is_array(),
        "the server goes on: {listed}"
    );
}

#[tokio::test]
async fn a_panic_while_it_is_offered_is_answered() {
    let bed = Bed::connected().await;
    bed.sql("UPDATE zoho_connections SET status = 'unusable', status_reason = 'invalid_code'")
        .await;
    let mut nobody_to_ask = bed.client().await;
    let (guard, left) = breaking_at(1000);
    let failed = nobody_to_ask
        .call("get_records", json!({ "module": "Cases" }))
        .await;
    drop(guard);
    assert_eq!(failed["code"], "reconnect_needed", "{failed}");
    let reads_of_the_call = 1000 - left.load(Ordering::Relaxed);
    let mut wire = older(&bed).await;
    let (guard, left) = breaking_at(reads_of_the_call + 1);
    wire.send(&super::call(7)).await;
    let (read, _) = ended(&mut wire, 7).await;
    drop(guard);
    assert_eq!(left.load(Ordering::Relaxed), 0, "the offer reads the row as well");
    assert_eq!(read["code"], "internal", "{read}");
    let request = super::asked(&mut wire, 8).await;
    assert_eq!(request["method"], "elicitation/create", "the server goes on");
}
