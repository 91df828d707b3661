//! In front of the SDK's parser: the arguments of `tools/call` travel on as the text the caller wrote, so that the
//! repair loop sees a string, an array, a duplicate key or a long number as it was sent.

use std::borrow::Cow;

use rmcp::RoleServer;
use rmcp::model::{
    ClientCapabilities, ClientNotification, ClientRequest, ErrorData, JsonRpcError, JsonRpcMessage, RequestId,
};
use rmcp::service::RxJsonRpcMessage;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

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

/// A message of MCP; where it is none for an empty list or text in place of an object, as PHP and others write one (elgorro/aiquila#442,
/// afrise/MCPSharp#6), it is read without that.
///
/// # Errors
/// The text is no message of MCP.
pub fn read(line: &str) -> serde_json::Result<RxJsonRpcMessage<RoleServer>> {
    let wrapped = wrap(line);
    let read = serde_json::from_str(&wrapped);
    let is_odd = match &read {
        // The SDK takes a request of the protocol for a stranger's when its parameters are not those of the protocol.
        Ok(JsonRpcMessage::Request(request)) => matches!(
            &request.request,
            ClientRequest::CustomRequest(request) if ["tools/call", "prompts/get"].contains(&request.method.as_str())
        ),
        Ok(JsonRpcMessage::Notification(told)) => matches!(
            &told.notification,
            ClientNotification::CustomNotification(told) if told.method == "notifications/cancelled"
        ),
        Ok(_) => false,
        Err(_) => true,
    };
    match is_odd.then(|| without_blanks(&wrapped)).flatten() {
        Some(message) => serde_json::from_value(message).or(read),
        None => read,
    }
}

/// A reply that cannot be read, as one that says so: whoever waits for it waits no longer. Where it names one of the requests
/// `asked` and no method, it is a reply, whatever else is in it.
pub fn read_reply(message: &Value, asked: &[RequestId]) -> Option<RxJsonRpcMessage<RoleServer>> {
    let message = message.as_object()?;
    let id = message.get("id").filter(|_| !message.contains_key("method"))?;
    let id = serde_json::from_value(id.clone()).ok()?;
    let replies = ["result", "error"].iter().any(|key| message.contains_key(*key)) || asked.contains(&id);
    if !replies {
        return None;
    }
    let error = ErrorData::invalid_request("a reply that cannot be read", None);
    Some(JsonRpcMessage::Error(JsonRpcError::new(Some(id), error)))
}

fn without_blanks(message: &str) -> Option<Value> {
    let mut message: Map<String, Value> = serde_json::from_str(message).ok()?;
    let is_cancelled = message
        .get("method")
        .is_some_and(|method| method == "notifications/cancelled");
    let params = message.get_mut("params")?;
    if is_blank(params) {
        *params = json!({});
    }
    let params = params.as_object_mut()?;
    params.retain(|name, value| match name.as_str() {
        "_meta" => value.is_object(),
        // Why a request is given up is for people: it is given up also where that is no text.
        "reason" => value.is_string() || !is_cancelled,
        // Of a call they are a text of their own by now.
        "arguments" => !value.is_null() && !is_blank(value),
        // What a person replied is not dropped: a reply that cannot be read is refused under its id.
        "inputResponses" | "requestState" => !value.is_null() && !is_blank(value),
        _ => true,
    });
    Some(message.into())
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
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

/// An `initialize` request as the protocol has it, however little off it was: what does not fit into its capabilities is
/// left out, a client has a name and a version, the version asked for is a text. Every other message as it came.
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
    params.insert("capabilities".to_owned(), sound(capabilities).into());
    params.retain(|name, value| name != "_meta" || value.is_object());
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

/// The capabilities that the protocol knows in this form; an empty list is an empty object.
fn sound(capabilities: Map<String, Value>) -> Map<String, Value> {
    let mut sound = Map::new();
    for (name, value) in capabilities {
        let Value::Object(members) = filled(value) else {
            continue;
        };
        let members = members.into_iter().map(|(key, member)| (key, filled(member)));
        let fits = |(key, member): &(String, Value)| {
            let alone = json!({ name.as_str(): { key.as_str(): member } });
            serde_json::from_value::<ClientCapabilities>(alone).is_ok()
        };
        let members: Map<String, Value> = members.filter(fits).collect();
        sound.insert(name, members.into());
    }
    sound
}

fn filled(value: Value) -> Value {
    match is_blank(&value) && value.is_array() {
        true => json!({}),
        false => value,
    }
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
