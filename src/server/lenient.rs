//! In front of the SDK's parser: the arguments of `tools/call` travel on as the text the caller wrote, so that the
//! repair loop sees a string, an array, a duplicate key or a long number as it was sent.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::repair::LONGEST_ARGUMENTS;

/// The one private key under which the written arguments are handed on.
const WRITTEN: &str = "zoho-mcp/arguments";
/// The last revision of the protocol that begins with `initialize`.
const LATEST_WITH_HANDSHAKE: &str = "2025-11-25";

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
            let wrapped = Value::String(as_far_as_read(written).to_owned());
            Cow::Owned(format!("{before}{{\"{WRITTEN}\":{wrapped}}}{after}"))
        }
        None => Cow::Borrowed(line),
    }
}

/// Arguments that are refused for their length need not be carried there as a whole.
fn as_far_as_read(written: &str) -> &str {
    let end = written.floor_char_boundary(LONGEST_ARGUMENTS + 4);
    written.get(..end).unwrap_or(written)
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

/// An `initialize` request as the protocol has it, however little off it was: capabilities and their members are objects,
/// a client has a name and a version, the version asked for is a text. Every other message as it came.
pub fn amend(line: &str) -> Cow<'_, str> {
    if !line.contains("initialize") {
        return Cow::Borrowed(line);
    }
    // A line may be long, and the word stand in anybody's text.
    let method = serde_json::from_str(line)
        .ok()
        .and_then(|message: Message<'_>| message.method);
    if method.as_deref() != Some("initialize") {
        return Cow::Borrowed(line);
    }
    let Ok(Value::Object(mut message)) = serde_json::from_str::<Value>(line) else {
        return Cow::Borrowed(line);
    };
    message.insert("jsonrpc".to_owned(), "2.0".into());
    let mut params = object(message.get("params"));
    let capabilities = object(params.get("capabilities"));
    let sound = capabilities.into_iter().filter_map(|(name, value)| {
        let nested = ["experimental", "extensions"].contains(&name.as_str());
        let members = value.as_object()?;
        let kept = members.iter().filter(|(_, member)| !nested || member.is_object());
        let kept: Map<String, Value> = kept.map(|(key, member)| (key.clone(), member.clone())).collect();
        Some((name, Value::Object(kept)))
    });
    params.insert("capabilities".to_owned(), sound.collect::<Map<_, _>>().into());
    let client = object(params.get("clientInfo"));
    let text = |key: &str, otherwise: &str| {
        let named = client.get(key).and_then(Value::as_str).unwrap_or(otherwise);
        (key.to_owned(), Value::from(named))
    };
    let named = [text("name", "unnamed"), text("version", "0")];
    params.insert("clientInfo".to_owned(), Map::from_iter(named).into());
    if !params.get("protocolVersion").is_some_and(Value::is_string) {
        params.insert("protocolVersion".to_owned(), LATEST_WITH_HANDSHAKE.into());
    }
    message.insert("params".to_owned(), params.into());
    Cow::Owned(Value::Object(message).to_string())
}

fn object(value: Option<&Value>) -> Map<String, Value> {
    value.and_then(Value::as_object).cloned().unwrap_or_default()
}

/// The arguments as they were written; a caller that did not come through [`wrap`] gave an object.
pub fn read_written(arguments: &Map<String, Value>) -> Cow<'_, str> {
    match arguments.get(WRITTEN) {
        Some(Value::String(text)) => Cow::Borrowed(text),
        _ => Cow::Owned(Value::Object(arguments.clone()).to_string()),
    }
}
