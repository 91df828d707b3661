//! What one tool shows, another takes: both texts of a picklist's values, the labels of related lists, rows of a query.

use serde_json::{Value, json};

use crate::bed::Bed;

/// Two values that people see under other texts, and one that is not in use any more (Fields Metadata API, v8:
/// `display_value`, `actual_value`, `type`; formie#2959).
fn lead_status() -> Value {
    let value = |shown: &str, actual: &str, kind: &str| json!({ "display_value": shown, "actual_value": actual, "reference_value": actual, "type": kind, "id": "1" });
    json!({ "fields": [{
        "id": "1", "api_name": "Lead_Status", "field_label": "Lead Status", "data_type": "picklist", "json_type": "string",
        "pick_list_values": [
            value("-None-", "-None-", "used"), value("Kontaktiert", "Contacted", "used"), value("Lost Lead", "Lost Lead", "used"),
            value("Alt", "Junk Lead", "unused")
        ]
    }] })
}

#[tokio::test]
async fn a_picklist_shows_and_takes_what_people_see_and_what_it_stands_for() {
    let bed = Bed::connected().await;
    let known = |status: Value| json!({ "module": "Leads", "filters": { "Lead_Status": status } });
    let mut wire = bed.client().await;
    let contacted = wire.call("count_records", known(json!("Contacted"))).await["count"].clone();
    let both = wire
        .call("count_records", known(json!(["Contacted", "Lost Lead"])))
        .await["count"]
        .clone();
    assert!(contacted.as_u64().unwrap() > 0 && both.as_u64() > contacted.as_u64());
    bed.admin(
        json!({ "faults": [{ "kind": "answer", "path": "/crm/v8/settings/fields", "body": lead_status() }] }),
    )
    .await;
    let mut wire = bed.client().await;
    let shown = wire
        .call(
            "get_fields",
            json!({ "module": "Leads", "fields": ["Lead Status"] }),
        )
        .await;
    let field = &shown["data"][0];
    assert_eq!(
        field["values"][1],
        json!({ "value": "Contacted", "shown_as": "Kontaktiert" }),
        "{shown:#}"
    );
    assert_eq!(field["values"][2], "Lost Lead", "{shown:#}");
    assert_eq!(
        field["unused_values"],
        json!([{ "value": "Junk Lead", "shown_as": "Alt" }]),
        "{shown:#}"
    );
    for (status, count) in [
        (json!("Kontaktiert"), &contacted),
        (json!(["Kontaktiert", "Lost Lead"]), &both),
    ] {
        let mut cold = bed.client().await;
        let answer = cold.call("count_records", known(status.clone())).await;
        assert_eq!(&answer["count"], count, "{status}: {answer:#}");
        assert_eq!(
            answer["repairs"][0]["rule"], "picklist_value",
            "{status}: {answer:#}"
        );
    }
}

#[tokio::test]
async fn a_related_list_of_crm_is_called_by_its_label_and_a_name_nobody_knows_lists_them() {
    let (bed, mut wire) = Bed::warm(&[]).await;
    let account = wire
        .call(
            "get_records",
            json!({ "module": "Accounts", "app_type": "crm", "limit": 1 }),
        )
        .await["data"][0]["id"]
        .clone();
    let lists = json!({ "related_lists": [
        { "id": "1", "api_name": "Contacts", "display_label": "Ansprechpartner & Kollegen", "name": "Contacts", "type": "related_list", "status": "visible" },
        { "id": "2", "api_name": "Deals", "display_label": "Deals", "name": "Deals", "type": "related_list", "status": "visible" }
    ] });
    let asked =
        |related: &str| json!({ "module": "Accounts", "app_type": "crm", "id": account, "related": related });
    let right = wire.call("get_related_records", asked("Contacts")).await;
    bed.admin(
        json!({ "faults": [{ "kind": "answer", "path": "/crm/v8/settings/related_lists", "body": lists }] }),
    )
    .await;
    let labelled = wire
        .call("get_related_records", asked("Ansprechpartner & Kollegen"))
        .await;
    assert_eq!(
        (&labelled["data"], &labelled["related"]),
        (&right["data"], &json!("Contacts")),
        "{labelled:#}"
    );
    assert_eq!(labelled["repairs"][0]["rule"], "related_list", "{labelled:#}");
    for unknown in ["Members", "Mitglieder und Gäste"] {
        let refused = wire.call("get_related_records", asked(unknown)).await;
        assert_eq!(refused["code"], "invalid_arguments", "{refused:#}");
        assert!(refused["next"].as_str().unwrap().contains("Deals"), "{refused:#}");
    }
}

