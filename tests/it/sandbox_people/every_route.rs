//! For every person and every route: the answer, or Zoho's own form of a refusal, and never another person's rights.

use bytes::Bytes;
use serde_json::{Value, json};
use zoho_mcp::sandbox::crm::ROUTES as CRM_ROUTES;
use zoho_mcp::sandbox::desk::routes::ROUTES as DESK_ROUTES;
use zoho_mcp::sandbox::people::identities;

use crate::sandbox_crm::World;
use crate::sandbox_desk::tester::{Tester, id};

/// A path with an id of a record that there is in place of its first placeholder.
fn filled(t: &mut Tester, path: &str) -> String {
    let list = path.split('/').nth(1).unwrap().to_owned();
    let mut ids: Vec<String> = Vec::new();
    for part in path.split('/').filter(|part| part.starts_with('{')) {
        let listed = if ids.is_empty() && !list.starts_with('{') {
            t.get(&format!("/{list}")).1
        } else {
            Value::Null
        };
        let rows = listed.as_object().and_then(|all| all.values().next()?.as_array());
        let last = rows
            .and_then(|rows| rows.last())
            .filter(|row| row["id"].is_string());
        ids.push(match part {
            "{emailId}" => "lena@brightharbor.example".to_owned(),
            "{locale}" => "en".to_owned(),
            "{channelCode}" => "EMAIL".to_owned(),
            "{moduleApiName}" => "cm_service_vehicles".to_owned(),
            _ => last.map_or("1".to_owned(), id),
        });
    }
    let mut ids = ids.into_iter();
    let segments = path.split('/').map(|part| match part.starts_with('{') {
        true => ids.next().unwrap(),
        false => part.to_owned(),
    });
    segments.collect::<Vec<String>>().join("/")
}

#[test]
fn desk_answers_or_refuses_everybody_in_its_own_form() {
    let mut t = Tester::new(40);
    let start = t.desk.clone();
    for route in DESK_ROUTES.iter() {
        t.person = &identities()[0];
        t.desk = start.clone();
        let target = match route.path.as_str() {
            path @ ("/organizationFields/{fieldId}" | "/fields/{fieldId}") => path.replace("{fieldId}", "1"),
            path => filled_or_plain(&mut t, path),
        };
        let mut bodies = Vec::new();
        for person in identities() {
            t.desk = start.clone();
            t.person = person;
            let mut request = t.request(&route.method, &target);
            if route.method != "GET" {
                request.body = Bytes::from("{}");
            }
            let reply = t.raw(&request);
            let name = format!("{}: {} {target}", person.id, route.method);
            let body: Value = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
            match reply.status {
                200..=299 => {}
                400..=499 => assert!(
                    body["errorCode"].is_string() && body["message"].is_string(),
                    "{name}: {} {body}",
                    reply.status
                ),
                other => panic!("{name}: {other} {body}"),
            }
            bodies.push((person.id.as_str(), reply.status, body["errorCode"].clone()));
        }
        let of = |id: &str| bodies.iter().find(|(person, ..)| *person == id).unwrap();
        // What a ticket's blueprint or one's own account forbids is forbidden to administrators, too.
        let is_free = !target.contains("/transitions/") && !target.ends_with("/deactivate");
        assert!(
            !is_free || of("admin").2 != "FORBIDDEN",
            "{} {target}",
            route.method
        );
        if route.method != "GET" && !is_for_light_agents(&route.path) {
            assert_eq!(
                (of("light_agent").1, &of("light_agent").2),
                (403, &json!("FORBIDDEN")),
                "{} {target}",
                route.method
            );
        }
        if route.handler != "organizations.list" && !route.path.starts_with("/organizations") {
            assert_eq!(
                (of("standard").1, &of("standard").2),
                (403, &json!("FORBIDDEN")),
                "{} {target}",
                route.method
            );
        }
    }
}

fn filled_or_plain(t: &mut Tester, path: &str) -> String {
    if path.contains('{') {
        filled(t, path)
    } else {
        path.to_owned()
    }
}

/// What a light agent writes: private comments, the view last looked at, a file before it is attached, what has been read.
fn is_for_light_agents(path: &str) -> bool {
    path.ends_with("/comments")
        || path.contains("markAs")
        || path == "/uploads"
        || path.starts_with("/lastAccessedView")
}

#[test]
fn crm_answers_or_refuses_everybody_in_its_own_form() {
    let mut world = World::new();
    let beside = [
        "share.ALL",
        "send_mail.all.CREATE",
        "composite_requests.CUSTOM",
        "templates.ALL",
    ];
    world
        .scopes
        .extend(beside.map(|scope| format!("ZohoCRM.{scope}")));
    let module = "Accounts";
    let account = world.first(module);
    for route in CRM_ROUTES {
        let path = route
            .path
            .replace("{module}", module)
            .replace("{id}", &account)
            .replace("{list}", "Contacts");
        let path: Vec<&str> = path
            .split('/')
            .map(|part| if part.starts_with('{') { "1" } else { part })
            .collect();
        let line = format!(
            "{} {}?fields=id&module={module}",
            route.method,
            path.join("/").replacen("bulk/", "bulk/v8/", 1)
        );
        let start = world.crm.clone();
        for person in identities() {
            world.crm = start.clone();
            world.person = person;
            let body = if route.method == "GET" {
                ""
            } else {
                "{\"data\":[{}]}"
            };
            let reply = world.send(&line, Bytes::from(body));
            let body: Value = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
            let name = format!("{}: {line}: {} {body}", person.id, reply.status);
            let told = match body.as_object().and_then(|all| all.values().next()) {
                Some(Value::Array(rows)) => rows.first().unwrap_or(&body),
                _ => &body,
            };
            if reply.status >= 400 {
                assert!(
                    told["code"].is_string() && told["details"].is_object() && told["status"] == "error",
                    "{name}"
                );
            }
            let refused = told["code"] == "NO_PERMISSION";
            if refused {
                let missing = told["details"]["permissions"].as_array().unwrap();
                assert_eq!(reply.status, 403, "{name}");
                assert!(
                    !missing.is_empty()
                        && missing
                            .iter()
                            .all(|one| one.as_str().unwrap().starts_with("Crm_Implied_")),
                    "{name}"
                );
            }
            assert!(person.crm != Some(0) || !refused, "{name}");
            assert!(
                person.crm.is_some() || told["code"] == "AUTHENTICATION_FAILURE",
                "{name}"
            );
            if person.id == "read_only" && route.method != "GET" && !is_for_readers(route.path) {
                assert!(refused, "{name}");
            }
        }
        world.crm = start;
        world.person = &identities()[0];
    }
}

/// What changes no record: queries, counts, notifications, files that belong to nothing; what bulk jobs are about is in
/// their body, which is looked at first.
fn is_for_readers(path: &str) -> bool {
    let open = [
        "coql",
        "actions/watch",
        "files",
        "upload",
        "bulk/read",
        "bulk/write",
        // Each of its parts is asked for by itself.
        "__composite_requests",
    ];
    // From the bin one restores what one owns (OAS 2026, restoreRecycleBinRecords).
    open.contains(&path)
        || path.starts_with("settings/recycle_bin/")
        || path.ends_with("get_related_records_count")
}
