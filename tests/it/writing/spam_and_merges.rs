//! Records that are deleted and restored, marked as spam and merged: reading, listing, searching and history say the same.

use serde_json::{Value, json};
use zoho_mcp::config::Writes;

use super::several::{agreed, open_cases};
use super::{asked, bed, client, ended, reply, silent, text, writes};
use crate::bed::{Wire, ids};

/// Whether lists, searches and reads show a record.
async fn shown(wire: &mut Wire, module: &str, app: &str, id: &str) -> [bool; 2] {
    let one = json!({ "module": module, "app_type": app, "id": id });
    let read = wire.call("get_record", one).await;
    let is_read = read["data"]["id"] == id && read["data"]["isTrashed"] != true;
    let list = json!({ "module": module, "app_type": app, "limit": 99, "fields": ["id"] });
    let listed = ids(&wire.call("get_records", list).await);
    [is_read, listed.iter().any(|one| one == id)]
}

#[tokio::test]
async fn deleted_records_come_back() {
    for (module, app) in [("Cases", "desk"), ("Leads", "crm")] {
        let bed = bed().await;
        let mut wire = silent(&bed, Writes::Trusted).await;
        let list = json!({ "module": module, "app_type": app, "limit": 2, "fields": ["id"] });
        let found = ids(&wire.call("get_records", list).await);
        bed.forget().await;
        let call = json!({ "module": module, "app_type": app, "ids": found });
        let done = agreed(&mut wire, "delete_records", &call).await;
        assert_eq!(done["data"]["count"], 2, "{done:#}");
        assert_eq!(writes(&bed).await.len(), 1);
        for id in &found {
            assert_eq!(
                shown(&mut wire, module, app, id).await,
                [false, false],
                "{module} {id}"
            );
        }
        // One is restored by its id, and so undoing restores the other alone.
        let one = wire
            .call("restore_records", json!({ "ids": [found[0]], "app_type": app }))
            .await;
        assert!(one["code"].is_null(), "{one:#}");
        assert_eq!(
            shown(&mut wire, module, app, &found[0]).await,
            [true, true],
            "{module}"
        );
        let undone = wire
            .call("undo_write", json!({ "id": done["write"]["id"] }))
            .await;
        assert!(undone["code"].is_null(), "{undone:#}");
        assert!(
            undone["notes"].to_string().contains("changed since"),
            "{undone:#}"
        );
        assert_eq!(
            shown(&mut wire, module, app, &found[1]).await,
            [true, true],
            "{module}"
        );
    }
}

#[tokio::test]
async fn spam_is_marked_and_the_mark_taken_back() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let cases = open_cases(&mut wire, 2).await;
    let done = agreed(&mut wire, "mark_spam", &json!({ "ids": cases })).await;
    assert_eq!(done["data"]["count"], 2, "{done:#}");
    let list = json!({ "module": "Cases", "limit": 99, "fields": ["id"] });
    let listed = ids(&wire.call("get_records", list.clone()).await);
    assert!(cases.iter().all(|case| !listed.contains(case)));
    agreed(&mut wire, "undo_write", &json!({ "id": done["write"]["id"] })).await;
    let listed = ids(&wire.call("get_records", list).await);
    assert!(cases.iter().all(|case| listed.contains(case)));
}

