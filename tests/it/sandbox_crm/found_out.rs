//! What third-party programs and random writes found wrong in the CRM: each input as they sent it.

use bytes::Bytes;
use serde_json::{Value, json};

use super::World;

fn converted(world: &mut World) -> (String, Value) {
    let lead = world.good("GET Leads?fields=Email,Tag&per_page=1")["data"][0].clone();
    let id = lead["id"].as_str().unwrap().to_owned();
    let tag = json!({ "tags": [{ "name": "trade fair" }] });
    assert_eq!(
        world.put(&format!("POST Leads/{id}/actions/add_tags"), tag).0,
        200
    );
    let (status, body) = world.put(
        &format!("POST Leads/{id}/actions/convert"),
        json!({ "data": [{}] }),
    );
    assert_eq!(status, 200, "{body}");
    (id, lead["Email"].clone())
}

/// A walk of random writes updated, upserted and deleted leads that had become contacts.
#[test]
fn a_converted_lead_is_out_of_reach_of_writes() {
    let mut world = World::new();
    let (id, email) = converted(&mut world);
    let change = json!({ "data": [{ "Last_Name": "Nobody" }] });
    let (_, updated) = world.put(&format!("PUT Leads/{id}"), change);
    assert_eq!(updated["data"][0]["code"], "ID_ALREADY_CONVERTED", "{updated}");
    let (_, deleted) = world.call(&format!("DELETE Leads/{id}"));
    assert_eq!(deleted["data"][0]["code"], "ID_ALREADY_CONVERTED", "{deleted}");
    let twin = json!({ "data": [{ "Last_Name": "Nobody", "Company": "None", "Email": email }] });
    let (_, upserted) = world.put("POST Leads/upsert", twin);
    assert_eq!(upserted["data"][0]["action"], "insert", "{upserted}");
    let tags = world.good("GET settings/tags?module=Leads");
    let tag = tags["tags"]
        .as_array()
        .unwrap()
        .iter()
        .find(|tag| tag["name"] == "trade fair")
        .unwrap();
    let count = world.good(&format!(
        "GET settings/tags/{}/actions/records_count?module=Leads",
        tag["id"].as_str().unwrap()
    ));
    assert_eq!(count["count"], 0, "the list does not show it either");
}

/// The official operations: a contact's role is an object with an id or a name, and it is in the list.
#[test]
fn a_contact_of_a_deal_has_the_role_it_was_given() {
    let mut world = World::new();
    let deal = world.good("GET Deals?fields=id&per_page=1")["data"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let contact = world.good("GET Contacts?fields=id&per_page=1")["data"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("PUT Deals/{deal}/Contact_Roles/{contact}");
    let (_, refused) = world.put(&path, json!({ "data": [{ "bogus": 1 }] }));
    assert_eq!(refused["data"][0]["code"], "MANDATORY_NOT_FOUND", "{refused}");
    let (_, refused) = world.put(
        &path,
        json!({ "data": [{ "Contact_Role": { "name": "Wizard" } }] }),
    );
    assert_eq!(refused["data"][0]["code"], "INVALID_DATA", "{refused}");
    let role = json!({ "Contact_Role": { "name": "Decision Maker" } });
    let (_, put) = world.put(&path, json!({ "data": [role] }));
    assert_eq!(put["data"][0]["status"], "success", "{put}");
    let rows = world.good(&format!("GET Deals/{deal}/Contact_Roles?fields=Last_Name"));
    let row = rows["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["id"] == contact.as_str())
        .unwrap();
    assert_eq!(row["Contact_Role"]["name"], "Decision Maker");
}

/// `users/search` was taken for the user of the id "search"; `type=used` is documented; a delink holds the scope DELETE.
#[test]
fn what_is_documented_is_taken_and_what_is_no_id_is_refused() {
    let mut world = World::new();
    assert_eq!(world.call("GET users/search?criteria=x").0, 400);
    let all = world.good("GET settings/fields?module=Leads");
    assert_eq!(world.good("GET settings/fields?module=Leads&type=used"), all);
    let deal = world.good("GET Deals?fields=id&per_page=1")["data"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    world.scopes = vec!["ZohoCRM.modules.deals.DELETE".to_owned()];
    let (_, body) = world.call(&format!("DELETE Deals/{deal}/Products/1"));
    assert_ne!(body["code"], "OAUTH_SCOPE_MISMATCH", "{body}");
}

/// An address that Zoho documents and the sandbox does not serve says so, even where it looks like that of a record.
#[test]
fn what_is_not_served_is_marked() {
    let mut world = World::new();
    for path in [
        "Appointments__s?fields=id",
        "Services__s/5725767000000123001",
        "Leads/5725767000000123001/Locking_Information__s",
        "Leads/deleted/5725767000000123001/Notes",
    ] {
        let reply = world.send(&format!("GET {path}"), Bytes::new());
        assert!(reply.unserved, "{path}: {} {:?}", reply.status, reply.body);
    }
    assert!(!world.send("GET Leads?fields=id", Bytes::new()).unserved);
}
