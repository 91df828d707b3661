//! An act is sent once: the same call again tells what came of the first, a lost answer is looked up.

use serde_json::{Value, json};
use zoho_mcp::config::Writes;

use super::{bed, field, open_case, silent, text, writes};

#[tokio::test]
async fn the_same_call_again_is_the_same_act() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    bed.forget().await;
    let comment = json!({ "id": id, "content": "Asked the second level." });
    let first = wire.call("add_comment", comment.clone()).await;
    assert!(first["already_done"].is_null(), "{first:#}");
    let mut other = silent(&bed, Writes::Trusted).await;
    let second = other.call("add_comment", comment.clone()).await;
    assert_eq!(
        (&second["already_done"], &second["write"]["id"]),
        (&json!(true), &first["write"]["id"]),
        "{second:#}"
    );
    assert_eq!(second["data"]["id"], first["data"]["id"], "{second:#}");
    assert_eq!(writes(&bed).await.len(), 1);
    let repeated = json!({ "id": id, "content": "Asked the second level.", "repeat": true });
    let third = other.call("add_comment", repeated).await;
    assert!(
        third["already_done"].is_null() && third["write"]["id"] != first["write"]["id"],
        "{third:#}"
    );
    assert_eq!(writes(&bed).await.len(), 2);
    bed.sql("UPDATE writes SET created_at = NOW - 601").await;
    let later = other.call("add_comment", comment).await;
    assert!(
        later["already_done"].is_null(),
        "ten minutes later it is another: {later:#}"
    );
    assert_eq!(writes(&bed).await.len(), 3);
}

/// An update of a field finds what it has done itself, were it planned again.
#[tokio::test]
async fn a_change_that_was_made_is_told_as_made() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    let change = json!({ "module": "Cases", "id": id, "values": { "status": "Closed" } });
    let first = wire.call("update_record", change.clone()).await;
    let second = wire.call("update_record", change).await;
    assert_eq!(second["data"]["changes"], first["data"]["changes"], "{second:#}");
    assert_eq!(second["already_done"], true, "{second:#}");
    let same = json!({ "module": "Cases", "id": id, "values": { "status": "Closed", "priority": "High" } });
    let nothing = wire.call("update_record", same).await;
    assert_eq!(nothing["data"]["done"], "nothing", "{nothing:#}");
}

async fn lost(kind: &str, path: &str, tool: &str, arguments: &Value) -> (Value, usize) {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    let mut arguments = arguments.clone();
    arguments["id"] = json!(id);
    bed.forget().await;
    // The case itself is read before it is changed, and whether a blueprint holds it.
    let every = if tool == "update_record" { 3 } else { 1 };
    let fault = json!({ "kind": kind, "path": path.replace("{id}", &id), "every": every, "count": 1 });
    bed.admin(json!({ "faults": [fault] })).await;
    let told = wire.call(tool, arguments.clone()).await;
    bed.admin(json!({ "faults": [] })).await;
    // The same call again sends nothing, whether the first was done or may be done yet.
    let again = wire.call(tool, arguments.clone()).await;
    let sent = writes(&bed).await.len();
    if told["code"].is_null() {
        assert_eq!(again["already_done"], true, "{again:#}");
    } else {
        assert_eq!(again["code"], "outcome_unknown", "{again:#}");
        bed.sql("UPDATE writes SET sent_at = sent_at - 91").await;
        let looked = wire.call(tool, arguments.clone()).await;
        assert!(text(&looked, "error").contains("it is not there"), "{looked:#}");
        assert_eq!(
            (&looked["code"], &looked["retryable"]),
            (&json!("unavailable"), &json!(true)),
            "{looked:#}"
        );
        let done = wire.call(tool, arguments).await;
        assert!(
            done["already_done"].is_null() && done["code"].is_null(),
            "{done:#}"
        );
        assert_eq!(writes(&bed).await.len(), 2, "{tool}");
    }
    if tool == "update_record" {
        assert_eq!(field(&mut wire, &id, "status").await, "Closed");
    }
    (told, sent)
}

/// The answer of Zoho breaks off: what came of the act is looked up before anybody makes it again.
#[tokio::test]
async fn an_answer_that_was_lost_is_looked_up() {
    let closing = json!({ "module": "Cases", "values": { "status": "Closed" } });
    let comment = json!({ "content": "Asked the second level." });
    for (tool, path, arguments) in [
        ("update_record", "/api/v1/tickets/{id}", &closing),
        ("add_comment", "/api/v1/tickets/{id}/comments", &comment),
    ] {
        let (told, sent) = lost("midreset", path, tool, arguments).await;
        assert!(told["notes"].to_string().contains("it is there"), "{told:#}");
        assert!(text(&told["data"], "id").len() > 10, "{told:#}");
        assert_eq!(sent, 1, "{tool}");
        let (told, sent) = lost("reset", path, tool, arguments).await;
        assert!(text(&told, "error").contains("not there yet"), "{told:#}");
        assert_eq!(
            (&told["code"], &told["wait_seconds"]),
            (&json!("outcome_unknown"), &json!(90)),
            "{told:#}"
        );
        assert_eq!(sent, 1, "{tool}");
    }
}

