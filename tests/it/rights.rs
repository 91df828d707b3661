//! Every tool as each of the sandbox's five people: what somebody has no right to is told as that, and by whom it is given.
//!
//! Who says so: Desk's API document (FORBIDDEN, LICENSE_ACCESS_LIMITED), CRM's of 2026 (NO_PERMISSION with the missing
//! permissions); the schema of modules of CRM's v8 (`viewable`).

use std::collections::BTreeSet;

use serde_json::{Value, json};
use zoho_mcp::sandbox::Options;
use zoho_mcp::server::Server;

use crate::bed::{Bed, Wire};
use crate::commands::finished;

/// The server as one of the sandbox's people.
async fn as_person(bed: &Bed, id: &str) -> Wire {
    let people = bed.get("/__sandbox/people").await;
    let people = people["people"].as_array().unwrap();
    let person = people.iter().find(|person| person["id"] == id).unwrap();
    let mut connect = bed.command(&["connect", "--yes", "--refresh-token-file", "-"]);
    connect.env("ZOHO_MCP_USER", id);
    finished(connect, person["refresh_token"].as_str().unwrap()).succeeded();
    Wire::start_as(id, Server::new(bed.tools(id).await)).await
}

/// A call of each tool that reads, in both products where it has both.
fn calls(case: &str, deal: &str) -> Vec<(&'static str, Value)> {
    let mut calls = vec![
        ("get_all_organizations", json!({})),
        ("get_connection_status", json!({})),
        ("get_modules", json!({})),
        ("get_ticket_context", json!({ "id": case })),
        ("get_record", json!({ "module": "Cases", "id": case })),
        (
            "get_record",
            json!({ "module": "Deals", "app_type": "crm", "id": deal }),
        ),
        (
            "get_related_records",
            json!({ "module": "Cases", "id": case, "related": "conversations" }),
        ),
        ("find_customer", json!({ "name": "Mori" })),
        (
            "run_coql_query",
            json!({ "query": "select Vendor_Name from Vendors where id is not null limit 2" }),
        ),
        (
            "get_attachment",
            json!({ "module": "Cases", "id": case, "attachment_id": "1" }),
        ),
    ];
    for (module, product) in [("Cases", "desk"), ("Vendors", "crm"), ("Deals", "crm")] {
        let of = json!({ "module": module, "app_type": product });
        let with = |key: &str, value: Value| {
            let mut arguments = of.clone();
            arguments[key] = value;
            arguments
        };
        calls.extend([
            ("get_records", with("limit", json!(1))),
            ("get_fields", of.clone()),
            ("get_views", of.clone()),
            ("count_records", of.clone()),
            ("search_records", with("query", json!("portal"))),
            ("export_records", with("filters", json!({}))),
        ]);
    }
    calls
}

#[tokio::test]
async fn what_is_refused_to_somebody_is_told_as_a_right_that_is_missing() {
    let bed = Bed::empty(Options::default()).await;
    let mut admin = as_person(&bed, "admin").await;
    let one = async |admin: &mut Wire, module: &str, product: &str| {
        let arguments = json!({ "module": module, "app_type": product, "limit": 1, "fields": ["id"] });
        let rows = admin.call("get_records", arguments).await;
        rows["data"][0]["id"].as_str().unwrap().to_owned()
    };
    let deal = one(&mut admin, "Deals", "crm").await;
    let support = json!({ "module": "Cases", "limit": 1, "filters": { "department": "Support" } });
    let support = admin.call("get_records", support).await;
    let case = support["data"][0]["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{support:#}"))
        .to_owned();
    let mut refused = BTreeSet::new();
    for person in ["admin", "agent", "light_agent", "standard", "read_only"] {
        let mut wire = as_person(&bed, person).await;
        for (tool, arguments) in calls(&case, &deal) {
            let answer = wire.call(tool, arguments.clone()).await;
            let (told, next) = (answer.to_string(), answer["next"].to_string());
            let about = format!("{person} {tool} {arguments}: {answer:#}");
            if answer["error"].to_string().contains("(403 ") {
                refused.insert((person, tool));
                assert!(next.contains("An administrator of Zoho can give it"), "{about}");
                assert!(!next.contains("Change what"), "{about}");
            }
            assert!(
                !next.contains("connections set-org"),
                "there is none to choose: {about}"
            );
            if person == "admin" {
                assert!(!told.contains("administrator"), "{about}");
            }
            let is_empty = answer["data"].as_array().is_some_and(Vec::is_empty) && answer["notes"].is_null();
            let found_none = matches!(tool, "search_records" | "export_records");
            assert!(!is_empty || found_none, "an empty list without a word: {about}");
        }
    }
    for known in [
        ("agent", "get_ticket_context"),
        ("light_agent", "get_record"),
        ("read_only", "get_records"),
        ("read_only", "run_coql_query"),
    ] {
        assert!(refused.contains(&known), "{known:?}: {refused:?}");
    }
}

