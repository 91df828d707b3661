//! A headless Chromium, driven over chromedriver's WebDriver protocol.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use base64::Engine;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::require::{Tool, chromium, foreign, require};

/// One browser window with an empty profile. Browser and driver end with it.
pub(crate) struct Browser {
    driver: Child,
    port: u16,
    session: String,
    http: reqwest::Client,
    _profile: TempDir,
}

/// The member under which WebDriver names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

impl Browser {
    /// A new window, or `None` (told) where Chromium is not installed.
    pub(crate) async fn open() -> Option<Browser> {
        let program = require(Tool::Chromium)?;
        let profile = TempDir::new().unwrap();
        let mut driver = foreign(program);
        driver
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut driver = driver.spawn().unwrap();
        let port = announced_port(&mut driver);
        let http = crate::bed::http().build().unwrap();
        let mut browser = Browser {
            driver,
            port,
            session: String::new(),
            http,
            _profile: profile,
        };
        let answer = browser.post("", capabilities(browser._profile.path())).await;
        browser.session = answer["sessionId"].as_str().expect("a session").to_owned();
        Some(browser)
    }

    /// Loads `url` and waits until the page has loaded.
    pub(crate) async fn go(&self, url: &str) {
        self.post("/url", json!({ "url": url })).await;
    }

    /// Clicks the first element that the CSS `selector` finds, and waits for the page that follows, if any.
    pub(crate) async fn click(&self, selector: &str) {
        let element = self.element(selector).await;
        self.post(&format!("/element/{element}/click"), json!({})).await;
    }

    /// Types `text` into the first element that the CSS `selector` finds.
    pub(crate) async fn type_into(&self, selector: &str, text: &str) {
        let element = self.element(selector).await;
        self.post(&format!("/element/{element}/value"), json!({ "text": text }))
            .await;
    }

    /// The address of the page shown.
    pub(crate) async fn url(&self) -> String {
        self.get("/url").await.as_str().unwrap().to_owned()
    }

    /// The text a person sees on the page.
    pub(crate) async fn text(&self) -> String {
        let body = self.element("body").await;
        self.get(&format!("/element/{body}/text"))
            .await
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Whether a person sees `wanted` on the page, or on the one that is about to replace it.
    pub(crate) async fn shows(&self, wanted: &str) -> bool {
        let script = json!({ "script": "return document.body?.innerText ?? ''", "args": [] });
        for _ in 0..300 {
            let text = self.post("/execute/sync", script.clone()).await;
            if text.as_str().is_some_and(|text| text.contains(wanted)) {
                return true;
            }
        }
        false
    }

    /// A picture of the window as a PNG file at `path`.
    pub(crate) async fn screenshot(&self, path: &Path) {
        let picture = self.get("/screenshot").await;
        let picture = base64::engine::general_purpose::STANDARD
            .decode(picture.as_str().unwrap())
            .unwrap();
        fs::write(path, picture).unwrap();
    }

    /// Pictures of the window in light and in dark, where `ZOHO_MCP_PICTURES` names a folder: for whoever wants to look.
    pub(crate) async fn keep_pictures(&self, name: &str) {
        let Some(folder) = std::env::var_os("ZOHO_MCP_PICTURES") else {
            return;
        };
        for scheme in ["dark", "light"] {
            let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
            let command = json!({ "cmd": "Emulation.setEmulatedMedia", "params": { "features": features } });
            self.post("/goog/cdp/execute", command).await;
            let file = Path::new(&folder).join(format!("{name}-{scheme}.png"));
            self.screenshot(&file).await;
        }
    }

    async fn element(&self, selector: &str) -> String {
        let found = self
            .post("/element", json!({ "using": "css selector", "value": selector }))
            .await;
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let request = self
            .http
            .post(self.address(path))
            .header("content-type", "application/json");
        answered(path, request.body(body.to_string())).await
    }

    async fn get(&self, path: &str) -> Value {
        answered(path, self.http.get(self.address(path))).await
    }

    fn address(&self, path: &str) -> String {
        let session = if self.session.is_empty() {
            String::new()
        } else {
            format!("/{}", self.session)
        };
        format!("http://127.0.0.1:{}/session{session}{path}", self.port)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Ends the browser, which would outlive its driver; blocking, since a test may be unwinding.
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
            let request = format!(
                "DELETE /session/{} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
                self.session, self.port
            );
            stream.set_read_timeout(Some(Duration::from_secs(20))).ok();
            stream.write_all(request.as_bytes()).ok();
            // The driver answers `{"value":null}` and keeps the connection open.
            let mut answer = BufReader::new(stream);
            answer.skip_until(b'}').ok();
        }
        self.driver.kill().ok();
        self.driver.wait().ok();
    }
}

fn capabilities(profile: &Path) -> Value {
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--no-proxy-server",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1280,900",
        &format!("--user-data-dir={}", profile.display()),
    ];
    let binary = chromium().unwrap();
    json!({ "capabilities": { "alwaysMatch": {
        "browserName": "chrome",
        "goog:chromeOptions": { "args": arguments, "binary": binary },
    } } })
}

fn announced_port(driver: &mut Child) -> u16 {
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    let line = lines.find_map(|line| {
        line.ok()
            .filter(|line| line.contains("started successfully on port"))
    });
    // The rest is read too, so that the driver never waits on a full pipe.
    std::thread::spawn(move || lines.for_each(drop));
    let line = line.expect("chromedriver says its port");
    let digits: String = line
        .chars()
        .rev()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    digits.chars().rev().collect::<String>().parse().unwrap()
}

async fn answered(path: &str, request: reqwest::RequestBuilder) -> Value {
    let response = request.send().await.unwrap();
    let status = response.status();
    let body: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    assert!(status.is_success(), "WebDriver {path}: {body}");
    body["value"].clone()
}

#[tokio::test]
async fn the_browser_follows_a_click_and_takes_a_picture() {
    use axum::response::Html;
    use axum::routing::get;

    let Some(browser) = Browser::open().await else {
        return;
    };
    let start = "<form action=/end><input name=word><button id=go>Go</button></form>";
    let pages = axum::Router::new()
        .route("/start", get(move || async move { Html(start) }))
        .route(
            "/end",
            get(|| async { Html("<h1>Arrived</h1><p hidden>unseen</p>") }),
        );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let here = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, pages).await });

    browser.go(&format!("{here}/start")).await;
    browser.type_into("input", "schön").await;
    browser.click("#go").await;
    assert!(browser.shows("Arrived").await);
    assert_eq!(browser.url().await, format!("{here}/end?word=sch%C3%B6n"));
    assert_eq!(browser.text().await, "Arrived");
    let picture = TempDir::new().unwrap().keep().join("page.png");
    browser.screenshot(&picture).await;
    assert!(fs::read(&picture).unwrap().starts_with(b"\x89PNG"));
    fs::remove_dir_all(picture.parent().unwrap()).unwrap();
}
