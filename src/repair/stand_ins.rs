//! What stands in an example where a value is needed: something the place accepts, and nobody takes for what he meant.

use serde_json::{Map, Value, json};

use super::shape::Shape;

/// Values for places that a pattern or a format checks: the first that is accepted stands there.
const KNOWN: [&str; 14] = [
    "Name",
    "cf_name",
    "+10000000000",
    "2026-11-30",
    "2026-11-30T17:00:00Z",
    "name@domain.example",
    "https://domain.example/",
    "17:00:00Z",
    "P1D",
    "00000000-0000-0000-0000-000000000000",
    "192.0.2.1",
    "2001:db8::1",
    "n",
    "N",
];

/// A value that the place accepts, when one is known.
pub(super) fn stand_in(name: &str, shape: &Shape) -> Option<Value> {
    let declared = ["x-example", "default", "examples"]
        .into_iter()
        .filter_map(|key| shape.schema.get(key));
    let declared = declared.flat_map(|value| match value {
        Value::Array(values) if !shape.kinds.list => values.clone(),
        value => vec![value.clone()],
    });
    let chosen = shape.choices.iter().filter(|choice| !choice.is_null()).cloned();
    let branches = shape.branches.iter().filter_map(|branch| stand_in(name, branch));
    let of_kind = std::iter::once_with(|| of_kind(name, shape)).flatten();
    let mut candidates = declared.chain(chosen).chain(of_kind).chain(branches);
    candidates.find(|candidate| shape.fits(candidate))
}

/// A text that the place accepts and nobody takes for a value at all: what a write shows for what was not said.
pub(super) fn placeholder(name: &str, shape: &Shape) -> Option<Value> {
    if !shape.choices.is_empty() {
        return None;
    }
    let found = if shape.kinds.text {
        texts(name, shape)
    } else if shape.kinds.list {
        let item = placeholder("item", shape.items.as_deref()?)?;
        vec![Value::Array(vec![item])]
    } else {
        Vec::new()
    };
    found.into_iter().find(|candidate| shape.fits(candidate))
}

fn of_kind(name: &str, shape: &Shape) -> Vec<Value> {
    let kinds = shape.kinds;
    if kinds.text {
        return texts(name, shape);
    }
    if kinds.integer || kinds.number {
        let bound = |key: &str| shape.schema.get(key).filter(|bound| bound.is_number()).cloned();
        let past = |key: &str, step: i64| Some(json!(shape.schema.get(key)?.as_i64()?.checked_add(step)?));
        let bounds = [
            bound("minimum"),
            past("exclusiveMinimum", 1),
            bound("maximum"),
            past("exclusiveMaximum", -1),
        ];
        return bounds
            .into_iter()
            .flatten()
            .chain([bound("multipleOf")].into_iter().flatten())
            .chain([json!(1)])
            .collect();
    }
    if kinds.boolean {
        return vec![json!(false)];
    }
    if kinds.list {
        let item = shape
            .items
            .as_deref()
            .map_or_else(|| Some(json!("<item>")), |items| stand_in("item", items));
        return item.map(|item| Value::Array(vec![item])).into_iter().collect();
    }
    if kinds.object {
        vec![object(shape)]
    } else {
        vec![json!(format!("<{name}>"))]
    }
}

fn object(shape: &Shape) -> Value {
    let required = shape.properties.iter().filter(|property| property.required);
    let mut object: Map<String, Value> = required
        .filter_map(|one| Some((one.name.clone(), stand_in(&one.name, &one.shape)?)))
        .collect();
    if object.is_empty() && !shape.fits(&json!({})) {
        let first = shape
            .properties
            .first()
            .and_then(|one| Some((one.name.clone(), stand_in(&one.name, &one.shape)?)));
        let free = shape
            .rest
            .as_deref()
            .and_then(|rest| Some(("cf_name".to_owned(), stand_in("value", rest)?)));
        object.extend(first.or(free));
    }
    Value::Object(object)
}

/// `<name>` where any text goes, as long as the place wants it; else what is known, and zeros where digits are wanted.
fn texts(name: &str, shape: &Shape) -> Vec<Value> {
    let length = |key: &str| {
        shape
            .schema
            .get(key)
            .and_then(Value::as_u64)
            .and_then(|n| usize::try_from(n).ok())
    };
    let (least, most) = (
        length("minLength").unwrap_or(0),
        length("maxLength").unwrap_or(usize::MAX),
    );
    let named = format!("<{name}>");
    let named = format!(
        "{named}{}",
        "x".repeat(least.saturating_sub(named.chars().count()).min(10_000))
    );
    let named: String = named.chars().take(most).collect();
    let known = KNOWN.iter().copied().map(Value::from);
    if !shape.is_constrained() {
        return vec![Value::from(named)];
    }
    let zeros = (10..=20).chain(1..10).map(|width| Value::from("0".repeat(width)));
    [Value::from(named), Value::from(name)]
        .into_iter()
        .chain(known)
        .chain(zeros)
        .collect()
}
