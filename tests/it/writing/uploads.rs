//! Files of this machine on records: those below one directory alone, as they were when somebody agreed.

use serde_json::{Value, json};
use zoho_mcp::cli::assemble;
use zoho_mcp::cli::sandbox_consent::connect_to_sandbox;
use zoho_mcp::config::Writes;
use zoho_mcp::sandbox::Options;
use zoho_mcp::server::Server;

use super::{asked, choose, config, ended, open_case, reply, text, writes};
use crate::bed::{Bed, USER, Wire};

/// A bed whose connection may upload, too.
async fn bed() -> Bed {
    let bed = Bed::empty(Options::default()).await;
    let mut config = config(&bed, Writes::Confirm);
    config.said.files = Some(bed.database().with_file_name("files"));
    connect_to_sandbox(&config, &bed.clock, &bed.sandbox.url, USER, None)
        .await
        .unwrap();
    choose(&bed).await;
    bed
}

/// A client of a server that may take files out of a directory, and the directory.
async fn client(bed: &Bed, policy: Writes, capabilities: Value) -> (Wire, std::path::PathBuf) {
    let directory = bed.database().with_file_name("files");
    std::fs::create_dir_all(&directory).unwrap();
    let mut config = config(bed, policy);
    config.said.files = Some(directory.clone());
    let tools = assemble::calling(&config, &bed.clock).unwrap().tools;
    let mut wire = Wire::to(Server::new(tools));
    wire.shake_hands(capabilities).await;
    (wire, directory)
}

async fn files(wire: &mut Wire, module: &str, id: &str, list: &str) -> Value {
    let asked = json!({ "module": module, "id": id, "related": list, "limit": 50 });
    wire.call("get_related_records", asked).await["data"].clone()
}

/// The bytes arrive as they are, whatever is in them, and the file is gone when the act is taken back.
#[tokio::test]
async fn a_file_arrives_as_it_is_and_is_taken_back() {
    let bed = bed().await;
    let (mut wire, directory) = client(&bed, Writes::Trusted, json!({})).await;
    let content = "--zoho-mcp-file-0\r\nno form of its own\r\n--zoho-mcp-file-0--\r\nüñ";
    std::fs::write(directory.join("ein \"Bild\".txt"), content).unwrap();
    let (case, _) = open_case(&mut wire).await;
    let lead = wire
        .call("get_records", json!({ "module": "Leads", "limit": 1 }))
        .await;
    let lead = text(&lead["data"][0], "id");
    for (module, id, list) in [("Cases", case, "attachments"), ("Leads", lead, "Attachments")] {
        let put = json!({ "module": module, "id": id, "file": "ein \"Bild\".txt" });
        let done = wire.call("add_attachment", put).await;
        let attachment = text(&done["data"], "id");
        let got = json!({ "module": module, "id": id, "attachment_id": attachment });
        let got = wire.call("get_attachment", got).await;
        assert!(got.to_string().contains("no form of its own"), "{got:#}");
        assert_eq!(got["data"]["bytes"], content.len(), "{got:#}");
        let undone = wire
            .call("undo_write", json!({ "id": done["write"]["id"] }))
            .await;
        assert_eq!(undone["data"]["done"], "delete the attachment", "{undone:#}");
        let left = files(&mut wire, module, &id, list).await;
        assert!(!left.to_string().contains(&attachment), "{left:#}");
    }
}

