//! A consent that one process offered and another takes, over one database: once, in time, for the user and connection it
//! was offered for; and what of it can be read in the database.

use std::collections::HashMap;
use std::sync::Arc;

use secrecy::SecretString;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use zoho_mcp::cli::assemble;
use zoho_mcp::config::Config;
use zoho_mcp::sandbox::Options;
use zoho_mcp::server::Server;
use zoho_mcp::tools::Tools;
use zoho_mcp::zoho::oauth::Pkce;

use crate::bed::{Bed, USER, Wire, model_reads};
use crate::elicitation::{accepted, modern, page_of};
use crate::postgres::fresh_database;
use crate::visitor::Visitor;

/// Where houses meet.
struct Street {
    bed: Bed,
    config: Config,
}

impl Street {
    async fn with(database_url: Option<String>) -> Self {
        let bed = Bed::empty(Options::default()).await;
        let mut config = bed.config(USER);
        config.private.client_id = Some(bed.sandbox.client_id.clone());
        config.private.client_secret = Some(SecretString::from(bed.sandbox.client_secret.clone()));
        if let Some(url) = database_url {
            config.database_url = url.into();
            config.private.key = Some("5e".repeat(32).into());
        }
        Street { bed, config }
    }

    async fn sqlite() -> Self {
        Street::with(None).await
    }

    /// A process of its own, as far as the database can tell: it shares nothing else with the others.
    fn house(&self) -> Server {
        let equipment = assemble::equipment(&self.config, &self.bed.clock).unwrap();
        Server::new(Arc::new(Tools::new(equipment))).offering_consent(0)
    }

    async fn token_calls(&self) -> u64 {
        let stats = self.bed.get("/__sandbox/stats").await;
        stats["token_calls"].as_u64().unwrap()
    }
}

async fn offered(wire: &mut Wire) -> Value {
    let answer = wire.request("tools/call", &modern(json!({}))).await;
    page_of(&answer);
    answer
}

fn parameters(page: &str) -> HashMap<String, String> {
    let page = url::Url::parse(page).unwrap();
    page.query_pairs().into_owned().collect()
}

/// The address that a consent leads back to, at the door of the house that offered another.
fn at_the_door_of(back: &url::Url, other: &Value) -> String {
    let there = url::Url::parse(&parameters(&page_of(other))["redirect_uri"]).unwrap();
    let mut back = back.clone();
    back.set_port(there.port()).unwrap();
    back.into()
}

async fn another_house_finishes(street: &Street) {
    let (mut one, mut other) = (Wire::to(street.house()), Wire::to(street.house()));
    let named = json!({ "arguments": { "module": "Cases", "limit": 2, "connection": "work" } });
    let asked = one.request("tools/call", &modern(named.clone())).await;
    let waiting = offered(&mut other).await;
    let visitor = Visitor::new();
    let back = visitor.allow(&page_of(&asked)).await;
    let elsewhere = at_the_door_of(&back, &waiting);
    let shown = visitor.open(&elsewhere).await;
    assert!(shown.contains("Zoho is connected"), "{shown}");
    let mut resumed = serde_json::from_str::<Value>(&accepted(&asked, "accept")).unwrap();
    resumed["arguments"] = named["arguments"].clone();
    for wire in [&mut one, &mut other] {
        let answer = wire.request("tools/call", &resumed.to_string()).await;
        assert_eq!(model_reads(&answer)["count"], 2, "{answer}");
    }
    let again = visitor.open(&elsewhere).await;
    assert!(again.contains("not part of the sign-in"), "{again}");
    assert_eq!(street.token_calls().await, 1, "single use");
    // The house that took the answer goes on waiting for its own.
    let back = visitor.allow(&page_of(&waiting)).await;
    visitor.open(back.as_str()).await;
    let answer = other.request("tools/call", &accepted(&waiting, "accept")).await;
    assert_eq!(model_reads(&answer)["count"], 2, "{answer}");
    let connections = assemble::connections(&street.config, &street.bed.clock).unwrap();
    let rows = connections
        .list(&zoho_mcp::connections::Caller::User(USER.to_owned()))
        .await
        .unwrap();
    let mut names: Vec<_> = rows.into_iter().map(|row| row.name).collect();
    names.sort();
    assert_eq!(
        names,
        ["default", "work"],
        "each under the name it was offered for"
    );
}

#[tokio::test]
async fn houses_on_one_file_finish_each_others_consent() {
    another_house_finishes(&Street::sqlite().await).await;
}

#[tokio::test]
async fn houses_on_one_postgresql_finish_each_others_consent() {
    let Some(url) = fresh_database() else { return };
    another_house_finishes(&Street::with(Some(url)).await).await;
}

