//! Every place that is told is a JSON Pointer that leads to it, whatever its key is made of.
//!
//! REAL CLOCK: `zoho-mcp repair` knows of no sandbox.

use serde_json::{Value, json};

use crate::bed::Bed;
use crate::repair_command::{lines, repair};

/// A key with both characters that a JSON Pointer escapes, and what it becomes in one.
const KEY: &str = "a/b~c";
const TOKEN: &str = "a~1b~0c";

#[tokio::test]
async fn a_filter_that_is_refused_is_found_by_its_path() {
    let bed = Bed::connected().await;
    let mut client = bed.client().await;
    let no_settings = json!([
        { "kind": "403", "path": "/api/v1/organizationFields" },
        { "kind": "403", "path": "/crm/v8/settings/fields" }
    ]);
    for faults in [json!([]), no_settings] {
        bed.admin(json!({ "faults": faults })).await;
        for (tool, arguments) in refused() {
            let answer = client.call(tool, arguments.clone()).await;
            let paths: Vec<&str> = answer["problems"]
                .as_array()
                .unwrap_or_else(|| panic!("{tool} {arguments} {answer:#}"))
                .iter()
                .map(|problem| problem["path"].as_str().unwrap())
                .collect();
            assert!(!paths.is_empty(), "{answer:#}");
            for path in paths {
                assert!(path.contains(TOKEN), "{path} in {answer:#}");
                assert!(arguments.pointer(path).is_some(), "{path} in {arguments}");
            }
        }
    }
}

/// Calls whose fault lies at a filter.
fn refused() -> Vec<(&'static str, Value)> {
    let nobodys = json!({ KEY: 1 });
    let custom = json!({ format!("cf_{KEY}"): {} });
    vec![
        ("get_records", json!({ "module": "Cases", "filters": nobodys })),
        (
            "get_records",
            json!({ "module": "Departments", "filters": nobodys }),
        ),
        ("search_records", json!({ "module": "Cases", "filters": custom })),
        (
            "search_records",
            json!({ "module": "Activities", "filters": custom }),
        ),
        (
            "search_records",
            json!({ "module": "Leads", "app_type": "crm", "filters": nobodys }),
        ),
        (
            "count_records",
            json!({ "module": "Leads", "app_type": "crm", "filters": nobodys }),
        ),
    ]
}

/// What the repair of calls to a tool with such a key in its schema tells: a value in the wrong place is put right and
/// its path told, a wrong one is refused at its path.
#[test]
fn a_key_of_the_schema_is_found_by_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let inner = json!({ "type": "object", "additionalProperties": false, "properties": { "d/e": { "type": "integer" } } });
    let tool = json!({ "name": "foreign", "access": "read", "inputSchema": {
        "type": "object", "additionalProperties": false, "properties": { KEY: inner }
    } });
    std::fs::write(folder.path().join("foreign.json"), tool.to_string()).unwrap();
    let right = json!({ KEY: { "d/e": 1 } });
    let deep = format!("{TOKEN}/d~1e");
    let inside = |path: &str| format!("/{TOKEN}{path}");
    let cases = [
        (
            json!({ KEY: { "d/e": "1" } }),
            Ok((inside("/d~1e"), "1".to_owned())),
        ),
        (
            json!({ KEY: { KEY: { "d/e": 1 } } }),
            Ok((inside(""), r#"{"d/e":1}"#.to_owned())),
        ),
        (json!({ format!("{KEY}.d/e"): 1 }), Ok((inside(""), deep.clone()))),
        (json!({ "d/e": 1 }), Ok((inside(""), deep))),
        (json!({ KEY: { "d/e": "x" } }), Err(format!("{TOKEN}/d~1e"))),
        (json!({ KEY: { "f~": 1 } }), Err(format!("{TOKEN}/f~0"))),
        (
            json!({ KEY: { "d/e": 1, "g/h": [] } }),
            Err(format!("{TOKEN}/g~1h")),
        ),
    ];
    let input: String = cases
        .iter()
        .map(|(arguments, _)| json!({ "tool": "foreign", "arguments": arguments }).to_string() + "\n")
        .collect();
    let answers = lines(&repair(
        &["--tool-schemas", folder.path().to_str().unwrap()],
        input.as_bytes(),
    ));
    for ((arguments, wanted), answer) in cases.iter().zip(&answers) {
        match wanted {
            Ok((path, to)) => {
                assert_eq!(answer["arguments"], right, "{arguments} {answer:#}");
                let last = answer["repairs"]
                    .as_array()
                    .and_then(|repairs| repairs.last())
                    .unwrap();
                assert_eq!(
                    (&last["path"], &last["to"]),
                    (&json!(path), &json!(to)),
                    "{arguments}"
                );
            }
            Err(path) => {
                assert_eq!(answer["outcome"], "error", "{arguments} {answer:#}");
                let message = answer["message"].as_str().unwrap();
                assert!(message.contains(&format!("\n- {path}: ")), "{message}");
            }
        }
    }
    assert_eq!(answers.len(), cases.len());
}

/// Long keys are told shortened, and none is taken for another that only begins like it.
#[tokio::test]
async fn two_long_keys_with_one_beginning_are_two_problems() {
    let mut client = Bed::connected().await.client().await;
    let long = "k".repeat(300);
    let arguments = json!({ format!("{long}1"): 1, format!("{long}2"): 1 });
    let answer = client.call("get_modules", arguments).await;
    let problems = answer["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 2, "{answer:#}");
    for problem in problems {
        let path = problem["path"].as_str().unwrap();
        assert!(path.chars().count() <= 200 && path.ends_with('…'), "{answer:#}");
    }
}
