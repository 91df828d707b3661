//! `/__sandbox/`: admin, reset, stats, log and clock.

use serde_json::{Value, json};
use zoho_mcp::sandbox::Options;

use super::{Zoho, error, text};
use crate::bed::{NOW, try_standing};

#[tokio::test]
async fn the_log_tells_calls_in_order_with_secrets_masked() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    let request = zoho
        .api_request("/api/v1/tickets?limit=5", &token)
        .header("orgId", "648013571");
    assert!(request.send().await.unwrap().status().as_u16() < 500);
    let code = zoho.code(&[]).await;
    zoho.exchange(&code, &[]).await;
    zoho.post("/oauth/v2/token/revoke")
        .query(&[("token", &token)])
        .send()
        .await
        .unwrap();
    let json =
        json!({ "subject": format!("my token is {token}, help"), "access_token": "abc", "code": "E42" });
    zoho.post("/api/v1/tickets")
        .body(json.to_string())
        .send()
        .await
        .unwrap();

    let log = zoho.ask("log").await;
    let log = log.as_array().unwrap();
    let urls: Vec<&str> = log
        .iter()
        .map(|entry| entry["u"].as_str().unwrap().split('?').next().unwrap())
        .collect();
    let expected = [
        "/oauth/v2/token",
        "/api/v1/tickets",
        "/oauth/v2/auth",
        "/oauth/v2/token",
        "/oauth/v2/token/revoke",
        "/api/v1/tickets",
    ];
    assert_eq!(urls, expected);
    assert_eq!(log[0]["m"], "POST");
    assert_eq!(log[0]["body"]["grant_type"], "refresh_token");
    assert_eq!(log[0]["body"]["client_secret"], "****");
    assert_eq!(log[0]["auth"], Value::Null);
    assert_eq!(log[0]["status"], 200);
    assert_eq!(log[1]["u"], "/api/v1/tickets?limit=5");
    assert_eq!(
        log[1]["auth"],
        format!("Zoho-oauthtoken ****{}", &token[token.len() - 4..])
    );
    assert_eq!(log[1]["org"], "648013571");
    assert_eq!(log[3]["body"]["code"], "****");
    assert_eq!(log[4]["u"], "/oauth/v2/token/revoke?token=****");
    assert_eq!(log[5]["body"]["subject"], "my token is ****, help");
    assert_eq!(log[5]["body"]["code"], "E42", "an error code is no secret");
    assert!(log.iter().all(|entry| entry.get("unserved").is_none()));
    let all = json!(log).to_string();
    for secret in [
        &token,
        &code,
        &zoho.sandbox.client_secret,
        &zoho.sandbox.refresh_token,
    ] {
        assert!(!all.contains(secret.as_str()));
    }
}

#[tokio::test]
async fn the_log_masks_other_ways_to_send_a_secret() {
    let zoho = Zoho::start();
    let secret = zoho.sandbox.client_secret.as_str();
    let part =
        format!("--B\r\nContent-Disposition: form-data; name=\"client_secret\"\r\n\r\n{secret}\r\n--B--\r\n");
    let multipart = zoho
        .post("/oauth/v2/token")
        .header("content-type", "multipart/form-data; boundary=B");
    multipart.body(part).send().await.unwrap();
    let query = [("client_secret", secret)];
    zoho.post("/oauth/v2/token")
        .query(&query)
        .basic_auth("id", Some(secret))
        .send()
        .await
        .unwrap();
    zoho.post("/api/v1/uploads")
        .header("content-type", "image/png")
        .body(vec![0xff_u8; 70_000])
        .send()
        .await
        .unwrap();
    let log = zoho.ask("log").await;
    assert!(!log.to_string().contains(secret));
    assert_eq!(log[0]["body"]["client_secret"], "****");
    assert_eq!(log[1]["auth"], "Basic ****");
    assert!(log[2]["body"].as_str().unwrap().ends_with("bytes of image/png>"));
}

