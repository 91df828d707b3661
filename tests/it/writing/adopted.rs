//! What is found where an answer was lost is taken for one's own only where all of it says so (breaker's 1 to 5): somebody else
//! works at the same account, with a server and a database of their own.

use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};
use zoho_mcp::cli::assemble;
use zoho_mcp::cli::sandbox_consent::connect_to_sandbox;
use zoho_mcp::config::{Config, Settings, Writes};
use zoho_mcp::server::Server;

use super::several::agreed;
use super::{asked, bed, client, ended, field, open_case, reply, silent, text, writes};
use crate::bed::{Bed, USER, Wire};

/// Somebody else at the same account.
async fn other(bed: &Bed) -> Wire {
    let database = format!("sqlite:{}", bed.home.path().join("other.db").display());
    let config = Config::load(Settings {
        user: Some(USER.to_owned()),
        database_url: Some(database.clone().into()),
        keyring: Some(false),
        sandbox_url: Some(bed.sandbox.url.clone()),
        timezone: Some("UTC".to_owned()),
        writes: Some(Writes::Trusted),
        ..Settings::default()
    })
    .unwrap();
    connect_to_sandbox(&config, &bed.clock, &bed.sandbox.url, USER, None)
        .await
        .unwrap();
    let mut rows = SqliteConnection::connect(&database).await.unwrap();
    let chosen = "UPDATE zoho_connections SET desk_org_id = '7048213351', desk_org_source = 'user'";
    sqlx::query(chosen).execute(&mut rows).await.unwrap();
    rows.close().await.unwrap();
    let server = Server::new(assemble::calling(&config, &bed.clock).unwrap().tools);
    let mut wire = Wire::to(server);
    wire.shake_hands(json!({ "elicitation": {} })).await;
    wire
}

async fn lose(bed: &Bed, path: &str) {
    bed.admin(json!({ "faults": [{ "kind": "reset", "path": path, "count": 1 }] }))
        .await;
}

/// Agrees by the word that the form asks for.
async fn sends(wire: &mut Wire, call: u64, arguments: &Value, number: &str) -> Value {
    let question = asked(wire, call, "send_reply", arguments).await;
    let content = json!({ "action": "accept", "content": { "word": number } });
    reply(wire, &question, content).await;
    ended(wire, call).await
}

#[tokio::test]
async fn another_reply_is_not_taken_for_the_lost_one() {
    for theirs in [
        json!({ "content": "Dear customer, your order ships today. No refund." }),
        json!({ "content": "Dear customer, your order ships today.", "to": ["q@x.example"] }),
    ] {
        let bed = bed().await;
        let mut wire = client(&bed, Writes::Confirm, json!({ "elicitation": {} })).await;
        let mut others = other(&bed).await;
        let (id, number) = open_case(&mut wire).await;
        lose(&bed, &format!("/api/v1/tickets/{id}/sendReply")).await;
        let mine = json!({ "id": id, "content": "Dear customer, your order ships today." });
        let lost = sends(&mut wire, 7, &mine, &number).await;
        assert_eq!(lost["code"], "outcome_unknown", "{lost:#}");
        let mut theirs = theirs;
        theirs["id"] = json!(id);
        let sent = sends(&mut others, 7, &theirs, &number).await;
        assert!(sent["code"].is_null(), "{sent:#}");
        let told = wire.call("send_reply", mine).await;
        assert_eq!(told["code"], "outcome_unknown", "{told:#}");
        assert!(text(&told, "error").contains("is another"), "{told:#}");
    }
}

#[tokio::test]
async fn a_record_that_says_otherwise_is_not_the_lost_one() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let mut others = other(&bed).await;
    let lead = |email: &str| json!({ "module": "Leads", "values": { "Last_Name": "Lantern", "Company": "Lumen & Pine", "Email": email } });
    lose(&bed, "/crm/v8/Leads").await;
    let lost = wire.call("create_record", lead("mine@x.example")).await;
    assert_eq!(lost["code"], "outcome_unknown", "{lost:#}");
    let made = others.call("create_record", lead("theirs@x.example")).await;
    assert!(made["code"].is_null(), "{made:#}");
    let told = wire.call("create_record", lead("mine@x.example")).await;
    assert_eq!(told["code"], "outcome_unknown", "{told:#}");
    assert!(text(&told, "error").contains("Email"), "{told:#}");
    // Who makes another one is told of it, and not for days.
    let another = json!({ "module": "Leads", "values": { "Last_Name": "Gable", "Company": "Gable & Co" } });
    let shown = wire.call("create_record", another.clone()).await;
    assert_eq!(shown["code"], "confirmation_needed", "{shown:#}");
    bed.clock.advance(700);
    bed.set_clock(json!({ "advance_s": 700 })).await;
    let made = wire.call("create_record", another).await;
    assert!(made["code"].is_null(), "{made:#}");
    // The very same is taken for it, with its reservation.
    let bed = super::bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let fault = json!({ "kind": "midreset", "path": "/crm/v8/Leads", "count": 1 });
    bed.admin(json!({ "faults": [fault] })).await;
    let told = wire.call("create_record", lead("mine@x.example")).await;
    assert!(told["notes"].to_string().contains("it is there"), "{told:#}");
}

