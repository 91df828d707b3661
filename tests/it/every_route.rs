//! Every route of Zoho's that any tool reads: whatever stands there in place of the answer that was meant, what the model
//! reads is a failure, or says what is missing, or is what it was without. The calls are the cases under `tests/calls/`
//! and those that the module files make possible: every list, record and related list of both products.
//!
//! Who says that such answers come: Zoho Desk and CRM API, error codes (LICENSE_ACCESS_LIMITED, FORBIDDEN, NO_PERMISSION
//! with `details.permissions`); reports of envelopes read as successes (schmorrison/Zoho#22, ahmader/node-zoho#15,
//! isotopo/zoho#8); the others are what any wire and any proxy on it can do.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use zoho_mcp::connections::Product;
use zoho_mcp::sandbox::Options;
use zoho_mcp::tools::modules;

use crate::bed::{Bed, USER};
use crate::every_list::between::{Between, Instead, Spoilt};
use crate::every_list::{answer, calls, has_failed, kind_of};

/// Routes that must come by at least, each once a tool.
const LEAST: usize = 180;

const JSON: &str = "application/json;charset=UTF-8";

/// What stands in place of an answer: its name, the words of it that the model reads, and what it is.
const INSTEAD: &[(&str, &str, Instead)] = &[
    (
        "an envelope of Desk",
        "SPOILT",
        whole(200, JSON, r#"{"errorCode":"SPOILT","message":"no"}"#),
    ),
    (
        "an envelope of CRM",
        "SPOILT",
        whole(
            200,
            JSON,
            r#"{"code":"SPOILT","details":{},"message":"no","status":"error"}"#,
        ),
    ),
    (
        "a row that is an error",
        "SPOILT",
        whole(
            200,
            JSON,
            r#"{"data":[{"code":"SPOILT","details":{},"message":"no","status":"error"}]}"#,
        ),
    ),
    (
        "HTML that is called JSON",
        "",
        whole(200, JSON, "<!DOCTYPE html><html><body>Sign in</body></html>"),
    ),
    (
        "HTML",
        "",
        whole(200, "text/html", "<html><body>Sign in</body></html>"),
    ),
    (
        "half of it",
        "",
        on_its_way(|answer| Some(answer[..answer.len() / 2].to_vec())),
    ),
    ("an object without anything", "", whole(200, JSON, "{}")),
    ("a list in place of it", "", whole(200, JSON, "[]")),
    ("null", "", whole(200, JSON, "null")),
    (
        "lists that are null",
        "",
        on_its_way(|answer| without_lists(answer, Value::Null)),
    ),
    (
        "lists that are objects",
        "",
        on_its_way(|answer| without_lists(answer, json!({}))),
    ),
    ("lists under another key", "", on_its_way(with_other_keys)),
    ("rows that are null", "", on_its_way(without_rows)),
    (
        "a licence that does not hold it",
        "LICENSE_ACCESS_LIMITED",
        whole(
            403,
            JSON,
            r#"{"errorCode":"LICENSE_ACCESS_LIMITED","message":"not in your edition"}"#,
        ),
    ),
    (
        "a permission that is missing",
        "Crm_Implied_Api_Access",
        whole(
            403,
            JSON,
            r#"{"code":"NO_PERMISSION","details":{"permissions":["Crm_Implied_Api_Access"]},"message":"permission denied",
                "status":"error"}"#,
        ),
    ),
];

const fn whole(status: u16, content_type: &'static str, text: &'static str) -> Instead {
    Instead {
        status,
        content_type,
        body: Spoilt::Whole(text),
    }
}

const fn on_its_way(spoil: fn(&[u8]) -> Option<Vec<u8>>) -> Instead {
    Instead {
        status: 200,
        content_type: JSON,
        body: Spoilt::OnItsWay(spoil),
    }
}

fn without_lists(answer: &[u8], instead: Value) -> Option<Vec<u8>> {
    changed(answer, |members| {
        let lists = members.values_mut().filter(|member| member.is_array());
        lists.for_each(|list| *list = instead.clone());
    })
}

fn with_other_keys(answer: &[u8]) -> Option<Vec<u8>> {
    changed(answer, |members| {
        let all = std::mem::take(members).into_iter();
        members.extend(all.map(|(key, member)| match member.is_array() {
            true => (format!("{key}_of_theirs"), member),
            false => (key, member),
        }));
    })
}

fn without_rows(answer: &[u8]) -> Option<Vec<u8>> {
    changed(answer, |members| {
        let lists = members.values_mut().filter_map(Value::as_array_mut);
        let rows = lists.flatten().filter(|row| row.is_object());
        rows.for_each(|row| *row = Value::Null);
    })
}

/// The object with its members changed, where anything of it is. A list inside of a record is a matter of the record.
fn changed(answer: &[u8], change: impl FnOnce(&mut Map<String, Value>)) -> Option<Vec<u8>> {
    let before: Map<String, Value> = serde_json::from_slice(answer).ok()?;
    if before.contains_key("id") {
        return None;
    }
    let mut members = before.clone();
    change(&mut members);
    (members != before).then(|| serde_json::to_vec(&members).unwrap())
}

/// What an answer says is missing of it.
fn told(answer: &Value) -> Value {
    json!([answer["notes"], answer["complete"], answer["data"]["errors"]])
}

