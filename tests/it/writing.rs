//! Acts that change something, through the front door: what is shown, who agrees to it, that it is sent once, and how it is
//! taken back.

mod adopted;
mod beside;
mod carried;
mod crash;
mod doubts;
mod ladder;
mod late;
mod moving;
mod once;
mod organizations;
mod replies;
mod several;
mod shown;
mod spam_and_merges;
mod tokens;
mod twins;
mod undo;
mod uploads;
mod values;

use std::time::Duration;

use serde_json::{Value, json};
use zoho_mcp::cli::assemble;
use zoho_mcp::cli::sandbox_consent::connect_to_sandbox;
use zoho_mcp::config::{Config, Writes};
use zoho_mcp::sandbox::Options;
use zoho_mcp::server::Server;

use crate::bed::{Bed, USER, Wire, model_reads};
use crate::elicitation::question;
use crate::processes::Ground;

/// A bed whose connection may write, to the organization that a person has chosen.
pub(crate) async fn bed() -> Bed {
    let bed = unchosen().await;
    choose(&bed).await;
    bed
}

/// A person chooses the first of the two organizations.
pub(crate) async fn choose(bed: &Bed) {
    let chosen = "UPDATE zoho_connections SET desk_org_id = '7048213351', desk_org_source = 'user', \
                  desk_org_name = 'Brightharbor Instruments', desk_portal = 'brightharbor'";
    assert_eq!(bed.sql(chosen).await, 1);
}

/// The same where nobody has chosen one of the two.
pub(crate) async fn unchosen() -> Bed {
    let bed = Bed::empty(Options::default()).await;
    let config = config(&bed, Writes::Confirm);
    connect_to_sandbox(&config, &bed.clock, &bed.sandbox.url, USER, None)
        .await
        .unwrap();
    bed
}

/// The same for processes, on a SQLite file and on PostgreSQL.
pub(crate) async fn grounds() -> Vec<Ground> {
    let grounds = Ground::both_connected().await;
    for ground in &grounds {
        ground
            .run(&["connections", "set-org", "default", "7048213351"])
            .succeeded();
        ground.bed.forget().await;
    }
    grounds
}

/// All tools by default, under this policy.
pub(crate) fn config(bed: &Bed, writes: Writes) -> Config {
    let mut config = bed.config(USER);
    config.said.toolsets = None;
    config.said.writes = Some(writes);
    config
}

pub(crate) fn server(bed: &Bed, writes: Writes) -> Server {
    Server::new(assemble::calling(&config(bed, writes), &bed.clock).unwrap().tools)
}

/// A client of 2025-11-25 with these capabilities.
pub(crate) async fn client(bed: &Bed, writes: Writes, capabilities: Value) -> Wire {
    let mut wire = Wire::to(server(bed, writes));
    wire.shake_hands(capabilities).await;
    wire
}

/// A client that can ask nobody.
pub(crate) async fn silent(bed: &Bed, writes: Writes) -> Wire {
    client(bed, writes, json!({})).await
}

/// An open case: its id and number.
pub(crate) async fn open_case(wire: &mut Wire) -> (String, String) {
    let asked = json!({ "module": "Cases", "limit": 1, "filters": { "status": "Open", "priority": "High" } });
    let found = wire.call("get_records", asked).await;
    let case = &found["data"][0];
    (text(case, "id"), text(case, "ticketNumber"))
}

pub(crate) fn text(value: &Value, key: &str) -> String {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("no {key}: {value:#}"))
        .to_owned()
}

/// What a field of a case holds at Zoho.
pub(crate) async fn field(wire: &mut Wire, id: &str, name: &str) -> Value {
    let asked = json!({ "module": "Cases", "id": id, "fields": [name] });
    wire.call("get_record", asked).await["data"][name].clone()
}

/// The calls that Zoho saw and that change something.
pub(crate) async fn writes(bed: &Bed) -> Vec<String> {
    let mut seen = bed.seen().await;
    seen.retain(|line| !line.starts_with("GET "));
    seen
}

/// Sends a call and gives the question that its client is asked.
pub(crate) async fn asked(wire: &mut Wire, id: u64, tool: &str, arguments: &Value) -> Value {
    let call = json!({
        "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": { "name": tool, "arguments": arguments }
    });
    question(wire, &call.to_string()).await
}

/// Reads a question, as a person does before they answer it.
pub(crate) async fn read() {
    tokio::time::sleep(Duration::from_millis(600)).await;
}

/// Answers a question as a person does.
pub(crate) async fn reply(wire: &mut Wire, question: &Value, result: Value) {
    read().await;
    at_once(wire, question, result).await;
}

/// Answers a question as a client does that shows it to nobody.
pub(crate) async fn at_once(wire: &mut Wire, question: &Value, result: Value) {
    let answer = json!({ "jsonrpc": "2.0", "id": question["id"], "result": result });
    wire.send(&answer.to_string()).await;
}

/// What the model reads at the end of a call.
pub(crate) async fn ended(wire: &mut Wire, id: u64) -> Value {
    loop {
        let message = wire.receive().await;
        if message["id"] == json!(id) && message["method"].is_null() {
            return model_reads(&message);
        }
    }
}

/// What changes something is planned: nothing is sent that was not shown, agreed to and written down. The one handler among
/// them carries out what was planned before.
#[test]
fn a_tool_that_writes_plans_and_sends_nothing_itself() {
    for (path, tool) in crate::whole_set::tool_files() {
        let operation = &tool["operation"];
        let handled = operation["handler"].is_string() && operation["effect"] != "read";
        assert!(!handled || tool["name"] == "confirm_write", "{path:?}");
    }
}
