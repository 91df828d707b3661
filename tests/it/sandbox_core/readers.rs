//! Who looks through many tickets holds nobody up, and ends when nobody waits for the answer any more.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use zoho_mcp::sandbox::Options;

use super::{Zoho, told};

/// So many that to look at each takes long.
const TICKETS: u64 = 6_000;

/// A condition that no index knows.
const LOOKED_FOR: &str = "/api/v1/tickets?filters=%7B%22criteria%22%3A%7B%22fieldConditions%22%3A%5B%7B%22field%22%3A%22webUrl%22%2C%22data%22%3A%5B%22none%22%5D%7D%5D%7D%7D";

async fn zoho() -> (Zoho, String) {
    let zoho = Zoho::with(Options {
        tickets: TICKETS,
        ..Options::default()
    });
    let token = zoho.token().await;
    (zoho, token)
}

#[tokio::test]
async fn others_are_answered_while_one_looks_through_all() {
    let (zoho, token) = zoho().await;
    let slow = tokio::spawn(zoho.api_request(LOOKED_FOR, &token).send());
    zoho.until(|stats| stats["reading"] == 1).await;
    let newest = told(zoho.api_request("/api/v1/tickets?limit=1", &token)).await.1;
    let id = newest["data"][0]["id"].as_str().unwrap();
    let change = zoho.http.patch(zoho.url(&format!("/api/v1/tickets/{id}")));
    let change = change.header("authorization", format!("Zoho-oauthtoken {token}"));
    let changed = told(change.body(json!({ "priority": "Low" }).to_string())).await;
    assert_eq!(changed.0, 200);
    assert!(!slow.is_finished());
    assert_eq!(slow.await.unwrap().unwrap().status(), 204);
}

#[tokio::test]
async fn who_hangs_up_is_no_longer_worked_for() {
    let (zoho, token) = zoho().await;
    // Alone they would take many times what the loop below does.
    let slow: Vec<_> = (0..12)
        .map(|_| tokio::spawn(zoho.api_request(LOOKED_FOR, &token).send()))
        .collect();
    zoho.until(|stats| stats["reading"] == 12).await;
    slow.iter().for_each(tokio::task::JoinHandle::abort);
    for _ in 0..300 {
        if zoho.ask("stats").await["reading"] == 0 {
            return;
        }
    }
    panic!("still at work: {}", zoho.ask("stats").await);
}

/// Reads look at copies: whoever asks sees their own there, too, however often others asked the same.
#[tokio::test]
async fn each_reads_what_they_see() {
    let (zoho, token) = zoho().await;
    let agents = zoho.token_of("agent").await;
    for _ in 0..2 {
        let all = told(zoho.api_request("/api/v1/tickets?limit=50", &token)).await.1;
        let own = told(zoho.api_request("/api/v1/tickets?limit=50", &agents))
            .await
            .1;
        let departments = |list: &Value| -> BTreeSet<String> {
            let rows = list["data"].as_array().unwrap().iter();
            rows.map(|row| row["departmentId"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(departments(&own).len(), 1, "{own}");
        assert!(departments(&all).len() > 1);
    }
}

/// A look at an export is no reading: it is further at the next.
#[tokio::test]
async fn an_export_moves_on_with_each_look() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    let made = zoho.post("/api/v1/bulkExport").body(r#"{"module":"tickets"}"#);
    let made = told(made.header("authorization", format!("Zoho-oauthtoken {token}")))
        .await
        .1;
    let path = format!("/api/v1/bulkExport/{}", made["exportId"].as_str().unwrap());
    for state in ["INPROGRESS", "COMPLETED"] {
        assert_eq!(told(zoho.api_request(&path, &token)).await.1["status"], state);
    }
}
