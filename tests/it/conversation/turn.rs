//! Whose turn it is, and what is not the whole message.

use serde_json::{Value, json};

use super::{comment, entry, row, thread, told};
use crate::bed::Bed;

/// Who waits, by rows as Zoho's OpenAPI declares them (`status`, `isForward`, `visibility`, `author.type`): nothing answers a
/// customer that did not reach them.
#[test]
fn the_turn_is_ours_until_an_answer_has_reached_the_customer() {
    use zoho_mcp::tools::output::conversation::customer_waits;
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
        assert_eq!(customer_waits(&rows), waits, "{newest}");
    }
    let rows =
        [public("END_USER"), row("2", "out", "Here"), asked].map(|row| row.as_object().unwrap().clone());
    assert!(
        customer_waits(&rows),
        "a customer's public comment is not answered"
    );
    assert!(!customer_waits(&[]));
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
