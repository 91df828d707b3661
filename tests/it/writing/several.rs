//! Acts of several calls and on many records: what is refused of one keeps no other back; they tell what was done and what was not, are taken
//! back as far as they were done, and the same call again does what is left.

use serde_json::{Value, json};
use zoho_mcp::cli::assemble;
use zoho_mcp::config::Writes;
use zoho_mcp::server::Server;

use super::{bed, config, field, silent, text, writes};
use crate::bed::{Bed, Wire, ids};

/// Some open cases, the newest first.
pub(super) async fn open_cases(wire: &mut Wire, count: usize) -> Vec<String> {
    let asked =
        json!({ "module": "Cases", "limit": count, "filters": { "status": "Open" }, "fields": ["id"] });
    let found = ids(&wire.call("get_records", asked).await);
    assert_eq!(found.len(), count);
    found
}

async fn leads(wire: &mut Wire, count: usize) -> Vec<String> {
    let asked = json!({ "module": "Leads", "app_type": "crm", "limit": count, "fields": ["id"] });
    ids(&wire.call("get_records", asked).await)
}

/// Makes a call, and confirms what it shows.
pub(super) async fn agreed(wire: &mut Wire, tool: &str, arguments: &Value) -> Value {
    let shown = wire.call(tool, arguments.clone()).await;
    assert_eq!(shown["code"], "confirmation_needed", "{shown:#}");
    wire.call("confirm_write", json!({ "token": text(&shown, "token") }))
        .await
}

fn named(answer: &Value, list: &str) -> Vec<String> {
    let rows = answer[list]
        .as_array()
        .or_else(|| answer["data"][list].as_array());
    let rows = rows.unwrap_or_else(|| panic!("no {list}: {answer:#}"));
    rows.iter().map(|row| text(row, "id")).collect()
}

/// Two fields of each case: a call for each case.
fn two_fields(cases: &[String]) -> Value {
    json!({ "ids": cases, "status": "On Hold", "priority": "Low" })
}

async fn refuse(bed: &Bed, case: &str, every: usize) {
    let body =
        json!({ "errorCode": "FORBIDDEN", "message": "You are not authorized to access this resource." });
    let path = format!("/api/v1/tickets/{case}");
    let fault = json!({ "kind": "answer", "path": path, "status": 403, "body": body, "every": every });
    bed.admin(json!({ "faults": [fault] })).await;
}

