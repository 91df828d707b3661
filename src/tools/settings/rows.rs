//! The rows that the settings of Zoho list.

use serde_json::{Map, Value};

use crate::tools::cleaning::clean_value;
use crate::tools::error::ToolError;
use crate::tools::modules::{self, Subject};
use crate::tools::output::project::{Refused, no_list};
use crate::tools::request::operation;
use crate::zoho::Session;

/// The arguments of a lookup about a module.
pub(super) fn of_module(subject: &Subject) -> Map<String, Value> {
    let module = ("module".to_owned(), Value::from(subject.address()));
    std::iter::once(module).collect()
}

/// The rows a lookup of the session's product lists; where one of them is no object, or an error, none is believed.
pub(super) async fn members(
    session: &Session,
    lookup: &str,
    arguments: &Map<String, Value>,
) -> Result<Vec<Value>, ToolError> {
    let call = modules::lookup(session.product(), lookup)?;
    let response = session.read(&operation::read(call, arguments)?).await?;
    if response.body.is_empty() {
        return Ok(Vec::new());
    }
    let mut body: Value =
        serde_json::from_slice(&response.body).map_err(|error| ToolError::unreadable(&error))?;
    clean_value(&mut body);
    match body.get_mut(call.list_key()).map(Value::take) {
        Some(Value::Array(rows)) if rows.iter().all(Value::is_object) => {
            match rows.iter().find_map(Refused::of) {
                Some(refused) => Err(refused.to_error().into()),
                None => Ok(rows.into_iter().map(with_text_for_id).collect()),
            }
        }
        _ => Err(no_list(&response.body).into()),
    }
}

/// The row with its id as a text, whatever it came as.
fn with_text_for_id(mut row: Value) -> Value {
    if let Some(id) = row.get_mut("id").filter(|id| id.is_number()) {
        *id = Value::String(id.to_string());
    }
    row
}
