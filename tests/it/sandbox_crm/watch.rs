//! Channels that tell of changes. Sources: api/v2 to v7 `notifications/*` (bodies and answers), the OpenAPI set of August
//! 2026 (mandatory keys, codes), the SDK of 7.0 (messages).

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::World;

fn channel(world: &mut World, id: u64, events: Value) -> Value {
    let wish = json!({ "channel_id": id, "events": events, "notify_url": "https://hook.example/zoho", "token": "secret" });
    let (status, body) = world.put("POST v6/actions/watch", json!({ "watch": [wish] }));
    assert_eq!(
        (status, &body["watch"][0]["code"]),
        (201, &json!("SUCCESS")),
        "{body}"
    );
    body["watch"][0].clone()
}

/// Module and events of each row of a channel.
fn told(world: &mut World, id: u64) -> Vec<(String, Value)> {
    let (_, body) = world.call(&format!("GET actions/watch?channel_id={id}"));
    let rows = body["watch"].as_array().cloned().unwrap_or_default();
    rows.iter()
        .map(|row| {
            (
                row["resource_name"].as_str().unwrap().to_owned(),
                row["events"].clone(),
            )
        })
        .collect()
}

pub(crate) fn subscribed(world: &mut World) {
    assert_eq!(world.call("GET actions/watch").0, 204);
    let done = channel(
        world,
        1_000_000_068_001,
        json!(["Leads.create", "Deals.all", "Leads.edit"]),
    );
    assert_eq!(
        done["message"],
        "Successfully subscribed for actions-watch of the given module"
    );
    let lead = &done["details"]["events"][0];
    assert_eq!(lead["resource_uri"], "http://127.0.0.1:1/crm/v6/Leads");
    assert_eq!(
        (&lead["channel_id"], &lead["resource_name"]),
        (&json!("1000000068001"), &json!("Leads"))
    );
    let module = world.good("GET settings/modules/Leads")["modules"][0]["id"].clone();
    assert_eq!(lead["resource_id"], module);
    let leads = ("Leads".to_owned(), json!(["Leads.create", "Leads.edit"]));
    let deals = ("Deals".to_owned(), json!(["Deals.all"]));
    assert_eq!(told(world, 1_000_000_068_001), [leads, deals]);
    let row = world.good("GET actions/watch?module=Deals")["watch"][0].clone();
    assert_eq!(
        (&row["notify_url"], &row["token"]),
        (&json!("https://hook.example/zoho"), &json!("secret"))
    );
    let late = (world.now + SignedDuration::from_hours(8 * 24)).to_string();
    let wish = |key: &str, value: Value| {
        let mut wish =
            json!({ "channel_id": "7", "events": ["Leads.all"], "notify_url": "https://hook.example/zoho" });
        wish[key] = value;
        json!({ "watch": [wish] })
    };
    for (wrong, code) in [
        (wish("events", json!(["Bogus.all"])), "INVALID_DATA"),
        (wish("events", json!(["Leads.read"])), "INVALID_DATA"),
        (wish("events", json!([])), "INVALID_DATA"),
        (wish("notify_url", json!("hook")), "INVALID_DATA"),
        (wish("notify_url", Value::Null), "MANDATORY_NOT_FOUND"),
        (wish("channel_id", json!("seven")), "INVALID_DATA"),
        (wish("channel_expiry", json!(late)), "INVALID_DATA"),
    ] {
        let (status, body) = world.put("POST actions/watch", wrong.clone());
        assert_eq!(
            (status, &body["watch"][0]["code"]),
            (400, &json!(code)),
            "{wrong}"
        );
    }
    // A channel ends by itself, by the sandbox's clock.
    world.now += SignedDuration::from_hours(2);
    assert_eq!(world.call("GET actions/watch").0, 204);
}

pub(crate) fn replaced(world: &mut World) {
    channel(world, 7, json!(["Leads.create"]));
    let wish =
        json!({ "channel_id": "7", "events": ["Contacts.all"], "notify_url": "https://other.example/" });
    let unknown =
        json!({ "channel_id": "8", "events": ["Contacts.all"], "notify_url": "https://other.example/" });
    let (status, body) = world.put("PUT actions/watch", json!({ "watch": [wish, unknown] }));
    assert_eq!(
        (status, &body["watch"][1]["code"]),
        (207, &json!("NOT_SUBSCRIBED")),
        "{body}"
    );
    assert_eq!(
        body["watch"][0]["message"],
        "Successfully updated the subscribe details"
    );
    assert_eq!(told(world, 7), [("Contacts".to_owned(), json!(["Contacts.all"]))]);
    let row = world.good("GET actions/watch?channel_id=7")["watch"][0].clone();
    assert_eq!(
        (&row["notify_url"], &row["token"]),
        (&json!("https://other.example/"), &json!("secret"))
    );
}

pub(crate) fn updated(world: &mut World) {
    channel(world, 7, json!(["Leads.edit", "Leads.create", "Cases.all"]));
    let change = json!({ "watch": [{ "channel_id": "7", "token": "other" }] });
    assert_eq!(world.put("PATCH actions/watch", change).0, 200);
    let rows = world.good("GET actions/watch?channel_id=7");
    assert!(
        rows["watch"]
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["token"] == "other")
    );
    assert_eq!(told(world, 7).len(), 2);
    let gone = json!({ "channel_id": "7", "events": ["Leads.edit", "Cases.all"], "_delete_events": true });
    let (status, body) = world.put("PATCH actions/watch", json!({ "watch": [gone] }));
    assert_eq!(
        (status, &body["watch"][0]["message"]),
        (200, &json!("Successfully removed the subscribe details"))
    );
    assert_eq!(body["watch"][0]["details"]["events"].as_array().unwrap().len(), 2);
    assert_eq!(told(world, 7), [("Leads".to_owned(), json!(["Leads.create"]))]);
}

pub(crate) fn unsubscribed(world: &mut World) {
    channel(world, 7, json!(["Leads.edit", "Cases.all"]));
    channel(world, 8, json!(["Leads.edit"]));
    let (status, body) = world.call("DELETE actions/watch?channel_ids=7,9");
    assert_eq!(status, 207, "{body}");
    let done = body["watch"].as_array().unwrap();
    assert_eq!(done.len(), 3);
    assert_eq!(
        done[0]["message"],
        "Successfully un-subscribed from actions-watch"
    );
    assert_eq!(done[2]["code"], "NOT_SUBSCRIBED");
    assert_eq!((told(world, 7).len(), told(world, 8).len()), (0, 1));
    assert_eq!(world.call("DELETE actions/watch").0, 400);
}
