//! Labelled calls: what each becomes, by the repairs alone and through `tools/call`, is the same line by line.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use zoho_mcp::clock::Clock;
use zoho_mcp::names::{clean, write_out};
use zoho_mcp::repair::{Access, ToolSchema, repair_line};
use zoho_mcp::tools::handlers::Handler;
use zoho_mcp::tools::{Answer, Tools};

use super::today;
use crate::bed::{Bed, Wire};

/// Seconds since 1970 at noon of [`today`].
const NOON: i64 = 1_795_608_000;

/// The handler of every tool here: answers the arguments it was given.
const ECHO: &[Handler] = &[("echo", |context| {
    let answer = Answer::default()
        .of_our_own()
        .with("data", context.arguments.arguments().clone());
    Box::pin(std::future::ready(Ok(answer)))
})];

#[derive(Deserialize)]
struct Case {
    id: String,
    tool: String,
    #[serde(default, deserialize_with = "present")]
    arguments: Option<Box<RawValue>>,
    expect: String,
    #[serde(default)]
    repaired: Option<Value>,
    #[serde(default)]
    also_ok: Vec<String>,
    #[serde(default)]
    resolved_tool: Option<String>,
}

/// `null` counts as given.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Box<RawValue>>, D::Error> {
    <Box<RawValue>>::deserialize(deserializer).map(Some)
}

fn own() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/repair")
}

fn lines(corpus: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(corpus).expect("the corpus");
    text.lines().map(str::to_owned).collect()
}

pub(super) fn schemas(folder: &Path) -> Vec<Value> {
    let entries = std::fs::read_dir(folder).expect("the schemas");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| serde_json::from_str(&std::fs::read_to_string(path).expect("a file")).expect("JSON"))
        .collect()
}

pub(super) fn tool(schema: &Value) -> ToolSchema {
    let access = match schema["access"].as_str() {
        Some("read") => Access::Read,
        _ => Access::Write,
    };
    ToolSchema::new(
        schema["name"].as_str().expect("a name"),
        access,
        schema["inputSchema"].clone(),
    )
    .expect("a schema")
}

/// The same tool as a file of this server.
fn tool_file(schema: &Value) -> String {
    let read = schema["access"] == "read";
    json!({
        "name": schema["name"], "title": schema["name"], "description": schema["description"],
        "inputSchema": schema["inputSchema"], "operation": { "handler": "echo", "effect": if read { "read" } else { "change" } },
        "annotations": {
            "readOnlyHint": read, "destructiveHint": !read, "idempotentHint": read, "openWorldHint": false
        },
    })
    .to_string()
}

fn echoing(bed: &Bed, schemas: &[Value]) -> Arc<Tools> {
    let files: Vec<String> = schemas.iter().map(tool_file).collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|file| ("test/tool.json", file.as_str()))
        .collect();
    bed.tools_of(&files, ECHO, &Clock::fixed(NOON))
}

/// Sends every case both ways.
async fn compared(corpus: &Path, folder: &Path, today: Date) -> usize {
    let schemas = schemas(folder);
    let tools: Vec<ToolSchema> = schemas.iter().map(tool).collect();
    let bed = Bed::empty(Default::default()).await;
    let mut wire = Wire::start(echoing(&bed, &schemas)).await;
    let lines = lines(corpus);
    for line in &lines {
        let case: Case = serde_json::from_str(line).expect("a case");
        let alone: Value = serde_json::from_str(&repair_line(line, &tools, today)).expect("JSON");
        let written = case.arguments.as_ref().map_or("", |raw| raw.get());
        let answer = wire.call_text(&case.tool, written).await;
        agree(&case, &alone, &answer);
    }
    lines.len()
}

