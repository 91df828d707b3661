//! Exports of a Zoho that answers as it is told, page by page.

use std::path::PathBuf;

use serde_json::{Value, json};
use zoho_mcp::config::Settings;

use crate::bed::Wire;
use crate::connections_rooms::fake::{House, Scripted, json as scripted};

pub(super) const LIST: &str = "/crm/v8/Contacts";
pub(super) const SEARCH: &str = "/crm/v8/Contacts/search";

/// A house whose contacts are listed, and searched, as `page` says for each page number.
pub(super) async fn listing(page: impl Fn(usize) -> Value) -> House {
    let house = House::new().await;
    house.connect(3_000_000_000).await;
    let fields = r#"{"fields":[{"api_name":"Last_Name","field_label":"Last Name","data_type":"textarea","textarea":{"type":"rich_text"}}]}"#;
    let always = std::iter::repeat_n(scripted(200, fields), 200);
    house.fake.script("/crm/v8/settings/fields", always);
    for path in [LIST, SEARCH] {
        let pages = (0..200).map(|number| match page(number) {
            Value::Null => Scripted {
                status: 204,
                headers: Vec::new(),
                body: Vec::new(),
            },
            body => scripted(200, &body.to_string()),
        });
        house.fake.script(path, pages);
    }
    house
}

pub(super) fn directory(house: &House) -> PathBuf {
    house.directory.path().join("files")
}

pub(super) async fn wire(house: &House) -> Wire {
    wire_to(house, directory(house)).await
}

/// A server on the house's database and its fake Zoho that writes its files elsewhere.
pub(super) async fn wire_to(house: &House, files: PathBuf) -> Wire {
    house
        .serve(Settings {
            toolsets: Some(vec!["export".to_owned()]),
            files: Some(files),
            ..house.settings()
        })
        .await
}

pub(super) fn contacts() -> Value {
    json!({ "module": "Contacts", "app_type": "crm", "fields": ["Last_Name"] })
}

pub(super) fn rows(ids: std::ops::Range<usize>) -> Value {
    ids.map(
        |id| json!({ "id": format!("{id}"), "Last_Name": "X", "Created_Time": "2026-01-01T00:00:00+00:00" }),
    )
    .collect()
}

/// A page before others.
pub(super) fn page(rows: Value, token: &str) -> Value {
    json!({ "data": rows, "info": { "more_records": true, "next_page_token": token } })
}

/// The last page.
pub(super) fn last(rows: Value) -> Value {
    json!({ "data": rows, "info": { "more_records": false } })
}
