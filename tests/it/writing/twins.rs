//! Acts that are nearly the same: what says the same is one act, what may be the same is asked about, and what somebody else
//! made is nobody's own.

use serde_json::{Value, json};
use zoho_mcp::config::Writes;

use super::several::open_cases;
use super::{asked, bed, client, ended, open_case, reply, silent, text, writes};
use crate::bed::Bed;

fn comment(id: &str, content: &str) -> Value {
    json!({ "id": id, "content": content })
}

/// The next call to the comments of a case breaks: before Zoho has it, or when it has.
async fn breaks(bed: &Bed, id: &str, kind: &str) {
    let path = format!("/api/v1/tickets/{id}/comments");
    bed.admin(json!({ "faults": [{ "kind": kind, "path": path, "count": 1 }] }))
        .await;
}

/// A blank more or less at an end makes no other act (breaker's n12).
#[tokio::test]
async fn blanks_at_the_ends_make_no_other_act() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    bed.forget().await;
    for content in [
        "Asked them.\nAnd waited.",
        " Asked them.\nAnd waited. \n",
        "Asked them.  \r\nAnd waited.",
    ] {
        wire.call("add_comment", comment(&id, content)).await;
    }
    for name in ["Lantern", "Lantern "] {
        let values = json!({ "Last_Name": name, "Company": "Lumen & Pine" });
        wire.call("create_record", json!({ "module": "Leads", "values": values }))
            .await;
    }
    assert_eq!(writes(&bed).await.len(), 2, "one comment, one lead");
    wire.call("add_comment", comment(&id, "Asked them.\n\nAnd waited."))
        .await;
    assert_eq!(writes(&bed).await.len(), 3, "a line between is another text");
}

/// What nobody sees makes no other act either: a blank more inside, a sign without width, a letter put together otherwise; nor
/// does the order of those who get a copy, nor a moment that is now.
#[tokio::test]
async fn what_nobody_sees_makes_no_other_act() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    bed.forget().await;
    for content in [
        "The caf\u{e9} is open.",
        "The  caf\u{e9}\u{200b} is open.",
        "The cafe\u{301} is\topen.",
    ] {
        wire.call("add_comment", comment(&id, content)).await;
    }
    assert_eq!(writes(&bed).await.len(), 1);
    let now = bed.clock.now();
    let now = jiff::Timestamp::from_second(now).unwrap().to_string();
    let entry = json!({ "id": id, "minutes": 5 });
    wire.call("log_time", entry.clone()).await;
    let mut again = entry;
    again["when"] = json!(now);
    let told = wire.call("log_time", again).await;
    assert_eq!(told["already_done"], true, "{told:#}");
    assert_eq!(writes(&bed).await.len(), 2);
    for cc in [
        ["a@example.com", "b@example.com"],
        ["B@example.com", "a@example.com"],
    ] {
        let mut draft = comment(&id, "We look into it.");
        draft["cc"] = json!(cc);
        wire.call("draft_reply", draft).await;
    }
    assert_eq!(writes(&bed).await.len(), 3);
}

/// Nothing but blanks, seen or not, says nothing to anybody.
#[tokio::test]
async fn nothing_is_said_with_blanks_alone() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    let lead = wire
        .call("get_records", json!({ "module": "Leads", "limit": 1 }))
        .await;
    let lead = text(&lead["data"][0], "id");
    bed.forget().await;
    for content in ["  ", " \n", "\u{200b}\u{2060}"] {
        for (tool, id) in [
            ("add_comment", &id),
            ("send_reply", &id),
            ("draft_reply", &id),
            ("add_note", &lead),
        ] {
            let mut arguments = comment(id, content);
            if tool == "add_note" {
                arguments["module"] = json!("Leads");
            }
            let told = wire.call(tool, arguments).await;
            assert_eq!(told["code"], "invalid_arguments", "{tool}: {told:#}");
            assert!(text(&told, "error").contains("blank"), "{tool}: {told:#}");
        }
    }
    assert_eq!(writes(&bed).await, Vec::<String>::new());
}

/// The first try may have happened: the next one in other words is asked about, although nobody is asked otherwise.
#[tokio::test]
async fn what_may_happen_twice_is_asked_about() {
    let bed = bed().await;
    let mut wire = client(&bed, Writes::Trusted, json!({ "elicitation": {} })).await;
    let (id, _) = open_case(&mut wire).await;
    breaks(&bed, &id, "reset").await;
    let told = wire
        .call("add_comment", comment(&id, "Asked the second level."))
        .await;
    assert_eq!(told["code"], "outcome_unknown", "{told:#}");
    bed.forget().await;
    let question = asked(&mut wire, 7, "add_comment", &comment(&id, "Asked the 2nd level.")).await;
    let message = text(&question["params"], "message");
    for part in ["BEWARE", "TWICE", "+ comment: Asked the second level."] {
        assert!(message.contains(part), "{part} is not in {message}");
    }
    reply(&mut wire, &question, json!({ "action": "decline" })).await;
    ended(&mut wire, 7).await;
    assert_eq!(writes(&bed).await, Vec::<String>::new());
    let other = open_cases(&mut wire, 3)
        .await
        .into_iter()
        .find(|other| *other != id)
        .unwrap();
    let done = wire
        .call("add_comment", comment(&other, "Asked the 2nd level."))
        .await;
    assert!(done["code"].is_null(), "another case is another matter: {done:#}");
}

