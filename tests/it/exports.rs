//! Files: exports that are complete whatever Zoho's ceiling, exports that go on after a break, attachments.

mod archived;
mod broken;
mod cells;
mod columns;
mod crm;
mod endless;
mod gaps;
mod honest;
mod kept;
mod refused;
mod scripted;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use zoho_mcp::cli::assemble;
use zoho_mcp::sandbox::Options;
use zoho_mcp::tools::Tools;

use crate::bed::{Bed, NOW, USER, Wire, model_reads};
use crate::desk_client::Desk;

/// One in 71 cases is spam, which no export holds.
async fn bed(tickets: u64) -> Bed {
    let bed = Bed::empty(Options {
        tickets,
        ..Options::default()
    })
    .await;
    bed.connect(USER).await;
    bed
}

pub(crate) async fn tools(bed: &Bed) -> Arc<Tools> {
    let mut config = bed.config(USER);
    config.said.files = Some(bed.home.path().join("files"));
    assemble::calling(&config, &bed.clock).unwrap().tools
}

pub(crate) fn ids(path: &str) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let id = |line: &str| {
        serde_json::from_str::<Value>(line).unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    text.lines().map(id).collect()
}

pub(crate) fn left_over(path: &Path) -> Vec<String> {
    let names = std::fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names
        .filter(|name| !name.ends_with("json") && !name.ends_with("csv"))
        .collect()
}

#[tokio::test]
async fn an_export_holds_every_row_once_beyond_zohos_ceiling() {
    let bed = bed(5_477).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let answer = wire
        .call_text(
            "export_records",
            r#"{"module":"Cases","fields":["ticketNumber","subject"]}"#,
        )
        .await;
    let body = model_reads(&answer);
    assert_eq!(
        (&body["data"]["records"], &body["complete"]),
        (&json!(5_400), &json!(true)),
        "{body}"
    );
    let path = body["data"]["path"].as_str().unwrap();
    let ids = ids(path);
    assert_eq!(ids.len(), 5_400);
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 5_400);
    // Clients of the protocol before 2025-06-18 refuse a whole answer for one block of a type they do not know.
    let blocks = answer["result"]["content"].as_array().unwrap();
    assert_eq!(
        (blocks.len(), &blocks[0]["type"]),
        (1, &json!("text")),
        "{answer}"
    );
    let told: Vec<&str> = wire
        .notifications
        .iter()
        .filter_map(|one| one["params"]["message"].as_str())
        .collect();
    assert!(
        told.len() > 50 && told.iter().any(|line| line.contains("5400 records")),
        "{told:?}"
    );
    assert_eq!(left_over(&bed.home.path().join("files")), Vec::<String>::new());
}

#[tokio::test]
async fn an_export_that_broke_off_goes_on_where_it_was() {
    let bed = bed(608).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let arguments =
        json!({ "module": "Cases", "format": "csv", "fields": ["ticketNumber", "subject", "status"] });
    bed.admin(json!({ "faults": [{ "kind": "403", "path": "/api/v1/tickets", "every": 4 }] }))
        .await;
    let broken = wire.call("export_records", arguments.clone()).await;
    assert_eq!(broken["code"], "rejected", "{broken}");
    bed.admin(json!({ "faults": [] })).await;
    bed.forget().await;
    let body = wire.call("export_records", arguments).await;
    assert_eq!(
        (&body["data"]["records"], &body["complete"]),
        (&json!(600), &json!(true)),
        "{body}"
    );
    let seen = bed.seen().await;
    let calls = seen.iter().filter(|line| line.contains("/search")).count();
    assert!(calls < 6, "the export began anew: {calls} calls");
    let text = std::fs::read_to_string(body["data"]["path"].as_str().unwrap()).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("id,ticketNumber,subject,status,link"));
    let ids: HashSet<&str> = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next())
        .collect();
    let rows = text
        .lines()
        .skip(1)
        .filter(|line| line.starts_with("4897"))
        .count();
    assert_eq!(
        (rows, ids.iter().filter(|id| id.starts_with("4897")).count()),
        (600, 600)
    );
}

