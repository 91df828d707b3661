//! A condition that says nothing, in every tool, field and notation: left out beside one that says something, and told;
//! refused by itself; and where a client in strict mode fills in all that a tool declares, no condition (client failures W5 and
//! W24; openai-agents#404, LangChain `strict=True`, cursor#3614).

use serde_json::{Map, Value, json};
use zoho_mcp::cli::assemble;
use zoho_mcp::sandbox::Options;

use crate::bed::{Bed, USER, Wire};
use crate::published::published;

/// The tools that take conditions, with the keys that each declares.
fn tools() -> Vec<(String, Vec<String>)> {
    let mut tools = Vec::new();
    for tool in published() {
        let filters = &tool["inputSchema"]["properties"]["filters"]["properties"];
        // No blank stands for all records where these are changed.
        let changes = tool["annotations"]["destructiveHint"] == true;
        if let Some(keys) = filters.as_object().filter(|_| !changes) {
            let name = tool["name"].as_str().unwrap().to_owned();
            tools.push((name, keys.keys().cloned().collect()));
        }
    }
    assert_eq!(tools.len(), 4, "{tools:?}");
    tools
}

/// Every way to write that something is one of nothing.
fn of(nothing: &Value) -> Vec<Value> {
    vec![
        nothing.clone(),
        json!([nothing]),
        json!({ "is": nothing }),
        json!({ "eq": nothing }),
        json!({ "in": [nothing] }),
    ]
}

/// What says nothing in any field.
fn nothings() -> Vec<Value> {
    let mut all = vec![
        json!([]),
        json!({}),
        json!({ "in": [] }),
        json!({ "not": [] }),
        json!({ "not": {} }),
        json!({ "between": [] }),
    ];
    for blank in ["", " \u{a0}"] {
        all.extend(of(&json!(blank)));
        all.extend([
            json!([blank, blank]),
            json!({ "not": blank }),
            json!({ "not": [blank] }),
            json!({ "from": blank, "to": blank }),
            json!({ "between": [blank, blank] }),
            json!({ "gt": blank }),
            json!({ "starts_with": blank }),
        ]);
    }
    all
}

/// What says nothing where every record has a value, and where no word stands.
fn nulls(words: bool) -> Vec<Value> {
    let mut all = of(&Value::Null);
    if words {
        all.extend(["null", "N/A", "none"].iter().flat_map(|word| of(&json!(word))));
    }
    all
}

struct Case {
    app: &'static str,
    module: &'static str,
    /// A condition that says something.
    says: (&'static str, Value),
    fields: &'static [(&'static str, Null)],
}

/// What null is in a field.
#[derive(Clone, Copy, PartialEq)]
enum Null {
    /// "Without a value".
    Says,
    /// Nothing.
    IsNothing,
    /// Nothing, and a word for it as well.
    AndItsWords,
}

fn cases() -> Vec<Case> {
    use Null::{AndItsWords, IsNothing, Says};
    vec![
        Case {
            app: "desk",
            module: "Cases",
            says: ("priority", json!("High")),
            fields: &[
                ("status", AndItsWords),
                ("createdTime", AndItsWords),
                ("subject", IsNothing),
                ("assignee", Says),
                ("threadCount", Says),
                ("cf_severity", Says),
            ],
        },
        Case {
            app: "desk",
            module: "Contacts",
            says: ("createdTime", json!({ "from": "2026-06-01" })),
            fields: &[("lastName", IsNothing), ("email", Says)],
        },
        Case {
            app: "crm",
            module: "Leads",
            says: ("Company", json!({ "starts_with": "a" })),
            fields: &[
                ("Owner", AndItsWords),
                ("Created_Time", AndItsWords),
                ("Last_Name", IsNothing),
                ("Lead_Status", Says),
                ("Annual_Revenue", Says),
            ],
        },
    ]
}

struct Caller {
    wire: Wire,
    _folder: tempfile::TempDir,
}

impl Caller {
    async fn of(bed: &Bed) -> Self {
        bed.connect(USER).await;
        let folder = tempfile::tempdir().unwrap();
        let mut config = bed.config(USER);
        config.said.toolsets = None;
        config.said.files = Some(folder.path().to_owned());
        let tools = assemble::calling(&config, &bed.clock).unwrap().tools;
        let wire = Wire::start(tools).await;
        Caller {
            wire,
            _folder: folder,
        }
    }

