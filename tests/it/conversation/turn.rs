//! Whose turn it is, and what is not the whole message.

use serde_json::{Value, json};

use super::{comment, entry, row, thread, told};
use crate::bed::Bed;
use crate::desk_client::Desk;

/// Who waits, by rows as Zoho's OpenAPI declares them (`status`, `isForward`, `visibility`, `author.type`): nothing answers a
/// customer that did not reach them.
#[test]
fn the_turn_is_ours_until_an_answer_has_reached_the_customer() {
    use zoho_mcp::tools::output::conversation::{People, customer_waits};
    let asked = row("1", "in", "Where is it?");
    let public = |kind: &str| {
        let mut said = comment("3", "Here", "plainText");
        said["isPublic"] = json!(true);
        said["commenter"]["type"] = json!(kind);
        said
    };
    let with = |key: &str, value: Value| {
        let mut sent = row("2", "out", "Here");
        sent[key] = value;
        sent
    };
    for (newest, waits) in [
        (row("2", "out", "Here"), false),
        (with("status", json!("FAILED")), true),
        (with("status", json!("PENDING")), true),
        (with("status", json!("DRAFT")), true),
        (with("isForward", json!(true)), true),
        (with("visibility", json!("private")), true),
        (with("author", json!({ "name": "Auto", "type": "SYSTEM" })), true),
        (comment("3", "Note", "plainText"), true),
        (public("AGENT"), false),
    ] {
        let rows = [newest.clone(), asked.clone()].map(|row| row.as_object().unwrap().clone());
        assert_eq!(customer_waits(&rows, &People::default()), waits, "{newest}");
    }
    let rows =
        [public("END_USER"), row("2", "out", "Here"), asked].map(|row| row.as_object().unwrap().clone());
    assert!(
        customer_waits(&rows, &People::default()),
        "a customer's public comment is not answered"
    );
    assert!(!customer_waits(&[], &People::default()));
}

/// The OpenAPI's own samples quote flags; a body that is empty beside a summary is not the message (`ThreadListItem`).
#[tokio::test]
async fn what_is_not_the_whole_message_is_no_complete_case() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let listed = json!({ "data": [row("11", "in", "Where is my order?")] });
    let mut empty = thread("11", "", "text/html");
    empty["summary"] = json!("Where is my order?");
    let mut cut = thread("11", "Where is", "text/html");
    cut["isContentTruncated"] = json!("true");
    for (body, mark) in [(empty, "summary_only"), (cut, "truncated")] {
        let answers = [
            (
                "threads/11/fullContent",
                json!({ "errorCode": "INTERNAL_ERROR", "message": "no" }),
            ),
            ("threads/11", body),
            ("conversations", listed.clone()),
            ("latestThread", Value::Null),
        ];
        let answer = told(&bed, &mut wire, &answers, json!({})).await;
        assert_eq!(entry(&answer, "11")[mark], true, "{answer:#}");
        assert_eq!(answer["complete"], false, "{answer:#}");
        assert!(
            entry(&answer, "11")["content"]
                .as_str()
                .unwrap()
                .contains("Where is"),
            "{answer:#}"
        );
    }
}

/// A part that came in a shape it cannot be read from is a part that failed, not one that is empty.
#[tokio::test]
async fn a_part_of_unknown_shape_is_told_as_missing() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let nameless = json!({ "transitions": [{ "id": "1" }] });
    let odd_count = json!({ "firstResponseTime": "01:50 hrs", "responseCount": { "x": 1 } });
    for (part, body) in [
        ("metrics", json!({ "x": 1 })),
        ("metrics", odd_count),
        ("blueprint", json!({ "x": 1 })),
        ("blueprint", json!({ "blueprint": { "transitions": [] } })),
        ("blueprint", nameless),
        ("attachments", json!({ "data": [{ "x": 1 }] })),
    ] {
        let answer = told(&bed, &mut wire, &[(part, body.clone())], json!({})).await;
        assert_eq!(answer["complete"], false, "{body}: {answer:#}");
        assert!(answer["notes"].to_string().contains(part), "{body}: {answer:#}");
        assert!(answer["data"][part].is_null(), "{body}: {answer:#}");
    }
    for (part, body) in [
        (
            "metrics",
            json!({ "responseCount": "0", "threadCount": "2", "firstResponseTime": null }),
        ),
        (
            "blueprint",
            json!({ "name": "Repair", "transitions": [{ "id": "1", "name": "Send" }] }),
        ),
    ] {
        let answer = told(&bed, &mut wire, &[(part, body)], json!({})).await;
        assert_eq!(answer["complete"], true, "{answer:#}");
        assert!(answer["data"][part].is_object(), "{answer:#}");
    }
}

