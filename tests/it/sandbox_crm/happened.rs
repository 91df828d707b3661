//! What happened to records: their timelines, and the stages of deals. Sources: CRM's OpenAPI, timelines (the actions, texts
//! as values, `done_by`, `related_record`); its documents of fields, which name the module DealHistory; public programs that
//! read a real account's `Stage_History`: the row of the stage that a deal is in has no `Moved_To__s` and no duration.

use serde_json::{Value, json};

use super::World;

fn timeline(world: &mut World, path: &str) -> Vec<Value> {
    let told = world.good(&format!("GET {path}/__timeline"));
    told["__timeline"].as_array().unwrap().clone()
}

/// The record moves on by a minute with each call.
fn put(world: &mut World, line: &str, body: Value) -> Value {
    world.now = world.now.checked_add(jiff::SignedDuration::from_mins(1)).unwrap();
    let (status, body) = world.put(line, body);
    assert!(status < 300, "{line}: {body}");
    body["data"][0]["details"].clone()
}

#[test]
fn a_timeline_tells_tags_and_what_hangs_on_a_record() {
    let mut world = World::new();
    let id = world.insert(
        "Contacts",
        json!({ "Last_Name": "Okoro", "Email_Opt_Out": false }),
    );
    let path = format!("Contacts/{id}");
    put(
        &mut world,
        &format!("PUT {path}"),
        json!({ "data": [{ "Email_Opt_Out": true }] }),
    );
    for (action, name) in [("add_tags", "Hot"), ("remove_tags", "Hot")] {
        let body = json!({ "tags": [{ "name": name }] });
        put(&mut world, &format!("POST {path}/actions/{action}"), body);
    }
    let body = json!({ "tags": [{ "name": "VIP" }], "over_write": true });
    put(&mut world, &format!("POST {path}/actions/add_tags"), body);
    let note = json!({ "data": [{ "Note_Title": "Called", "Note_Content": "Tomorrow" }] });
    let note = put(&mut world, &format!("POST {path}/Notes"), note)["id"].clone();
    let changed = json!({ "data": [{ "Note_Title": "Called back" }] });
    let at = format!("{path}/Notes/{}", note.as_str().unwrap());
    put(&mut world, &format!("PUT {at}"), changed);
    put(&mut world, &format!("DELETE {at}"), Value::Null);
    let task = json!({ "data": [{ "Subject": "Call", "Who_Id": { "id": id } }] });
    let task = put(&mut world, "POST Tasks", task)["id"].clone();
    let told = timeline(&mut world, &path);
    let actions: Vec<&str> = told
        .iter()
        .map(|event| event["action"].as_str().unwrap())
        .collect();
    let wanted = [
        "added",
        "deleted",
        "updated",
        "added",
        "tags_overwritten",
        "tag_removed",
        "tag_added",
        "updated",
        "added",
    ];
    assert_eq!(actions, wanted, "{told:#?}");
    let related = |place: usize| &told[place]["related_record"];
    assert_eq!(
        (&related(0)["id"], &related(0)["module"]["api_name"]),
        (&task, &json!("Tasks"))
    );
    for place in [1, 2, 3] {
        assert_eq!(
            (&related(place)["id"], &related(place)["module"]["api_name"]),
            (&note, &json!("Notes"))
        );
        assert_eq!(told[place]["record"]["id"], *id);
    }
    assert_eq!(related(8), &Value::Null);
    let value = |place: usize| &told[place]["field_history"][0]["_value"];
    assert_eq!(*value(4), json!({ "old": null, "new": "VIP" }));
    assert_eq!(*value(5), json!({ "old": "Hot", "new": null }));
    assert_eq!(*value(7), json!({ "old": "false", "new": "true" }));
    assert_eq!(told[7]["type"], "timeline");
    assert_eq!(told[7]["done_by"]["profile"]["name"], "Administrator");
    let oldest = world.good(&format!(
        "GET {path}/__timeline?sort_by=audited_time&sort_order=asc"
    ));
    assert_eq!(oldest["__timeline"][0], told[8]);
    assert_eq!(world.call(&format!("GET {path}/__timeline?sort_by=id")).0, 400);
}

