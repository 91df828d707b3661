//! What an organization has set up. Sources: the OpenAPI set of August 2026 (paths, parameters, scopes, mandatory keys), the
//! SDK of 7.0 (`json_details.json`: what each object holds), tap-zoho-crm, which ends at the first of these that is missing.

use serde_json::{Value, json};

use super::World;

#[test]
fn currencies_and_territories_are_told() {
    let mut world = World::new();
    let org = world.good("GET org")["org"][0].clone();
    let all = world.good("GET org/currencies")["currencies"].clone();
    assert_eq!(
        (&all[0]["iso_code"], &all[0]["is_base"]),
        (&org["iso_code"], &json!(true))
    );
    let keys = [
        "symbol",
        "created_time",
        "exchange_rate",
        "format",
        "created_by",
        "prefix_symbol",
        "modified_time",
        "name",
        "modified_by",
        "id",
    ];
    assert!(keys.iter().all(|key| !all[0][*key].is_null()), "{all}");
    let id = all[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(world.good(&format!("GET org/currencies/{id}"))["currencies"], all);
    let (status, body) = world.call("GET org/currencies/12");
    assert_eq!(
        (status, &body["details"]),
        (400, &json!({ "resource_path_index": 2 }))
    );
    let territories = world.good("GET settings/territories");
    assert_eq!(territories["info"]["more_records"], false);
    let rows = territories["territories"].as_array().unwrap();
    let top = rows.iter().find(|row| row["reporting_to"].is_null()).unwrap();
    assert!(
        rows.iter()
            .all(|row| row == top || row["reporting_to"]["id"] == top["id"])
    );
    let page = world.good("GET settings/territories?per_page=1&page=2");
    assert_eq!(
        (page["territories"][0].clone(), &page["info"]["more_records"]),
        (rows[1].clone(), &json!(true))
    );
    let one = world.good(&format!(
        "GET settings/territories/{}",
        top["id"].as_str().unwrap()
    ));
    assert_eq!(one["territories"][0], *top);
}

fn variable(world: &mut World, name: &str) -> String {
    let group = world.good("GET settings/variable_groups")["variable_groups"][0]["id"].clone();
    let wanted = json!({ "name": name, "api_name": name, "type": "text", "value": "9", "variable_group": { "id": group } });
    let (status, body) = world.put("POST settings/variables", json!({ "variables": [wanted] }));
    assert_eq!(
        (status, &body["variables"][0]["code"]),
        (201, &json!("SUCCESS")),
        "{body}"
    );
    body["variables"][0]["details"]["id"].as_str().unwrap().to_owned()
}

fn value(world: &mut World, name: &str) -> Value {
    world.good(&format!("GET settings/variables/{name}"))["variables"][0]["value"].clone()
}

pub(crate) fn variable_added(world: &mut World) {
    let before = world.good("GET settings/variables")["variables"]
        .as_array()
        .unwrap()
        .len();
    let id = variable(world, "Desk_hours");
    assert_eq!(value(world, "Desk_hours"), "9");
    assert_eq!(value(world, &id), "9");
    assert_eq!(
        world.good("GET settings/variables")["variables"]
            .as_array()
            .unwrap()
            .len(),
        before + 1
    );
    assert_eq!(
        world.call("GET settings/variables/Desk_hours?group=General").0,
        200
    );
    assert_eq!(
        world.call("GET settings/variables/Desk_hours?group=Renewals").0,
        400
    );
    let group = json!({ "api_name": "General" });
    for (wrong, code) in [
        (
            json!({ "name": "a", "api_name": "a", "type": "text" }),
            "MANDATORY_NOT_FOUND",
        ),
        (
            json!({ "name": "a", "type": "text", "variable_group": group }),
            "MANDATORY_NOT_FOUND",
        ),
        (
            json!({ "name": "a", "api_name": "1a", "type": "text", "variable_group": group }),
            "PATTERN_NOT_MATCHED",
        ),
        (
            json!({ "name": "a", "api_name": "Desk_hours", "type": "text", "variable_group": group }),
            "DUPLICATE_DATA",
        ),
        (
            json!({ "name": "a", "api_name": "a", "type": "bogus", "variable_group": group }),
            "INVALID_DATA",
        ),
        (
            json!({ "name": "a", "api_name": "a", "type": "text", "variable_group": { "id": "12" } }),
            "INVALID_DATA",
        ),
    ] {
        let (status, body) = world.put("POST settings/variables", json!({ "variables": [wrong] }));
        assert_eq!(
            (status, &body["variables"][0]["code"]),
            (400, &json!(code)),
            "{wrong}"
        );
    }
}

pub(crate) fn variables_updated(world: &mut World) {
    let id = variable(world, "Desk_hours");
    let wanted = json!({ "variables": [{ "id": id, "value": "10" }, { "id": "12", "value": "10" }] });
    let (status, body) = world.put("PUT settings/variables", wanted);
    assert_eq!(
        (status, &body["variables"][1]["code"]),
        (207, &json!("INVALID_DATA"))
    );
    assert_eq!(value(world, "Desk_hours"), "10");
}

pub(crate) fn variable_updated(world: &mut World) {
    variable(world, "Desk_hours");
    let change = json!({ "variables": [{ "value": "11", "api_name": "Opening_hours" }] });
    assert_eq!(world.put("PUT settings/variables/Desk_hours", change).0, 200);
    assert_eq!(value(world, "Opening_hours"), "11");
    let taken = json!({ "variables": [{ "api_name": "Notice_days" }] });
    let (status, body) = world.put("PUT settings/variables/Opening_hours", taken);
    assert_eq!(
        (status, &body["variables"][0]["code"]),
        (400, &json!("DUPLICATE_DATA"))
    );
}

pub(crate) fn variables_deleted(world: &mut World) {
    let id = variable(world, "Desk_hours");
    assert_eq!(
        world.call(&format!("DELETE settings/variables?ids={id},12")).0,
        207
    );
    assert_eq!(world.call(&format!("GET settings/variables/{id}")).0, 400);
    assert_eq!(world.call("DELETE settings/variables").0, 400);
}

pub(crate) fn variable_deleted(world: &mut World) {
    let id = variable(world, "Desk_hours");
    assert_eq!(world.call(&format!("DELETE settings/variables/{id}")).0, 200);
    assert_eq!(world.call(&format!("GET settings/variables/{id}")).0, 400);
}

fn currencies(world: &mut World) -> Vec<Value> {
    world.good("GET org/currencies")["currencies"]
        .as_array()
        .unwrap()
        .clone()
}

fn euro(world: &mut World) -> String {
    let euro = json!({ "currencies": [{ "iso_code": "EUR", "symbol": "€", "exchange_rate": "0.92" }] });
    let (status, body) = world.put("POST org/currencies", euro);
    assert_eq!(status, 200, "{body}");
    body["currencies"][0]["details"]["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// createCurrencies and its neighbours in the OpenAPI set of 2026: the code and the rate must be there.
pub(crate) fn currency_added(world: &mut World) {
    let before = currencies(world).len();
    let id = euro(world);
    let shown = world.good(&format!("GET org/currencies/{id}"))["currencies"][0].clone();
    assert_eq!(
        (&shown["iso_code"], &shown["exchange_rate"]),
        (&json!("EUR"), &json!("0.92"))
    );
    assert_eq!(
        (&shown["is_base"], &shown["is_active"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(currencies(world).len(), before + 1);
    for (odd, code, name) in [
        (json!({ "exchange_rate": "1" }), "MANDATORY_NOT_FOUND", "iso_code"),
        (
            json!({ "iso_code": "CHF" }),
            "MANDATORY_NOT_FOUND",
            "exchange_rate",
        ),
        (
            json!({ "iso_code": "CHF", "exchange_rate": "much" }),
            "INVALID_DATA",
            "exchange_rate",
        ),
        (
            json!({ "iso_code": "francs", "exchange_rate": "1" }),
            "INVALID_DATA",
            "iso_code",
        ),
        (
            json!({ "iso_code": "EUR", "exchange_rate": "1" }),
            "DUPLICATE_DATA",
            "iso_code",
        ),
    ] {
        let (_, body) = world.put("POST org/currencies", json!({ "currencies": [odd] }));
        let told = &body["currencies"][0];
        assert_eq!(
            (&told["code"], &told["details"]["api_name"]),
            (&json!(code), &json!(name)),
            "{body}"
        );
    }
    assert_eq!(currencies(world).len(), before + 1);
}

pub(crate) fn currency_changed(world: &mut World) {
    let id = euro(world);
    let change =
        json!({ "currencies": [{ "exchange_rate": "0.95", "format": { "decimal_separator": "Comma" } }] });
    assert_eq!(world.put(&format!("PUT org/currencies/{id}"), change).0, 200);
    let shown = world.good(&format!("GET org/currencies/{id}"))["currencies"][0].clone();
    assert_eq!(shown["exchange_rate"], "0.95");
    assert_eq!(
        shown["format"],
        json!({ "decimal_separator": "Comma", "thousand_separator": "Comma", "decimal_places": "2" })
    );
}

pub(crate) fn currencies_changed(world: &mut World) {
    let id = euro(world);
    let base = currencies(world)
        .iter()
        .find(|one| one["is_base"] == true)
        .unwrap()["id"]
        .clone();
    let change = json!({ "currencies": [{ "id": id, "is_active": false }, { "id": base, "is_active": false }, { "id": "1" }] });
    let (_, body) = world.put("PUT org/currencies", change);
    let codes: Vec<&str> = body["currencies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["SUCCESS", "NOT_ALLOWED", "INVALID_DATA"], "{body}");
    assert_eq!(
        world.good(&format!("GET org/currencies/{id}"))["currencies"][0]["is_active"],
        false
    );
}

/// The OpenAPI set of 2026: what must be there, two kinds of permission, NOT_ALLOWED for the organization's own.
pub(crate) fn territories(world: &mut World) {
    let rows = world.good("GET settings/territories")["territories"].clone();
    let top = rows[0]["id"].as_str().unwrap().to_owned();
    let asia = rows[2]["id"].as_str().unwrap().to_owned();
    let user = world.good("GET users?type=AllUsers")["users"][1].clone();
    let new = json!({ "name": "Nordic countries", "reporting_to": { "id": top }, "permission_type": "read_only", "manager": { "id": user["id"] } });
    let (status, body) = world.put("POST settings/territories", json!({ "territories": [new] }));
    assert_eq!(status, 201, "{body}");
    let id = body["territories"][0]["details"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let one =
        |world: &mut World| world.good(&format!("GET settings/territories/{id}"))["territories"][0].clone();
    let made = one(world);
    assert_eq!(
        (&made["api_name"], &made["reporting_to"]["id"]),
        (&json!("Nordic_countries"), &json!(top))
    );
    assert_eq!(made["manager"]["id"], user["id"]);
    let wrong = [
        (
            json!({ "name": "x", "permission_type": "read_only" }),
            "MANDATORY_NOT_FOUND",
            "reporting_to",
        ),
        (
            json!({ "name": "Nordic countries", "permission_type": "read_only", "reporting_to": { "id": top } }),
            "DUPLICATE_DATA",
            "name",
        ),
        (
            json!({ "name": "x", "permission_type": "all", "reporting_to": { "id": top } }),
            "INVALID_DATA",
            "permission_type",
        ),
        (
            json!({ "name": "x", "permission_type": "read_only", "reporting_to": { "id": "12" } }),
            "INVALID_DATA",
            "id",
        ),
    ];
    for (given, code, name) in wrong {
        let (status, body) = world.put("POST settings/territories", json!({ "territories": [given] }));
        let error = &body["territories"][0];
        assert_eq!(
            (status, &error["code"], &error["details"]["api_name"]),
            (400, &json!(code), &json!(name)),
            "{body}"
        );
    }
    let moved =
        json!({ "territories": [{ "description": "Oslo to Helsinki", "reporting_to": { "id": asia } }] });
    assert_eq!(world.put(&format!("PUT settings/territories/{id}"), moved).0, 200);
    let many = json!({ "territories": [{ "id": id, "name": "North" }, { "id": top, "reporting_to": { "id": asia } }] });
    let (status, body) = world.put("PUT settings/territories", many);
    assert_eq!(
        (status, &body["territories"][1]["code"]),
        (207, &json!("NOT_ALLOWED")),
        "{body}"
    );
    let now = one(world);
    assert_eq!(
        (&now["name"], &now["description"]),
        (&json!("North"), &json!("Oslo to Helsinki"))
    );
    let (status, body) = world.call(&format!("DELETE settings/territories/{asia}"));
    assert_eq!(
        (status, &body["territories"][0]["code"]),
        (400, &json!("NOT_ALLOWED")),
        "{body}"
    );
    assert_eq!(
        world.call(&format!("DELETE settings/territories?ids={id}")).0,
        200
    );
    assert_eq!(world.call(&format!("GET settings/territories/{id}")).0, 400);
    let again = json!({ "name": "North", "reporting_to": { "id": top }, "permission_type": "read_only" });
    let (_, body) = world.put("POST settings/territories", json!({ "territories": [again] }));
    let id = body["territories"][0]["details"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(world.call(&format!("DELETE settings/territories/{id}")).0, 200);
    assert_eq!(world.call(&format!("GET settings/territories/{id}")).0, 400);
}
