//! From the authorization request to the first tokens.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::json;
use sha2::{Digest, Sha256};
use zoho_mcp::sandbox::Options;

use super::{BACK, SCOPES, Zoho, error, location, text, value};

#[tokio::test]
async fn a_consent_leads_to_tokens_that_work() {
    let zoho = Zoho::start();
    let back = location(
        &zoho
            .authorize(&[("auto_approve", "true"), ("state", "a b&c=ä")])
            .await,
    );
    assert!(back.as_str().starts_with(BACK));
    assert_eq!(value(&back, "state"), "a b&c=ä");
    assert_eq!(value(&back, "location"), "us");
    assert_eq!(value(&back, "accounts-server"), zoho.sandbox.url);

    let (status, reply) = zoho.exchange(&value(&back, "code"), &[]).await;
    assert_eq!(status, 200);
    let members: Vec<&String> = reply.as_object().unwrap().keys().collect();
    let expected = [
        "access_token",
        "refresh_token",
        "scope",
        "api_domain",
        "token_type",
        "expires_in",
    ];
    assert_eq!(members, expected);
    assert_eq!(reply["scope"], SCOPES.replace(',', " "));
    assert_eq!(reply["api_domain"], zoho.sandbox.url);
    assert_eq!(reply["token_type"], "Bearer");
    assert_eq!(reply["expires_in"], 3600);
    assert_form(&text(&reply, "access_token"));
    assert_form(&text(&reply, "refresh_token"));
    assert_eq!(zoho.tickets(&text(&reply, "access_token")).await, 200);
    assert_eq!(zoho.refresh(&text(&reply, "refresh_token")).await.0, 200);
}

fn assert_form(token: &str) {
    let parts: Vec<&str> = token.split('.').collect();
    let hex = |part: &str| part.len() == 32 && part.bytes().all(|byte| b"0123456789abcdef".contains(&byte));
    assert!(
        parts.len() == 3 && parts[0] == "1000" && hex(parts[1]) && hex(parts[2]),
        "{token}"
    );
}

#[tokio::test]
async fn credentials_have_zohos_form_and_follow_from_the_seed() {
    let (one, same) = (Zoho::start(), Zoho::start());
    let other = Zoho::with(Options {
        seed: 2,
        ..Options::default()
    });
    assert_eq!(one.sandbox.client_id, same.sandbox.client_id);
    assert_eq!(one.sandbox.refresh_token, same.sandbox.refresh_token);
    assert_ne!(one.sandbox.client_id, other.sandbox.client_id);
    assert_ne!(one.sandbox.client_secret, other.sandbox.client_secret);
    let id = one.sandbox.client_id.strip_prefix("1000.").unwrap();
    assert!(
        id.len() == 30
            && id
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    );
    assert!(one.sandbox.client_secret.len() == 42);
    assert_form(&one.sandbox.refresh_token);
}

#[tokio::test]
async fn requests_that_are_wrong_are_told_on_the_page_and_never_sent_back() {
    let zoho = Zoho::start();
    let wrong = [
        (("client_id", "1000.UNKNOWN"), "Invalid Client"),
        (
            ("redirect_uri", "https://evil.example/callback"),
            "Invalid Redirect Uri",
        ),
        (
            ("redirect_uri", "http://127.0.0.1.evil.example/"),
            "Invalid Redirect Uri",
        ),
        (
            ("redirect_uri", "http://user:pass@127.0.0.1/"),
            "Invalid Redirect Uri",
        ),
        (("redirect_uri", ""), "Invalid Redirect Uri"),
        (("response_type", "token"), "Invalid Response Type"),
        (
            ("scope", "Desk.tickets.READ,Desk.nonsense.READ"),
            "Scope does not exist",
        ),
        (("scope", "Desk.tickets.PEEK"), "Scope does not exist"),
        (("scope", "Nothing.tickets.READ"), "Scope does not exist"),
        (("scope", "tickets"), "Scope does not exist"),
        (("scope", ""), "Scope does not exist"),
        (("access_type", "forever"), "Invalid Access Type"),
    ];
    for (param, problem) in wrong {
        let response = zoho.authorize(&[param, ("auto_approve", "true")]).await;
        assert_eq!(response.status(), 400, "{param:?}");
        assert!(response.headers().get("location").is_none());
        let page = response.text().await.unwrap();
        assert!(page.contains(problem), "{param:?}: {page}");
    }
    let odd = [
        ("code_challenge", "abc"),
        ("code_challenge_method", "MD5"),
        ("auto_approve", "true"),
    ];
    assert_eq!(zoho.authorize(&odd).await.status(), 400);
}

#[tokio::test]
async fn scopes_of_every_service_are_known_whatever_their_case() {
    let zoho = Zoho::start();
    let scopes = "desk.TICKETS.read,Desk.activities.calls.READ,ZohoCRM.modules.leads.READ,ZohoCRM.coql.READ,\
        ZohoSearch.securesearch.READ,aaaserver.profile.read,WorkDrive.files.ALL,ZohoFiles.files.ALL";
    zoho.code(&[("scope", scopes)]).await;
}

#[tokio::test]
async fn a_code_is_good_once() {
    let zoho = Zoho::start();
    let code = zoho.code(&[]).await;
    assert_eq!(zoho.exchange(&code, &[]).await.0, 200);
    assert_eq!(zoho.exchange(&code, &[]).await, error("invalid_code"));
    assert_eq!(
        zoho.exchange("1000.never.issued", &[]).await,
        error("invalid_code")
    );
}

