//! What is put beside a record and taken away again: notes, times, tags, followers; and what a lead or a state becomes.

use serde_json::{Value, json};
use zoho_mcp::config::Writes;

use super::{asked, bed, client, ended, field, open_case, reply, silent, text, writes};
use crate::bed::Wire;

async fn related(wire: &mut Wire, module: &str, id: &str, list: &str) -> String {
    let asked = json!({ "module": module, "id": id, "related": list, "limit": 50 });
    wire.call("get_related_records", asked).await.to_string()
}

async fn undone(wire: &mut Wire, done: &Value) -> Value {
    assert!(done["code"].is_null(), "{done:#}");
    let told = wire
        .call("undo_write", json!({ "id": done["write"]["id"] }))
        .await;
    assert!(told["code"].is_null(), "{told:#}");
    told
}

async fn lead(wire: &mut Wire) -> String {
    let found = wire
        .call("get_records", json!({ "module": "Leads", "limit": 1 }))
        .await;
    text(&found["data"][0], "id")
}

#[tokio::test]
async fn a_note_hangs_on_its_record_until_it_is_taken_back() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Confirm).await;
    let lead = lead(&mut wire).await;
    let note = json!({ "module": "Leads", "id": lead, "content": "Met at the fair.", "title": "Fair" });
    let done = wire.call("add_note", note).await;
    assert!(
        related(&mut wire, "Leads", &lead, "Notes")
            .await
            .contains("Met at the fair.")
    );
    undone(&mut wire, &done).await;
    assert!(
        !related(&mut wire, "Leads", &lead, "Notes")
            .await
            .contains("Met at the fair.")
    );
}

#[tokio::test]
async fn time_on_a_case_is_logged_and_taken_back() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    let spent = json!({ "id": id, "minutes": 75, "description": "Read the log of the gateway." });
    let done = wire.call("log_time", spent).await;
    let there = related(&mut wire, "Cases", &id, "time_entries").await;
    assert!(there.contains("Read the log of the gateway."), "{there} {done:#}");
    undone(&mut wire, &done).await;
    let there = related(&mut wire, "Cases", &id, "time_entries").await;
    assert!(!there.contains("Read the log of the gateway."), "{there}");
}

/// Only what was not there is added, and only that is taken back.
#[tokio::test]
async fn tags_are_put_on_and_taken_off() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    wire.call("tag_records", json!({ "id": id, "tags": ["proxy"] }))
        .await;
    let done = wire
        .call("tag_records", json!({ "id": id, "tags": ["Proxy", "gateway"] }))
        .await;
    assert_eq!(done["data"]["changes"], json!(["+ tag: gateway"]), "{done:#}");
    undone(&mut wire, &done).await;
    let tags = wire
        .call(
            "tag_records",
            json!({ "id": id, "tags": ["proxy"], "repeat": true }),
        )
        .await;
    assert_eq!(tags["data"]["tags"], json!(["proxy"]), "{tags:#}");
    let lead = lead(&mut wire).await;
    let tag = |name: &str| json!({ "module": "Leads", "id": lead, "tags": [name] });
    let done = wire.call("tag_records", tag("Fair 2026")).await;
    let shown = json!({ "module": "Leads", "id": lead, "fields": ["Tag"] });
    let there = wire.call("get_record", shown.clone()).await.to_string();
    assert!(there.contains("Fair 2026"), "{there} {done:#}");
    undone(&mut wire, &done).await;
    let there = wire.call("get_record", shown).await.to_string();
    assert!(!there.contains("Fair 2026"), "{there}");
}

#[tokio::test]
async fn agents_follow_a_case_and_stop() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    let done = wire.call("follow", json!({ "id": id })).await;
    assert_eq!(field(&mut wire, &id, "followerCount").await, "1", "{done:#}");
    let same = wire.call("follow", json!({ "id": id, "repeat": true })).await;
    assert_eq!(same["data"]["done"], "nothing", "{same:#}");
    undone(&mut wire, &done).await;
    assert_eq!(field(&mut wire, &id, "followerCount").await, "0");
}

/// A state that a blueprint holds goes on by a transition alone, which nothing takes back.
#[tokio::test]
async fn a_blueprint_is_gone_through_by_its_transitions() {
    let bed = bed().await;
    let mut wire = client(&bed, Writes::Trusted, json!({ "elicitation": {} })).await;
    let held = json!({ "module": "Cases", "ticket_number": "590" });
    let listed = wire.call("perform_transition", held.clone()).await;
    let id = text(&listed["data"], "id");
    assert_eq!(
        listed["data"]["transitions"].as_array().unwrap().len(),
        2,
        "{listed:#}"
    );
    bed.forget().await;
    let change = json!({ "module": "Cases", "id": id, "values": { "status": "Escalated" } });
    let refused = wire.call("update_record", change).await;
    assert!(
        text(&refused, "next").contains("\"Hand over to second level\" (to Escalated)"),
        "{refused:#}"
    );
    assert_eq!(writes(&bed).await, Vec::<String>::new());
    let mut handed = held;
    handed["transition"] = json!("hand over to second level");
    let question = asked(&mut wire, 7, "perform_transition", &handed).await;
    let message = text(&question["params"], "message");
    assert!(
        message.contains("- Status: Open\n+ Status: Escalated") && message.contains("CANNOT"),
        "{message}"
    );
    reply(
        &mut wire,
        &question,
        json!({ "action": "accept", "content": { "word": "590" } }),
    )
    .await;
    let done = ended(&mut wire, 7).await;
    assert!(done["code"].is_null(), "{done:#}");
    assert_eq!(field(&mut wire, &id, "status").await, "Escalated");
}

