//! Acts of which nobody knows whether they happened: whoever is asked about the next one is told, on every way and under every
//! policy, and nothing else is held up by them.

use serde_json::json;
use zoho_mcp::config::Writes;

use super::several::{agreed, open_cases};
use super::{asked, bed, client, ended, field, open_case, reply, silent, text, writes};
use crate::bed::Wire;

fn lead(name: &str) -> serde_json::Value {
    json!({ "module": "Leads", "values": { "Last_Name": name, "Company": "Lumen & Pine" } })
}

/// A draft may be saved twice where nobody knows of the first: a person says so, also where drafts need nobody.
#[tokio::test]
async fn a_doubt_is_no_matter_of_the_policy() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Draft).await;
    let (id, _) = open_case(&mut wire).await;
    let path = format!("/api/v1/tickets/{id}/draftReply");
    bed.admin(json!({ "faults": [{ "kind": "reset", "path": path, "count": 1 }] }))
        .await;
    let draft = |text: &str| json!({ "id": id, "content": text });
    let told = wire.call("draft_reply", draft("We look into it.")).await;
    assert_eq!(told["code"], "outcome_unknown", "{told:#}");
    let shown = wire.call("draft_reply", draft("We are looking into it.")).await;
    assert_eq!(shown["code"], "confirmation_needed", "{shown:#}");
    let waiting = bed.run(&["approve", "--json"]).succeeded();
    assert!(waiting[0]["notes"].to_string().contains("TWICE"), "{waiting:#}");
    assert!(waiting[0]["word"].is_string(), "a word is typed: {waiting:#}");
}

/// Once Zoho has had its time what came of an act is looked up, and the next one is not held up by it any more.
#[tokio::test]
async fn a_doubt_ends_where_looking_ends_it() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    bed.admin(json!({ "faults": [{ "kind": "reset", "path": "/crm/v8/Leads", "count": 1 }] }))
        .await;
    let told = wire.call("create_record", lead("Lantern")).await;
    assert_eq!(told["code"], "outcome_unknown", "{told:#}");
    bed.clock.advance(100);
    bed.set_clock(json!({ "advance_s": 100 })).await;
    let done = wire.call("create_record", lead("Lanterne")).await;
    assert!(done["code"].is_null(), "{done:#}");
}

/// Two acts at once of one assistant are two, and neither is a doubt of the other's.
#[tokio::test]
async fn what_is_under_way_is_no_doubt() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    let slow = json!({ "kind": "slow", "ms": 700, "path": format!("/api/v1/tickets/{id}/comments") });
    bed.admin(json!({ "faults": [slow] })).await;
    for (call, content) in [(7, "Asked the second level."), (8, "They call back tomorrow.")] {
        let comment = json!({ "id": id, "content": content });
        let request = json!({
            "jsonrpc": "2.0", "id": call, "method": "tools/call",
            "params": { "name": "add_comment", "arguments": comment }
        });
        wire.send(&request.to_string()).await;
    }
    let mut seen = 0;
    while seen < 2 {
        let message = wire.receive().await;
        if [json!(7), json!(8)].contains(&message["id"]) {
            let told = crate::bed::model_reads(&message);
            assert!(told["code"].is_null(), "{told:#}");
            seen += 1;
        }
    }
}

/// A blank more in a field is another value of it.
#[tokio::test]
async fn a_correction_of_blanks_is_sent() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    bed.forget().await;
    for description in ["if x:\n y", "if x:\n    y"] {
        let values = json!({ "description": description });
        let told = wire
            .call(
                "update_record",
                json!({ "module": "Cases", "id": id, "values": values }),
            )
            .await;
        assert!(
            told["code"].is_null() && told["already_done"].is_null(),
            "{told:#}"
        );
    }
    assert_eq!(writes(&bed).await.len(), 2);
}

/// Two moments are two entries; now is now, named or not.
#[tokio::test]
async fn two_moments_are_two_entries() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    bed.forget().await;
    let moment = |before: i64| {
        jiff::Timestamp::from_second(bed.clock.now() - before)
            .unwrap()
            .to_string()
    };
    for when in [moment(540), moment(60)] {
        let told = wire
            .call("log_time", json!({ "id": id, "minutes": 5, "when": when }))
            .await;
        assert!(
            told["already_done"].is_null() && told["code"].is_null(),
            "{told:#}"
        );
    }
    assert_eq!(writes(&bed).await.len(), 2);
}