#[tokio::test]
async fn rows_of_a_query_that_carry_an_id_lead_to_their_record() {
    let (_bed, mut wire) = Bed::warm(&[]).await;
    for (query, tab) in [
        (
            "select Last_Name from Leads where id is not null limit 2",
            "/tab/Leads/",
        ),
        (
            "select Deal_Name from Deals where (Amount > 1) and Stage is not null limit 2",
            "/tab/Potentials/",
        ),
        (
            "select Name from Subscriptions where id is not null limit 2",
            "/tab/CustomModule1/",
        ),
    ] {
        let answer = wire.call("run_coql_query", json!({ "query": query })).await;
        assert_eq!(answer["count"], 2, "{answer:#}");
        for row in answer["data"].as_array().unwrap() {
            let link = row["link"].as_str().unwrap_or_else(|| panic!("{answer:#}"));
            assert!(
                link.contains(tab) && link.ends_with(row["id"].as_str().unwrap()),
                "{answer:#}"
            );
        }
        let table = wire
            .call("run_coql_query", json!({ "query": query, "format": "table" }))
            .await;
        assert!(
            table["data"]["link"]
                .as_str()
                .is_some_and(|link| link.contains(tab)),
            "{table:#}"
        );
    }
    let counted =
        "select Lead_Status, COUNT(id) as number from Leads where id is not null group by Lead_Status";
    let answer = wire.call("run_coql_query", json!({ "query": counted })).await;
    assert!(answer["data"][0]["number"].as_u64() > Some(0), "{answer:#}");
    assert!(answer["data"][0].get("link").is_none(), "{answer:#}");
}

#[tokio::test]
async fn a_broken_quote_is_told_where_it_breaks_before_zoho_is_asked() {
    let (bed, mut wire) = Bed::warm(&[]).await;
    for query in [
        "select Last_Name from Leads where Last_Name = 'the dogs' owner'",
        "select Last_Name from Leads where Last_Name = 'a'or City = 'b'",
        "select Last_Name from Leads where (Last_Name = 'O'Brien' or Last_Name = 'D' Arcy')",
        "select Last_Name from Leads where Last_Name = 'Brien",
    ] {
        let answer = wire.call("run_coql_query", json!({ "query": query })).await;
        assert_eq!(answer["problems"][0]["path"], "/query", "{answer:#}");
        assert!(
            answer["next"].as_str().unwrap().contains("O''Brien"),
            "{answer:#}"
        );
        assert!(
            !bed.seen().await.iter().any(|line| line.contains("coql")),
            "{query}"
        );
    }
    let right = "select Last_Name from Leads where Last_Name = 'O''Brien'";
    let answer = wire.call("run_coql_query", json!({ "query": right })).await;
    assert!(answer["error"].is_null(), "{answer:#}");
    let answer = wire
        .call(
            "run_coql_query",
            json!({ "query": "select Last_Name from Leads where where" }),
        )
        .await;
    assert!(
        answer["next"].as_str().unwrap().contains("select Field"),
        "{answer:#}"
    );
}

#[tokio::test]
async fn the_status_tells_the_environment() {
    let bed = Bed::empty(zoho_mcp::sandbox::Options::default()).await;
    for environment in ["production", "sandbox", "developer"] {
        bed.run(&["connect", "--environment", environment]).succeeded();
        let status = bed.client().await.call("get_connection_status", json!({})).await;
        assert_eq!(status["data"][0]["environment"], environment, "{status:#}");
    }
}

/// A value that is called as people ask for records without one is that value, where the list has it.
#[tokio::test]
async fn a_value_called_empty_is_asked_for() {
    let bed = Bed::connected().await;
    let value = |text: &str| json!({ "display_value": text, "actual_value": text, "reference_value": text, "type": "used", "id": "1" });
    let body = json!({ "fields": [{
        "id": "1", "api_name": "Lead_Status", "field_label": "Lead Status", "data_type": "picklist", "json_type": "string",
        "pick_list_values": [value("Empty"), value("Not Empty"), value("Contacted")]
    }] });
    bed.admin(json!({ "faults": [{ "kind": "answer", "path": "/crm/v8/settings/fields", "body": body }] }))
        .await;
    let mut wire = bed.client().await;
    for (status, criteria) in [
        (json!("Empty"), "Lead_Status%3Aequals%3AEmpty"),
        // What is left out is counted, and taken from all.
        (json!({ "not": "empty" }), "Lead_Status%3Aequals%3AEmpty"),
        (
            json!(["Not Empty", "Contacted"]),
            "Lead_Status%3Ain%3ANot+Empty%2CContacted",
        ),
        (
            json!({ "in": ["Not Empty", "Contacted"] }),
            "Lead_Status%3Ain%3ANot+Empty%2CContacted",
        ),
    ] {
        let call = json!({ "module": "Leads", "filters": { "Lead_Status": status } });
        let answer = wire.call("count_records", call).await;
        let seen = bed.seen().await.pop().unwrap();
        assert_eq!(
            answer["repairs"][0]["rule"], "own_value",
            "{status}: {seen} {answer:#}"
        );
        assert!(seen.contains(criteria), "{status}: {seen}");
    }
    // Where it has none, none is meant.
    bed.admin(json!({ "faults": [] })).await;
    let mut wire = bed.client().await;
    let call = json!({ "module": "Leads", "filters": { "Lead_Status": "Empty" } });
    let answer = wire.call("count_records", call).await;
    let none = json!({ "module": "Leads", "filters": { "Lead_Status": null } });
    let none = wire.call("count_records", none).await;
    assert!(answer["count"].is_u64(), "{answer:#}");
    assert_eq!(answer["count"], none["count"], "{answer:#}");
    assert!(
        answer["notes"].to_string().contains("looked through"),
        "{answer:#}"
    );
}