#[tokio::test]
async fn one_of_two_tags_is_not_both() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let mut others = other(&bed).await;
    let (id, _) = open_case(&mut wire).await;
    lose(&bed, &format!("/api/v1/tickets/{id}/associateTag")).await;
    let both = json!({ "id": id, "tags": ["second-level", "third-level"] });
    let lost = wire.call("tag_records", both.clone()).await;
    assert_eq!(lost["code"], "outcome_unknown", "{lost:#}");
    let one = others
        .call("tag_records", json!({ "id": id, "tags": ["second-level"] }))
        .await;
    assert!(one["code"].is_null(), "{one:#}");
    let told = wire.call("tag_records", both).await;
    assert_eq!(told["code"], "outcome_unknown", "{told:#}");
    assert!(text(&told, "error").contains("a part of it is there"), "{told:#}");
}

/// An assigned case, and the department of another one.
async fn to_be_moved(wire: &mut Wire) -> (Value, String) {
    let asked = json!({ "module": "Cases", "limit": 20, "filters": { "status": "Open" },
        "fields": ["id", "departmentId", "assigneeId", "priority"] });
    let found = wire.call("get_records", asked).await;
    let rows = found["data"].as_array().unwrap();
    let case = rows
        .iter()
        .find(|row| row["assigneeId"].is_string() && row["priority"] != "Low")
        .unwrap();
    let other = rows
        .iter()
        .find(|row| row["departmentId"] != case["departmentId"]);
    (case.clone(), text(other.unwrap(), "departmentId"))
}

#[tokio::test]
async fn a_half_done_undo_of_a_move_goes_on() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (case, to) = to_be_moved(&mut wire).await;
    let id = text(&case, "id");
    let done = wire
        .call("update_cases", json!({ "ids": [id], "department": to }))
        .await;
    let undo = json!({ "id": done["write"]["id"] });
    let body = json!({ "errorCode": "UNPROCESSABLE_ENTITY", "message": "Not now." });
    let path = format!("/api/v1/tickets/{id}");
    // What holds is read twice, the case moved and looked up, and then given its assignee.
    let fault = json!({ "kind": "answer", "path": path, "status": 422, "body": body, "every": 5 });
    bed.admin(json!({ "faults": [fault] })).await;
    let half = wire.call("undo_write", undo.clone()).await;
    bed.admin(json!({ "faults": [] })).await;
    assert_eq!(half["complete"], false, "{half:#}");
    assert_eq!(field(&mut wire, &id, "departmentId").await, case["departmentId"]);
    let whole = wire.call("undo_write", undo).await;
    assert!(whole["code"].is_null(), "{whole:#}");
    assert_eq!(
        field(&mut wire, &id, "assigneeId").await,
        case["assigneeId"],
        "{whole:#}"
    );
}

#[tokio::test]
async fn a_record_is_taken_back_whole_or_left() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (case, to) = to_be_moved(&mut wire).await;
    let id = text(&case, "id");
    let done = wire
        .call(
            "update_cases",
            json!({ "ids": [id], "department": to, "priority": "Low" }),
        )
        .await;
    let chosen = json!({ "module": "Cases", "id": id, "values": { "assigneeId": case["assigneeId"] } });
    wire.call("update_record", chosen.clone()).await;
    let agents = wire
        .call(
            "get_records",
            json!({ "module": "Agents", "limit": 5, "fields": ["id"] }),
        )
        .await;
    let agents = agents["data"].as_array().unwrap();
    let other = agents.iter().find(|row| row["id"] != case["assigneeId"]).unwrap();
    let chosen = json!({ "module": "Cases", "id": id, "values": { "assigneeId": other["id"] } });
    let given = wire.call("update_record", chosen).await;
    assert!(given["code"].is_null(), "{given:#}");
    bed.forget().await;
    let refused = wire
        .call("undo_write", json!({ "id": done["write"]["id"] }))
        .await;
    assert!(text(&refused, "error").contains("assigneeId"), "{refused:#}");
    assert_eq!(writes(&bed).await, Vec::<String>::new());
}

/// What a preview leaves out is agreed to where all of it is shown.
#[tokio::test]
async fn what_is_not_shown_whole_is_agreed_to_at_a_terminal() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Confirm).await;
    let (id, _) = open_case(&mut wire).await;
    for (length, has_token) in [(10_000, true), (20_000, false)] {
        let values = json!({ "description": "word ".repeat(length / 5) });
        let shown = wire
            .call(
                "update_record",
                json!({ "module": "Cases", "id": id, "values": values }),
            )
            .await;
        assert_eq!(shown["token"].is_string(), has_token, "{length}");
    }
    let done = agreed(
        &mut wire,
        "update_record",
        &json!({ "module": "Cases", "id": id, "values": { "priority": "Low" } }),
    )
    .await;
    assert!(done["code"].is_null(), "{done:#}");
}
