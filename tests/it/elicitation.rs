//! A call without a connection, from a client that can show a page: the consent is offered inside the conversation and the
//! call goes on. With a client of ours on both generations of the protocol.

mod at_once;
mod meanwhile;
mod patience;
mod unasked;
mod whose;

use secrecy::SecretString;
use serde_json::{Value, json};
use zoho_mcp::cli::assemble;
use zoho_mcp::sandbox::Options;
use zoho_mcp::server::Server;

use crate::bed::{Bed, USER, Wire, model_reads};
use crate::visitor::{Visitor, back_from};

async fn server(bed: &Bed, with_client: bool) -> Server {
    server_at(bed, with_client, 0).await
}

async fn server_at(bed: &Bed, with_client: bool, port: u16) -> Server {
    let mut config = bed.config(USER);
    if with_client {
        config.private.client_id = Some(bed.sandbox.client_id.clone());
        config.private.client_secret = Some(SecretString::from(bed.sandbox.client_secret.clone()));
    }
    let tools = assemble::calling(&config, &bed.clock).unwrap().tools;
    Server::new(tools).offering_consent(port)
}

/// A client of 2025-11-25 that shows pages.
async fn older(bed: &Bed) -> Wire {
    let mut wire = Wire::to(server(bed, true).await);
    wire.shake_hands(json!({ "elicitation": { "url": {} } })).await;
    wire
}

const CASES: &str = r#"{"module":"Cases","limit":2}"#;

fn call(id: u64) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":{id},"method":"tools/call","params":{{"name":"get_records","arguments":{CASES}}}}}"#
    )
}

/// Sends a call and gives the page it wants shown, with the request to be answered.
async fn asked(wire: &mut Wire, id: u64) -> Value {
    question(wire, &call(id)).await
}

/// Sends a call and gives the question that its client is asked before it is answered.
pub(crate) async fn question(wire: &mut Wire, call: &str) -> Value {
    wire.send(call).await;
    loop {
        let message = wire.receive().await;
        if message["method"] == "elicitation/create" {
            return message;
        }
        assert!(
            message["method"].is_string(),
            "an answer without a question: {message}"
        );
    }
}

async fn answer(wire: &mut Wire, request: &Value, action: &str) {
    let answer = json!({ "jsonrpc": "2.0", "id": request["id"], "result": { "action": action } });
    wire.send(&answer.to_string()).await;
}

/// What the model reads at the end of a call, and the notifications before it.
async fn ended(wire: &mut Wire, id: u64) -> (Value, Vec<Value>) {
    let mut before = Vec::new();
    loop {
        let message = wire.receive().await;
        if message["id"] == json!(id) && message["method"].is_null() {
            return (model_reads(&message), before);
        }
        before.push(message);
    }
}

async fn allow(page: &str) {
    let visitor = Visitor::new();
    let back = visitor.allow(page).await;
    let shown = visitor.open(back.as_str()).await;
    assert!(shown.contains("Zoho is connected"), "{shown}");
}

/// The params of a call of 2026-07-28.
pub(crate) fn modern(more: Value) -> String {
    let mut params = json!({
        "name": "get_records",
        "arguments": { "module": "Cases", "limit": 2 },
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": { "elicitation": { "url": {} } },
            "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
        },
    });
    for (name, value) in more.as_object().unwrap() {
        params[name] = value.clone();
    }
    params.to_string()
}

pub(crate) fn accepted(asked: &Value, action: &str) -> String {
    modern(json!({
        "requestState": asked["result"]["requestState"],
        "inputResponses": { "connect_zoho": { "action": action } },
    }))
}