#[tokio::test]
async fn a_refused_record_keeps_no_other_back_and_is_done_when_called_again() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let cases = open_cases(&mut wire, 4).await;
    let shown = wire.call("update_cases", two_fields(&cases)).await;
    assert!(
        text(&shown["preview"], "consequences").starts_with("4 records."),
        "{shown:#}"
    );
    assert_eq!(
        shown["preview"]["records"].as_array().unwrap().len(),
        4,
        "{shown:#}"
    );
    // Of the second, the read goes through and the change is refused.
    bed.forget().await;
    refuse(&bed, &cases[1], 2).await;
    let told = wire
        .call("confirm_write", json!({ "token": text(&shown, "token") }))
        .await;
    assert!(told["code"].is_null(), "what was done is no failure: {told:#}");
    assert_eq!(told["complete"], false, "{told:#}");
    assert_eq!(
        (&told["data"]["count"], named(&told, "records")),
        (&json!(3), [&cases[..1], &cases[2..]].concat())
    );
    assert_eq!(named(&told, "failed"), [cases[1].clone()], "{told:#}");
    assert!(
        text(&told["failed"][0], "why").contains("not authorized"),
        "{told:#}"
    );
    assert!(!text(&told["failed"][0], "next").is_empty(), "{told:#}");
    assert!(told["not_sent"].is_null(), "{told:#}");
    assert!(
        told["data"]["changes"].is_null() && told["data"]["planned_changes"].is_array(),
        "the lines are those of all four: {told:#}"
    );
    assert_eq!(writes(&bed).await.len(), 4, "each once");
    assert_eq!(field(&mut wire, &cases[1], "status").await, "Open");
    assert_eq!(field(&mut wire, &cases[2], "status").await, "On Hold");

    bed.admin(json!({ "faults": [] })).await;
    bed.forget().await;
    let rest = wire.call("update_cases", two_fields(&cases)).await;
    assert_eq!(rest["data"]["id"], cases[1].as_str(), "{rest:#}");
    assert_eq!(writes(&bed).await.len(), 1, "only what was left");
    assert_ne!(rest["write"]["id"], told["write"]["id"]);
    // Who was killed in between has told nobody of it.
    assert_eq!(rest["earlier"]["write"], told["write"]["id"], "{rest:#}");
    assert_eq!(rest["earlier"]["records"][0]["id"], cases[0], "{rest:#}");
    // Now it is whole, and the same call is that act.
    let again = wire.call("update_cases", two_fields(&cases)).await;
    assert_eq!(again["already_done"], true, "{again:#}");

    // Each of both acts is taken back for itself.
    let undone = agreed(&mut wire, "undo_write", &json!({ "id": told["write"]["id"] })).await;
    assert_eq!(undone["data"]["count"], 3, "{undone:#}");
    assert_eq!(field(&mut wire, &cases[0], "status").await, "Open");
    assert_eq!(field(&mut wire, &cases[1], "status").await, "On Hold");
    let undone = wire
        .call("undo_write", json!({ "id": rest["write"]["id"] }))
        .await;
    assert!(undone["code"].is_null(), "{undone:#}");
    for case in &cases {
        assert_eq!(field(&mut wire, case, "status").await, "Open");
    }
}

#[tokio::test]
async fn what_is_undone_in_part_is_undone_further() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let cases = open_cases(&mut wire, 3).await;
    let done = agreed(&mut wire, "update_cases", &two_fields(&cases)).await;
    let undo = json!({ "id": done["write"]["id"] });
    let shown = wire.call("undo_write", undo.clone()).await;
    // Of the second the read goes through.
    refuse(&bed, &cases[1], 2).await;
    let told = wire
        .call("confirm_write", json!({ "token": text(&shown, "token") }))
        .await;
    let mut both = named(&told, "records");
    both.sort();
    let mut expected = vec![cases[0].clone(), cases[2].clone()];
    expected.sort();
    assert_eq!(both, expected, "{told:#}");
    assert_eq!(named(&told, "failed"), [cases[1].clone()], "{told:#}");
    bed.admin(json!({ "faults": [] })).await;
    let rest = wire.call("undo_write", undo).await;
    assert!(rest["code"].is_null(), "{rest:#}");
    for case in &cases {
        assert_eq!(field(&mut wire, case, "status").await, "Open");
    }
}

#[tokio::test]
async fn what_somebody_changed_since_is_left_and_the_rest_put_back() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let cases = open_cases(&mut wire, 3).await;
    let done = agreed(
        &mut wire,
        "update_cases",
        &json!({ "ids": cases, "status": "Closed" }),
    )
    .await;
    let reopened = json!({ "module": "Cases", "id": cases[1], "values": { "status": "Escalated" } });
    wire.call("update_record", reopened).await;
    let shown = wire
        .call("undo_write", json!({ "id": done["write"]["id"] }))
        .await;
    assert!(
        shown["preview"]["notes"].to_string().contains("changed since"),
        "{shown:#}"
    );
    let undone = wire
        .call("confirm_write", json!({ "token": text(&shown, "token") }))
        .await;
    assert_eq!(undone["data"]["count"], 2, "{undone:#}");
    assert_eq!(field(&mut wire, &cases[0], "status").await, "Open");
    assert_eq!(field(&mut wire, &cases[1], "status").await, "Escalated");
}

