//! Acts that are taken back: once, by whoever made them, and not where somebody changed the same since.

use serde_json::json;
use zoho_mcp::cli::assemble;
use zoho_mcp::config::Writes;
use zoho_mcp::server::Server;

use super::{bed, config, field, open_case, silent, text, writes};
use crate::bed::Wire;

#[tokio::test]
async fn fields_get_back_what_they_held() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    let change = json!({ "module": "Cases", "id": id, "values": { "status": "Closed", "priority": "Low" } });
    let done = wire.call("update_record", change).await;
    let act = text(&done["write"], "id");
    let undone = wire.call("undo_write", json!({ "id": act })).await;
    assert_eq!(undone["data"]["done"], "put the fields back", "{undone:#}");
    let changes = undone["data"]["changes"].to_string();
    assert!(
        changes.contains("- Status: Closed") && changes.contains("+ Status: Open"),
        "{undone:#}"
    );
    assert_eq!(field(&mut wire, &id, "status").await, "Open");
    assert_eq!(field(&mut wire, &id, "priority").await, "High");
    // Once; and what took it back is taken back in turn.
    bed.sql("UPDATE writes SET created_at = created_at - 601").await;
    bed.forget().await;
    let again = wire.call("undo_write", json!({ "id": act })).await;
    assert!(text(&again, "error").contains("undone"), "{again:#}");
    assert_eq!(writes(&bed).await, Vec::<String>::new());
    let redone = wire
        .call("undo_write", json!({ "id": undone["write"]["id"] }))
        .await;
    assert!(redone["code"].is_null(), "{redone:#}");
    assert_eq!(field(&mut wire, &id, "status").await, "Closed");
}

#[tokio::test]
async fn what_somebody_changed_since_is_not_lost() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    let done = wire
        .call(
            "update_record",
            json!({ "module": "Cases", "id": id, "values": { "priority": "Low" } }),
        )
        .await;
    let act = text(&done["write"], "id");
    wire.call(
        "update_record",
        json!({ "module": "Cases", "id": id, "values": { "priority": "Medium" } }),
    )
    .await;
    bed.forget().await;
    let told = wire.call("undo_write", json!({ "id": act })).await;
    assert!(
        text(&told, "error").contains("changed since (priority)"),
        "{told:#}"
    );
    assert_eq!(writes(&bed).await, Vec::<String>::new());
    assert_eq!(field(&mut wire, &id, "priority").await, "Medium");
}

#[tokio::test]
async fn a_comment_is_deleted_again() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    let done = wire
        .call("add_comment", json!({ "id": id, "content": "Wrong case." }))
        .await;
    let undone = wire
        .call("undo_write", json!({ "id": done["write"]["id"] }))
        .await;
    assert_eq!(undone["data"]["done"], "delete the comment", "{undone:#}");
    assert_eq!(undone["write"]["undo_write"], false, "{undone:#}");
    let related = json!({ "module": "Cases", "id": id, "related": "comments", "limit": 99 });
    let comments = wire.call("get_related_records", related).await;
    assert!(!comments.to_string().contains("Wrong case."), "{comments:#}");
}

#[tokio::test]
async fn what_others_did_is_not_taken_back() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    let done = wire
        .call("add_comment", json!({ "id": id, "content": "Wrong case." }))
        .await;
    bed.sql("UPDATE writes SET user_id = 'berta'").await;
    let told = wire
        .call("undo_write", json!({ "id": done["write"]["id"] }))
        .await;
    assert_eq!(told["code"], "invalid_arguments", "{told:#}");
}