#[tokio::test]
async fn the_log_keeps_the_last_500_and_the_counts_keep_all() {
    let zoho = Zoho::with(Options {
        tickets: 600,
        ..Options::default()
    });
    let token = zoho.token().await;
    for page in 0..510 {
        zoho.api(&format!("/api/v1/tickets?from={page}&limit=1"), &token)
            .await;
    }
    let log = zoho.ask("log").await;
    assert_eq!(log.as_array().unwrap().len(), 500);
    assert_eq!(log[0]["u"], "/api/v1/tickets?from=10&limit=1");
    assert_eq!(log[499]["u"], "/api/v1/tickets?from=509&limit=1");
    assert_eq!(log[499]["status"], 200);
    assert_eq!(zoho.count("GET /api/v1/tickets").await, 510);
}

#[tokio::test]
async fn stats_count_calls_tokens_and_the_most_in_flight() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    zoho.api("/api/v1/tickets/648013000000401001", &token).await;
    zoho.api("/api/v1/tickets/648013000000401002", &token).await;
    zoho.tickets("bad").await;
    assert_eq!(zoho.count("GET /api/v1/tickets/{id}").await, 2);
    assert_eq!(zoho.count("POST /oauth/v2/token").await, 1);
    assert_eq!(zoho.count("unauthorized").await, 1);
    let stats = zoho.ask("stats").await;
    assert_eq!(
        (&stats["token_calls"], &stats["live_tokens"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(
        (&stats["max_inflight"], &stats["token_max_inflight"]),
        (&json!(1), &json!(1))
    );
    assert!(stats["connections"].as_u64().unwrap() >= 1);

    zoho.admin(json!({ "faults": [{ "kind": "hang", "path": "/" }] }))
        .await;
    let (http, urls) = (
        zoho.http.clone(),
        [zoho.url("/oauth/v2/token"), zoho.url("/api/v1/tickets")],
    );
    let calls = [0, 0, 1].map(|which: usize| tokio::spawn(http.post(&urls[which]).send()));
    zoho.until(|stats| stats["in_flight"] == 3).await;
    let stats = zoho.ask("stats").await;
    assert_eq!(
        (&stats["max_inflight"], &stats["token_max_inflight"]),
        (&json!(3), &json!(2))
    );
    calls.iter().for_each(|call| call.abort());
    zoho.until(|stats| stats["in_flight"] == 0).await;
    assert_eq!(zoho.ask("stats").await["max_inflight"], 3);
}

#[tokio::test]
async fn latency_holds_calls_back() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    for key in ["latency_ms", "jitter_ms", "token_latency_ms"] {
        let hour = 3_600_000;
        zoho.admin(json!({ "latency_ms": 0, "jitter_ms": 0, "token_latency_ms": 0 }))
            .await;
        zoho.admin(json!({ (key): hour })).await;
        let of_token = key == "token_latency_ms";
        let path = if of_token {
            "/oauth/v2/token"
        } else {
            "/api/v1/tickets"
        };
        let calls = [0; 3].map(|_| tokio::spawn(zoho.post(path).send()));
        zoho.until(|stats| stats["in_flight"] == 3).await;
        if of_token {
            assert_eq!(zoho.tickets(&token).await, 200, "only the token endpoint waits");
        } else {
            assert!(!zoho.token().await.is_empty(), "the token endpoint does not wait");
        }
        calls.iter().for_each(|call| call.abort());
        zoho.until(|stats| stats["in_flight"] == 0).await;
    }
    zoho.admin(json!({ "latency_ms": 1.5, "jitter_ms": 1, "token_latency_ms": 0.5 }))
        .await;
    assert_eq!(zoho.tickets(&zoho.token().await).await, 200);
}

#[tokio::test]
async fn admin_changes_the_rules_of_tokens() {
    let zoho = Zoho::start();
    let refresh = zoho.sandbox.refresh_token.as_str();
    let token = zoho.token().await;
    zoho.admin(json!({ "drop_live": true })).await;
    assert_eq!(zoho.tickets(&token).await, 401);
    zoho.admin(json!({ "live_add": "1000.made.up" })).await;
    assert_eq!(zoho.tickets("1000.made.up").await, 200);
    zoho.admin(json!({ "revoked": true })).await;
    assert_eq!(zoho.refresh(refresh).await, error("invalid_code"));
    zoho.admin(json!({ "revoked": false, "refresh_limit": 2 })).await;
    zoho.token().await;
    assert_eq!(zoho.refresh(refresh).await.0, 400);
    zoho.admin(json!({ "refresh_limit": 10, "live_tokens": 1 })).await;
    let (first, second) = (zoho.token().await, zoho.token().await);
    assert_eq!(
        (zoho.tickets(&first).await, zoho.tickets(&second).await),
        (401, 200)
    );
    zoho.admin(json!({ "window_s": 5, "refresh_limit": 1 })).await;
    zoho.advance(6).await;
    zoho.token().await;
    assert_eq!(zoho.refresh(refresh).await.0, 400);
    zoho.admin(json!({ "strict": false })).await;
    assert_eq!(zoho.tickets("anything").await, 200);
    assert_eq!(zoho.get("/api/v1/tickets").send().await.unwrap().status(), 401);

    zoho.admin(json!({ "rotate": true, "refresh_limit": 10 })).await;
    let next = text(&zoho.refresh(refresh).await.1, "refresh_token");
    assert_eq!(zoho.refresh(refresh).await, error("invalid_code"));
    assert_eq!(zoho.refresh(&next).await.0, 200);
}

#[tokio::test]
async fn wrong_orders_change_nothing() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    let wrong = [
        json!({ "faults": [{ "kind": "503" }], "no_such_key": 1 }),
        json!({ "faults": [{ "kind": "no_such_fault" }], "latency_ms": 60_000 }),
        json!({ "faults": [{ "kind": "503", "cuont": 1 }] }),
        json!({ "latency_ms": -1 }),
        json!({ "faults": [{ "kind": "503" }], "throttle_status": 500 }),
        json!([]),
    ];
    for order in wrong {
        let (status, reply) = zoho.control("admin", order.clone()).await;
        assert!(status == 400 && reply["error"].is_string(), "{order}");
        assert_eq!(zoho.tickets(&token).await, 200);
    }
    let broken = zoho.post("/__sandbox/admin").body("{").send().await.unwrap();
    assert_eq!(broken.status(), 400);
    assert_eq!(zoho.get("/__sandbox/admin").send().await.unwrap().status(), 405);
    assert_eq!(zoho.get("/__sandbox/nothing").send().await.unwrap().status(), 404);
    assert_eq!(
        zoho.ask("log").await.as_array().unwrap().len(),
        7,
        "control calls are not recorded"
    );
}