#[tokio::test]
async fn a_code_lives_two_minutes() {
    let zoho = Zoho::start();
    let (early, late) = (zoho.code(&[]).await, zoho.code(&[]).await);
    zoho.advance(100).await;
    assert!(zoho.exchange(&early, &[]).await.1.get("access_token").is_some());
    zoho.advance(21).await;
    assert_eq!(zoho.exchange(&late, &[]).await, error("invalid_code"));
}

#[tokio::test]
async fn an_exchange_must_repeat_the_redirect_uri_and_know_the_client() {
    let zoho = Zoho::start();
    let code = zoho.code(&[]).await;
    let near = format!("{BACK}/");
    assert_eq!(
        zoho.exchange(&code, &[("redirect_uri", &near)]).await,
        error("invalid_redirect_uri")
    );
    assert_eq!(
        zoho.exchange(&code, &[("redirect_uri", "")]).await,
        error("invalid_redirect_uri")
    );
    assert_eq!(
        zoho.exchange(&code, &[("client_id", "1000.X")]).await,
        error("invalid_client")
    );
    assert_eq!(
        zoho.exchange(&code, &[("client_secret", "no")]).await,
        error("invalid_client_secret")
    );
    assert_eq!(
        zoho.exchange(&code, &[("client_secret", "")]).await,
        error("invalid_client_secret")
    );
    assert!(zoho.exchange(&code, &[]).await.1.get("access_token").is_some());
}

#[tokio::test]
async fn pkce_is_checked() {
    let zoho = Zoho::start();
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let s256 = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    assert_eq!(
        s256, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "the example of RFC 7636"
    );
    let by_s256 = [
        ("code_challenge", s256.as_str()),
        ("code_challenge_method", "S256"),
    ];
    let plain = [("code_challenge", verifier)];
    for challenge in [&by_s256[..], &plain[..]] {
        let code = zoho.code(challenge).await;
        let proof = [("code_verifier", verifier)];
        assert!(zoho.exchange(&code, &proof).await.1.get("access_token").is_some());

        let public = [("code_verifier", verifier), ("client_secret", "")];
        assert!(
            zoho.exchange(&zoho.code(challenge).await, &public)
                .await
                .1
                .get("access_token")
                .is_some()
        );

        let code = zoho.code(challenge).await;
        assert_eq!(
            zoho.exchange(&code, &[("code_verifier", "another")]).await,
            error("invalid_code")
        );
        assert_eq!(
            zoho.exchange(&code, &proof).await,
            error("invalid_code"),
            "a failed proof uses the code up"
        );
        assert_eq!(
            zoho.exchange(&zoho.code(challenge).await, &[]).await,
            error("invalid_code")
        );
    }
}

#[tokio::test]
async fn a_refresh_token_is_given_offline_and_again_only_when_asked() {
    let zoho = Zoho::start();
    let got = async |more: &[(&str, &str)]| {
        let code = zoho.code(more).await;
        let reply = zoho.exchange(&code, &[]).await.1;
        assert!(reply.get("access_token").is_some());
        reply.get("refresh_token").is_some()
    };
    assert!(!got(&[("access_type", "online"), ("scope", "Desk.search.READ")]).await);
    assert!(got(&[("prompt", "")]).await);
    assert!(!got(&[("prompt", "")]).await);
    assert!(got(&[("prompt", "consent")]).await);
    let again = zoho.authorize(&[("prompt", "")]).await;
    assert_eq!(again.status(), 302, "a yes that was given is not asked for again");
}

#[tokio::test]
async fn strict_limits_refuse_the_eleventh_code_of_ten_minutes() {
    let zoho = Zoho::with(Options {
        strict_limits: true,
        ..Options::default()
    });
    for _ in 0..10 {
        zoho.code(&[]).await;
    }
    let back = location(&zoho.authorize(&[("auto_approve", "true")]).await);
    assert_eq!(value(&back, "error"), "access_denied");
    zoho.advance(601).await;
    zoho.code(&[]).await;
}

#[tokio::test]
async fn a_self_client_code_needs_no_redirect_uri() {
    let zoho = Zoho::start();
    let (status, issued) = zoho
        .control("self_client", json!({ "scope": "ZohoCRM.modules.ALL" }))
        .await;
    assert_eq!((status, &issued["expires_in"]), (200, &json!(180)));
    let code = text(&issued, "code");
    let reply = zoho.exchange(&code, &[("redirect_uri", "")]).await.1;
    assert!(reply.get("refresh_token").is_some());
    assert_eq!(reply["scope"], "ZohoCRM.modules.ALL");
    assert_eq!(
        zoho.exchange(&code, &[("redirect_uri", "")]).await,
        error("invalid_code")
    );

    let short = json!({ "scope": "ZohoCRM.org.READ", "lifetime_s": 600 });
    let code = text(&zoho.control("self_client", short).await.1, "code");
    zoho.advance(601).await;
    assert_eq!(
        zoho.exchange(&code, &[("redirect_uri", "")]).await,
        error("invalid_code")
    );
    assert_eq!(
        zoho.control("self_client", json!({ "scope": "Nonsense" }))
            .await
            .0,
        400
    );
    assert_eq!(zoho.control("self_client", json!({ "scope": 7 })).await.0, 400);
    let code = text(&zoho.control("self_client", json!({})).await.1, "code");
    let every = zoho.exchange(&code, &[("redirect_uri", "")]).await.1;
    for scope in ["Desk.tickets.ALL", "ZohoCRM.modules.ALL"] {
        assert!(every["scope"].as_str().unwrap().contains(scope), "{every}");
    }
}
