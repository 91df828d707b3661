//! Nothing of one organization, connection or consent answers for another, in one server that runs on.

mod at_once;
mod cursors;
mod kept;
mod moved;

use serde_json::{Value, json};
use zoho_mcp::sandbox::Options;

use crate::bed::{Bed, USER, Wire};

/// The organization the connection does not begin with.
pub(super) fn second_organization(bed: &Bed) -> String {
    bed.sandbox.desk_organizations[1].0.clone()
}

pub(super) fn set_org(bed: &Bed, connection: &str, organization: &str) {
    bed.run(&["connections", "set-org", connection, organization])
        .succeeded();
}

/// Connections `a` and `b` of one user, each on an organization of its own.
pub(super) async fn two_connections(tickets: u64) -> Bed {
    let bed = Bed::empty(Options {
        tickets,
        ..Options::default()
    })
    .await;
    for (number, name) in ["a", "b"].into_iter().enumerate() {
        bed.run(&["connect", "--name", name]).succeeded();
        set_org(&bed, name, &bed.sandbox.desk_organizations[number].0.clone());
    }
    bed.forget().await;
    bed
}

fn department(answer: &Value) -> (&str, &str) {
    let row = &answer["data"][0];
    (row["name"].as_str().unwrap(), row["id"].as_str().unwrap())
}

/// The filter that was sent with the last list of cases.
async fn sent_department(bed: &Bed) -> String {
    let seen = bed.seen().await;
    let mut lists = seen.iter().filter(|line| line.contains("/tickets?"));
    lists.next_back().unwrap().clone()
}

#[tokio::test]
async fn a_name_is_looked_up_in_the_organization_the_call_goes_to() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let departments = json!({ "module": "Departments" });
    let first = wire.call("get_records", departments.clone()).await;
    let (name, id) = department(&first);
    let cases = |name: &str| json!({ "module": "Cases", "limit": 1, "filters": { "department": name } });
    let answer = wire.call("get_records", cases(name)).await;
    assert!(answer["repairs"].to_string().contains(id), "{answer}");

    set_org(&bed, "default", &second_organization(&bed));
    bed.forget().await;
    let stranger = wire.call("get_records", cases(name)).await;
    assert_eq!(stranger["code"], "invalid_arguments", "{stranger}");
    let seen = bed.seen().await;
    assert!(!seen.iter().any(|line| line.contains("/tickets?")), "{seen:?}");
    let second = wire.call("get_records", departments).await;
    let (other_name, other_id) = department(&second);
    assert_ne!(id, other_id, "the organizations differ");
    let answer = wire.call("get_records", cases(other_name)).await;
    assert!(answer["repairs"].to_string().contains(other_id), "{answer}");
    assert!(sent_department(&bed).await.contains(other_id));
}

#[tokio::test]
async fn a_consent_given_anew_is_asked_anew() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let departments = wire.call("get_records", json!({ "module": "Departments" })).await;
    let name = department(&departments).0;
    let views = wire.call("get_views", json!({ "module": "Cases" })).await;
    let mine = json!({ "module": "Cases", "limit": 1, "filters": { "department": name } });
    let view = json!({ "module": "Cases", "limit": 1, "view": views["data"][0]["name"] });
    bed.forget().await;
    let asked = async || {
        let seen = bed.seen().await;
        let lists = ["/departments?", "/views?"];
        lists.map(|list| seen.iter().filter(|line| line.contains(list)).count())
    };
    wire.call("get_records", mine.clone()).await;
    wire.call("get_records", view.clone()).await;
    assert_eq!(asked().await, [1, 1]);
    bed.connect(USER).await;
    let organization = bed.sandbox.desk_organizations[0].0.clone();
    set_org(&bed, "default", &organization);
    bed.forget().await;
    wire.call("get_records", mine).await;
    wire.call("get_records", view).await;
    assert_eq!(asked().await, [1, 1], "lists of the consent before");
}

#[tokio::test]
async fn what_one_organization_calls_its_fields_and_modules_is_not_the_other_ones() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let by_label = json!({ "module": "Cases", "limit": 1, "filters": { "No Such Field": "x" } });
    let by_module = json!({ "module": "No Such Module" });
    let asked = async || {
        let seen = bed.seen().await;
        let lists = ["/api/v1/fields?", "/api/v1/organizationModules"];
        lists.map(|list| seen.iter().filter(|line| line.contains(list)).count())
    };
    wire.call("get_records", by_label.clone()).await;
    wire.call("get_records", by_module.clone()).await;
    assert_eq!(asked().await, [1, 1]);
    set_org(&bed, "default", &second_organization(&bed));
    bed.forget().await;
    wire.call("get_records", by_label).await;
    wire.call("get_records", by_module).await;
    assert_eq!(asked().await, [1, 1]);
    let seen = bed.seen().await;
    let second = format!("orgId={}", second_organization(&bed));
    assert!(
        seen.iter()
            .filter(|line| line.contains("/api/v1/"))
            .all(|line| line.contains(&second)),
        "{seen:?}"
    );
}

/// A call about the user and about a day, and what Zoho was asked.
async fn mine_of_a_day(bed: &Bed, wire: &mut Wire, arguments: &Value) -> Vec<String> {
    bed.forget().await;
    let answer = wire.call("get_records", arguments.clone()).await;
    assert!(answer["data"].is_array(), "{answer}");
    bed.seen().await
}

#[tokio::test]
async fn who_i_am_and_my_time_zone_cost_one_call_a_process() {
    let bed = Bed::connected().await;
    let mut config = bed.config(USER);
    config.said.timezone = None;
    let assembled = zoho_mcp::cli::assemble::calling(&config, &bed.clock);
    let mut wire = Wire::serving(assembled.unwrap()).await;
    wire.call("get_all_organizations", json!({})).await;
    wire.call("get_all_organizations", json!({ "app_type": "crm" }))
        .await;
    wire.call("get_records", json!({ "module": "Leads", "limit": 1 }))
        .await;
    let span = json!({ "from": "2026-01-01", "to": "2026-12-31" });
    let desk = json!({
        "module": "Cases", "limit": 1, "filters": { "assignee": "me", "createdTime": span }
    });
    let crm = json!({
        "module": "Leads", "limit": 1, "filters": { "Owner": "me", "Created_Time": span }
    });
    for (arguments, user) in [(desk, "/api/v1/myinfo"), (crm, "/crm/v8/users?type=CurrentUser")] {
        let cold = mine_of_a_day(&bed, &mut wire, &arguments).await;
        let users = cold.iter().filter(|line| line.contains(user)).count();
        assert_eq!((users, cold.len()), (1, 2), "{cold:?}");
        for _ in 0..2 {
            let warm = mine_of_a_day(&bed, &mut wire, &arguments).await;
            assert_eq!(warm.len(), 1, "{warm:?}");
        }
    }
}

#[tokio::test]
async fn the_user_is_the_one_of_the_organization_and_the_consent() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let mine = json!({ "module": "Cases", "limit": 1, "filters": { "assignee": "me" } });
    let asked = async |wire: &mut Wire| {
        bed.forget().await;
        wire.call("get_records", mine.clone()).await;
        let seen = bed.seen().await;
        seen.iter().filter(|line| line.contains("/myinfo")).count()
    };
    assert_eq!((asked(&mut wire).await, asked(&mut wire).await), (1, 0));
    set_org(&bed, "default", &second_organization(&bed));
    assert_eq!((asked(&mut wire).await, asked(&mut wire).await), (1, 0));
    bed.connect(USER).await;
    assert_eq!((asked(&mut wire).await, asked(&mut wire).await), (1, 0));
}
