//! Every operation that is served, asked as CRM's documents do not have it: without its scopes, without a parameter or the
//! key of a body that must be there; and opened by each set of scopes that they list for it.

use std::collections::BTreeSet;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ALL, ROUTES, World, read};

/// Method, path, parameters of the query that must be there, the key of a body, the scopes as alternatives.
#[derive(Deserialize)]
struct Declared(String, String, Vec<String>, Option<String>, Vec<Vec<String>>);

/// Scopes as the documents list them and nobody can mean: without the product, or of another operation that has the same
/// address (users are searched there, too).
const SLIPS: [&str; 3] = [
    "settings.scoring_rules.READ",
    "ZohoCRM.users.READ+ZohoSearch.securesearch.READ",
    "ZohoCRM.mass_update.READ",
];

/// What is answered before the body is looked at: no lead is in a blueprint. And a parameter that one of the two documents
/// does not know, and no page of the help calls required.
const BEFORE: [(&str, &str); 3] = [
    ("{module}/{id}/actions/blueprint", "blueprint"),
    ("{module}/{id}/Emails", "owner_id"),
    ("{module}/{id}/Emails/{message}", "owner_id"),
];

fn declared() -> Vec<Declared> {
    let facts: Value = serde_json::from_str(include_str!("../facts/crm-declared.json")).unwrap();
    serde_json::from_value(facts["operations"].clone()).unwrap()
}

fn module(path: &str) -> &'static str {
    match path.contains("Contact_Roles") || path.starts_with("Deals/") {
        true => "Deals",
        false => "Leads",
    }
}

/// The operation with a record that is there; what else has an id need not be.
fn line(world: &mut World, operation: &Declared, but: &str) -> String {
    let Declared(method, path, needed, ..) = operation;
    let module = module(path);
    let id = world.first(module);
    let product = world.first("Products");
    let note = json!({ "data": [{ "Note_Content": "probed" }] });
    let note = world.put(&format!("POST {module}/{id}/Notes"), note).1["data"][0]["details"]["id"].clone();
    let variable = world.good("GET settings/variables")["variables"][0]["id"].clone();
    let tag = world.good("GET settings/tags?module=Leads")["tags"][0]["id"].clone();
    let part = |part: &str| match part {
        "{variable}" => variable.as_str().unwrap().to_owned(),
        "{tag}" => tag.as_str().unwrap().to_owned(),
        "{other}" => product.clone(),
        "{note}" => note.as_str().unwrap().to_owned(),
        "{module}" | "{name}" => module.to_owned(),
        "{id}" | "{lead}" | "{deal}" => id.clone(),
        "{list}" => "Products".to_owned(),
        part if part.starts_with('{') => "1".to_owned(),
        part => part.to_owned(),
    };
    let path: Vec<String> = path.split('/').map(part).collect();
    let value = |name: &str| match name {
        "module" => module,
        "fields" => "id",
        _ => "1",
    };
    let route = ROUTES
        .iter()
        .find(|route| (route.method, route.path) == (method, &operation.1));
    let of_module = route.unwrap().query.contains(&"module");
    let mut names: BTreeSet<&str> = needed.iter().map(String::as_str).collect();
    names.extend(of_module.then_some("module"));
    names.remove(but);
    let query: Vec<String> = names
        .iter()
        .map(|name| format!("{name}={}", value(name)))
        .collect();
    format!("{method} {}?{}", path.join("/"), query.join("&"))
}

fn asked(world: &mut World, operation: &Declared, but: &str, body: &str) -> (u16, Value, String) {
    world.scopes = ALL.iter().map(|scope| (*scope).to_owned()).collect();
    let line = line(world, operation, but);
    world.scopes.extend(scopes_of(operation).into_iter().flatten());
    let reply = world.send(&line, Bytes::from(body.to_owned()));
    let (status, body) = read(&reply);
    (status, body, line)
}

/// The sets of scopes that open an operation.
fn scopes_of(Declared(_, path, _, _, scopes): &Declared) -> Vec<Vec<String>> {
    let module = module(path).to_lowercase();
    let set = |set: &Vec<String>| {
        set.iter()
            .map(|scope| scope.replace("{module}", &module))
            .collect()
    };
    let sets = scopes
        .iter()
        .filter(|set| !SLIPS.contains(&set.join("+").as_str()));
    sets.map(set).collect()
}

#[test]
fn the_scopes_that_are_listed_open_it_and_others_do_not() {
    let mut faults = Vec::new();
    let (mut world, mut opened) = (World::new(), 0);
    for operation in declared() {
        let full: Vec<String> = ALL.iter().map(|scope| (*scope).to_owned()).collect();
        world.scopes = full;
        let line = line(&mut world, &operation, "");
        let mut mismatched = |scopes: Vec<String>| {
            world.scopes = scopes;
            world.call(&line).1["code"] == "OAUTH_SCOPE_MISMATCH"
        };
        if !mismatched(vec!["ZohoCRM.nothing.READ".to_owned()]) {
            faults.push(format!("{line}: open to anybody"));
        }
        for set in scopes_of(&operation) {
            opened += 1;
            if mismatched(set.clone()) {
                faults.push(format!("{line}: closed to {set:?}"));
            }
        }
    }
    assert!(opened > 150, "{opened}");
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn what_must_be_there_is_missed() {
    let mut faults = Vec::new();
    let (mut world, mut looked) = (World::new(), 0);
    for operation in declared() {
        let is_known = |name: &str| BEFORE.contains(&(operation.1.as_str(), name));
        for name in operation.2.iter().filter(|name| !is_known(name)) {
            let (status, body, line) = asked(&mut world, &operation, name, "");
            let missed = body["code"] == "REQUIRED_PARAM_MISSING" && body["details"]["param_name"] == **name;
            if !missed || status != 400 {
                faults.push(format!("{line} without {name}: {status} {body}"));
            }
            looked += 1;
        }
        let Some(key) = operation.3.as_ref().filter(|key| !is_known(key)) else {
            continue;
        };
        for sent in [
            json!({}),
            json!({ "colour": "red" }),
            json!({ (key.as_str()): null }),
        ] {
            let (status, body, line) = asked(&mut world, &operation, "", &sent.to_string());
            let named = body["details"].to_string().contains(key.as_str());
            if body["code"] != "MANDATORY_NOT_FOUND" || !named || status != 400 {
                faults.push(format!("{line} with {sent}: {status} {body}"));
            }
            looked += 1;
        }
    }
    assert!(looked > 90, "{looked}");
    assert!(faults.is_empty(), "{faults:#?}");
}
