//! The link of a table leads where those of its rows lead, and a link that Zoho gives is understood.

use serde_json::{Value, json};

use crate::bed::Bed;

/// Desk writes a `webUrl` of its own into rows: `#Activities/Tasks/dv/{id}`, `#Solutions/dv/{id}`.
#[tokio::test]
async fn tables_lead_where_objects_lead() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for module in [
        "Cases", "Contacts", "Accounts", "Tasks", "Calls", "Events", "Articles",
    ] {
        let call = |format: &str| json!({ "module": module, "limit": 3, "format": format });
        let objects = wire.call("get_records", call("objects")).await;
        let table = wire.call("get_records", call("table")).await;
        let link = table["data"]["link"]
            .as_str()
            .unwrap_or_else(|| panic!("{table:#}"));
        let rows = objects["data"].as_array().unwrap();
        assert!(!rows.is_empty(), "{objects:#}");
        for row in rows {
            let id = row["id"].as_str().unwrap();
            assert_eq!(row["link"], link.replace("{id}", id), "{module}");
        }
    }
    // These lead to three places.
    let call = json!({ "module": "Activities", "limit": 50, "format": "table" });
    let table = wire.call("get_records", call).await;
    assert!(table["data"]["rows"].is_array(), "{table:#}");
    assert_eq!(table["data"]["link"], Value::Null, "{table:#}");
}

#[tokio::test]
async fn a_link_of_a_task_or_an_article_names_it() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for module in ["Tasks", "Calls", "Events", "Articles"] {
        let rows = wire
            .call("get_records", json!({ "module": module, "limit": 1 }))
            .await;
        let (id, link) = (&rows["data"][0]["id"], &rows["data"][0]["link"]);
        let one = wire
            .call("get_record", json!({ "module": module, "id": link }))
            .await;
        assert_eq!(one["data"]["id"], *id, "{link}: {one:#}");
        assert_eq!(one["data"]["link"], *link, "{one:#}");
    }
}

/// Rows whose own links are of one form lead there, and elsewhere none does.
#[tokio::test]
async fn the_tasks_of_a_case_lead_to_tasks() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let tasks = wire
        .call(
            "get_records",
            json!({ "module": "Tasks", "limit": 50, "fields": ["ticketId"] }),
        )
        .await;
    let mut rows = tasks["data"].as_array().unwrap().iter();
    let case = rows
        .find_map(|task| task["ticketId"].as_str())
        .expect("a task of a case");
    let call = json!({ "module": "Cases", "id": case, "related": "tasks", "format": "table" });
    let table = wire.call("get_related_records", call).await;
    let link = table["data"]["link"]
        .as_str()
        .unwrap_or_else(|| panic!("{table:#}"));
    assert!(link.ends_with("#Activities/Tasks/dv/{id}"), "{link}");
}