/// A name that says yes or no is no word to agree by.
#[tokio::test]
async fn no_is_never_the_word_of_a_yes() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let made = wire.call("create_record", lead("No")).await;
    let id = text(&made["data"], "id");
    let told = wire.call("convert_lead", json!({ "id": id })).await;
    assert_eq!(told["code"], "confirmation_needed", "{told:#}");
    let waiting = bed.run(&["approve", "--json"]).succeeded();
    assert_eq!(waiting[0]["word"], id.as_str(), "{waiting:#}");
}

/// What was asked twice and agreed to twice is done once: the other yes goes with it.
#[tokio::test]
async fn a_yes_to_the_same_act_is_used_up_with_it() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Confirm).await;
    let (id, _) = open_case(&mut wire).await;
    let entry = json!({ "id": id, "minutes": 5 });
    for _ in 0..2 {
        wire.call("log_time", entry.clone()).await;
    }
    let waiting = bed.run(&["approve", "--json"]).succeeded();
    assert_eq!(waiting.as_array().unwrap().len(), 1, "asked once: {waiting:#}");
    bed.sql("UPDATE writes SET state = 'approved'").await;
    let done = wire.call("log_time", entry.clone()).await;
    assert!(done["write"]["id"].is_string(), "{done:#}");
    bed.forget().await;
    let mut again = entry;
    again["repeat"] = json!(true);
    let shown = wire.call("log_time", again).await;
    assert_eq!(shown["code"], "confirmation_needed", "{shown:#}");
    assert_eq!(writes(&bed).await, Vec::<String>::new());
}

/// Letters alone do not tell tags apart: C# is not C++.
#[tokio::test]
async fn a_lost_tag_is_known_by_all_of_its_name() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let found = wire
        .call(
            "get_records",
            json!({ "module": "Leads", "limit": 1, "fields": ["id"] }),
        )
        .await;
    let id = text(&found["data"][0], "id");
    let tag = |name: &str| json!({ "module": "Leads", "id": id, "tags": [name] });
    wire.call("tag_records", tag("C#")).await;
    let path = format!("/crm/v8/Leads/{id}/actions/add_tags");
    bed.admin(json!({ "faults": [{ "kind": "reset", "path": path, "count": 1 }] }))
        .await;
    let told = wire.call("tag_records", tag("C++")).await;
    assert_eq!(told["code"], "outcome_unknown", "{told:#}");
}

/// Zoho may have got as far as the record that it refused: what was changed is told, and can be taken back.
#[tokio::test]
async fn what_a_refused_call_did_is_told() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    // A blueprint holds the last of them.
    let call = json!({ "ticket_numbers": ["113", "121", "124"], "status": "Closed" });
    let told = agreed(&mut wire, "update_cases", &call).await;
    assert_eq!(told["complete"], false, "{told:#}");
    assert_eq!(told["data"]["count"], 2, "{told:#}");
    assert_eq!(told["failed"].as_array().unwrap().len(), 1, "{told:#}");
    assert!(text(&told["failed"][0], "record").contains("#124"), "{told:#}");
    let status = async |wire: &mut Wire, number: &str| {
        let asked = json!({ "module": "Cases", "ticket_number": number, "fields": ["status"] });
        wire.call("get_record", asked).await["data"]["status"].clone()
    };
    let undo = json!({ "id": told["write"]["id"] });
    for (number, is_closed) in [("113", true), ("121", true), ("124", false)] {
        assert_eq!(status(&mut wire, number).await == "Closed", is_closed, "{number}");
    }
    let undone = agreed(&mut wire, "undo_write", &undo).await;
    assert!(undone["code"].is_null(), "{undone:#}");
    for number in ["113", "121"] {
        assert_ne!(status(&mut wire, number).await, "Closed", "{number}");
    }
}

