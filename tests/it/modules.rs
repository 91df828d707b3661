//! Modules no file describes, and the fields of all: found by label, checked before records are asked for, remembered.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::bed::Bed;

#[tokio::test]
async fn a_warm_list_of_any_module_is_one_call() {
    let (bed, mut wire) = Bed::warm(&[("desk", "Contacts"), ("crm", "Contacts")]).await;
    for arguments in [
        json!({ "module": "Cases", "limit": 2, "fields": ["subject", "ticketNumber"], "filters": { "status": "Open" } }),
        json!({ "module": "Cases", "limit": 2, "fields": ["subject", "Severity"], "filters": { "status": "Open" } }),
        json!({ "module": "Service vehicles", "limit": 2, "filters": { "Fuel": "Diesel" } }),
        json!({ "module": "Activities", "limit": 2 }),
        json!({ "module": "Subscriptions", "app_type": "crm", "limit": 2 }),
        json!({ "module": "Deals", "limit": 2, "fields": ["Deal Name", "Probability (%)"] }),
    ] {
        wire.call("get_records", arguments.clone()).await;
        bed.forget().await;
        let answer = wire.call("get_records", arguments.clone()).await;
        assert_eq!(answer["count"], 2, "{answer:#}");
        // What no `include` names, one look-up of each kind names for all of a page.
        let mut seen = bed.seen().await;
        seen.retain(|line| !line.contains("ByIds?"));
        assert_eq!(seen.len(), 1, "{arguments}: {seen:#?}");
    }
}

#[tokio::test]
async fn a_custom_module_of_desk_is_walked_to_its_end() {
    let (_bed, mut wire) = Bed::warm(&[("desk", "Contacts"), ("crm", "Contacts")]).await;
    let mut arguments = json!({ "module": "cm_service_vehicles", "limit": 4, "fields": ["name", "Plate"] });
    let (mut ids, mut rows) = (BTreeSet::new(), 0);
    loop {
        let page = wire.call("get_records", arguments.clone()).await;
        for row in page["data"].as_array().unwrap() {
            assert!(row["cf_plate"].is_string(), "{row:#}");
            ids.insert(row["id"].as_str().unwrap().to_owned());
            rows += 1;
        }
        match page["next_cursor"].as_str() {
            Some(cursor) => arguments["cursor"] = json!(cursor),
            None => break,
        }
    }
    let counted = wire
        .call("count_records", json!({ "module": "cm_service_vehicles" }))
        .await;
    assert_eq!((ids.len(), rows), (14, 14));
    assert_eq!(counted["count"], 14);
}

#[tokio::test]
async fn the_label_get_modules_reports_is_a_name() {
    let (_bed, mut wire) = Bed::warm(&[("desk", "Contacts"), ("crm", "Contacts")]).await;
    for app in ["desk", "crm"] {
        let listed = wire.call("get_modules", json!({ "app_type": app })).await;
        let custom: Vec<&Value> = listed["data"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|module| module["custom"] == true)
            .collect();
        assert!(!custom.is_empty(), "{listed:#}");
        for module in custom {
            let asked = json!({ "module": module["label"], "app_type": app, "limit": 1 });
            let answer = wire.call("get_records", asked).await;
            assert_eq!(answer["module"], module["module"], "{answer:#}");
            assert_eq!(answer["count"], 1, "{answer:#}");
        }
    }
}

#[tokio::test]
async fn records_of_a_custom_crm_module_link_to_its_tab() {
    let (_bed, mut wire) = Bed::warm(&[("desk", "Contacts"), ("crm", "Contacts")]).await;
    let list = wire
        .call(
            "get_records",
            json!({ "module": "Subscriptions", "app_type": "crm", "limit": 1 }),
        )
        .await;
    let row = &list["data"][0];
    let asked = json!({ "module": "Subscriptions", "app_type": "crm", "id": row["id"], "fields": ["Plan"] });
    let one = wire.call("get_record", asked).await;
    for link in [&row["link"], &one["data"]["link"]] {
        let link = link.as_str().unwrap();
        assert!(link.contains("/tab/CustomModule1/"), "{link}");
    }
}