/// Both were shown before the first was lost: the yes to the second was given without knowing that.
#[tokio::test]
async fn a_yes_of_before_an_act_was_lost_is_asked_for_again() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Confirm).await;
    let (id, _) = open_case(&mut wire).await;
    let mut tokens = Vec::new();
    for tag in ["second-level", "third-level"] {
        let shown = wire.call("tag_records", json!({ "id": id, "tags": [tag] })).await;
        tokens.push(json!({ "token": text(&shown, "token") }));
    }
    bed.forget().await;
    let path = format!("/api/v1/tickets/{id}/associateTag");
    bed.admin(json!({ "faults": [{ "kind": "reset", "path": path, "count": 1 }] }))
        .await;
    let lost = wire.call("confirm_write", tokens[0].clone()).await;
    assert_eq!(lost["code"], "outcome_unknown", "{lost:#}");
    let refused = wire.call("confirm_write", tokens[1].clone()).await;
    assert_eq!(refused["code"], "confirmation_needed", "{refused:#}");
    assert!(text(&refused, "error").contains("twice"), "{refused:#}");
    assert_eq!(writes(&bed).await.len(), 1, "the lost one alone");
}

/// The second of two equal ones is lost: the first is not what it made.
#[tokio::test]
async fn what_an_earlier_act_made_is_not_what_a_lost_one_did() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    let first = wire
        .call("add_comment", comment(&id, "Asked the second level."))
        .await;
    assert!(first["code"].is_null(), "{first:#}");
    for (kind, is_there) in [("reset", false), ("midreset", true)] {
        breaks(&bed, &id, kind).await;
        let mut again = comment(&id, "Asked the second level.");
        again["repeat"] = json!(true);
        let told = wire.call("add_comment", again).await;
        match is_there {
            true => {
                assert!(told["notes"].to_string().contains("it is there"), "{told:#}");
                assert_ne!(text(&told["data"], "id"), text(&first["data"], "id"), "{told:#}");
            }
            false => assert_eq!(told["code"], "outcome_unknown", "{told:#}"),
        }
        bed.sql("UPDATE writes SET state = 'refused', guard = NULL WHERE state = 'unknown'")
            .await;
    }
}

/// What was found by what it says may be another's: undoing it is asked about.
#[tokio::test]
async fn what_was_found_by_looking_is_not_taken_away_unasked() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    breaks(&bed, &id, "midreset").await;
    let told = wire
        .call("add_comment", comment(&id, "Asked the second level."))
        .await;
    assert!(told["notes"].to_string().contains("it is there"), "{told:#}");
    bed.forget().await;
    let shown = wire
        .call("undo_write", json!({ "id": told["write"]["id"] }))
        .await;
    assert_eq!(shown["code"], "confirmation_needed", "{shown:#}");
    assert!(
        shown["preview"]["notes"].to_string().contains("somebody else"),
        "{shown:#}"
    );
    assert_eq!(writes(&bed).await, Vec::<String>::new());
    let undone = wire
        .call("confirm_write", json!({ "token": text(&shown, "token") }))
        .await;
    assert_eq!(undone["data"]["done"], "delete the comment", "{undone:#}");
}

/// Another title makes another record; where the first may have been made, the second is asked about.
#[tokio::test]
async fn a_new_record_in_other_words_is_asked_about_while_the_first_is_open() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let path = "/crm/v8/Leads";
    bed.admin(json!({ "faults": [{ "kind": "reset", "path": path, "count": 1 }] }))
        .await;
    let lead =
        |name: &str| json!({ "module": "Leads", "values": { "Last_Name": name, "Company": "Lumen & Pine" } });
    let told = wire.call("create_record", lead("Lantern")).await;
    assert_eq!(told["code"], "outcome_unknown", "{told:#}");
    bed.forget().await;
    let shown = wire.call("create_record", lead("Lanterne")).await;
    assert_eq!(shown["code"], "confirmation_needed", "{shown:#}");
    assert!(
        shown["preview"]["notes"].to_string().contains("TWICE"),
        "{shown:#}"
    );
    assert_eq!(writes(&bed).await, Vec::<String>::new());
}

