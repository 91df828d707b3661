//! `@{first:$.data[0].details.id}`: what a part takes from the answer of another. Source: the composite page of v8, which
//! gives the form, this example, and the codes INVALID_REFERENCE and LOOPING_FOUND with their details. (Assumed: a text
//! that is a reference and nothing else becomes what it refers to, a number included; a part whose reference leads nowhere
//! when its turn comes fails alone.)

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::KEY;
use crate::crm::answer;
use crate::crm::schema::Row;
use crate::http::Reply;

/// A reference as it is written, and whose answer it is about.
struct Reference<'t> {
    written: &'t str,
    id: &'t str,
    path: &'t str,
}

/// The id by which others know a part.
pub(super) fn id_of(part: &Row) -> Option<&str> {
    part.get("sub_request_id").and_then(Value::as_str)
}

/// Where the parts stand in the order in which each comes after those it refers to.
pub(super) fn order(parts: &[Row]) -> Result<Vec<usize>, Reply> {
    let mut needs: Vec<Vec<usize>> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let whole = Value::Object(part.clone()).to_string();
        let mut found = Vec::new();
        for reference in all(&whole) {
            let other = parts.iter().position(|other| id_of(other) == Some(reference.id));
            found.push(other.ok_or_else(|| {
                answer::refuse(
                    400,
                    "INVALID_REFERENCE",
                    &details(part, at, reference.written),
                    "invalid reference",
                )
            })?);
        }
        needs.push(found);
    }
    let mut order: Vec<usize> = Vec::new();
    while order.len() < parts.len() {
        let is_next = |at: &usize| !order.contains(at) && needs[*at].iter().all(|need| order.contains(need));
        match (0..parts.len()).find(is_next) {
            Some(at) => order.push(at),
            None => {
                let left: Vec<usize> = (0..parts.len()).filter(|at| !order.contains(at)).collect();
                let at = left[0];
                let told = json!({
                    "api_name": KEY,
                    "json_path": format!("$.{KEY}[{at}]"),
                    "sub_request_indexes": left,
                });
                return Err(answer::refuse(400, "LOOPING_FOUND", &told, "looping found"));
            }
        }
    }
    Ok(order)
}

/// The part with what the answers before it hold in the place of its references; otherwise the one that leads nowhere.
pub(super) fn filled(part: &Row, answers: &BTreeMap<String, Value>) -> Result<Row, String> {
    part.iter()
        .map(|(name, value)| Ok((name.clone(), filled_value(value, answers)?)))
        .collect()
}

/// Which reference of which part.
pub(super) fn details(part: &Row, at: usize, written: &str) -> Value {
    let holder = part.iter().find(|(_, value)| value.to_string().contains(written));
    let name = holder.map_or("body", |(name, _)| name.as_str());
    json!({ "api_name": name, "json_path": format!("$.{KEY}[{at}].{name}"), "reference": written })
}

fn filled_value(value: &Value, answers: &BTreeMap<String, Value>) -> Result<Value, String> {
    match value {
        Value::String(text) => filled_text(text, answers),
        Value::Array(items) => items.iter().map(|item| filled_value(item, answers)).collect(),
        Value::Object(members) => filled(members, answers).map(Value::Object),
        other => Ok(other.clone()),
    }
}

fn filled_text(text: &str, answers: &BTreeMap<String, Value>) -> Result<Value, String> {
    let mut told = text.to_owned();
    for reference in all(text) {
        let found = answers
            .get(reference.id)
            .and_then(|answer| at(answer, reference.path))
            .ok_or_else(|| reference.written.to_owned())?;
        if reference.written == text {
            return Ok(found.clone());
        }
        let found = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
        told = told.replace(reference.written, &found);
    }
    Ok(Value::String(told))
}

fn all(text: &str) -> Vec<Reference<'_>> {
    let starts = text.match_indices("@{").map(|(start, _)| start);
    starts
        .filter_map(|start| {
            let end = start + text[start..].find('}')?;
            let (id, path) = text[start + 2..end].split_once(':')?;
            Some(Reference {
                written: &text[start..=end],
                id,
                path,
            })
        })
        .collect()
}

/// `$.data[0].details.id`
fn at<'v>(answer: &'v Value, path: &str) -> Option<&'v Value> {
    let steps = path.strip_prefix('$')?.replace('[', ".").replace(']', "");
    steps
        .split('.')
        .filter(|step| !step.is_empty())
        .try_fold(answer, |value, step| match value {
            Value::Array(items) => items.get(step.parse::<usize>().ok()?),
            other => other.get(step),
        })
}
