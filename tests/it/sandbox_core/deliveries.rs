//! Webhooks of Desk and channels of CRM, delivered. Sources: Desk's OpenAPI (a new address is asked with GET, then with
//! POST), its Webhook Document (200 is success, 410 ends the webhook), the JWT that receivers check (RS256, `iss` and
//! `aud`, keys at `/.well-known/jwks.json`); CRM's notification pages and Kaizen 14.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{Zoho, told};

/// A request that came to the receiver.
struct Letter {
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Value,
}

/// A program that takes letters and answers them with the status it is told to.
struct Receiver {
    url: String,
    letters: UnboundedReceiver<Letter>,
    answers: Arc<Mutex<u16>>,
}

type Shared = (UnboundedSender<Letter>, Arc<Mutex<u16>>);

async fn take(
    State((letters, answers)): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let body = serde_json::from_slice(&body).unwrap_or_default();
    let path = uri.to_string();
    let _ = letters.send(Letter {
        method,
        path,
        headers,
        body,
    });
    StatusCode::from_u16(*answers.lock().unwrap()).unwrap()
}

impl Receiver {
    async fn start(status: u16) -> Self {
        let (sender, letters) = unbounded_channel();
        let answers = Arc::new(Mutex::new(status));
        let app = Router::new().fallback(take).with_state((sender, answers.clone()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Receiver {
            url,
            letters,
            answers,
        }
    }

    fn answer(&self, status: u16) {
        *self.answers.lock().unwrap() = status;
    }

    async fn next(&mut self) -> Letter {
        self.letters.recv().await.unwrap()
    }
}

struct Desk {
    zoho: Zoho,
    token: String,
}

impl Desk {
    async fn start() -> Self {
        let zoho = Zoho::start();
        let token = zoho.token().await;
        Desk { zoho, token }
    }

    async fn call(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let asked = self.zoho.http.request(method, self.zoho.url(path));
        let asked = asked.header("authorization", format!("Zoho-oauthtoken {}", self.token));
        let response = asked.body(body.to_string()).send().await.unwrap();
        let status = response.status().as_u16();
        let body = response.bytes().await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    async fn hook(&self, url: &str, subscriptions: Value) -> (u16, Value) {
        let body = json!({"url": url, "subscriptions": subscriptions});
        self.call(Method::POST, "/api/v1/webhooks", body).await
    }

    async fn ticket(&self) -> Value {
        let found = self
            .call(Method::GET, "/api/v1/tickets?limit=1", Value::Null)
            .await;
        found.1["data"][0].clone()
    }

    async fn deliveries(&self) -> Value {
        self.zoho.ask("deliveries").await
    }
}

/// The parts of a token, its seal checked with the keys that are published.
fn opened(token: &str, keys: &Value) -> Value {
    let parts: Vec<&str> = token.split('.').collect();
    let read = |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    let key = &keys["keys"][0];
    assert_eq!(
        (&read(parts[0])["kid"], &read(parts[0])["alg"]),
        (&key["kid"], &json!("RS256"))
    );
    let number = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
    let public = ring::signature::RsaPublicKeyComponents {
        n: number("n"),
        e: number("e"),
    };
    let signed = format!("{}.{}", parts[0], parts[1]);
    let seal = URL_SAFE_NO_PAD.decode(parts[2]).unwrap();
    public
        .verify(
            &ring::signature::RSA_PKCS1_2048_8192_SHA256,
            signed.as_bytes(),
            &seal,
        )
        .unwrap();
    read(parts[1])
}

#[tokio::test]
async fn a_webhook_is_asked_and_then_told_under_seal() {
    let (desk, mut receiver) = (Desk::start().await, Receiver::start(200).await);
    let url = format!("{}/hook?of=me", receiver.url);
    let wishes = json!({"Ticket_Update": {"includePrevState": true, "fields": ["priority"]}, "Ticket_Comment_Add": null});
    let (status, hook) = desk.hook(&url, wishes).await;
    assert_eq!(status, 200, "{hook}");
    let asked = receiver.next().await;
    assert_eq!((asked.method, asked.path.as_str()), (Method::GET, "/hook?of=me"));
    let ticket = desk.ticket().await;
    let path = format!("/api/v1/tickets/{}", ticket["id"].as_str().unwrap());
    let priority = if ticket["priority"] == "Low" {
        "High"
    } else {
        "Low"
    };
    // Nobody asked for changes of the subject.
    desk.call(Method::PATCH, &path, json!({"subject": "New"})).await;
    desk.call(Method::PATCH, &path, json!({"priority": priority}))
        .await;
    desk.call(
        Method::POST,
        &format!("{path}/comments"),
        json!({"content": "Look"}),
    )
    .await;
    let letter = receiver.next().await;
    let event = &letter.body[0];
    assert_eq!(
        (&letter.method, &event["eventType"]),
        (&Method::POST, &json!("Ticket_Update")),
        "{event}"
    );
    assert_eq!(
        (&event["payload"]["priority"], &event["prevState"]["priority"]),
        (&json!(priority), &ticket["priority"])
    );
    assert_eq!(
        (&event["payload"]["subject"], letter.body.as_array().map(Vec::len)),
        (&json!("New"), Some(1))
    );
    let organization = desk.zoho.sandbox.desk_organizations[0].0.clone();
    assert_eq!(event["orgId"], organization.as_str());
    assert!(event["eventTime"].as_str().unwrap().parse::<i64>().unwrap() > 0);
    let keys = told(desk.zoho.get("/.well-known/jwks.json")).await.1;
    let claims = opened(letter.headers["x-zdesk-jwt"].to_str().unwrap(), &keys);
    assert_eq!(claims["iss"], format!("orgId:{organization}"));
    assert_eq!(
        claims["aud"],
        format!("webhookId:{}", hook["id"].as_str().unwrap())
    );
    let comment = receiver.next().await.body[0].clone();
    assert_eq!(comment["eventType"], "Ticket_Comment_Add");
    assert_eq!(
        (&comment["payload"]["ticketId"], &comment["payload"]["content"]),
        (&ticket["id"], &json!("Look"))
    );
    assert_eq!(desk.deliveries().await["waiting"], json!([]));
}

#[tokio::test]
async fn what_does_not_answer_is_no_webhook() {
    let (desk, mut receiver) = (Desk::start().await, Receiver::start(404).await);
    let (status, error) = desk.hook(&receiver.url, json!({"Ticket_Add": null})).await;
    assert_eq!(
        (status, &error["errors"][0]["fieldName"]),
        (422, &json!("/url")),
        "{error}"
    );
    assert_eq!(receiver.next().await.method, Method::GET);
    assert_eq!(receiver.next().await.method, Method::POST);
    let all = desk.call(Method::GET, "/api/v1/webhooks", Value::Null).await;
    assert_eq!(all.0, 204);
    receiver.answer(200);
    let hook = desk.hook(&receiver.url, json!({"Ticket_Add": null})).await.1;
    receiver.next().await;
    receiver.answer(500);
    let path = format!("/api/v1/webhooks/{}", hook["id"].as_str().unwrap());
    let other = json!({"url": format!("{}/other", receiver.url), "subscriptions": {"Ticket_Add": null}});
    assert_eq!(desk.call(Method::PATCH, &path, other).await.0, 422);
    let kept = desk.call(Method::GET, &path, Value::Null).await.1;
    assert_eq!(kept["url"], hook["url"], "the one that answered stays");
}

#[tokio::test]
async fn a_letter_that_fails_comes_again_and_410_ends_it() {
    let (desk, mut receiver) = (Desk::start().await, Receiver::start(200).await);
    let hook = desk.hook(&receiver.url, json!({"Contact_Add": null})).await.1;
    receiver.next().await;
    receiver.answer(503);
    desk.call(Method::POST, "/api/v1/contacts", json!({"lastName": "Okoro"}))
        .await;
    let first = receiver.next().await.body;
    // It is put back after it was answered.
    while desk.deliveries().await["waiting"] == json!([]) {
        tokio::task::yield_now().await;
    }
    receiver.answer(410);
    let (status, _) = desk.zoho.control("clock", json!({"advance_s": 61})).await;
    assert_eq!(status, 200);
    let second = receiver.next().await.body;
    assert_eq!(first, second);
    let path = format!("/api/v1/webhooks/{}", hook["id"].as_str().unwrap());
    // The letter is noted after it was answered.
    while desk.call(Method::GET, &path, Value::Null).await.0 != 404 {
        tokio::task::yield_now().await;
    }
    let told = desk.deliveries().await;
    let statuses: Vec<&Value> = told["done"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["status"])
        .collect();
    assert_eq!(statuses, [&json!(503), &json!(410)], "{told}");
}

#[tokio::test]
async fn nothing_leaves_this_machine_and_nothing_comes_back_to_the_sandbox() {
    let desk = Desk::start().await;
    let (status, hook) = desk
        .hook("http://10.1.2.3/hook", json!({"Contact_Add": null}))
        .await;
    assert_eq!(status, 200, "{hook}");
    desk.call(Method::POST, "/api/v1/contacts", json!({"lastName": "Okoro"}))
        .await;
    let told = desk.deliveries().await;
    assert_eq!(
        told["done"][0]["held_back"], "no address of this machine",
        "{told}"
    );
    let own = format!("{}/__sandbox/reset", desk.zoho.sandbox.url);
    assert_eq!(desk.hook(&own, json!({"Contact_Add": null})).await.0, 422);
}

#[tokio::test]
async fn a_channel_is_told_what_became_of_records() {
    let (desk, mut receiver) = (Desk::start().await, Receiver::start(200).await);
    let wish = json!({"channel_id": "1000000068001", "events": ["Leads.all"], "notify_url": format!("{}/crm?key1=val1", receiver.url),
        "token": "mine", "return_affected_field_values": true});
    let done = desk
        .call(Method::POST, "/crm/v8/actions/watch", json!({"watch": [wish]}))
        .await;
    assert_eq!(done.0, 201, "{}", done.1);
    let leads = json!({"data": [{"Last_Name": "Okoro", "Company": "Sail"}, {"Last_Name": "Vega", "Company": "Sail"}]});
    let made = desk.call(Method::POST, "/crm/v8/Leads", leads).await.1;
    let ids = [0, 1].map(|at: usize| made["data"][at]["details"]["id"].clone());
    let letter = receiver.next().await;
    assert_eq!(
        (&letter.method, letter.path.as_str()),
        (&Method::POST, "/crm?key1=val1")
    );
    let body = letter.body;
    assert_eq!(
        (&body["operation"], &body["module"], &body["ids"]),
        (&json!("insert"), &json!("Leads"), &json!(ids)),
        "{body}"
    );
    assert_eq!(
        (&body["channel_id"], &body["token"], &body["query_params"]),
        (&json!("1000000068001"), &json!("mine"), &json!({"key1": "val1"}))
    );
    assert!(body["resource_uri"].as_str().unwrap().ends_with("/crm/v8/Leads"));
    let path = format!("/crm/v8/Leads/{}", ids[0].as_str().unwrap());
    desk.call(Method::PUT, &path, json!({"data": [{"Company": "Oar"}]}))
        .await;
    let body = receiver.next().await.body;
    assert_eq!(
        (&body["operation"], &body["affected_values"][0]["values"]),
        (&json!("update"), &json!({"Company": "Oar"})),
        "{body}"
    );
    assert_eq!(
        body["affected_fields"],
        json!([{ids[0].as_str().unwrap(): ["Company"]}])
    );
    desk.call(Method::DELETE, &path, Value::Null).await;
    assert_eq!(receiver.next().await.body["operation"], "delete");
}

/// Who asks to be told of changes is told what their profile sees.
#[tokio::test]
async fn a_channel_tells_nobody_what_they_do_not_see() {
    let mut receiver = Receiver::start(200).await;
    let mut desk = Desk::start().await;
    let admins = std::mem::take(&mut desk.token);
    desk.token = desk.zoho.token_of("standard").await;
    let wish = json!({"channel_id": "1000000068002", "events": ["Leads.edit"], "notify_url": receiver.url,
        "return_affected_field_values": true});
    let done = desk
        .call(Method::POST, "/crm/v8/actions/watch", json!({"watch": [wish]}))
        .await;
    assert_eq!(done.0, 201, "{}", done.1);
    desk.token = admins;
    let leads = desk
        .call(Method::GET, "/crm/v8/Leads?fields=id&per_page=1", Value::Null)
        .await
        .1;
    let path = format!("/crm/v8/Leads/{}", leads["data"][0]["id"].as_str().unwrap());
    let change = json!({"data": [{"Company": "Oar", "Annual_Revenue": 4711}]});
    desk.call(Method::PUT, &path, change).await;
    let body = receiver.next().await.body;
    assert_eq!(
        body["affected_values"][0]["values"],
        json!({"Company": "Oar"}),
        "{body}"
    );
    assert!(!body.to_string().contains("Annual_Revenue"), "{body}");
}
