//! A case of 60 threads and long HTML in one answer: within the budget, with what matters, and whole by its cursor.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use zoho_mcp::tools::output::list::BUDGET;

use crate::bed::Bed;
use crate::desk_client::Desk;

/// Comments of an agent, each longer than the place one entry has.
const COMMENTS: usize = 14;

/// The sandbox's case of 60 threads, with long HTML comments and a long reply written by another client of Desk.
async fn long_case(bed: &Bed, replied: bool) -> String {
    let desk = Desk::of(bed).await;
    let tickets = desk.get("/tickets?limit=50").await;
    let long = tickets["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|ticket| ticket["threadCount"] == "60");
    let ticket = long.unwrap()["id"].as_str().unwrap().to_owned();
    for number in 0..COMMENTS {
        let row = format!("<tr><td style=\"padding:4px\">reading {number}</td><td>&lt;ok&gt;</td></tr>");
        let content = format!("<div><b>Log {number}</b><table>{}</table></div>", row.repeat(150));
        let body = json!({ "content": content, "contentType": "html", "isPublic": false });
        desk.post(&format!("/tickets/{ticket}/comments"), body).await;
    }
    if replied {
        let steps = "<p>A step of the repair.</p>".repeat(400);
        desk.reply(&ticket, &format!("<p>We found it.</p>{steps}"), "html", &[])
            .await;
    }
    ticket
}

fn length(answer: &Value) -> usize {
    answer.to_string().chars().count()
}

#[tokio::test]
async fn sixty_threads_fit_and_say_what_matters() {
    for replied in [false, true] {
        let bed = Bed::connected().await;
        let id = long_case(&bed, replied).await;
        let mut wire = bed.client().await;
        let answer = wire.call("get_ticket_context", json!({ "id": id })).await;
        let data = &answer["data"];
        assert!(length(&answer) <= BUDGET, "{} characters", length(&answer));
        assert!(
            data["case"]["subject"].is_string() && data["case"]["status"].is_string(),
            "{data:#}"
        );
        assert_eq!(answer["complete"], false);
        assert!(answer["next_cursor"].is_string(), "{answer:#}");
        let shown = data["conversation"].as_array().unwrap();
        let from_customer = |entry: &&Value| entry["customer"] == true;
        let last = match shown.iter().rev().find(from_customer) {
            Some(entry) => entry,
            None => &data["last_customer_message"],
        };
        assert!(
            last["content"].as_str().is_some_and(|text| !text.is_empty()),
            "{data:#}"
        );
        let turn = data.get("our_turn");
        assert_eq!(
            turn,
            Some(&json!(false)),
            "the last of 60 messages, and the reply, went out"
        );
        assert!(!answer.to_string().contains("<td"), "HTML is text");
    }
}

#[tokio::test]
async fn the_cursor_leads_through_all_of_it_once() {
    let bed = Bed::connected().await;
    let id = long_case(&bed, true).await;
    let mut wire = bed.client().await;
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    let mut arguments = json!({ "id": id });
    let (mut answers, mut older) = (0, jiff::Timestamp::MAX);
    loop {
        let answer = wire.call("get_ticket_context", arguments.clone()).await;
        assert!(length(&answer) <= BUDGET, "{} characters", length(&answer));
        answers += 1;
        let shown = answer["data"]["conversation"].as_array().unwrap();
        let time = |entry: &Value| entry["at"].as_str()?.parse().ok();
        let times: Vec<jiff::Timestamp> = shown.iter().filter_map(time).collect();
        assert!(
            times.is_sorted() && times.last().is_none_or(|newest| *newest <= older),
            "{older}: {times:?}"
        );
        older = times.first().copied().unwrap_or(older);
        for entry in shown {
            *told.entry(entry["id"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        match answer["next_cursor"].as_str() {
            Some(cursor) => arguments["cursor"] = json!(cursor),
            None => break,
        }
    }
    assert!(answers > 1, "one answer cannot hold it");
    assert!(told.values().all(|times| *times == 1), "{told:#?}");
    let mut messages = Vec::new();
    let mut page =
        json!({ "module": "Cases", "id": id, "related": "conversations", "limit": 99, "fields": ["id"] });
    loop {
        let answer = wire.call("get_related_records", page.clone()).await;
        messages.extend(answer["data"].as_array().unwrap().clone());
        match answer["next_cursor"].as_str() {
            Some(cursor) => page["cursor"] = json!(cursor),
            None => break,
        }
    }
    for message in &messages {
        assert!(
            told.contains_key(message["id"].as_str().unwrap()),
            "{message:#} is lost"
        );
    }
    assert!(messages.len() > 60 + COMMENTS, "{}", messages.len());
    assert_eq!(messages.len(), told.len());
}
