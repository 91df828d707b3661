//! Credits and calls at once.

use serde_json::{Value, json};
use zoho_mcp::sandbox::Options;

use super::Zoho;

const REMAINING: &str = "x-rate-limit-remaining-v3";

fn strict() -> Zoho {
    Zoho::with(Options {
        strict_limits: true,
        ..Options::default()
    })
}

async fn refused(zoho: &Zoho, path: &str, token: &str) -> (Option<String>, Value) {
    let response = zoho.api(path, token).await;
    assert_eq!(response.status(), 429, "{path}");
    let after = response.headers().get("retry-after");
    let after = after.map(|seconds| seconds.to_str().unwrap().to_owned());
    (
        after,
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap(),
    )
}

/// Calls that never end, once the sandbox has them all.
async fn hanging(zoho: &Zoho, path: &str, calls: usize, token: &str) -> tokio::task::JoinSet<()> {
    zoho.admin(json!({ "faults": [{ "kind": "hang", "count": calls }] }))
        .await;
    let mut waiting = tokio::task::JoinSet::new();
    for _ in 0..calls {
        let request = zoho.api_request(path, token);
        waiting.spawn(async move {
            let _ = request.send().await;
        });
    }
    zoho.until(|stats| stats["in_flight"] == calls).await;
    waiting
}

#[tokio::test]
async fn a_day_has_so_many_desk_credits_and_ends_at_midnight() {
    let zoho = strict();
    let (status, _) = zoho
        .control("clock", json!({ "set": "2026-03-04T23:50:00Z" }))
        .await;
    assert_eq!(status, 200);
    let token = zoho.token().await;
    zoho.admin(json!({ "desk_credits": 7 })).await;
    let list = "/api/v1/tickets?limit=1";
    let left = async |token: &str| {
        let response = zoho.api(list, token).await;
        assert_eq!(response.status(), 200);
        response.headers()[REMAINING].to_str().unwrap().to_owned()
    };
    assert_eq!(left(&token).await, "4", "a list costs 3");
    assert_eq!(left(&token).await, "1");
    assert_eq!(left(&token).await, "0", "the last call may overdraw");
    let (after, body) = refused(&zoho, list, &token).await;
    assert_eq!(body["errorCode"], "THRESHOLD_EXCEEDED");
    let seconds: i64 = after.unwrap().parse().unwrap();
    assert!((1..=600).contains(&seconds), "{seconds}");
    assert_eq!(zoho.count("limited").await, 1);

    // The other organization and CRM have credits of their own.
    let other = &zoho.sandbox.desk_organizations[1].0;
    let request = zoho.api_request(list, &token).header("orgId", other);
    assert_eq!(request.send().await.unwrap().status(), 200);
    let crm = zoho.api("/crm/v8/Leads?fields=id", &token).await;
    assert_eq!(crm.status(), 200);
    zoho.advance(seconds).await;
    assert_eq!(left(&token).await, "4", "a new day");
}

#[tokio::test]
async fn crm_tells_what_is_left_once_half_is_gone_and_looks_back_a_day() {
    let zoho = strict();
    zoho.admin(json!({ "crm_credits": 4, "expires_in": 1_000_000 }))
        .await;
    let path = "/crm/v8/Leads?fields=id";
    let token = zoho.token().await;
    let left = async || {
        let response = zoho.api(path, &token).await;
        assert_eq!(response.status(), 200);
        let header = response.headers().get("x-api-credits-remaining");
        header.map(|left| left.to_str().unwrap().to_owned())
    };
    assert_eq!(left().await, None);
    zoho.advance(3600).await;
    assert_eq!(left().await.as_deref(), Some("2"));
    assert_eq!(left().await.as_deref(), Some("1"));
    assert_eq!(left().await.as_deref(), Some("0"));
    let (after, body) = refused(&zoho, path, &token).await;
    assert_eq!(after, None, "CRM never says when to come back");
    assert_eq!(body["code"], "TOO_MANY_REQUESTS");
    zoho.advance(86_400 - 3600).await;
    assert_eq!(
        left().await.as_deref(),
        Some("0"),
        "the first credit is back, and used again"
    );
    refused(&zoho, path, &token).await;
}

#[tokio::test]
async fn crm_calls_cost_what_zoho_charges() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    let spent = async |request: reqwest::RequestBuilder| {
        zoho.control("reset", json!({})).await;
        let response = request.send().await.unwrap();
        assert!(
            response.status().is_success(),
            "{}",
            response.text().await.unwrap()
        );
        // The first allowance under which another call is let in is one more than what was used.
        for credits in 1..=60 {
            zoho.admin(json!({ "crm_credits": credits })).await;
            let status = zoho.api("/crm/v8/settings/modules", &token).await.status();
            if status == 200 {
                return credits - 1;
            }
        }
        panic!("more than 60 credits")
    };
    let get = |path: &str| zoho.api_request(path, &token);
    assert_eq!(spent(get("/crm/v8/Leads?fields=id")).await, 1);
    assert_eq!(spent(get("/crm/v8/Leads/deleted?type=all")).await, 2);
    assert_eq!(spent(get("/crm/v8/Leads/actions/count")).await, 50);
    let query = |text: &str| {
        let body = json!({ "select_query": text }).to_string();
        zoho.post("/crm/v8/coql")
            .header("authorization", format!("Zoho-oauthtoken {token}"))
            .body(body)
    };
    let select = "select Last_Name from Leads where id > 0";
    assert_eq!(spent(query(select)).await, 1);
    assert_eq!(spent(query(&format!("{select} limit 201"))).await, 2);
    assert_eq!(spent(query(&format!("{select} limit 0, 2000"))).await, 3);
    let record = |n: usize| json!({ "Last_Name": format!("Name {n}"), "Company": "Company" });
    let body = json!({ "data": (0..11).map(record).collect::<Vec<_>>() });
    let insert = zoho
        .post("/crm/v8/Leads")
        .header("authorization", format!("Zoho-oauthtoken {token}"));
    assert_eq!(spent(insert.body(body.to_string())).await, 2);
    let body = json!({ "query": { "module": { "api_name": "Leads" } } });
    let read = zoho
        .post("/crm/bulk/v8/read")
        .header("authorization", format!("Zoho-oauthtoken {token}"));
    assert_eq!(spent(read.body(body.to_string())).await, 50);
}

#[tokio::test]
async fn an_organization_has_so_many_calls_in_flight() {
    let zoho = strict();
    let token = zoho.token().await;
    for (path, calls, code) in [
        ("/api/v1/tickets?limit=1", 25, "errorCode"),
        ("/crm/v8/Leads?fields=id", 20, "code"),
        ("/crm/v8/Leads?fields=id&sort_by=id", 10, "code"),
    ] {
        let waiting = hanging(&zoho, path, calls, &token).await;
        let (after, body) = refused(&zoho, path, &token).await;
        assert_eq!((after, &body[code]), (None, &json!("TOO_MANY_REQUESTS")));
        drop(waiting);
        zoho.until(|stats| stats["in_flight"] == 0).await;
        assert_eq!(zoho.api(path, &token).await.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn without_strict_limits_nothing_is_refused_but_everything_is_counted() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    let path = "/api/v1/tickets?limit=1";
    let _waiting = hanging(&zoho, path, 30, &token).await;
    let response = zoho.api(path, &token).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()[REMAINING], "107997");
    zoho.admin(json!({ "desk_concurrent": 3 })).await;
    refused(&zoho, path, &token).await;
    zoho.control("reset", json!({})).await;
    assert_eq!(zoho.api(path, &token).await.status(), 200);
}
