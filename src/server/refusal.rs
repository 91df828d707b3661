//! The answer to a line that is not carried out.

use rmcp::model::ErrorData;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::id_of::IdOf;

/// The text of such an answer.
pub(super) struct Refusal(pub(super) String);

impl Refusal {
    /// Under the id it came with, null where that could not be read.
    pub(super) fn of(id: impl serde::Serialize, error: ErrorData) -> Self {
        Refusal(json!({ "jsonrpc": "2.0", "id": id, "error": error }).to_string())
    }

    /// Of all requests of a batch that is not carried out, each on a line of its own; under null where there are none.
    pub(super) fn of_each(batch: &[&RawValue], error: &ErrorData) -> Self {
        let id = |message: &&RawValue| serde_json::from_str::<Asking>(message.get()).ok();
        let ids = batch.iter().filter_map(id).map(|request| request.id);
        let of = |id: Value| Refusal::of(id, error.clone()).0;
        let lines: Vec<String> = ids.filter(|id| !id.is_null()).map(of).collect();
        match lines.is_empty() {
            true => Refusal(of(Value::Null)),
            false => Refusal(lines.join("\n")),
        }
    }

    /// Of a text that is no JSON.
    pub(super) fn of_broken(text: &str, broken: &serde_json::Error) -> Self {
        let error = ErrorData::parse_error(format!("not JSON: {broken}"), None);
        Refusal::of(IdOf::text(text), error)
    }
}

/// A request, as far as who asks is to be told.
#[derive(Deserialize)]
struct Asking {
    id: Value,
    #[serde(rename = "method")]
    _method: IgnoredAny,
}

/// A message that is JSON and no message of MCP; nothing for one that no answer is expected to.
pub(super) fn not_of_mcp(message: &Value) -> Option<Refusal> {
    let error = ErrorData::invalid_request("not a JSON-RPC message of MCP", None);
    let id = match message {
        Value::Object(members) => members.get("id").filter(|id| !id.is_null()).cloned()?,
        // No message at all: whoever sent it expects something.
        _ => Value::Null,
    };
    Some(Refusal::of(id, error))
}