/// Zoho takes no merge back: the number of the case that stays is typed, or nothing is sent.
#[tokio::test]
async fn a_merge_wants_the_number_typed_and_stays() {
    let bed = bed().await;
    let mut wire = client(&bed, Writes::Trusted, json!({ "elicitation": {} })).await;
    let cases = open_cases(&mut wire, 3).await;
    let call = json!({ "module": "Cases", "id": cases[0], "ids": cases[1..] });
    bed.forget().await;
    let question = asked(&mut wire, 7, "merge_records", &call).await;
    let message = text(&question["params"], "message");
    assert!(message.contains("CANNOT be taken back"), "{message}");
    reply(
        &mut wire,
        &question,
        json!({ "action": "accept", "content": { "word": "yes" } }),
    )
    .await;
    let told = ended(&mut wire, 7).await;
    assert_eq!(told["code"], "declined_or_not_asked", "{told:#}");
    assert_eq!(writes(&bed).await, Vec::<String>::new());
    let question = asked(&mut wire, 8, "merge_records", &call).await;
    let number = number_in(&message);
    reply(
        &mut wire,
        &question,
        json!({ "action": "accept", "content": { "word": number } }),
    )
    .await;
    let done = ended(&mut wire, 8).await;
    assert_eq!(
        (&done["data"]["count"], &done["write"]["undo_write"]),
        (&json!(2), &json!(false)),
        "{done:#}"
    );
    for merged in &cases[1..] {
        assert_eq!(shown(&mut wire, "Cases", "desk", merged).await, [false, false]);
    }
    let undone = wire
        .call("undo_write", json!({ "id": done["write"]["id"] }))
        .await;
    assert!(
        text(&undone, "error").contains("cannot be taken back"),
        "{undone:#}"
    );
}

/// The number of `case #600 "..."`.
fn number_in(message: &str) -> String {
    let (_, rest) = message.split_once("case #").expect("a case");
    rest.chars().take_while(char::is_ascii_digit).collect()
}

/// CRM refuses to restore one of two: that one is told, the other is back.
#[tokio::test]
async fn what_cannot_be_restored_is_told_by_record() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let cases = open_cases(&mut wire, 2).await;
    agreed(
        &mut wire,
        "delete_records",
        &json!({ "module": "Cases", "ids": cases }),
    )
    .await;
    let errors = json!({ "errorCode": "UNPROCESSABLE_ENTITY", "httpCode": "422" });
    let rows: [Value; 2] = [
        json!({ "id": cases[0], "success": true, "errors": null }),
        json!({ "id": cases[1], "success": false, "errors": errors }),
    ];
    let shown = wire.call("restore_records", json!({ "ids": cases })).await;
    let fault = json!({ "kind": "answer", "path": "/api/v1/recycleBin/restore", "status": 200, "body": { "results": rows } });
    bed.admin(json!({ "faults": [fault] })).await;
    let told = wire
        .call("confirm_write", json!({ "token": text(&shown, "token") }))
        .await;
    assert_eq!(told["data"]["count"], 1, "{told:#}");
    assert_eq!(told["failed"][0]["id"], cases[1].as_str(), "{told:#}");
    assert!(
        text(&told["failed"][0], "why").contains("UNPROCESSABLE_ENTITY"),
        "{told:#}"
    );
}

/// Each of two customers would read what the other wrote (breaker's n19).
#[tokio::test]
async fn whose_cases_are_merged_is_told() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Confirm).await;
    let asked = json!({ "module": "Cases", "limit": 50, "fields": ["id", "contactId"] });
    let found = wire.call("get_records", asked).await;
    let rows = found["data"].as_array().unwrap();
    let contact = |row: &Value| row["contactId"].clone();
    let first = rows.iter().find(|row| !contact(row).is_null()).unwrap();
    let other = rows
        .iter()
        .find(|row| !contact(row).is_null() && contact(row) != contact(first))
        .unwrap();
    let merge = json!({ "module": "Cases", "id": first["id"], "ids": [other["id"]] });
    let shown = wire.call("merge_records", merge).await;
    assert!(
        shown["preview"]["notes"]
            .to_string()
            .contains("DIFFERENT CUSTOMERS"),
        "{shown:#}"
    );
    assert!(
        shown["preview"]["changes"].to_string().contains("a case of "),
        "{shown:#}"
    );
    let same = rows.iter().enumerate().find_map(|(place, one)| {
        let later = rows.iter().skip(place + 1);
        let twin = later
            .into_iter()
            .find(|two| !contact(one).is_null() && contact(two) == contact(one))?;
        Some((one["id"].clone(), twin["id"].clone()))
    });
    let (one, two) = same.expect("two cases of one contact");
    let shown = wire
        .call(
            "merge_records",
            json!({ "module": "Cases", "id": one, "ids": [two] }),
        )
        .await;
    assert_eq!(shown["code"], "confirmation_needed", "{shown:#}");
    assert!(!shown.to_string().contains("DIFFERENT"), "{shown:#}");
}
