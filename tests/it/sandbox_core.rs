//! The sandbox from outside: accounts server, control routes, faults.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use reqwest::{Client, RequestBuilder, Response, redirect};
use serde_json::{Value, json};
use url::Url;
use zoho_mcp::sandbox::{Options, Sandbox};

mod consent;
mod control;
mod deliveries;
mod device;
mod doors;
mod faults;
mod forms;
mod limits;
mod moments;
mod pages;
mod people;
mod readers;
mod scenarios;
mod tokens;

const BACK: &str = "http://127.0.0.1:9/callback";
const SCOPES: &str = "Desk.tickets.READ,Desk.basic.READ,AaaServer.profile.READ";

/// A started sandbox and a client that follows no redirect.
pub(crate) struct Zoho {
    pub(crate) sandbox: Sandbox,
    http: Client,
}

impl Zoho {
    pub(crate) fn start() -> Self {
        Self::with(Options::default())
    }

    fn with(options: Options) -> Self {
        let http = crate::bed::http()
            .redirect(redirect::Policy::none())
            .build()
            .unwrap();
        Zoho {
            sandbox: crate::bed::standing(options),
            http,
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.url)
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(self.url(path))
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(self.url(path))
    }

    /// Calls the accounts server with the client's id and secret; parameters given again replace them.
    pub(crate) async fn accounts(&self, path: &str, params: &[(&str, &str)]) -> (u16, Value) {
        let mut form = vec![
            ("client_id", self.sandbox.client_id.as_str()),
            ("client_secret", self.sandbox.client_secret.as_str()),
        ];
        form.retain(|(name, _)| !params.iter().any(|(other, _)| other == name));
        form.extend(params);
        told(self.post(path).form(&form)).await
    }

    pub(crate) async fn refresh(&self, refresh_token: &str) -> (u16, Value) {
        let params = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
        self.accounts("/oauth/v2/token", &params).await
    }

    /// An access token with every scope.
    pub(crate) async fn token(&self) -> String {
        self.token_of("admin").await
    }

    /// The same of somebody who can sign in.
    async fn token_of(&self, person: &str) -> String {
        let people = self.ask("people").await;
        let mut people = people["people"].as_array().unwrap().iter();
        let person = people.find(|one| one["id"] == person).unwrap();
        let (status, reply) = self.refresh(&text(person, "refresh_token")).await;
        assert_eq!(status, 200);
        text(&reply, "access_token")
    }

    pub(crate) async fn exchange(&self, code: &str, more: &[(&str, &str)]) -> (u16, Value) {
        let mut params = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", BACK),
        ];
        params.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        params.extend(more);
        self.accounts("/oauth/v2/token", &params).await
    }

    pub(crate) fn authorize_path(&self, more: &[(&str, &str)]) -> String {
        let mut params = vec![
            ("response_type", "code"),
            ("client_id", self.sandbox.client_id.as_str()),
            ("scope", SCOPES),
            ("redirect_uri", BACK),
            ("access_type", "offline"),
            ("prompt", "consent"),
        ];
        params.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        params.extend(more);
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(params)
            .finish();
        format!("/oauth/v2/auth?{query}")
    }

    pub(crate) async fn authorize(&self, more: &[(&str, &str)]) -> Response {
        self.get(&self.authorize_path(more)).send().await.unwrap()
    }

    /// The code of a consent that is given at once.
    pub(crate) async fn code(&self, more: &[(&str, &str)]) -> String {
        let mut params = vec![("auto_approve", "true")];
        params.extend(more);
        value(&location(&self.authorize(&params).await), "code")
    }

    async fn api(&self, path: &str, token: &str) -> Response {
        self.api_request(path, token).send().await.unwrap()
    }

    pub(crate) fn api_request(&self, path: &str, token: &str) -> RequestBuilder {
        self.get(path)
            .header("authorization", format!("Zoho-oauthtoken {token}"))
    }

    async fn tickets(&self, token: &str) -> u16 {
        self.api("/api/v1/tickets", token).await.status().as_u16()
    }

    pub(crate) async fn control(&self, name: &str, body: Value) -> (u16, Value) {
        told(self.post(&format!("/__sandbox/{name}")).body(body.to_string())).await
    }

    async fn admin(&self, body: Value) {
        assert_eq!(self.control("admin", body).await, (200, json!({ "ok": true })));
    }

    async fn fault(&self, fault: Value) {
        self.admin(json!({ "faults": [fault] })).await;
    }

    async fn advance(&self, seconds: i64) {
        assert_eq!(
            self.control("clock", json!({ "advance_s": seconds })).await.0,
            200
        );
    }

    pub(crate) async fn ask(&self, name: &str) -> Value {
        told(self.get(&format!("/__sandbox/{name}"))).await.1
    }

    async fn count(&self, name: &str) -> u64 {
        self.ask("stats").await["counts"][name]
            .as_u64()
            .unwrap_or_default()
    }

    /// Asks for the counters until they are as wanted.
    async fn until(&self, wanted: impl Fn(&Value) -> bool) {
        for _ in 0..10_000 {
            if wanted(&self.ask("stats").await) {
                return;
            }
        }
        panic!("never came about: {}", self.ask("stats").await);
    }
}

pub(crate) async fn told(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    (
        response.status().as_u16(),
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap(),
    )
}

pub(crate) fn location(response: &Response) -> Url {
    assert_eq!(response.status(), 302);
    response.headers()["location"].to_str().unwrap().parse().unwrap()
}

pub(crate) fn value(url: &Url, name: &str) -> String {
    let found = url.query_pairs().find(|(key, _)| key == name);
    found
        .unwrap_or_else(|| panic!("no {name} in {url}"))
        .1
        .into_owned()
}

pub(crate) fn text(value: &Value, name: &str) -> String {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {value}"))
        .to_owned()
}

fn error(error: &str) -> (u16, Value) {
    (200, json!({ "error": error }))
}
