//! What clients and model vendors take of `tools/list`, each by its own rules, and what they send when a schema is all they
//! go by.

use std::path::Path;

use serde_json::{Map, Value, json};
use zoho_mcp::cli::assemble;
use zoho_mcp::tools::catalog::{Catalog, Selection};

use crate::bed::{Bed, Wire};

/// Every tool as it is published.
pub(crate) fn published() -> Vec<Value> {
    let everything = Selection {
        files: true,
        ..Selection::default()
    };
    let catalog = Catalog::embedded(&everything).unwrap();
    catalog.tools().iter().map(|tool| tool.publish()).collect()
}

/// Every schema inside a schema, itself first, with its place.
fn schemas<'s>(schema: &'s Value, place: String, found: &mut Vec<(String, &'s Value)>) {
    found.push((place.clone(), schema));
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        schemas(property, format!("{place}/{name}"), found);
    }
    if schema.get("items").is_some() {
        schemas(&schema["items"], format!("{place}/[]"), found);
    }
}

/// Faults of one schema by the rules that a client or a vendor is known to have.
type Rule = fn(&str, &Value) -> Option<String>;

/// Who says so: the converters and reports collected in client failures W4, W15, W16, W21, W22 and their vendors' pages.
const RULES: [(&str, Rule); 7] = [
    (
        "plain keywords only (Gemini, llama.cpp, Anthropic strict)",
        |_, schema| {
            let plain = ["type", "description", "enum", "items", "properties", "required"];
            let other = schema
                .as_object()?
                .keys()
                .find(|key| !plain.contains(&key.as_str()))?;
            Some(format!("keyword {other}"))
        },
    ),
    (
        "one type, named (Anthropic, inspector --strict)",
        |place, schema| {
            // What a list tool answers is a list or a table: no one type fits.
            let either = place == "output/data";
            (!either && !schema["type"].is_string()).then(|| format!("type {}", schema["type"]))
        },
    ),
    ("an object has properties (Gemini)", |_, schema| {
        let none = schema["properties"].as_object().is_none_or(Map::is_empty);
        (schema["type"] == "object" && none).then(|| "an object without properties".to_owned())
    }),
    (
        "an array has items (VS Code, Codex, inspector --strict)",
        |_, schema| {
            (schema["type"] == "array" && !schema["items"].is_object())
                .then(|| "an array without items".to_owned())
        },
    ),
    ("an enum is of texts that are not empty (Gemini)", |_, schema| {
        let offered = schema["enum"].as_array()?;
        let sound = offered
            .iter()
            .all(|one| one.as_str().is_some_and(|text| !text.is_empty()));
        (offered.is_empty() || !sound).then(|| format!("enum {}", schema["enum"]))
    }),
    (
        "names of letters, digits, _ . - up to 64 (OpenAI, Anthropic)",
        |_, schema| {
            let sound = |name: &&String| {
                name.len() <= 64
                    && name
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
            };
            let strange = schema["properties"]
                .as_object()?
                .keys()
                .find(|name| !sound(name))?;
            Some(format!("the name {strange}"))
        },
    ),
    (
        "what is required is declared (JSON Schema in strict validators)",
        |_, schema| {
            let declared = |name: &&Value| !schema["properties"][name.as_str().unwrap()].is_null();
            let missing = schema["required"]
                .as_array()?
                .iter()
                .find(|name| !declared(name))?;
            Some(format!("{missing} is required and not declared"))
        },
    ),
];

