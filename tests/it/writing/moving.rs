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

/// Who was given the case since keeps it; that its assignee goes with the move is a line of what is agreed to.
#[tokio::test]
async fn a_move_is_not_taken_back_over_an_assignee_of_since() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Confirm).await;
    let asked = json!({ "module": "Cases", "limit": 20, "filters": { "status": "Open" }, "fields": ["id", "departmentId", "assigneeId"] });
    let found = wire.call("get_records", asked).await;
    let rows = found["data"].as_array().unwrap();
    let case = rows
        .iter()
        .find(|row| row["assigneeId"].is_string())
        .expect("an assigned case");
    let (id, from) = (text(case, "id"), text(case, "departmentId"));
    let other = rows
        .iter()
        .find(|row| row["departmentId"] != from.as_str() && row["assigneeId"].is_string())
        .expect("an assigned case of another department");
    let (to, chosen) = (text(other, "departmentId"), text(other, "assigneeId"));
    for (tool, call) in [
        ("update_cases", json!({ "ids": [id], "department": to })),
        (
            "update_record",
            json!({ "module": "Cases", "id": id, "values": { "departmentId": to } }),
        ),
    ] {
        let shown = wire.call(tool, call).await;
        let lines = shown["preview"]["changes"].to_string();
        let old = text(case, "assigneeId");
        assert!(
            lines.contains("\"- ") && lines.contains(&old),
            "{tool}: no line of {old}: {shown:#}"
        );
        let done = wire
            .call("confirm_write", json!({ "token": text(&shown, "token") }))
            .await;
        assert!(done["code"].is_null(), "{tool}: {done:#}");
        let mut trusted = silent(&bed, Writes::Trusted).await;
        let given = json!({ "module": "Cases", "id": id, "values": { "assigneeId": chosen } });
        let given = trusted.call("update_record", given).await;
        assert!(given["code"].is_null(), "{given:#}");
        let refused = trusted
            .call("undo_write", json!({ "id": done["write"]["id"] }))
            .await;
        assert!(
            text(&refused, "error").contains("assigneeId"),
            "{tool}: {refused:#}"
        );
        assert_eq!(field(&mut wire, &id, "assigneeId").await, chosen.as_str());
        for write in [&given["write"]["id"], &done["write"]["id"]] {
            let back = trusted.call("undo_write", json!({ "id": write })).await;
            assert!(back["code"].is_null(), "{tool}: {back:#}");
        }
        assert_eq!(field(&mut wire, &id, "assigneeId").await, old.as_str(), "{tool}");
    }
}

/// Zoho's answer to what follows the move is lost: what was done before it is told.
#[tokio::test]
async fn a_move_is_told_where_what_follows_is_lost() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = super::open_case(&mut wire).await;
    let from = text(
        &wire
            .call(
                "get_record",
                json!({ "module": "Cases", "id": id, "fields": ["departmentId"] }),
            )
            .await["data"],
        "departmentId",
    );
    let departments = wire
        .call("get_records", json!({ "module": "Departments", "limit": 5 }))
        .await;
    let departments = departments["data"].as_array().unwrap();
    let to = departments.iter().find(|row| row["id"] != from.as_str()).unwrap();
    let path = format!("/api/v1/tickets/{id}");
    // It is read, moved, and looked up before.
    bed.admin(json!({ "faults": [{ "kind": "reset", "path": path, "every": 4, "count": 1 }] }))
        .await;
    let call = json!({ "ids": [id], "department": to["id"], "priority": "Low" });
    let told = wire.call("update_cases", call).await;
    assert_eq!(told["code"], "outcome_unknown", "{told:#}");
    assert_eq!(told["done"][0]["what"], "move to the department", "{told:#}");
    assert_eq!(told["unknown"][0]["what"], "change the other fields", "{told:#}");
}
