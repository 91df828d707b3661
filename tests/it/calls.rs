//! Every case under `tests/calls/<tool>/`: arguments in; the requests Zoho saw and the answer the model reads out.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use zoho_mcp::cli::assemble;
use zoho_mcp::config::Writes;

use crate::bed::{Bed, USER, Wire, model_reads};

/// The life of a token, the mark of a consent in a cursor, and what names and confirms an act differ from run to run.
fn steady(text: &str) -> String {
    let text = masked(text, "valid for ", "[SECONDS]", |c| c.is_ascii_digit());
    let text = masked(&text, r#""next_cursor": ""#, "[CURSOR]", |c| c != '"');
    let text = masked(&text, "run `zoho-mcp approve", "[OPTIONS]", |c| c != '`');
    let text = masked(&text, r#""token": ""#, "[TOKEN]", |c| c != '"');
    masked(&text, r#""id": "w"#, "[ACT]", |c| c.is_ascii_hexdigit())
}

/// The text with `mask` in place of the characters that follow `before`.
fn masked(text: &str, before: &str, mask: &str, follows: fn(char) -> bool) -> String {
    let mut parts = text.split(before);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |steady, part| {
        steady + before + mask + part.trim_start_matches(follows)
    })
}

pub(crate) fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/calls");
    let mut cases = Vec::new();
    for tool in std::fs::read_dir(root).unwrap() {
        for case in std::fs::read_dir(tool.unwrap().path()).unwrap() {
            cases.push(case.unwrap().path());
        }
    }
    cases.retain(|path| path.extension().is_some_and(|end| end == "json"));
    cases.sort();
    cases
}

/// A client of a server with the policy that a case names; one that names none is offered the tools that read alone.
async fn client(bed: &Bed, case: &Value) -> Wire {
    let mut config = bed.config(USER);
    config.said.writes = match case["writes"].as_str() {
        None => return bed.client().await,
        Some("off") => Some(Writes::Off),
        Some("draft") => Some(Writes::Draft),
        Some("confirm") => Some(Writes::Confirm),
        Some("trusted") => Some(Writes::Trusted),
        Some(other) => panic!("no policy {other}"),
    };
    config.said.toolsets = None;
    if let Some(files) = case["files"].as_object() {
        let directory = bed.database().with_file_name("files");
        std::fs::create_dir_all(&directory).unwrap();
        for (name, content) in files {
            std::fs::write(directory.join(name), content.as_str().unwrap()).unwrap();
        }
        config.said.files = Some(directory);
    }
    Wire::start(assemble::calling(&config, &bed.clock).unwrap().tools).await
}

/// Makes the calls before the one of a case, and gives what their answers are called in its arguments.
async fn before(bed: &Bed, client: &mut Wire, case: &Value) -> Vec<(&'static str, String)> {
    let mut named: Vec<(&'static str, String)> = Vec::new();
    for call in case["before"].as_array().into_iter().flatten() {
        let written = put_names(call["arguments"].to_string(), &named);
        let answer = model_reads(&client.call_text(call["tool"].as_str().unwrap(), &written).await);
        for (name, place) in [("${token}", "/token"), ("${act}", "/write/id")] {
            named.extend(
                answer
                    .pointer(place)
                    .and_then(Value::as_str)
                    .map(|text| (name, text.to_owned())),
            );
        }
    }
    bed.forget().await;
    named
}

fn put_names(text: String, named: &[(&'static str, String)]) -> String {
    named
        .iter()
        .fold(text, |text, (name, value)| text.replace(name, value))
}

/// One case: `{"arguments": any JSON or "arguments_text": "...", "admin": faults?, "side_by_side": calls made at once?,
/// "writes": the policy?, "files": below --files?, "before": calls before it?}`.
async fn played(bed: &Bed, tool: &str, case: &Value) -> String {
    bed.forget().await;
    bed.admin(json!({ "faults": [] })).await;
    let mut client = client(bed, case).await;
    let named = before(bed, &mut client, case).await;
    if !case["admin"].is_null() {
        bed.admin(case["admin"].clone()).await;
    }
    let written = match case["arguments_text"].as_str() {
        Some(text) => text.to_owned(),
        None if case["arguments"].is_null() => String::new(),
        None => case["arguments"].to_string(),
    };
    let mut shown = format!("sent {written}\n");
    let meant = put_names(written, &named);
    let answer = client.call_text(tool, &meant).await;
    let mut seen = bed.seen().await;
    if case["side_by_side"] == true {
        seen.sort(); // calls made at once come in any order
    }
    for line in seen {
        let _ = writeln!(shown, "zoho {line}");
    }
    let body = model_reads(&answer);
    let error = answer["result"]["isError"] == true;
    if !error && answer["error"].is_null() {
        assert_eq!(
            answer["result"]["structuredContent"], body,
            "text and structuredContent differ"
        );
    } else {
        assert!(
            answer["result"]["structuredContent"].is_null(),
            "a failure with structuredContent"
        );
    }
    let _ = write!(shown, "{} {:#}", if error { "isError" } else { "answer" }, body);
    shown
}

async fn as_recorded(bed: Arc<Bed>, path: PathBuf) {
    let text = |part: &OsStr| part.to_str().unwrap().to_owned();
    let tool = text(path.parent().unwrap().file_name().unwrap());
    let name = text(path.file_stem().unwrap());
    let case: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let shown = steady(&played(&bed, &tool, &case).await);
    if !case["writes"].is_null() {
        // What it changed is as before for the cases after it.
        bed.tell("restore", json!({})).await;
        bed.sql("DELETE FROM writes").await;
    }
    insta::with_settings!({ snapshot_path => "../calls/snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(format!("{tool}__{name}"), shown);
    });
}

#[tokio::test]
async fn every_case_sends_and_answers_as_recorded() {
    let bed = Arc::new(crate::writing::bed().await);
    // The organization is discovered once, before the cases: a warm call is what they show.
    bed.client().await.call("get_all_organizations", json!({})).await;
    bed.tell("snapshot", json!({})).await;
    let mut differing = Vec::new();
    for path in cases() {
        // A task of its own: the cases after one that fails are played all the same.
        if tokio::spawn(as_recorded(bed.clone(), path.clone()))
            .await
            .is_err()
        {
            let within = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap();
            differing.push(within.to_owned());
        }
    }
    assert!(
        differing.is_empty(),
        "{} cases differ: {differing:#?}",
        differing.len()
    );
}

#[test]
fn every_tool_has_at_least_four_cases() {
    let catalog = zoho_mcp::tools::catalog::Catalog::embedded(&Default::default()).unwrap();
    let cases = cases();
    for tool in catalog.names() {
        let own = cases
            .iter()
            .filter(|path| path.parent().is_some_and(|folder| folder.ends_with(tool)))
            .count();
        let reads = catalog.get(tool).unwrap().is_read_only();
        assert!(
            reads || own >= 6,
            "{tool} has {own} cases: plain, repaired, refused, forbidden, agreed to, Zoho said no"
        );
        assert!(
            own >= 4,
            "{tool} has {own} cases under tests/calls: plain, repaired, refused, Zoho said no"
        );
    }
}
