//! The shape of a right call: what was understood is kept, what is missing or wrong is a stand-in that names it.

use serde_json::{Map, Value};

use super::Problem;
use super::mending::shown;
use super::problems::describe;
use super::shape::Shape;
use crate::names::pointer;

const LONGEST_KEPT: usize = 80;
const MOST_KEPT: usize = 10;

/// A call of the right shape, built from the parts of `value` that no problem is about.
pub(super) fn right_call(value: &Value, shape: &Shape, problems: &[Problem]) -> Value {
    below(value, shape, problems, "")
}

fn below(value: &Value, shape: &Shape, problems: &[Problem], path: &str) -> Value {
    let given = value.as_object();
    let mut call = Map::new();
    for property in &shape.properties {
        let here = pointer::below(path, &property.name);
        let there = given.and_then(|map| map.get(&property.name));
        let kept = there.and_then(|value| kept(value, &property.shape, &property.name, problems, &here));
        if let Some(value) = kept {
            call.insert(property.name.clone(), value);
        } else if property.required || there.is_some_and(|value| !value.is_null()) {
            call.insert(property.name.clone(), stand_in(&property.name, &property.shape));
        }
    }
    let least = shape
        .schema
        .get("minProperties")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    if path.is_empty() && usize::try_from(least).is_ok_and(|least| call.len() < least) {
        call.insert("<key>".to_owned(), Value::from("<value>"));
    }
    Value::Object(call)
}

fn kept(value: &Value, shape: &Shape, name: &str, problems: &[Problem], here: &str) -> Option<Value> {
    let inside = |path: &str| {
        path.strip_prefix(here)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let wrong = problems.iter().any(|problem| inside(&problem.path));
    match value {
        Value::Object(_) if shape.kinds.object && !shape.fits(value) => {
            let inner = below(value, shape, problems, here);
            inner
                .as_object()
                .is_some_and(|map| !map.is_empty())
                .then_some(inner)
        }
        _ if wrong || !shape.fits(value) => None,
        Value::String(text) if text.chars().count() > LONGEST_KEPT => {
            Some(Value::from(format!("<{name} as you wrote it>")))
        }
        Value::Array(items) if items.len() > MOST_KEPT => {
            Some(Value::from(vec![format!("<{name} as you wrote them>")]))
        }
        _ => Some(value.clone()),
    }
}

/// What stands where a value is needed: never a value that could be sent by mistake.
fn stand_in(name: &str, shape: &Shape) -> Value {
    if !shape.choices.is_empty() {
        let words: Vec<String> = shape.choices.iter().take(4).map(shown).collect();
        let more = if shape.choices.len() > 4 { "|…" } else { "" };
        return Value::from(format!("<{}{more}>", words.join("|")));
    }
    match shape.format.as_deref() {
        Some("date") => return Value::from("<YYYY-MM-DD>"),
        Some("date-time") => return Value::from("<YYYY-MM-DDThh:mm:ssZ>"),
        _ => {}
    }
    let kinds = shape.kinds;
    if kinds.list {
        let item = shape
            .items
            .as_deref()
            .map_or_else(|| Value::from("<item>"), |items| stand_in("item", items));
        return Value::Array(vec![item]);
    }
    if kinds.object {
        return below(&Value::Null, shape, &[], "/");
    }
    if kinds.boolean || kinds.integer || kinds.number {
        return Value::from(format!("<{}>", describe(shape)));
    }
    Value::from(format!("<{name}>"))
}
