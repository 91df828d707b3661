//! Connection, token and organization of a call: what is asked of Zoho, and what is written back.

use serde_json::{Value, json};
use sqlx::{Connection as _, Row as _, SqliteConnection};
use zoho_mcp::sandbox::Options;
use zoho_mcp::server::Server;

use crate::bed::{Bed, USER, Wire, statement};

async fn column<T>(bed: &Bed, text: &str) -> T
where
    T: for<'r> sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
{
    let url = format!("sqlite:{}", bed.database().display());
    let mut database = SqliteConnection::connect(&url).await.unwrap();
    let value = sqlx::query(statement(text))
        .fetch_one(&mut database)
        .await
        .unwrap()
        .get(0);
    database.close().await.unwrap();
    value
}

fn paths(seen: &[String]) -> Vec<String> {
    seen.iter()
        .map(|line| {
            line.split_whitespace()
                .nth(1)
                .unwrap()
                .split('?')
                .next()
                .unwrap()
                .to_owned()
        })
        .collect()
}

async fn list_cases(bed: &Bed) -> Value {
    bed.client()
        .await
        .call("get_records", json!({ "module": "Cases", "limit": 3 }))
        .await
}

#[tokio::test]
async fn without_a_connection_the_error_is_exact_and_zoho_is_not_asked() {
    let bed = Bed::empty(Options::default()).await;
    let answer = list_cases(&bed).await;
    assert_eq!(answer["error"], "No Zoho connection found");
    assert_eq!(answer["code"], "no_connection");
    assert_eq!(bed.seen().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_token_with_less_than_120_seconds_left_is_refreshed_first_and_written_back() {
    let bed = Bed::connected().await;
    list_cases(&bed).await;
    bed.forget().await;
    bed.sql("UPDATE zoho_connections SET token_expires_at = NOW + 119")
        .await;
    assert_eq!(list_cases(&bed).await["count"], 3);
    assert_eq!(paths(&bed.seen().await), ["/oauth/v2/token", "/api/v1/tickets"]);
    let left: i64 = column(&bed, "SELECT token_expires_at - NOW FROM zoho_connections").await;
    assert!((3500..=3600).contains(&left), "{left} s left");
    bed.forget().await;
    assert_eq!(list_cases(&bed).await["count"], 3);
    assert_eq!(
        paths(&bed.seen().await),
        ["/api/v1/tickets"],
        "the new token was not written back"
    );
}

#[tokio::test]
async fn ten_calls_at_once_on_an_expired_token_refresh_it_once() {
    let bed = Bed::connected().await;
    list_cases(&bed).await;
    bed.forget().await;
    bed.admin(json!({ "token_latency_ms": 50 })).await;
    bed.sql("UPDATE zoho_connections SET token_expires_at = NOW - 10")
        .await;
    let tools = bed.tools(USER).await;
    let calls = (0..10).map(|_| {
        let tools = tools.clone();
        tokio::spawn(async move {
            let mut wire = Wire::start(tools).await;
            wire.call("get_records", json!({ "module": "Cases", "limit": 1 }))
                .await
        })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap()["count"], 1);
    }
    let seen = paths(&bed.seen().await);
    assert_eq!(
        seen.iter().filter(|path| *path == "/oauth/v2/token").count(),
        1,
        "{seen:?}"
    );
}

#[tokio::test]
async fn a_revoked_connection_says_reconnect_and_asks_zoho_once() {
    let bed = Bed::connected().await;
    list_cases(&bed).await;
    bed.forget().await;
    bed.admin(json!({ "revoked": true })).await;
    bed.sql("UPDATE zoho_connections SET token_expires_at = NOW - 10")
        .await;
    for _ in 0..3 {
        assert_eq!(list_cases(&bed).await["code"], "reconnect_needed");
    }
    assert_eq!(paths(&bed.seen().await), ["/oauth/v2/token"]);
    let status: String = column(&bed, "SELECT status FROM zoho_connections").await;
    assert_eq!(status, "unusable");
}

#[tokio::test]
async fn a_missing_scope_is_named_and_no_refresh_is_tried() {
    let bed = Bed::empty(Options::default()).await;
    bed.connect_with_scopes(USER, &["Desk.basic.READ", "Desk.contacts.READ"])
        .await;
    list_cases(&bed).await;
    bed.forget().await;
    let answer = list_cases(&bed).await;
    assert_eq!(answer["code"], "scope_missing", "{answer}");
    assert!(answer.to_string().contains("Desk.tickets.READ"), "{answer}");
    assert_eq!(paths(&bed.seen().await), ["/api/v1/tickets"]);
}

#[tokio::test]
async fn a_refused_organization_list_names_the_scope() {
    let bed = Bed::empty(Options::default()).await;
    bed.connect_with_scopes(USER, &["Desk.tickets.READ"]).await;
    let answer = list_cases(&bed).await;
    assert_eq!(answer["code"], "scope_missing", "{answer}");
    assert!(answer.to_string().contains("Desk.basic.READ"), "{answer}");
}

#[tokio::test]
async fn a_blank_organization_is_discovered_stored_and_told_when_there_are_several() {
    let bed = Bed::connected().await;
    bed.sql("UPDATE zoho_connections SET desk_org_id = NULL, desk_org_source = NULL, desk_portal = NULL")
        .await;
    bed.forget().await;
    let answer = list_cases(&bed).await;
    assert_eq!(
        paths(&bed.seen().await),
        ["/api/v1/organizations", "/api/v1/tickets"]
    );
    let organizations = bed.sandbox.desk_organizations.clone();
    assert_eq!(answer["organization"]["id"], organizations[0].0.as_str());
    let notes = answer["notes"].to_string();
    assert!(
        organizations
            .iter()
            .all(|(_, name)| notes.contains(name.as_str())),
        "{notes}"
    );
    let source: String = column(&bed, "SELECT desk_org_source FROM zoho_connections").await;
    assert_eq!(source, "first_of_many");
    bed.forget().await;
    assert_eq!(list_cases(&bed).await["count"], 3);
    assert_eq!(paths(&bed.seen().await), ["/api/v1/tickets"]);
}

#[tokio::test]
async fn a_wrong_organization_that_was_only_the_first_of_many_gives_way_to_the_next() {
    let bed = Bed::connected().await;
    list_cases(&bed).await;
    bed.sql("UPDATE zoho_connections SET desk_org_id = '11111', desk_org_source = 'first_of_many'")
        .await;
    bed.forget().await;
    assert_eq!(list_cases(&bed).await["count"], 3);
    let seen = paths(&bed.seen().await);
    assert_eq!(
        seen,
        ["/api/v1/tickets", "/api/v1/organizations", "/api/v1/tickets"]
    );
}

#[tokio::test]
async fn a_wrong_organization_the_user_chose_is_told() {
    let bed = Bed::connected().await;
    list_cases(&bed).await;
    bed.sql("UPDATE zoho_connections SET desk_org_id = '11111', desk_org_source = 'user'")
        .await;
    let answer = list_cases(&bed).await;
    assert_eq!(answer["code"], "choose_organization", "{answer}");
}

#[tokio::test]
async fn a_refused_token_is_refreshed_once_and_the_call_repeated_once() {
    let bed = Bed::connected().await;
    list_cases(&bed).await;
    bed.forget().await;
    bed.admin(json!({ "faults": [{ "kind": "401", "path": "/api/v1/tickets", "count": 1 }] }))
        .await;
    assert_eq!(list_cases(&bed).await["count"], 3);
    assert_eq!(
        paths(&bed.seen().await),
        ["/api/v1/tickets", "/oauth/v2/token", "/api/v1/tickets"]
    );
}

#[tokio::test]
async fn a_token_refused_for_ever_ends_after_one_refresh() {
    let bed = Bed::connected().await;
    list_cases(&bed).await;
    bed.forget().await;
    bed.admin(json!({ "faults": [{ "kind": "401", "path": "/api/v1/tickets" }] }))
        .await;
    let answer = list_cases(&bed).await;
    // A new consent would bring no other token: the account is hardly a user of the product.
    assert_eq!(answer["code"], "rejected", "{answer}");
    assert_eq!(
        paths(&bed.seen().await),
        ["/api/v1/tickets", "/oauth/v2/token", "/api/v1/tickets"]
    );
}

#[tokio::test]
async fn reads_are_repeated_twice_on_server_faults_and_then_told() {
    let bed = Bed::connected().await;
    list_cases(&bed).await;
    bed.forget().await;
    bed.admin(json!({ "faults": [{ "kind": "500", "path": "/api/v1/tickets", "count": 2 }] }))
        .await;
    assert_eq!(list_cases(&bed).await["count"], 3);
    assert_eq!(bed.seen().await.len(), 3);
    bed.forget().await;
    bed.admin(json!({ "faults": [{ "kind": "503", "path": "/api/v1/tickets" }] }))
        .await;
    let answer = list_cases(&bed).await;
    assert_eq!(
        (answer["code"].as_str(), answer["retryable"].as_bool()),
        (Some("unavailable"), Some(true))
    );
    assert_eq!(bed.seen().await.len(), 3);
}

#[tokio::test]
async fn a_long_retry_after_is_told_in_seconds_and_not_waited_for() {
    let bed = Bed::connected().await;
    list_cases(&bed).await;
    bed.forget().await;
    bed.admin(json!({ "faults": [{ "kind": "429", "path": "/api/v1/tickets", "retry_after": 60 }] }))
        .await;
    let answer = list_cases(&bed).await;
    assert_eq!(
        (answer["code"].as_str(), answer["wait_seconds"].as_u64()),
        (Some("rate_limited"), Some(60))
    );
    assert_eq!(bed.seen().await.len(), 1);
}

#[tokio::test]
async fn another_users_row_is_never_used() {
    let bed = Bed::connected().await;
    let server = Server::new(bed.tools(USER).await);
    let answer = Wire::start_as("mallory", server)
        .await
        .call("get_records", json!({ "module": "Cases" }))
        .await;
    assert_eq!(answer["error"], "No Zoho connection found");
    // A row handed to another user in the database does not open: its seal names the owner.
    bed.sql("UPDATE zoho_connections SET user_id = 'mallory'").await;
    bed.forget().await;
    let server = Server::new(bed.tools(USER).await);
    let answer = Wire::start_as("mallory", server)
        .await
        .call("get_records", json!({ "module": "Cases" }))
        .await;
    assert!(
        answer["data"].is_null() && answer["error"].is_string(),
        "{answer}"
    );
    assert_eq!(bed.seen().await, Vec::<String>::new());
}

#[tokio::test]
async fn hosts_in_the_row_that_are_not_zohos_are_refused_before_any_request() {
    for column in ["desk_url", "api_domain", "accounts_url"] {
        for host in [
            "http://169.254.169.254",
            "https://desk.zoho.com.evil.example",
            "https://a@desk.zoho.com",
            "https://desk.zoho.com:8443",
        ] {
            let bed = Bed::connected().await;
            list_cases(&bed).await;
            let text = format!("UPDATE zoho_connections SET {column} = '{host}', token_expires_at = 0");
            bed.sql(&text).await;
            bed.forget().await;
            let app_type = if column == "api_domain" { "crm" } else { "desk" };
            let answer = bed
                .client()
                .await
                .call(
                    "get_records",
                    json!({ "module": "Contacts", "app_type": app_type }),
                )
                .await;
            assert!(
                answer["error"].is_string() && answer["data"].is_null(),
                "{column} {host}: {answer}"
            );
        }
    }
}
