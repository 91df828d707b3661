//! The blueprint of solutions: its states change by transitions, which ask for what they need.

use serde_json::json;

use super::World;

pub(crate) fn performed(world: &mut World) {
    let values = json!({ "Solution_Title": "Zyx", "Status": "Draft" });
    let id = world.insert("Solutions", values);
    let path = format!("Solutions/{id}/actions/blueprint");
    let open = world.good(&format!("GET {path}"))["blueprint"].clone();
    assert_eq!(
        (
            &open["process_info"]["api_name"],
            &open["process_info"]["field_value"]
        ),
        (&json!("Status"), &json!("Draft"))
    );
    let named = |name: &str| {
        let all = open["transitions"].as_array().unwrap().iter();
        all.clone().find(|one| one["name"] == name).unwrap()["id"].clone()
    };
    let (_, refused) = world.put(
        &format!("PUT Solutions/{id}"),
        json!({ "data": [{ "Status": "Reviewed" }] }),
    );
    assert_eq!(refused["data"][0]["code"], "RECORD_IN_BLUEPRINT", "{refused}");
    let mut perform = |transition: &serde_json::Value, data: serde_json::Value| {
        let body = json!({ "blueprint": [{ "transition_id": transition, "data": data }] });
        world.put(&format!("PUT {path}"), body)
    };
    let (status, lacking) = perform(&named("Hand in for review"), json!({}));
    assert_eq!(
        (status, &lacking["code"], &lacking["details"]["api_name"]),
        (400, &json!("MANDATORY_NOT_FOUND"), &json!("Answer"))
    );
    let (status, unknown) = perform(&json!("12"), json!({}));
    assert_eq!((status, &unknown["code"]), (400, &json!("INVALID_DATA")));
    let (status, done) = perform(
        &named("Hand in for review"),
        json!({ "Answer": "Hold the trigger." }),
    );
    assert_eq!(
        (status, &done["message"]),
        (200, &json!("transition updated successfully"))
    );
    let (status, free) = perform(&named("Mark as a duplicate"), json!({}));
    assert_eq!((status, &free["code"]), (400, &json!("RECORD_NOT_IN_PROCESS")));
    let now = world.record("Solutions", &id);
    assert_eq!(
        (&now["Status"], &now["Answer"]),
        (&json!("Reviewed"), &json!("Hold the trigger."))
    );
    let changes = world.good(&format!("GET Solutions/{id}/__timeline")).to_string();
    assert!(changes.contains("Reviewed"), "{changes}");
}
