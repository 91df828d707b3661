//! Every route the sandbox serves is an operation CRM documents, with parameters it declares.

use std::collections::BTreeSet;

use bytes::Bytes;
use serde_json::Value;

use super::{ROUTES, World};

fn official() -> Vec<(String, Vec<String>, BTreeSet<String>)> {
    let facts: Value = serde_json::from_str(include_str!("../facts/crm-operations.json")).unwrap();
    let operations = facts["operations"].as_array().unwrap().clone();
    let read = |operation: &Value| {
        let path = operation[1]
            .as_str()
            .unwrap()
            .split('/')
            .map(str::to_owned)
            .collect();
        let names = operation[2]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect();
        (operation[0].as_str().unwrap().to_owned(), path, names)
    };
    operations.iter().map(read).collect()
}

/// The declared parameters of a path, if the operation is documented.
fn declared(method: &str, path: &str) -> Option<BTreeSet<String>> {
    let path: Vec<&str> = path.split('/').collect();
    let fits = |pattern: &[String]| {
        let open = |part: &str| part.starts_with(|first: char| first == '{' || first.is_ascii_uppercase());
        let same = |(wanted, part): (&String, &&str)| wanted == part || (wanted == "{}" && open(part));
        pattern.len() == path.len() && pattern.iter().zip(&path).all(same)
    };
    let mut found = None;
    for (_, _, names) in official()
        .iter()
        .filter(|(verb, pattern, _)| verb == method && fits(pattern))
    {
        found
            .get_or_insert_with(BTreeSet::new)
            .extend(names.iter().cloned());
    }
    found
}

#[test]
fn routes_are_documented_operations_with_declared_parameters() {
    assert!(ROUTES.len() > 50);
    for route in ROUTES {
        let declared = declared(route.method, route.path)
            .unwrap_or_else(|| panic!("{} {} is not an operation", route.method, route.path));
        // The form fields of an upload may also be sent in the query; they are declared there.
        for name in route.query {
            assert!(
                declared.contains(*name),
                "{} {} does not declare {name}: {declared:?}",
                route.method,
                route.path
            );
        }
    }
    assert_eq!(declared("GET", "settings/nothing"), None);
}

#[test]
fn routes_are_told_apart() {
    let mut seen = BTreeSet::new();
    for route in ROUTES {
        assert!(
            seen.insert((route.method, route.path)),
            "{} {} is there twice",
            route.method,
            route.path
        );
    }
}

#[test]
fn an_unknown_path_is_zohos_404_and_marked() {
    let mut world = World::new();
    for line in [
        "GET nothing",
        "GET settings/nothing",
        "GET Leads/1/__email_drafts",
        "GET Leads/1/2/3/4",
        "POST Leads/1/actions/send_mail_merge",
        "GET composite",
    ] {
        let reply = world.send(line, Bytes::new());
        let (status, body) = super::read(&reply);
        assert_eq!(
            (status, body["code"].as_str()),
            (404, Some("INVALID_URL_PATTERN")),
            "{line}"
        );
        assert_eq!(
            body["message"],
            "Please check if the URL trying to access is a correct one"
        );
        assert!(reply.unserved, "{line}");
    }
    let (status, body) = world.call("PATCH Leads");
    assert_eq!(
        (status, body["code"].as_str()),
        (400, Some("INVALID_REQUEST_METHOD"))
    );
}

/// Whether an operation's path may be taken for that of a route with the same method.
fn leads_to(route: &zoho_mcp::sandbox::crm::Route, method: &str, path: &[String]) -> bool {
    let parts: Vec<&str> = route.path.split('/').collect();
    let is_module = |part: &str| part == "{}" || part.starts_with(|first: char| first.is_ascii_uppercase());
    let fits = |(wanted, part): (&&str, &String)| match *wanted {
        "{module}" => is_module(part),
        "{list}" => part != "actions" && !part.starts_with("__"),
        wanted if wanted.starts_with('{') => part == "{}",
        wanted => {
            wanted == part || part == "{}" && wanted.starts_with(|first: char| first.is_ascii_uppercase())
        }
    };
    route.method == method && parts.len() == path.len() && parts.iter().zip(path).all(fits)
}

#[test]
fn what_is_documented_and_not_served_is_marked() {
    let mut world = World::new();
    let (mut all, mut silent) = (0, Vec::new());
    for (method, path, _) in official() {
        if path.first().is_some_and(|first| first == "bulk")
            || ROUTES.iter().any(|route| leads_to(route, &method, &path))
        {
            continue;
        }
        let filled = |(at, part): (usize, &String)| match (at, part.as_str()) {
            (0, "{}") => "Leads".to_owned(),
            (_, "{}") => "5725767000000123001".to_owned(),
            (_, literal) => literal.to_owned(),
        };
        let path: Vec<String> = path.iter().enumerate().map(filled).collect();
        let line = format!("{method} {}", path.join("/"));
        if !world.send(&line, Bytes::new()).unserved {
            silent.push(line);
        }
        all += 1;
    }
    assert!(all > 200, "{all}");
    assert!(silent.is_empty(), "{silent:#?}");
}
