//! Every list of every tool that writes: the example beside a refusal of it holds what was written and nothing else, or
//! there is no example.

use std::path::Path;
use std::rc::Rc;

use serde_json::{Value, json};
use zoho_mcp::repair::ToolSchema;

use super::corpus::{schemas, tool};
use super::tools::{create, update};
use super::{call, call_text};

/// The tools that write, with their lists and two right items of each.
fn lists() -> Vec<(Rc<ToolSchema>, String, [&'static str; 2])> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/repair/schemas");
    let files = schemas(&folder);
    let writing = files.iter().filter(|file| file["access"] == "write").map(tool);
    let mut lists = Vec::new();
    for tool in writing.chain([create(), update()]).map(Rc::new) {
        let properties = tool.input_schema()["properties"].as_object().unwrap().clone();
        for (name, property) in properties
            .iter()
            .filter(|(_, property)| property["type"] == "array")
        {
            let text = property["items"].to_string();
            let items = match text {
                text if text.contains("email") || text.contains('@') => ["a@x.example", "b@x.example"],
                text if text.contains("[0-9]") => ["4150868000115332918", "4150868000115332919"],
                _ => ["alpha", "beta"],
            };
            lists.push((Rc::clone(&tool), name.clone(), items));
        }
    }
    lists
}

/// A call of the tool that has all it needs.
fn plain(tool: &ToolSchema, list: &str, items: [&str; 2]) -> Value {
    let schema = tool.input_schema();
    let required = schema["required"].as_array().unwrap().iter();
    let mut plain = json!({ list: items });
    for name in required
        .map(|name| name.as_str().unwrap())
        .filter(|name| *name != list)
    {
        let property = &schema["properties"][name];
        let value = match (&property["enum"][0], &property["pattern"]) {
            (choice, _) if choice.is_string() => choice.clone(),
            (_, pattern) if pattern.is_string() => json!("4150868000115332917"),
            _ if property["type"] == "array" => match property["items"].to_string() {
                text if text.contains("email") || text.contains('@') => json!(["a@x.example"]),
                text if text.contains("[0-9]") => json!(["4150868000115332917"]),
                _ => json!(["gamma"]),
            },
            _ => json!("some text"),
        };
        plain[name] = value;
    }
    assert!(
        call(tool, &plain).is_ok_and(|valid| valid.repairs().is_empty()),
        "{plain}"
    );
    plain
}

#[test]
fn no_example_makes_up_an_item_or_forgets_one() {
    let lists = lists();
    assert!(lists.len() > 5);
    let mut shown = 0;
    for (tool, list, [one, other]) in &lists {
        let right = plain(tool, list, [one, other]);
        for wrong in [
            json!([one, null]),
            json!([one, ""]),
            json!([one, { "text": other }]),
            json!([null, one]),
            json!([one, [other, 7.5]]),
            json!({ "0": one, "1": other }),
            json!({ "1": one, "2": other }),
            json!({ "0": one, "2": other }),
            json!({ "0": one, "x": other }),
            json!(format!("{one}, and {other} maybe")),
            json!(7.5),
        ] {
            let mut arguments = right.clone();
            arguments[list] = wrong.clone();
            let Err(refused) = call(tool, &arguments) else {
                continue;
            };
            let in_order =
                wrong == json!({ "0": one, "1": other }) || wrong == json!({ "1": one, "2": other });
            match refused.example {
                Some(example) => {
                    assert!(call(tool, &example).is_ok_and(|valid| valid.repairs().is_empty()));
                    assert_eq!(example, right, "{arguments}");
                    shown += 1;
                }
                None => assert!(!in_order, "{arguments}: {}", refused.message),
            }
        }
    }
    assert!(shown > 5, "{shown}");
}

/// What stood behind the cut may be anything: who else gets it, what else is changed.
#[test]
fn a_write_that_was_cut_has_no_example() {
    for (tool, list, items) in &lists() {
        let text = plain(tool, list, *items).to_string();
        for at in (2..text.len()).filter(|at| text.is_char_boundary(*at)) {
            let Err(refused) = call_text(tool, &text[..at]) else {
                assert_eq!(at, text.len() - 1, "{text}: more than the last brace was cut");
                continue;
            };
            assert!(
                refused.example.is_none(),
                "{} at {at}: {:?}",
                text,
                refused.example
            );
            assert!(
                refused.message.contains("early") || refused.message.contains("complete JSON"),
                "{at}: {}",
                refused.message
            );
        }
    }
}
