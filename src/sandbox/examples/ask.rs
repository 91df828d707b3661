//! Starts a Zoho in this process and asks it as any client would: `cargo run -p zoho-sandbox --example ask`.
#![allow(clippy::print_stdout, clippy::indexing_slicing)]

use std::error::Error;

use serde_json::Value;
use zoho_sandbox::Options;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // The same seed and moment give the same answers in each run.
    let zoho = zoho_sandbox::start(Options {
        seed: 7,
        tickets: 2_000,
        now: Some("2026-03-02T09:00:00Z".parse()?),
        ..Options::default()
    })?;
    let client = reqwest::Client::new();

    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", &zoho.client_id),
        ("client_secret", &zoho.client_secret),
        ("refresh_token", &zoho.refresh_token),
    ];
    let asked = client.post(format!("{}/oauth/v2/token", zoho.url)).form(&form);
    let answer: Value = serde_json::from_slice(&asked.send().await?.bytes().await?)?;
    let token = answer["access_token"].as_str().ok_or("no token")?;

    let (organization, name) = &zoho.desk_organizations[0];
    let get = async |path: &str| -> Result<Value, Box<dyn Error>> {
        let asked = client
            .get(format!("{}{path}", zoho.url))
            .header("authorization", format!("Zoho-oauthtoken {token}"))
            .header("orgId", organization);
        Ok(serde_json::from_slice(&asked.send().await?.bytes().await?)?)
    };
    let found = get("/api/v1/tickets/search?subject=gateway&limit=3").await?;
    println!(
        "{} tickets of {name} speak of a gateway, among them:",
        found["count"]
    );
    for ticket in found["data"].as_array().ok_or("no list")? {
        println!("  {} {}", ticket["ticketNumber"], ticket["subject"]);
    }
    let leads = get("/crm/v8/Leads?fields=Last_Name,Company&per_page=1").await?;
    println!("the first lead of CRM: {}", leads["data"][0]["Company"]);

    // A path that nobody here answers is refused as Zoho refuses unknown ones, and counted.
    let stats = get("/__sandbox/stats").await?;
    assert_eq!(stats["unserved"], 0);
    Ok(())
}
