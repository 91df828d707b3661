//! Every operation that is served, asked wrongly in every way its declaration knows: without the scope, with a parameter
//! too many, without one that must be there, with a value that is none; and every operation that Zoho documents and is
//! not served, which says so.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use zoho_mcp::sandbox::desk::routes::{ROUTES, Route};

use super::tester::Tester;

/// A path of the operation's shape; its records need not be there, for what is declared is looked at first.
fn path(pattern: &str) -> String {
    let part = |part: &str| match part {
        "{emailId}" => "nobody@example.com".to_owned(),
        "{locale}" => "en".to_owned(),
        "{channelCode}" => "EMAIL".to_owned(),
        "{moduleApiName}" => "cm_service_vehicles".to_owned(),
        _ if part.starts_with('{') => "12".to_owned(),
        literal => literal.to_owned(),
    };
    pattern.split('/').map(part).collect::<Vec<String>>().join("/")
}

/// The parameters that must be there, each with a value of its kind.
fn needed(route: &Route, but: &str) -> Vec<String> {
    let needed = route
        .query
        .iter()
        .filter(|(name, param)| param.required && *name != but);
    let value = |kind: &str| match kind {
        "id" | "integer" => "12",
        "boolean" => "true",
        "object" => "{}",
        _ => "some",
    };
    needed
        .map(|(name, param)| {
            let value = param.values.first().map_or(value(&param.kind), String::as_str);
            format!("{name}={value}")
        })
        .collect()
}

fn asked(t: &mut Tester, route: &Route, query: &[String]) -> (u16, Value) {
    let mut request = t.request(
        &route.method,
        &format!("{}?{}", path(&route.path), query.join("&")),
    );
    if route.body.is_some() {
        request.body = "{}".into();
    }
    let reply = t.raw(&request);
    let body = serde_json::from_slice(&reply.body).unwrap_or_default();
    (reply.status, body)
}

#[test]
fn without_its_scope_nothing_is_done() {
    let mut t = Tester::new(10);
    let mut all = 0;
    for route in ROUTES.iter().filter(|route| !route.scopes.is_empty()) {
        t.scopes = vec!["Desk.forums.READ".to_owned()];
        let (status, body) = asked(&mut t, route, &[]);
        let refused = (status, body["errorCode"].as_str());
        assert_eq!(
            refused,
            (403, Some("SCOPE_MISMATCH")),
            "{} {}",
            route.method,
            route.path
        );
        all += 1;
    }
    assert!(all > 380, "{all}");
}

#[test]
fn parameters_are_looked_at() {
    let mut t = Tester::new(10);
    let mut looked = 0;
    let mut refused = |route: &Route, query: &[String], part: &str| {
        let (status, body) = asked(&mut t, route, query);
        let message = body["message"].as_str().unwrap_or_default();
        assert!(
            status == 422 && message.contains(part),
            "{} {}?{}: {status} {body}",
            route.method,
            route.path,
            query.join("&")
        );
        looked += 1;
    };
    for route in ROUTES.iter() {
        let with = |more: &str, but: &str| [needed(route, but), vec![more.to_owned()]].concat();
        refused(route, &with("colour=red", ""), "Extra query parameter 'colour'");
        for (name, param) in &route.query {
            if param.required {
                refused(route, &needed(route, name), &format!("'{name}'"));
            }
            let wrong = match param.kind.as_str() {
                _ if !param.values.is_empty() => "nothing-of-the-kind",
                "id" | "integer" => "abc",
                "boolean" => "perhaps",
                _ => continue,
            };
            refused(route, &with(&format!("{name}={wrong}"), name), name);
        }
    }
    assert!(looked > 900, "{looked}");
}

#[test]
fn bodies_are_looked_at() {
    let mut t = Tester::new(10);
    let mut looked = 0;
    for route in ROUTES.iter() {
        let Some(body) = &route.body else { continue };
        let target = format!("{}?{}", path(&route.path), needed(route, "").join("&"));
        if !body.properties.is_empty() {
            let (_, error) = t.refused(&route.method, &target, json!({"colour": "red"}));
            let message = error["message"].as_str().unwrap_or_default().to_owned();
            assert!(message.contains("'colour'"), "{} {target}: {error}", route.method);
            looked += 1;
        }
        for name in &body.required {
            let mut sent: Map<String, Value> = Map::new();
            sent.extend(
                body.required
                    .iter()
                    .filter(|other| *other != name)
                    .map(|other| (other.clone(), json!("12"))),
            );
            // With nothing at all an operation may say that the body is empty.
            sent.entry(name.clone()).or_insert(Value::Null);
            let (status, error) = t.refused(&route.method, &target, sent.into());
            let errors = error["errors"].as_array().cloned().unwrap_or_default();
            let missing =
                json!({"fieldName": format!("/{name}"), "errorType": "missing", "errorMessage": ""});
            assert!(
                status == 422 && errors.contains(&missing),
                "{} {target} without {name}: {error}",
                route.method
            );
            looked += 1;
        }
    }
    assert!(looked > 150, "{looked}");
}

#[test]
fn what_is_documented_and_not_served_is_marked() {
    let facts: Value = serde_json::from_str(include_str!("../facts/desk-operations.json")).unwrap();
    let served: BTreeSet<(&str, &str)> = ROUTES
        .iter()
        .map(|route| (route.method.as_str(), route.path.as_str()))
        .collect();
    let mut t = Tester::new(10);
    let (mut all, mut silent) = (0, Vec::new());
    for operation in facts["operations"].as_array().unwrap() {
        let (method, pattern) = (
            operation["method"].as_str().unwrap(),
            operation["path"].as_str().unwrap(),
        );
        if served.contains(&(method, pattern)) {
            continue;
        }
        let request = t.request(method, &path(pattern));
        if !t.raw(&request).unserved {
            silent.push(format!("{method} {pattern}"));
        }
        all += 1;
    }
    assert!(all > 300, "{all}");
    assert!(silent.is_empty(), "{silent:#?}");
}