/// A solution is handed in for review with what the transition asks for.
#[tokio::test]
async fn a_blueprint_of_crm_takes_the_values_it_asks_for() {
    let bed = bed().await;
    let mut wire = client(&bed, Writes::Trusted, json!({ "elicitation": {} })).await;
    let draft =
        json!({ "module": "Solutions", "app_type": "crm", "filters": { "Status": "Draft" }, "limit": 1 });
    let id = text(&wire.call("get_records", draft).await["data"][0], "id");
    let handed = json!({
        "module": "Solutions", "app_type": "crm", "id": id, "transition": "Hand in for review", "values": { "answer": "Save it again." }
    });
    let question = asked(&mut wire, 7, "perform_transition", &handed).await;
    reply(
        &mut wire,
        &question,
        json!({ "action": "accept", "content": { "word": id } }),
    )
    .await;
    let done = ended(&mut wire, 7).await;
    assert!(done["code"].is_null(), "{done:#}");
    let shown = json!({ "module": "Solutions", "app_type": "crm", "id": id, "fields": ["Status", "Answer"] });
    let now = wire.call("get_record", shown).await["data"].clone();
    assert_eq!(
        (&now["Status"], &now["Answer"]),
        (&json!("Reviewed"), &json!("Save it again.")),
        "{now:#}"
    );
    let free = wire
        .call(
            "perform_transition",
            json!({ "module": "Solutions", "app_type": "crm", "id": id }),
        )
        .await;
    assert!(free["notes"].to_string().contains("No blueprint"), "{free:#}");
}

/// What a lead becomes is named before, and told with its ids after.
#[tokio::test]
async fn a_lead_becomes_what_was_shown() {
    let bed = bed().await;
    let mut wire = client(&bed, Writes::Trusted, json!({ "elicitation": {} })).await;
    let made = json!({
        "module": "Leads", "values": { "Last_Name": "Zyxlead", "First_Name": "Ida", "Company": "Zyx Works" }
    });
    let lead = text(&wire.call("create_record", made).await["data"], "id");
    let deal = json!({
        "Deal_Name": "Zyx: gauges", "Closing_Date": "2027-01-31", "Stage": "Qualification", "Pipeline": "Standard (Standard)"
    });
    let convert = json!({ "id": lead, "deal": deal });
    let question = asked(&mut wire, 7, "convert_lead", &convert).await;
    let message = text(&question["params"], "message");
    for part in [
        "+ contact: Ida Zyxlead (new)",
        "+ account: Zyx Works (new)",
        "Deal Name: Zyx: gauges",
        "CANNOT be taken back",
    ] {
        assert!(message.contains(part), "{part} is not in {message}");
    }
    reply(
        &mut wire,
        &question,
        json!({ "action": "accept", "content": { "word": "Zyxlead" } }),
    )
    .await;
    let done = ended(&mut wire, 7).await;
    let deal = text(&done["data"]["made"]["Deals"], "id");
    let found = wire
        .call(
            "get_record",
            json!({ "module": "Deals", "id": deal, "fields": ["Deal_Name", "Contact_Name"] }),
        )
        .await;
    assert_eq!(found["data"]["Deal_Name"], "Zyx: gauges", "{found:#}");
    assert!(found.to_string().contains("Ida Zyxlead"), "{found:#}");
    let again = wire
        .call("convert_lead", json!({ "id": lead, "repeat": true }))
        .await;
    assert!(text(&again, "error").contains("converted already"), "{again:#}");
}

/// What two tags were is shown of both when they are taken off again, and the moment an act is planned at makes no other of it.
#[tokio::test]
async fn all_that_is_taken_back_is_shown_and_one_act_is_one_at_any_moment() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, number) = open_case(&mut wire).await;
    let tags = json!({ "module": "Cases", "id": id, "tags": ["lantern", "harbor"] });
    let done = wire.call("tag_records", tags).await;
    let undone = wire
        .call("undo_write", json!({ "id": done["write"]["id"] }))
        .await;
    let changes = undone["data"]["changes"].to_string();
    assert!(
        changes.contains("lantern") && changes.contains("harbor"),
        "{undone:#}"
    );
    bed.forget().await;
    for named in [json!({ "id": id }), json!({ "ticket_number": number })] {
        let mut arguments = named;
        arguments["minutes"] = json!(15);
        wire.call("log_time", arguments).await;
    }
    assert_eq!(writes(&bed).await.len(), 1);
}
