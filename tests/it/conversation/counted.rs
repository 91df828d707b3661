//! What a case counts against what its lists bring: a list that is short is not the whole case.
//!
//! Desk OAS, Ticket: `threadCount`, `commentCount`, `attachmentCount` are counts sent as texts.

use serde_json::{Value, json};

use super::{comment, entry, row, thread};
use crate::bed::Bed;
use crate::connections_rooms::fake::{House, Scripted, json as scripted};

const CASE: &str = "/api/v1/tickets/1892000000042034";

/// A case with these counts whose parts answer so.
async fn counted(counts: Value, parts: Vec<(&'static str, Value)>) -> Value {
    let (house, mut wire) = House::served().await;
    house.fake.follow(move |path, _| {
        let part = path.strip_prefix(CASE)?;
        let mut case = json!({ "id": "1892000000042034", "subject": "Told", "status": "Open" });
        case.as_object_mut()
            .unwrap()
            .extend(counts.as_object().unwrap().clone());
        let of_part = |(name, _): &&(&str, Value)| part == format!("/{name}");
        Some(match part {
            "" => scripted(200, &case.to_string()),
            "/metrics" => scripted(200, r#"{"responseCount":"0"}"#),
            _ => match parts.iter().find(of_part) {
                Some((_, body)) => scripted(200, &body.to_string()),
                None => Scripted {
                    status: 204,
                    headers: Vec::new(),
                    body: Vec::new(),
                },
            },
        })
    });
    wire.call("get_ticket_context", json!({ "id": "1892000000042034" }))
        .await
}

#[tokio::test]
async fn a_list_that_is_shorter_than_its_count_is_no_whole_case() {
    let listed = json!({ "data": [row("11", "in", "Where?")] });
    let note = comment("33", "Note", "plainText");
    let said = thread("11", "Where?", "text/plain");
    let with = |rows: Value| vec![("conversations", rows), ("threads/11", said.clone())];
    let none = json!({ "data": [] });
    for (counts, parts, told) in [
        (
            json!({ "threadCount": "2" }),
            vec![],
            "counts 2 messages of this case and lists 0",
        ),
        (
            json!({ "threadCount": "2" }),
            vec![("conversations", none.clone())],
            "counts 2 messages of this case and lists 0",
        ),
        (
            json!({ "threadCount": 2, "commentCount": 1 }),
            with(listed.clone()),
            "lists 1; Zoho counts 1 comments",
        ),
        (
            json!({ "threadCount": "2", "commentCount": "0" }),
            with(json!({ "data": [note, row("11", "in", "Where?")] })),
            "counts 2 messages of this case and lists 1",
        ),
        (
            json!({ "attachmentCount": "3" }),
            vec![("attachments", json!({ "data": [{ "id": "5", "name": "a.log" }] }))],
            "counts 3 files of this case and lists 1",
        ),
    ] {
        let answer = counted(counts.clone(), parts).await;
        assert_eq!(answer["complete"], false, "{counts}: {answer:#}");
        assert!(answer["notes"].to_string().contains(told), "{told}: {answer:#}");
        if counts["threadCount"] == "2" && counts["commentCount"].is_null() {
            assert_eq!(answer["data"]["conversation_total"], 2, "{answer:#}");
            assert_eq!(answer["data"]["our_turn"], Value::Null, "{answer:#}");
        }
    }
    let whole = counted(
        json!({ "threadCount": "1", "commentCount": "0", "attachmentCount": "0" }),
        with(listed),
    )
    .await;
    assert_eq!(whole["complete"], true, "{whole:#}");
}

/// Rows and bodies as no document has them: each is told, in its own words or as what is missing.
#[tokio::test]
async fn an_odd_message_is_told_or_counted() {
    let said = |key: &str, value: Value| {
        let mut body = row("11", "in", "Where?");
        body[key] = value;
        body
    };
    let mut bare = row("11", "in", "Where?");
    bare.as_object_mut().unwrap().remove("id");
    let mut silent = thread("11", "", "text/html");
    silent["summary"] = json!("");
    let one = |row: Value| json!({ "data": [row] });
    let listed = || one(row("11", "in", "Where?"));
    for (rows, body, content, complete) in [
        (
            listed(),
            said("plainText", json!("Where is it?")),
            "Where is it?",
            true,
        ),
        (
            listed(),
            thread("11", "<p>Where <b>is</b> it?</p>", "text/html"),
            "Where **is** it?",
            true,
        ),
        (listed(), said("isContentTruncated", json!(true)), "Where?", false),
        (
            listed(),
            json!({ "errorCode": "INTERNAL_ERROR", "message": "no" }),
            "Where?",
            false,
        ),
        (listed(), json!([]), "Where?", false),
        (listed(), json!({}), "Where?", false),
        (one(row("11", "in", "")), silent, "", true),
    ] {
        let answer = counted(
            json!({}),
            vec![("conversations", rows), ("threads/11", body.clone())],
        )
        .await;
        assert_eq!(super::words(&answer, "11"), content, "{body}: {answer:#}");
        assert_eq!(answer["complete"], complete, "{body}: {answer:#}");
        let is_empty = entry(&answer, "11")["empty"] == true;
        assert_eq!(is_empty, content.is_empty(), "{body}: {answer:#}");
    }
    let answer = counted(json!({ "threadCount": "1" }), vec![("conversations", one(bare))]).await;
    assert_eq!(answer["complete"], false, "{answer:#}");
    assert!(answer["notes"].to_string().contains("conversation"), "{answer:#}");
}

/// A server of Zoho's that fails for one message leaves its summary.
#[tokio::test]
async fn a_message_that_fails_leaves_its_summary() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let known = wire
        .call("get_ticket_context", json!({ "ticket_number": "600" }))
        .await;
    let case = known["data"]["case"]["id"].as_str().unwrap();
    let message = known["data"]["conversation"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for kind in ["403", "500"] {
        let path = format!("/api/v1/tickets/{case}/threads/{message}");
        let latest = format!("/api/v1/tickets/{case}/latestThread");
        let faults = json!([{ "kind": kind, "path": path }, { "kind": kind, "path": latest }]);
        bed.admin(json!({ "faults": faults })).await;
        let answer = wire.call("get_ticket_context", json!({ "id": case })).await;
        assert_eq!(
            entry(&answer, &message)["summary_only"],
            true,
            "{kind}: {answer:#}"
        );
        assert_eq!(answer["complete"], false, "{kind}: {answer:#}");
        assert!(
            answer["notes"]
                .to_string()
                .contains("1 messages could not be read"),
            "{kind}: {answer:#}"
        );
    }
}
