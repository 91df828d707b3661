//! What a person is shown before they agree: all of it, and as the record is when they do.

use serde_json::json;
use zoho_mcp::config::Writes;

use super::{asked, bed, client, ended, field, open_case, reply, silent, text, writes};

/// A text of thousands of characters, or with signs that nobody sees, is agreed to as it is sent.
#[tokio::test]
async fn all_of_a_text_is_shown() {
    let bed = bed().await;
    let mut wire = client(&bed, Writes::Trusted, json!({ "elicitation": {} })).await;
    let (id, _) = open_case(&mut wire).await;
    let long = format!("Dear customer, {} you get a full refund", "a".repeat(3_000));
    for (content, part) in [
        (long.as_str(), "you get a full refund"),
        ("paid\u{202e}eerf", "\\u202e"),
        ("paid\u{200b}free", "\\u200b"),
        ("one\n+ Status: Closed", "one \u{23ce} + Status: Closed"),
    ] {
        let comment = json!({ "id": id, "content": content, "public": true });
        let question = asked(&mut wire, 7, "add_comment", &comment).await;
        let shown = text(&question["params"], "message");
        assert!(shown.contains(part), "{part} is not in {shown}");
        reply(&mut wire, &question, json!({ "action": "decline" })).await;
        ended(&mut wire, 7).await;
    }
}

/// What is too long for a form is not agreed to in one.
#[tokio::test]
async fn what_no_form_shows_whole_is_agreed_to_elsewhere() {
    let bed = bed().await;
    let mut wire = client(&bed, Writes::Trusted, json!({ "elicitation": {} })).await;
    let (id, _) = open_case(&mut wire).await;
    bed.forget().await;
    let comment = json!({ "id": id, "content": "a".repeat(17_000), "public": true });
    let told = wire.call("add_comment", comment).await;
    assert_eq!(told["code"], "confirmation_needed", "{told:#}");
    assert!(
        told["preview"].to_string().contains("more characters"),
        "{told:#}"
    );
    assert_eq!(writes(&bed).await, Vec::<String>::new());
}

/// Somebody else changes the record while a person reads: they agreed to another change.
#[tokio::test]
async fn a_record_that_is_changed_while_a_person_reads_is_not_overwritten() {
    let bed = bed().await;
    let mut other = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut other).await;
    let mut wire = client(&bed, Writes::Confirm, json!({ "elicitation": {} })).await;
    let closing = json!({ "module": "Cases", "id": id, "values": { "status": "Closed" } });
    let question = asked(&mut wire, 7, "update_record", &closing).await;
    let holding = json!({ "module": "Cases", "id": id, "values": { "status": "On Hold" } });
    other.call("update_record", holding).await;
    reply(&mut wire, &question, json!({ "action": "accept" })).await;
    let told = ended(&mut wire, 7).await;
    assert!(text(&told, "error").contains("changed meanwhile"), "{told:#}");
    assert_eq!(field(&mut wire, &id, "status").await, "On Hold");
}