/// A record of CRM gets its fields back, too; and one that somebody changed in the very moment is refused by CRM itself.
#[tokio::test]
async fn records_of_crm_are_changed_and_put_back() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let leads = wire
        .call(
            "get_records",
            json!({ "module": "Leads", "app_type": "crm", "limit": 1 }),
        )
        .await;
    let id = text(&leads["data"][0], "id");
    let before = leads["data"][0]["Phone"].clone();
    let change =
        json!({ "module": "Leads", "app_type": "crm", "id": id, "values": { "Phone": "+49 30 555 0100" } });
    bed.forget().await;
    let done = wire.call("update_record", change).await;
    assert!(done["code"].is_null(), "{done:#}");
    assert_eq!(writes(&bed).await.len(), 1);
    let read = json!({ "module": "Leads", "app_type": "crm", "id": id, "fields": ["Phone"] });
    assert_eq!(
        wire.call("get_record", read.clone()).await["data"]["Phone"],
        "+49 30 555 0100"
    );
    let undone = wire
        .call("undo_write", json!({ "id": done["write"]["id"] }))
        .await;
    assert!(undone["code"].is_null(), "{undone:#}");
    assert_eq!(wire.call("get_record", read).await["data"]["Phone"], before);
}

/// What was there before a change is a customer's words: it is kept as long as the operator says, whether anybody is asked or
/// not.
#[tokio::test]
async fn what_was_there_before_is_kept_as_long_as_the_operator_says() {
    let bed = bed().await;
    let mut config = config(&bed, Writes::Trusted);
    config.said.undo_hours = Some(2);
    let server = Server::new(assemble::calling(&config, &bed.clock).unwrap().tools);
    let mut wire = Wire::to(server);
    wire.shake_hands(json!({})).await;
    let (id, _) = open_case(&mut wire).await;
    let low = json!({ "module": "Cases", "id": id, "values": { "priority": "Low" } });
    let act = text(&wire.call("update_record", low).await["write"], "id");
    let comment = |words: &str| json!({ "id": id, "content": words });
    bed.sql("UPDATE writes SET created_at = NOW - 7100").await;
    wire.call("add_comment", comment("Asked the second level.")).await;
    let sealed = "UPDATE writes SET tool = tool WHERE sealed <> ''";
    assert_eq!(bed.sql(sealed).await, 2, "within two hours");
    bed.sql("UPDATE writes SET created_at = created_at - 200 WHERE tool = 'update_record'")
        .await;
    wire.call("add_comment", comment("They have answered.")).await;
    assert_eq!(bed.sql(sealed).await, 2, "the two comments");
    let told = wire.call("undo_write", json!({ "id": act })).await;
    assert!(text(&told, "error").contains("kept no longer"), "{told:#}");
}

/// What was made is taken back as it was made: not with what others have done to it since.
#[tokio::test]
async fn a_new_record_that_somebody_changed_is_not_taken_back() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let values = json!({ "Last_Name": "Lantern", "Company": "Lumen & Pine" });
    let made = wire
        .call("create_record", json!({ "module": "Leads", "values": values }))
        .await;
    let (id, act) = (text(&made["data"], "id"), text(&made["write"], "id"));
    bed.tell("clock", json!({ "advance_s": 60 })).await;
    let change = json!({ "module": "Leads", "id": id, "values": { "Phone": "+49 30 1234567" } });
    assert!(wire.call("update_record", change).await["code"].is_null());
    bed.forget().await;
    let told = wire.call("undo_write", json!({ "id": act })).await;
    assert!(text(&told, "error").contains("changed since"), "{told:#}");
    assert_eq!(writes(&bed).await, Vec::<String>::new());
}

/// The answer to a deletion is lost: whether the comment is gone can be read.
#[tokio::test]
async fn a_lost_answer_to_taking_back_is_looked_up() {
    let bed = bed().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    let comment = json!({ "id": id, "content": "Asked the second level." });
    let made = wire.call("add_comment", comment).await;
    let act = text(&made["write"], "id");
    let path = format!("/api/v1/tickets/{id}/comments/{}", text(&made["data"], "id"));
    // The comment is read before it is deleted.
    bed.admin(json!({ "faults": [{ "kind": "midreset", "path": path, "every": 2, "count": 1 }] }))
        .await;
    let undone = wire.call("undo_write", json!({ "id": act })).await;
    assert!(undone["notes"].to_string().contains("it is there"), "{undone:#}");
}