#[tokio::test]
async fn without_a_directory_nothing_is_written() {
    let bed = bed(10).await;
    let export = [
        "--toolsets",
        "export",
        "call",
        "export_records",
        r#"{"module":"Cases"}"#,
    ];
    let ran = bed.run(&export);
    assert!(!ran.ok, "{ran:?}");
    let answer = ran.json();
    assert!(
        answer["error"].as_str().unwrap().contains("--files DIRECTORY"),
        "{answer}"
    );
}

#[tokio::test]
async fn an_attachment_comes_as_content_or_as_a_file() {
    let bed = bed(500).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let case = json!({ "ticket_number": "600" });
    let context = wire.call("get_ticket_context", case).await;
    let (id, file) = (&context["data"]["case"]["id"], &context["data"]["attachments"][0]);
    let arguments = json!({ "module": "Cases", "id": id, "attachment_id": file["id"] });
    let answer = wire.call_text("get_attachment", &arguments.to_string()).await;
    let body = model_reads(&answer);
    assert_eq!(body["data"]["name"], file["name"], "{body}");
    let size = body["data"]["bytes"].as_u64().unwrap();
    let text = body["data"]["text"].as_str().unwrap();
    assert_eq!(text.trim_matches(['〔', '〕']).len() as u64, size, "{body}");
    let saved = json!({ "module": "Cases", "id": id, "attachment_id": file["id"], "save": true });
    let body = wire.call("get_attachment", saved).await;
    let path = Path::new(body["data"]["path"].as_str().unwrap());
    assert!(path.starts_with(bed.home.path().join("files")), "{body}");
    assert_eq!(
        std::fs::metadata(path).unwrap().len(),
        body["data"]["bytes"].as_u64().unwrap()
    );
    bed.admin(json!({ "faults": [{ "kind": "redirect", "path": "/api/v1/tickets/" }] }))
        .await;
    let answer = wire.call("get_attachment", arguments).await;
    assert_eq!(answer["code"], "rejected", "{answer}");
    assert_eq!(answer["retryable"], false, "{answer}");
}

#[tokio::test]
async fn an_export_of_what_is_late_says_when_it_was_late() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let mut late = json!({ "module": "Cases", "filters": { "isOverDue": true } });
    let body = wire.call("export_records", late.clone()).await;
    assert_eq!(body["as_of"], NOW.to_string(), "{body:#}");
    late["filters"] = json!({ "status": "Open" });
    let body = wire.call("export_records", late).await;
    assert!(
        body["complete"] == true && body.get("as_of").is_none(),
        "{body:#}"
    );
}

/// A fence around a path, or a word less of it, and nobody opens the file.
#[tokio::test]
async fn a_path_of_ours_is_the_path_whatever_a_customer_called_the_file() {
    let bed = bed(20).await;
    let desk = Desk::of(&bed).await;
    let id = desk.create("Scan", "Attached").await;
    let name = format!("{} 〔x〕.txt", "a long name ".repeat(12));
    desk.attach(&id, &name, b"words").await;
    let file = desk.get(&format!("/tickets/{id}/attachments")).await["data"][0]["id"].clone();
    let mut wire = Wire::start(tools(&bed).await).await;
    let arguments = json!({ "module": "Cases", "id": id, "attachment_id": file, "save": true });
    let answer = wire.call("get_attachment", arguments).await;
    let path = answer["data"]["path"]
        .as_str()
        .unwrap_or_else(|| panic!("{answer:#}"));
    assert_eq!(std::fs::read(path).unwrap(), b"words", "{answer:#}");
    assert!(
        path.len() > 100 && path.ends_with(".txt") && answer["untrusted"].to_string().contains("name"),
        "{answer:#}"
    );
}

/// TicketListItem has closedTime and onholdTime: null in every row is no gap.
#[tokio::test]
async fn a_column_that_is_empty_in_all_leaves_an_export_complete() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let call = json!({
        "module": "Cases", "filters": { "statusType": "Open" }, "fields": ["ticketNumber", "closedTime", "onholdTime"],
    });
    let exported = wire.call("export_records", call).await;
    assert_eq!(exported["complete"], true, "{exported:#}");
    let told = "None of them shows closedTime, onholdTime: empty in all, or not shown";
    assert!(exported["notes"].to_string().contains(told), "{exported:#}");
}
