//! Calls of every tool about every module, made from the tool set and the module files: what a tool requires is taken from
//! what the sandbox holds.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::has_failed;
use crate::bed::{Bed, Wire};
use crate::exports;

/// Related lists of CRM that are modules of their own, beside those the module file names.
const OF_CRM: [&str; 3] = ["Notes", "Deals", "Contacts"];
/// A custom module of Desk.
const CUSTOM: &str = "cm_service_vehicles";

fn read(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The tools that read, and whose calls name a module.
fn tools() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tool-schemas");
    let toolsets = std::fs::read_dir(folder).unwrap().map(|one| one.unwrap().path());
    let files = toolsets
        .filter(|path| path.join("toolset.json").exists())
        .flat_map(|path| std::fs::read_dir(path).unwrap().map(|one| one.unwrap().path()));
    let mut files: Vec<_> = files.filter(|path| !path.ends_with("toolset.json")).collect();
    files.sort();
    let all = files.iter().map(|path| read(path));
    all.filter(|tool| tool["operation"]["effect"] == "read" && requires(tool, "module"))
        .collect()
}

fn requires(tool: &Value, name: &str) -> bool {
    let required = tool["inputSchema"]["required"].as_array();
    required.is_some_and(|all| all.contains(&json!(name)))
}

fn takes(tool: &Value, name: &str) -> bool {
    tool["inputSchema"]["properties"][name].is_object()
}

/// Each module of both products, and its related lists.
fn modules() -> Vec<(&'static str, String, Vec<String>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tool-schemas/modules");
    let mut all = vec![("desk", CUSTOM.to_owned(), Vec::new())];
    for product in ["desk", "crm"] {
        let file = read(&folder.join(format!("{product}.json")));
        let named = |one: &Value| one["name"].as_str().unwrap().to_owned();
        let others: Vec<String> = file["related"]
            .as_array()
            .into_iter()
            .flatten()
            .map(named)
            .collect();
        for module in file["modules"].as_array().unwrap() {
            let own = module["related"]
                .as_object()
                .into_iter()
                .flat_map(|lists| lists.keys());
            let of_crm = OF_CRM
                .iter()
                .filter(|_| product == "crm")
                .map(|one| (*one).to_owned());
            let lists = own.cloned().chain(others.iter().cloned()).chain(of_crm).collect();
            all.push((product, named(module), lists));
        }
    }
    all
}

/// What a call of the tool may look like, the likeliest first: some modules are listed by a condition only.
fn forms(
    tool: &Value,
    about: &Map<String, Value>,
    product: &str,
    id: &Value,
    list: Option<&String>,
) -> Vec<Value> {
    let mut plain = about.clone();
    if takes(tool, "id") {
        plain.insert("id".to_owned(), id.clone());
    }
    plain.extend(list.map(|list| ("related".to_owned(), json!(list))));
    let mut timed = plain.clone();
    let field = if product == "desk" {
        "createdTime"
    } else {
        "Created_Time"
    };
    timed.insert("filters".to_owned(), json!({ field: { "from": "2020-01-01" } }));
    match takes(tool, "filters") {
        true => vec![Value::Object(plain), Value::Object(timed)],
        false => vec![Value::Object(plain)],
    }
}

/// The calls that go well: about each module those of two tools, each in its turn, with one related list in its turn. All of
/// them with each fault take five minutes.
pub(super) async fn calls(bed: &Bed) -> Vec<(String, Value)> {
    let mut wire = Wire::start(exports::tools(bed).await).await;
    let tools = tools();
    let mut calls = Vec::new();
    for (turn, (product, module, lists)) in modules().into_iter().enumerate() {
        let about = json!({ "module": module, "app_type": product });
        let about = about.as_object().unwrap().clone();
        let rows = wire.call("get_records", Value::Object(about.clone())).await;
        let id = rows["data"][0]["id"].clone();
        for tool in tools.iter().cycle().skip(turn * 2).take(2) {
            let name = tool["name"].as_str().unwrap();
            if requires(tool, "attachment_id") || takes(tool, "id") && id.is_null() {
                continue;
            }
            let lists: Vec<Option<&String>> = match takes(tool, "related") {
                true => lists.iter().cycle().skip(turn).take(1).map(Some).collect(),
                false => vec![None],
            };
            for list in lists {
                for call in forms(tool, &about, product, &id, list) {
                    let answer = wire.call(name, call.clone()).await;
                    if !has_failed(&answer) && answer["data"] != json!([]) {
                        calls.push((name.to_owned(), call));
                        break;
                    }
                }
            }
        }
    }
    calls
}
