//! The device flow.

use serde_json::{Value, json};

use super::{SCOPES, Zoho, error, text};

async fn device(zoho: &Zoho) -> Value {
    let params = [
        ("grant_type", "device_request"),
        ("scope", SCOPES),
        ("access_type", "offline"),
    ];
    let (status, reply) = zoho.accounts("/oauth/v3/device/code", &params).await;
    assert_eq!(status, 200);
    assert_eq!(text(&reply, "verification_url"), zoho.url("/oauth/v3/device"));
    reply
}

async fn poll(zoho: &Zoho, device: &Value) -> (u16, Value) {
    let code = text(device, "device_code");
    zoho.accounts(
        "/oauth/v3/device/token",
        &[("grant_type", "device_token"), ("code", &code)],
    )
    .await
}

async fn decide(zoho: &Zoho, device: &Value, decision: &str) -> String {
    let code = text(device, "user_code");
    let form = [("user_code", code.as_str()), ("decision", decision)];
    zoho.post("/oauth/v3/device")
        .form(&form)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_device_waits_slows_down_and_gets_its_tokens() {
    let zoho = Zoho::start();
    let device = device(&zoho).await;
    assert_eq!(poll(&zoho, &device).await, error("authorization_pending"));
    assert_eq!(poll(&zoho, &device).await, error("slow_down"));
    let page = format!("/oauth/v3/device?user_code={}", text(&device, "user_code"));
    let page = zoho.get(&page).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Tickets") && page.contains(&text(&device, "user_code")));
    assert!(decide(&zoho, &device, "allow").await.contains("connected"));
    zoho.advance(31).await;
    let (status, reply) = poll(&zoho, &device).await;
    assert_eq!(status, 200);
    assert_eq!(zoho.tickets(&text(&reply, "access_token")).await, 200);
    assert_eq!(zoho.refresh(&text(&reply, "refresh_token")).await.0, 200);
    assert_eq!(
        poll(&zoho, &device).await,
        error("invalid_code"),
        "a device code is good once"
    );
}

#[tokio::test]
async fn a_device_learns_that_it_was_refused_or_forgotten() {
    let zoho = Zoho::start();
    let (refused, forgotten, approved) = (device(&zoho).await, device(&zoho).await, device(&zoho).await);
    assert!(decide(&zoho, &refused, "deny").await.contains("not connected"));
    assert_eq!(poll(&zoho, &refused).await, error("access_denied"));
    let at_once = format!(
        "/oauth/v3/device?user_code={}&auto_approve=true",
        text(&approved, "user_code")
    );
    assert_eq!(zoho.get(&at_once).send().await.unwrap().status(), 200);
    assert!(poll(&zoho, &approved).await.1.get("access_token").is_some());
    zoho.advance(301).await;
    assert_eq!(poll(&zoho, &forgotten).await, error("expired"));
    assert!(decide(&zoho, &forgotten, "allow").await.contains("not known"));
}

#[tokio::test]
async fn device_requests_that_are_wrong_are_named() {
    let zoho = Zoho::start();
    let request = async |params: &[(&str, &str)]| zoho.accounts("/oauth/v3/device/code", params).await;
    let kind = ("grant_type", "device_request");
    assert_eq!(
        request(&[kind, ("scope", SCOPES), ("client_id", "1000.X")]).await,
        error("invalid_client")
    );
    assert_eq!(
        request(&[kind, ("scope", "Desk.nothing.READ")]).await,
        error("invalid_scope")
    );
    assert_eq!(request(&[("scope", SCOPES)]).await, error("general_error"));
    let unknown = json!({ "device_code": "1000.a.b" });
    assert_eq!(poll(&zoho, &unknown).await, error("invalid_code"));
}
