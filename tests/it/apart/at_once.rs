//! Many calls at once on a server that knows nothing yet: one of them asks Zoho, and what it hears is for its owner, for
//! as long as the clock of the house says.

use serde_json::{Value, json};
use zoho_mcp::connections::{DeskOrganization, OrgSource};

use super::moved::{TWO, client, serving};
use crate::bed::{Wire, model_reads};
use crate::connections_rooms::fake::{House, json as scripted};

const CALLS: usize = 16;
const MYINFO: &str = "/api/v1/myinfo";

async fn house() -> House {
    let house = House::new().await;
    house.connect(3_000_000_000).await;
    house.fake.organizations(TWO);
    house
}

/// Who Zoho says the caller is.
fn user(id: &str) -> String {
    json!({ "id": id, "name": "Ada", "timeZone": "Europe/Amsterdam" }).to_string()
}

async fn ask(wire: &mut Wire, id: &str, arguments: &Value) {
    let call = json!({ "name": "get_records", "arguments": arguments });
    let line = json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": call });
    wire.send(&line.to_string()).await;
}

/// The next answers, in the order they come in.
async fn answers(wire: &mut Wire, most: usize) -> Vec<(String, Value)> {
    let mut answers = Vec::new();
    while answers.len() < most {
        let message = wire.receive().await;
        if let Some(id) = message["id"].as_str() {
            answers.push((id.to_owned(), model_reads(&message)));
        }
    }
    answers
}

/// Sends the same call many times while the answers of `path` are held back, and then one that needs nothing of it.
async fn all_at_once(house: &House, wire: &mut Wire, path: &str, arguments: &Value) -> Vec<Value> {
    let held = house.fake.hold(path);
    for number in 0..CALLS {
        ask(wire, &format!("many {number}"), arguments).await;
    }
    ask(
        wire,
        "apart",
        &json!({ "module": "Accounts", "limit": 1, "fields": ["id"] }),
    )
    .await;
    held.arrival().await;
    let apart = answers(wire, 1).await;
    assert_eq!(apart[0].0, "apart", "the others wait: {apart:?}");
    (0..CALLS).for_each(|_| held.release());
    let answers = answers(wire, CALLS).await;
    answers.into_iter().map(|(_, answer)| answer).collect()
}

fn mine() -> Value {
    json!({ "module": "Cases", "limit": 1, "filters": { "assignee": "me" } })
}

#[tokio::test]
async fn sixteen_calls_about_me_and_a_day_ask_once_who_that_is() {
    let house = house().await;
    let mut wire = serving(&house, None).await;
    house.fake.script(MYINFO, vec![scripted(200, &user("7")); CALLS]);
    let mut arguments = mine();
    arguments["filters"]["createdTime"] = json!("2026-11-19");
    for answer in all_at_once(&house, &mut wire, MYINFO, &arguments).await {
        assert!(
            answer["notes"].to_string().contains("Europe/Amsterdam"),
            "{answer}"
        );
        assert!(answer["repairs"].to_string().contains("7 (Ada)"), "{answer}");
    }
    assert_eq!(house.fake.count(MYINFO), 1);
}

#[tokio::test]
async fn every_list_is_asked_for_once() {
    let named = json!({ "data": [{ "id": "11", "name": "Support", "apiName": "cm_orders", "displayLabel": "Orders", "isCustomModule": true }] });
    let rows = named["data"].clone();
    let named = json!({ "data": rows, "modules": rows });
    let cases = |more: Value| {
        let mut arguments = json!({ "module": "Cases", "limit": 1 });
        arguments
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        arguments
    };
    let lists = [
        (
            "/api/v1/departments",
            cases(json!({ "filters": { "department": "Support" } })),
        ),
        ("/api/v1/views", cases(json!({ "view": "Support" }))),
        ("/api/v1/fields", cases(json!({ "filters": { "Orders": "x" } }))),
        (
            "/api/v1/organizationModules",
            json!({ "module": "Orders", "limit": 1 }),
        ),
    ];
    for (path, arguments) in lists {
        let house = house().await;
        let mut wire = client(&house).await;
        house
            .fake
            .script(path, vec![scripted(200, &named.to_string()); CALLS]);
        let answers = all_at_once(&house, &mut wire, path, &arguments).await;
        assert_eq!(
            house.fake.count(path),
            1,
            "{path}: {:?} {answers:?}",
            house.fake.seen()
        );
    }
}

