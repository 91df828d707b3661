//! `zoho-mcp repair`: a line a case, in order; and how often which repair was made.
//!
//! REAL CLOCK: it needs no Zoho, and so no sandbox.

use std::io::Write as _;
use std::process::{Output, Stdio};

use serde_json::{Value, json};

use crate::bed::{Bed, USER, Wire};
use crate::commands::bare;

pub(crate) fn repair(arguments: &[&str], input: &[u8]) -> Output {
    let home = tempfile::tempdir().unwrap();
    let mut child = bare(home.path(), &[&["repair"], arguments].concat())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    output
}

pub(crate) fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn every_line_is_answered_in_order() {
    let input = concat!(
        r#"{"id":"a","tool":"get_records","arguments":{"Module":"Cases","limit":"5"}}"#,
        "\n",
        "this is no JSON\n",
        "\n",
        r#"{"id":2,"tool":"get_record","arguments":{"module":"Cases","id":true}}"#,
        "\n",
        r#"{"id":3,"tool":"get_all_organizations"}"#,
    );
    let output = repair(&[], input.as_bytes());
    assert_eq!(output.status.code(), Some(1), "a line is no JSON");
    let answers = lines(&output);
    let outcomes: Vec<&str> = answers
        .iter()
        .map(|answer| answer["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(outcomes, ["ok", "error", "error", "error", "ok"]);
    assert_eq!(answers[0]["id"], "a");
    assert_eq!(answers[0]["arguments"], json!({ "module": "Cases", "limit": 5 }));
    assert_eq!(answers[0]["repairs"].as_array().unwrap().len(), 2);
    assert_eq!(answers[3]["id"], 2);
    assert!(answers[3]["message"].as_str().unwrap().contains("id"));
}

/// The case that the help shows, and the same in the words of MCP.
#[test]
fn a_case_is_written_as_the_help_shows_it_or_as_mcp_does() {
    let help = String::from_utf8(repair(&["--help"], b"").stdout).unwrap();
    let case = help
        .lines()
        .find(|line| line.trim().starts_with('{'))
        .expect("a case");
    assert!(case.contains("\"tool\""), "{case}");
    let of_models = case.replace("\"arguments\"", "\"input\"");
    for case in [case.to_owned(), case.replace("\"tool\"", "\"name\""), of_models] {
        let output = repair(&[], case.as_bytes());
        assert!(output.status.success(), "{output:?}");
        let answer = &lines(&output)[0];
        assert_eq!(
            (&answer["outcome"], &answer["tool"]),
            (&json!("ok"), &json!("get_records"))
        );
    }
    let refused = repair(
        &[],
        br#"{"tool":"get_record","arguments":{"module":"Cases","id":true}}"#,
    );
    assert!(refused.status.success(), "a refusal is an answer: {refused:?}");
}

#[test]
fn a_line_that_is_not_utf8_is_answered_like_any_other() {
    let output = repair(
        &[],
        b"{\"tool\":\"get_records\",\"arguments\":\"\xff\"}\n{\"tool\":\"get_all_organizations\"}\n",
    );
    let outcomes: Vec<Value> = lines(&output)
        .iter()
        .map(|answer| answer["outcome"].clone())
        .collect();
    assert_eq!(outcomes, ["error", "ok"]);
}

#[test]
fn foreign_tools_are_read_with_their_access() {
    let folder = tempfile::tempdir().unwrap();
    let schema = json!({
        "type": "object", "additionalProperties": false, "properties": { "colour": { "type": "string", "enum": ["green", "yellow"] } }
    });
    for (name, more) in [
        ("reads", json!({ "access": "read" })),
        ("writes", json!({ "access": "write" })),
        ("hinted", json!({ "annotations": { "readOnlyHint": true } })),
        ("silent", json!({})),
    ] {
        let mut tool = json!({ "name": name, "inputSchema": schema });
        tool.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        std::fs::write(folder.path().join(format!("{name}.json")), tool.to_string()).unwrap();
    }
    let case = |tool| {
        format!(
            "{}\n",
            json!({ "tool": tool, "arguments": { "colour": "yelow" } })
        )
    };
    let input: String = ["reads", "writes", "hinted", "silent"].map(case).concat();
    let output = repair(
        &["--tool-schemas", folder.path().to_str().unwrap()],
        input.as_bytes(),
    );
    let outcomes: Vec<Value> = lines(&output)
        .iter()
        .map(|answer| answer["outcome"].clone())
        .collect();
    assert_eq!(
        outcomes,
        ["ok", "error", "ok", "error"],
        "a guess is for reads only"
    );
    let missing = repair(&["--tool-schemas", "/nowhere/at/all"], b"");
    assert!(!missing.status.success());
    assert!(String::from_utf8_lossy(&missing.stderr).contains("/nowhere/at/all"));
}

fn stats(bed: &Bed) -> Vec<Value> {
    let output = repair(&["--stats", "--database-url", &bed.database_url()], b"");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn repairs_are_counted_per_tool_and_rule_and_nothing_else_is_kept() {
    let bed = Bed::connected().await;
    assert_eq!(stats(&bed), Vec::<Value>::new());
    let tools = bed.tools(USER).await;
    let mut wire = Wire::start(tools.clone()).await;
    for _ in 0..3 {
        let asked = json!({ "Module": "Cases", "limit": "2", "fields": ["Ticket Number"] });
        wire.call("get_records", asked).await;
    }
    wire.call("get_records", json!({ "module": "Cases", "limit": "x7secret" }))
        .await;
    assert_eq!(stats(&bed), Vec::<Value>::new(), "written in batches");
    tools.flush_counts().await;
    tools.flush_counts().await;
    let counted: Vec<(String, u64)> = stats(&bed)
        .iter()
        .map(|one| {
            assert_eq!(one["tool"], "get_records");
            let rule = one["rule"].as_str().unwrap().to_owned();
            (rule, one["count"].as_u64().unwrap())
        })
        .collect();
    let wanted = ["field_name", "key_style", "number_text"].map(|rule| (rule.to_owned(), 3));
    assert_eq!(counted, wanted);
}

#[tokio::test]
async fn a_full_batch_is_written_while_serving() {
    let bed = Bed::connected().await;
    let tools = bed.tools(USER).await;
    let mut wire = Wire::start(tools).await;
    for _ in 0..25 {
        let answer = wire
            .call("get_all_organizations", json!({ "App_Type": "DESK" }))
            .await;
        assert_eq!(answer["repairs"].as_array().map(Vec::len), Some(2), "{answer:#}");
    }
    let written = async {
        while stats(&bed).is_empty() {
            tokio::task::yield_now().await;
        }
    };
    // The limit only ends a test that would wait for ever.
    tokio::time::timeout(std::time::Duration::from_secs(60), written)
        .await
        .expect("50 repairs, and none was written");
    let counted: u64 = stats(&bed).iter().filter_map(|one| one["count"].as_u64()).sum();
    assert_eq!(counted, 50);
}

#[test]
fn this_server_s_own_files_mean_the_same_when_they_are_given() {
    let calls = [
        json!({ "module_name": "Cases", "per_page": 5 }),
        json!({ "module": "Cases", "limit": 100_000 }),
        json!({ "module": "Cases", "app_type": "zoho_desk" }),
        json!({ "module": "Ca;ses" }),
        json!({ "module": "Cases", "cursor": " " }),
        json!({ "module": "Cases", "fields": "subject, status" }),
        json!({ "module": "Cases", "id": "https://desk.zoho.com/agent/acme/all/tickets/details/4150868000115332918" }),
        json!({ "module": "Cases", "id": "#4112" }),
    ];
    let tools = ["get_records", "get_record", "get_related_records"];
    let line = |tool: &str, call: &Value| format!("{}\n", json!({ "tool": tool, "arguments": call }));
    let input: String = tools
        .iter()
        .flat_map(|tool| calls.iter().map(move |call| line(tool, call)))
        .collect();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tool-schemas/records");
    let given = repair(&["--tool-schemas", folder], input.as_bytes());
    let text = |output: &Output| String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(text(&given), text(&repair(&[], input.as_bytes())));
    let answers = lines(&given);
    assert_eq!(answers[0]["arguments"], json!({ "module": "Cases", "limit": 5 }));
    assert!(
        answers
            .iter()
            .any(|answer| answer["repairs"][0]["rule"] == "clamped")
    );
    assert!(answers.iter().any(|answer| answer["outcome"] == "error"));
}

#[test]
fn the_folder_of_the_tools_itself_is_one_of_tools() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tool-schemas");
    let case = "{\"tool\":\"get_ticket_context\",\"arguments\":{\"id\":\"#4112\"}}\n";
    let given = lines(&repair(&["--tool-schemas", folder], case.as_bytes()));
    assert_eq!(given, lines(&repair(&[], case.as_bytes())));
    assert_eq!(given.len(), 1);
}

/// What stops a build's first test is refused before a build.
#[test]
fn a_broken_tool_file_of_our_own_kind_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("get_modules.json");
    let own = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tool-schemas/records/get_modules.json"
    );
    let mut tool: Value = serde_json::from_str(&std::fs::read_to_string(own).unwrap()).unwrap();
    tool["operation"]["nonsense"] = json!(true);
    std::fs::write(&file, tool.to_string()).unwrap();
    let ran = repair(&["--tool-schemas", folder.path().to_str().unwrap()], b"");
    let told = String::from_utf8_lossy(&ran.stderr);
    assert!(!ran.status.success(), "{told}");
    assert!(
        told.contains("get_modules.json") && told.contains("nonsense"),
        "{told}"
    );
}