/// Nothing elsewhere is taken, on no way that leads there.
#[cfg(unix)]
#[tokio::test]
async fn no_file_elsewhere_is_taken() {
    let bed = bed().await;
    let (mut wire, directory) = client(&bed, Writes::Trusted, json!({})).await;
    let secret = directory.with_file_name("secret.txt");
    std::fs::write(&secret, "a secret").unwrap();
    std::os::unix::fs::symlink(&secret, directory.join("link.txt")).unwrap();
    std::fs::create_dir(directory.join("folder")).unwrap();
    let (id, _) = open_case(&mut wire).await;
    bed.forget().await;
    let ways = [
        "../secret.txt",
        secret.to_str().unwrap(),
        "link.txt",
        "folder/../../secret.txt",
        "folder",
        "/etc/passwd",
    ];
    for way in ways {
        let told = wire
            .call(
                "add_attachment",
                json!({ "module": "Cases", "id": id, "file": way }),
            )
            .await;
        assert_eq!(told["code"], "invalid_arguments", "{way}: {told:#}");
    }
    assert_eq!(writes(&bed).await, Vec::<String>::new());
    let inside = directory.join("inside.txt");
    std::fs::write(&inside, "no secret").unwrap();
    let told = wire
        .call(
            "add_attachment",
            json!({ "module": "Cases", "id": id, "file": inside }),
        )
        .await;
    assert!(told["code"].is_null(), "a path that a save has told: {told:#}");
}

/// What was agreed to is the file as it was shown.
#[tokio::test]
async fn another_file_of_the_name_is_not_agreed_to() {
    let bed = bed().await;
    let (mut wire, directory) = client(&bed, Writes::Confirm, json!({})).await;
    let (id, _) = open_case(&mut wire).await;
    std::fs::write(directory.join("offer.txt"), "as agreed").unwrap();
    let put = json!({ "module": "Cases", "id": id, "file": "offer.txt" });
    let shown = wire.call("add_attachment", put.clone()).await;
    assert_eq!(
        shown["preview"]["changes"],
        json!(["+ file: offer.txt (9 bytes)"]),
        "{shown:#}"
    );
    std::fs::write(directory.join("offer.txt"), "otherwise").unwrap();
    bed.forget().await;
    let told = wire
        .call("confirm_write", json!({ "token": shown["token"] }))
        .await;
    assert!(text(&told, "error").contains("changed meanwhile"), "{told:#}");
    assert_eq!(writes(&bed).await, Vec::<String>::new());
    let (mut wire, _) = client(&bed, Writes::Confirm, json!({ "elicitation": {} })).await;
    let question = asked(&mut wire, 7, "add_attachment", &put).await;
    reply(&mut wire, &question, json!({ "action": "accept", "content": {} })).await;
    let done = ended(&mut wire, 7).await;
    assert_eq!(done["write"]["agreed_by"], "person", "{done:#}");
}

/// The same words mean another file once its content is another; the same file goes once.
#[tokio::test]
async fn a_file_that_has_changed_is_another() {
    let bed = bed().await;
    let (mut wire, directory) = client(&bed, Writes::Trusted, json!({})).await;
    let (id, _) = open_case(&mut wire).await;
    let put = json!({ "module": "Cases", "id": id, "file": "offer.txt" });
    bed.forget().await;
    for (content, is_new) in [
        ("first", true),
        ("first", false),
        ("second", true),
        ("second", false),
    ] {
        std::fs::write(directory.join("offer.txt"), content).unwrap();
        let told = wire.call("add_attachment", put.clone()).await;
        assert_eq!(told["already_done"].is_null(), is_new, "{content}: {told:#}");
    }
    assert_eq!(writes(&bed).await.len(), 2);
}

