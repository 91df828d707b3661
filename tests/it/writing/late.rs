//! A person takes their time: the call ends before they answer, or the clocks go on while they read.

use std::time::Duration;

use serde_json::json;
use zoho_mcp::cli::assemble;
use zoho_mcp::config::Writes;
use zoho_mcp::server::Server;
use zoho_mcp::tools::Tools;

use super::{asked, bed, client, config, ended, field, open_case, reply, silent, text, writes};
use crate::bed::{Bed, Wire};

/// A client with forms, of a server whose calls wait a moment for a person.
async fn hasty(bed: &Bed) -> Wire {
    let equipment = assemble::equipment(&config(bed, Writes::Confirm), &bed.clock).unwrap();
    let tools = Tools::new(equipment.with_consent_hold(Duration::from_millis(300)));
    let mut wire = Wire::to(Server::new(std::sync::Arc::new(tools)));
    wire.shake_hands(json!({ "elicitation": {} })).await;
    wire
}

/// A form that is answered after its call has ended counts: a yes for the same call, a no for good.
#[tokio::test]
async fn a_late_answer_is_heard() {
    for action in ["accept", "decline"] {
        let bed = bed().await;
        let mut wire = hasty(&bed).await;
        let (id, _) = open_case(&mut wire).await;
        let closing = json!({ "module": "Cases", "id": id, "values": { "status": "Closed" } });
        bed.forget().await;
        let question = asked(&mut wire, 7, "update_record", &closing).await;
        let told = ended(&mut wire, 7).await;
        assert_eq!(told["code"], "confirmation_needed", "{told:#}");
        assert!(text(&told, "error").contains("stays open"), "{told:#}");
        assert_eq!(writes(&bed).await, Vec::<String>::new());
        reply(&mut wire, &question, json!({ "action": action })).await;
        let told_again = settled(&bed, action).await;
        assert!(told_again, "{action} was not heard");
        if action == "accept" {
            let done = wire.call("update_record", closing).await;
            assert_eq!(done["data"]["id"], id.as_str(), "{done:#}");
            assert_eq!(field(&mut wire, &id, "status").await, "Closed");
        } else {
            let token = json!({ "token": text(&told, "token") });
            let refused = wire.call("confirm_write", token).await;
            assert_eq!(
                refused["code"], "declined_or_not_asked",
                "a no is a no: {refused:#}"
            );
            let told = wire.call("update_record", closing.clone()).await;
            assert_eq!(told["code"], "declined_or_not_asked", "{told:#}");
            assert!(text(&told, "error").contains("has declined it since"), "{told:#}");
            // Whoever was told of the no and asks again, asks the person again.
            asked(&mut wire, 8, "update_record", &closing).await;
            assert_eq!(writes(&bed).await, Vec::<String>::new());
        }
    }
}

/// Waits until the reply is written down.
async fn settled(bed: &Bed, action: &str) -> bool {
    let waits = match action {
        "accept" => "UPDATE writes SET tool = tool WHERE state = 'approved'",
        _ => "UPDATE writes SET tool = tool WHERE state IN ('asked', 'approved')",
    };
    for _ in 0..100 {
        if (bed.sql(waits).await > 0) == (action == "accept") {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

/// Minutes pass between the question and the yes: the act is sent at the moment of the yes, and known by that.
#[tokio::test]
async fn the_clock_goes_on_while_a_person_reads() {
    for seconds in [31, 120, 590] {
        let bed = bed().await;
        let mut wire = client(&bed, Writes::Confirm, json!({ "elicitation": {} })).await;
        let (id, _) = open_case(&mut wire).await;
        bed.forget().await;
        let comment = json!({ "id": id, "content": "Asked the second level.", "public": true });
        let question = asked(&mut wire, 7, "add_comment", &comment).await;
        bed.clock.advance(seconds);
        bed.set_clock(json!({ "advance_s": seconds })).await;
        // The answer of Zoho is lost, too: it is looked up by the moment it was sent, not by that of the call.
        let path = format!("/api/v1/tickets/{id}/comments");
        bed.admin(json!({ "faults": [{ "kind": "midreset", "path": path, "count": 1 }] }))
            .await;
        let word = question["params"]["requestedSchema"]["properties"].clone();
        let content = match word.get("word") {
            Some(_) => {
                json!({ "word": super::field(&mut silent(&bed, Writes::Off).await, &id, "ticketNumber").await })
            }
            None => json!({}),
        };
        reply(
            &mut wire,
            &question,
            json!({ "action": "accept", "content": content }),
        )
        .await;
        let done = ended(&mut wire, 7).await;
        assert!(
            done["notes"].to_string().contains("it is there"),
            "{seconds} s: {done:#}"
        );
        assert_eq!(writes(&bed).await.len(), 1, "{seconds} s");
        let again = silent(&bed, Writes::Confirm)
            .await
            .call("add_comment", comment)
            .await;
        assert_eq!(again["already_done"], true, "{seconds} s: {again:#}");
    }
}

/// After ten minutes a yes is too late.
#[tokio::test]
async fn a_yes_after_ten_minutes_is_none() {
    let bed = bed().await;
    let mut wire = client(&bed, Writes::Confirm, json!({ "elicitation": {} })).await;
    let (id, _) = open_case(&mut wire).await;
    let closing = json!({ "module": "Cases", "id": id, "values": { "status": "Closed" } });
    bed.forget().await;
    let question = asked(&mut wire, 7, "update_record", &closing).await;
    bed.clock.advance(601);
    reply(&mut wire, &question, json!({ "action": "accept" })).await;
    let told = ended(&mut wire, 7).await;
    assert!(text(&told, "error").contains("too old"), "{told:#}");
    assert_eq!(writes(&bed).await, Vec::<String>::new());
}
