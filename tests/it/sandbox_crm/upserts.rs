//! Upsert, mass update, change of owner, lead conversion.

use serde_json::{Value, json};

use super::World;

pub(crate) fn upsert(world: &mut World) {
    let before = world.count("Contacts");
    let email = world.good("GET Contacts?fields=Email&per_page=1")["data"][0].clone();
    let known = email["id"].as_str().unwrap().to_owned();
    let address = email["Email"].as_str().unwrap().to_uppercase();
    let body = json!({ "data": [{ "Last_Name": "Zyxnew", "Email": "new@zyx.example" }, { "Last_Name": "Zyxold", "Email": address }] });
    let (status, answer) = world.put("POST Contacts/upsert", body);
    assert_eq!(status, 200);
    let (new, old) = (&answer["data"][0], &answer["data"][1]);
    assert_eq!(
        (&new["action"], &new["duplicate_field"], &new["message"]),
        (&json!("insert"), &Value::Null, &json!("record added"))
    );
    assert_eq!(
        (&old["action"], &old["duplicate_field"], &old["message"]),
        (&json!("update"), &json!("Email"), &json!("record updated"))
    );
    assert_eq!(old["details"]["id"], known);
    let new = new["details"]["id"].as_str().unwrap().to_owned();
    world.agrees("Contacts", "Last_Name", "Zyxnew", &[&new]);
    world.agrees("Contacts", "Last_Name", "Zyxold", &[&known]);
    assert_eq!(world.count("Contacts"), before + 1);
    let by_name = json!({ "data": [{ "Last_Name": "Zyxnew", "Email": "other@zyx.example" }], "duplicate_check_fields": ["Last_Name"] });
    let (_, answer) = world.put("POST Contacts/upsert", by_name);
    assert_eq!(
        (
            &answer["data"][0]["duplicate_field"],
            &answer["data"][0]["details"]["id"]
        ),
        (&json!("Last_Name"), &json!(new))
    );
    let numbered = world.insert(
        "Contacts",
        json!({ "Last_Name": "Zyxnumber", "Customer_Number": "Z-9" }),
    );
    let by_name = json!({ "data": [{ "Last_Name": "Zyxsame", "Customer_Number": "Z-9" }], "duplicate_check_fields": ["Last_Name"] });
    let (_, answer) = world.put("POST Contacts/upsert", by_name);
    let unique = (
        &answer["data"][0]["duplicate_field"],
        &answer["data"][0]["details"]["id"],
    );
    assert_eq!(unique, (&json!("Customer_Number"), &json!(numbered)));
    let (status, answer) = world.put(
        "POST Contacts/upsert",
        json!({ "data": [{ "Last_Name": "Zyxbad", "Email": "no address" }] }),
    );
    assert_eq!(
        (status, &answer["data"][0]["details"]["expected_data_type"]),
        (400, &json!("email"))
    );
    assert_eq!(
        world
            .put("POST Tasks/upsert", json!({ "data": [{ "Subject": "x" }] }))
            .1["code"],
        "NOT_SUPPORTED"
    );
}

pub(crate) fn mass_update(world: &mut World) {
    let one = world.insert(
        "Leads",
        json!({ "Last_Name": "Zyxa", "Preferred_Languages": ["English"] }),
    );
    let two = world.insert("Leads", json!({ "Last_Name": "Zyxb" }));
    let body = json!({ "data": [{ "City": "Zyxtown", "Preferred_Languages": ["Deutsch"] }], "ids": [one, two, "5725767000999999999"], "over_write": false });
    let (status, answer) = world.put("POST Leads/actions/mass_update", body);
    assert_eq!(
        (status, &answer["data"][2]["code"]),
        (207, &json!("INVALID_DATA"))
    );
    world.agrees("Leads", "City", "Zyxtown", &[&one, &two]);
    assert_eq!(
        world.record("Leads", &one)["Preferred_Languages"],
        json!(["Deutsch", "English"])
    );
    let views = world.good("GET settings/custom_views?module=Leads");
    let view = views["custom_views"]
        .as_array()
        .unwrap()
        .iter()
        .find(|view| view["name"] == "Junk Leads")
        .unwrap()["id"]
        .clone();
    let (status, answer) = world.put(
        "POST Leads/actions/mass_update",
        json!({ "data": [{ "City": "Junkville" }], "cvid": view }),
    );
    assert_eq!((status, &answer["data"][0]["code"]), (202, &json!("SCHEDULED")));
    let job = answer["data"][0]["details"]["job_id"].as_str().unwrap();
    let state = world.good(&format!("GET Leads/actions/mass_update?job_id={job}"))["data"][0].clone();
    assert_eq!(state["Status"], "COMPLETED");
    let count = world.good("GET Leads/actions/count?criteria=(City:equals:Junkville)")["count"].clone();
    assert!(count.as_u64() > Some(0));
    assert_eq!(state["Updated_Count"], count);
    assert_eq!(
        world.good(&format!(
            "GET Leads/actions/count?cvid={}",
            view.as_str().unwrap()
        ))["count"],
        count
    );
}

