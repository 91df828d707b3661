//! What Zoho gives once reaches its row although the client, the caller or the person leaves meanwhile; and what was asked
//! and not answered is told.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use zoho_mcp::cli::assemble;
use zoho_mcp::sandbox::Options;
use zoho_mcp::server::Server;
use zoho_mcp::tools::Tools;

use crate::bed::{Bed, USER, Wire};
use crate::commands::finished;
use crate::elicitation::{modern, page_of};
use crate::processes::Ground;
use crate::visitor::Visitor;

const CASE: &str = r#"{"module":"Cases","limit":1}"#;
const CALL: &str = r#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_records","arguments":{"module":"Cases","limit":1}}}"#;

/// What a client sends that asks once and closes its end.
fn asked_and_left() -> String {
    let hello = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" } });
    let hello = json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello });
    format!("{hello}\n{{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}}\n{CALL}\n")
}

/// Until so many requests have come to the sandbox's token endpoint.
async fn until_tokens_are_asked_for(bed: &Bed, times: u64) {
    soon(async { while bed.get("/__sandbox/stats").await["token_calls"].as_u64().unwrap() < times {} }).await;
}

/// Until a request has come to the sandbox, whether it is answered or not.
async fn until_asked(bed: &Bed) {
    soon(async { while bed.seen().await.is_empty() {} }).await;
}

/// What comes in any case; that it did not is a failure, not a test without an end.
async fn soon(coming: impl Future<Output = ()>) {
    tokio::time::timeout(Duration::from_secs(60), coming)
        .await
        .expect("it comes");
}

/// The token that was asked for before is in its row: the next program finds it there.
async fn is_stored(ground: &Ground) {
    assert_eq!(ground.token_calls().await, 1, "{}", ground.name());
    ground.run(&["call", "get_records", CASE]).succeeded();
    assert_eq!(
        ground.token_calls().await,
        1,
        "{}: the token was lost",
        ground.name()
    );
}

#[tokio::test]
async fn a_refresh_is_stored_although_the_client_leaves() {
    for ground in Ground::both_connected().await {
        ground.expire_token().await;
        // Longer than a read has once the client is gone.
        ground.bed.admin(json!({ "token_latency_ms": 2500 })).await;
        let ran = finished(ground.command(&["stdio"]), &asked_and_left());
        assert!(ran.ok, "{}", ran.told);
        assert!(ran.told.contains("unanswered=1"), "{}", ran.told);
        is_stored(&ground).await;
    }
}

#[tokio::test]
async fn a_refresh_is_stored_although_a_call_is_stopped() {
    let grounds = Ground::both_connected().await;
    let signals = ["-INT", "-TERM"];
    for (ground, signal) in grounds
        .iter()
        .flat_map(|ground| signals.map(|signal| (ground, signal)))
    {
        ground.expire_token().await;
        ground.bed.forget().await;
        ground.bed.admin(json!({ "token_latency_ms": 500 })).await;
        let mut command = ground.command(&["call", "get_records", CASE]);
        let child = command.stdin(Stdio::null()).spawn().unwrap();
        until_tokens_are_asked_for(&ground.bed, 1).await;
        let sent = Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(130));
        assert!(ended.stdout.is_empty());
        is_stored(ground).await;
    }
}

#[tokio::test]
async fn an_organization_is_stored_although_the_call_is_cancelled() {
    let bed = Bed::connected().await;
    bed.sql("UPDATE zoho_connections SET desk_org_id = NULL, desk_org_source = NULL")
        .await;
    bed.admin(json!({ "latency_ms": 300 })).await;
    let tools = bed.tools(USER).await;
    let mut wire = Wire::start(tools.clone()).await;
    bed.forget().await;
    wire.send(CALL).await;
    until_asked(&bed).await;
    wire.send(r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}"#)
        .await;
    // Whatever comes after is read after it.
    wire.request("tools/list", "{}").await;
    tools.settle().await;
    bed.forget().await;
    wire.call("get_records", json!({ "module": "Cases", "limit": 1 }))
        .await;
    let seen = bed.seen().await;
    assert_eq!(seen.len(), 1, "the organization was asked for again: {seen:?}");
}

#[tokio::test]
async fn a_consent_is_finished_although_the_server_ends() {
    let bed = Bed::empty(Options::default()).await;
    let mut config = bed.config(USER);
    config.private.client_id = Some(bed.sandbox.client_id.clone());
    config.private.client_secret = Some(bed.sandbox.client_secret.clone().into());
    let tools = std::sync::Arc::new(Tools::new(assemble::equipment(&config, &bed.clock).unwrap()));
    let mut wire = Wire::to(Server::new(tools.clone()).offering_consent(0));
    let asked = wire.request("tools/call", &modern(json!({}))).await;
    let visitor = Visitor::new();
    let back = visitor.allow(&page_of(&asked)).await;
    bed.admin(json!({ "token_latency_ms": 300 })).await;
    let browser = tokio::spawn(async move { visitor.open(back.as_str()).await });
    until_tokens_are_asked_for(&bed, 1).await;
    drop(wire);
    tools.settle().await;
    let answer: Value = bed
        .client()
        .await
        .call("get_records", json!({ "module": "Cases", "limit": 1 }))
        .await;
    assert_eq!(answer["count"], 1, "{answer}");
    browser.await.unwrap();
}
