//! What earlier answers are known by: `${case.id}` in a later text is what the answer known as `case` holds under `id`.

use std::collections::BTreeMap;

use serde_json::Value;

/// A value with `${name.key}` replaced by what that answer holds there.
pub(crate) fn filled(step: &Value, known: &BTreeMap<String, Value>) -> Result<Value, String> {
    Ok(match step {
        Value::String(text) => Value::String(fill(text, known)?),
        Value::Array(items) => items
            .iter()
            .map(|item| filled(item, known))
            .collect::<Result<_, _>>()?,
        Value::Object(members) => {
            let filled = members
                .iter()
                .map(|(key, value)| Ok((key.clone(), filled(value, known)?)));
            Value::Object(filled.collect::<Result<_, String>>()?)
        }
        other => other.clone(),
    })
}

/// A text with its references replaced.
pub(crate) fn fill(text: &str, known: &BTreeMap<String, Value>) -> Result<String, String> {
    let (mut filled, mut rest) = (String::new(), text);
    while let Some((before, behind)) = rest.split_once("${") {
        let (reference, after) = behind.split_once('}').ok_or("a ${ without its }")?;
        filled.push_str(before);
        filled.push_str(&looked_up(reference, known)?);
        rest = after;
    }
    Ok(filled + rest)
}

/// What a reference stands for; without a path it is the id.
fn looked_up(reference: &str, known: &BTreeMap<String, Value>) -> Result<String, String> {
    let (name, path) = reference.split_once('.').unwrap_or((reference, "id"));
    let answer = known
        .get(name)
        .ok_or_else(|| format!("no earlier step is known as {name:?}"))?;
    match answer.pointer(&format!("/{}", path.replace('.', "/"))) {
        None | Some(Value::Null) => Err(format!("the answer known as {name:?} has no {path}")),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(other) => Ok(other.to_string()),
    }
}