/// The answer to the second of three calls is lost: it is looked up before anything more is sent.
#[tokio::test]
async fn a_lost_answer_in_the_middle_is_looked_up() {
    for (kind, sent) in [("midreset", 3), ("reset", 2)] {
        let bed = bed().await;
        let mut wire = silent(&bed, Writes::Trusted).await;
        let cases = open_cases(&mut wire, 3).await;
        let shown = wire.call("update_cases", two_fields(&cases)).await;
        let path = format!("/api/v1/tickets/{}", cases[1]);
        let fault = json!({ "kind": kind, "path": path, "every": 2, "count": 1 });
        bed.forget().await;
        bed.admin(json!({ "faults": [fault] })).await;
        let told = wire
            .call("confirm_write", json!({ "token": text(&shown, "token") }))
            .await;
        assert_eq!(writes(&bed).await.len(), sent, "{told:#}");
        if kind == "midreset" {
            assert!(told["notes"].to_string().contains("was looked up"), "{told:#}");
        } else {
            assert_eq!(told["code"], "outcome_unknown", "{told:#}");
            assert_eq!(named(&told, "unknown"), cases[1..2], "{told:#}");
            bed.sql("UPDATE writes SET sent_at = sent_at - 91").await;
            let told = wire.call("update_cases", two_fields(&cases)).await;
            assert_eq!(told["complete"], false, "{told:#}");
            assert_eq!(named(&told, "not_sent"), cases[1..], "{told:#}");
            let rest = agreed(&mut wire, "update_cases", &two_fields(&cases)).await;
            assert_eq!(rest["data"]["count"], 2, "{rest:#}");
        }
        for case in &cases {
            assert_eq!(field(&mut wire, case, "status").await, "On Hold");
        }
    }
}

/// CRM answers record by record: those that it refused are told with its reason, sent again, and left where the others are put
/// back.
#[tokio::test]
async fn records_that_crm_refuses_are_told_one_by_one() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let leads = leads(&mut wire, 3).await;
    let call = json!({ "module": "Leads", "app_type": "crm", "ids": leads, "values": { "Phone": "+49 30 555 0100" } });
    let shown = wire.call("mass_update", call.clone()).await;
    let row = |id: &String| json!({ "code": "SUCCESS", "details": { "id": id }, "message": "record updated", "status": "success" });
    let details = json!({ "id": leads[1], "api_name": "Phone", "expected_data_type": "phone" });
    let bad =
        json!({ "code": "INVALID_DATA", "details": details, "message": "invalid data", "status": "error" });
    let body = json!({ "data": [row(&leads[0]), bad, row(&leads[2])] });
    let fault = json!({ "kind": "answer", "path": "/crm/v8/Leads", "status": 207, "body": body, "every": 4, "count": 1 });
    bed.admin(json!({ "faults": [fault] })).await;
    let told = wire
        .call("confirm_write", json!({ "token": text(&shown, "token") }))
        .await;
    bed.admin(json!({ "faults": [] })).await;
    assert_eq!(told["data"]["count"], 2, "{told:#}");
    assert_eq!(named(&told, "failed"), [leads[1].clone()], "{told:#}");
    let why = text(&told["failed"][0], "why");
    assert!(why.contains("INVALID_DATA") && why.contains("Phone"), "{why}");
    bed.forget().await;
    let rest = agreed_or_done(&mut wire, "mass_update", &call).await;
    assert_eq!(rest["data"]["id"], leads[1].as_str(), "{rest:#}");
    assert_eq!(writes(&bed).await.len(), 1);
}

async fn agreed_or_done(wire: &mut Wire, tool: &str, arguments: &Value) -> Value {
    let told = wire.call(tool, arguments.clone()).await;
    match told["token"].as_str() {
        Some(token) => wire.call("confirm_write", json!({ "token": token })).await,
        None => told,
    }
}

