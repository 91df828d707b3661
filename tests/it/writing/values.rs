//! Values that are to be written, checked before anything is sent.

use serde_json::{Value, json};
use zoho_mcp::config::Writes;

use super::{bed, field, open_case, silent, text, writes};

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    bed.forget().await;
    let values = json!({
        "status": "Clsoed", "ticketNumber": "7", "subject": null, "wrongField": "x", "dueDate": "tomorrow",
        "assigneeId": "Samuel Okafor"
    });
    let told = wire
        .call(
            "update_record",
            json!({ "module": "Cases", "id": id, "values": values }),
        )
        .await;
    assert_eq!(told["code"], "invalid_arguments", "{told:#}");
    let problem = |name: &str| {
        let path = format!("/values/{name}");
        let all = told["problems"].as_array().unwrap();
        all.iter()
            .find(|one| one["path"] == path.as_str())
            .unwrap_or_else(|| panic!("{name}: {told:#}"))
            .clone()
    };
    assert_eq!(problem("status")["suggestion"], "`Closed`", "{told:#}");
    assert!(text(&problem("status"), "expected").contains("On Hold"));
    assert!(text(&problem("ticketNumber"), "got").contains("Zoho itself"));
    assert!(text(&problem("subject"), "expected").contains("cannot be without"));
    assert!(text(&problem("wrongField"), "got").contains("no field"));
    assert!(text(&problem("dueDate"), "expected").contains("2026-01-31T18:00:00Z"));
    // Whom a name means is offered, and not used by itself.
    assert!(text(&problem("assigneeId"), "suggestion").contains("(Samuel Okafor)"));
    assert_eq!(writes(&bed).await, Vec::<String>::new());
}

#[tokio::test]
async fn labels_and_another_notation_are_understood_and_told() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    let values = json!({ "Status": "on hold", "Due Date": "2026-12-01T10:00:00+01:00" });
    let done = wire
        .call(
            "update_record",
            json!({ "module": "Cases", "id": id, "values": values }),
        )
        .await;
    assert!(done["code"].is_null(), "{done:#}");
    let rules: Vec<&Value> = done["repairs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["rule"])
        .collect();
    assert!(
        rules.contains(&&json!("field_name")) && rules.contains(&&json!("picklist_value")),
        "{done:#}"
    );
    assert_eq!(field(&mut wire, &id, "status").await, "On Hold");
    assert_eq!(field(&mut wire, &id, "dueDate").await, "2026-12-01T09:00:00Z");
}

#[tokio::test]
async fn a_record_that_was_changed_since_it_was_read_is_not_changed() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    let seen = text(&json!({ "t": field(&mut wire, &id, "modifiedTime").await }), "t");
    bed.forget().await;
    let change = |seen: &str| json!({ "module": "Cases", "id": id, "values": { "status": "Closed" }, "if_unchanged_since": seen });
    let told = wire.call("update_record", change("2026-01-01T00:00:00Z")).await;
    assert!(text(&told, "error").contains("changed meanwhile"), "{told:#}");
    assert_eq!(
        (&told["now"]["status"], &told["planned"]["status"]),
        (&json!("Open"), &json!("Closed")),
        "{told:#}"
    );
    assert_eq!(writes(&bed).await, Vec::<String>::new());
    let done = wire.call("update_record", change(&seen)).await;
    assert!(done["code"].is_null(), "{done:#}");
}

/// A whole number is no fraction, and a point before three digits parts thousands in half of the world: neither is guessed.
#[tokio::test]
async fn numbers_keep_every_digit_and_what_is_uncertain_is_asked_back() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let leads = wire
        .call("get_records", json!({ "module": "Leads", "limit": 1 }))
        .await;
    let id = &leads["data"][0]["id"];
    for (name, value) in [
        ("No_of_Employees", json!("1.000")),
        ("No_of_Employees", json!(12.5)),
        ("No_of_Employees", json!("1e3")),
        ("No_of_Employees", json!("12 people")),
        ("Annual_Revenue", json!("1.000")),
        ("Annual_Revenue", json!("1,000")),
    ] {
        bed.forget().await;
        let change = json!({ "module": "Leads", "id": id, "values": { name: value } });
        let told = wire.call("update_record", change).await;
        assert_eq!(told["code"], "invalid_arguments", "{name} {value}: {told:#}");
        assert_eq!(writes(&bed).await, Vec::<String>::new(), "{name} {value}");
    }
    let huge: Value = serde_json::from_str("1e400").unwrap();
    let change = json!({ "module": "Leads", "id": id, "values": { "Annual_Revenue": huge } });
    assert_eq!(
        wire.call("update_record", change).await["code"],
        "invalid_arguments"
    );
    for (name, value, kept) in [
        ("No_of_Employees", json!(25.0), "25"),
        ("No_of_Employees", json!("120"), "120"),
        ("Annual_Revenue", json!("12000.50"), "12000.50"),
    ] {
        let change = json!({ "module": "Leads", "id": id, "values": { name: value } });
        let done = wire.call("update_record", change).await;
        let changes = done["data"]["changes"].to_string();
        assert!(
            changes.contains(&format!(": {kept}\"")),
            "{name} {value}: {done:#}"
        );
    }
}
