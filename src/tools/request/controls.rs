//! Control characters in what is asked for: NUL and its like end texts early or command terminals, and nothing in Zoho is found
//! by them. White space is none of them.

use serde_json::Value;

use crate::names::pointer;
use crate::tools::error::ToolError;

/// Refuses the first text of a read's arguments that holds one.
///
/// # Errors
/// There is one, and where.
pub fn refuse_controls<'a>(
    arguments: impl IntoIterator<Item = (&'a String, &'a Value)>,
) -> Result<(), ToolError> {
    let mut arguments = arguments.into_iter();
    let found = arguments.find_map(|(name, value)| find_below(&pointer::below("", name), value));
    found.map_or(Ok(()), Err)
}

fn find_below(path: &str, value: &Value) -> Option<ToolError> {
    match value {
        Value::String(text) => {
            let control = text
                .chars()
                .find(|sign| sign.is_control() && !sign.is_whitespace())?;
            let got = format!("one with U+{:04X}", u32::from(control));
            Some(ToolError::argument(
                path,
                "text without control characters",
                got,
                None,
            ))
        }
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            items.find_map(|(index, item)| find_below(&pointer::below(path, index), item))
        }
        Value::Object(members) => {
            let mut members = members.iter();
            members.find_map(|(key, member)| find_below(&pointer::below(path, key), member))
        }
        _ => None,
    }
}