/// Files go with a reply by mail: shown by name and size, uploaded once it is agreed to, and as they were shown.
#[tokio::test]
async fn files_go_with_a_reply() {
    let bed = bed().await;
    let (mut wire, directory) = client(&bed, Writes::Trusted, json!({ "elicitation": {} })).await;
    let (id, number) = open_case(&mut wire).await;
    std::fs::write(directory.join("offer.txt"), "as agreed").unwrap();
    std::fs::write(directory.join("photo.png"), "no picture").unwrap();
    let reply_with = |tool: &str| {
        (
            tool.to_owned(),
            json!({ "id": id, "content": "See below.", "files": ["offer.txt", "photo.png"] }),
        )
    };
    bed.forget().await;
    let (tool, arguments) = reply_with("send_reply");
    let question = asked(&mut wire, 7, &tool, &arguments).await;
    let message = text(&question["params"], "message");
    for line in ["+ file: offer.txt (9 bytes)", "+ file: photo.png (10 bytes)"] {
        assert!(message.contains(line), "{line} is not in {message}");
    }
    assert_eq!(
        writes(&bed).await,
        Vec::<String>::new(),
        "nothing is uploaded before"
    );
    reply(
        &mut wire,
        &question,
        json!({ "action": "accept", "content": { "word": number } }),
    )
    .await;
    let done = ended(&mut wire, 7).await;
    assert!(done["code"].is_null(), "{done:#}");
    assert_eq!(writes(&bed).await.len(), 3);
    let again = wire.call(&tool, arguments).await;
    assert_eq!(again["already_done"], true, "nobody is asked twice: {again:#}");
    let (tool, arguments) = reply_with("draft_reply");
    let draft = wire.call(&tool, arguments).await;
    let threads = json!({ "module": "Cases", "id": id, "related": "threads", "limit": 50, "fields": ["id", "attachmentCount"] });
    let threads = wire.call("get_related_records", threads).await;
    for made in [&done["data"]["id"], &draft["data"]["id"]] {
        let rows = threads["data"].as_array().unwrap();
        let row = rows.iter().find(|row| row["id"] == *made).unwrap();
        assert_eq!(row["attachmentCount"], "2", "{row:#}");
    }
    let undone = wire
        .call("undo_write", json!({ "id": draft["write"]["id"] }))
        .await;
    assert_eq!(undone["data"]["done"], "delete the draft", "{undone:#}");
    let mut other = arguments_of(&id, "another.txt");
    other["content"] = json!("And this.");
    std::fs::write(directory.join("another.txt"), "as agreed").unwrap();
    bed.forget().await;
    let question = asked(&mut wire, 8, "send_reply", &other).await;
    std::fs::write(directory.join("another.txt"), "otherwise").unwrap();
    reply(
        &mut wire,
        &question,
        json!({ "action": "accept", "content": { "word": number } }),
    )
    .await;
    let refused = ended(&mut wire, 8).await;
    assert!(
        text(&refused, "error").contains("changed meanwhile"),
        "{refused:#}"
    );
    assert_eq!(writes(&bed).await, Vec::<String>::new());
}

fn arguments_of(id: &str, file: &str) -> Value {
    json!({ "id": id, "files": [file] })
}

/// What could not be uploaded does not go out without it.
#[tokio::test]
async fn a_reply_whose_file_is_lost_is_not_sent() {
    for kind in ["reset", "midreset", "500", "empty"] {
        let bed = bed().await;
        let (mut wire, directory) = client(&bed, Writes::Trusted, json!({})).await;
        let (id, _) = open_case(&mut wire).await;
        std::fs::write(directory.join("offer.txt"), "as agreed").unwrap();
        let mut draft = arguments_of(&id, "offer.txt");
        draft["content"] = json!("See below.");
        bed.forget().await;
        bed.admin(json!({ "faults": [{ "kind": kind, "path": "/api/v1/uploads", "count": 1 }] }))
            .await;
        let told = wire.call("draft_reply", draft.clone()).await;
        let is_refused = |error: &str| error.starts_with("Nothing was sent") && !error.contains("not known");
        assert!(told["error"].as_str().is_some_and(is_refused), "{kind}: {told:#}");
        let drafted = |seen: &[String]| seen.iter().filter(|line| line.contains("draftReply")).count();
        assert_eq!(drafted(&writes(&bed).await), 0, "{kind}");
        let done = wire.call("draft_reply", draft).await;
        assert!(
            done["code"].is_null() && done["already_done"].is_null(),
            "{kind}: {done:#}"
        );
        assert_eq!(drafted(&writes(&bed).await), 1, "{kind}");
    }
}
