//! What Desk refuses, and in which words.

use bytes::Bytes;
use serde_json::{Value, json};

use super::tester::{Tester, id};

fn code(tester: &mut Tester, target: &str) -> (u16, String) {
    let (status, body) = tester.get(target);
    (status, body["errorCode"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn queries_are_checked() {
    let mut tester = Tester::new(20);
    for (target, message) in [
        (
            "/tickets?colour=red",
            "Extra query parameter 'colour' is present in the input.",
        ),
        (
            "/tickets?limit=101",
            "The value passed for field 'limit' exceeds the range of '1-100'.",
        ),
        (
            "/tickets?limit=0",
            "The value passed for field 'limit' exceeds the range of '1-100'.",
        ),
        (
            "/agents?limit=201",
            "The value passed for field 'limit' exceeds the range of '0-200'.",
        ),
        (
            "/tickets?from=x",
            "The value passed for the 'from' query parameter is invalid.",
        ),
        (
            "/tickets?sortBy=colour",
            "The value passed for the 'sortBy' query parameter is invalid.",
        ),
        (
            "/tickets?include=contacts,dogs",
            "The value passed for the 'include' query parameter is invalid.",
        ),
        (
            "/tickets?departmentId=abc",
            "The value passed for the 'departmentId' query parameter is invalid.",
        ),
        (
            "/contacts/search?_all=ab",
            "The length of the value passed for '_all' is less than the specified minimum length of '3'",
        ),
        (
            "/views",
            "The mandatory query parameter 'module' is missing in the input.",
        ),
        (
            "/views?module=dogs",
            "The value passed for the 'module' query parameter is invalid.",
        ),
        (
            "/tickets?viewId=12",
            "The value passed for the 'viewId' query parameter is invalid.",
        ),
        (
            "/tickets/search?createdTimeRange=yesterday",
            "The value passed for the 'createdTimeRange' query parameter is invalid.",
        ),
    ] {
        let (status, body) = tester.get(target);
        assert_eq!(status, 422, "{target}: {body}");
        assert_eq!(body["errorCode"], "UNPROCESSABLE_ENTITY", "{target}");
        assert_eq!(body["message"], message, "{target}");
    }
}

#[test]
fn bodies_are_checked() {
    let mut tester = Tester::new(20);
    let department = tester.rows("/departments")[0]["id"].clone();
    let contact = tester.rows("/contacts")[0]["id"].clone();
    let good = json!({"subject": "Late", "departmentId": department, "contactId": contact});
    let with = |key: &str, value: Value| {
        let mut body = good.clone();
        body[key] = value;
        body
    };
    for (body, field, kind) in [
        (with("departmentId", json!("12")), "/departmentId", "invalid"),
        (with("departmentId", Value::Null), "/departmentId", "missing"),
        (with("contactId", json!("nobody")), "/contactId", "invalid"),
        (
            json!({"subject": "Late", "departmentId": department}),
            "/contactId",
            "missing",
        ),
        (with("subject", json!("x".repeat(1001))), "/subject", "invalid"),
        (with("email", json!("not an address")), "/email", "invalid"),
        (with("status", json!("Sleeping")), "/status", "invalid"),
        (with("priority", json!("Enormous")), "/priority", "invalid"),
        (with("dueDate", json!("tomorrow")), "/dueDate", "invalid"),
        (
            with("cf", json!({"cf_severity": "Enormous"})),
            "/cf/cf_severity",
            "invalid",
        ),
        (
            with("secondaryContacts", json!(["1"])),
            "/secondaryContacts/0",
            "invalid",
        ),
    ] {
        let (status, error) = tester.refused("POST", "/tickets", body);
        assert_eq!(
            (status, error["errorCode"].as_str()),
            (422, Some("INVALID_DATA")),
            "{error}"
        );
        assert_eq!(error["errors"][0]["fieldName"], field);
        assert_eq!(error["errors"][0]["errorType"], kind);
    }
    let (status, error) = tester.refused("POST", "/tickets", with("colour", json!("red")));
    assert_eq!(
        (status, error["message"].as_str()),
        (422, Some("An extra parameter 'colour' is found"))
    );
    let (_, error) = tester.refused("POST", "/tickets", with("cf", json!({"cf_colour": "red"})));
    assert_eq!(error["message"], "An extra parameter 'cf_colour' is found");
    let ticket = id(&tester.rows("/tickets")[0]);
    let (_, error) = tester.refused("PATCH", &format!("/tickets/{ticket}"), json!({"tags": ["a"]}));
    assert_eq!(error["message"], "An extra parameter 'tags' is found");
    let known = tester.rows("/contacts")[1]["email"].clone();
    let (_, error) = tester.refused("POST", "/contacts", json!({"lastName": "Twin", "email": known}));
    assert_eq!(
        error["errors"][0],
        json!({"fieldName": "/email", "errorType": "duplicate", "errorMessage": ""})
    );
}

#[test]
fn malformed_requests_are_refused() {
    let mut tester = Tester::new(20);
    let mut request = tester.request("POST", "/tickets");
    assert_eq!(tester.raw(&request).status, 422);
    request.body = Bytes::from_static(b"{not json");
    assert_eq!(tester.raw(&request).status, 400);
    request.headers.insert(
        "content-type",
        "application/x-www-form-urlencoded".parse().unwrap(),
    );
    assert_eq!(tester.raw(&request).status, 415);
    let mut upload = tester.request("POST", "/uploads");
    upload.body = Bytes::from_static(b"{}");
    assert_eq!(tester.raw(&upload).status, 415);
}

#[test]
fn paths_are_checked() {
    let mut tester = Tester::new(20);
    assert_eq!(code(&mut tester, "/tickets/999"), (404, "URL_NOT_FOUND".into()));
    assert_eq!(code(&mut tester, "/tickets/abc"), (404, "URL_NOT_FOUND".into()));
    assert_eq!(code(&mut tester, "/nothing"), (404, "URL_NOT_FOUND".into()));
    let ticket = id(&tester.rows("/tickets")[0]);
    let (status, error) = tester.refused("PUT", &format!("/tickets/{ticket}"), json!({}));
    assert_eq!(
        (status, error["errorCode"].as_str()),
        (405, Some("METHOD_NOT_ALLOWED"))
    );
    let unserved = |tester: &mut Tester, target: &str| tester.raw(&tester.request("GET", target)).unserved;
    assert!(unserved(&mut tester, "/nothing"));
    assert!(unserved(&mut tester, "/tickets/12/colours"));
    assert!(!unserved(&mut tester, "/tickets/999"));
    assert!(!unserved(&mut tester, "/tickets/abc"));
}

#[test]
fn tokens_and_scopes_are_checked() {
    let mut tester = Tester::new(20);
    let mut request = tester.request("GET", "/tickets");
    request.grant = None;
    let refused = |tester: &mut Tester, request: &zoho_mcp::sandbox::http::Request| {
        let reply = tester.raw(request);
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        (reply.status, body["errorCode"].as_str().unwrap().to_owned())
    };
    assert_eq!(refused(&mut tester, &request), (401, "INVALID_OAUTH".into()));
    request.headers.remove("authorization");
    assert_eq!(refused(&mut tester, &request), (401, "UNAUTHORIZED".into()));
    for (scopes, target, allowed) in [
        ("Desk.tickets.READ", "/tickets", true),
        ("desk.tickets.all", "/tickets", true),
        ("Desk.contacts.READ", "/tickets", false),
        ("Desk.tickets.READ", "/tickets/search?_all=sensor", false),
        (
            "Desk.tickets.READ Desk.search.READ",
            "/tickets/search?_all=sensor",
            true,
        ),
        ("Desk.search.READ", "/tickets/search?_all=sensor", false),
        ("Desk.basic.READ", "/agents", true),
        ("Desk.tasks.READ", "/tasks", true),
        ("Desk.activities.tasks.READ", "/tasks", true),
        ("Desk.contacts.READ", "/accounts", true),
    ] {
        tester.scopes = scopes.split(' ').map(str::to_owned).collect();
        let (status, error) = code(&mut tester, target);
        assert_eq!(status != 403, allowed, "{scopes} on {target}: {status} {error}");
        assert!(allowed || error == "SCOPE_MISMATCH");
    }
}

#[test]
fn the_organization_is_checked() {
    let mut tester = Tester::new(20);
    let organizations = tester.desk.organizations();
    assert_eq!(organizations.len(), 2);
    tester.org = Some("1234567".into());
    assert_eq!(code(&mut tester, "/tickets"), (403, "OAUTH_ORG_MISMATCH".into()));
    assert_eq!(tester.rows("/organizations").len(), 2);
    tester.org = None;
    let default = tester.rows("/tickets");
    tester.org = Some(organizations[0].0.clone());
    assert_eq!(tester.rows("/tickets"), default);
    tester.org = Some(organizations[1].0.clone());
    let other = tester.rows("/tickets");
    assert!(!other.is_empty() && other[0]["id"] != default[0]["id"]);
    let foreign = id(&default[0]);
    assert_eq!(
        code(&mut tester, &format!("/tickets/{foreign}")),
        (404, "URL_NOT_FOUND".into())
    );
}

#[test]
fn calls_weigh_what_zoho_charges() {
    let mut tester = Tester::new(20);
    for (target, weight) in [
        ("/tickets", "3"),
        ("/myinfo", "1"),
        ("/tickets/search?limit=1", "3"),
    ] {
        let reply = tester.raw(&tester.request("GET", target));
        assert_eq!(
            reply.header("x-rate-limit-request-weight-v3"),
            Some(weight),
            "{target}"
        );
    }
}
