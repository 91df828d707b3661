//! A panic ends the call it happened in: with an answer, and nothing else with it.

use std::process::Command;
use std::sync::Arc;

use serde_json::{Value, json};
use zoho_mcp::cli::assemble;
use zoho_mcp::repair::Arguments;
use zoho_mcp::tools::catalog::Catalog;
use zoho_mcp::tools::handlers::Handler;
use zoho_mcp::tools::{Answer, Call, Coming, Person, Question, Reply, Telling, Tools, Unanswered};

use crate::bed::{Bed, USER, Wire, model_reads, principal};
use crate::logs::Logs;

const HANDLERS: &[Handler] = &[
    ("fine", |_| {
        Box::pin(std::future::ready(Ok(Answer::default().with("data", 7))))
    }),
    ("at_once", |_| panic!("sentinel of a customer")),
    ("later", |_| {
        Box::pin(async {
            tokio::task::yield_now().await;
            let answers: Vec<Answer> = Vec::new();
            Ok(answers.into_iter().next().expect("sentinel of a customer"))
        })
    }),
    ("aside", |_| {
        Box::pin(async {
            zoho_mcp::tools::panics::aside(|| -> () { panic!("sentinel of a customer") }).await;
            Ok(Answer::default())
        })
    }),
];

const PANICKING: [&str; 3] = ["at_once", "later", "aside"];

fn tools(bed: &Bed) -> Arc<Tools> {
    let file = |handler: &str| {
        json!({
            "name": format!("is_{handler}"), "title": "T", "description": "D", "operation": { "handler": handler, "effect": "read" },
            "annotations": { "readOnlyHint": true, "destructiveHint": false, "idempotentHint": true,
                "openWorldHint": true },
            "inputSchema": { "type": "object", "additionalProperties": false,
                "properties": { "connection": { "type": "string" } } },
        })
        .to_string()
    };
    let texts: Vec<(String, String)> = HANDLERS
        .iter()
        .map(|(name, _)| (format!("test/is_{name}.json"), file(name)))
        .collect();
    let files: Vec<(&str, &str)> = texts
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    bed.tools_of(&files, HANDLERS, &bed.clock)
}

/// The reference an answer names; the log has it in one line, with the place and without the text of the panic.
fn is_internal(answer: &Value, logs: &Logs) {
    assert_eq!(answer["code"], "internal", "{answer}");
    let error = answer["error"].as_str().unwrap();
    let reference = error
        .strip_prefix("Internal error, reference ")
        .unwrap()
        .trim_end_matches('.');
    assert_eq!(reference.len(), 8, "{error}");
    let logged = logs.text();
    let lines: Vec<&str> = logged.lines().filter(|line| line.contains(reference)).collect();
    assert_eq!(lines.len(), 1, "{logged}");
    assert!(lines[0].contains("tests/it/panics.rs:"), "{logged}");
    assert!(!logged.contains("sentinel"), "{logged}");
    assert!(!answer.to_string().contains("sentinel"), "{answer}");
}

#[tokio::test]
async fn a_panic_is_answered_and_the_server_goes_on() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(tools(&bed)).await;
    for handler in PANICKING {
        let logs = Logs::listen(tracing::Level::WARN);
        let answer = wire.call_text(&format!("is_{handler}"), "{}").await;
        assert_eq!(answer["result"]["isError"], true, "{answer}");
        is_internal(&model_reads(&answer), &logs);
        assert_eq!(wire.call("is_fine", json!({})).await["data"], 7);
    }
}

#[tokio::test]
async fn a_panic_is_answered_on_the_newer_protocol_too() {
    let bed = Bed::connected().await;
    let mut wire = Wire::to(zoho_mcp::server::Server::new(tools(&bed)));
    let params = |tool: &str| {
        json!({
            "name": tool, "arguments": {},
            "_meta": {
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
                "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
            },
        })
        .to_string()
    };
    for handler in PANICKING {
        let logs = Logs::listen(tracing::Level::WARN);
        let answer = wire
            .request("tools/call", &params(&format!("is_{handler}")))
            .await;
        is_internal(&model_reads(&answer), &logs);
        let fine = wire.request("tools/call", &params("is_fine")).await;
        assert_eq!(model_reads(&fine)["data"], 7);
    }
}

