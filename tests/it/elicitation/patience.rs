//! A consent that takes its time: the call ends while clients still wait for it, and the page stays good (client failures W23:
//! typescript-sdk#245, fastmcp-ts#38).

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use zoho_mcp::cli::assemble;
use zoho_mcp::sandbox::Options;
use zoho_mcp::server::Server;
use zoho_mcp::tools::{CONSENT_HOLD, Tools};

use super::{accepted, allow, answer, asked, call, ended, modern, page_of, withdraws};
use crate::bed::{Bed, USER, Wire, model_reads};
use crate::visitor::back_from;

/// What the TypeScript SDK waits for an answer unless it is told otherwise.
const CLIENTS_WAIT: Duration = Duration::from_secs(60);

const STILL_OPEN: &str =
    "The consent that was offered is still open: ask the user to agree on its page, then call again.";

/// A server whose calls wait as long.
fn server(bed: &Bed, hold: Duration) -> Server {
    let mut config = bed.config(USER);
    config.private.client_id = Some(bed.sandbox.client_id.clone());
    config.private.client_secret = Some(SecretString::from(bed.sandbox.client_secret.clone()));
    let equipment = assemble::equipment(&config, &bed.clock).unwrap();
    let tools = Tools::new(equipment.with_consent_hold(hold));
    Server::new(Arc::new(tools)).offering_consent(0)
}

#[test]
fn a_call_waits_less_than_its_client() {
    assert!(CONSENT_HOLD + Duration::from_secs(10) < CLIENTS_WAIT);
}

#[tokio::test]
async fn a_call_ends_before_its_client_gives_it_up_and_the_page_stays_good() {
    for has_answered in [false, true] {
        let bed = Bed::empty(Options::default()).await;
        let mut wire = Wire::to(server(&bed, Duration::from_millis(300)));
        wire.shake_hands(json!({ "elicitation": { "url": {} } })).await;
        let request = asked(&mut wire, 7).await;
        if has_answered {
            answer(&mut wire, &request, "accept").await;
        }
        let (told, meanwhile) = ended(&mut wire, 7).await;
        assert_eq!(told["code"], "no_connection", "{told}");
        assert_eq!(told["next"], STILL_OPEN, "{told}");
        // SEP-1036: the notification says that the interaction is over.
        let is_complete = |message: &&Value| message["method"] == "notifications/elicitation/complete";
        assert_eq!(meanwhile.iter().find(is_complete), None);
        if !has_answered {
            answer(&mut wire, &request, "accept").await; // too late for the call, and no harm
        }
        allow(request["params"]["url"].as_str().unwrap()).await;
        let cases = wire
            .call("get_records", json!({ "module": "Cases", "limit": 2 }))
            .await;
        assert_eq!(cases["count"], 2, "{cases}");
        let mut meanwhile = std::mem::take(&mut wire.notifications);
        while !meanwhile.iter().any(|told| is_complete(&told)) {
            meanwhile.push(wire.receive().await);
        }
    }
}

/// The question stays open with its page: who declines it late is heard.
#[tokio::test]
async fn a_no_that_comes_late_closes_the_page() {
    let bed = Bed::empty(Options::default()).await;
    let mut wire = Wire::to(server(&bed, Duration::from_millis(300)));
    wire.shake_hands(json!({ "elicitation": { "url": {} } })).await;
    let request = asked(&mut wire, 7).await;
    ended(&mut wire, 7).await;
    let page = request["params"]["url"].as_str().unwrap();
    let place = url::Url::parse(back_from(page, &[]).as_str()).unwrap();
    let place = ("127.0.0.1", place.port().unwrap());
    TcpStream::connect(place).await.unwrap();
    answer(&mut wire, &request, "decline").await;
    let closed = async { while TcpStream::connect(place).await.is_ok() {} };
    tokio::time::timeout(Duration::from_secs(20), closed)
        .await
        .unwrap();
}

/// One dialog at a time: a later call asks anew, and the question before is taken back.
#[tokio::test]
async fn a_later_call_takes_the_question_before_back() {
    let bed = Bed::empty(Options::default()).await;
    let mut wire = Wire::to(server(&bed, Duration::from_millis(300)));
    wire.shake_hands(json!({ "elicitation": { "url": {} } })).await;
    let first = asked(&mut wire, 7).await;
    ended(&mut wire, 7).await;
    wire.send(call(8)).await;
    let (mut second, mut withdrawn) = (Value::Null, false);
    while second.is_null() || !withdrawn {
        let message = wire.receive().await;
        withdrawn |= withdraws(&message, &first);
        if message["method"] == "elicitation/create" {
            second = message;
        }
    }
    assert_eq!(first["params"]["url"], second["params"]["url"]);
    answer(&mut wire, &second, "accept").await;
    allow(second["params"]["url"].as_str().unwrap()).await;
}

#[tokio::test]
async fn so_does_a_call_that_brings_a_consent_back() {
    let bed = Bed::empty(Options::default()).await;
    let mut wire = Wire::to(server(&bed, Duration::from_millis(300)));
    let first = wire.request("tools/call", &modern(json!({}))).await;
    let told = wire.request("tools/call", &accepted(&first, "accept")).await;
    assert_eq!(model_reads(&told)["next"], STILL_OPEN, "{told}");
    allow(&page_of(&first)).await;
    let again = wire.request("tools/call", &modern(json!({}))).await;
    assert_eq!(model_reads(&again)["count"], 2, "{again}");
}
