//! A client that says it can show a page and then does not: whatever it answers ends the wait, and the page is told instead.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;
use zoho_mcp::sandbox::Options;

use super::{allow, asked, ended, modern, older, page_of, server};
use crate::bed::{Bed, Wire, model_reads};

/// Far less than a call waits for a person.
const SOON: Duration = Duration::from_secs(20);

/// The failure tells the whole address, whose page is still good.
async fn told_the_page(wire: &mut Wire, told: &Value, page: &str) {
    assert_eq!(told["code"], "no_connection", "{told}");
    let next = told["next"].as_str().unwrap();
    assert!(next.contains(&format!("{page} ")), "{page}: {next}");
    allow(page).await;
    let cases = wire
        .call("get_records", json!({ "module": "Cases", "limit": 2 }))
        .await;
    assert_eq!(cases["count"], 2, "{cases}");
}

/// JSON-RPC 2.0, 5.1 for errors, one without an id among them; the others are made up.
#[tokio::test]
async fn an_answer_that_is_no_reply_ends_the_wait() {
    for reply in [
        r#""id":ID,"error":{"code":-32601,"message":"Method not found"}"#,
        r#""id":null,"error":{"code":-32700,"message":"Parse error"}"#,
        r#""id":ID,"error":{"code":-32603}"#,
        r#""id":ID,"error":"no""#,
        r#""id":ID,"error":null"#,
        r#""id":ID"#,
        r#""id":ID,"params":{"action":"accept"}"#,
        r#""id":ID,"result":{}"#,
        r#""id":ID,"result":{"action":"maybe"}"#,
        r#""id":ID,"result":{"action":1}"#,
        r#""id":ID,"result":{"content":{}}"#,
        r#""id":ID,"result":null"#,
        r#""id":ID,"result":"accept""#,
        r#""id":ID,"result":{"action":"accept"},"error":{"code":1,"message":"both"}"#,
    ] {
        let bed = Bed::empty(Options::default()).await;
        let mut wire = older(&bed).await;
        let request = asked(&mut wire, 7).await;
        let reply = reply.replace("ID", &request["id"].to_string());
        wire.send(format!(r#"{{"jsonrpc":"2.0",{reply}}}"#)).await;
        let waited = timeout(SOON, ended(&mut wire, 7)).await;
        let (told, _) = waited.unwrap_or_else(|_| panic!("still waiting after {reply}"));
        told_the_page(&mut wire, &told, request["params"]["url"].as_str().unwrap()).await;
    }
}

#[tokio::test]
async fn so_does_an_answer_that_a_call_of_2026_brings_back() {
    for reply in [
        json!({ "action": "maybe" }),
        json!({ "action": 1 }),
        json!({}),
        json!("accept"),
        json!({ "error": { "code": -32601, "message": "Method not found" } }),
    ] {
        let bed = Bed::empty(Options::default()).await;
        let mut wire = Wire::to(server(&bed, true).await);
        let first = wire.request("tools/call", &modern(json!({}))).await;
        let state = &first["result"]["requestState"];
        let again = json!({ "requestState": state, "inputResponses": { "connect_zoho": reply } });
        let told = wire.request("tools/call", &modern(again)).await;
        let (told, page) = (model_reads(&told), page_of(&first));
        assert_eq!(told["code"], "no_connection", "{reply}: {told}");
        assert!(told["next"].as_str().unwrap().contains(&page), "{reply}: {told}");
        allow(&page).await;
        let cases = wire.request("tools/call", &modern(json!({}))).await;
        assert_eq!(model_reads(&cases)["count"], 2, "{reply}: {cases}");
    }
}
