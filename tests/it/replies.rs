//! Replies that lie: a token that is none, and pages that come again.
//!
//! Who says so: the accounts server's HTML, errors with 200 and replies without members (n8n-io/n8n#30460,
//! tristanjahier/zoho-crm-php#9, Zoho OAuth, token errors); lists whose next page is the one before (hostile input 8).
//! Assumed: what else may stand in place of a token.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::connections_rooms::fake::{self, House, Scripted};

const TOKENS: &str = "/oauth/v2/token";

#[tokio::test]
async fn no_reply_is_taken_for_a_token_that_is_none() {
    let html = "<!DOCTYPE html><html><body>Sign in</body></html>";
    for (status, reply) in [
        (200, ""),
        (204, ""),
        (200, html),
        (200, "null"),
        (200, "[]"),
        (200, "{}"),
        (200, r#"{"access_token":"1000.ab"#),
        (200, r#"{"access_token":null,"expires_in":3600}"#),
        (200, r#"{"access_token":"","expires_in":3600}"#),
        (200, r#"{"access_token":7,"expires_in":3600}"#),
        (200, r#"{"access_token":"a\r\nb: c","expires_in":3600}"#),
        (200, r#"{"access_token":{"a":1},"expires_in":3600}"#),
        (200, r#"{"error":"access_denied"}"#),
        (200, r#"{"status":"error","code":"INVALID_CODE","message":"no"}"#),
        (302, ""),
        (403, html),
        (500, html),
        (503, r#"{"error":"server_error"}"#),
    ] {
        let house = House::new().await;
        house.connect(0).await;
        let mut wire = house.serve(house.settings()).await;
        house
            .fake
            .script(TOKENS, std::iter::repeat_n(fake::json(status, reply), 20));
        let read = wire.call("get_records", json!({ "module": "Cases" })).await;
        let code = read["code"].as_str().unwrap_or_default();
        assert!(
            ["unavailable", "reconnect_needed", "rate_limited"].contains(&code),
            "{status} {reply}: {read}"
        );
        assert!(
            read["data"].is_null() && read["next"].is_string(),
            "{status} {reply}: {read}"
        );
        for secret in ["the-refresh-token", "client-secret"] {
            assert!(!read.to_string().contains(secret), "{status} {reply}: {read}");
        }
        assert_eq!(house.fake.count("/api/v1/tickets"), 0, "{status} {reply}");
    }
}

fn numbers(query: &str, name: &str) -> Option<usize> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name)?.1.parse().ok()
}

fn rows(ids: impl Iterator<Item = usize>) -> Value {
    ids.map(|id| json!({ "id": format!("57257670000{id:08}"), "subject": "Lamp", "Last_Name": "Lamp" }))
        .collect()
}

/// Lists whose pages do not go on, by what they do wrong: each has 30 rows, and says that there are more.
fn liar(kind: &'static str) -> impl Fn(&str, &str) -> Option<Scripted> + Send + Sync + 'static {
    move |path, query| {
        let size = numbers(query, "limit")
            .or(numbers(query, "per_page"))
            .unwrap_or(30);
        let first = match numbers(query, "page") {
            Some(page) => (page - 1) * size,
            None => numbers(query, "from").unwrap_or(0),
        };
        let ids: Vec<usize> = match kind {
            "the first page for ever" => (0..size).collect(),
            "the last row again and again" => (first..first + size).map(|id| id.min(29)).collect(),
            "every row twice" => (first..first + size)
                .map(|id| id / 2)
                .filter(|id| *id < 30)
                .collect(),
            _ => unreachable!(),
        };
        match path {
            "/api/v1/tickets" | "/crm/v8/Leads" => {
                let info = json!({ "more_records": true, "per_page": size, "count": ids.len() });
                Some(fake::json(
                    200,
                    &json!({ "data": rows(ids.into_iter()), "info": info }).to_string(),
                ))
            }
            _ => None,
        }
    }
}

#[tokio::test]
async fn pages_that_come_again_are_told() {
    for kind in [
        "the first page for ever",
        "the last row again and again",
        "every row twice",
    ] {
        for (module, app) in [("Cases", "desk"), ("Leads", "crm")] {
            let (house, mut wire) = House::served().await;
            house.fake.follow(liar(kind));
            let mut arguments = json!({ "module": module, "app_type": app, "limit": 10 });
            let (mut times, mut told) = (BTreeMap::<String, usize>::new(), false);
            for _ in 0..12 {
                let answer = wire.call("get_records", arguments.clone()).await;
                told |= answer["error"].is_string() || answer["notes"].to_string().contains("missing");
                for row in answer["data"].as_array().into_iter().flatten() {
                    *times.entry(row["id"].as_str().unwrap().to_owned()).or_default() += 1;
                }
                match &answer["next_cursor"] {
                    Value::String(next) => arguments["cursor"] = json!(next),
                    _ => break,
                }
            }
            let doubled = times.values().filter(|times| **times > 1).count();
            assert!(
                told || doubled == 0,
                "{kind} of {module}: {doubled} rows doubled in silence"
            );
        }
    }
}
