//! Every route of Zoho's that any tool reads: whatever stands there in place of the answer that was meant, what the model
//! reads is a failure, or says what is missing, or is what it was without. The calls are the cases under `tests/calls/`;
//! the routes are those that come by.
//!
//! Who says that such answers come: Zoho Desk and CRM API, error codes (LICENSE_ACCESS_LIMITED, FORBIDDEN, NO_PERMISSION
//! with `details.permissions`); reports of envelopes read as successes (schmorrison/Zoho#22, ahmader/node-zoho#15,
//! isotopo/zoho#8); the others are what any wire and any proxy on it can do.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use zoho_mcp::sandbox::Options;

use crate::bed::{Bed, USER};
use crate::every_list::between::{Between, Instead, Spoilt};
use crate::every_list::{answer, calls, has_failed, kind_of};

/// Routes that must come by at least, each once a tool.
const LEAST: usize = 75;

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

/// The object with its members changed, where anything of it is.
fn changed(answer: &[u8], change: impl FnOnce(&mut Map<String, Value>)) -> Option<Vec<u8>> {
    let before: Map<String, Value> = serde_json::from_slice(answer).ok()?;
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

#[tokio::test]
async fn no_route_fails_in_silence() {
    let mut bed = Bed::empty(Options::default()).await;
    let (between, url) = Between::before(&bed.sandbox.url).await;
    bed.sandbox.url = url;
    bed.connect(USER).await;
    // The organization is found and kept, and that it was is told once.
    answer(&bed, "count_records", &json!({ "module": "Cases" })).await;
    let (mut wrong, mut tried) = (Vec::new(), BTreeSet::new());
    for (tool, arguments) in calls() {
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
