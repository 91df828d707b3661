//! Every write: done, read back, found by search, counted. [`Tester::write`] checks after each that lists, searches and counts agree.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use zoho_mcp::sandbox::desk::routes::ROUTES;

use super::tester::{Tester, id, ids};

mod customers;
mod library;
mod replies;
mod setup;
mod tickets;

/// Each writes with some operations and says what must be true then.
const STORIES: &[fn(&mut Tester)] = &[
    tickets::create_and_change,
    tickets::many,
    tickets::spam,
    tickets::bin,
    tickets::merge_and_split,
    tickets::tags,
    tickets::resolution,
    tickets::blueprint,
    replies::comments,
    replies::replies,
    replies::files,
    replies::followers,
    replies::time,
    replies::approvals_and_pins,
    customers::records,
    customers::ties,
    customers::products,
    customers::merge,
    customers::spam,
    setup::staff,
    setup::departments,
    setup::groups,
    setup::settings,
    library::templates,
    library::ticket_templates,
    library::skills,
    library::holidays,
    library::timers,
    library::knowledge,
    library::translations,
    library::exports,
    library::webhooks,
    library::review,
];

#[test]
fn every_write_is_seen_everywhere() {
    let mut written = BTreeSet::new();
    for story in STORIES {
        let mut tester = Tester::new(24);
        tester.agree();
        story(&mut tester);
        tester.agree();
        written.extend(tester.written);
    }
    let all: BTreeSet<String> = ROUTES
        .iter()
        .filter(|route| route.method != "GET")
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    let missing: Vec<&String> = all.difference(&written).collect();
    assert!(missing.is_empty(), "no story writes with {missing:#?}");
}

/// A new ticket of the first contact in the first department.
fn ticket(t: &mut Tester, subject: &str) -> String {
    let department = first(t, "/departments");
    let contact = first(t, "/contacts");
    id(&t.write(
        "POST",
        "/tickets",
        json!({"subject": subject, "departmentId": department, "contactId": contact}),
    ))
}

fn first(t: &mut Tester, list: &str) -> String {
    id(&t.rows(list)[0])
}

fn count(t: &mut Tester, query: &str) -> u64 {
    t.read(&format!("/ticketsCount?{query}"))["count"]
        .as_u64()
        .unwrap()
}

fn listed(t: &mut Tester, list: &str, wanted: &str) -> bool {
    ids(&t.rows(list)).contains(wanted)
}

fn succeeded(answer: &Value) -> Vec<bool> {
    answer["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["success"].as_bool().unwrap())
        .collect()
}