#[test]
fn what_is_published_is_taken_everywhere() {
    let mut faults = Vec::new();
    for tool in published() {
        let name = tool["name"].as_str().unwrap();
        assert!(
            name.len() <= 64 && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
            "{name}"
        );
        // OpenAI takes 1,024 characters of description.
        let described = tool["description"].as_str().unwrap().chars().count();
        assert!((1..=1_024).contains(&described), "{name}: {described}");
        let mut found = Vec::new();
        schemas(&tool["inputSchema"], "input".to_owned(), &mut found);
        if let Some(output) = tool.get("outputSchema") {
            schemas(output, "output".to_owned(), &mut found);
        }
        // OpenAI's strict mode takes five levels and a hundred properties.
        assert!(found.len() <= 100, "{name}: {} properties", found.len());
        for (place, schema) in &found {
            assert!(
                place.matches('/').count() <= 5,
                "{name}: {place} is nested too deep"
            );
            for (rule, fault) in RULES {
                faults.extend(fault(place, schema).map(|fault| format!("{name} {place}: {fault}: {rule}")));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Each rule sees a fault of its kind: a lint that lets everything through would pass as well.
#[test]
fn each_rule_sees_its_fault() {
    let faults: [Value; RULES.len()] = [
        json!({ "type": "string", "pattern": "x" }),
        json!({ "type": ["string", "null"] }),
        json!({ "type": "object" }),
        json!({ "type": "array" }),
        json!({ "type": "string", "enum": [""] }),
        json!({ "type": "object", "properties": { "a b": { "type": "string" } } }),
        json!({ "type": "object", "required": ["b"], "properties": { "a": { "type": "string" } } }),
    ];
    for ((rule, fault), schema) in RULES.iter().zip(&faults) {
        assert!(fault("input", schema).is_some(), "{rule}: {schema}");
        let sound = json!({ "type": "string" });
        assert_eq!(fault("input", &sound), None, "{rule}");
    }
}

/// OpenAI's strict mode closes every object, so an argument that takes any field of a module cannot be whole in it. These
/// tools should be offered without it.
#[test]
fn strict_mode_narrows_the_filters_and_nothing_else() {
    let files = crate::whole_set::tool_files();
    let narrowed: Vec<String> = files
        .iter()
        .flat_map(|(_, tool)| {
            let mut found = Vec::new();
            schemas(
                &tool["inputSchema"],
                tool["name"].as_str().unwrap().to_owned(),
                &mut found,
            );
            let open = found
                .into_iter()
                .filter(|(_, schema)| schema.get("x-keys").is_some());
            open.map(|(place, _)| place).collect::<Vec<_>>()
        })
        .collect();
    let mut narrowed = narrowed;
    narrowed.sort();
    assert_eq!(
        narrowed,
        [
            "convert_lead/deal",
            "count_records/filters",
            "create_record/values",
            "export_records/filters",
            "get_records/filters",
            "mass_update/filters",
            "mass_update/values",
            "perform_transition/values",
            "search_records/filters",
            "update_record/values"
        ]
    );
}

/// What a client in strict mode sends for an argument that is not meant: it has to send something of its type.
fn blank(schema: &Value) -> Value {
    match schema["type"].as_str().unwrap() {
        "string" => json!(""),
        "integer" | "number" => json!(0),
        "boolean" => json!(false),
        "array" => json!([]),
        "object" => {
            let properties = schema["properties"].as_object().unwrap();
            properties
                .iter()
                .map(|(name, property)| (name.clone(), blank(property)))
                .collect()
        }
        other => panic!("no blank {other}"),
    }
}

/// Every argument of every tool given, those not meant blank (openai-agents `convert_schemas_to_strict`, LangChain
/// `strict=True`, cursor#3614): the answer is that of the call without them.
#[tokio::test]
async fn a_call_with_every_argument_means_what_was_meant() {
    let bed = Bed::connected().await;
    let folder = tempfile::tempdir().unwrap();
    let mut config = bed.config(crate::bed::USER);
    config.said.toolsets = None;
    config.said.files = Some(folder.path().to_owned());
    let mut wire = Wire::start(assemble::calling(&config, &bed.clock).unwrap().tools).await;
    // The organization is discovered once, and told once.
    wire.call("get_all_organizations", json!({})).await;
    let calls = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/calls");
    // The same act twice is one act, which a second answer says.
    let reads = |tool: &Value| {
        let files = crate::whole_set::tool_files();
        let file = files
            .into_iter()
            .find(|(_, file)| file["name"] == tool["name"])
            .unwrap();
        file.1["operation"]["effect"] == "read"
    };
    for tool in published().into_iter().filter(reads) {
        let name = tool["name"].as_str().unwrap();
        let case = std::fs::read_to_string(calls.join(name).join("plain.json")).unwrap();
        let case: Value = serde_json::from_str(&case).unwrap();
        let meant = case["arguments"].as_object().cloned().unwrap_or_default();
        let mut strict = blank(&tool["inputSchema"]).as_object().unwrap().clone();
        strict.extend(meant.clone());
        let plainly = wire.call(name, Value::Object(meant)).await;
        let mut strictly = wire.call(name, Value::Object(strict.clone())).await;
        let repairs = strictly
            .as_object_mut()
            .unwrap()
            .remove("repairs")
            .unwrap_or_default();
        assert_eq!(steady(strictly), steady(plainly), "{name} {strict:?}");
        let receipts = repairs.as_array().map_or(0, Vec::len);
        assert!(receipts <= 1, "{name}: {repairs}");
    }
}

/// Without what differs from call to call: the life of a token, the name of a file, the mark in a cursor.
fn steady(mut answer: Value) -> Value {
    let object = answer.as_object_mut().unwrap();
    for changing in ["next_cursor", "repairs", "as_of", "now"] {
        object.remove(changing);
    }
    if let Some(data) = object.get_mut("data").and_then(Value::as_object_mut) {
        data.remove("path");
    }
    answer
}

/// A list of nothing finds what a call without it finds, not nothing: that it was left out stands in the one receipt.
#[tokio::test]
async fn a_list_of_nothing_is_told_to_be_left_out() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for tool in ["search_records", "count_records"] {
        let mut asked = json!({ "module": "Contacts", "any": [] });
        let one = wire.call(tool, asked.clone()).await;
        assert!(one["count"].as_u64().unwrap() > 0, "{tool}: {one}");
        assert_eq!(one["repairs"].as_array().map(Vec::len), Some(1), "{tool}: {one}");
        assert_eq!(one["repairs"][0]["path"], "/any", "{tool}: {one}");
        asked["filters"] = json!({ "status": "", "createdTime": { "from": "2020-01-01" } });
        let both = wire.call(tool, asked).await;
        assert_eq!(
            both["repairs"][0]["paths"],
            json!(["/any", "/filters/status"]),
            "{tool}: {both}"
        );
        assert_eq!(both["repairs"][0]["to"], "left out", "{tool}: {both}");
    }
}

/// In strict mode both ends of a span are sent, the one that is not meant blank or null.
#[tokio::test]
async fn a_blank_end_of_a_span_is_none() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    wire.call("get_all_organizations", json!({})).await;
    let rows = async |wire: &mut Wire, filters: Value| {
        let answer = wire
            .call(
                "get_records",
                json!({ "module": "Cases", "limit": 5, "filters": filters }),
            )
            .await;
        assert!(answer["data"].is_array(), "{answer}");
        let left_out = answer["repairs"].to_string();
        (crate::bed::ids(&answer), answer["has_more"].clone(), left_out)
    };
    let begun = "2026-11-01";
    let open = rows(&mut wire, json!({ "createdTime": { "from": begun } })).await;
    let ended = rows(&mut wire, json!({ "createdTime": { "to": begun } })).await;
    let all = rows(&mut wire, json!({})).await;
    assert_ne!(open.0, ended.0);
    for nothing in [json!(""), json!(" "), json!(null)] {
        for (filters, wanted, told) in [
            (
                json!({ "createdTime": { "from": begun, "to": nothing } }),
                &open,
                "/filters/createdTime/to",
            ),
            (
                json!({ "createdTime": { "from": nothing, "to": begun }, "status": "" }),
                &ended,
                "/filters/createdTime/from",
            ),
            (
                json!({ "createdTime": { "from": nothing, "to": nothing }, "status": "", "assignee": "" }),
                &all,
                "/filters/createdTime",
            ),
        ] {
            let (found, more, repairs) = rows(&mut wire, filters.clone()).await;
            assert_eq!((&found, &more), (&wanted.0, &wanted.1), "{filters}");
            assert!(
                repairs.contains(told) && repairs.contains("absent_optional"),
                "{filters}: {repairs}"
            );
        }
    }
}