#[tokio::test]
async fn custom_fields_are_in_one_record_and_choosable_by_label() {
    let (_bed, mut wire) = Bed::warm(&[("desk", "Contacts"), ("crm", "Contacts")]).await;
    let list = json!({ "module": "Cases", "limit": 1, "fields": ["id"], "filters": { "Severity": "major" } });
    let found = wire.call("search_records", list).await;
    let id = found["data"][0]["id"].clone();
    let whole = wire
        .call("get_record", json!({ "module": "Cases", "id": id }))
        .await;
    assert_eq!(whole["data"]["cf"]["cf_severity"], "Major", "{whole:#}");
    let asked = json!({ "module": "Cases", "id": id, "fields": ["SEVERITY"] });
    let chosen = wire.call("get_record", asked).await;
    assert_eq!(chosen["data"]["cf_severity"], "Major", "{chosen:#}");
    let list = json!({ "module": "Leads", "limit": 1, "fields": ["Lead Source"], "sort_by": "Created Time" });
    let crm = wire.call("get_records", list).await;
    assert!(crm["data"][0]["Lead_Source"].is_string(), "{crm:#}");
    assert_eq!(
        (&crm["count"], &crm["repairs"][0]["to"]),
        (&json!(1), &json!("Lead_Source")),
        "{crm:#}"
    );
}

#[tokio::test]
async fn values_are_put_right_only_from_what_is_remembered() {
    let (bed, mut wire) = Bed::warm(&[("desk", "Contacts"), ("crm", "Contacts")]).await;
    let asked = json!({ "module": "Cases", "limit": 1, "filters": { "priority": "hIGH" } });
    let cold = wire.call("get_records", asked.clone()).await;
    assert!(cold["repairs"].is_null(), "{cold:#}");
    assert_eq!(bed.seen().await.len(), 1);
    wire.call(
        "get_records",
        json!({ "module": "Cases", "limit": 1, "fields": ["Severity"] }),
    )
    .await;
    let known = wire.call("get_records", asked).await;
    assert_eq!(known["repairs"][0]["rule"], "picklist_value", "{known:#}");
    assert_eq!(known["repairs"][0]["to"], "High", "{known:#}");
    let odd = json!({ "module": "Cases", "limit": 1, "filters": { "priority": ["High", "Whenever"] } });
    let odd = wire.call("get_records", odd).await;
    assert_eq!(odd["code"], "invalid_arguments", "{odd:#}");
    let told = odd["problems"].to_string();
    assert!(
        told.contains("Whenever") && told.contains("Low, Medium, High"),
        "{odd:#}"
    );
}

#[tokio::test]
async fn a_connection_that_may_not_read_settings_still_reads_records() {
    let bed = Bed::empty(Default::default()).await;
    bed.connect_with_scopes(crate::bed::USER, &["Desk.tickets.READ", "ZohoCRM.modules.ALL"])
        .await;
    let mut wire = bed.client().await;
    let asked = json!({ "module": "Leads", "limit": 1, "fields": ["Last_Name", "Lead_Source"] });
    let answer = wire.call("get_records", asked).await;
    assert_eq!(answer["count"], 1, "{answer:#}");
    let asked = json!({ "module": "Subscriptions", "app_type": "crm", "limit": 1 });
    let answer = wire.call("get_records", asked).await;
    assert_eq!(answer["count"], 1, "{answer:#}");
}

#[tokio::test]
async fn more_fields_than_zoho_takes_are_refused_not_dropped() {
    let (bed, mut wire) = Bed::warm(&[("desk", "Contacts"), ("crm", "Contacts")]).await;
    let many: Vec<String> = (0..60).map(|number| format!("Account_Name.F{number}")).collect();
    let asked = json!({ "module": "Deals", "limit": 1, "fields": many });
    let answer = wire.call("get_records", asked).await;
    assert_eq!(answer["code"], "invalid_arguments", "{answer:#}");
    assert_eq!(answer["problems"][0]["path"], "/fields", "{answer:#}");
    assert!(bed.seen().await.is_empty());
}

