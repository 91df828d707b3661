//! What a browser gets to see.

use super::{BACK, Zoho, location, value};

#[tokio::test]
async fn the_consent_page_says_who_wants_what_and_takes_the_answer() {
    let zoho = Zoho::start();
    let ask = [
        (
            "scope",
            "Desk.tickets.READ,Desk.tickets.UPDATE,ZohoCRM.modules.ALL",
        ),
        ("state", "\"><script>alert(1)</script>"),
    ];
    let response = zoho.authorize(&ask).await;
    assert_eq!(response.status(), 200);
    assert!(
        response.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
    let page = response.text().await.unwrap();
    for part in [
        "Zoho Desk",
        "Zoho CRM",
        "Tickets, threads and comments",
        "view, edit",
        "Records of every module",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(
        page.contains("method=\"post\"") && page.contains("id=\"allow\"") && page.contains("id=\"deny\"")
    );
    assert!(!page.contains("<script>") && !page.contains("{{"));

    let path = zoho.authorize_path(&ask);
    let answer = async |decision| {
        zoho.post(&path)
            .form(&[("decision", decision)])
            .send()
            .await
            .unwrap()
    };
    let allowed = location(&answer("allow").await);
    assert!(allowed.as_str().starts_with(BACK));
    assert_eq!(value(&allowed, "state"), ask[1].1);
    assert!(
        zoho.exchange(&value(&allowed, "code"), &[])
            .await
            .1
            .get("access_token")
            .is_some()
    );
    let denied = location(&answer("deny").await);
    assert_eq!(value(&denied, "error"), "access_denied");
    assert_eq!(value(&denied, "state"), ask[1].1);
    assert!(denied.query_pairs().all(|(name, _)| name != "code"));
    assert_eq!(answer("perhaps").await.status(), 400);
}

#[tokio::test]
async fn a_callback_with_a_query_of_its_own_keeps_it() {
    let zoho = Zoho::start();
    let own = "http://localhost:9/callback?tenant=7";
    let back = location(
        &zoho
            .authorize(&[("redirect_uri", own), ("auto_approve", "true")])
            .await,
    );
    assert!(
        back.as_str()
            .starts_with("http://localhost:9/callback?tenant=7&code=")
    );
    let code = value(&back, "code");
    assert!(
        zoho.exchange(&code, &[("redirect_uri", own)])
            .await
            .1
            .get("access_token")
            .is_some()
    );
}

#[tokio::test]
async fn paths_that_do_not_exist_get_each_products_own_404_and_are_told_as_unserved() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    let paths = [
        "/api/v1/nosuchthing",
        "/api/v9/tickets",
        "/crm/v8/settings/nosuchthing/x/y/z",
        "/crm/v9/Leads",
        "/oauth/v9/x",
        "/nosuchthing",
    ];
    for path in paths {
        let response = zoho.api(path, &token).await;
        assert_eq!(response.status(), 404, "{path}");
        assert!(response.headers().get("x-sandbox-unserved").is_none());
        let body = response.text().await.unwrap();
        let expected = match path.get(..5) {
            Some("/api/") => "\"errorCode\":\"URL_NOT_FOUND\"",
            Some("/crm/") => "\"code\":\"INVALID_URL_PATTERN\"",
            _ => "Page not found",
        };
        assert!(body.contains(expected), "{path}: {body}");
    }
    let log = zoho.ask("log").await;
    for path in paths {
        let entry = log
            .as_array()
            .unwrap()
            .iter()
            .find(|entry| entry["u"] == path)
            .unwrap();
        assert_eq!(
            (&entry["unserved"], &entry["status"]),
            (&true.into(), &404.into())
        );
    }
    assert_eq!(zoho.ask("stats").await["unserved"], paths.len());
}