/// What is wrong with what the model reads.
fn fault(before: &Value, after: &Value, words: &str) -> Option<&'static str> {
    if after == before {
        return None;
    }
    let text = after.to_string();
    match () {
        () if !has_failed(after) && told(after) == told(before) => Some("in silence"),
        () if after["code"] == "internal" => Some("as a fault of ours"),
        () if ["scope_missing", "reconnect_needed", "no_connection"]
            .contains(&after["code"].as_str().unwrap_or_default()) =>
        {
            Some("as a matter of the connection")
        }
        () if !text.contains(words) => Some("without Zoho's words"),
        () => None,
    }
}

/// A bed whose server asks through a proxy.
async fn bed() -> (Bed, Between) {
    let mut bed = Bed::empty(Options::default()).await;
    let (between, url) = Between::before(&bed.sandbox.url).await;
    bed.sandbox.url = url;
    bed.connect(USER).await;
    // The organization is found and kept, and that it was is told once.
    answer(&bed, "count_records", &json!({ "module": "Cases" })).await;
    (bed, between)
}

/// The cases, and a call of everything that the files of the modules know.
async fn all_calls(bed: &Bed) -> Vec<(String, Value)> {
    let mut all = calls();
    for product in [Product::Desk, Product::Crm] {
        for module in modules::all(product) {
            let of_it = |more: Value| {
                let mut arguments = json!({ "module": module.name, "app_type": product.as_str() });
                arguments
                    .as_object_mut()
                    .unwrap()
                    .extend(more.as_object().unwrap().clone());
                arguments
            };
            let listed = of_it(json!({ "limit": 2 }));
            let first = answer(bed, "get_records", &listed).await["data"][0]["id"].clone();
            all.push(("get_records".to_owned(), listed));
            all.push((
                "search_records".to_owned(),
                of_it(json!({ "query": "the", "limit": 2 })),
            ));
            all.push(("count_records".to_owned(), of_it(json!({}))));
            all.push(("get_record".to_owned(), of_it(json!({ "id": first }))));
            for list in module.related.keys() {
                let related = of_it(json!({ "id": first, "related": list, "limit": 2 }));
                all.push(("get_related_records".to_owned(), related));
            }
        }
    }
    all
}

/// The answer with its ids as numbers.
fn with_numbers(answer: &[u8]) -> Option<Vec<u8>> {
    fn number_ids(value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(number_ids),
            Value::Object(members) => {
                for (key, member) in members {
                    let is_id = key == "id" || key.ends_with("Id") || key.ends_with("_id");
                    let number = member
                        .as_str()
                        .filter(|_| is_id)
                        .and_then(|id| id.parse::<u64>().ok());
                    match number {
                        Some(number) => *member = json!(number),
                        None => number_ids(member),
                    }
                }
            }
            _ => {}
        }
    }
    let mut changed: Value = serde_json::from_slice(answer).ok()?;
    number_ids(&mut changed);
    serde_json::to_vec(&changed).ok()
}

/// ComposioHQ/composio#3128: ids of 19 digits that come as numbers lose digits where they become floating.
#[tokio::test]
async fn ids_that_are_numbers_keep_their_digits_everywhere() {
    let (bed, between) = bed().await;
    let (mut wrong, mut tried) = (Vec::new(), BTreeSet::new());
    for (tool, arguments) in all_calls(&bed).await {
        between.answer(None);
        let before = answer(&bed, &tool, &arguments).await;
        for path in between.asked().into_keys().filter(|_| !has_failed(&before)) {
            if tried.insert((tool.clone(), kind_of(&path))) {
                between.answer(Some((&path, 0, on_its_way(with_numbers))));
                let after = answer(&bed, &tool, &arguments).await;
                if after != before {
                    wrong.push(format!(
                        "{tool} {arguments}: {path}: {after}\n  in place of {before}"
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} routes: {wrong:#?}",
        wrong.len(),
        tried.len()
    );
}

#[tokio::test]
async fn no_route_fails_in_silence() {
    let (bed, between) = bed().await;
    let (mut wrong, mut tried) = (Vec::new(), BTreeSet::new());
    for (tool, arguments) in all_calls(&bed).await {
        between.answer(None);
        let before = answer(&bed, &tool, &arguments).await;
        if has_failed(&before) {
            continue;
        }
        for (path, times) in between.asked() {
            if !tried.insert((tool.clone(), kind_of(&path), times > 1)) {
                continue;
            }
            let last = (times > 1).then_some(times - 1);
            for (name, words, instead) in INSTEAD {
                for first in std::iter::once(0).chain(last) {
                    between.answer(Some((&path, first, *instead)));
                    let after = answer(&bed, &tool, &arguments).await;
                    if let Some(fault) = fault(&before, &after, words) {
                        wrong.push(format!(
                            "{tool} {arguments}: {path} is {name} from {first} on: {fault}: {after}\n  in place of {before}"
                        ));
                    }
                }
            }
        }
    }
    assert!(tried.len() >= LEAST, "{} routes were tried", tried.len());
    assert!(
        wrong.is_empty(),
        "{} of {} routes: {wrong:#?}",
        wrong.len(),
        tried.len()
    );
}