#[tokio::test]
async fn a_call_that_waits_goes_on_when_another_house_took_the_answer() {
    let street = Street::sqlite().await;
    let (mut one, mut other) = (Wire::to(street.house()), Wire::to(street.house()));
    one.shake_hands(json!({ "elicitation": { "url": {} } })).await;
    one.send(r#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_records","arguments":{"module":"Cases","limit":2}}}"#)
        .await;
    let question = one.receive().await;
    assert_eq!(question["method"], "elicitation/create", "{question}");
    let accept = json!({ "jsonrpc": "2.0", "id": question["id"], "result": { "action": "accept" } });
    one.send(&accept.to_string()).await;
    let waiting = offered(&mut other).await;
    let visitor = Visitor::new();
    let back = visitor.allow(question["params"]["url"].as_str().unwrap()).await;
    visitor.open(&at_the_door_of(&back, &waiting)).await;
    let answer = loop {
        let message = one.receive().await;
        if message["id"] == 7 && message["method"].is_null() {
            break message;
        }
    };
    assert_eq!(model_reads(&answer)["count"], 2, "{answer}");
}

#[tokio::test]
async fn of_two_answers_at_once_one_is_taken() {
    let street = Street::sqlite().await;
    let (mut one, mut other) = (Wire::to(street.house()), Wire::to(street.house()));
    let (asked, waiting) = (offered(&mut one).await, offered(&mut other).await);
    let visitor = Visitor::new();
    let back = visitor.allow(&page_of(&asked)).await;
    let elsewhere = at_the_door_of(&back, &waiting);
    let (here, there) = tokio::join!(visitor.open(back.as_str()), visitor.open(&elsewhere));
    let connected = [&here, &there].map(|shown| shown.contains("Zoho is connected"));
    assert_ne!(connected[0], connected[1], "{here}\n{there}");
    assert_eq!(street.token_calls().await, 1);
}

/// Two people before two houses agree to what both were asked for the same row: each consent counts, and one row is there.
async fn two_at_once(street: &Street) {
    let (mut one, mut other) = (Wire::to(street.house()), Wire::to(street.house()));
    let asked = [offered(&mut one).await, offered(&mut other).await];
    let visitor = Visitor::new();
    let here = visitor.allow(&page_of(&asked[0])).await;
    let there = visitor.allow(&page_of(&asked[1])).await;
    let (here, there) = tokio::join!(visitor.open(here.as_str()), visitor.open(there.as_str()));
    for shown in [here, there] {
        assert!(shown.contains("Zoho is connected"), "{shown}");
    }
    for (wire, asked) in [&mut one, &mut other].into_iter().zip(&asked) {
        let answer = wire.request("tools/call", &accepted(asked, "accept")).await;
        assert_eq!(model_reads(&answer)["count"], 2, "{answer}");
    }
    let connections = assemble::connections(&street.config, &street.bed.clock).unwrap();
    let user = zoho_mcp::connections::Caller::User(USER.to_owned());
    let rows = connections.list(&user).await.unwrap();
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["default"]);
    assert_eq!(street.token_calls().await, 2);
}

#[tokio::test]
async fn two_consents_that_end_at_once_both_count_in_a_file() {
    for _ in 0..5 {
        two_at_once(&Street::sqlite().await).await;
    }
}

#[tokio::test]
async fn two_consents_that_end_at_once_both_count_in_postgresql() {
    for _ in 0..5 {
        let Some(url) = fresh_database() else { return };
        two_at_once(&Street::with(Some(url)).await).await;
    }
}

#[tokio::test]
async fn a_consent_lives_for_ten_minutes() {
    for (seconds, shows) in [(599, "Zoho is connected"), (600, "not part of the sign-in")] {
        let street = Street::sqlite().await;
        let mut wire = Wire::to(street.house());
        let asked = offered(&mut wire).await;
        let visitor = Visitor::new();
        let back = visitor.allow(&page_of(&asked)).await;
        street.bed.clock.advance(seconds);
        let shown = visitor.open(back.as_str()).await;
        assert!(shown.contains(shows), "after {seconds} s: {shown}");
        let answer = wire.request("tools/call", &accepted(&asked, "accept")).await;
        let read = model_reads(&answer);
        assert_eq!(read["count"] == 2, seconds == 599, "{read}");
        assert_eq!(read["code"] == "no_connection", seconds == 600, "{read}");
        if seconds == 600 {
            assert_eq!(street.token_calls().await, 0);
            // The next offer sweeps it away.
            offered(&mut wire).await;
            assert_eq!(
                street
                    .bed
                    .sql("UPDATE pending_consents SET failure = failure")
                    .await,
                1
            );
        }
    }
}