    async fn call(&mut self, tool: &str, case: &Case, filters: &Value) -> Value {
        let arguments = json!({ "module": case.module, "app_type": case.app, "filters": filters });
        self.wire.call(tool, arguments).await
    }
}

/// A sandbox that is soon looked through.
async fn few() -> Bed {
    Bed::empty(Options {
        tickets: 40,
        ..Options::default()
    })
    .await
}

/// How much a call has found, whatever its form; or why it cannot be made.
fn found(answer: &Value) -> Value {
    if answer["code"] == "invalid_arguments" {
        return answer["error"].clone();
    }
    let exported = &answer["data"]["records"];
    let count = if exported.is_null() {
        &answer["count"]
    } else {
        exported
    };
    assert!(count.is_u64(), "{answer:#}");
    json!([count, answer["has_more"], answer["data"][0]["id"]])
}

#[tokio::test]
async fn beside_others_it_is_left_out_and_told_and_by_itself_refused() {
    let bed = few().await;
    let mut caller = Caller::of(&bed).await;
    for (turn, (tool, _)) in tools().into_iter().enumerate() {
        for case in cases() {
            let (says, value) = case.says.clone();
            let plain = caller.call(&tool, &case, &json!({ says: value })).await;
            assert!(plain["error"].is_null(), "{plain:#}");
            for (place, (field, null)) in case.fields.iter().enumerate() {
                let mut blanks = nothings();
                if *null != Null::Says {
                    blanks.extend(nulls(*null == Null::AndItsWords));
                }
                // Each notation with each field, and the tools in turn.
                for blank in blanks.iter().skip((turn + place) % 4).step_by(4) {
                    let told = format!("{tool} {} {field} {blank}", case.module);
                    let both = json!({ says: value, *field: blank });
                    let beside = caller.call(&tool, &case, &both).await;
                    assert_eq!(found(&beside), found(&plain), "{told}: {beside:#}");
                    let place = format!("/filters/{field}");
                    assert!(
                        beside["repairs"].to_string().contains(&place),
                        "{told}: {beside:#}"
                    );
                    let alone = caller.call(&tool, &case, &json!({ *field: blank })).await;
                    assert_eq!(alone["code"], "invalid_arguments", "{told}: {alone:#}");
                    let problem = &alone["problems"][0];
                    assert_eq!(problem["path"], place, "{told}: {alone:#}");
                    let says_why = problem["got"].as_str().unwrap().ends_with("which says nothing");
                    assert!(says_why, "{told}: {alone:#}");
                }
            }
        }
    }
}

#[tokio::test]
async fn the_blank_form_of_a_strict_client_is_no_condition() {
    let bed = few().await;
    let mut caller = Caller::of(&bed).await;
    for (tool, keys) in tools() {
        for case in cases() {
            let (says, value) = case.says.clone();
            let all = caller.call(&tool, &case, &json!({})).await;
            let some = caller.call(&tool, &case, &json!({ says: value })).await;
            let span = json!({ "from": "", "to": null });
            for nothing in [
                json!(""),
                json!(" "),
                Value::Null,
                json!("null"),
                json!([]),
                json!({}),
                span,
            ] {
                let told = format!("{tool} {} {nothing}", case.module);
                let mut form: Map<String, Value> =
                    keys.iter().map(|key| (key.clone(), nothing.clone())).collect();
                let blank = caller.call(&tool, &case, &Value::Object(form.clone())).await;
                assert_eq!(found(&blank), found(&all), "{told}: {blank:#}");
                for key in keys.iter().filter(|_| blank["error"].is_null()) {
                    let place = format!("/filters/{key}");
                    assert!(blank["repairs"].to_string().contains(&place), "{told}: {blank:#}");
                }
                // Some of it only is no form.
                if let (Some(key), true) = (keys.first(), all["error"].is_null()) {
                    let part = caller.call(&tool, &case, &json!({ key.as_str(): nothing })).await;
                    let asks_for_none = nothing.is_null() && part["error"].is_null();
                    assert!(
                        asks_for_none || part["code"] == "invalid_arguments",
                        "{told}: {part:#}"
                    );
                }
                if form.insert(says.to_owned(), value.clone()).is_none() {
                    let beside = caller.call(&tool, &case, &Value::Object(form)).await;
                    assert_eq!(found(&beside), found(&some), "{told}: {beside:#}");
                }
            }
        }
    }
}
