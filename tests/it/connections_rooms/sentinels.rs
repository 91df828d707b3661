//! No secret in any log or error, looked for with secrets that stand nowhere else.

use zoho_mcp::connections::Caller;

use super::fake::{House, Scripted, json, tickets};
use crate::logs::Logs;

/// A token in the disguises that programs give a text: references of HTML, an address, JSON, base64; in refusals and records.
#[tokio::test]
async fn a_token_is_known_in_disguise() {
    use base64::Engine as _;
    let house = House::new().await;
    house.connect(3000).await;
    let token = "first-access";
    let each = |of: &dyn Fn(char) -> String| token.chars().map(of).collect::<String>();
    let disguises = [
        token.to_owned(),
        each(&|sign| format!("&#{};", u32::from(sign))),
        each(&|sign| format!("&#x{:X};", u32::from(sign))),
        each(&|sign| format!("&#00{}", u32::from(sign))).replace("&#0045", "&#45;"),
        each(&|sign| format!("&amp;#{};", u32::from(sign))),
        each(&|sign| format!("%{:02x}", u32::from(sign))),
        each(&|sign| format!("%25{:02X}", u32::from(sign))),
        each(&|sign| format!("\\u{:04x}", u32::from(sign))),
        token.replace('-', "&hyphen;"),
        base64::engine::general_purpose::STANDARD.encode(format!("Zoho-oauthtoken {token}-and-more")),
    ];
    for disguise in disguises {
        for (status, key) in [(400, "message"), (200, "subject")] {
            let mut body = serde_json::json!({ "errorCode": "X", key: format!("<p>{disguise}</p>") });
            if status == 200 {
                body = serde_json::json!({ "data": [{ "id": "1", "subject": body[key] }] });
            }
            house
                .fake
                .script("/api/v1/tickets", [json(status, &body.to_string())]);
            let told = match house.session().await.read(&tickets()).await {
                Ok(read) => String::from_utf8(read.body.to_vec()).unwrap(),
                Err(error) => format!("{error:?} {error}"),
            };
            assert!(told.contains("[secret]"), "{disguise} ({status}): {told}");
            assert!(!told.contains(&disguise), "{disguise} ({status}): {told}");
        }
    }
}

/// Everything this thread logs at trace level, the crates below included, and every error on the way.
#[tokio::test]
async fn no_secret_is_logged_or_told() {
    let logs = Logs::listen(tracing::Level::TRACE);
    let house = House::new().await;
    house.connect(-1).await;
    let mut told = String::new();
    let token = "/oauth/v2/token";
    house.fake.script(
        token,
        [json(503, "sentinel-echo the-refresh-token client-secret")],
    );
    let row = house.ada().await;
    told.push_str(&format!("{:?}", house.zoho.fresh(row.clone()).await.unwrap_err()));
    // A place that another test logged from for the first time while this one began to listen was left out.
    tracing::callsite::rebuild_interest_cache();
    house.clock.advance(31);
    house.session().await.read(&tickets()).await.unwrap();
    house.fake.drop_tokens();
    house.session().await.read(&tickets()).await.unwrap();
    let redirect = Scripted {
        status: 302,
        headers: vec![("location", "https://evil.example/?token=access-2".to_owned())],
        body: Vec::new(),
    };
    house.fake.script(
        "/api/v1/tickets",
        [json(400, r#"{"errorCode":"X","message":"y"}"#), redirect],
    );
    for _ in 0..2 {
        let error = house.session().await.read(&tickets()).await.unwrap_err();
        told.push_str(&format!("{error:?} {error}"));
    }
    house.clock.advance(4000);
    house
        .fake
        .script(token, [json(200, r#"{"error":"invalid_code"}"#)]);
    let row = house.connections.resolve(&Caller::Only, None).await.unwrap();
    told.push_str(&format!(
        "{row:?} {:?}",
        house.zoho.fresh(row.clone()).await.unwrap_err()
    ));
    told.push_str(&format!(
        "{:?}",
        house.connections.resolve(&Caller::Only, None).await
    ));
    let logged = logs.text();
    assert!(
        logged.contains("refreshing the access token"),
        "the log was listened to"
    );
    assert!(logged.contains("TRACE"), "at trace level");
    for secret in [
        "first-access",
        "access-1",
        "access-2",
        "the-refresh-token",
        "client-secret",
        "sentinel-echo",
    ] {
        assert!(!told.contains(secret), "{secret} told: {told}");
        let line = logged.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} logged");
    }
}
