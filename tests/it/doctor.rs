//! `zoho-mcp doctor`: each check finds what was broken on purpose, and the command it tells turns it green.

mod crm;
mod in_the_way;
mod machine;
mod outages;
mod pasted;
mod places;
mod shown;

use serde_json::{Value, json};
use zoho_mcp::sandbox::Options;

use crate::bed::{Bed, USER};
use crate::commands::finished;

/// A bed whose only connection was made by the binary.
async fn healthy() -> Bed {
    let bed = Bed::empty(Options::default()).await;
    bed.run(&["connect", "--org", "7048213351"]).succeeded();
    bed
}

/// The options that lead to it from anywhere.
fn in_use(bed: &Bed) -> Vec<String> {
    let key = bed.home.path().join("zoho-mcp.db.key").display().to_string();
    let named = [
        ("--database-url", bed.database_url()),
        ("--sandbox-url", bed.sandbox.url.clone()),
        ("--key-file", key),
    ];
    let words = named
        .into_iter()
        .flat_map(|(name, value)| [name.to_owned(), value]);
    words.collect()
}

/// What the check of that name found.
#[track_caller]
fn found(bed: &Bed, check: &str) -> Value {
    let report = bed.run(&["doctor"]).json();
    let general = report["findings"].as_array().unwrap().iter();
    let connections = report["connections"].as_array().unwrap().iter();
    let all = general.chain(connections.flat_map(|one| one["findings"].as_array().unwrap()));
    let mut of_name = all.filter(|finding| finding["check"] == check);
    let found = of_name
        .next()
        .unwrap_or_else(|| panic!("no check {check}: {report}"));
    assert!(of_name.next().is_none(), "{check} is told twice: {report}");
    found.clone()
}

/// The check is not content, says why and with which command to mend it; the command makes it content.
#[track_caller]
fn is_mended(bed: &Bed, check: &str, state: &str, because: &str, command: &str) {
    let before = found(bed, check);
    assert_eq!(before["state"], state, "{before}");
    assert!(before["found"].as_str().unwrap().contains(because), "{before}");
    let mend = before["mend"].as_str().unwrap_or_default();
    assert_eq!(mend.lines().next(), Some(command), "{before}");
    bed.run_told(command);
    let after = found(bed, check);
    assert_eq!(after["state"], "ok", "{after}");
}

const CONNECT: &str = "zoho-mcp connect --user anna --name default";

#[tokio::test]
async fn a_good_connection_passes_every_check() {
    let bed = healthy().await;
    let ran = bed.run(&["doctor"]);
    let report = ran.succeeded();
    let checks: Vec<&str> = report["connections"][0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            assert_eq!(finding["state"], "ok", "{finding}");
            finding["check"].as_str().unwrap()
        })
        .collect();
    assert_eq!(
        checks,
        [
            "connection",
            "token",
            "refresh_token",
            "organization",
            "portal",
            "scopes",
            "writes",
            "data_center",
            "case",
            "crm",
            "credits",
            "clock"
        ]
    );
    assert_eq!(found(&bed, "database")["state"], "ok");
    assert_eq!(found(&bed, "key")["state"], "ok");
}

#[tokio::test]
async fn no_row() {
    let bed = Bed::empty(Options::default()).await;
    let command = "zoho-mcp connect --user anna";
    is_mended(&bed, "connection", "fail", "No Zoho connection found", command);
}

#[tokio::test]
async fn a_row_handed_to_another_user() {
    let bed = healthy().await;
    let mut other = bed.command(&["connect"]);
    other.env("ZOHO_MCP_USER", "berta");
    finished(other, "").succeeded();
    bed.sql("UPDATE zoho_connections SET name = 'hers' WHERE user_id = 'anna'")
        .await;
    bed.sql("UPDATE zoho_connections SET user_id = 'anna' WHERE user_id = 'berta'")
        .await;
    let report = bed.run(&["--connection", "default", "doctor"]);
    assert!(!report.ok, "{report:?}");
    let finding = report.json()["connections"][0]["findings"][0].clone();
    assert_eq!(
        (&finding["state"], &finding["mend"]),
        (&json!("fail"), &json!(CONNECT)),
        "{finding}"
    );
    bed.run_told(CONNECT);
    assert!(bed.run(&["--connection", "default", "doctor"]).ok);
}

