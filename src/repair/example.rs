//! The shape of a right call: what was understood is kept, what is missing is named.

use serde_json::{Map, Value};

use super::mending::Mending;
use super::shape::Shape;

const LONGEST_KEPT: usize = 80;

/// A call of the right shape, built from the parts of `value` that fit.
pub(super) fn right_call(value: &Value, shape: &Shape, cx: &Mending) -> Value {
    let given = value.as_object();
    let mut call = Map::new();
    for property in &shape.properties {
        let there = given.and_then(|map| map.get(&property.name));
        let kept = there.and_then(|value| kept(value, &property.shape, &property.name, cx));
        if let Some(value) = kept {
            call.insert(property.name.clone(), value);
        } else if property.required || there.is_some_and(|value| !value.is_null()) {
            call.insert(
                property.name.clone(),
                stand_in(&property.name, &property.shape, cx),
            );
        }
    }
    Value::Object(call)
}

fn kept(value: &Value, shape: &Shape, name: &str, cx: &Mending) -> Option<Value> {
    match value {
        Value::Object(map) if shape.kinds.object && !shape.fits(value) => {
            let inner = right_call(&Value::Object(map.clone()), shape, cx);
            inner
                .as_object()
                .is_some_and(|map| !map.is_empty())
                .then_some(inner)
        }
        _ if !shape.fits(value) => None,
        Value::String(text) if text.chars().count() > LONGEST_KEPT => {
            Some(Value::from(format!("<{name} as you wrote it>")))
        }
        Value::Array(items) if items.len() > 10 => {
            Some(Value::from(vec![format!("<{name} as you wrote them>")]))
        }
        _ => Some(value.clone()),
    }
}

fn stand_in(name: &str, shape: &Shape, cx: &Mending) -> Value {
    if let Some(default) = shape.schema.get("default") {
        return default.clone();
    }
    if !shape.choices.is_empty() {
        let words: Vec<String> = shape.choices.iter().take(4).map(super::mending::shown).collect();
        let more = if shape.choices.len() > 4 { "|…" } else { "" };
        return Value::from(format!("<{}{more}>", words.join("|")));
    }
    let kinds = shape.kinds;
    if kinds.list {
        let item = shape
            .items
            .as_deref()
            .map_or_else(|| Value::from("<item>"), |items| stand_in("item", items, cx));
        return Value::Array(vec![item]);
    }
    match shape.format.as_deref() {
        Some("date") => return Value::from(cx.today.to_string()),
        Some("date-time") => return Value::from(format!("{}T09:00:00Z", cx.today)),
        _ => {}
    }
    if kinds.integer || kinds.number {
        return shape.schema.get("minimum").cloned().unwrap_or(Value::from(1));
    }
    if kinds.boolean {
        return Value::Bool(false);
    }
    if kinds.object {
        return right_call(&Value::Null, shape, cx);
    }
    Value::from(format!("<{name}>"))
}
