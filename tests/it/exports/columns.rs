//! The columns of a file: those that were asked for, and names where Zoho tells them.

use serde_json::{Value, json};

use super::{bed, tools};
use crate::bed::Wire;

fn heads(body: &Value) -> Vec<String> {
    let path = body["data"]["path"]
        .as_str()
        .unwrap_or_else(|| panic!("{body:#}"));
    let mut file = csv::Reader::from_path(path).unwrap();
    file.headers().unwrap().iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_column_of_names_that_nobody_tells_is_told() {
    let bed = bed(60).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    for (module, name) in [
        ("Contacts", "account"),
        ("Calls", "contact"),
        ("Events", "contact"),
    ] {
        let body = wire
            .call("export_records", json!({ "module": module, "format": "csv" }))
            .await;
        let heads = heads(&body);
        assert!(heads.contains(&format!("{name}Id")), "{heads:?}");
        assert!(heads.contains(&name.to_owned()), "{module}: {heads:?}");
        let told = body["notes"].to_string();
        assert!(told.contains("Without ") && told.contains(name), "{body:#}");
        assert_eq!(body["complete"], true, "{body:#}");
    }
    let body = wire
        .call("export_records", json!({ "module": "Cases", "format": "csv" }))
        .await;
    assert!(!body["notes"].to_string().contains("Without"), "{body:#}");
}

/// `complete` is of records; a column that no search has is told.
#[tokio::test]
async fn a_file_with_all_records_is_complete() {
    let bed = bed(20).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let call = json!({ "module": "Cases", "fields": ["subject", "lastThread"] });
    let body = wire.call("export_records", call).await;
    assert_eq!(body["complete"], true, "{body:#}");
    assert!(
        body["notes"].to_string().contains("No row shows lastThread"),
        "{body:#}"
    );
}

/// What is read to go on by or to filter by is no column that anybody asked for.
#[tokio::test]
async fn fields_that_were_not_asked_for_are_not_in_the_file() {
    let bed = bed(20).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let since = json!({ "from": "2020-01-01" });
    for filters in [
        json!({}),
        json!({ "createdTime": since }),
        json!({ "closedTime": since }),
    ] {
        let call = json!({ "module": "Cases", "fields": ["subject"], "filters": filters });
        let body = wire.call("export_records", call).await;
        let text = std::fs::read_to_string(body["data"]["path"].as_str().unwrap()).unwrap();
        let row: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        let keys: Vec<&String> = row.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["id", "subject", "link"], "{filters}");
    }
}

/// Searches by time include nobody: agents, teams and departments are asked for.
#[tokio::test]
async fn people_teams_and_departments_are_named() {
    let bed = bed(400).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let call =
        json!({ "module": "Cases", "format": "csv", "fields": ["assigneeId", "teamId", "departmentId"] });
    let body = wire.call("export_records", call).await;
    let path = body["data"]["path"].as_str().unwrap();
    let mut file = csv::Reader::from_path(path).unwrap();
    let heads = file.headers().unwrap().clone();
    let place = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let rows: Vec<csv::StringRecord> = file.records().map(Result::unwrap).collect();
    for (id, name) in [
        ("assigneeId", "assignee"),
        ("teamId", "team"),
        ("departmentId", "department"),
    ] {
        let (id, name) = (place(id), place(name));
        assert!(rows.iter().any(|row| !row[name].is_empty()), "{heads:?}");
        assert!(
            rows.iter().all(|row| row[id].is_empty() == row[name].is_empty()),
            "{heads:?}"
        );
    }
    assert!(!body["notes"].to_string().contains("ithout"), "{body:#}");
}
