//! What happens while a consent is open: the process that asked ends, the user connects in another way, the port is taken.

use std::net::TcpListener;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::net::TcpStream;
use zoho_mcp::sandbox::Options;

use super::{accepted, answer, asked, ended, modern, older, page_of, server, server_at, withdraws};
use crate::bed::{Bed, USER, Wire, model_reads};
use crate::processes::Process;
use crate::visitor::Visitor;

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// A server of its own process, whose consents come back to this port.
fn process(bed: &Bed, port: u16) -> Process {
    let mut command: Command = bed.command(&["stdio"]);
    command
        .env("ZOHO_MCP_CALLBACK_PORT", port.to_string())
        .env("ZOHO_MCP_CLIENT_ID", &bed.sandbox.client_id)
        .env("ZOHO_MCP_CLIENT_SECRET", &bed.sandbox.client_secret);
    Process::start(command)
}

fn call(params: &str) -> Value {
    let params: Value = serde_json::from_str(params).unwrap();
    json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params })
}

#[tokio::test]
async fn a_process_started_anew_takes_the_answer_to_what_the_one_before_asked() {
    let bed = Bed::empty(Options::default()).await;
    let port = free_port();
    let mut first = process(&bed, port);
    first.send(&call(&modern(json!({}))));
    let asked = first.receive();
    let page = page_of(&asked);
    drop(first);
    let mut second = process(&bed, port);
    second.send(&call(&accepted(&asked, "accept")));
    let listens = async { while TcpStream::connect(("127.0.0.1", port)).await.is_err() {} };
    let listens = tokio::time::timeout(Duration::from_secs(20), listens).await;
    assert!(listens.is_ok(), "nobody listens at the port of the consent");
    let visitor = Visitor::new();
    let back = visitor.allow(&page).await;
    let shown = visitor.open(back.as_str()).await;
    assert!(shown.contains("Zoho is connected"), "{shown}");
    let answer = model_reads(&second.receive());
    assert_eq!(answer["count"], 2, "{answer}");
}

/// In a terminal, or from another process: whether the page was agreed to or nobody has touched the question.
#[tokio::test]
async fn a_call_goes_on_when_its_user_has_become_connected_otherwise() {
    for agreed in [true, false] {
        let bed = Bed::empty(Options::default()).await;
        let mut wire = older(&bed).await;
        let request = asked(&mut wire, 7).await;
        if agreed {
            answer(&mut wire, &request, "accept").await;
        }
        bed.connect(USER).await;
        let (answer, before) = ended(&mut wire, 7).await;
        assert_eq!(answer["count"], 2, "{answer}");
        let withdrawn = before.iter().any(|told| withdraws(told, &request));
        assert_eq!(withdrawn, !agreed, "{before:?}");
    }
}

#[tokio::test]
async fn so_does_a_call_that_brings_a_consent_back() {
    let bed = Bed::empty(Options::default()).await;
    let mut wire = Wire::to(server(&bed, true).await);
    let asked = wire.request("tools/call", &modern(json!({}))).await;
    bed.connect(USER).await;
    let answer = wire.request("tools/call", &accepted(&asked, "accept")).await;
    assert_eq!(model_reads(&answer)["count"], 2, "{answer}");
}

/// The command would fail at the same port: it is not told.
#[tokio::test]
async fn a_port_that_is_taken_is_named_and_nothing_else_is_told_to_do() {
    let bed = Bed::empty(Options::default()).await;
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let mut wire = Wire::to(server_at(&bed, true, port).await);
    let answer = model_reads(&wire.request("tools/call", &modern(json!({}))).await);
    assert_eq!(answer["code"], "no_connection", "{answer}");
    let next = answer["next"].as_str().unwrap();
    assert!(
        next.contains(&format!("port {port}")) && next.contains("--callback-port"),
        "{next}"
    );
    assert!(!next.contains("zoho-mcp connect"), "{next}");
}
