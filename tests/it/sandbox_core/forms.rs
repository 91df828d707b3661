//! The sandbox's own answers beside those that documents, SDKs and reports show (`tests/upstream`): what both have is of one
//! kind, a text here and there, a list here and there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Zoho;
use crate::upstream::{Answer, cases};

/// The kinds of the values of each member that an answer shows, and who shows it.
type Forms = BTreeMap<String, BTreeMap<&'static str, String>>;

/// Values of any kind, by the field that was changed.
const OF_ANY_KIND: [&str; 2] = ["updatedValue", "previousValue"];

fn kind(value: &Value) -> Option<&'static str> {
    match value {
        Value::Null => None,
        Value::Bool(_) => Some("flag"),
        Value::Number(_) => Some("number"),
        Value::String(_) => Some("text"),
        Value::Array(_) => Some("list"),
        Value::Object(_) => Some("object"),
    }
}

fn read(value: &Value, place: &str, source: &str, forms: &mut Forms) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                read(member, &format!("{place}.{name}"), source, forms);
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| read(item, &format!("{place}[]"), source, forms)),
        _ => {}
    }
    if let Some(kind) = kind(value) {
        let kinds = forms.entry(place.to_owned()).or_default();
        kinds.entry(kind).or_insert_with(|| source.to_owned());
    }
}

/// Whether an answer is none of a product's own: an error in place of what was asked for.
fn is_refusal(body: &Value) -> bool {
    ["errorCode", "error"].iter().any(|name| body.get(name).is_some()) || body["status"] == "error"
}

/// What is shown of each path; ids in it are `{}`. What a case has assumed is shown by nobody.
fn shown() -> BTreeMap<String, Forms> {
    let part = |part: &str| match part.len() > 4 && part.parse::<u64>().is_ok() {
        true => "{}".to_owned(),
        false => part.to_owned(),
    };
    let mut shown: BTreeMap<String, Forms> = BTreeMap::new();
    for case in cases().iter().filter(|case| !case.source.contains("assumed")) {
        let good = |answer: &&Answer| answer.status == 200 && !is_refusal(&answer.body);
        for answer in case.zoho.iter().filter(good) {
            let path: Vec<String> = answer.path.split('/').map(part).collect();
            let forms = shown.entry(path.join("/")).or_default();
            read(&answer.body, "", &case.source, forms);
        }
    }
    shown
}

/// The address of a path in the sandbox, with the first record where an id stands, and what must be asked with it.
async fn address(zoho: &Zoho, token: &str, path: &str, forms: &Forms) -> Option<String> {
    let mut real = path.to_owned();
    if let Some((module, _)) = path.split_once("/{}") {
        let first = match module.starts_with("/crm") {
            true => format!("{module}?fields=id&per_page=1"),
            false => format!("{module}?limit=1"),
        };
        let rows = answer(zoho, token, &first).await?;
        real = path.replacen("{}", rows["data"][0]["id"].as_str()?, 1);
    }
    if real.contains("{}") {
        return None;
    }
    let is_crm = real.starts_with("/crm/v8/")
        && !["settings", "coql", "users", "org"]
            .iter()
            .any(|part| real.contains(part));
    let names: BTreeSet<&str> = forms
        .keys()
        .filter_map(|place| place.strip_prefix(".data[].")?.split(['.', '[']).next())
        .collect();
    let names: Vec<&str> = names.into_iter().collect();
    Some(match real.as_str() {
        path if path.contains("/settings/") => format!("{path}?module=Leads"),
        path if path.ends_with("/search") => format!("{path}?word=a&fields={}", names.join(",")),
        path if is_crm => format!("{path}?fields={}", names.join(",")),
        path => path.to_owned(),
    })
}

async fn answer(zoho: &Zoho, token: &str, address: &str) -> Option<Value> {
    let request = zoho.api_request(address, token);
    let organization = &zoho.sandbox.desk_organizations[0].0;
    let answer = request.header("orgId", organization).send().await.unwrap();
    let body = answer.bytes().await.unwrap();
    serde_json::from_slice(&body)
        .ok()
        .filter(|body| !is_refusal(body))
}

#[tokio::test]
async fn what_both_show_is_of_one_kind() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    let (mut faults, mut compared) = (Vec::new(), 0);
    for (path, forms) in shown() {
        let Some(address) = address(&zoho, &token, &path, &forms).await else {
            continue;
        };
        let Some(own) = answer(&zoho, &token, &address).await else {
            continue;
        };
        let mut own_forms = Forms::new();
        read(&own, "", "the sandbox", &mut own_forms);
        for (place, kinds) in &forms {
            let is_of_any = OF_ANY_KIND.iter().any(|name| place.ends_with(name));
            let Some(own) = own_forms.get(place).filter(|_| !is_of_any) else {
                continue;
            };
            compared += 1;
            if !own.keys().any(|kind| kinds.contains_key(kind)) {
                faults.push(format!("{path} {place}: {own:?} here, {kinds:?} there"));
            }
        }
    }
    assert!(compared > 150, "{compared}");
    assert!(faults.is_empty(), "{faults:#?}");
}