fn other_user(world: &mut World) -> String {
    world.good("GET users?type=ActiveUsers")["users"][2]["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn owned(world: &mut World, id: &str) -> (usize, Value) {
    let user = other_user(world);
    let criteria = format!("criteria=((Owner:equals:{user})and(Last_Name:starts_with:Zyx))");
    let found = world.found("Leads", &criteria).len();
    assert_eq!(
        world.good(&format!("GET Leads/actions/count?{criteria}"))["count"],
        found
    );
    (found, world.record("Leads", id)["Owner"]["id"].clone())
}

pub(crate) fn change_owners(world: &mut World) {
    let one = world.insert("Leads", json!({ "Last_Name": "Zyxa" }));
    let two = world.insert("Leads", json!({ "Last_Name": "Zyxb" }));
    let user = other_user(world);
    assert_eq!(owned(world, &one).0, 0);
    let (status, answer) = world.put(
        "POST Leads/actions/change_owner",
        json!({ "owner": { "id": user }, "ids": [one, two] }),
    );
    assert_eq!((status, answer["data"].as_array().unwrap().len()), (200, 2));
    assert_eq!(owned(world, &one), (2, json!(user)));
}

pub(crate) fn change_owner(world: &mut World) {
    let id = world.insert("Leads", json!({ "Last_Name": "Zyxa" }));
    let user = other_user(world);
    let path = format!("POST Leads/{id}/actions/change_owner");
    assert_eq!(world.put(&path, json!({ "owner": { "id": user } })).0, 200);
    assert_eq!(owned(world, &id), (1, json!(user)));
    let (status, body) = world.put(&path, json!({ "owner": { "id": "1" } }));
    assert_eq!(
        (status, &body["details"]["json_path"]),
        (400, &json!("$.owner.id"))
    );
    assert_eq!(world.put(&path, json!({})).1["code"], "MANDATORY_NOT_FOUND");
}

pub(crate) fn convert(world: &mut World) {
    let counts =
        |world: &mut World| ["Leads", "Contacts", "Accounts", "Deals"].map(|module| world.count(module));
    let lead = world.insert("Leads", json!({ "Last_Name": "Zyxlead", "First_Name": "Ida", "Company": "Zyx Works", "Email": "ida@zyx.example" }));
    let before = counts(world);
    let path = format!("POST Leads/{lead}/actions/convert");
    let half = json!({ "data": [{ "Deals": { "Deal_Name": "Zyx deal", "Stage": "Qualification" } }] });
    let (status, body) = world.put(&path, half);
    assert_eq!(
        (status, &body["code"], &body["details"]["api_name"]),
        (400, &json!("MANDATORY_NOT_FOUND"), &json!("Closing_Date"))
    );
    assert_eq!(counts(world), before);
    let deal = json!({ "Deal_Name": "Zyx deal", "Stage": "Qualification", "Closing_Date": "2026-09-01", "Pipeline": "Standard (Standard)", "Amount": 500 });
    let (status, body) = world.put(
        &path,
        json!({ "data": [{ "Deals": deal, "carry_over_tags": { "Contacts": [{ "name": "From lead" }] } }] }),
    );
    assert_eq!(
        (status, &body["data"][0]["message"]),
        (200, &json!("The record has been converted successfully"))
    );
    let details = body["data"][0]["details"].clone();
    let id = |name: &str| details[name]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        counts(world),
        [before[0] - 1, before[1] + 1, before[2] + 1, before[3] + 1]
    );
    world.agrees("Accounts", "Account_Name", "Zyx Works", &[&id("Accounts")]);
    world.agrees("Contacts", "Last_Name", "Zyxlead", &[&id("Contacts")]);
    world.agrees("Deals", "Deal_Name", "Zyx deal", &[&id("Deals")]);
    let contact = world.record("Contacts", &id("Contacts"));
    assert_eq!(
        (&contact["Account_Name"]["id"], &contact["Email"]),
        (&details["Accounts"]["id"], &json!("ida@zyx.example"))
    );
    assert_eq!(
        world.record("Deals", &id("Deals"))["Contact_Name"]["id"],
        details["Contacts"]["id"]
    );
    assert!(
        world
            .found("Leads", "criteria=(Last_Name:equals:Zyxlead)")
            .is_empty()
    );
    assert_eq!(
        world.found("Leads", "criteria=(Last_Name:equals:Zyxlead)&converted=both"),
        [lead.as_str()]
    );
    let shown = world.good(&format!(
        "GET Leads?fields=Converted__s,$converted_detail&converted=true&ids={lead}"
    ));
    assert_eq!(
        (
            &shown["data"][0]["Converted__s"],
            &shown["data"][0]["$converted_detail"]["deal"]
        ),
        (&json!(true), &details["Deals"]["id"])
    );
    let (status, body) = world.put(&path, json!({ "data": [{}] }));
    assert_eq!((status, &body["code"]), (400, &json!("ID_ALREADY_CONVERTED")));
    // Convert Lead of v7 and v8: the refusal names the place in the path, not the id.
    assert_eq!(body["details"], json!({ "resource_path_index": 1 }));
}
