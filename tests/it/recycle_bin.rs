//! What was deleted: CRM OAS of 2026, getDeletedRecords: `GET /{module}/deleted?type=recycle`, of rows that say little.

use serde_json::{Value, json};

use crate::bed::{Bed, Wire, ids};
use crate::crm_client::Crm;
use crate::exports;

const TRASH: &str = r#"{ "Record_Status__s": "Trash" }"#;

fn trash(more: Value) -> Value {
    let mut arguments = json!({ "module": "Leads", "app_type": "crm" });
    arguments["filters"] = serde_json::from_str(TRASH).unwrap();
    arguments
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    arguments
}

async fn delete(bed: &Bed, wire: &mut Wire, rows: usize) -> Vec<String> {
    let leads = wire
        .call("get_records", json!({ "module": "Leads", "limit": rows }))
        .await;
    let leads = ids(&leads);
    let crm = Crm::of(bed).await;
    crm.delete("Leads", &leads).await;
    leads
}

#[tokio::test]
async fn what_was_deleted_is_listed_counted_and_exported() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(exports::tools(&bed).await).await;
    let none = wire.call("get_records", trash(json!({}))).await;
    assert_eq!(none["count"], 0, "{none:#}");
    let mut deleted = delete(&bed, &mut wire, 7).await;
    deleted.sort();
    for tool in ["get_records", "search_records"] {
        let answer = wire.call(tool, trash(json!({}))).await;
        let mut got = ids(&answer);
        got.sort();
        assert_eq!(got, deleted, "{tool}: {answer:#}");
        for row in answer["data"].as_array().unwrap() {
            assert!(
                row["display_name"].is_string() && row["deleted_time"].is_string(),
                "{row:#}"
            );
            assert!(row["deleted_by"]["name"].is_string(), "{row:#}");
            assert_eq!(row["link"], Value::Null, "{row:#}");
        }
    }
    let mut paged = Vec::new();
    let mut call = trash(json!({ "limit": 3 }));
    loop {
        let page = wire.call("get_records", call.clone()).await;
        paged.extend(ids(&page));
        match page["next_cursor"].as_str() {
            Some(next) => call["cursor"] = json!(next),
            None => break,
        }
    }
    paged.sort();
    assert_eq!(paged, deleted);
    let counted = wire.call("count_records", trash(json!({}))).await;
    assert_eq!(counted["count"], deleted.len(), "{counted:#}");
    let exported = wire.call("export_records", trash(json!({}))).await;
    assert_eq!(exported["data"]["records"], deleted.len(), "{exported:#}");
    assert_eq!(exported["complete"], true, "{exported:#}");
    let path = exported["data"]["path"].as_str().unwrap();
    let rows = std::fs::read_to_string(path).unwrap();
    assert!(rows.lines().all(|row| row.contains("deleted_time")), "{rows}");
}

#[tokio::test]
async fn nothing_stands_beside_the_recycle_bin() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for more in [
        json!({ "view": "All Leads" }),
        json!({ "query": "anna" }),
        json!({ "sort_by": "Created_Time" }),
        json!({ "filters": { "Record_Status__s": "Trash", "Company": "x" } }),
        json!({ "filters": { "Record_Status__s": ["Trash", "Available"] } }),
    ] {
        let tool = if more["query"].is_string() {
            "search_records"
        } else {
            "get_records"
        };
        let refused = wire.call(tool, trash(more.clone())).await;
        assert_eq!(refused["code"], "invalid_arguments", "{more}: {refused:#}");
        assert!(
            refused["next"].to_string().contains("alone"),
            "{more}: {refused:#}"
        );
    }
}

/// Whoever asks for a record that was deleted is told where it is.
#[tokio::test]
async fn a_deleted_record_is_not_found_and_the_way_is_told() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let deleted = delete(&bed, &mut wire, 1).await;
    let gone = json!({ "module": "Leads", "id": deleted[0] });
    let gone = wire.call("get_record", gone).await;
    assert_eq!(gone["code"], "not_found", "{gone:#}");
    assert!(
        gone["next"]
            .as_str()
            .unwrap()
            .contains(r#""Record_Status__s":"Trash""#),
        "{gone:#}"
    );
}