#[tokio::test]
async fn the_clock_moves_and_is_put() {
    let zoho = Zoho::start();
    let stands = json!({ "now": NOW.to_string(), "advanced_s": 0, "stands_at": NOW.to_string() });
    assert_eq!(zoho.ask("clock").await, stands);
    zoho.advance(90).await;
    zoho.advance(-30).await;
    assert_eq!(zoho.ask("clock").await["advanced_s"], 60);
    let (status, told) = zoho
        .control("clock", json!({ "set": "2031-02-03T04:05:06Z" }))
        .await;
    assert_eq!(status, 200);
    assert_eq!(told["now"], "2031-02-03T04:05:06Z");
    for wrong in [
        json!({ "advance_s": "soon" }),
        json!({ "advance_s": i64::MAX }),
        json!({ "set": "tomorrow" }),
        json!({}),
        json!({ "set": "2031-02-03T04:05:06Z", "advance_s": 1 }),
    ] {
        assert_eq!(zoho.control("clock", wrong).await.0, 400);
    }
    assert_eq!(zoho.ask("clock").await["now"], "2031-02-03T04:05:06Z");
    assert_eq!(zoho.control("reset", json!({ "data": true })).await.0, 200);
    assert_eq!(zoho.ask("clock").await, stands);
}

#[tokio::test]
async fn reset_forgets_what_happened_and_keeps_tokens() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    let busy = json!({ "faults": [{ "kind": "503" }], "latency_ms": 1, "refresh_limit": 1, "revoked": true });
    zoho.admin(busy).await;
    assert_eq!(zoho.tickets(&token).await, 503);
    assert_eq!(
        zoho.control("reset", json!({})).await,
        (200, json!({ "ok": true }))
    );
    assert_eq!(zoho.ask("log").await, json!([]));
    let stats = zoho.ask("stats").await;
    assert_eq!(
        (&stats["counts"], &stats["max_inflight"], &stats["token_calls"]),
        (&json!({}), &json!(0), &json!(0))
    );
    assert_eq!(zoho.tickets(&token).await, 200);
    zoho.token().await;
    assert_eq!(zoho.control("reset", json!({ "data": "yes" })).await.0, 400);
}

