//! Changes: sent once, ended although nobody waits for them any more, and their outcome told.

use std::sync::Arc;

use http::Method;
use serde_json::json as value;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use zoho_mcp::connections::Product;
use zoho_mcp::server::Server;
use zoho_mcp::tools::catalog::{Catalog, Selection};
use zoho_mcp::tools::policy::Policy;
use zoho_mcp::tools::{Equipment, Tools};
use zoho_mcp::zoho::{Effect, HostPolicy, Limits, Outcome, Recorder, Write, Written, ZohoClient, ZohoError};

use super::fake::{House, Scripted, client, json};
use crate::bed::Wire;

const TICKETS: &str = "/api/v1/tickets";
const LEADS: &str = "/crm/v8/Leads";

pub(super) fn create() -> Write {
    let write = Write::new(
        "create_case",
        Effect::Create,
        Method::POST,
        Product::Desk,
        ["tickets"],
    );
    write
        .unwrap()
        .with_body(value!({ "subject": "A broken lantern" }))
}

/// A recorder, and what it has been told.
pub(super) fn recorded() -> (Recorder, UnboundedReceiver<Written>) {
    let (sender, told) = unbounded_channel();
    let recorder: Recorder = Arc::new(move |written| {
        let sender = sender.clone();
        Box::pin(async move { sender.send(written).unwrap() })
    });
    (recorder, told)
}

fn recording(house: &House) -> (ZohoClient, UnboundedReceiver<Written>) {
    let (recorder, told) = recorded();
    let hosts = HostPolicy::with_sandbox(&house.fake.url).unwrap();
    let zoho = client(
        &house.connections,
        Limits::default(),
        hosts,
        &house.clock,
        recorder,
    );
    (zoho, told)
}

#[tokio::test]
async fn a_change_ends_although_its_caller_is_gone() {
    let house = House::new().await;
    let row = house.connect(3000).await;
    let (zoho, mut told) = recording(&house);
    let session = zoho.session(row.clone(), Product::Desk).await.unwrap();
    let held = house.fake.hold(TICKETS);
    let call = tokio::spawn(async move { session.write(create()).await });
    held.arrival().await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    let settling = tokio::spawn({
        let zoho = zoho.clone();
        async move { zoho.settle().await }
    });
    tokio::task::yield_now().await;
    assert!(!settling.is_finished(), "the change is still on its way");
    held.release();
    let written = told.recv().await.unwrap();
    let expected = Written {
        act: "create_case".to_owned(),
        connection_id: row.id,
        product: Product::Desk,
        effect: Effect::Create,
        outcome: Outcome::Done,
    };
    assert_eq!(written, expected);
    settling.await.unwrap();
    assert_eq!(house.fake.count(TICKETS), 1);
}

#[tokio::test]
async fn what_was_not_sent_has_not_happened() {
    let house = House::new().await;
    let row = house.connect(3000).await;
    let (zoho, mut told) = recording(&house);
    let session = zoho.session(row, Product::Desk).await.unwrap();
    drop(session.write(create()));
    let climbing = Write::new(
        "remove_case",
        Effect::Remove,
        Method::DELETE,
        Product::Desk,
        ["tickets", ".."],
    );
    let error = session.write(climbing.unwrap()).await.unwrap_err();
    assert!(matches!(error, ZohoError::InvalidRequest { .. }), "{error:?}");
    assert_eq!(told.recv().await.unwrap().outcome, Outcome::Failed);
    assert_eq!(house.fake.count(TICKETS), 0);
}