/// E-mail rows carry `to` and `cc` (ThreadListItem): a mail to a vendor is told as one, and answers nobody.
#[tokio::test]
async fn receivers_are_told_where_they_are_not_plain() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let with = |mut row: Value, from: &str, to: &str, cc: &str| {
        for (key, value) in [("fromEmailAddress", from), ("to", to), ("cc", cc)] {
            row[key] = json!(value);
        }
        row
    };
    let us = "\"Acme Support\"<support@acme.example>";
    let desk = Desk::of(&bed).await;
    let id = desk.create("Whose", "A case").await;
    let customer = wire
        .call("get_record", json!({ "module": "Cases", "id": id }))
        .await;
    let customer = customer["data"]["email"].as_str().unwrap_or_default().to_owned();
    assert!(customer.contains('@'), "{customer}");
    let answered = format!("\"Mori, Aiko\"<{}>", customer.to_uppercase());
    let rows = json!({ "data": [
        with(row("15", "out", "Please deliver"), us, "Parts <orders@vendor.example>", ""),
        with(row("14", "in", "Where is it?"), &customer, "support@acme.example", "Boss <boss@b.example>, support@acme.example"),
        with(row("13", "in", "Hello"), &customer, "support@acme.example,other@b.example", ""),
        with(row("12", "out", "We look"), us, &answered, ""),
        with(row("11", "in", "It is broken"), &customer, "support@acme.example", ""),
    ] });
    let mut answers = vec![
        ("conversations".to_owned(), rows.clone()),
        ("latestThread".to_owned(), Value::Null),
    ];
    for row in rows["data"].as_array().unwrap() {
        let mut body = row.clone();
        body["content"] = json!("Words");
        answers.push((format!("threads/{}", row["id"].as_str().unwrap()), body));
    }
    let answers: Vec<(&str, Value)> = answers
        .iter()
        .map(|(path, body)| (path.as_str(), body.clone()))
        .collect();
    let answer = told(&bed, &mut wire, &answers, json!({})).await;
    for (id, to, cc) in [
        ("15", json!("orders@vendor.example"), Value::Null),
        ("14", Value::Null, json!("boss@b.example")),
        ("13", json!("other@b.example"), Value::Null),
        ("12", Value::Null, Value::Null),
        ("11", Value::Null, Value::Null),
    ] {
        assert_eq!(entry(&answer, id)["to"], to, "{answer:#}");
        assert_eq!(entry(&answer, id)["cc"], cc, "{answer:#}");
    }
    assert_eq!(
        answer["data"]["our_turn"], true,
        "a mail to a vendor answers no customer: {answer:#}"
    );
}

/// Comments mention people as `zsu[@user:{zuid}]zsu` (OAS of createTicketComment) and name them in `mention`.
#[tokio::test]
async fn who_is_mentioned_is_named() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let mut said = comment(
        "21",
        "zsu[@user:924194079]zsu please fix, zsu[@user:7]zsu; zsu[@ zsu[x]zsu",
        "plainText",
    );
    said["mention"] =
        json!([{ "id": "4000", "zuid": "924194079", "name": "Noor van Dijk", "type": "AGENT" }]);
    let answers = [
        ("conversations", json!({ "data": [said] })),
        ("latestThread", Value::Null),
    ];
    let answer = told(&bed, &mut wire, &answers, json!({})).await;
    assert_eq!(
        super::words(&answer, "21"),
        "@Noor van Dijk please fix, @user:7; zsu[@ zsu[x]zsu"
    );
}
