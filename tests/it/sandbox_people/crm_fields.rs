//! Field-level security of CRM: a field that is hidden from a profile is nowhere, one that is read only stays as it is.

use serde_json::{Value, json};

use super::become_in_crm;
use crate::sandbox_crm::{World, escaped};

fn field(rows: &Value, name: &str) -> Option<Value> {
    let mut rows = rows.as_array().unwrap().iter();
    rows.find(|row| row["api_name"] == name).cloned()
}

#[test]
fn a_hidden_field_is_in_no_record_and_in_no_settings() {
    let mut world = World::new();
    let lead = world.first("Leads");
    let hidden = "Annual_Revenue";
    let all = field(&world.good("GET settings/fields?module=Leads")["fields"], hidden).unwrap();
    let access = |profile: usize| all["profiles"][profile]["permission_type"].clone();
    assert_eq!(
        [access(0), access(1), access(2)],
        ["read_write", "hidden", "read_write"]
    );
    let (id, before) = (
        all["id"].as_str().unwrap().to_owned(),
        world.record("Leads", &lead),
    );
    assert!(before.get(hidden).is_some());
    become_in_crm(&mut world, "standard");
    let seen = world.record("Leads", &lead);
    assert!(seen.get(hidden).is_none(), "{seen}");
    assert_eq!(seen["Last_Name"], before["Last_Name"]);
    let listed = world.good(&format!("GET Leads?fields=Last_Name,{hidden}&ids={lead}"));
    assert_eq!(
        listed["data"],
        json!([{ "Last_Name": before["Last_Name"], "id": lead }])
    );
    assert_eq!(
        field(&world.good("GET settings/fields?module=Leads")["fields"], hidden),
        None
    );
    assert_eq!(
        world.call(&format!("GET settings/fields/{id}?module=Leads")).0,
        400
    );
    for line in [
        "GET settings/layouts?module=Leads",
        "GET settings/modules/Leads",
        "GET Leads/search?word=an",
    ] {
        let body = world.good(line);
        assert!(!body.to_string().contains(hidden), "{line}");
    }
}

#[test]
fn no_query_reaches_a_hidden_field() {
    let mut world = World::new();
    let column = |world: &mut World, query: &str| world.put("POST coql", json!({ "select_query": query }));
    let queries = [
        (
            "select Annual_Revenue from Leads where id is not null",
            "Annual_Revenue",
        ),
        ("select id from Leads where Annual_Revenue > 1", "Annual_Revenue"),
        (
            "select id from Leads where id is not null order by Annual_Revenue",
            "Annual_Revenue",
        ),
        (
            "select SUM(Annual_Revenue) from Leads where id is not null",
            "Annual_Revenue",
        ),
        (
            "select Account_Name.Annual_Revenue from Contacts where id is not null",
            "Account_Name.Annual_Revenue",
        ),
    ];
    for (query, _) in queries {
        assert_eq!(column(&mut world, query).0, 200, "{query}");
    }
    become_in_crm(&mut world, "standard");
    for (query, name) in queries {
        let (status, body) = column(&mut world, query);
        assert_eq!(
            (status, &body["code"], &body["details"]["column_name"]),
            (400, &json!("INVALID_QUERY"), &json!(name)),
            "{query}"
        );
    }
    let criteria = escaped("(Annual_Revenue:greater_than:1)");
    let (status, body) = world.call(&format!("GET Leads/search?criteria={criteria}"));
    assert_eq!(
        (status, &body["code"], &body["details"]["api_name"]),
        (400, &json!("INVALID_QUERY"), &json!("Annual_Revenue"))
    );
    assert_eq!(
        world.call("GET Leads/search?word=an&sort_by=Annual_Revenue").0,
        400
    );
    let job = json!({ "query": { "module": { "api_name": "Leads" }, "fields": ["Annual_Revenue"] } });
    let (status, body) = world.put("POST bulk/v8/read", job);
    assert_eq!(
        (status, &body["code"]),
        (400, &json!("FIELD_NOT_AVAILABLE")),
        "{body}"
    );
}

#[test]
fn a_write_changes_neither_what_is_hidden_nor_what_is_read_only() {
    let mut world = World::new();
    let account = world.first("Accounts");
    let known = json!({ "data": [{ "Annual_Revenue": 5_000, "Rating": "Active" }] });
    assert_eq!(world.put(&format!("PUT Accounts/{account}"), known).0, 200);
    become_in_crm(&mut world, "standard");
    let rating = field(
        &world.good("GET settings/fields?module=Accounts")["fields"],
        "Rating",
    )
    .unwrap();
    assert_eq!(
        (&rating["read_only"], &rating["view_type"]["edit"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(world.record("Accounts", &account)["Rating"], "Active");
    let sent = json!({ "data": [{ "Annual_Revenue": 1, "Rating": "Acquired", "Fax": "+1 202 555 0100" }] });
    assert_eq!(world.put(&format!("PUT Accounts/{account}"), sent).0, 200);
    let told = world
        .good(&format!("GET Accounts/{account}/__timeline"))
        .to_string();
    assert!(
        !told.contains("Annual_Revenue") && told.contains("Rating"),
        "{told}"
    );
    become_in_crm(&mut world, "admin");
    let now = world.record("Accounts", &account);
    assert_eq!(
        (&now["Annual_Revenue"], &now["Rating"], &now["Fax"]),
        (&json!(5_000), &json!("Active"), &json!("+1 202 555 0100"))
    );
    let told = world
        .good(&format!("GET Accounts/{account}/__timeline"))
        .to_string();
    assert!(told.contains("Annual_Revenue"), "{told}");
}
