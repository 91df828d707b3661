//! What the accounts server refuses, told apart.

use secrecy::SecretString;
use zoho_mcp::zoho::Foreign;
use zoho_mcp::zoho::oauth::{CodeExchange, DevicePoll, OAuthError};

use super::fake::{House, json, text};

const TOKEN: &str = "/oauth/v2/token";

async fn exchange(house: &House) -> Result<zoho_mcp::zoho::oauth::TokenReply, OAuthError> {
    let (secret, code, verifier): (SecretString, SecretString, SecretString) =
        ("s3".into(), "c0de".into(), "v3r".into());
    let exchange = CodeExchange {
        accounts_url: &house.fake.url,
        client_id: "1000.X",
        client_secret: &secret,
        code: &code,
        redirect_uri: Some("http://127.0.0.1:1/callback"),
        verifier: Some(&verifier),
    };
    house.zoho.exchange_code(&exchange).await
}

#[tokio::test]
async fn a_code_is_exchanged_in_the_body() {
    let house = House::new().await;
    let full = r#"{"access_token":"a","refresh_token":"r","scope":"Desk.tickets.READ Desk.basic.READ","api_domain":"https://www.zohoapis.eu","token_type":"Bearer","expires_in":3600000,"expires_in_sec":3600}"#;
    house.fake.script(TOKEN, [json(200, full)]);
    let reply = exchange(&house).await.unwrap();
    assert_eq!((text(&reply.refresh_token), reply.expires_in), ("r", 3600));
    assert_eq!(reply.scopes.unwrap(), ["Desk.tickets.READ", "Desk.basic.READ"]);
    let seen = house.fake.seen().pop().unwrap();
    assert_eq!(seen.query, "");
    for part in [
        "grant_type=authorization_code",
        "code=c0de",
        "client_secret=s3",
        "code_verifier=v3r",
        "redirect_uri=http%3A%2F%2F127",
    ] {
        assert!(seen.body.contains(part), "{part} in {}", seen.body);
    }
}

#[tokio::test]
async fn errors_of_the_accounts_server_are_told_apart() {
    let house = House::new().await;
    let other = |code: &str| OAuthError::Other {
        code: code.to_owned(),
    };
    for (status, body, expected) in [
        (
            200,
            r#"{"error":"invalid_code"}"#,
            OAuthError::Refused {
                code: "invalid_code".to_owned(),
            },
        ),
        (
            400,
            r#"{"error":"invalid_client"}"#,
            OAuthError::Refused {
                code: "invalid_client".to_owned(),
            },
        ),
        (
            200,
            r#"{"error":"invalid_redirect_uri"}"#,
            other("invalid_redirect_uri"),
        ),
        (200, r#"{"error":"general_error"}"#, other("general_error")),
        (
            400,
            r#"{"error":"Access Denied","status":"failure"}"#,
            OAuthError::Throttled,
        ),
        (
            200,
            r#"{"error":"访问被拒绝","error_description":"x","status":"failure"}"#,
            OAuthError::Throttled,
        ),
    ] {
        house.fake.script(TOKEN, [json(status, body)]);
        assert_eq!(exchange(&house).await.unwrap_err(), expected, "{body}");
    }
    for (status, body) in [
        (500, r#"{"error":"oops"}"#),
        (200, "<html>"),
        (200, r#"{"access_token":""}"#),
        (502, ""),
    ] {
        house.fake.script(TOKEN, [json(status, body)]);
        assert!(
            matches!(exchange(&house).await, Err(OAuthError::Unavailable { .. })),
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_token_is_revoked_in_the_body() {
    let house = House::new().await;
    house
        .zoho
        .revoke(&house.fake.url, &"the-refresh-token".into())
        .await
        .unwrap();
    let seen = house.fake.seen().pop().unwrap();
    assert_eq!(
        (seen.path.as_str(), seen.query.as_str()),
        ("/oauth/v2/token/revoke", "")
    );
    assert_eq!(seen.body, "token=the-refresh-token");
    let elsewhere = house.zoho.revoke("https://accounts.zoho.evil", &"x".into()).await;
    let server = Foreign::Unknown;
    assert_eq!(elsewhere.unwrap_err(), OAuthError::HostRefused { server });
}

#[tokio::test]
async fn only_known_accounts_servers_are_taken_from_the_list() {
    let house = House::new().await;
    let here = &house.fake.url;
    let list = format!(
        r#"{{"result":"success","locations":{{"eu":"https://accounts.zoho.eu","moon":"https://accounts.zoho.moon","us":"{here}"}}}}"#
    );
    house.fake.script("/oauth/serverinfo", [json(200, &list)]);
    let found = house.zoho.server_info(here).await.unwrap();
    assert_eq!(found, [("us".to_owned(), here.clone())]);
}

#[tokio::test]
async fn a_device_waits_until_consent_is_given() {
    let house = House::new().await;
    let started =
        r#"{"user_code":"ABCD","device_code":"dev","verification_url":"https://accounts.zoho.eu/device"}"#;
    house.fake.script("/oauth/v3/device/code", [json(200, started)]);
    let code = house
        .zoho
        .device_start(&house.fake.url, "1000.X", &["Desk.basic.READ".to_owned()])
        .await
        .unwrap();
    assert_eq!((code.user_code.as_str(), code.interval), ("ABCD", 30));
    let path = "/oauth/v3/device/token";
    for error in ["authorization_pending", "slow_down", "other_dc"] {
        house
            .fake
            .script(path, [json(200, &format!(r#"{{"error":"{error}"}}"#))]);
    }
    house.fake.script(
        path,
        [
            json(200, r#"{"access_token":"a","refresh_token":"r"}"#),
            json(200, r#"{"error":"access_denied"}"#),
        ],
    );
    let poll = async || {
        house
            .zoho
            .device_poll(&house.fake.url, "1000.X", &"s".into(), &code.device_code)
            .await
    };
    assert!(matches!(poll().await, Ok(DevicePoll::Pending)));
    assert!(matches!(poll().await, Ok(DevicePoll::SlowDown)));
    assert!(matches!(poll().await, Ok(DevicePoll::OtherDataCenter)));
    assert!(matches!(poll().await, Ok(DevicePoll::Granted(reply)) if reply.expires_in == 3600));
    assert_eq!(
        poll().await.unwrap_err(),
        OAuthError::Other {
            code: "access_denied".to_owned()
        }
    );
}
