//! Calls at once that lack the same consent: their person is asked one question, and its outcome is that of all.

use serde_json::{Value, json};
use zoho_mcp::sandbox::Options;

use super::{accepted, allow, answer, asked, call, cancel, ended, modern, older, page_of, server, withdraws};
use crate::bed::{Bed, Wire, model_reads};

const CALLS: std::ops::Range<u64> = 10..15;

/// Sends the calls and gives the question that one of them asks.
async fn asked_at_once(wire: &mut Wire) -> Value {
    for id in CALLS {
        wire.send(&call(id)).await;
    }
    let question = wire.receive().await;
    assert_eq!(question["method"], "elicitation/create", "{question}");
    question
}

/// What the model reads of each call; further questions are none of them.
async fn all_ended(wire: &mut Wire) -> Vec<Value> {
    let mut read = Vec::new();
    while read.len() < CALLS.count() {
        let message = wire.receive().await;
        assert_ne!(message["method"], "elicitation/create", "asked again");
        let is_answer = message["method"].is_null() && CALLS.contains(&message["id"].as_u64().unwrap());
        read.extend(is_answer.then(|| model_reads(&message)));
    }
    read
}

#[tokio::test]
async fn one_consent_is_that_of_all() {
    let bed = Bed::empty(Options::default()).await;
    let mut wire = older(&bed).await;
    let question = asked_at_once(&mut wire).await;
    answer(&mut wire, &question, "accept").await;
    allow(question["params"]["url"].as_str().unwrap()).await;
    for read in all_ended(&mut wire).await {
        assert_eq!(read["count"], 2, "{read}");
    }
    let rows = bed.run(&["connections", "list"]).succeeded();
    assert_eq!(rows.as_array().unwrap().len(), 1, "{rows}");
}

#[tokio::test]
async fn one_refusal_is_that_of_all() {
    for action in ["decline", "cancel"] {
        let bed = Bed::empty(Options::default()).await;
        let mut wire = older(&bed).await;
        let question = asked_at_once(&mut wire).await;
        answer(&mut wire, &question, action).await;
        for read in all_ended(&mut wire).await {
            assert_eq!(read["error"], "No Zoho connection found", "{read}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_asked_for_one_is_told_to_all() {
    let bed = Bed::empty(Options::default()).await;
    let mut wire = older(&bed).await;
    let question = asked_at_once(&mut wire).await;
    let error = json!({ "code": -32601, "message": "Method not found" });
    let error = json!({ "jsonrpc": "2.0", "id": question["id"], "error": error });
    wire.send(&error.to_string()).await;
    let page = question["params"]["url"].as_str().unwrap();
    for read in all_ended(&mut wire).await {
        assert!(read["next"].as_str().unwrap().contains(page), "{read}");
    }
}

/// W23 and hostile input 32 at once: the page of a cancelled call stays for those who wait, and one of them asks anew.
#[tokio::test]
async fn where_the_one_that_asked_is_cancelled_another_asks() {
    let bed = Bed::empty(Options::default()).await;
    let mut wire = older(&bed).await;
    let first = asked(&mut wire, CALLS.start).await;
    for id in CALLS.skip(1) {
        wire.send(&call(id)).await;
    }
    // They come to wait for the same meanwhile.
    for _ in 0..100 {
        wire.request("tools/list", "{}").await;
    }
    cancel(&mut wire, CALLS.start).await;
    let is_question = |message: &Value| message["method"] == "elicitation/create";
    let mut meanwhile = std::mem::take(&mut wire.notifications);
    // Nobody waits for a reply to the first.
    while !(meanwhile.iter().any(is_question) && meanwhile.iter().any(|told| withdraws(told, &first))) {
        meanwhile.push(wire.receive().await);
    }
    let second = meanwhile.into_iter().find(is_question).unwrap();
    assert_eq!(first["params"]["url"], second["params"]["url"]);
    assert_ne!(first["id"], second["id"]);
    answer(&mut wire, &second, "accept").await;
    allow(second["params"]["url"].as_str().unwrap()).await;
    let (mut left, mut complete) = (CALLS.count() - 1, 0);
    while left > 0 {
        let message = wire.receive().await;
        assert!(!is_question(&message), "asked again: {message}");
        complete += usize::from(message["method"] == "notifications/elicitation/complete");
        if message["method"].is_null() {
            assert_eq!(model_reads(&message)["count"], 2, "{message}");
            left -= 1;
        }
    }
    assert_eq!(complete, 1);
}

/// The call that asked is gone, its person has agreed, another call waits: the page is done with all the same (SEP-1036).
#[tokio::test]
async fn where_the_one_that_asked_is_gone_the_end_of_its_page_is_told() {
    let bed = Bed::empty(Options::default()).await;
    let mut wire = older(&bed).await;
    let question = asked(&mut wire, CALLS.start).await;
    wire.send(&call(CALLS.start + 1)).await;
    for _ in 0..100 {
        wire.request("tools/list", "{}").await;
    }
    answer(&mut wire, &question, "accept").await;
    wire.request("tools/list", "{}").await;
    cancel(&mut wire, CALLS.start).await;
    allow(question["params"]["url"].as_str().unwrap()).await;
    let (read, before) = ended(&mut wire, CALLS.start + 1).await;
    assert_eq!(read["count"], 2, "{read}");
    let complete = |message: &&Value| message["method"] == "notifications/elicitation/complete";
    assert_eq!(before.iter().filter(complete).count(), 1, "{before:?}");
}

/// Since 2026-07-28 a call ends with the question and its client puts it. One of those that wait does; what its person says is
/// heard by all.
#[tokio::test]
async fn one_call_ends_with_the_question_and_its_reply_is_that_of_all() {
    for (action, wanted) in [("accept", json!(2)), ("decline", Value::Null)] {
        let bed = Bed::empty(Options::default()).await;
        let mut wire = Wire::to(server(&bed, true).await);
        let of_many = |id: u64| {
            let params = modern(json!({}));
            format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"tools/call","params":{params}}}"#)
        };
        for id in CALLS {
            wire.send(of_many(id)).await;
        }
        let first = wire.receive().await;
        let page = page_of(&first);
        if action == "accept" {
            allow(&page).await;
        }
        // Under the id of the call that has ended.
        let again = format!(
            r#"{{"jsonrpc":"2.0","id":{},"method":"tools/call","params":{}}}"#,
            first["id"],
            accepted(&first, action)
        );
        wire.send(again).await;
        for _ in CALLS {
            let ended = wire.receive().await;
            let asks = &ended["result"]["inputRequests"];
            assert!(asks.is_null(), "{action}: asked again: {ended}");
            assert_eq!(model_reads(&ended)["count"], wanted, "{action}: {ended}");
        }
    }
}

/// A client that ends with the question and puts it to nobody: a call that comes later brings it anew.
#[tokio::test]
async fn a_question_that_nobody_put_is_put_again() {
    let bed = Bed::empty(Options::default()).await;
    let mut wire = Wire::to(server(&bed, true).await);
    for _ in 0..2 {
        page_of(&wire.request("tools/call", &modern(json!({}))).await);
    }
}
