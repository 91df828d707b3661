//! Processes that are killed in the middle of an act: what came of it is looked up by the next one, and nothing is sent twice.

use std::time::Duration;

use serde_json::{Value, json};

use super::{grounds, text, writes};
use crate::bed::Bed;
use crate::processes::Process;

/// Waits until the sandbox has a call that it does not answer.
async fn until_under_way(bed: &Bed, fault: &str, server: &mut Process) {
    for _ in 0..500 {
        if bed.get("/__sandbox/stats").await["counts"][format!("fault_{fault}")] == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("nothing is under way: {:#}", server.receive());
}

fn comments(server: &mut Process, id: &str) -> Vec<Value> {
    let related = json!({ "module": "Cases", "id": id, "related": "comments", "limit": 99 });
    let rows = server.call("get_related_records", &related);
    let own = |row: &&Value| {
        row["content"]
            .as_str()
            .is_some_and(|text| text.contains("Asked the second level."))
    };
    rows["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(own)
        .cloned()
        .collect()
}

/// Killed while Zoho has not heard of it (`hang`), and while its answer is on its way (`halfopen`): on a SQLite file and on
/// PostgreSQL.
#[tokio::test]
async fn an_act_that_was_killed_is_looked_up_and_not_sent_twice() {
    for ground in grounds().await {
        for (fault, happened) in [("hang", false), ("halfopen", true)] {
            let bed = &ground.bed;
            let mut first = ground.servers(1).remove(0);
            let cases = json!({ "module": "Cases", "limit": 1, "filters": { "status": "Open" } });
            let id = text(&first.call("get_records", &cases)["data"][0], "id");
            let before = comments(&mut first, &id).len();
            let path = format!("/api/v1/tickets/{id}/comments");
            bed.forget().await;
            bed.admin(json!({ "faults": [{ "kind": fault, "path": path, "count": 1 }] }))
                .await;
            let arguments = json!({ "id": id, "content": "Asked the second level." });
            let params = json!({ "name": "add_comment", "arguments": arguments });
            first.send(&json!({ "jsonrpc": "2.0", "id": 5, "method": "tools/call", "params": params }));
            until_under_way(bed, fault, &mut first).await;
            // Long enough that the whole request has arrived.
            tokio::time::sleep(Duration::from_millis(300)).await;
            first.child.kill().unwrap();
            first.child.wait().unwrap();
            bed.admin(json!({ "faults": [] })).await;
            let name = format!("{} {fault}", ground.name());

            let mut second = ground.servers(1).remove(0);
            let soon = second.call("add_comment", &arguments);
            assert_eq!(soon["code"], "outcome_unknown", "{name}: {soon:#}");
            ground
                .sql("UPDATE writes SET sent_at = sent_at - 100, created_at = created_at - 100")
                .await;
            let mut third = ground.servers(1).remove(0);
            bed.forget().await;
            let told = third.call("add_comment", &arguments);
            assert!(told["code"].is_null(), "{name}: {told:#}");
            assert_eq!(
                told["already_done"].as_bool(),
                happened.then_some(true),
                "{name}: {told:#}"
            );
            assert_eq!(writes(bed).await.len(), usize::from(!happened), "{name}");
            assert_eq!(comments(&mut third, &id).len(), before + 1, "{name}");
            ground.sql("DELETE FROM writes").await;
        }
    }
}