#[tokio::test]
async fn a_consent_belongs_to_the_user_it_was_offered_to() {
    let street = Street::sqlite().await;
    let server = street.house();
    let mut anna = Wire::to(server.clone());
    let asked = offered(&mut anna).await;
    let mut bob = Wire::start_as("bob", server).await;
    let unanswered = json!({ "requestState": asked["result"]["requestState"] });
    let answer = bob.request("tools/call", &modern(unanswered)).await;
    assert!(!answer.to_string().contains(&page_of(&asked)), "{answer}");
    for action in ["decline", "accept"] {
        let answer = bob.request("tools/call", &accepted(&asked, action)).await;
        assert_eq!(model_reads(&answer)["code"], "no_connection", "{answer}");
    }
    // What bob said about it changed nothing: the page is good.
    let visitor = Visitor::new();
    let back = visitor.allow(&page_of(&asked)).await;
    let shown = visitor.open(back.as_str()).await;
    assert!(shown.contains("Zoho is connected"), "{shown}");
    let answer = anna.request("tools/call", &accepted(&asked, "accept")).await;
    assert_eq!(model_reads(&answer)["count"], 2, "{answer}");
    let answer = bob.call("get_records", json!({ "module": "Cases" })).await;
    assert_eq!(answer["code"], "no_connection", "{answer}");
}

#[tokio::test]
async fn a_consent_moved_to_another_user_is_refused() {
    let street = Street::sqlite().await;
    let mut wire = Wire::to(street.house());
    let asked = offered(&mut wire).await;
    assert_eq!(
        street
            .bed
            .sql("UPDATE pending_consents SET user_id = 'mallory'")
            .await,
        1
    );
    let visitor = Visitor::new();
    let back = visitor.allow(&page_of(&asked)).await;
    let shown = visitor.open(back.as_str()).await;
    assert!(
        shown.contains("Zoho is not connected") && shown.contains("sealed for another"),
        "{shown}"
    );
    assert_eq!(street.token_calls().await, 0);
    assert_eq!(street.bed.sql("UPDATE zoho_connections SET name = name").await, 0);
}

/// Whether some text of a PKCE verifier's length stands in these bytes that has this challenge.
fn holds_verifier(bytes: &[u8], challenge: &str) -> bool {
    use base64::Engine as _;
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
    bytes.windows(43).any(|window| {
        let hashed = || base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(Sha256::digest(window));
        window.iter().all(plain) && hashed() == challenge
    })
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn nothing_that_finishes_a_consent_can_be_read_in_the_database() {
    let street = Street::sqlite().await;
    let mut wire = Wire::to(street.house());
    let asked = offered(&mut wire).await;
    let page = parameters(&page_of(&asked));
    let written = || {
        let file = |suffix: &str| std::fs::read(format!("{}{suffix}", street.bed.database().display()));
        [file("").unwrap(), file("-wal").unwrap_or_default()].concat()
    };
    let bytes = written();
    let id = asked["result"]["requestState"].as_str().unwrap();
    assert!(holds(&bytes, id), "the offer is written down");
    for secret in [&page["state"], &street.bed.sandbox.client_secret] {
        assert!(!holds(&bytes, secret), "{secret} in the clear");
    }
    let pkce = Pkce::new().unwrap();
    let text = format!("..{}..", secrecy::ExposeSecret::expose_secret(&pkce.verifier));
    assert!(
        holds_verifier(text.as_bytes(), &pkce.challenge),
        "it would be found"
    );
    assert!(
        !holds_verifier(&bytes, &page["code_challenge"]),
        "the verifier in the clear"
    );
    let visitor = Visitor::new();
    let back = visitor.allow(&page_of(&asked)).await;
    visitor.open(back.as_str()).await;
    let spent = "UPDATE pending_consents SET failure = failure WHERE secrets = '' AND settled_at IS NOT NULL";
    assert_eq!(
        street.bed.sql(spent).await,
        1,
        "sealed secrets are kept no longer than needed"
    );
}

#[tokio::test]
async fn a_consent_says_which_connection_it_makes_and_makes_none_without_a_name() {
    let street = Street::sqlite().await;
    let mut wire = Wire::to(street.house());
    let mut asked = async |name: &str| {
        let named = json!({ "arguments": { "module": "Cases", "limit": 2, "connection": name } });
        wire.request("tools/call", &modern(named)).await
    };
    let work = asked("work").await;
    let message = &work["result"]["inputRequests"]["connect_zoho"]["params"]["message"];
    assert!(message.as_str().unwrap().contains("`work`"), "{work}");
    let long = "w".repeat(65);
    let control = model_reads(&asked("a\u{7}b").await);
    assert_eq!(control["problems"][0]["path"], "/connection", "{control}");
    for name in ["a\u{200b}b", long.as_str()] {
        let refused = model_reads(&asked(name).await);
        assert_eq!(refused["code"], "invalid_arguments", "{name:?}: {refused}");
        let error = refused["error"].as_str().unwrap();
        assert!(error.contains("1 to 64 characters"), "{refused}");
    }
}
