//! The token of a preview: good once, for ten minutes, for the same user, connection and arguments, and for the record as it was
//! shown. On a SQLite file and on PostgreSQL, and over two processes. Six refusals, none of which sends anything.

use serde_json::{Value, json};
use zoho_mcp::config::Writes;

use super::{bed, grounds, open_case, silent, text, writes};
use crate::bed::Bed;
use crate::processes::Process;

/// One act that is shown, and its token.
fn shown(server: &mut Process, id: &str, status: &str) -> String {
    let change = json!({ "module": "Cases", "id": id, "values": { "status": status } });
    let told = server.call("update_record", &change);
    assert_eq!(told["code"], "confirmation_needed", "{told:#}");
    text(&told, "token")
}

fn cases() -> Value {
    json!({ "module": "Cases", "limit": 1, "filters": { "status": "Open" } })
}

async fn refused(bed: &Bed, server: &mut Process, token: &str, part: &str) {
    bed.forget().await;
    let told = server.call("confirm_write", &json!({ "token": token }));
    assert!(told.to_string().contains(part), "{part} is not in {told:#}");
    assert!(told["code"].is_string(), "{told:#}");
    assert_eq!(writes(bed).await, Vec::<String>::new(), "{part}");
}

#[tokio::test]
async fn a_token_is_good_once_and_for_nothing_else() {
    for ground in grounds().await {
        let bed = &ground.bed;
        let mut servers = ground.servers(2);
        let found = servers[0].call("get_records", &cases());
        let id = text(&found["data"][0], "id");
        // Tampered with: the mark is another, the words name another tool.
        let token = shown(&mut servers[0], &id, "On Hold");
        let mut other = token.clone();
        other.pop();
        other.push(if token.ends_with('A') { 'B' } else { 'A' });
        refused(bed, &mut servers[1], &other, "the token of an act").await;
        refused(
            bed,
            &mut servers[1],
            &token.replace("update_record", "delete_record"),
            "the token of an act",
        )
        .await;
        refused(bed, &mut servers[1], "nonsense", "the token of an act").await;
        // The words that a dialog shows are vouched for, too.
        let number = text(&found["data"][0], "ticketNumber");
        let relabelled = token.replace(&number, "7");
        assert_ne!(relabelled, token);
        refused(bed, &mut servers[1], &relabelled, "the token of an act").await;
        // Other arguments than those that were shown.
        ground.sql("UPDATE writes SET digest = '0123456789abcdef'").await;
        refused(bed, &mut servers[1], &token, "the token of an act").await;
        ground.sql("DELETE FROM writes").await;
        // Another user's.
        let token = shown(&mut servers[0], &id, "On Hold");
        ground.sql("UPDATE writes SET user_id = 'somebody else'").await;
        refused(bed, &mut servers[1], &token, "the token of an act").await;
        ground.sql("DELETE FROM writes").await;
        // Ten minutes later.
        let token = shown(&mut servers[0], &id, "On Hold");
        ground.sql("UPDATE writes SET expires_at = NOW").await;
        refused(bed, &mut servers[1], &token, "older than ten minutes").await;
        ground.sql("DELETE FROM writes").await;
        // A record that somebody changed meanwhile.
        let token = shown(&mut servers[0], &id, "On Hold");
        ground
            .sql("UPDATE writes SET seen = '2026-01-01T00:00:00Z'")
            .await;
        refused(bed, &mut servers[1], &token, "the token of an act").await;
        ground.sql("DELETE FROM writes").await;
        let token = shown(&mut servers[0], &id, "On Hold");
        bed.set_clock(json!({ "advance_s": 60 })).await;
        let call = format!("PATCH /api/v1/tickets/{id}");
        let step = json!({ "call": call, "body": { "classification": "Others" } });
        bed.tell("load", json!({ "steps": [step] })).await;
        refused(bed, &mut servers[1], &token, "changed meanwhile").await;
        // Another process carries it out, once.
        let token = shown(&mut servers[0], &id, "On Hold");
        bed.forget().await;
        let done = servers[1].call("confirm_write", &json!({ "token": token }));
        assert_eq!(
            done["write"]["agreed_by"],
            "confirm_write",
            "{}: {done:#}",
            ground.name()
        );
        assert_eq!(writes(bed).await.len(), 1);
        for server in &mut servers {
            refused(bed, server, &token, "the token was used").await;
        }
    }
}

/// Two processes that confirm at the same moment send it once.
#[tokio::test]
async fn two_confirmations_at_once_are_one() {
    for ground in grounds().await {
        let mut servers = ground.servers(4);
        let found = servers[0].call("get_records", &cases());
        let id = text(&found["data"][0], "id");
        let token = shown(&mut servers[0], &id, "On Hold");
        ground.bed.forget().await;
        let told: Vec<Value> = std::thread::scope(|scope| {
            let calls: Vec<_> = servers
                .iter_mut()
                .map(|server| {
                    let token = token.clone();
                    scope.spawn(move || server.call("confirm_write", &json!({ "token": token })))
                })
                .collect();
            calls.into_iter().map(|call| call.join().unwrap()).collect()
        });
        let done = told
            .iter()
            .filter(|told| told["write"]["agreed_by"] == "confirm_write");
        assert_eq!(done.count(), 1, "{}: {told:#?}", ground.name());
        assert_eq!(writes(&ground.bed).await.len(), 1, "{}", ground.name());
    }
}

/// Where the ledger cannot be written nothing is sent.
#[tokio::test]
async fn without_a_journal_nothing_is_sent() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    bed.sql("CREATE TRIGGER full BEFORE INSERT ON writes BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END")
        .await;
    bed.forget().await;
    let change = json!({ "module": "Cases", "id": id, "values": { "status": "Closed" } });
    let told = wire.call("update_record", change).await;
    assert!(told["code"].is_string(), "{told:#}");
    assert_eq!(writes(&bed).await, Vec::<String>::new());
}