/// A case that Zoho refuses keeps no other one back.
#[tokio::test]
async fn the_others_are_done_where_one_is_refused() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let cases = open_cases(&mut wire, 3).await;
    let body = json!({ "errorCode": "UNPROCESSABLE_ENTITY", "message": "A blueprint holds it." });
    let path = format!("/api/v1/tickets/{}", cases[0]);
    // It is read for the preview, and before it is sent.
    let fault = json!({ "kind": "answer", "path": path, "status": 422, "body": body, "every": 3 });
    bed.admin(json!({ "faults": [fault] })).await;
    let call = json!({ "ids": cases, "priority": "Low", "status": "On Hold" });
    let told = agreed(&mut wire, "update_cases", &call).await;
    bed.admin(json!({ "faults": [] })).await;
    assert_eq!(told["complete"], false, "{told:#}");
    assert_eq!(told["failed"].as_array().unwrap().len(), 1, "{told:#}");
    for case in &cases[1..] {
        assert_eq!(field(&mut wire, case, "status").await, "On Hold", "{told:#}");
    }
}

/// A yes in time that the doubt overtook is told as that, and not as a client's own.
#[tokio::test]
async fn a_yes_that_a_doubt_overtook_is_told_so() {
    let bed = bed().await;
    let mut wire = client(&bed, Writes::Confirm, json!({ "elicitation": {} })).await;
    let (id, _) = open_case(&mut wire).await;
    let tag = |name: &str| json!({ "id": id, "tags": [name] });
    let question = asked(&mut wire, 7, "tag_records", &tag("third-level")).await;
    let path = format!("/api/v1/tickets/{id}/associateTag");
    bed.admin(json!({ "faults": [{ "kind": "reset", "path": path, "count": 1 }] }))
        .await;
    let lost = agreed(
        &mut silent(&bed, Writes::Confirm).await,
        "tag_records",
        &tag("second-level"),
    )
    .await;
    assert_eq!(lost["code"], "outcome_unknown", "{lost:#}");
    reply(&mut wire, &question, json!({ "action": "accept" })).await;
    let told = ended(&mut wire, 7).await;
    assert!(text(&told, "error").contains("twice"), "{told:#}");
}

/// An assignee that is given goes with the case, also where the case has them already.
#[tokio::test]
async fn an_assignee_who_is_given_stays_with_a_case_that_moves() {
    for tool in ["update_cases", "update_record"] {
        let bed = bed().await;
        let mut wire = silent(&bed, Writes::Trusted).await;
        let asked = json!({ "module": "Cases", "limit": 20, "filters": { "status": "Open" }, "fields": ["id", "departmentId", "assigneeId"] });
        let found = wire.call("get_records", asked).await;
        let rows = found["data"].as_array().unwrap();
        let case = rows.iter().find(|row| row["assigneeId"].is_string()).unwrap();
        let (id, agent) = (text(case, "id"), text(case, "assigneeId"));
        let other = rows
            .iter()
            .find(|row| row["departmentId"] != case["departmentId"]);
        let to = text(other.unwrap(), "departmentId");
        let call = match tool {
            "update_cases" => json!({ "ids": [id], "department": to, "assignee": agent }),
            _ => {
                json!({ "module": "Cases", "id": id, "values": { "departmentId": to, "assigneeId": agent } })
            }
        };
        let told = wire.call(tool, call).await;
        assert!(told["code"].is_null(), "{tool}: {told:#}");
        assert_eq!(field(&mut wire, &id, "departmentId").await, to.as_str());
        assert_eq!(
            field(&mut wire, &id, "assigneeId").await,
            agent.as_str(),
            "{tool}"
        );
    }
}

/// Cases that are there already lose nobody.
#[tokio::test]
async fn only_cases_that_move_lose_somebody() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Confirm).await;
    let asked = json!({ "module": "Cases", "limit": 20, "filters": { "status": "Open" }, "fields": ["id", "departmentId", "assigneeId"] });
    let found = wire.call("get_records", asked).await;
    let rows = found["data"].as_array().unwrap();
    let case = rows.iter().find(|row| row["assigneeId"].is_string()).unwrap();
    let call = json!({ "ids": [case["id"]], "department": case["departmentId"], "priority": "Low" });
    let shown = wire.call("update_cases", call).await;
    let preview = shown["preview"].to_string();
    assert!(
        preview.contains("Priority") && !preview.contains("loses") && !preview.contains("Owner"),
        "{shown:#}"
    );
}