pub(crate) fn page_of(asked: &Value) -> String {
    let request = &asked["result"]["inputRequests"]["connect_zoho"];
    assert_eq!(request["method"], "elicitation/create", "{asked}");
    assert_eq!(request["params"]["mode"], "url", "{asked}");
    request["params"]["url"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_older_client_is_asked_and_the_call_goes_on() {
    let bed = Bed::empty(Options::default()).await;
    let mut wire = older(&bed).await;
    let request = asked(&mut wire, 7).await;
    assert_eq!(request["params"]["mode"], "url");
    let id = request["params"]["elicitationId"].as_str().unwrap();
    assert!(id.len() > 20, "{id}");
    answer(&mut wire, &request, "accept").await;
    allow(request["params"]["url"].as_str().unwrap()).await;
    let (read, before) = ended(&mut wire, 7).await;
    assert_eq!(read["count"], 2, "{read}");
    let complete = before
        .iter()
        .find(|message| message["method"] == "notifications/elicitation/complete");
    assert_eq!(complete.expect("told complete")["params"]["elicitationId"], id);
    // The row is there: nobody is asked again.
    assert_eq!(
        model_reads(
            &wire
                .request(
                    "tools/call",
                    &format!(r#"{{"name":"get_records","arguments":{CASES}}}"#)
                )
                .await
        )["count"],
        2
    );
}

#[tokio::test]
async fn a_client_of_2026_asks_itself_and_calls_again() {
    let bed = Bed::empty(Options::default()).await;
    let mut wire = Wire::to(server(&bed, true).await);
    let first = wire.request("tools/call", &modern(json!({}))).await;
    assert_eq!(first["result"]["resultType"], "input_required", "{first}");
    assert!(!first.to_string().contains("elicitationId"), "{first}");
    allow(&page_of(&first)).await;
    let second = wire.request("tools/call", &accepted(&first, "accept")).await;
    assert_eq!(second["result"]["resultType"], "complete", "{second}");
    assert_eq!(model_reads(&second)["count"], 2, "{second}");
}

#[tokio::test]
async fn a_client_of_2026_mends_a_refused_connection_and_a_missing_scope_too() {
    let refused = Bed::connected().await;
    refused.sql("UPDATE zoho_connections SET status = 'unusable', status_reason = 'invalid_code', desk_org_source = 'user'").await;
    let narrow = Bed::empty(Options::default()).await;
    narrow
        .connect_with_scopes(USER, &["Desk.basic.READ", "Desk.community.READ"])
        .await;
    for (bed, scopes) in [
        (refused, ["Desk.tickets.READ", "Desk.basic.READ"]),
        (narrow, ["Desk.tickets.READ", "Desk.community.READ"]),
    ] {
        let mut wire = Wire::to(server(&bed, true).await);
        let first = wire.request("tools/call", &modern(json!({}))).await;
        let page = page_of(&first);
        assert!(scopes.iter().all(|scope| page.contains(scope)), "{page}");
        allow(&page).await;
        let second = wire.request("tools/call", &accepted(&first, "accept")).await;
        assert_eq!(model_reads(&second)["count"], 2, "{second}");
    }
}

#[tokio::test]
async fn the_call_waits_for_the_person_who_has_accepted() {
    let bed = Bed::empty(Options::default()).await;
    let mut wire = Wire::to(server(&bed, true).await);
    let first = wire.request("tools/call", &modern(json!({}))).await;
    let (params, page) = (accepted(&first, "accept"), page_of(&first));
    let (again, ()) = tokio::join!(wire.request("tools/call", &params), async { allow(&page).await });
    assert_eq!(model_reads(&again)["count"], 2, "{again}");
}

#[tokio::test]
async fn calls_at_once_share_one_page_and_a_missing_answer_is_asked_for_again() {
    let bed = Bed::empty(Options::default()).await;
    let mut wire = Wire::to(server(&bed, true).await);
    let first = wire.request("tools/call", &modern(json!({}))).await;
    let second = wire.request("tools/call", &modern(json!({}))).await;
    assert_eq!(page_of(&first), page_of(&second));
    let state = json!({ "requestState": first["result"]["requestState"] });
    let unanswered = wire.request("tools/call", &modern(state)).await;
    assert_eq!(page_of(&first), page_of(&unanswered));
    let invented =
        json!({ "requestState": "invented", "inputResponses": { "connect_zoho": { "action": "accept" } } });
    let invented = wire.request("tools/call", &modern(invented)).await;
    assert_eq!(model_reads(&invented)["code"], "no_connection", "{invented}");
}

#[tokio::test]
async fn a_person_who_declines_leaves_the_plain_failure() {
    let bed = Bed::empty(Options::default()).await;
    let mut wire = older(&bed).await;
    for (id, action) in [(7, "decline"), (8, "cancel")] {
        let request = asked(&mut wire, id).await;
        answer(&mut wire, &request, action).await;
        let (read, _) = ended(&mut wire, id).await;
        assert_eq!(read["error"], "No Zoho connection found");
        assert_eq!(read["code"], "no_connection");
    }
    let mut wire = Wire::to(server(&bed, true).await);
    let first = wire.request("tools/call", &modern(json!({}))).await;
    let declined = wire.request("tools/call", &accepted(&first, "decline")).await;
    assert_eq!(model_reads(&declined)["error"], "No Zoho connection found");
    assert_eq!(bed.get("/__sandbox/stats").await["token_calls"], 0);
}

#[tokio::test]
async fn a_no_at_zoho_is_told_to_the_model() {
    let bed = Bed::empty(Options::default()).await;
    let mut wire = older(&bed).await;
    let request = asked(&mut wire, 7).await;
    answer(&mut wire, &request, "accept").await;
    let page = request["params"]["url"].as_str().unwrap();
    let shown = Visitor::new()
        .open(&back_from(page, &[("error", "access_denied")]))
        .await;
    assert!(shown.contains("Zoho is not connected"), "{shown}");
    let (read, _) = ended(&mut wire, 7).await;
    assert_eq!(read["error"], "No Zoho connection found");
    assert!(read["next"].as_str().unwrap().contains("access_denied"), "{read}");
}

#[tokio::test]
async fn nobody_is_asked_without_a_page_to_show_or_a_client_to_ask_with() {
    let bed = Bed::empty(Options::default()).await;
    let mut without_pages = Wire::to(server(&bed, true).await);
    without_pages.shake_hands(json!({ "elicitation": {} })).await;
    let mut without_client = Wire::to(server(&bed, false).await);
    without_client
        .shake_hands(json!({ "elicitation": { "url": {} } }))
        .await;
    for wire in [&mut without_pages, &mut without_client] {
        let read = wire.call("get_records", json!({ "module": "Cases" })).await;
        assert_eq!(read["error"], "No Zoho connection found");
    }
}

#[tokio::test]
async fn a_refused_connection_is_made_whole_with_its_own_client() {
    let bed = Bed::connected().await;
    bed.sql("UPDATE zoho_connections SET status = 'unusable', status_reason = 'invalid_code', desk_org_source = 'user'").await;
    let mut wire = Wire::to(server(&bed, false).await);
    wire.shake_hands(json!({ "elicitation": { "url": {} } })).await;
    let request = asked(&mut wire, 7).await;
    answer(&mut wire, &request, "accept").await;
    allow(request["params"]["url"].as_str().unwrap()).await;
    assert_eq!(ended(&mut wire, 7).await.0["count"], 2);
    let rows = bed.run(&["connections", "list"]).succeeded();
    assert_eq!(
        (rows.as_array().unwrap().len(), &rows[0]["status"]),
        (1, &json!("active"))
    );
}

#[tokio::test]
async fn a_missing_scope_is_asked_for_beside_those_the_person_gave_before() {
    let bed = Bed::empty(Options::default()).await;
    bed.connect_with_scopes(USER, &["Desk.basic.READ", "Desk.community.READ"])
        .await;
    let mut wire = older(&bed).await;
    let request = asked(&mut wire, 7).await;
    let page = request["params"]["url"].as_str().unwrap();
    assert!(
        page.contains("Desk.tickets.READ") && page.contains("Desk.community.READ"),
        "{page}"
    );
    answer(&mut wire, &request, "accept").await;
    allow(page).await;
    assert_eq!(ended(&mut wire, 7).await.0["count"], 2);
}

/// Where a page says that the browser comes back to.
fn back(request: &Value) -> String {
    let page = url::Url::parse(request["params"]["url"].as_str().unwrap()).unwrap();
    let back = page.query_pairs().find(|(name, _)| name == "redirect_uri");
    let back = url::Url::parse(&back.unwrap().1).unwrap();
    format!("{}:{}", back.host_str().unwrap(), back.port().unwrap())
}

/// Whether a message takes a question back (MCP, cancellation: either side may cancel what it has asked).
fn withdraws(message: &Value, question: &Value) -> bool {
    message["method"] == "notifications/cancelled" && message["params"]["requestId"] == question["id"]
}

async fn cancel(wire: &mut Wire, id: u64) {
    let cancelled =
        json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": id } });
    wire.send(&cancelled.to_string()).await;
    let read = wire.request("tools/list", "{}").await;
    assert!(read["result"]["tools"].is_array(), "the server goes on: {read}");
}

/// Hostile input 32: nobody waits there any more. The next call asks anew.
#[tokio::test]
async fn a_cancelled_call_is_not_answered_and_its_port_is_closed() {
    let bed = Bed::empty(Options::default()).await;
    let mut wire = older(&bed).await;
    let request = asked(&mut wire, 7).await;
    let back = back(&request);
    tokio::net::TcpStream::connect(&back).await.unwrap();
    cancel(&mut wire, 7).await;
    let mut others = std::mem::take(&mut wire.notifications);
    while !others.iter().any(|told| withdraws(told, &request)) {
        others.push(wire.receive().await);
    }
    let mut open = true;
    for _ in 0..200 {
        open = tokio::net::TcpStream::connect(&back).await.is_ok();
        if !open {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert!(!open, "{back} is still listened on");
    let again = asked(&mut wire, 8).await;
    answer(&mut wire, &again, "accept").await;
    allow(again["params"]["url"].as_str().unwrap()).await;
    let (told, mut meanwhile) = ended(&mut wire, 8).await;
    assert_eq!(told["count"], 2, "{told}");
    others.append(&mut meanwhile);
    let answered = |message: &&Value| message["id"] == json!(7) && message["method"].is_null();
    assert_eq!(others.iter().find(answered), None);
}
