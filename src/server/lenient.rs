//! In front of the SDK's parser: the arguments of `tools/call` travel on as the text the caller wrote, so that the
//! repair loop sees a string, an array, a duplicate key or a long number as it was sent.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// The one private key under which the written arguments are handed on.
const WRITTEN: &str = "zoho-mcp/arguments";

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    method: Option<Cow<'a, str>>,
    #[serde(borrow)]
    params: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Params<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    arguments: Option<&'a RawValue>,
}

/// `null` counts as written.
fn present<'de: 'a, 'a, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<&'a RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// The message with its arguments wrapped, when it is a `tools/call` that has any; else as it came.
pub fn wrap(line: &str) -> Cow<'_, str> {
    match arguments(line) {
        Some(written) => {
            let start = written.as_ptr() as usize - line.as_ptr() as usize;
            let (before, rest) = line.split_at_checked(start).unwrap_or((line, ""));
            let after = rest.get(written.len()..).unwrap_or_default();
            let wrapped = Value::String(written.to_owned());
            Cow::Owned(format!("{before}{{\"{WRITTEN}\":{wrapped}}}{after}"))
        }
        None => Cow::Borrowed(line),
    }
}

fn arguments(line: &str) -> Option<&str> {
    if !line.contains("tools/call") && !line.contains("tools\\/call") {
        return None;
    }
    let message: Message<'_> = serde_json::from_str(line).ok()?;
    if message.method.as_deref() != Some("tools/call") {
        return None;
    }
    let params: Params<'_> = serde_json::from_str(message.params?.get()).ok()?;
    params.arguments.map(RawValue::get)
}

/// The arguments as they were written; a caller that did not come through [`wrap`] gave an object.
pub fn read_written(arguments: &Map<String, Value>) -> Cow<'_, str> {
    match arguments.get(WRITTEN) {
        Some(Value::String(text)) => Cow::Borrowed(text),
        _ => Cow::Owned(Value::Object(arguments.clone()).to_string()),
    }
}
