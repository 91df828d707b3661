//! What is suggested to a person who types: from the lists of the connection, asked for once, and nothing where there is
//! none.

use serde_json::{Value, json};
use zoho_mcp::server::Server;

use crate::bed::{Bed, USER, Wire};
use crate::prompts::modern;

fn params(of: Value, argument: &str, typed: &str) -> Value {
    json!({ "ref": of, "argument": { "name": argument, "value": typed } })
}

fn prompt(name: &str) -> Value {
    json!({ "type": "ref/prompt", "name": name })
}

fn address(uri: &str) -> Value {
    json!({ "type": "ref/resource", "uri": uri })
}

/// What is suggested.
async fn suggested(wire: &mut Wire, of: Value, argument: &str, typed: &str) -> Value {
    let params = params(of, argument, typed).to_string();
    let answer = wire.request("completion/complete", &params).await;
    assert!(answer["result"]["completion"]["values"].is_array(), "{answer}");
    answer["result"]["completion"].clone()
}

fn values(completion: &Value) -> Vec<&str> {
    let values = completion["values"].as_array().unwrap();
    values.iter().map(|value| value.as_str().unwrap()).collect()
}

#[tokio::test]
async fn departments_are_those_of_the_connection_and_asked_for_once() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let all = suggested(&mut wire, prompt("daily_brief"), "department", "").await;
    let names: Vec<String> = values(&all).into_iter().map(str::to_owned).collect();
    assert_eq!(
        (names.len(), &all["total"], &all["hasMore"]),
        (4, &json!(4), &json!(false)),
        "{all}"
    );
    let listed = wire.call("get_records", json!({ "module": "Departments" })).await;
    for row in listed["data"].as_array().unwrap() {
        assert!(names.contains(&row["name"].as_str().unwrap().to_owned()), "{row}");
    }
    bed.forget().await;
    for name in &names {
        let typed = name.to_uppercase();
        let one = suggested(&mut wire, prompt("triage_queue"), "department", &typed).await;
        assert_eq!(values(&one)[0], name, "{one}");
        let params = modern(params(prompt("weekly_report"), "department", &typed));
        let again = wire.request("completion/complete", &params).await;
        assert_eq!(again["result"]["resultType"], "complete", "{again}");
        assert_eq!(again["result"]["completion"], one);
    }
    assert_eq!(bed.seen().await, Vec::<String>::new());
    let none = suggested(&mut wire, prompt("daily_brief"), "department", "qqqq").await;
    assert_eq!(none, json!({ "values": [], "total": 0, "hasMore": false }));
}

#[tokio::test]
async fn what_begins_as_typed_comes_first() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let all = suggested(&mut wire, prompt("daily_brief"), "agent", "").await;
    let someone = values(&all)[0].to_owned();
    let surname = someone.split(' ').next_back().unwrap().to_lowercase();
    let found = suggested(&mut wire, prompt("daily_brief"), "agent", &surname).await;
    assert!(values(&found).contains(&someone.as_str()), "{found}");
    assert!(
        found["total"].as_u64().unwrap() < all["total"].as_u64().unwrap(),
        "{found} {all}"
    );
    // CRM has users of its own.
    let users = suggested(&mut wire, prompt("pipeline_review"), "owner", "").await;
    assert!(!values(&users).is_empty(), "{users}");
}

#[tokio::test]
async fn numbers_of_cases_are_the_newest_and_say_that_there_are_more() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let cases = json!({ "module": "Cases", "fields": ["ticketNumber"], "limit": 3 });
    let newest = wire.call("get_records", cases).await;
    let number = |row: usize| newest["data"][row]["ticketNumber"].as_str().unwrap().to_owned();
    let all = suggested(&mut wire, prompt("summarize_case"), "ticket_number", "").await;
    assert_eq!(values(&all)[..3], [number(0), number(1), number(2)], "{all}");
    assert!(values(&all).len() <= 100);
    assert_eq!(
        (&all["hasMore"], &all["total"]),
        (&json!(true), &Value::Null),
        "{all}"
    );
    bed.forget().await;
    let one = suggested(
        &mut wire,
        address("zoho://case/{number}"),
        "number",
        &format!("#{}", number(1)),
    )
    .await;
    assert_eq!(values(&one)[0], number(1), "{one}");
    assert_eq!(bed.seen().await, Vec::<String>::new());
}

#[tokio::test]
async fn modules_are_those_of_the_product_that_the_address_names() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let record = "zoho://{app}/{module}/{id}";
    let apps = suggested(&mut wire, address(record), "app", "").await;
    assert_eq!(
        apps,
        json!({ "values": ["desk", "crm"], "total": 2, "hasMore": false })
    );
    let mut of_crm = params(address(record), "module", "");
    of_crm["context"] = json!({ "arguments": { "app": "crm" } });
    let of_crm = wire.request("completion/complete", &of_crm.to_string()).await;
    let of_crm = &of_crm["result"]["completion"];
    assert!(
        values(of_crm).contains(&"Deals") && !values(of_crm).contains(&"Tickets"),
        "{of_crm}"
    );
    let both = suggested(&mut wire, address("zoho://modules/{module}/fields"), "module", "").await;
    assert!(both["total"].as_u64() > of_crm["total"].as_u64(), "{both}");
    let deals = suggested(
        &mut wire,
        address("zoho://modules/{module}/fields"),
        "module",
        "dea",
    )
    .await;
    assert_eq!(values(&deals)[0], "Deals", "{deals}");
    // Any text may stand there.
    let id = suggested(&mut wire, address(record), "id", "48").await;
    assert_eq!(values(&id), Vec::<&str>::new());
}