#[tokio::test]
async fn records_of_crm_are_changed_in_one_call_and_put_back_each() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let leads = leads(&mut wire, 3).await;
    let read = |id: &String| json!({ "module": "Leads", "app_type": "crm", "id": id, "fields": ["Phone"] });
    let mut before = Vec::new();
    for id in &leads {
        before.push(wire.call("get_record", read(id)).await["data"]["Phone"].clone());
    }
    let call = json!({ "module": "Leads", "app_type": "crm", "ids": leads, "values": { "Phone": "+49 30 555 0100" } });
    bed.forget().await;
    let done = agreed(&mut wire, "mass_update", &call).await;
    assert_eq!(done["data"]["count"], 3, "{done:#}");
    assert_eq!(writes(&bed).await.len(), 1);
    for id in &leads {
        assert_eq!(
            wire.call("get_record", read(id)).await["data"]["Phone"],
            "+49 30 555 0100"
        );
    }
    agreed(&mut wire, "undo_write", &json!({ "id": done["write"]["id"] })).await;
    for (id, before) in leads.iter().zip(&before) {
        assert_eq!(wire.call("get_record", read(id)).await["data"]["Phone"], *before);
    }
}

#[tokio::test]
async fn more_records_than_the_operator_lets_one_act_change_are_refused() {
    let bed = bed().await;
    let mut config = config(&bed, Writes::Trusted);
    config.said.bulk_limit = Some(2);
    let server = Server::new(assemble::calling(&config, &bed.clock).unwrap().tools);
    let mut wire = Wire::to(server);
    wire.shake_hands(json!({})).await;
    let cases = open_cases(&mut wire, 3).await;
    bed.forget().await;
    let by_ids = json!({ "ids": cases, "status": "Closed" });
    let by_filters =
        json!({ "module": "Cases", "filters": { "status": "Open" }, "values": { "status": "Closed" } });
    for (tool, call) in [("update_cases", by_ids), ("mass_update", by_filters)] {
        let told = wire.call(tool, call).await;
        assert!(text(&told, "error").contains("--bulk-limit"), "{told:#}");
        assert!(text(&told, "next").contains("at most 2"), "{told:#}");
    }
    assert_eq!(writes(&bed).await, Vec::<String>::new());
}

#[tokio::test]
async fn who_waits_is_told_how_far_it_is() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let cases = open_cases(&mut wire, 3).await;
    let shown = wire.call("update_cases", two_fields(&cases)).await;
    bed.admin(json!({ "latency_ms": 120 })).await;
    wire.call("confirm_write", json!({ "token": text(&shown, "token") }))
        .await;
    let told: Vec<String> = wire.notifications.iter().map(Value::to_string).collect();
    assert!(told.iter().any(|one| one.contains("2 of 3 records")), "{told:#?}");
}

#[tokio::test]
async fn conditions_find_the_records_and_the_preview_counts_them() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let filters = json!({ "status": "Open", "priority": "High", "assignee": "me" });
    let asked = json!({ "module": "Cases", "filters": filters, "limit": 99, "fields": ["id"] });
    let found = ids(&wire.call("get_records", asked).await);
    assert!((2..=25).contains(&found.len()), "{}", found.len());
    let call = json!({ "module": "Cases", "filters": filters, "values": { "priority": "Medium" } });
    bed.forget().await;
    let shown = wire.call("mass_update", call).await;
    let counted = format!("{} cases", found.len());
    assert_eq!(shown["preview"]["record"], counted.as_str(), "{shown:#}");
    assert_eq!(writes(&bed).await, Vec::<String>::new());
    // Somebody changes one of them: what was shown is not what is there.
    let other = json!({ "module": "Cases", "id": found[0], "values": { "status": "On Hold" } });
    wire.call("update_record", other).await;
    bed.forget().await;
    let told = wire
        .call("confirm_write", json!({ "token": text(&shown, "token") }))
        .await;
    assert!(text(&told, "error").contains("changed meanwhile"), "{told:#}");
    assert_eq!(writes(&bed).await, Vec::<String>::new());
}
