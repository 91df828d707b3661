//! `x-ref`: names, e-mail addresses and `me` where a tool file wants an id.

use serde_json::{Value, json};
use zoho_mcp::tools::Answer;
use zoho_mcp::tools::handlers::Handler;

use crate::bed::{Bed, Wire};

const ECHO: &[Handler] = &[("echo", |context| {
    let answer = Answer::default().with("data", context.arguments.arguments().clone());
    Box::pin(std::future::ready(Ok(answer)))
})];

fn file(name: &str, read: bool) -> String {
    let id = |kind: &str| json!({ "type": "string", "pattern": "^[0-9]{1,20}$", "x-ref": kind });
    json!({
        "name": name, "title": "T", "description": "D", "operation": { "handler": "echo", "effect": if read { "read" } else { "change" } },
        "annotations": { "readOnlyHint": read, "destructiveHint": false, "idempotentHint": read, "openWorldHint": true },
        "inputSchema": {
            "type": "object", "additionalProperties": false,
            "properties": {
                "agent_id": id("agent"), "department_id": id("department"), "team_id": id("team"), "contact_id": id("contact"),
                "account_id": id("account"), "user_id": id("user"), "where": {
                    "type": "object", "additionalProperties": false, "properties": { "agent_id": id("agents") }
                },
                "connection": { "type": "string" }
            }
        }
    })
    .to_string()
}

async fn served(bed: &Bed) -> Wire {
    let (find, change) = (file("find_things", true), file("change_thing", false));
    let files = [
        ("test/find_things.json", find.as_str()),
        ("test/change_thing.json", change.as_str()),
    ];
    Wire::start(bed.tools_of(&files, ECHO, &bed.clock)).await
}

/// One record of a Desk module, by the real tools.
async fn first(bed: &Bed, module: &str) -> Value {
    let mut wire = bed.client().await;
    wire.call("get_records", json!({ "module": module, "limit": 1 }))
        .await["data"][0]
        .clone()
}

#[tokio::test]
async fn a_read_takes_names_and_tells_whose_ids_they_became() {
    let bed = Bed::connected().await;
    let agent = first(&bed, "Agents").await;
    let department = first(&bed, "Departments").await;
    let account = first(&bed, "Accounts").await;
    let contact = first(&bed, "Contacts").await;
    let mut wire = served(&bed).await;
    for (key, text, id) in [
        ("agent_id", &agent["emailId"], &agent["id"]),
        ("department_id", &department["name"], &department["id"]),
        ("account_id", &account["accountName"], &account["id"]),
        ("contact_id", &contact["email"], &contact["id"]),
    ] {
        let answer = wire.call("find_things", json!({ key: text })).await;
        assert_eq!(answer["data"][key], *id, "{key} {text}: {answer:#}");
        let told = &answer["repairs"][0];
        assert_eq!(
            (&told["path"], &told["rule"]),
            (&json!(format!("/{key}")), &json!("reference"))
        );
        assert_eq!(told["from"], *text);
    }
    let nested = wire
        .call(
            "find_things",
            json!({ "where": { "agent_id": agent["emailId"] } }),
        )
        .await;
    assert_eq!(nested["data"]["where"]["agent_id"], agent["id"], "{nested:#}");
    for key in ["agent_id", "user_id"] {
        let answer = wire.call("find_things", json!({ key: "me" })).await;
        let id = answer["data"][key].as_str().unwrap_or_default();
        assert!(
            !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()),
            "{answer:#}"
        );
    }
}

#[tokio::test]
async fn a_read_is_refused_when_nobody_is_called_so() {
    let bed = Bed::connected().await;
    let mut wire = served(&bed).await;
    let answer = wire
        .call("find_things", json!({ "agent_id": "Nobody At All" }))
        .await;
    assert_eq!(answer["code"], "invalid_arguments", "{answer:#}");
    assert_eq!(answer["problems"][0]["path"], "/agent_id", "{answer:#}");
}

