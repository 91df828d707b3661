//! What a message quotes is left out where the conversation has it, and told where nothing else has it.

use serde_json::{Value, json};

use super::{entry, row, thread, told, words};
use crate::bed::{Bed, Wire};
use crate::desk_client::Desk;

const PROBLEM: &str =
    "Dear team, the gateway on the east pier lost its card in the storm, and spare ones do not fit.";

fn quoting(own: &str, quoted: &str) -> String {
    let marked = quoted.replace('\n', "\n> ");
    format!("{own}\n\nOn Tue, 3 Nov 2026 at 9:12, Aiko Mori <aiko@b.example> wrote:\n\n> {marked}")
}

#[tokio::test]
async fn the_only_copy_of_what_was_said_is_told() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let first = quoting("the east pier gateway needs a new card", PROBLEM);
    let elsewhere = quoting(
        "Our supplier says:",
        "The card is no longer made, take the other one in its place.",
    );
    let elsewhere = elsewhere.replace("Our supplier says:", "See what our supplier says.");
    let last = quoting("Thanks, that one fits.", &elsewhere);
    let listed = |id: &str, direction: &str, text: &str| row(id, direction, &text.replace('\n', " "));
    let id = Desk::of(&bed).await.create("Card", &first).await;
    let answers = [
        (
            "conversations",
            json!({ "data": [listed("333", "in", &last), listed("222", "out", &elsewhere), listed("111", "in", &first)] }),
        ),
        ("latestThread", thread("333", &last, "text/plain")),
        ("threads/222", thread("222", &elsewhere, "text/plain")),
        ("threads/111", thread("111", &first, "text/plain")),
    ];
    let answer = of_case(&bed, &mut wire, &id, &answers).await;
    assert_eq!(words(&answer, "111"), first, "nothing before it has this");
    assert_eq!(words(&answer, "222"), elsewhere, "no message before it has this");
    assert_eq!(words(&answer, "333"), "Thanks, that one fits.");
    for (id, is_cut) in [("111", false), ("222", false), ("333", true)] {
        assert_eq!(
            entry(&answer, id)["quoted_left_out"].is_u64(),
            is_cut,
            "{answer:#}"
        );
    }
    assert_eq!(answer["data"]["case"]["description_is"], "the first message");

    // Said to be a message only where that shows all of it.
    let id = Desk::of(&bed).await.create("Card", &last).await;
    let answer = of_case(&bed, &mut wire, &id, &answers).await;
    assert_eq!(
        answer["data"]["case"]["description_is"],
        Value::Null,
        "{answer:#}"
    );
    assert!(answer["data"]["case"]["description"].is_string(), "{answer:#}");
}

async fn of_case(bed: &Bed, wire: &mut Wire, id: &str, answers: &[(&str, Value)]) -> Value {
    let faults: Vec<Value> = answers
        .iter()
        .map(|(path, body)| json!({ "kind": "answer", "path": format!("/api/v1/tickets/{id}/{path}"), "body": body }))
        .collect();
    bed.forget().await;
    bed.admin(json!({ "faults": faults })).await;
    wire.call("get_ticket_context", json!({ "id": id })).await
}

#[tokio::test]
async fn history_that_only_repeats_messages_is_said_to_be_so() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let event = json!({ "eventName": "ThreadAdded", "eventTime": "2026-11-20T10:00:00.000Z" });
    let answers = [("History", json!({ "data": vec![event; 50] }))];
    let answer = told(&bed, &mut wire, &answers, json!({})).await;
    assert_eq!(answer["data"]["history"], Value::Null);
    assert_eq!(answer["data"]["history_of_messages_left_out"], 50);
    let notes = answer["notes"].to_string();
    assert!(
        notes.contains("The newest 50 events of history only say that a message"),
        "{notes}"
    );
    assert!(!notes.contains("Not all of history"), "{notes}");
    assert_eq!(answer["complete"], false);
}
