//! Batches of JSON-RPC. MCP 2025-03-26 has implementations take them (basic, batching), 2025-06-18 took them out; what the
//! requests of one are answered with is one array (JSON-RPC 2.0, 6).

use serde_json::{Value, json};
use zoho_mcp::server::Server;

use crate::bed::{Bed, USER, Wire};

/// A client that has agreed on a version of the protocol.
pub(crate) async fn agreed(bed: &Bed, version: &str) -> Wire {
    let mut wire = Wire::to(Server::new(bed.tools(USER).await));
    let client = json!({ "protocolVersion": version, "capabilities": {}, "clientInfo": { "name": "c", "version": "1" } });
    let agreed = wire.request("initialize", &client.to_string()).await;
    assert_eq!(agreed["result"]["protocolVersion"], version, "{agreed}");
    wire.send(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
        .await;
    wire
}

fn call(id: &str) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":"{id}","method":"tools/call","params":{{"name":"get_records","arguments":{{"module":"Cases","limit":1}}}}}}"#
    )
}

fn ping(id: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":"{id}","method":"ping"}}"#)
}

/// The answers of one line, by their ids.
fn by_id(answers: &Value) -> Vec<(Value, &Value)> {
    let answers = answers
        .as_array()
        .unwrap_or_else(|| panic!("no array: {answers}"));
    answers
        .iter()
        .map(|answer| (answer["id"].clone(), answer))
        .collect()
}

#[tokio::test]
async fn every_request_of_a_batch_is_answered_in_one_array() {
    let bed = Bed::connected().await;
    let mut wire = agreed(&bed, "2025-03-26").await;
    let told = r#"{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}"#;
    let list = r#"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"#;
    let unknown = r#"{"jsonrpc":"2.0","id":"u","method":"what/ever"}"#;
    let batch = [&ping("p"), told, &call("c"), list, "7", &ping("p"), unknown].join(" , ");
    wire.send(format!(" [{batch}]")).await;
    let answers = wire.receive().await;
    let answers = by_id(&answers);
    let of = |id: Value| -> Vec<&Value> {
        let of_it = answers.iter().filter(|(other, _)| *other == id);
        of_it.map(|(_, answer)| *answer).collect()
    };
    assert_eq!(answers.len(), 6, "{answers:?}");
    let pings = of(json!("p"));
    let of_pings = |wanted: fn(&Value) -> bool| pings.iter().filter(|answer| wanted(answer)).count();
    assert_eq!(of_pings(|answer| answer["result"] == json!({})), 1, "{pings:?}");
    assert_eq!(
        of_pings(|answer| answer["error"]["code"] == -32600),
        1,
        "{pings:?}"
    );
    assert_eq!(of(json!("c"))[0]["result"]["isError"], false);
    assert!(of(json!(2))[0]["result"]["tools"].is_array());
    assert_eq!(of(json!("u"))[0]["error"]["code"], -32601);
    assert_eq!(of(Value::Null)[0]["error"]["code"], -32600);
    // Each by itself as ever.
    wire.send(ping("again")).await;
    assert_eq!(wire.receive().await["id"], "again");
}

#[tokio::test]
async fn to_a_batch_of_notifications_nothing_is_answered() {
    let bed = Bed::empty(Default::default()).await;
    let mut wire = agreed(&bed, "2025-03-26").await;
    let told = r#"{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}"#;
    wire.send(format!("[{told},{told}]")).await;
    wire.send(ping("p")).await;
    assert_eq!(wire.receive().await["id"], "p");
}

/// A request that its client gives up has no answer: the others do not wait for one.
#[tokio::test]
async fn what_is_cancelled_holds_no_batch_up() {
    let bed = Bed::connected().await;
    let mut wire = agreed(&bed, "2025-03-26").await;
    wire.call("get_all_organizations", json!({})).await;
    bed.admin(json!({ "latency_ms": 300 })).await;
    let cancel = |id: &str| json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": id } });
    wire.send(format!("[{},{}]", call("c"), ping("p"))).await;
    wire.send(cancel("c").to_string()).await;
    let answers = wire.receive().await;
    let ids: Vec<Value> = by_id(&answers).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, [json!("p")], "{answers}");
    // In its own batch, before it has begun.
    wire.send(format!("[{},{},{}]", call("d"), cancel("d"), ping("q")))
        .await;
    let answers = wire.receive().await;
    let ids: Vec<Value> = by_id(&answers).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, [json!("q")], "{answers}");
}

