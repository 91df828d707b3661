//! Days in arguments: read in the operator's zone, else in that of the Zoho user, who is asked about once.

use serde_json::{Value, json};
use zoho_mcp::cli::assemble;

use crate::bed::{Bed, NOW, USER, Wire};

async fn without_a_zone(bed: &Bed) -> Wire {
    let mut config = bed.config(USER);
    config.said.timezone = None;
    Wire::start(assemble::calling(&config, &bed.clock).unwrap().tools).await
}

fn on(app_type: &str, field: &str, span: Value) -> Value {
    json!({ "module": "Contacts", "app_type": app_type, "limit": 1, "filters": { field: span } })
}

fn asked<'a>(seen: &'a [String], path: &str) -> Vec<&'a String> {
    seen.iter().filter(|line| line.contains(path)).collect()
}

#[tokio::test]
async fn a_day_is_that_of_the_desk_user_who_is_asked_about_once() {
    let bed = Bed::connected().await;
    let mut wire = without_a_zone(&bed).await;
    let day = on("desk", "createdTime", json!("2026-11-19"));
    for _ in 0..2 {
        let answer = wire.call("search_records", day.clone()).await;
        let notes = answer["notes"].to_string();
        assert!(
            notes.contains("Days are read in the time zone Europe/Amsterdam."),
            "{answer}"
        );
    }
    let seen = bed.seen().await;
    assert_eq!(asked(&seen, "/myinfo").len(), 1, "{seen:?}");
    // An hour east of UTC: the day begins at 23:00 of the one before.
    assert_eq!(asked(&seen, "2026-11-18T23%3A00%3A00").len(), 2, "{seen:?}");
}

#[tokio::test]
async fn a_day_is_that_of_the_crm_user() {
    let bed = Bed::connected().await;
    let mut wire = without_a_zone(&bed).await;
    let span = json!({ "from": "2026-01-01", "to": "2026-01-31" });
    let answer = wire.call("search_records", on("crm", "Created_Time", span)).await;
    assert!(answer["notes"].to_string().contains("Asia/Kolkata"), "{answer}");
    let seen = bed.seen().await;
    assert_eq!(asked(&seen, "type=CurrentUser").len(), 1, "{seen:?}");
}

#[tokio::test]
async fn an_instant_or_a_zone_of_the_operator_asks_nobody() {
    let bed = Bed::connected().await;
    let mut wire = without_a_zone(&bed).await;
    let instants = json!({ "from": "2026-11-19T00:00:00Z", "to": "2026-11-20T00:00:00+01:00" });
    let answer = wire
        .call("search_records", on("desk", "createdTime", instants))
        .await;
    assert!(!answer["notes"].to_string().contains("Days are read"), "{answer}");
    let mut wire = bed.client().await;
    let answer = wire
        .call("search_records", on("desk", "createdTime", json!("2026-11-19")))
        .await;
    assert!(answer["notes"].to_string().contains("time zone UTC."), "{answer}");
    let seen = bed.seen().await;
    assert_eq!(asked(&seen, "/myinfo").len(), 0, "{seen:?}");
}

#[tokio::test]
async fn a_user_zoho_does_not_describe_reads_days_in_utc_and_is_told() {
    let bed = Bed::connected().await;
    let mut wire = without_a_zone(&bed).await;
    bed.admin(json!({ "faults": [{ "kind": "403", "path": "/api/v1/myinfo" }] }))
        .await;
    let answer = wire
        .call("search_records", on("desk", "createdTime", json!("2026-11-19")))
        .await;
    assert!(answer["data"].is_array(), "{answer}");
    assert!(answer["notes"].to_string().contains("--timezone"), "{answer}");
}

#[tokio::test]
async fn the_status_says_what_now_is_and_in_which_zone_days_are_read() {
    let bed = Bed::connected().await;
    let told = bed.client().await.call("get_connection_status", json!({})).await;
    let said = json!([told["now"], told["days_are_read_in"]]);
    let now = NOW.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    assert_eq!(said, json!([format!("{now}+00:00"), "UTC"]));
    let mut wire = without_a_zone(&bed).await;
    let told = wire.call("get_connection_status", json!({})).await;
    assert_eq!(told["now"], format!("{now}Z"));
    let whose = told["days_are_read_in"].as_str().unwrap();
    assert!(whose.contains("ask_zoho:true"), "{whose}");
    assert!(asked(&bed.seen().await, "/myinfo").is_empty(), "nobody is asked");
    let told = wire
        .call("get_connection_status", json!({ "ask_zoho": true }))
        .await;
    let zones = json!({ "desk": "Europe/Amsterdam", "crm": "Asia/Kolkata" });
    assert_eq!(told["data"][0]["days_are_read_in"], zones, "{told:#}");
    let before = bed.seen().await.len();
    let told = wire.call("get_connection_status", json!({})).await;
    assert_eq!(told["data"][0]["days_are_read_in"], zones, "{told:#}");
    assert_eq!(
        bed.seen().await.len(),
        before,
        "what is known is told and asked of nobody"
    );
}

/// CRM compares a field of days as days are written: no zone matters, and none is asked for or told.
#[tokio::test]
async fn a_field_of_days_is_read_in_no_zone() {
    let bed = Bed::connected().await;
    let mut wire = without_a_zone(&bed).await;
    let days = json!({ "Closing_Date": { "from": "2026-10-01", "to": "2026-12-31" } });
    let call = json!({ "module": "Deals", "app_type": "crm", "limit": 1, "filters": days });
    let answer = wire.call("get_records", call).await;
    assert_eq!(answer["count"], 1, "{answer}");
    assert!(!answer["notes"].to_string().contains("time zone"), "{answer}");
    assert_eq!(asked(&bed.seen().await, "type=CurrentUser").len(), 0);
    let both = json!({ "Closing_Date": "2026-11-30", "Modified_Time": { "from": "2026-01-01" } });
    let call = json!({ "module": "Deals", "app_type": "crm", "limit": 1, "filters": both });
    let answer = wire.call("get_records", call).await;
    assert!(answer["notes"].to_string().contains("Asia/Kolkata"), "{answer}");
    // Which day today is depends on where it is asked.
    let today = json!({ "Closing_Date": "today" });
    let call = json!({ "module": "Deals", "app_type": "crm", "limit": 1, "filters": today });
    let answer = wire.call("get_records", call).await;
    assert!(answer["notes"].to_string().contains("Asia/Kolkata"), "{answer}");
}