#[tokio::test]
async fn a_write_is_refused_and_offered_the_id() {
    let bed = Bed::connected().await;
    let agent = first(&bed, "Agents").await;
    let mut wire = served(&bed).await;
    let asked = json!({ "agent_id": agent["emailId"], "team_id": "12" });
    let answer = wire.call("change_thing", asked).await;
    assert_eq!(answer["code"], "invalid_arguments", "{answer:#}");
    let problem = &answer["problems"][0];
    assert_eq!(problem["path"], "/agent_id", "{answer:#}");
    let offered = problem["suggestion"].as_str().unwrap_or_default();
    assert!(offered.contains(agent["id"].as_str().unwrap()), "{answer:#}");
    let nobody = wire
        .call("change_thing", json!({ "agent_id": "Nobody At All" }))
        .await;
    assert_eq!(nobody["code"], "invalid_arguments", "{nobody:#}");
    assert!(nobody["problems"][0]["suggestion"].is_null(), "{nobody:#}");
}

#[tokio::test]
async fn a_write_without_a_connection_is_refused_for_its_argument() {
    let bed = Bed::empty(zoho_mcp::sandbox::Options::default()).await;
    let mut wire = served(&bed).await;
    let answer = wire.call("change_thing", json!({ "agent_id": "me" })).await;
    assert_eq!(answer["code"], "invalid_arguments", "{answer:#}");
}

/// Who or what an id in a condition is an id of can be called by name, whichever tool and module is asked.
#[tokio::test]
async fn every_id_in_a_condition_takes_a_name() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(crate::exports::tools(&bed).await).await;
    let tools = ["count_records", "get_records", "search_records", "export_records"];
    let mut call = async |tool: &str, filters: &Value| {
        let call = json!({ "module": "Cases", "app_type": "desk", "filters": filters });
        let answer = wire.call(tool, call).await;
        let count = answer["count"].as_u64().or(answer["data"]["records"].as_u64());
        let repair = answer.pointer("/repairs/0").cloned().unwrap_or_default();
        (count, repair, answer)
    };
    for (field, name) in [
        ("accountId", "Fjordlys Energi AS"),
        ("productId", "beacon sensor"),
        ("departmentId", "Billing"),
        ("assigneeId", "Noor van Dijk"),
        ("viewId", "Open Cases"),
    ] {
        for tool in tools {
            let by_name = json!({ field: name });
            let (count, repair, answer) = call(tool, &by_name).await;
            assert!(count > Some(0), "{tool} {by_name}: {answer:#}");
            assert_eq!(repair["rule"], "reference", "{tool} {by_name}: {answer:#}");
            let id = repair["to"].as_str().unwrap().split(' ').next().unwrap();
            let (same, _, answer) = call(tool, &json!({ field: id })).await;
            assert_eq!(same, count, "{tool} {field}: {answer:#}");
        }
    }
    let several = json!({ "productId": ["Beacon Sensor", null] });
    let (both, _, answer) = call("count_records", &several).await;
    let (none, _, _) = call("count_records", &json!({ "productId": null })).await;
    let (one, _, _) = call("count_records", &json!({ "productId": "Beacon Sensor" })).await;
    assert_eq!(both, Some(none.unwrap() + one.unwrap()), "{answer:#}");
    for tool in tools {
        let (_, _, told) = call(tool, &json!({ "layoutId": "Standard" })).await;
        assert_eq!(told["code"], "invalid_arguments", "{tool}: {told:#}");
        assert!(
            told["next"].as_str().unwrap().contains("`layoutId` in `fields`"),
            "{told:#}"
        );
    }
    let (escalated, _, answer) = call("count_records", &json!({ "isEscalated": true })).await;
    let (others, _, _) = call("count_records", &json!({ "isEscalated": { "not": true } })).await;
    let (all, _, _) = call("count_records", &json!({})).await;
    assert!(escalated > Some(0), "{answer:#}");
    assert_eq!(Some(escalated.unwrap() + others.unwrap()), all);
    for tool in &tools[1..] {
        let (rows, _, answer) = call(tool, &json!({ "isEscalated": true })).await;
        assert!(rows > Some(0) && rows <= escalated, "{tool}: {answer:#}");
    }
}
