//! A Zoho that never comes to an end: the export does, and says so.

use crate::bed::Wire;
use crate::connections_rooms::fake::{House, json as scripted};
use serde_json::{Value, json};
use zoho_mcp::cli::assemble;
use zoho_mcp::config::{Config, Settings};

/// Exports contacts of CRM, listed as `page` says for each page number, and counts how many pages were asked for.
async fn exported(page: impl Fn(usize) -> Value) -> (Value, usize) {
    let house = House::new().await;
    house.connect(3_000_000_000).await;
    let pages = (0..200).map(|number| scripted(200, &page(number).to_string()));
    house.fake.script("/crm/v8/Contacts", pages);
    let searched = (0..200).map(|number| scripted(200, &page(number).to_string()));
    house.fake.script("/crm/v8/Contacts/search", searched);
    let config = Config::load(Settings {
        user: Some("ada".to_owned()),
        database_url: Some(format!("sqlite:{}", house.database().display()).into()),
        keyring: Some(false),
        sandbox_url: Some(house.fake.url.clone()),
        timezone: Some("UTC".to_owned()),
        toolsets: Some(vec!["export".to_owned()]),
        files: Some(house.directory.path().join("files")),
        ..Settings::default()
    })
    .unwrap();
    let mut wire = Wire::serving(assemble::calling(&config, &house.clock).await.unwrap()).await;
    let arguments = json!({ "module": "Contacts", "app_type": "crm", "fields": ["Last_Name"] });
    let body = wire.call("export_records", arguments).await;
    let asked = ["/crm/v8/Contacts", "/crm/v8/Contacts/search"].map(|path| house.fake.count(path));
    (body, asked.iter().sum())
}

fn rows(ids: std::ops::Range<usize>) -> Value {
    ids.map(
        |id| json!({ "id": format!("{id}"), "Last_Name": "X", "Created_Time": "2026-01-01T00:00:00+00:00" }),
    )
    .collect()
}

fn page(rows: Value, token: &str) -> Value {
    json!({ "data": rows, "info": { "more_records": true, "next_page_token": token } })
}

#[track_caller]
fn ended(body: &Value, rows: usize) {
    assert_eq!(body["complete"], false, "{body}");
    assert_eq!(body["data"]["records"], rows, "{body}");
    assert!(body["notes"].to_string().contains("again"), "{body}");
}

#[tokio::test]
async fn the_same_page_again_and_again_ends_it() {
    let (body, asked) = exported(|_| page(rows(1..11), "SAME")).await;
    ended(&body, 10);
    assert!(asked < 20, "{asked} pages");
}

#[tokio::test]
async fn pages_without_a_new_row_end_it() {
    let (body, asked) = exported(|number| page(rows(1..11), &format!("T{number}"))).await;
    ended(&body, 10);
    assert!(asked < 20, "{asked} pages");
    let (body, asked) = exported(|number| page(json!([]), &format!("T{number}"))).await;
    ended(&body, 0);
    assert!(asked < 20, "{asked} pages");
}

#[tokio::test]
async fn two_pages_in_turn_end_it() {
    let turn = |number: usize| 1 + 10 * (number % 2);
    let (body, asked) = exported(|number| {
        let first = turn(number);
        page(rows(first..first + 10), &format!("T{}", number % 2))
    })
    .await;
    ended(&body, 20);
    assert!(asked < 30, "{asked} pages");
}

#[tokio::test]
async fn an_empty_page_among_others_does_not() {
    let (body, _) = exported(|number| match number {
        1 => page(json!([]), "B"),
        4 => json!({ "data": rows(41..46), "info": { "more_records": false } }),
        number => page(rows(1 + number * 10..11 + number * 10), &format!("T{number}")),
    })
    .await;
    assert_eq!(
        (&body["complete"], &body["data"]["records"]),
        (&json!(true), &json!(35)),
        "{body}"
    );
}

#[tokio::test]
async fn nothing_where_there_was_to_be_more_is_not_the_end() {
    let bare = |rows: Value| json!({ "data": rows, "info": { "more_records": false } });
    for nothing in [
        json!({}),
        json!({ "info": { "more_records": false } }),
        bare(json!([])),
    ] {
        let pages = |number: usize| match number {
            0 => page(rows(1..11), "first"),
            _ => nothing.clone(),
        };
        let (body, _) = exported(pages).await;
        assert_eq!(body["data"]["records"], 10, "{body}");
        assert_eq!(body["complete"], false, "{nothing}: {body}");
        assert!(body["notes"].to_string().contains("may be missing"), "{body}");
    }
    let (whole, _) = exported(|number| match number {
        0 => page(rows(1..11), "first"),
        _ => bare(rows(11..14)),
    })
    .await;
    assert_eq!(whole["complete"], true, "{whole}");
}