#[tokio::test]
async fn a_revoked_token() {
    let bed = healthy().await;
    bed.sql("UPDATE zoho_connections SET token_expires_at = 0").await;
    bed.admin(json!({ "revoked": true })).await;
    bed.run(&["doctor"]);
    bed.admin(json!({ "revoked": false })).await;
    is_mended(&bed, "token", "fail", "invalid_code", CONNECT);
}

#[tokio::test]
async fn a_throttled_token_says_how_long_to_wait() {
    let bed = healthy().await;
    bed.sql("UPDATE zoho_connections SET token_expires_at = 0, refresh_not_before = NOW + 500, status_reason = 'Access Denied'",
    )
    .await;
    let finding = found(&bed, "token");
    assert_eq!(finding["state"], "fail", "{finding}");
    assert!(
        finding["mend"].as_str().unwrap().starts_with("Wait 4")
            || finding["mend"].as_str().unwrap().starts_with("Wait 5"),
        "{finding}"
    );
    bed.sql("UPDATE zoho_connections SET refresh_not_before = NOW - 1")
        .await;
    assert_eq!(found(&bed, "token")["state"], "ok");
}

#[tokio::test]
async fn no_refresh_token() {
    let bed = healthy().await;
    bed.sql("UPDATE zoho_connections SET refresh_token = NULL").await;
    is_mended(&bed, "refresh_token", "fail", "access_type=offline", CONNECT);
}

#[tokio::test]
async fn no_organization() {
    let bed = healthy().await;
    bed.sql("UPDATE zoho_connections SET desk_org_id = NULL, desk_org_source = NULL")
        .await;
    let first = &bed.sandbox.desk_organizations[0].0;
    let command = format!("zoho-mcp connections set-org --user {USER} default {first}");
    is_mended(&bed, "organization", "warn", "not stored", &command);
}

#[tokio::test]
async fn an_organization_the_token_does_not_see() {
    let bed = healthy().await;
    bed.sql("UPDATE zoho_connections SET desk_org_id = '12345', desk_org_source = 'user'")
        .await;
    let first = &bed.sandbox.desk_organizations[0].0;
    let command = format!("zoho-mcp connections set-org --user {USER} default {first}");
    assert_eq!(found(&bed, "case")["state"], "fail");
    is_mended(&bed, "organization", "fail", "12345 is not visible", &command);
    assert_eq!(found(&bed, "case")["state"], "ok");
}

#[tokio::test]
async fn links_to_another_portal() {
    let bed = healthy().await;
    bed.sql("UPDATE zoho_connections SET desk_portal = 'elsewhere'")
        .await;
    let first = &bed.sandbox.desk_organizations[0].0;
    let command = format!("zoho-mcp connections set-org --user {USER} default {first}");
    is_mended(&bed, "portal", "warn", "elsewhere", &command);
}

#[tokio::test]
async fn a_missing_scope() {
    let bed = Bed::empty(Options::default()).await;
    bed.connect_with_scopes(USER, &["Desk.basic.READ", "Desk.contacts.READ"])
        .await;
    let case = found(&bed, "case");
    assert_eq!(
        (&case["state"], &case["mend"]),
        (
            &json!("warn"),
            &json!("zoho-mcp connections set-org --user anna default")
        )
    );
    is_mended(&bed, "scopes", "warn", "Desk.tickets.READ", CONNECT);
    assert_eq!(found(&bed, "case")["state"], "ok");
}