#[tokio::test]
async fn a_panic_while_the_tools_are_listed_is_an_error_and_the_server_goes_on() {
    let bed = Bed::connected().await;
    // Once for the first words to a client, which do without, and once for the list.
    let broken = std::sync::atomic::AtomicUsize::new(2);
    let equipment = assemble::equipment(&bed.config(USER), &bed.clock).unwrap();
    let equipment = equipment.with_catalog(move |selection| {
        let ordering = std::sync::atomic::Ordering::Relaxed;
        let is_broken = broken
            .fetch_update(ordering, ordering, |left| left.checked_sub(1))
            .is_ok();
        assert!(!is_broken, "sentinel of a customer");
        Catalog::embedded(selection)
    });
    let mut wire = Wire::start(Arc::new(Tools::new(equipment))).await;
    let logs = Logs::listen(tracing::Level::WARN);
    let answer = wire.request("tools/list", "{}").await;
    assert_eq!(answer["error"]["code"], -32603, "{answer}");
    let message = answer["error"]["message"].as_str().unwrap();
    let reference = message.strip_prefix("Internal error, reference ").unwrap();
    let logged = logs.text();
    assert!(
        logged.contains(reference.trim_end_matches('.')) && logged.contains("tests/it/panics.rs:"),
        "{logged}"
    );
    assert!(
        !logged.contains("sentinel") && !message.contains("sentinel"),
        "{logged}"
    );
    let answer = wire.request("tools/list", "{}").await;
    assert!(answer["result"]["tools"].is_array(), "{answer}");
}

/// A terminal nobody watches.
struct Silent;

impl Person for Silent {
    fn say(&self, _: String) -> Telling<'_> {
        Box::pin(std::future::ready(()))
    }

    fn ask(&self, _: &Question) -> Coming<'static, Reply> {
        Box::pin(std::future::ready(Reply::CannotAsk))
    }

    fn advance(&self, _: u64, _: Option<u64>, _: String) -> Telling<'_> {
        Box::pin(std::future::ready(()))
    }
}

#[tokio::test]
async fn a_panic_is_a_failure_without_a_server_too() {
    let bed = Bed::connected().await;
    let tools = tools(&bed);
    for handler in PANICKING {
        let logs = Logs::listen(tracing::Level::WARN);
        let name = format!("is_{handler}");
        let call = Call {
            name: &name,
            arguments: Arguments::Missing,
            carried: None,
        };
        match tools
            .execute_tool_with_repair(call, &principal(USER), &Silent)
            .await
        {
            Err(Unanswered::Failed(error)) => is_internal(&error.to_json(), &logs),
            other => panic!("{other:?}"),
        }
    }
}

/// Hushing is for a whole process: the test runs itself again, in one of its own, and that one panics.
#[test]
fn a_panic_nobody_answers_for_says_its_place_on_standard_error_and_no_more() {
    const PANICS: &str = "PANICS_HUSHED";
    if std::env::var_os(PANICS).is_some() {
        let _last_lines = zoho_mcp::logging::LastLines;
        zoho_mcp::logging::hush_panics();
        std::thread::spawn(|| panic!("sentinel of a customer"))
            .join()
            .unwrap_err();
        return;
    }
    let this = "panics::a_panic_nobody_answers_for_says_its_place_on_standard_error_and_no_more";
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", this, "--nocapture"])
        .env(PANICS, "1")
        .output()
        .unwrap();
    let (told, said) = (
        String::from_utf8(output.stderr).unwrap(),
        String::from_utf8(output.stdout).unwrap(),
    );
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}{told}"
    );
    assert!(
        !told.contains("sentinel") && !said.contains("sentinel"),
        "{said}{told}"
    );
    assert!(!said.contains("panics.rs"), "{said}");
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(told.contains("tests/it/panics.rs:"), "{told}");
}

#[test]
fn no_profile_ends_the_program_at_a_panic() {
    let manifest: toml::Table = include_str!("../../Cargo.toml").parse().unwrap();
    for (name, profile) in manifest["profile"].as_table().unwrap() {
        assert_eq!(profile.get("panic"), None, "profile {name}");
    }
}
