//! A client that asks and does not read: how much is done for it in advance is bounded. Who says so: JSON-RPC lets a client
//! send what it likes; MCP 2025-03-26 has batches, and no more than "MAY be batched" of what they are answered with.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use crate::batches::agreed;
use crate::bed::{Bed, Wire};

/// Calls that are worked on at once, and those whose answers the pipe of a test holds.
const AT_ONCE: usize = 64 + 40;

async fn warm(version: &str) -> (Bed, Wire) {
    let bed = Bed::connected().await;
    let mut wire = agreed(&bed, version).await;
    wire.call("get_records", json!({ "module": "Cases" })).await;
    bed.forget().await;
    (bed, wire)
}

/// A call with a long answer.
fn call(id: usize) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":{id},"method":"tools/call","params":{{"name":"get_records","arguments":{{"module":"Cases","limit":60}}}}}}"#
    )
}

/// How many calls have reached Zoho, once it is as many as come while nothing is read.
async fn settled(bed: &Bed) -> usize {
    let (mut seen, mut same) = (0, 0);
    while same < 15 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let now = bed.seen().await.len();
        same = if now == seen { same + 1 } else { 0 };
        seen = now;
    }
    seen
}

/// Reads until as many requests are answered; how long the longest line was.
async fn read_all(wire: &mut Wire, requests: usize) -> (BTreeMap<u64, usize>, usize) {
    let (mut answered, mut longest) = (BTreeMap::new(), 0);
    while answered.len() < requests {
        let line = wire.receive().await;
        longest = longest.max(line.to_string().len());
        let answers = match line {
            Value::Array(answers) => answers,
            one => vec![one],
        };
        for answer in answers {
            *answered.entry(answer["id"].as_u64().unwrap()).or_default() += 1;
        }
    }
    (answered, longest)
}

#[tokio::test]
async fn batches_keep_their_places_until_they_are_written() {
    let (bed, mut wire) = warm("2025-03-26").await;
    let ids: Vec<usize> = (1_000..1_200).collect();
    for batch in ids.chunks(50) {
        let calls: Vec<String> = batch.iter().map(|id| call(*id)).collect();
        wire.send(format!("[{}]", calls.join(","))).await;
    }
    let seen = settled(&bed).await;
    assert!(seen <= AT_ONCE, "{seen} calls were carried out for nobody");
    let (answered, longest) = read_all(&mut wire, ids.len()).await;
    assert!(answered.values().all(|times| *times == 1), "{answered:?}");
    assert!(longest < 700_000, "a line of {longest} bytes");
}

/// Whoever gives up what is answered already gets no further place for it.
#[tokio::test]
async fn what_is_answered_and_unread_cannot_be_given_up() {
    let (bed, mut wire) = warm("2025-06-18").await;
    for round in 0..4 {
        for id in 0..64 {
            wire.send(call(1_000 + round * 64 + id)).await;
        }
        settled(&bed).await;
        for id in 0..64 {
            let id = 1_000 + round * 64 + id;
            let cancelled = json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": id } });
            wire.send(cancelled.to_string()).await;
        }
    }
    let seen = settled(&bed).await;
    assert!(seen <= AT_ONCE, "{seen} calls were carried out for nobody");
}