#[tokio::test]
async fn a_case_that_may_not_be_read() {
    let bed = Bed::empty(Options::default()).await;
    bed.connect_with_scopes(USER, &["Desk.basic.READ"]).await;
    let first = bed.sandbox.desk_organizations[0].0.clone();
    bed.run(&["connections", "set-org", "default", &first])
        .succeeded();
    is_mended(&bed, "case", "fail", "Desk.tickets.READ", CONNECT);
}

#[tokio::test]
async fn another_data_centre() {
    for (column, because) in [
        ("dc", "dc does not belong"),
        ("desk_url", "desk_url does not"),
        ("api_domain", "api_domain does not"),
    ] {
        let bed = healthy().await;
        let value = match column {
            "dc" => "eu",
            "desk_url" => "https://desk.zoho.eu",
            _ => "https://www.zohoapis.eu",
        };
        let statement: &'static str = format!("UPDATE zoho_connections SET {column} = '{value}'").leak();
        bed.sql(statement).await;
        let offline = bed.run(&["doctor", "--offline"]).json();
        let finding = offline["connections"][0]["findings"]
            .as_array()
            .unwrap()
            .iter()
            .find(|finding| finding["check"] == "data_center")
            .unwrap()
            .clone();
        assert_eq!(finding["state"], "fail", "{finding}");
        assert!(finding["found"].as_str().unwrap().contains(because), "{finding}");
        bed.run_told(finding["mend"].as_str().unwrap());
        assert_eq!(found(&bed, "data_center")["state"], "ok");
    }
}

#[tokio::test]
async fn a_server_that_is_not_zohos() {
    let bed = healthy().await;
    bed.sql("UPDATE zoho_connections SET accounts_url = 'https://accounts.zoho.com.evil.example'")
        .await;
    let replace = format!("{CONNECT} --replace");
    is_mended(&bed, "data_center", "fail", "not one of Zoho's", &replace);
}

/// What `doctor` finds of a sandbox at that address.
async fn found_of_a_sandbox(url: &str) -> Value {
    let bed = Bed::empty(Options::default()).await;
    let mut command = bed.command(&["doctor", "--sandbox-url", url]);
    command.env_remove("ZOHO_MCP_SANDBOX_URL");
    let ran = tokio::task::spawn_blocking(|| finished(command, ""));
    let told = ran.await.unwrap().json();
    let mut findings = told["findings"].as_array().unwrap().iter();
    let of_sandbox = findings.find(|finding| finding["check"] == "sandbox");
    of_sandbox.unwrap_or_else(|| panic!("{told:#}")).clone()
}

#[tokio::test]
async fn a_sandbox_that_does_not_answer_is_told_with_what_starts_it() {
    let finding = found_of_a_sandbox("http://127.0.0.1:9").await;
    assert_eq!(finding["state"], "fail", "{finding}");
    let found = finding["found"].as_str().unwrap();
    assert!(found.contains("does not answer"), "{finding}");
    assert_eq!(finding["mend"], "zoho-mcp sandbox --listen 127.0.0.1:9");
}

#[tokio::test]
async fn another_server_where_the_sandbox_should_be_is_told() {
    let other = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", other.local_addr().unwrap());
    tokio::spawn(axum::serve(other, axum::Router::new()).into_future());
    let finding = found_of_a_sandbox(&url).await;
    assert_eq!(finding["state"], "fail", "{finding}");
    let found = finding["found"].as_str().unwrap();
    assert!(found.contains("is no sandbox"), "{finding}");
    assert_eq!(finding["mend"], "zoho-mcp sandbox");
}

#[tokio::test]
async fn a_sandbox_url_of_elsewhere_is_refused_and_nothing_logged() {
    let bed = Bed::empty(Options::default()).await;
    for arguments in [["doctor"], ["connect"]] {
        let mut command = bed.command(&arguments);
        command.env("ZOHO_MCP_SANDBOX_URL", "https://desk.zoho.example");
        let ran = finished(command, "");
        let told = ran.failed();
        assert!(told.contains("must be an http URL of this machine"), "{told}");
        assert!(!told.contains("internal error"), "{told}");
    }
}
