//! Modules, fields, layouts, views, users and the organization; and that the seeded data agree with them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{ORG_ID, World, ZGID};

fn modules(world: &mut World) -> Vec<Value> {
    world.good("GET settings/modules")["modules"]
        .as_array()
        .unwrap()
        .clone()
}

#[test]
fn modules_are_described() {
    let mut world = World::new();
    let modules = modules(&mut world);
    let tab = |name: &str| {
        modules
            .iter()
            .find(|module| module["api_name"] == name)
            .unwrap()
            .clone()
    };
    assert_eq!(tab("Deals")["module_name"], "Potentials");
    assert_eq!(
        (
            &tab("Subscriptions")["module_name"],
            &tab("Subscriptions")["generated_type"]
        ),
        (&json!("CustomModule1"), &json!("custom"))
    );
    assert_eq!(tab("Sales_Orders")["module_name"], "SalesOrders");
    let one = world.good("GET settings/modules/Deals")["modules"][0].clone();
    assert_eq!(
        (&one["id"], &one["display_field"]),
        (&tab("Deals")["id"], &json!("Deal_Name"))
    );
    assert_eq!(
        world.good(&format!("GET settings/modules/{}", one["id"].as_str().unwrap()))["modules"][0],
        one
    );
    assert_eq!(
        world.call("GET settings/modules/Nothing").1["code"],
        "INVALID_MODULE"
    );
    assert_eq!(
        world.good("GET settings/modules?status=user_hidden")["modules"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn every_record_is_what_the_fields_say() {
    let mut world = World::new();
    for module in modules(&mut world) {
        let name = module["api_name"].as_str().unwrap();
        let fields = world.good(&format!("GET settings/fields?module={name}"))["fields"]
            .as_array()
            .unwrap()
            .clone();
        let wanted: Vec<&str> = fields
            .iter()
            .map(|field| field["api_name"].as_str().unwrap())
            .collect();
        let wanted = wanted.chunks(50).map(|names| names.join(",")).collect::<Vec<_>>();
        for names in wanted {
            let body = world.good(&format!("GET {name}?fields={names}&per_page=60"));
            for row in body["data"].as_array().unwrap() {
                for (key, value) in row.as_object().unwrap() {
                    let field = fields.iter().find(|field| field["api_name"] == *key).unwrap();
                    assert!(
                        fits(field, value),
                        "{name}.{key}: {value} is not {}",
                        field["data_type"]
                    );
                }
            }
        }
        let id = world.first(name);
        let row = world.record(name, &id);
        for field in &fields {
            assert!(
                row.get(field["api_name"].as_str().unwrap()).is_some(),
                "{name} lacks {}",
                field["api_name"]
            );
        }
    }
}

fn fits(field: &Value, value: &Value) -> bool {
    if value.is_null() {
        return field["system_mandatory"] == false;
    }
    let text = |wanted: &dyn Fn(&str) -> bool| value.as_str().is_some_and(wanted);
    match field["data_type"].as_str().unwrap() {
        "integer" => value.is_i64() || value.is_u64(),
        "double" | "currency" | "percent" => value.is_number(),
        "boolean" => value.is_boolean(),
        "date" => text(&|text| text.len() == 10),
        "datetime" => text(&|text| text.len() == 25 && text.ends_with("+05:30")),
        "lookup" | "ownerlookup" => value["id"].is_string() && value["name"].is_string(),
        "multiselectpicklist" | "subform" => value.is_array(),
        "picklist" => field["pick_list_values"]
            .as_array()
            .unwrap()
            .iter()
            .any(|choice| choice["actual_value"] == *value),
        "bigint" => text(&|text| text.parse::<u64>().is_ok()),
        "email" => text(&|text| text.contains('@')),
        _ if field["json_type"] == "jsonarray" => value.is_array(),
        _ => text(&|text| text.chars().count() <= field["length"].as_u64().unwrap() as usize),
    }
}

#[test]
fn ids_are_of_one_organization() {
    let mut world = World::new();
    let mut seen = BTreeSet::new();
    for module in modules(&mut world) {
        let name = module["api_name"].as_str().unwrap();
        let fields = world.good(&format!("GET settings/fields?module={name}"))["fields"]
            .as_array()
            .unwrap()
            .clone();
        let rows = world.good(&format!("GET {name}?fields=id"))["data"]
            .as_array()
            .unwrap()
            .clone();
        let views = world.good(&format!("GET settings/custom_views?module={name}"))["custom_views"]
            .as_array()
            .unwrap()
            .clone();
        let layouts = world.good(&format!("GET settings/layouts?module={name}"))["layouts"]
            .as_array()
            .unwrap()
            .clone();
        for thing in fields
            .iter()
            .chain(&rows)
            .chain(&views)
            .chain(&layouts)
            .chain([&module])
        {
            let id = thing["id"].as_str().unwrap();
            assert!(id.len() == 19 && id.starts_with("5725767000"), "{id}");
            assert!(seen.insert(id.to_owned()), "{id} of {name} is there twice");
        }
    }
}

#[test]
fn lookups_point_at_records_by_their_names() {
    let mut world = World::new();
    for module in ["Contacts", "Deals", "Cases", "Tasks", "Quotes", "Subscriptions"] {
        let fields = world.good(&format!("GET settings/fields?module={module}"))["fields"]
            .as_array()
            .unwrap()
            .clone();
        for field in fields
            .iter()
            .filter(|field| field["lookup"]["module"].is_object())
        {
            let (name, target) = (
                field["api_name"].as_str().unwrap(),
                field["lookup"]["module"]["api_name"].as_str().unwrap(),
            );
            let rows = world.good(&format!("GET {module}?fields={name}"))["data"]
                .as_array()
                .unwrap()
                .clone();
            for value in rows
                .iter()
                .map(|row| &row[name])
                .filter(|value| value.is_object())
                .take(5)
            {
                let row = world.record(target, value["id"].as_str().unwrap());
                let display =
                    world.good(&format!("GET settings/modules/{target}"))["modules"][0]["display_field"]
                        .as_str()
                        .unwrap()
                        .to_owned();
                assert_eq!(row[&display], value["name"], "{module}.{name}");
            }
        }
    }
}

#[test]
fn related_lists_can_be_read() {
    let mut world = World::new();
    for module in ["Leads", "Contacts", "Accounts", "Deals", "Subscriptions"] {
        let id = world.first(module);
        let lists = world.good(&format!("GET settings/related_lists?module={module}"))["related_lists"]
            .as_array()
            .unwrap()
            .clone();
        for list in lists {
            let path = list["href"].as_str().unwrap().replace("{ENTITYID}", &id);
            let (status, body) = world.call(&format!("GET {path}?fields=Created_Time"));
            assert!(status == 200 || status == 204, "{path}: {body}");
            assert_eq!(
                world.call(&format!("GET {path}")).1["code"],
                "REQUIRED_PARAM_MISSING"
            );
        }
    }
}

#[test]
fn users_organization_roles_and_profiles() {
    let mut world = World::new();
    let me = world.good("GET users?type=CurrentUser");
    assert_eq!(
        me["info"],
        json!({ "per_page": 200, "count": 1, "page": 1, "more_records": false })
    );
    let user = me["users"][0].clone();
    assert!(user["email"].as_str().unwrap().contains('@') && user["time_zone"] == "Asia/Kolkata");
    assert_eq!(
        world.good(&format!("GET users/{}", user["id"].as_str().unwrap()))["users"][0],
        user
    );
    let mut count = |kind: &str| {
        world.good(&format!("GET users?type={kind}"))["info"]["count"]
            .as_u64()
            .unwrap()
    };
    assert_eq!(
        (
            count("AllUsers"),
            count("ActiveUsers"),
            count("DeactiveUsers"),
            count("DeletedUsers")
        ),
        (8, 6, 1, 1)
    );
    assert_eq!(
        (
            count("AdminUsers"),
            count("ActiveConfirmedUsers"),
            count("NotConfirmedUsers")
        ),
        (2, 5, 1)
    );
    assert_eq!(world.call("GET users?type=Nobody").1["code"], "INVALID_DATA");
    assert_eq!(world.call("GET users/1").0, 204);
    let org = world.good("GET org")["org"][0].clone();
    assert_eq!(
        (&org["id"], &org["zgid"], &org["domain_name"]),
        (&json!(ORG_ID), &json!(ZGID), &json!(format!("org{ZGID}")))
    );
    for (list, one) in [("roles", "role"), ("profiles", "profile")] {
        let all = world.good(&format!("GET settings/{list}"))[list]
            .as_array()
            .unwrap()
            .clone();
        assert!(
            all.iter()
                .any(|item| item["id"] == user[one]["id"] && item["name"] == user[one]["name"])
        );
    }
}

#[test]
fn views_show_what_they_say() {
    let mut world = World::new();
    let views = world.good("GET settings/custom_views?module=Leads")["custom_views"]
        .as_array()
        .unwrap()
        .clone();
    let shown = |world: &mut World, name: &str| {
        let id = views.iter().find(|view| view["name"] == name).unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let body = world.good(&format!("GET Leads?fields=Lead_Status,Owner&cvid={id}"));
        body["data"].as_array().unwrap().clone()
    };
    let me = world.good("GET users?type=CurrentUser")["users"][0]["id"].clone();
    let mine = shown(&mut world, "My Leads");
    assert!(!mine.is_empty() && mine.iter().all(|row| row["Owner"]["id"] == me));
    let junk = shown(&mut world, "Junk Leads");
    assert!(!junk.is_empty() && junk.iter().all(|row| row["Lead_Status"] == "Junk Lead"));
    let layout = world.good("GET settings/layouts?module=Deals")["layouts"][0].clone();
    let pipeline = world.good(&format!(
        "GET settings/pipeline?layout_id={}",
        layout["id"].as_str().unwrap()
    ));
    assert_eq!(pipeline["pipeline"][0]["maps"].as_array().unwrap().len(), 8);
}

#[test]
fn the_same_seed_gives_the_same_data() {
    let mut one = World::new();
    let mut other = World::new();
    for module in ["Leads", "Deals", "Quotes", "Notes"] {
        let line = format!("GET {module}?fields=id,Created_Time,Owner");
        assert_eq!(one.good(&line), other.good(&line));
    }
}
