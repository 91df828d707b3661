//! A part of a JSON text, found without building the rest.

use std::collections::HashMap;

use serde::de::Error as _;
use serde_json::value::RawValue;

use crate::names::pointer;

/// The text of what stands at a JSON Pointer.
pub(super) fn find<'t>(text: &'t str, place: &str) -> serde_json::Result<&'t str> {
    let mut part = text;
    for key in pointer::keys(place) {
        let found = if part.trim_start().starts_with('[') {
            let items: Vec<&RawValue> = serde_json::from_str(part)?;
            key.parse::<usize>()
                .ok()
                .and_then(|index| items.get(index).copied())
        } else {
            let members: HashMap<String, &RawValue> = serde_json::from_str(part)?;
            members.get(&key).copied()
        };
        part = found
            .ok_or_else(|| serde_json::Error::custom(format_args!("nothing at {place}")))?
            .get();
    }
    Ok(part)
}