/// MCP has a text for the reason; a request is given up also where a client writes a number or nothing there.
#[tokio::test]
async fn a_request_is_given_up_for_whatever_reason() {
    let bed = Bed::connected().await;
    let mut wire = agreed(&bed, "2025-03-26").await;
    wire.call("get_all_organizations", json!({})).await;
    bed.admin(json!({ "latency_ms": 300 })).await;
    for reason in [json!(5), json!(null), json!({ "a": 1 }), json!(["x"])] {
        let params = json!({ "requestId": "c", "reason": reason });
        let cancel = json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": params });
        wire.send(format!("[{},{}]", call("c"), ping("p"))).await;
        wire.send(cancel.to_string()).await;
        let answers = wire.receive().await;
        let ids: Vec<Value> = by_id(&answers).into_iter().map(|(id, _)| id).collect();
        assert_eq!(ids, [json!("p")], "{reason}: {answers}");
    }
}

/// The ids of what is answered on the next lines, and what each is told.
async fn told(wire: &mut Wire, lines: usize) -> Vec<(Value, Value)> {
    let mut told = Vec::new();
    for _ in 0..lines {
        let answer = wire.receive().await;
        told.push((answer["id"].clone(), answer["error"].clone()));
    }
    told
}

#[tokio::test]
async fn a_batch_that_is_none_is_told_to_each_that_asks() {
    let bed = Bed::empty(Default::default()).await;
    let mut wire = agreed(&bed, "2025-03-26").await;
    let (many, too_many) = (vec![ping("p"); 101].join(","), vec![ping("p"); 1_500].join(","));
    let reply = r#"{"jsonrpc":"2.0","id":1,"result":{}}"#;
    for (line, ids, code) in [
        ("[]".to_owned(), vec![Value::Null], -32600),
        (format!("[{many}]"), vec![json!("p"); 101], -32600),
        (format!("[{many},7,{{}},{reply}]"), vec![json!("p"); 101], -32600),
        (format!("[{too_many}]"), vec![json!("p"); 1_500], -32600),
        (
            format!("[{}]", vec!["1"; 100_001].join(",")),
            vec![Value::Null],
            -32600,
        ),
        (format!("[{},", ping("p")), vec![Value::Null], -32700),
    ] {
        wire.send(line).await;
        for (at, (id, error)) in told(&mut wire, ids.len()).await.into_iter().enumerate() {
            assert_eq!((&id, &error["code"]), (&ids[at], &json!(code)), "{error}");
        }
    }
}

#[tokio::test]
async fn without_that_revision_each_request_of_a_batch_is_told_why() {
    let bed = Bed::empty(Default::default()).await;
    let batch = format!("[{},{}]", ping("p"), ping("q"));
    for version in ["2024-11-05", "2025-06-18", "2025-11-25"] {
        let mut wire = agreed(&bed, version).await;
        wire.send(&batch).await;
        wire.send(ping("r")).await;
        let told = told(&mut wire, 2).await;
        for ((id, error), wanted) in told.iter().zip(["p", "q"]) {
            assert_eq!(
                (id, &error["code"]),
                (&json!(wanted), &json!(-32600)),
                "{version}"
            );
            let told = error["message"].as_str().unwrap();
            assert!(told.contains("batch") && told.contains("2025-03-26"), "{told}");
        }
        assert_eq!(wire.receive().await["id"], "r", "{version}");
    }
    // `initialize` must not be part of one (2025-03-26, lifecycle).
    let mut wire = Wire::to(Server::new(bed.tools(USER).await));
    wire.send(
        r#"[{"jsonrpc":"2.0","id":"i","method":"initialize","params":{"protocolVersion":"2025-03-26"}}]"#,
    )
    .await;
    let (id, error) = told(&mut wire, 1).await.remove(0);
    assert_eq!((id, &error["code"]), (json!("i"), &json!(-32600)), "{error}");
}