#[tokio::test]
async fn modules_are_listed_as_far_as_they_can_be() {
    let bed = Bed::empty(Options::default()).await;
    let mut wire = as_person(&bed, "read_only").await;
    let answer = wire.call("get_modules", json!({})).await;
    assert_eq!(answer["app_type"], "crm", "{answer:#}");
    assert!(answer["count"].as_u64().unwrap() > 10, "{answer:#}");
    let notes = answer["notes"].to_string();
    for told in [
        "These are the modules of crm only",
        "no right to see records of: Vendors, Purchase_Orders",
    ] {
        assert!(notes.contains(told), "{told}: {answer:#}");
    }
    let closed = wire.call("get_modules", json!({ "app_type": "desk" })).await;
    assert_eq!(closed["code"], "choose_organization", "{closed:#}");
    assert!(
        closed["next"].to_string().contains("app_type:\\\"crm\\\""),
        "{closed:#}"
    );
    let mut agent = as_person(&bed, "agent").await;
    let closed = agent.call("get_modules", json!({ "app_type": "crm" })).await;
    assert!(
        closed["next"].to_string().contains("no user of Zoho crm"),
        "{closed:#}"
    );
    bed.admin(json!({ "faults": [{ "kind": "403", "path": "/api/v1/organizationModules" }] }))
        .await;
    let known = agent.call("get_modules", json!({ "app_type": "desk" })).await;
    assert!(known["data"].to_string().contains("Cases"), "{known:#}");
    assert!(
        known["notes"].to_string().contains("could not be read"),
        "{known:#}"
    );
}

/// Zoho leaves out what is hidden from somebody as it does what is empty: neither vanishes untold.
#[tokio::test]
async fn a_field_that_is_hidden_is_missed_aloud() {
    let bed = Bed::empty(Options::default()).await;
    let mut wire = as_person(&bed, "light_agent").await;
    let rows = wire
        .call(
            "get_records",
            json!({ "module": "Contacts", "app_type": "desk", "limit": 1 }),
        )
        .await;
    let id = &rows["data"][0]["id"];
    let asked =
        json!({ "module": "Contacts", "app_type": "desk", "id": id, "fields": ["lastName", "phone"] });
    let record = wire.call("get_record", asked).await;
    assert!(
        record["notes"]
            .to_string()
            .contains("Not in this record: phone. Empty, or not shown to this user."),
        "{record:#}"
    );
    let mut wire = as_person(&bed, "agent").await;
    let asked =
        json!({ "module": "Contacts", "app_type": "desk", "limit": 1, "fields": ["cf_customer_tier"] });
    let unknown = wire.call("get_records", asked).await;
    assert!(
        unknown["error"]
            .to_string()
            .contains("no field shown to this user"),
        "{unknown:#}"
    );
    let mut wire = as_person(&bed, "read_only").await;
    let listed =
        json!({ "module": "Deals", "app_type": "crm", "limit": 3, "fields": ["Deal_Name", "Amount"] });
    let listed = wire.call("get_records", listed).await;
    assert!(
        listed["notes"].to_string().contains("None of them shows Amount"),
        "{listed:#}"
    );
    let query = json!({ "query": "select Deal_Name, Amount from Deals where id is not null limit 2" });
    let query = wire.call("run_coql_query", query).await;
    assert!(
        query["next"]
            .to_string()
            .contains("`Amount` is not shown to this user"),
        "{query:#}"
    );
}

/// Desk's settings describe no fields of departments (OAS, getFields: its modules).
#[tokio::test]
async fn a_module_that_nobody_describes_is_not_one_without_fields() {
    let bed = Bed::connected().await;
    let asked = json!({ "module": "Departments", "app_type": "desk" });
    let answer = bed.client().await.call("get_fields", asked).await;
    assert!(
        answer["notes"].to_string().contains("describes no fields"),
        "{answer:#}"
    );
}

/// That hidden keys are missing is Zoho's way (Desk: field-level security drops them; CRM: `fields` lists what the user may
/// see). Assumed, as the sandbox has it: no search by them, and COQL takes them for unknown names.
#[tokio::test]
async fn a_field_that_is_hidden_is_told_as_that() {
    let bed = Bed::empty(Options::default()).await;
    let mut light = as_person(&bed, "light_agent").await;
    let nobody = light
        .call("find_customer", json!({ "phone": "+1 597 555 0165" }))
        .await;
    let notes = nobody["notes"].to_string();
    assert!(notes.contains("shows this person no phone numbers"), "{nobody:#}");
    let mut reader = as_person(&bed, "read_only").await;
    for more in [
        json!({ "sort_by": "Amount" }),
        json!({ "filters": { "Amount": { "from": 5 } } }),
    ] {
        let mut arguments = json!({ "module": "Deals", "app_type": "crm" });
        arguments
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let refused = reader.call("get_records", arguments).await;
        assert!(
            refused["next"].to_string().contains("is not shown to this user"),
            "{refused:#}"
        );
        assert!(!refused.to_string().contains("run_coql_query"), "{refused:#}");
    }
}