#[tokio::test]
async fn what_came_of_a_change_is_told_by_zohos_answer() {
    let house = House::new().await;
    let row = house.connect(3000).await;
    let (zoho, mut told) = recording(&house);
    let session = zoho.session(row, Product::Desk).await.unwrap();
    let moved = Scripted {
        status: 302,
        headers: vec![("location", format!("{}/elsewhere", house.fake.url))],
        body: Vec::new(),
    };
    let refused = r#"{"errorCode":"UNPROCESSABLE_ENTITY","message":"x"}"#;
    for (answer, outcome) in [
        (json(200, r#"{"id":"1"}"#), Outcome::Done),
        (json(204, ""), Outcome::Done),
        (json(422, refused), Outcome::Failed),
        (json(429, refused), Outcome::Failed),
        (json(500, "{}"), Outcome::Unknown),
        (json(200, "<html>sign in</html>"), Outcome::Unknown),
        (moved, Outcome::Unknown),
    ] {
        let (status, body) = (answer.status, String::from_utf8(answer.body.clone()).unwrap());
        house.fake.script(TICKETS, [answer]);
        let result = session.write(create()).await;
        assert_eq!(result.is_ok(), outcome == Outcome::Done, "{status} {body}");
        assert_eq!(told.recv().await.unwrap().outcome, outcome, "{status} {body}");
    }
    assert_eq!(house.fake.count(TICKETS), 7, "each is sent once");
}

#[tokio::test]
async fn a_record_that_crm_refuses_in_a_good_answer_is_not_written() {
    let house = House::new().await;
    let row = house.connect(3000).await;
    let (zoho, mut told) = recording(&house);
    let session = zoho.session(row, Product::Crm).await.unwrap();
    let refused = r#"{"code":"MANDATORY_NOT_FOUND","details":{"api_name":"Last_Name"},"message":"required field not found","status":"error"}"#;
    let taken = r#"{"code":"SUCCESS","details":{"id":"5"},"message":"record added","status":"success"}"#;
    for (rows, outcome) in [
        (refused.to_owned(), Outcome::Failed),
        (format!("{taken},{refused}"), Outcome::Done),
        (taken.to_owned(), Outcome::Done),
    ] {
        house
            .fake
            .script(LEADS, [json(202, &format!(r#"{{"data":[{rows}]}}"#))]);
        let write = Write::new(
            "create_lead",
            Effect::Create,
            Method::POST,
            Product::Crm,
            ["Leads"],
        );
        let result = session.write(write.unwrap()).await;
        assert_eq!(told.recv().await.unwrap().outcome, outcome, "{rows}");
        if let Err(error) = result {
            let ZohoError::Rejected { code, fields, .. } = error else {
                panic!("{error:?}");
            };
            assert_eq!(
                (code.as_str(), fields[0].field.as_str()),
                ("MANDATORY_NOT_FOUND", "Last_Name")
            );
        }
    }
}

#[tokio::test]
async fn a_change_is_sent_again_only_where_its_token_was_turned_down() {
    let house = House::new().await;
    let row = house.connect(3000).await;
    let (zoho, mut told) = recording(&house);
    let session = zoho.session(row, Product::Desk).await.unwrap();
    house.fake.drop_tokens();
    session.write(create()).await.unwrap();
    assert_eq!(told.recv().await.unwrap().outcome, Outcome::Done);
    assert_eq!(
        house.fake.count(TICKETS),
        2,
        "Zoho turned the first one down unread"
    );
}

#[tokio::test]
async fn a_change_is_not_taken_to_another_organization() {
    let house = House::new().await;
    let row = house.connect(3000).await;
    let two = r#"{"data":[{"id":"4001","companyName":"One"},{"id":"4002","companyName":"Two"}]}"#;
    house.fake.organizations(two);
    let (zoho, mut told) = recording(&house);
    let session = zoho.session(row, Product::Desk).await.unwrap();
    house.fake.wrong_org("4001");
    let error = session.write(create()).await.unwrap_err();
    assert!(matches!(error, ZohoError::ChooseOrganization { .. }), "{error:?}");
    assert_eq!(told.recv().await.unwrap().outcome, Outcome::Failed);
    assert_eq!(house.fake.count(TICKETS), 1);
}

#[test]
fn a_read_is_no_change() {
    for (effect, method) in [(Effect::Read, Method::POST), (Effect::Change, Method::GET)] {
        let write = Write::new("x", effect, method, Product::Desk, ["tickets"]);
        assert!(matches!(write, Err(ZohoError::Internal { .. })), "{write:?}");
    }
}

const CREATE_CASE: &str = r#"{
  "name": "create_case", "title": "T", "description": "D",
  "inputSchema": {
    "type": "object", "additionalProperties": false, "required": ["subject"],
    "properties": {"subject": {"type": "string"}, "connection": {"type": "string"}}
  },
  "annotations": {"readOnlyHint": false, "destructiveHint": false, "idempotentHint": false, "openWorldHint": true},
  "operation": {
    "product": "desk", "method": "POST", "path": "tickets", "body": {"subject": "{subject}"},
    "effect": "create", "scopes": ["Desk.tickets.CREATE"], "output": {"module": "Cases"},
    "undo": {"method": "POST", "path": "tickets/moveToTrash", "body": {"ticketIds": ["{made}"]}}
  }
}"#;

#[tokio::test]
async fn a_call_that_its_client_cancels_leaves_a_change_whose_outcome_is_known() {
    let house = House::new().await;
    house.connect(3000).await;
    let (zoho, mut told) = recording(&house);
    let files = [("cases/create_case.json", CREATE_CASE)];
    let equipment = Equipment::new(Arc::clone(&house.connections), zoho, house.clock.clone());
    let selection = Selection {
        writes: Policy::Trusted,
        ..Selection::default()
    };
    let equipment = equipment.with_selection(selection);
    let tools =
        Arc::new(Tools::new(equipment.with_catalog(move |selection| {
            Catalog::read(files.into_iter(), selection)
        })));
    let held = house.fake.hold(TICKETS);
    let mut wire = Wire::start_as("ada", Server::new(tools)).await;
    wire.send(
        r#"{"jsonrpc":"2.0","id":77,"method":"tools/call","params":{"name":"create_case","arguments":{"subject":"A broken lantern"}}}"#,
    )
    .await;
    held.arrival().await;
    wire.send(r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":77}}"#)
        .await;
    // The answer to a later message shows that the one before has been read.
    assert!(wire.request("ping", "{}").await["error"].is_null());
    held.release();
    let written = told.recv().await.unwrap();
    assert_eq!(
        (written.act.as_str(), written.outcome),
        ("create_case", Outcome::Done)
    );
    let seen = house.fake.seen();
    let sent: Vec<_> = seen.iter().filter(|call| call.path == TICKETS).collect();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].body, r#"{"subject":"A broken lantern"}"#);
}