fn agree(case: &Case, alone: &Value, answer: &Value) {
    let id = &case.id;
    let message = alone["message"].as_str().unwrap_or_default();
    let failed = !answer["error"].is_null() || answer["result"]["isError"] == true;
    assert_eq!(failed, alone["outcome"] == "error", "{id}: {alone} and {answer}");
    if !answer["error"].is_null() {
        assert!(message.contains("no such tool"), "{id}: {message}");
        return;
    }
    let text = answer["result"]["content"][0]["text"].as_str().expect("a text");
    let body: Value = serde_json::from_str(text).expect("JSON");
    if failed {
        let error = body["error"].as_str().expect("a sentence");
        assert!(
            message.starts_with(error.trim_end_matches('…')),
            "{id}: {message} and {error}"
        );
        return;
    }
    // Compared as text: numbers keep their digits. What hides is in no answer.
    let given = clean(alone["arguments"].to_string());
    assert_eq!(body["data"].to_string(), given, "{id}");
    let told = |repairs: &Value| -> Vec<Value> {
        let repairs = repairs.as_array().cloned().unwrap_or_default();
        let mut repairs: Vec<Value> = repairs;
        for repair in &mut repairs {
            // In an answer what hides is written out.
            for member in repair
                .as_object_mut()
                .into_iter()
                .flat_map(|repair| repair.values_mut())
            {
                if let Some(text) = member.as_str().map(|text| write_out(text).into_owned()) {
                    *member = text.into();
                }
            }
            // A renamed tool stands outside of the arguments: here and there its place is called differently.
            if repair["rule"]
                .as_str()
                .is_some_and(|rule| rule.starts_with("tool_name"))
            {
                repair["path"] = Value::Null;
            }
        }
        let absent = |repair: &Value| repair["rule"] == "absent_optional";
        let (left_out, mut others): (Vec<Value>, Vec<Value>) = repairs.into_iter().partition(absent);
        // The answer has one receipt for all that was left out.
        let each = left_out.iter().flat_map(|one| match one["paths"].as_array() {
            Some(paths) => paths.clone(),
            None => vec![one["path"].clone()],
        });
        others.push(each.collect());
        others
    };
    assert_eq!(told(&body["repairs"]), told(&alone["repairs"]), "{id}");
}

#[test]
fn every_labelled_call_becomes_what_its_label_says() {
    let tools: Vec<ToolSchema> = schemas(&own().join("schemas")).iter().map(tool).collect();
    for line in lines(&own().join("cases.jsonl")) {
        let case: Case = serde_json::from_str(&line).expect("a case");
        let outcome: Value = serde_json::from_str(&repair_line(&line, &tools, today())).expect("JSON");
        let id = &case.id;
        if outcome["outcome"] == "error" {
            let right = case.expect == "refuse" || case.also_ok.iter().any(|other| other == "refuse");
            assert!(right, "{id} was refused: {outcome}");
            continue;
        }
        let given = case.arguments.as_ref().map(|raw| raw.get());
        let wanted = match case.expect.as_str() {
            "valid" => serde_json::from_str(given.expect("arguments")).expect("JSON"),
            "repair" => case.repaired.clone().expect("a repaired form"),
            _ => panic!("{id} was carried out: {outcome}"),
        };
        assert_eq!(outcome["arguments"], wanted, "{id}");
        assert_eq!(
            outcome["repairs"] == json!([]),
            case.expect == "valid",
            "{id}: {outcome}"
        );
        assert_eq!(
            outcome["tool"].as_str(),
            Some(case.resolved_tool.as_deref().unwrap_or(&case.tool)),
            "{id}"
        );
    }
}

#[tokio::test]
async fn the_front_door_repairs_the_same_calls_in_the_same_way() {
    let sent = compared(&own().join("cases.jsonl"), &own().join("schemas"), today()).await;
    assert!(sent >= 150, "{sent} cases");
}

/// With `ZOHO_MCP_REPAIR_CORPUS=FILE` the same for another corpus; its `schemas` folder lies beside it.
#[tokio::test]
async fn the_front_door_repairs_another_corpus_in_the_same_way() {
    let Some(corpus) = std::env::var_os("ZOHO_MCP_REPAIR_CORPUS").map(PathBuf::from) else {
        return;
    };
    let folder = corpus.with_file_name("schemas");
    let sent = compared(&corpus, &folder, today()).await;
    assert!(sent > 0);
}