fn stages(world: &mut World, deal: &str) -> Vec<Value> {
    let fields = "Stage,Moved_To__s,Stage_Duration_Calendar_Days,Modified_Time,Amount,Probability,Expected_Revenue,Close_Date,Modified_By";
    let told = world.good(&format!("GET Deals/{deal}/Stage_History?fields={fields}"));
    told["data"].as_array().unwrap().clone()
}

#[test]
fn seeded_deals_have_passed_their_stages() {
    let mut world = World::new();
    let deals = world.good("GET Deals?fields=Stage,Created_Time&per_page=80")["data"].clone();
    let mut passed = 0;
    for deal in deals.as_array().unwrap() {
        let id = deal["id"].as_str().unwrap();
        let rows = stages(&mut world, id);
        assert_eq!(rows[0]["Stage"], deal["Stage"], "{rows:?}");
        assert_eq!(
            (&rows[0]["Moved_To__s"], &rows[0]["Stage_Duration_Calendar_Days"]),
            (&Value::Null, &Value::Null)
        );
        for pair in rows.windows(2) {
            passed += 1;
            assert_eq!(pair[1]["Moved_To__s"], pair[0]["Stage"], "{rows:?}");
            assert!(
                pair[1]["Stage_Duration_Calendar_Days"].as_u64().is_some(),
                "{rows:?}"
            );
            assert!(
                pair[1]["Modified_Time"].as_str() <= pair[0]["Modified_Time"].as_str(),
                "{rows:?}"
            );
        }
        let mut told = timeline(&mut world, &format!("Deals/{id}"));
        let is_of_stages = |event: &Value| event["field_history"][0]["api_name"] == "Stage";
        told.retain(|event| is_of_stages(event) || event["action"] == "added");
        assert_eq!(told.len(), rows.len(), "{told:?}");
        if rows.len() > 1 {
            assert_eq!(
                told[0]["field_history"][0]["_value"]["new"], deal["Stage"],
                "{told:?}"
            );
        }
    }
    assert!(passed > 100, "{passed}");
}

#[test]
fn a_change_of_the_stage_is_a_row_more() {
    let mut world = World::new();
    let deal = json!({ "Deal_Name": "Lamps", "Stage": "Qualification", "Closing_Date": "2026-05-01", "Amount": 1_000 });
    let id = world.insert("Deals", deal);
    assert_eq!(stages(&mut world, &id).len(), 1);
    let day = jiff::SignedDuration::from_hours(24);
    world.now = world.now.checked_add(day * 3).unwrap();
    put(
        &mut world,
        &format!("PUT Deals/{id}"),
        json!({ "data": [{ "Stage": "Negotiation/Review" }] }),
    );
    put(
        &mut world,
        &format!("PUT Deals/{id}"),
        json!({ "data": [{ "Next_Step": "Wait" }] }),
    );
    let rows = stages(&mut world, &id);
    let seen: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!([
                row["Stage"],
                row["Moved_To__s"],
                row["Stage_Duration_Calendar_Days"],
                row["Probability"],
                row["Expected_Revenue"]
            ])
        })
        .collect();
    let wanted = json!([
        ["Negotiation/Review", null, null, 90, 900],
        ["Qualification", "Negotiation/Review", 3, 10, 100]
    ]);
    assert_eq!(json!(seen), wanted, "{rows:?}");
    let all = world.good("GET DealHistory?fields=Potential_Name,Stage&per_page=2");
    assert_eq!(all["data"][0]["Potential_Name"]["id"], *id, "{all}");
    let lists = world.good("GET settings/related_lists?module=Deals").to_string();
    assert!(lists.contains("Stage_History"), "{lists}");
    let fields = world.good("GET settings/fields?module=DealHistory").to_string();
    assert!(fields.contains("Stage_Duration_Calendar_Days"), "{fields}");
    let modules = world.good("GET settings/modules").to_string();
    assert!(
        !modules.contains("DealHistory"),
        "a module without a tab is listed"
    );
    let (status, told) = world.put("POST DealHistory", json!({ "data": [{ "Stage": "Closed Won" }] }));
    assert_eq!((status, &told["code"]), (400, &json!("NOT_SUPPORTED")));
    assert_eq!(world.call(&format!("DELETE Deals/{id}")).0, 200);
    let all = world.good("GET DealHistory?fields=Potential_Name,Stage&per_page=2");
    let left = &all["data"][0]["Potential_Name"]["id"];
    assert!(left.is_string() && *left != *id, "{all}");
}
