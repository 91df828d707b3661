//! Every list in every answer that Zoho gives to any tool: when it holds more rows than fit, a row that cannot be read, or
//! is refused, the model's answer says so. The calls are the cases under `tests/calls/`, at least one a tool; the lists
//! are those that come by.

pub(crate) mod between;
mod of_each_module;

use std::collections::BTreeSet;

use between::{Between, Harm, UNREADABLE, is_inner, new_rows_in};
use serde_json::{Map, Value};
use zoho_mcp::sandbox::Options;
use zoho_mcp::tools::catalog::{Catalog, Selection};

use crate::bed::{Bed, USER, Wire};
use crate::calls::cases;
use crate::exports;

/// Lists that must come by at least.
const LEAST: usize = 80;
/// The same of calls about every module.
const LEAST_OF_EACH: usize = 40;

/// What is not told: of a list that is looked into for some ids nothing is lost where all of them were found.
const FOUND: &[(&str, &str, Harm)] = &[
    ("get_ticket_context", "/api/v1/accounts/id/sla", Harm::More),
    ("get_record", "/api/v1/departments", Harm::More),
    ("export_records", "/api/v1/agents", Harm::More),
    ("export_records", "/api/v1/departments", Harm::More),
    // Zoho lists the fields of a module without pages (Desk OAS, organizationFields).
    ("export_records", "/api/v1/fields", Harm::More),
];

/// Whether a list gives those that it is asked for by their ids (Desk's `agentsByIds` and the like): more are none of them.
fn is_by_ids(path: &str) -> bool {
    path.ends_with("ByIds")
}

/// The calls that a tool answers as they are written, and no fault is set for.
pub(crate) fn calls() -> Vec<(String, Value)> {
    let read = |path: std::path::PathBuf| {
        let case: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let tool = path.parent()?.file_name()?.to_str()?.to_owned();
        let mut arguments = case["arguments"]
            .as_object()
            .filter(|_| case["admin"].is_null())?
            .clone();
        if tool == "get_fields" {
            arguments.remove("fields"); // whoever names fields leaves the others out
        }
        Some((tool, Value::Object(arguments)))
    };
    cases().into_iter().filter_map(read).collect()
}

/// The answer of a server that remembers nothing.
pub(crate) async fn answer(bed: &Bed, tool: &str, arguments: &Value) -> Value {
    let _ = std::fs::remove_dir_all(bed.home.path().join("files"));
    let mut wire = Wire::start(exports::tools(bed).await).await;
    wire.call(tool, arguments.clone()).await
}

/// What an answer says of itself, beside its data.
fn said(answer: &Value) -> Map<String, Value> {
    let mut said = answer.as_object().unwrap().clone();
    for of_the_data in ["count", "next_cursor", "has_more"] {
        said.shift_remove(of_the_data);
    }
    if let Some(Value::Object(data)) = said.shift_remove("data") {
        said.extend(
            data.into_iter()
                .filter(|(key, _)| key.contains("total") || key == "errors"),
        );
    }
    said
}

/// Whether an answer says that there is more than it shows.
fn says_more(answer: &Value) -> bool {
    answer["has_more"] == true || answer["complete"] == false
}

pub(crate) fn has_failed(answer: &Value) -> bool {
    answer["error"].is_string()
}

/// What an answer shows: of a list without rows it is another, and no failure.
fn shows(before: &Value, emptied: &Value) -> bool {
    !has_failed(emptied) && emptied["data"] != before["data"]
}

/// The kind of a path: ids in it make no new list.
pub(crate) fn kind_of(path: &str) -> String {
    let kind =
        path.split('/').map(
            |part| match part.len() > 8 && part.bytes().all(|byte| byte.is_ascii_digit()) {
                true => "id",
                false => part,
            },
        );
    kind.collect::<Vec<_>>().join("/")
}