/// Another tool that comes to the same is asked about as well, and so is one that does something else to the record.
#[tokio::test]
async fn another_tool_sees_what_may_have_happened() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    let path = format!("/api/v1/tickets/{id}");
    bed.admin(json!({ "faults": [{ "kind": "reset", "path": path, "every": 2, "count": 1 }] }))
        .await;
    let low = json!({ "module": "Cases", "id": id, "values": { "priority": "Low" } });
    let told = wire.call("update_record", low).await;
    assert_eq!(told["code"], "outcome_unknown", "{told:#}");
    let shown = wire
        .call(
            "update_cases",
            json!({ "ids": [id], "priority": "Low", "status": "On Hold" }),
        )
        .await;
    assert_eq!(shown["code"], "confirmation_needed", "{shown:#}");
    assert!(
        shown["preview"]["notes"].to_string().contains("TWICE"),
        "{shown:#}"
    );
    let shown = wire
        .call(
            "add_comment",
            json!({ "id": id, "content": "Asked the second level." }),
        )
        .await;
    let notes = shown["preview"]["notes"].to_string();
    assert!(
        notes.contains("BEWARE") && !notes.contains("TWICE"),
        "it is told, and another matter: {shown:#}"
    );
}

/// That a field holds what was asked for may be somebody else's doing: giving it back is asked about.
#[tokio::test]
async fn a_change_that_was_found_by_looking_is_not_put_back_unasked() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    let desk = format!("/api/v1/tickets/{id}");
    for (tool, path, every, arguments) in [
        (
            "update_record",
            desk.clone(),
            // It is read before it is changed.
            2,
            json!({ "module": "Cases", "id": id, "values": { "priority": "Low" } }),
        ),
        (
            "tag_records",
            format!("{desk}/associateTag"),
            1,
            json!({ "id": id, "tags": ["second-level"] }),
        ),
    ] {
        let fault = json!({ "kind": "midreset", "path": path, "every": every, "count": 1 });
        bed.admin(json!({ "faults": [fault] })).await;
        let told = wire.call(tool, arguments).await;
        assert!(
            told["notes"].to_string().contains("it is there"),
            "{tool}: {told:#}"
        );
        bed.forget().await;
        let shown = wire
            .call("undo_write", json!({ "id": told["write"]["id"] }))
            .await;
        assert_eq!(shown["code"], "confirmation_needed", "{tool}: {shown:#}");
        assert!(
            shown["preview"]["notes"].to_string().contains("somebody else"),
            "{tool}: {shown:#}"
        );
        assert_eq!(writes(&bed).await, Vec::<String>::new(), "{tool}");
    }
}

/// The connection breaks while something beside a record is put back: what came of it is looked up as for any other act.
#[tokio::test]
async fn a_lost_undo_of_lists_is_looked_up() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    let agents = wire
        .call("get_records", json!({ "module": "Agents", "limit": 2 }))
        .await;
    let agent = text(&agents["data"][0], "id");
    let lead = wire
        .call("get_records", json!({ "module": "Leads", "limit": 1 }))
        .await;
    let lead = text(&lead["data"][0], "id");
    let desk = format!("/api/v1/tickets/{id}");
    let crm = format!("/crm/v8/Leads/{lead}");
    for (tool, arguments, path) in [
        (
            "tag_records",
            json!({ "id": id, "tags": ["second-level"] }),
            format!("{desk}/dissociateTag"),
        ),
        (
            "tag_records",
            json!({ "module": "Leads", "id": lead, "tags": ["second-level"] }),
            format!("{crm}/actions/remove_tags"),
        ),
        (
            "follow",
            json!({ "id": id, "agents": [agent] }),
            format!("{desk}/removeFollowers"),
        ),
        (
            "add_note",
            json!({ "module": "Leads", "id": lead, "content": "Called." }),
            format!("{crm}/Notes/"),
        ),
    ] {
        for kind in ["midreset", "reset"] {
            let done = wire.call(tool, arguments.clone()).await;
            let undo = json!({ "id": done["write"]["id"] });
            assert_eq!(done["write"]["undo_write"], true, "{tool}: {done:#}");
            let path = match path.strip_suffix("Notes/") {
                Some(_) => format!("{path}{}", text(&done["data"], "id")),
                None => path.clone(),
            };
            // What is to be taken back is read before.
            let every = if tool == "add_note" { 2 } else { 1 };
            bed.admin(json!({ "faults": [{ "kind": kind, "path": path, "every": every, "count": 1 }] }))
                .await;
            let undone = wire.call("undo_write", undo.clone()).await;
            bed.admin(json!({ "faults": [] })).await;
            if kind == "midreset" {
                assert!(
                    undone["notes"].to_string().contains("it is there"),
                    "{tool} {path}: {undone:#}"
                );
                continue;
            }
            assert_eq!(undone["code"], "outcome_unknown", "{tool}: {undone:#}");
            bed.sql("UPDATE writes SET sent_at = sent_at - 91").await;
            let undone = wire.call("undo_write", undo).await;
            assert!(
                text(&undone, "error").contains("it is not there"),
                "{tool}: {undone:#}"
            );
        }
    }
}
