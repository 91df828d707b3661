//! Cases that move to another department, with what they lose on the way.

use serde_json::json;
use zoho_mcp::config::Writes;

use super::{bed, field, silent, text};

#[tokio::test]
async fn cases_move_with_what_is_changed_there_and_come_back_whole() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let asked = json!({ "module": "Cases", "limit": 20, "filters": { "status": "Open" }, "fields": ["id", "departmentId", "assigneeId"] });
    let found = wire.call("get_records", asked).await;
    let rows = found["data"].as_array().unwrap();
    let case = rows
        .iter()
        .find(|row| row["assigneeId"].is_string())
        .expect("an assigned case");
    let (id, from) = (text(case, "id"), text(case, "departmentId"));
    let other = rows.iter().find(|row| row["departmentId"] != from.as_str());
    let to = text(other.expect("another department"), "departmentId");
    let done = wire
        .call(
            "update_cases",
            json!({ "ids": [id], "department": to, "priority": "Low" }),
        )
        .await;
    assert!(done["code"].is_null(), "{done:#}");
    assert_eq!(field(&mut wire, &id, "departmentId").await, to.as_str());
    assert_eq!(field(&mut wire, &id, "priority").await, "Low");
    let undone = wire
        .call("undo_write", json!({ "id": done["write"]["id"] }))
        .await;
    assert!(undone["code"].is_null(), "{undone:#}");
    assert_eq!(field(&mut wire, &id, "departmentId").await, from.as_str());
    assert_eq!(field(&mut wire, &id, "assigneeId").await, case["assigneeId"]);
    assert_ne!(field(&mut wire, &id, "priority").await, "Low");
}

/// A case that has moved and got nothing else comes back with its assignee (maintainer's 10).
#[tokio::test]
async fn a_case_that_moved_and_got_nothing_else_comes_back_whole() {
    for tool in ["update_cases", "update_record"] {
        let bed = bed().await;
        let mut wire = silent(&bed, Writes::Trusted).await;
        let asked = json!({ "module": "Cases", "limit": 20, "filters": { "status": "Open" }, "fields": ["id", "departmentId", "assigneeId", "priority"] });
        let found = wire.call("get_records", asked).await;
        let rows = found["data"].as_array().unwrap();
        let case = rows
            .iter()
            .find(|row| row["assigneeId"].is_string() && row["priority"] != "Low")
            .expect("an assigned case");
        let (id, from) = (text(case, "id"), text(case, "departmentId"));
        let other = rows.iter().find(|row| row["departmentId"] != from.as_str());
        let to = text(other.expect("another department"), "departmentId");
        let call = match tool {
            "update_cases" => json!({ "ids": [id], "department": to, "priority": "Low" }),
            _ => json!({ "module": "Cases", "id": id, "values": { "departmentId": to, "priority": "Low" } }),
        };
        let body = json!({ "errorCode": "FORBIDDEN", "message": "You are not authorized." });
        let path = format!("/api/v1/tickets/{id}");
        // It is read, moved, and looked up: the answer to a move says nothing.
        let fault = json!({ "kind": "answer", "path": path, "status": 403, "body": body, "every": 4 });
        bed.admin(json!({ "faults": [fault] })).await;
        let told = wire.call(tool, call).await;
        bed.admin(json!({ "faults": [] })).await;
        assert_eq!(told["complete"], false, "{tool}: {told:#}");
        assert_eq!(field(&mut wire, &id, "departmentId").await, to.as_str(), "{tool}");
        assert!(
            told["data"]["notes"].is_null() && told["notes"].to_string().contains("loses its assignee"),
            "{told:#}"
        );
        let undone = wire
            .call("undo_write", json!({ "id": told["write"]["id"] }))
            .await;
        assert!(undone["code"].is_null(), "{tool}: {undone:#}");
        for name in ["departmentId", "assigneeId", "priority"] {
            assert_eq!(
                field(&mut wire, &id, name).await,
                case[name],
                "{tool} {name}: {undone:#}"
            );
        }
    }
}
