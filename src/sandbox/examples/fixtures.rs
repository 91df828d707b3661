//! Loads a start made to order, lets something work on it, and takes the difference: `cargo run -p zoho-sandbox --example fixtures`.
#![allow(clippy::print_stdout, clippy::indexing_slicing)]

use std::error::Error;

use serde_json::{Value, json};
use zoho_sandbox::{Options, Sandbox};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let zoho = zoho_sandbox::start(Options {
        now: Some("2026-03-02T09:00:00Z".parse()?),
        ..Options::default()
    })?;

    // All of it or nothing; `${who.id}` is what the answer known as `who` holds.
    let steps = json!({"steps": [
        {"call": "GET /api/v1/departments?limit=1", "as": "all"},
        {"call": "POST /api/v1/contacts", "as": "who",
            "body": {"lastName": "Okafor", "email": "n.okafor@tern.example"}},
        {"call": "POST /api/v1/tickets", "as": "case", "body": {"subject": "The gauge reads nothing",
            "contactId": "${who.id}", "departmentId": "${all.data.0.id}"}},
    ]});
    let loaded = tell(&zoho, "load", steps).await?;
    let case = loaded["known"]["case"]["id"]
        .as_str()
        .ok_or("no case")?
        .to_owned();
    tell(&zoho, "snapshot", json!({"name": "start"})).await?;

    // What is under test would work here.
    let work =
        json!({"steps": [{"call": format!("PATCH /api/v1/tickets/{case}"), "body": {"status": "Closed"}}]});
    tell(&zoho, "load", work).await?;

    let diff = tell(&zoho, "diff", json!({"since": "start"})).await?;
    for change in diff["desk"].as_array().ok_or("no list")? {
        println!("{change:#}");
    }
    tell(&zoho, "restore", json!({"name": "start"})).await?;
    let diff = tell(&zoho, "diff", json!({"since": "start"})).await?;
    assert_eq!(diff["desk"], json!([]));
    Ok(())
}

/// A call of `/__sandbox/`, which asks for no token.
async fn tell(zoho: &Sandbox, call: &str, body: Value) -> Result<Value, Box<dyn Error>> {
    let asked = reqwest::Client::new().post(format!("{}/__sandbox/{call}", zoho.url));
    let answer = asked.body(body.to_string()).send().await?;
    let (status, told) = (answer.status(), answer.text().await?);
    match status.is_success() {
        true => Ok(serde_json::from_str(&told)?),
        false => Err(format!("{call}: {told}").into()),
    }
}