/// What a list does not carry is said: subforms never are in one (isotopo/zoho#25), `lastThread` only in Desk's list rows.
#[tokio::test]
async fn fields_that_the_rows_do_not_carry_are_told() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let since = json!({ "createdTime": { "from": "2026-01-01" } });
    for (arguments, told) in [
        (
            json!({ "module": "Quotes", "fields": ["Subject", "Quoted_Items"] }),
            "`Quoted_Items`, a subform",
        ),
        (
            json!({ "module": "Cases", "fields": ["subject", "lastThread"], "filters": since }),
            "No search shows lastThread: get_records does",
        ),
    ] {
        let answer = wire.call("get_records", arguments).await;
        assert!(answer["count"].as_u64().unwrap() > 0, "{answer:#}");
        assert!(answer["notes"].to_string().contains(told), "{answer:#}");
        // Once.
        let name = told
            .split(['`', ' ', ':'])
            .find(|word| ["Quoted_Items", "lastThread"].contains(word));
        let notes = answer["notes"].to_string();
        assert_eq!(notes.matches(name.unwrap()).count(), 1, "{answer:#}");
    }
}

/// Related records that lists include and searches do not (Zoho Desk, searchTickets): their ids are in every row, and one
/// call names them.
#[tokio::test]
async fn what_a_search_does_not_include_is_had_by_its_id() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let mut asked = json!({ "module": "Cases", "query": "printer", "limit": 50, "fields": ["subject", "product", "team"] });
    let told = wire.call("search_records", asked.clone()).await;
    let way =
        "`productId`, `teamId` in `fields` shows the id, get_records of the module Products, Teams the name";
    assert!(told["notes"].to_string().contains(way), "{told:#}");
    asked["fields"] = json!(["subject", "productId", "teamId"]);
    let found = wire.call("search_records", asked).await;
    for (field, module) in [("productId", "Products"), ("teamId", "Teams")] {
        let rows = found["data"].as_array().unwrap();
        let wanted: Vec<&str> = rows.iter().filter_map(|row| row[field].as_str()).collect();
        let listed = wire
            .call("get_records", json!({ "module": module, "limit": 99 }))
            .await;
        let listed = crate::bed::ids(&listed);
        assert!(!wanted.is_empty(), "{found:#}");
        assert!(
            wanted.iter().all(|id| listed.contains(&(*id).to_owned())),
            "{module} {wanted:?}"
        );
    }
}

#[tokio::test]
async fn a_field_nobody_knows_is_an_error_where_fields_are_listed_too() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (module, app, known) in [("Leads", "crm", "Last_Name"), ("Cases", "desk", "subject")] {
        let arguments = json!({ "module": module, "app_type": app, "fields": [known, "Hair colour"] });
        let answer = wire.call("get_fields", arguments).await;
        assert_eq!(answer["code"], "invalid_arguments", "{answer:#}");
        assert_eq!(answer["problems"][0]["path"], "/fields/1", "{answer:#}");
        let one = json!({ "module": module, "app_type": app, "fields": [known] });
        assert_eq!(wire.call("get_fields", one).await["count"], 1);
    }
}

/// Layouts differ in what must be given: where nobody knows whether there are several, that is told.
#[tokio::test]
async fn layouts_that_cannot_be_read_are_told() {
    let bed = Bed::connected().await;
    for (path, body, call) in [
        (
            "/api/v1/layouts",
            json!({ "data": [{ "errorCode": "SPOILT", "message": "no" }] }),
            json!({ "module": "Cases" }),
        ),
        (
            "/crm/v8/settings/layouts",
            json!({ "layouts": [null] }),
            json!({ "module": "Leads", "app_type": "crm" }),
        ),
    ] {
        let mut wire = bed.client().await;
        bed.admin(json!({ "faults": [{ "kind": "answer", "path": path, "body": body }] }))
            .await;
        let answer = wire.call("get_fields", call).await;
        bed.admin(json!({ "faults": [] })).await;
        assert!(answer["count"].as_u64() > Some(5), "{answer:#}");
        let notes = answer["notes"].to_string();
        assert!(
            notes.contains("Zoho's list of layouts could not be read"),
            "{notes}"
        );
    }
}
