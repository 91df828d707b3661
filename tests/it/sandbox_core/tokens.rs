//! Refreshing, using, evicting and revoking tokens.

use std::collections::HashSet;

use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::{SCOPES, Zoho, error, text, told};

#[tokio::test]
async fn a_refresh_brings_an_access_token_and_keeps_the_refresh_token() {
    let zoho = Zoho::start();
    let (status, reply) = zoho.refresh(&zoho.sandbox.refresh_token).await;
    assert_eq!(status, 200);
    let members: Vec<&String> = reply.as_object().unwrap().keys().collect();
    assert_eq!(
        members,
        ["access_token", "scope", "api_domain", "token_type", "expires_in"]
    );
    assert_eq!(zoho.tickets(&text(&reply, "access_token")).await, 200);
    assert_eq!(
        zoho.api("/crm/v8/Leads?fields=Last_Name", &text(&reply, "access_token"))
            .await
            .status(),
        200
    );
    assert_ne!(zoho.token().await, text(&reply, "access_token"));
}

#[tokio::test]
async fn refresh_errors_come_with_status_200() {
    let zoho = Zoho::start();
    let good = zoho.sandbox.refresh_token.as_str();
    let table = [
        (vec![("client_id", "1000.X")], "invalid_client"),
        (vec![("client_secret", "x")], "invalid_client_secret"),
        (vec![("refresh_token", "1000.x.y")], "invalid_code"),
        (vec![("refresh_token", "")], "invalid_code"),
        (vec![("grant_type", "password")], "invalid_client"),
    ];
    for (wrong, code) in table {
        let mut params = vec![("grant_type", "refresh_token"), ("refresh_token", good)];
        params.retain(|(name, _)| !wrong.iter().any(|(other, _)| other == name));
        params.extend(&wrong);
        assert_eq!(
            zoho.accounts("/oauth/v2/token", &params).await,
            error(code),
            "{wrong:?}"
        );
    }
    assert_eq!(zoho.accounts("/oauth/v2/token", &[]).await.0, 400);
    assert_eq!(zoho.get("/oauth/v2/token").send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn parameters_are_read_from_everywhere() {
    let zoho = Zoho::start();
    let sandbox = &zoho.sandbox;
    let fields = [
        ("client_id", sandbox.client_id.as_str()),
        ("client_secret", sandbox.client_secret.as_str()),
        ("refresh_token", sandbox.refresh_token.as_str()),
        ("grant_type", "refresh_token"),
    ];
    let accepted = |(status, reply): (u16, Value)| {
        assert!(status == 200 && reply.get("access_token").is_some(), "{reply}")
    };
    accepted(told(zoho.post("/oauth/v2/token").query(&fields)).await);
    accepted(told(zoho.post("/oauth/v2/token").form(&fields)).await);
    let basic = zoho
        .post("/oauth/v2/token")
        .basic_auth(&sandbox.client_id, Some(&sandbox.client_secret));
    accepted(told(basic.form(&fields[2..])).await);

    let part = |(name, value): &(&str, &str)| {
        format!("--X7\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let body = fields.iter().map(part).collect::<String>() + "--X7--\r\n";
    let multipart = zoho
        .post("/oauth/v2/token")
        .header(CONTENT_TYPE, "multipart/form-data; boundary=X7");
    accepted(told(multipart.body(body)).await);
}

#[tokio::test]
async fn the_eleventh_refresh_of_ten_minutes_is_denied_until_the_window_has_passed() {
    let zoho = Zoho::start();
    for _ in 0..10 {
        zoho.token().await;
    }
    let denied = json!({
        "error_description": "You have made too many requests continuously. Please try again after some time.",
        "error": "Access Denied",
        "status": "failure",
    });
    assert_eq!(
        zoho.refresh(&zoho.sandbox.refresh_token).await,
        (400, denied.clone())
    );
    zoho.admin(json!({ "throttle_status": 200 })).await;
    assert_eq!(zoho.refresh(&zoho.sandbox.refresh_token).await, (200, denied));
    assert_eq!(zoho.count("token_denied").await, 2);
    assert_eq!(zoho.ask("stats").await["refreshes_in_window"], 10);

    let (_, other) = zoho.exchange(&zoho.code(&[]).await, &[]).await;
    let other = zoho.refresh(&text(&other, "refresh_token")).await;
    assert!(
        other.1.get("access_token").is_some(),
        "another refresh token has a limit of its own"
    );
    zoho.advance(601).await;
    zoho.token().await;
}

#[tokio::test]
async fn the_sixteenth_live_token_evicts_the_oldest() {
    let zoho = Zoho::start();
    zoho.admin(json!({ "refresh_limit": 100 })).await;
    let mut tokens = Vec::new();
    for _ in 0..15 {
        tokens.push(zoho.token().await);
    }
    assert_eq!(zoho.tickets(&tokens[0]).await, 200);
    tokens.push(zoho.token().await);
    assert_eq!(zoho.tickets(&tokens[0]).await, 401);
    assert_eq!(zoho.tickets(&tokens[1]).await, 200);
    assert_eq!(zoho.tickets(&tokens[15]).await, 200);
    assert_eq!(zoho.count("live_token_evicted").await, 1);
    assert_eq!(zoho.ask("stats").await["live_tokens"], 15);
    assert_eq!(tokens.iter().collect::<HashSet<_>>().len(), 16);
}

#[tokio::test]
async fn the_twenty_first_refresh_token_ends_the_oldest_and_its_access_tokens() {
    let zoho = Zoho::start();
    let first = zoho.token().await;
    for _ in 0..19 {
        assert!(
            zoho.exchange(&zoho.code(&[]).await, &[])
                .await
                .1
                .get("refresh_token")
                .is_some()
        );
    }
    assert_eq!(zoho.tickets(&first).await, 200);
    assert!(
        zoho.exchange(&zoho.code(&[]).await, &[])
            .await
            .1
            .get("refresh_token")
            .is_some()
    );
    assert_eq!(
        zoho.refresh(&zoho.sandbox.refresh_token).await,
        error("invalid_code")
    );
    assert_eq!(zoho.tickets(&first).await, 401);
}

#[tokio::test]
async fn an_access_token_lives_an_hour_or_as_long_as_told() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    zoho.advance(3590).await;
    assert_eq!(zoho.tickets(&token).await, 200);
    zoho.advance(11).await;
    assert_eq!(zoho.tickets(&token).await, 401);

    zoho.admin(json!({ "expires_in": 60 })).await;
    let (_, reply) = zoho.refresh(&zoho.sandbox.refresh_token).await;
    assert_eq!(reply["expires_in"], 60);
    zoho.advance(61).await;
    assert_eq!(zoho.tickets(&text(&reply, "access_token")).await, 401);
}

#[tokio::test]
async fn both_schemes_carry_a_token_and_nothing_else_does() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    let with = async |value: String| {
        let request = zoho.get("/api/v1/tickets").header("authorization", value);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(with(format!("Zoho-oauthtoken {token}")).await, 200);
    assert_eq!(with(format!("Bearer {token}")).await, 200);
    assert_eq!(with(format!("Basic {token}")).await, 401);
    assert_eq!(with(token).await, 401);
    assert_eq!(zoho.get("/api/v1/tickets").send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn revoking_a_refresh_token_ends_its_access_tokens() {
    let zoho = Zoho::start();
    let (kept, gone) = (
        zoho.token().await,
        zoho.exchange(&zoho.code(&[]).await, &[]).await.1,
    );
    let (access, refresh) = (text(&gone, "access_token"), text(&gone, "refresh_token"));
    let success = (200, json!({ "status": "success" }));
    assert_eq!(
        told(zoho.post("/oauth/v2/token/revoke").query(&[("token", &refresh)])).await,
        success
    );
    assert_eq!(zoho.refresh(&refresh).await, error("invalid_code"));
    assert_eq!(zoho.tickets(&access).await, 401);
    assert_eq!(zoho.tickets(&kept).await, 200);
    assert_eq!(
        told(zoho.post("/oauth/v2/token/revoke").form(&[("token", &kept)])).await,
        success
    );
    assert_eq!(zoho.tickets(&kept).await, 401);
    zoho.token().await;

    let response = zoho
        .post("/oauth/v2/token/revoke")
        .query(&[("token", &refresh)])
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 400);
    assert!(
        response.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
}

#[tokio::test]
async fn the_newer_form_of_revoking_wants_the_client() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    let form = [("token", token.as_str()), ("token_type", "access_token")];
    let request = |secret: &str| {
        let request = zoho.post("/oauth/v2/revoke/token");
        request
            .basic_auth(&zoho.sandbox.client_id, Some(secret))
            .form(&form)
    };
    assert_eq!(told(request("wrong")).await, error("invalid_client_secret"));
    assert_eq!(zoho.tickets(&token).await, 200);
    assert_eq!(
        told(request(&zoho.sandbox.client_secret)).await,
        (200, json!({ "status": "success" }))
    );
    assert_eq!(zoho.tickets(&token).await, 401);
}

#[tokio::test]
async fn client_credentials_need_an_organization() {
    let zoho = Zoho::start();
    let ask = async |more: &[(&str, &str)]| {
        let mut params = vec![("grant_type", "client_credentials")];
        params.extend(more);
        zoho.accounts("/oauth/v2/token", &params).await
    };
    let scope = ("scope", "Desk.tickets.READ,Desk.basic.READ");
    let soid = ("soid", "ZohoDesk.648013571");
    assert_eq!(ask(&[scope]).await, error("missing_org_info"));
    assert_eq!(ask(&[scope, ("soid", "648013571")]).await, error("invalid_soid"));
    // As llm-fragments-zohoticket sends it.
    let (status, _) = ask(&[scope, ("soid", "Desk.648013571")]).await;
    assert_eq!(status, 200);
    assert_eq!(ask(&[soid]).await, error("invalid_scope"));
    assert_eq!(ask(&[("scope", "Desk.x"), soid]).await, error("invalid_scope"));
    assert_eq!(
        ask(&[scope, soid, ("client_secret", "x")]).await,
        error("invalid_client_secret")
    );
    let (_, reply) = ask(&[scope, soid]).await;
    assert!(reply.get("refresh_token").is_none());
    assert_eq!(zoho.tickets(&text(&reply, "access_token")).await, 200);
}

#[tokio::test]
async fn the_user_is_told_to_tokens_with_the_profile_scope_only() {
    let zoho = Zoho::start();
    let token_for = async |scope| {
        let code = zoho.code(&[("scope", scope)]).await;
        text(&zoho.exchange(&code, &[]).await.1, "access_token")
    };
    let (status, user) = told(zoho.api_request("/oauth/user/info", &token_for(SCOPES).await)).await;
    assert_eq!(status, 200);
    for member in ["First_Name", "Last_Name", "Display_Name", "Email", "ZUID"] {
        assert!(!text(&user, member).is_empty());
    }
    let (status, refused) =
        told(zoho.api_request("/oauth/user/info", &token_for("Desk.basic.READ").await)).await;
    assert_eq!((status, &refused["cause"]), (401, &json!("INVALID_OAUTHSCOPE")));
    let (status, refused) = told(zoho.api_request("/oauth/user/info", "no")).await;
    assert_eq!((status, &refused["cause"]), (401, &json!("INVALID_OAUTHTOKEN")));
}

#[tokio::test]
async fn server_info_names_no_other_server() {
    let zoho = Zoho::start();
    let (status, info) = told(zoho.get("/oauth/serverinfo")).await;
    assert_eq!(
        (status, info),
        (
            200,
            json!({ "result": "success", "locations": { "us": zoho.sandbox.url } })
        )
    );
}