/// Whether the model reads of it; of a list that is looked into only, the same answer is a true one. A list inside of
/// another is shown as it is, or said to be cut.
fn is_told(harm: Harm, shown: bool, before: &Value, after: &Value) -> bool {
    let data = after["data"].to_string();
    has_failed(after)
        || said(after) != said(before)
        || !shown && after == before
        // What another call of Zoho's has as well is not lost.
        || matches!(harm, Harm::Refused | Harm::Disguised) && after == before
        || harm == Harm::More && (says_more(after) || new_rows_in(&data) == 400)
        || harm == Harm::Unreadable && data.contains(&UNREADABLE.to_string())
}

/// What of these calls was tried, and what was lost in silence.
struct Tried {
    lists: BTreeSet<(String, String, String)>,
    tools: BTreeSet<String>,
    silent: Vec<String>,
}

/// Harms each list that comes by in each of the calls, once for each tool.
async fn harm_all(bed: &Bed, between: &Between, calls: Vec<(String, Value)>) -> Tried {
    let (mut silent, mut tried, mut tools) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for (tool, arguments) in calls {
        between.lists();
        let before = answer(bed, &tool, &arguments).await;
        if before["error"].is_string() {
            continue;
        }
        tools.insert(tool.clone());
        for list in between.lists() {
            if !tried.insert((tool.clone(), kind_of(&list.0), list.1.clone())) {
                continue;
            }
            let spoilt = async |harm| {
                between.spoil(Some((list.clone(), harm)));
                let after = answer(bed, &tool, &arguments).await;
                between.spoil(None);
                after
            };
            let shown = shows(&before, &spoilt(Harm::Emptied).await);
            let of_its_own = |harm: &Harm| !is_inner(&list) || matches!(harm, Harm::Unreadable | Harm::More);
            for harm in Harm::ALL.into_iter().filter(of_its_own) {
                let after = spoilt(harm).await;
                let is_found = harm == Harm::More && is_by_ids(&list.0)
                    || FOUND.contains(&(tool.as_str(), kind_of(&list.0).as_str(), harm));
                if !is_found && !is_told(harm, shown, &before, &after) {
                    silent.push(format!("{tool} {arguments}: {} {} {harm:?}", list.0, list.1));
                }
            }
        }
    }
    Tried {
        lists: tried,
        tools,
        silent,
    }
}

async fn behind_a_proxy() -> (Bed, Between) {
    let mut bed = Bed::empty(Options::default()).await;
    let (between, url) = Between::before(&bed.sandbox.url).await;
    bed.sandbox.url = url;
    bed.connect(USER).await;
    (bed, between)
}

#[tokio::test]
async fn no_list_loses_a_row_in_silence() {
    let (bed, between) = behind_a_proxy().await;
    let Tried { lists, tools, silent } = harm_all(&bed, &between, calls()).await;
    let offered = Catalog::embedded(&Selection {
        files: true,
        ..Selection::default()
    });
    let offered = offered.unwrap();
    let untried: Vec<&str> = offered
        .names()
        .into_iter()
        .filter(|tool| !tools.contains(*tool))
        .collect();
    assert!(untried.is_empty(), "no call of {untried:?} goes well");
    assert!(lists.len() >= LEAST, "{} lists were tried", lists.len());
    assert!(silent.is_empty(), "{} in silence: {silent:#?}", silent.len());
}

/// The same for every module that a tool takes, whether a case is written for it or not.
#[tokio::test]
async fn no_list_of_any_module_loses_a_row_in_silence() {
    let (bed, between) = behind_a_proxy().await;
    let calls = of_each_module::calls(&bed).await;
    assert!(calls.len() >= LEAST_OF_EACH, "{} calls go well", calls.len());
    let Tried { lists, silent, .. } = harm_all(&bed, &between, calls).await;
    assert!(lists.len() >= LEAST_OF_EACH, "{} lists were tried", lists.len());
    assert!(silent.is_empty(), "{} in silence: {silent:#?}", silent.len());
}
