//! A person before the consent page, in a real browser.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use url::Url;
use zoho_mcp::sandbox::{Options, Sandbox};
use zoho_mcp::tools::catalog::Catalog;
use zoho_mcp::tools::scopes::to_ask;

use crate::browser::Browser;

/// Where the consent page sends the browser: keeps the address and shows what came.
struct Callback {
    listener: TcpListener,
    address: String,
}

impl Callback {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/callback", listener.local_addr().unwrap());
        Callback { listener, address }
    }

    /// The next address below `/callback` that is asked for.
    async fn arrived(&self) -> Url {
        loop {
            let (mut stream, _) = self.listener.accept().await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let byte = stream.read_u8().await;
                let Ok(byte) = byte else { break };
                head.push(byte);
            }
            let head = String::from_utf8(head).unwrap();
            let Some(target) = head.split(' ').nth(1).map(str::to_owned) else {
                continue; // a connection the browser opened in advance
            };
            let address = Url::parse(&format!("http://127.0.0.1{target}")).unwrap();
            let page = match value(&address, "error") {
                Some(error) => format!("<h1>Not connected: {error}</h1>"),
                None => "<h1>Back at the client</h1>".to_owned(),
            };
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{page}",
                page.len()
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
            if target.starts_with("/callback") {
                return address;
            }
        }
    }
}

fn start() -> Sandbox {
    crate::bed::standing(Options::default())
}

fn consent(sandbox: &Sandbox, back: &str, scopes: &str) -> String {
    let mut url = Url::parse(&format!("{}/oauth/v2/auth", sandbox.url)).unwrap();
    url.query_pairs_mut().extend_pairs([
        ("response_type", "code"),
        ("client_id", &sandbox.client_id),
        ("scope", scopes),
        ("redirect_uri", back),
        ("access_type", "offline"),
        ("prompt", "consent"),
        ("state", "where I was"),
    ]);
    url.into()
}

fn value(url: &Url, name: &str) -> Option<String> {
    let mut pairs = url.query_pairs();
    pairs
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

#[tokio::test]
async fn allow_leads_back_with_a_code_that_can_be_exchanged() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let (sandbox, callback) = (start(), Callback::start().await);
    let scopes = to_ask(&Catalog::embedded(&Default::default()).unwrap()).join(",");
    browser.go(&consent(&sandbox, &callback.address, &scopes)).await;
    let shown = browser.text().await;
    for part in ["Allow", "Deny", "Zoho Desk", "Zoho CRM", "view", "127.0.0.1:"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    browser.keep_pictures("sandbox-consent").await;

    let (arrived, ()) = tokio::join!(callback.arrived(), browser.click("#allow"));
    assert_eq!(value(&arrived, "state").as_deref(), Some("where I was"));
    assert_eq!(
        value(&arrived, "accounts-server").as_deref(),
        Some(sandbox.url.as_str())
    );
    assert_eq!(value(&arrived, "location").as_deref(), Some("us"));
    assert!(browser.url().await.starts_with(&callback.address));
    assert!(browser.shows("Back at the client").await);

    let http = crate::bed::http().build().unwrap();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", &sandbox.client_id),
        ("client_secret", &sandbox.client_secret),
        ("redirect_uri", &callback.address),
        ("code", &value(&arrived, "code").unwrap()),
    ];
    let answer = http.post(format!("{}/oauth/v2/token", sandbox.url)).form(&form);
    let answer = answer.send().await.unwrap().bytes().await.unwrap();
    let tokens: serde_json::Value = serde_json::from_slice(&answer).unwrap();
    assert!(tokens["refresh_token"].is_string(), "{tokens}");
}

#[tokio::test]
async fn deny_leads_back_with_the_reason() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let (sandbox, callback) = (start(), Callback::start().await);
    browser
        .go(&consent(&sandbox, &callback.address, "Desk.tickets.READ"))
        .await;
    let (arrived, ()) = tokio::join!(callback.arrived(), browser.click("#deny"));
    assert_eq!(value(&arrived, "error").as_deref(), Some("access_denied"));
    assert_eq!(value(&arrived, "state").as_deref(), Some("where I was"));
    assert_eq!(value(&arrived, "code"), None);
    assert!(browser.shows("Not connected: access_denied").await);
}

#[tokio::test]
async fn a_request_that_cannot_be_granted_says_why_and_leads_nowhere() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let sandbox = start();
    let wrong = consent(&sandbox, "https://evil.example/", "Desk.tickets.READ");
    browser.go(&wrong).await;
    let shown = browser.text().await;
    assert!(shown.contains("This request cannot be granted"), "{shown}");
    assert!(shown.contains("Invalid Redirect Uri"), "{shown}");
    assert_eq!(browser.url().await, wrong);
    browser.keep_pictures("refused").await;
}

#[tokio::test]
async fn a_device_is_connected_by_the_code_it_shows() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let sandbox = start();
    let http = crate::bed::http().build().unwrap();
    let form = [
        ("client_id", sandbox.client_id.as_str()),
        ("scope", "Desk.tickets.READ,Desk.basic.READ"),
        ("grant_type", "device_request"),
        ("access_type", "offline"),
    ];
    let answer = http
        .post(format!("{}/oauth/v3/device/code", sandbox.url))
        .form(&form);
    let answer = answer.send().await.unwrap().bytes().await.unwrap();
    let device: serde_json::Value = serde_json::from_slice(&answer).unwrap();
    let code = device["user_code"].as_str().unwrap_or_else(|| panic!("{device}"));
    browser.go(&format!("{}/oauth/v3/device", sandbox.url)).await;
    browser.keep_pictures("device").await;
    // Who mistypes is asked again.
    browser.type_into("input[name=user_code]", "NO-SUCH").await;
    browser.click("button.main").await;
    assert!(browser.shows("This code is not known").await);
    browser.keep_pictures("device-again").await;
    browser.type_into("input[name=user_code]", code).await;
    browser.click("button.main").await;
    assert!(browser.shows(code).await);
    browser.click("#allow").await;
    assert!(browser.shows("Your device is connected.").await);
    browser.keep_pictures("device-done").await;
}
