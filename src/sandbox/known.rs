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
    let Some((before, rest)) = text.split_once("${") else {
        return Ok(text.to_owned());
    };
    let (reference, after) = rest.split_once('}').ok_or("a ${ without its }")?;
    let (name, path) = reference.split_once('.').unwrap_or((reference, "id"));
    let answer = known
        .get(name)
        .ok_or_else(|| format!("no earlier step is known as {name:?}"))?;
    let value = &answer
        .pointer(&format!("/{}", path.replace('.', "/")))
        .unwrap_or(&Value::Null);
    let value = match value {
        Value::String(text) => text.clone(),
        Value::Null => return Err(format!("the answer known as {name:?} has no {path}")),
        other => other.to_string(),
    };
    Ok(format!("{before}{value}{}", fill(after, known)?))
}