#[tokio::test]
async fn status_says_for_whom_and_for_which_departments() {
    let bed = Bed::empty(Options::default()).await;
    let mut light = as_person(&bed, "light_agent").await;
    let status = light
        .call("get_connection_status", json!({ "ask_zoho": true }))
        .await;
    let user = &status["data"][0]["desk_user"];
    assert_eq!(user["name"], "Claire Dubois", "{status:#}");
    assert_eq!(
        user["departments_only"],
        json!(["Logistics", "Partner Onboarding"]),
        "{status:#}"
    );
    let rows = light
        .call(
            "get_records",
            json!({ "module": "Cases", "filters": { "status": "Escalated" }, "limit": 90 }),
        )
        .await;
    assert!(
        rows["notes"]
            .to_string()
            .contains("Logistics, Partner Onboarding only"),
        "{rows:#}"
    );
    let mut admin = as_person(&bed, "admin").await;
    let status = admin
        .call("get_connection_status", json!({ "ask_zoho": true }))
        .await;
    let data = &status["data"][0];
    assert_eq!(data["crm_user"]["profile"], "Administrator", "{status:#}");
    assert!(data["desk_user"]["departments_only"].is_null(), "{status:#}");
}

/// What is hidden from a profile is missing (CRM: `fields` lists what the user may see) where what is empty is null (Get
/// Records): a deal without a word of its amount looks like one without an amount.
#[tokio::test]
async fn a_default_field_that_is_hidden_is_told_unasked() {
    let bed = Bed::empty(Options::default()).await;
    let mut admin = as_person(&bed, "admin").await;
    let deals = json!({ "module": "Deals", "app_type": "crm", "limit": 3 });
    let listed = admin.call("get_records", deals.clone()).await;
    let id = &listed["data"][0]["id"];
    let related = json!({ "module": "Deals", "app_type": "crm", "limit": 1, "fields": ["Account_Name"] });
    let account = admin.call("get_records", related).await["data"][0]["Account_Name"].clone();
    let of_account = json!({ "module": "Accounts", "app_type": "crm", "id": account["id"], "related": "Deals", "limit": 2 });
    let calls = [
        ("get_records", deals.clone()),
        (
            "get_record",
            json!({ "module": "Deals", "app_type": "crm", "id": id }),
        ),
        (
            "search_records",
            json!({ "module": "Deals", "app_type": "crm", "query": account["name"] }),
        ),
        ("find_customer", json!({ "name": account["name"] })),
        ("get_related_records", of_account),
    ];
    let mut reader = as_person(&bed, "read_only").await;
    for (tool, arguments) in calls {
        let told = "Deals: Zoho shows this user no Amount";
        let shown = admin.call(tool, arguments.clone()).await;
        assert!(shown.to_string().contains("\"Amount\":"), "{tool}: {shown:#}");
        assert!(
            !shown["notes"].to_string().contains("shows this user no"),
            "{tool}: {shown:#}"
        );
        let hidden = reader.call(tool, arguments).await;
        assert!(!hidden.to_string().contains("\"Amount\":"), "{tool}: {hidden:#}");
        assert!(hidden["notes"].to_string().contains(told), "{tool}: {hidden:#}");
    }
    let contacts = json!({ "module": "Contacts", "app_type": "desk", "limit": 3 });
    let mut light = as_person(&bed, "light_agent").await;
    let hidden = light.call("get_records", contacts.clone()).await;
    let told = "Contacts: Zoho shows this user no phone";
    assert!(hidden["notes"].to_string().contains(told), "{hidden:#}");
    let shown = admin.call("get_records", contacts).await;
    assert!(
        !shown["notes"].to_string().contains("shows this user no"),
        "{shown:#}"
    );
}

/// What is another department's is not counted (Desk: agents see the departments they belong to).
#[tokio::test]
async fn a_number_says_of_which_departments_it_is() {
    let bed = Bed::empty(Options::default()).await;
    let mut agent = as_person(&bed, "agent").await;
    let only = "This person is shown the departments Billing only.";
    for arguments in [
        json!({ "module": "Cases" }),
        json!({ "module": "Cases", "filters": { "status": "Open" } }),
    ] {
        let counted = agent.call("count_records", arguments.clone()).await;
        assert!(
            counted["notes"].to_string().contains(only),
            "{arguments}: {counted:#}"
        );
        let mut admin = as_person(&bed, "admin").await;
        let all = admin.call("count_records", arguments.clone()).await;
        assert!(all["count"].as_u64() > counted["count"].as_u64(), "{all:#}");
        assert!(!all["notes"].to_string().contains("departments"), "{all:#}");
    }
    // It is told whatever was asked for before.
    for (tool, arguments) in [
        ("find_customer", json!({ "name": "Mori" })),
        (
            "get_records",
            json!({ "module": "Cases", "filters": { "status": "Escalated" }, "limit": 90 }),
        ),
        (
            "search_records",
            json!({ "module": "Cases", "query": "zzzzzzzz" }),
        ),
    ] {
        let mut agent = as_person(&bed, "agent").await;
        let answer = agent.call(tool, arguments).await;
        assert!(answer["notes"].to_string().contains(only), "{tool}: {answer:#}");
    }
    let named = json!({ "module": "Cases", "filters": { "department": "Billing" } });
    let named = agent.call("count_records", named).await;
    assert!(!named["notes"].to_string().contains("This person"), "{named:#}");
}