#[tokio::test]
async fn reset_of_data_begins_again() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    let code = zoho.code(&[]).await;
    zoho.advance(5000).await;
    assert_eq!(zoho.control("reset", json!({ "data": true })).await.0, 200);
    assert_eq!(zoho.ask("clock").await["advanced_s"], 0);
    assert_eq!(zoho.tickets(&token).await, 401);
    assert_eq!(zoho.exchange(&code, &[]).await, error("invalid_code"));
    let again = zoho.token().await;
    assert_eq!(zoho.tickets(&again).await, 200);
}

#[tokio::test]
async fn a_stopped_sandbox_lets_its_port_go() {
    let zoho = Zoho::start();
    let address = zoho.sandbox.url.strip_prefix("http://").unwrap().parse().unwrap();
    let taken = try_standing(Options {
        listen: address,
        ..Options::default()
    });
    assert_eq!(taken.unwrap_err().kind(), std::io::ErrorKind::AddrInUse);
    let idle = std::net::TcpStream::connect(address).unwrap();
    zoho.sandbox.stop();
    assert!(std::net::TcpStream::connect(address).is_err());
    drop(idle);
}

#[tokio::test]
async fn a_sandbox_open_to_the_network_tells_callers_the_name_they_used() {
    let listen = "0.0.0.0:0".parse().unwrap();
    let zoho = Zoho::with(Options {
        listen,
        ..Options::default()
    });
    assert!(zoho.sandbox.url.starts_with("http://127.0.0.1:"));
    let request = zoho.get("/oauth/serverinfo").header("host", "desk-sandbox:8080");
    let info: Value = serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap();
    assert_eq!(info["locations"]["us"], "http://desk-sandbox:8080");
    assert!(!zoho.sandbox.desk_organizations.is_empty());
}

/// A misspelt key was taken for none, and the sandbox did something else than it was told.
#[tokio::test]
async fn a_key_that_no_call_has_is_named() {
    let zoho = Zoho::start();
    let before = zoho.ask("clock").await;
    let wrong = [
        ("admin", json!({"latency": 5}), "latency", "latency_ms"),
        ("reset", json!({"all": true}), "all", "data"),
        ("clock", json!({"stand": true, "step": 5}), "step", "advance_s"),
        ("snapshot", json!({"named": "a"}), "named", "name"),
        ("restore", json!({"since": "a"}), "since", "name"),
        ("diff", json!({"name": "a"}), "name", "since"),
        ("fork", json!({"name": "a"}), "name", "none"),
        ("load", json!({"steps": [], "step": []}), "step", "steps"),
        ("customer", json!({"ticket": "1", "say": []}), "say", "says"),
        ("scenario", json!({"id": "x", "name": "x"}), "name", "scenario"),
        ("score", json!({"answer": "x", "id": "x"}), "id", "answer"),
        (
            "self_client",
            json!({"scope": "Desk.tickets.READ", "who": "agent"}),
            "who",
            "person",
        ),
    ];
    for (name, body, key, known) in wrong {
        let (status, told) = zoho.control(name, body).await;
        let error = told["error"].as_str().unwrap_or_default();
        assert_eq!(status, 400, "{name}: {told}");
        assert!(
            error
                .split_once(&format!("`{key}`"))
                .is_some_and(|(_, rest)| rest.contains(known)),
            "{name}: {error}"
        );
    }
    for name in ["reset", "snapshot", "fork", "clock"] {
        let (status, told) = zoho.control(name, json!(["data"])).await;
        assert_eq!(status, 400, "{name}: {told}");
    }
    let both = json!({"stand": true, "set": "2031-02-03T04:05:06Z"});
    assert_eq!(zoho.control("clock", both).await.0, 400);
    assert_eq!(zoho.ask("clock").await, before);
}