#[tokio::test]
async fn a_failure_is_the_askers_own_and_the_next_one_asks_again() {
    let house = house().await;
    let mut wire = client(&house).await;
    let refusal = scripted(403, r#"{"errorCode":"FORBIDDEN","message":"no"}"#);
    house.fake.script(MYINFO, [refusal, scripted(200, &user("7"))]);
    let answers = all_at_once(&house, &mut wire, MYINFO, &mine()).await;
    let failed = answers.iter().filter(|answer| answer["code"].is_string());
    assert_eq!(failed.count(), 1, "{answers:?}");
    assert_eq!(house.fake.count(MYINFO), 2);
}

#[tokio::test]
async fn whoever_waits_for_a_call_that_is_given_up_asks_itself() {
    let house = house().await;
    let mut wire = client(&house).await;
    house.fake.script(MYINFO, vec![scripted(200, &user("7")); 2]);
    let held = house.fake.hold(MYINFO);
    ask(&mut wire, "given up", &mine()).await;
    held.arrival().await;
    ask(&mut wire, "second", &mine()).await;
    ask(&mut wire, "third", &mine()).await;
    let cancel = json!({ "requestId": "given up" });
    let line = json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": cancel });
    wire.send(&line.to_string()).await;
    held.arrival().await;
    (0..2).for_each(|_| held.release());
    for (id, answer) in answers(&mut wire, 2).await {
        assert_ne!(id, "given up");
        assert!(
            answer["repairs"].to_string().contains("7 (Ada)"),
            "{id}: {answer}"
        );
    }
    assert_eq!(house.fake.count(MYINFO), 2);
}

#[tokio::test]
async fn of_those_who_lose_patience_with_a_call_that_hangs_one_asks() {
    let house = house().await;
    let mut wire = client(&house).await;
    house.fake.script(MYINFO, vec![scripted(200, &user("7")); CALLS]);
    let held = house.fake.hold(MYINFO);
    let apart = json!({ "module": "Accounts", "limit": 1 });
    for number in 0..CALLS {
        ask(&mut wire, &format!("many {number}"), &mine()).await;
    }
    held.arrival().await;
    for _ in 0..2 {
        ask(&mut wire, "apart", &apart).await;
        assert_eq!(answers(&mut wire, 1).await[0].0, "apart");
    }
    house.clock.advance(10);
    held.arrival().await;
    for _ in 0..2 {
        ask(&mut wire, "apart", &apart).await;
        assert_eq!(answers(&mut wire, 1).await[0].0, "apart");
    }
    (0..CALLS).for_each(|_| held.release());
    for (id, answer) in answers(&mut wire, CALLS).await {
        assert!(
            answer["repairs"].to_string().contains("7 (Ada)"),
            "{id}: {answer}"
        );
    }
    assert_eq!(house.fake.count(MYINFO), 2);
}

#[tokio::test]
async fn who_asks_after_the_organization_was_changed_does_not_wait_for_the_one_before() {
    let house = house().await;
    let mut wire = client(&house).await;
    house
        .fake
        .script(MYINFO, [scripted(200, &user("11")), scripted(200, &user("22"))]);
    let held = house.fake.hold(MYINFO);
    ask(&mut wire, "before", &mine()).await;
    held.arrival().await;
    let id = house.ada().await.id;
    let next = DeskOrganization {
        id: "4002".to_owned(),
        name: None,
        portal: None,
        source: OrgSource::User,
    };
    house.connections.set_desk_org(id, &next).await.unwrap();
    ask(&mut wire, "after", &mine()).await;
    held.arrival().await;
    (0..2).for_each(|_| held.release());
    for (id, answer) in answers(&mut wire, 2).await {
        let (user, organization) = if id == "before" {
            ("11", "4001")
        } else {
            ("22", "4002")
        };
        assert_eq!(answer["organization"]["id"], organization, "{id}: {answer}");
        assert!(answer["repairs"].to_string().contains(user), "{id}: {answer}");
    }
    let again = wire.call("get_records", mine()).await;
    assert!(again["repairs"].to_string().contains("22"), "{again}");
    assert_eq!(house.fake.count(MYINFO), 2);
}

#[tokio::test]
async fn the_user_is_asked_for_again_when_the_clock_of_the_house_says_so() {
    let house = house().await;
    let mut wire = client(&house).await;
    house.fake.script(MYINFO, vec![scripted(200, &user("7")); 3]);
    for (seconds, asked) in [(0, 1), (599, 1), (1, 2), (-100, 3)] {
        house.clock.advance(seconds);
        wire.call("get_records", mine()).await;
        assert_eq!(house.fake.count(MYINFO), asked, "after {seconds} s");
    }
}