/// More than a hundred agents, two of one name among them.
#[tokio::test]
async fn a_hundred_are_shown_and_the_rest_is_counted() {
    let bed = Bed::connected().await;
    let agent = |number: usize| {
        let last = if number < 2 {
            "Twin".to_owned()
        } else {
            format!("Agent {number}")
        };
        json!({ "id": number.to_string(), "firstName": "Many", "lastName": last, "emailId": format!("a{number}@example.com") })
    };
    let rows: Vec<Value> = (0..150).map(agent).collect();
    let fault = json!({ "kind": "answer", "path": "/api/v1/agents", "body": { "data": rows } });
    bed.admin(json!({ "faults": [fault] })).await;
    let mut wire = bed.client().await;
    let all = suggested(&mut wire, prompt("daily_brief"), "agent", "").await;
    assert_eq!(values(&all).len(), 100, "{all}");
    assert_eq!(
        (&all["total"], &all["hasMore"]),
        (&json!(150), &json!(true)),
        "{all}"
    );
    let some = suggested(&mut wire, prompt("daily_brief"), "agent", "agent 14").await;
    assert_eq!(
        (values(&some).len(), &some["total"], &some["hasMore"]),
        (11, &json!(11), &json!(false)),
        "{some}"
    );
    let twins = suggested(&mut wire, prompt("daily_brief"), "agent", "a1@").await;
    assert_eq!(values(&twins), ["a1@example.com"], "{twins}");
}

#[tokio::test]
async fn without_a_connection_nothing_is_suggested_and_nobody_is_asked() {
    let bed = Bed::empty(Default::default()).await;
    let mut wire = Wire::to(Server::new(bed.tools(USER).await).offering_consent(0));
    wire.shake_hands(json!({ "elicitation": { "url": {}, "form": {} } }))
        .await;
    for (of, argument) in [
        (prompt("daily_brief"), "department"),
        (prompt("daily_brief"), "agent"),
        (prompt("summarize_case"), "ticket_number"),
        (prompt("pipeline_review"), "owner"),
        (address("zoho://modules/{module}/fields"), "module"),
    ] {
        let completion = suggested(&mut wire, of, argument, "a").await;
        assert_eq!(completion, json!({ "values": [], "hasMore": false }));
        assert_eq!(wire.notifications, Vec::<Value>::new());
    }
    assert_eq!(bed.seen().await, Vec::<String>::new());
}

/// A Zoho that fails, says nothing sensible or lacks a scope suggests nothing.
#[tokio::test]
async fn a_refusal_of_zohos_is_no_error() {
    for fault in [
        json!({ "kind": "403", "path": "/api/v1/departments" }),
        json!({ "kind": "answer", "path": "/api/v1/departments", "body": { "data": "x" } }),
        json!({ "kind": "answer", "path": "/api/v1/departments", "body": "<html>" }),
    ] {
        let bed = Bed::connected().await;
        bed.admin(json!({ "faults": [fault] })).await;
        let mut wire = bed.client().await;
        let completion = suggested(&mut wire, prompt("daily_brief"), "department", "a").await;
        assert_eq!(values(&completion), Vec::<&str>::new(), "{fault}");
    }
}

#[tokio::test]
async fn what_is_typed_is_only_compared() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    suggested(&mut wire, prompt("daily_brief"), "department", "").await;
    bed.forget().await;
    for typed in [
        "\u{202e}\n{department}",
        "../../agents",
        "*",
        "(",
        "' or 1=1",
        &"x".repeat(100_000),
        "\u{1f600}",
    ] {
        let completion = suggested(&mut wire, prompt("daily_brief"), "department", typed).await;
        assert!(values(&completion).len() <= 4, "{completion}");
    }
    assert_eq!(bed.seen().await, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_not_there_is_refused_with_what_is() {
    let bed = Bed::empty(Default::default()).await;
    let mut wire = bed.client().await;
    for (of, argument, told) in [
        (
            prompt("daily"),
            "department",
            "no prompt `daily`; there are: customer_360",
        ),
        (
            prompt("draft_reply"),
            "ticket_number",
            "needs the tool draft_reply",
        ),
        (
            prompt("daily_brief"),
            "team",
            "has no argument `team`; it takes: department, agent",
        ),
        (address("zoho://case/1"), "number", "zoho://case/{number}"),
        (
            address("zoho://case/{number}"),
            "id",
            "argument.name: no id; there are: number",
        ),
    ] {
        let params = params(of, argument, "").to_string();
        let answer = wire.request("completion/complete", &params).await;
        assert_eq!(answer["error"]["code"], -32602, "{answer}");
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(message.contains(told), "{message}");
    }
    for params in [
        "{}",
        r#"{"ref":{"type":"ref/other","name":"x"},"argument":{"name":"a","value":"b"}}"#,
        r#"{"ref":{"type":"ref/prompt","name":"daily_brief"},"argument":{"name":"department"}}"#,
    ] {
        let answer = wire.request("completion/complete", params).await;
        assert_eq!(answer["error"]["code"], -32602, "{params}: {answer}");
    }
    // A text of one's own is suggested nothing.
    let free = suggested(&mut wire, prompt("customer_360"), "customer", "T").await;
    assert_eq!(values(&free), Vec::<&str>::new());
}
