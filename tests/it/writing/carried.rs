//! A client of 2026-07-28 asks its person itself, and brings the reply with the call it makes again.

use serde_json::{Value, json};
use zoho_mcp::config::Writes;

use super::ladder::closing;
use super::{bed, open_case, read, server, silent, text, writes};
use crate::bed::{Wire, model_reads};

fn modern(tool: &str, arguments: &Value, more: Value) -> String {
    let mut params = json!({
        "name": tool,
        "arguments": arguments,
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": { "elicitation": {} },
            "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
        },
    });
    for (name, value) in more.as_object().unwrap() {
        params[name] = value.clone();
    }
    params.to_string()
}

fn answered(question: &Value, answer: Value) -> Value {
    json!({
        "requestState": question["result"]["requestState"],
        "inputResponses": { "agree_to_act": answer },
    })
}

#[tokio::test]
async fn a_client_of_2026_asks_itself_and_brings_the_reply_back() {
    let bed = bed().await;
    let (id, number) = open_case(&mut silent(&bed, Writes::Confirm).await).await;
    let mut wire = Wire::to(server(&bed, Writes::Confirm));
    bed.forget().await;
    let call = closing(&id);
    let first = wire
        .request("tools/call", &modern("update_record", &call, json!({})))
        .await;
    assert_eq!(first["result"]["resultType"], "input_required", "{first:#}");
    let question = &first["result"]["inputRequests"]["agree_to_act"];
    assert!(
        text(&question["params"], "message").contains("+ Status: Closed"),
        "{first:#}"
    );
    assert_eq!(writes(&bed).await, Vec::<String>::new());
    let declined = answered(&first, json!({ "action": "decline" }));
    let told = model_reads(
        &wire
            .request("tools/call", &modern("update_record", &call, declined))
            .await,
    );
    assert_eq!(told["code"], "declined_or_not_asked", "{told:#}");
    assert_eq!(writes(&bed).await, Vec::<String>::new());
    let yes = answered(&first, json!({ "action": "accept", "content": {} }));
    read().await;
    let done = model_reads(
        &wire
            .request("tools/call", &modern("update_record", &call, yes))
            .await,
    );
    assert_eq!(done["write"]["agreed_by"], "person", "{done:#}");
    assert_eq!(writes(&bed).await.len(), 1);

    let comment = json!({ "id": id, "content": "We are on it.", "public": true });
    let first = wire
        .request("tools/call", &modern("add_comment", &comment, json!({})))
        .await;
    for (typed, code) in [
        ("no", json!("declined_or_not_asked")),
        (number.as_str(), Value::Null),
    ] {
        let typed = answered(
            &first,
            json!({ "action": "accept", "content": { "word": typed } }),
        );
        read().await;
        let told = model_reads(
            &wire
                .request("tools/call", &modern("add_comment", &comment, typed))
                .await,
        );
        assert_eq!(told["code"], code, "{told:#}");
    }
    assert_eq!(writes(&bed).await.len(), 2);
}

/// The same client may say yes by itself, too.
#[tokio::test]
async fn a_yes_that_a_client_of_2026_brings_at_once_is_nobodys() {
    let bed = bed().await;
    let (id, _) = open_case(&mut silent(&bed, Writes::Confirm).await).await;
    let mut wire = Wire::to(server(&bed, Writes::Confirm));
    bed.forget().await;
    let first = modern("update_record", &closing(&id), json!({}));
    let first = wire.request("tools/call", &first).await;
    let yes = answered(&first, json!({ "action": "accept", "content": {} }));
    let yes = modern("update_record", &closing(&id), yes);
    let told = model_reads(&wire.request("tools/call", &yes).await);
    assert_eq!(told["code"], "declined_or_not_asked", "{told:#}");
    assert_eq!(writes(&bed).await, Vec::<String>::new());
}

/// A yes to one act is none to another.
#[tokio::test]
async fn a_reply_that_is_brought_to_another_call_is_none() {
    let bed = bed().await;
    let (id, _) = open_case(&mut silent(&bed, Writes::Confirm).await).await;
    let mut wire = Wire::to(server(&bed, Writes::Confirm));
    bed.forget().await;
    let first = wire
        .request("tools/call", &modern("update_record", &closing(&id), json!({})))
        .await;
    let other = json!({ "module": "Cases", "id": id, "values": { "priority": "Low" } });
    let yes = answered(&first, json!({ "action": "accept", "content": {} }));
    let again = wire
        .request("tools/call", &modern("update_record", &other, yes))
        .await;
    assert_eq!(
        again["result"]["resultType"], "input_required",
        "it is asked itself: {again:#}"
    );
    assert_eq!(writes(&bed).await, Vec::<String>::new());
}
