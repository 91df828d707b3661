//! Tags of modules and of records.

use serde_json::{Value, json};

use super::World;

fn names(world: &mut World) -> Vec<String> {
    let body = world.good("GET settings/tags?module=Leads");
    let tags = body["tags"].as_array().unwrap().clone();
    assert_eq!(body["info"]["count"], tags.len());
    tags.iter()
        .map(|tag| tag["name"].as_str().unwrap().to_owned())
        .collect()
}

fn create(world: &mut World, name: &str) -> String {
    let (status, body) = world.put(
        "POST settings/tags?module=Leads",
        json!({ "tags": [{ "name": name, "color_code": "#57B1FD" }] }),
    );
    assert_eq!(status, 201, "{body}");
    body["tags"][0]["details"]["id"].as_str().unwrap().to_owned()
}

/// A lead that carries the tag, which search and the tag's own count confirm.
fn tagged(world: &mut World, tag: &str, name: &str) -> String {
    let lead = world.insert("Leads", json!({ "Last_Name": "Zyxlead" }));
    assert_eq!(
        world
            .put(
                &format!("POST Leads/{lead}/actions/add_tags"),
                json!({ "tags": [{ "name": name }] })
            )
            .0,
        200
    );
    assert_eq!(carriers(world, tag, name), [lead.as_str()]);
    lead
}

fn carriers(world: &mut World, tag: &str, name: &str) -> Vec<String> {
    let found = world.found(
        "Leads",
        &format!("criteria=(Tag:equals:{})&sort_order=asc", super::escaped(name)),
    );
    assert_eq!(
        world.good(&format!(
            "GET settings/tags/{tag}/actions/records_count?module=Leads"
        ))["count"],
        found.len()
    );
    found
}

fn shown(world: &mut World, lead: &str) -> Vec<Value> {
    world.record("Leads", lead)["Tag"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag["name"].clone())
        .collect()
}

pub(crate) fn created(world: &mut World) {
    let id = create(world, "Zyx");
    assert!(names(world).contains(&"Zyx".to_owned()));
    assert_eq!(
        world.good(&format!(
            "GET settings/tags/{id}/actions/records_count?module=Leads"
        ))["count"],
        0
    );
    let body = json!({ "tags": [{ "name": "Zyx" }, { "name": "Zyx more" }, { "name": "x".repeat(26) }, { "color_code": "#57B1FD" }, { "name": "c", "color_code": "red" }] });
    let (status, body) = world.put("POST settings/tags?module=Leads", body);
    let codes: Vec<&Value> = body["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| &tag["code"])
        .collect();
    assert_eq!(
        (status, codes),
        (
            207,
            [
                "DUPLICATE_DATA",
                "SUCCESS",
                "INVALID_DATA",
                "MANDATORY_NOT_FOUND",
                "INVALID_DATA"
            ]
            .map(|code| json!(code))
            .iter()
            .collect()
        )
    );
    assert_eq!(
        world.call("GET settings/tags").1["code"],
        "REQUIRED_PARAM_MISSING"
    );
}

pub(crate) fn renamed(world: &mut World) {
    let tag = create(world, "Zyx");
    let lead = tagged(world, &tag, "Zyx");
    let (status, _) = world.put(
        &format!("PUT settings/tags/{tag}?module=Leads"),
        json!({ "tags": [{ "name": "Zyx2" }] }),
    );
    assert_eq!(status, 200);
    assert_eq!(shown(world, &lead), ["Zyx2"]);
    assert_eq!(carriers(world, &tag, "Zyx2"), [lead]);
    assert!(names(world).contains(&"Zyx2".to_owned()) && !names(world).contains(&"Zyx".to_owned()));
}

pub(crate) fn deleted(world: &mut World) {
    let tag = create(world, "Zyx");
    let lead = tagged(world, &tag, "Zyx");
    assert_eq!(world.call(&format!("DELETE settings/tags/{tag}")).0, 200);
    assert!(shown(world, &lead).is_empty() && !names(world).contains(&"Zyx".to_owned()));
    assert!(world.found("Leads", "criteria=(Tag:equals:Zyx)").is_empty());
    assert_eq!(world.call(&format!("DELETE settings/tags/{tag}")).0, 400);
}

pub(crate) fn added(world: &mut World) {
    let tag = create(world, "Zyx");
    let lead = tagged(world, &tag, "Zyx");
    let path = format!("POST Leads/{lead}/actions/add_tags");
    assert_eq!(
        world
            .put(&path, json!({ "tags": [{ "name": "Quite new" }, { "id": tag }] }))
            .0,
        200
    );
    assert_eq!(shown(world, &lead), ["Zyx", "Quite new"]);
    assert!(names(world).contains(&"Quite new".to_owned()));
    world.put(&path, json!({ "tags": [{ "name": "Only" }], "over_write": true }));
    assert_eq!(shown(world, &lead), ["Only"]);
    assert_eq!(
        world.put(&path, json!({ "tags": [{}] })).1["code"],
        "MANDATORY_NOT_FOUND"
    );
}

pub(crate) fn added_many(world: &mut World) {
    let tag = create(world, "Zyx");
    let one = world.insert("Leads", json!({ "Last_Name": "Zyxa" }));
    let two = world.insert("Leads", json!({ "Last_Name": "Zyxb" }));
    let body = json!({ "tags": [{ "name": "Zyx" }], "ids": [one, two, "1"] });
    let (status, body) = world.put("POST Leads/actions/add_tags", body);
    assert_eq!(
        (status, &body["data"][0]["details"]["tags"][0]["name"]),
        (207, &json!("Zyx"))
    );
    assert_eq!(carriers(world, &tag, "Zyx"), [one, two]);
}

pub(crate) fn removed(world: &mut World) {
    let tag = create(world, "Zyx");
    let lead = tagged(world, &tag, "Zyx");
    assert_eq!(
        world
            .put(
                &format!("POST Leads/{lead}/actions/remove_tags"),
                json!({ "tags": [{ "name": "Zyx" }] })
            )
            .0,
        200
    );
    assert!(shown(world, &lead).is_empty() && carriers(world, &tag, "Zyx").is_empty());
}

pub(crate) fn removed_many(world: &mut World) {
    let tag = create(world, "Zyx");
    let one = tagged(world, &tag, "Zyx");
    let two = world.insert(
        "Leads",
        json!({ "Last_Name": "Zyxb", "Tag": [{ "name": "Zyx" }] }),
    );
    assert_eq!(carriers(world, &tag, "Zyx"), [one.clone(), two.clone()]);
    assert_eq!(
        world
            .put(
                "POST Leads/actions/remove_tags",
                json!({ "tags": [{ "name": "Zyx" }], "ids": [one] })
            )
            .0,
        200
    );
    assert_eq!(carriers(world, &tag, "Zyx"), [two.as_str()]);
    assert_eq!(
        world
            .put(
                &format!("POST Leads/actions/remove_tags?ids={two}"),
                json!({ "tags": [{ "id": tag }] })
            )
            .0,
        200
    );
    assert!(carriers(world, &tag, "Zyx").is_empty());
}