/// Nobody can look: the act stays open, and the same call looks again and sends nothing.
#[tokio::test]
async fn what_cannot_be_looked_up_stays_unknown() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    let comment = json!({ "id": id, "content": "Asked the second level." });
    bed.forget().await;
    let path = format!("/api/v1/tickets/{id}/comments");
    let lost = json!({ "kind": "midreset", "path": path, "count": 1 });
    let blind = json!({ "kind": "500", "path": path });
    bed.admin(json!({ "faults": [lost, blind] })).await;
    let told = wire.call("add_comment", comment.clone()).await;
    assert_eq!(told["code"], "outcome_unknown", "{told:#}");
    assert!(text(&told, "next").contains("https://"), "{told:#}");
    // However long ago that was: it may have happened.
    bed.sql("UPDATE writes SET created_at = NOW - 4000").await;
    bed.admin(json!({ "faults": [] })).await;
    let looked = wire.call("add_comment", comment).await;
    assert!(looked["notes"].to_string().contains("it is there"), "{looked:#}");
    assert_eq!(writes(&bed).await.len(), 1);
}

/// What was cut off with its process is looked up when the next act begins.
#[tokio::test]
async fn what_was_cut_off_is_looked_up_later() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    let comment = json!({ "id": id, "content": "Asked the second level." });
    wire.call("add_comment", comment.clone()).await;
    bed.sql("UPDATE writes SET state = 'sent', sent_at = NOW - 30")
        .await;
    let told = wire.call("add_comment", comment.clone()).await;
    assert_eq!(
        (&told["code"], &told["wait_seconds"]),
        (&json!("outcome_unknown"), &json!(90)),
        "{told:#}"
    );
    bed.sql("UPDATE writes SET sent_at = NOW - 91").await;
    let told = wire.call("add_comment", comment).await;
    assert_eq!(told["already_done"], true, "{told:#}");
}

/// An act is what it does, not the words it is asked for in.
#[tokio::test]
async fn the_same_act_in_other_words_is_not_done_twice() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, number) = open_case(&mut wire).await;
    bed.forget().await;
    let words = "Asked the second level.";
    for comment in [
        json!({ "id": id, "content": words }),
        json!({ "ticket_number": number, "content": words }),
        json!({ "id": id, "content": words, "public": false }),
    ] {
        wire.call("add_comment", comment).await;
    }
    for name in ["Last_Name", "Last Name"] {
        let values = json!({ name: "Lantern", "Company": "Lumen & Pine" });
        wire.call("create_record", json!({ "module": "Leads", "values": values }))
            .await;
    }
    assert_eq!(writes(&bed).await.len(), 2, "one comment, one lead");
}

/// An answer that says nothing of what it made is no proof of it: a gateway may have written it.
#[tokio::test]
async fn an_answer_without_any_sign_of_success_is_looked_up() {
    for (kind, happens) in [
        ("empty", false),
        ("204", false),
        ("badutf8", false),
        ("deep", false),
    ] {
        let bed = bed().await;
        let mut wire = silent(&bed, Writes::Trusted).await;
        let (id, _) = open_case(&mut wire).await;
        let path = format!("/api/v1/tickets/{id}/comments");
        bed.admin(json!({ "faults": [{ "kind": kind, "path": path, "count": 1 }] }))
            .await;
        let comment = json!({ "id": id, "content": "Asked the second level." });
        let told = wire.call("add_comment", comment).await;
        assert_eq!(told["code"] == "outcome_unknown", !happens, "{kind}: {told:#}");
    }
}

/// What somebody changed since is not told as if it were so.
#[tokio::test]
async fn the_same_change_again_says_that_it_does_not_hold_any_more() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    let change = |status: &str| json!({ "module": "Cases", "id": id, "values": { "status": status } });
    wire.call("update_record", change("On Hold")).await;
    wire.call("update_record", change("Open")).await;
    let again = wire.call("update_record", change("On Hold")).await;
    assert_eq!(again["code"], "rejected", "{again:#}");
    assert!(
        text(&again, "error").contains("does NOT hold any more"),
        "{again:#}"
    );
    let mut repeated = change("On Hold");
    repeated["repeat"] = json!(true);
    wire.call("update_record", repeated).await;
    assert_eq!(field(&mut wire, &id, "status").await, "On Hold");
}

/// Zoho's clock is not ours: what came of an act is looked for by Zoho's.
#[tokio::test]
async fn what_is_lost_is_found_whichever_clock_is_late() {
    for seconds in [-600, 600] {
        let bed = bed().await;
        let mut wire = silent(&bed, Writes::Trusted).await;
        let (id, _) = open_case(&mut wire).await;
        bed.tell("clock", json!({ "advance_s": seconds })).await;
        let path = format!("/api/v1/tickets/{id}/comments");
        bed.admin(json!({ "faults": [{ "kind": "midreset", "path": path, "count": 1 }] }))
            .await;
        let comment = json!({ "id": id, "content": "Asked the second level." });
        let told = wire.call("add_comment", comment.clone()).await;
        assert!(
            told["notes"].to_string().contains("it is there"),
            "{seconds}: {told:#}"
        );
        // An equal one that was there before is none of ours.
        bed.admin(json!({ "faults": [{ "kind": "reset", "path": path, "count": 1 }] }))
            .await;
        bed.tell("clock", json!({ "advance_s": 60 })).await;
        let mut again = comment;
        again["repeat"] = json!(true);
        let told = wire.call("add_comment", again).await;
        assert_eq!(told["code"], "outcome_unknown", "{seconds}: {told:#}");
    }
}
