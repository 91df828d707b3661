//! No text of a value, and no name in it, holds a character that hides or reorders what people read; and no name takes the
//! room of what it names. What comes in is cleaned at its door, before anything measures, cuts or compares it: the rows of
//! a page and a record in `output/project.rs`, the rows of settings in `settings/rows.rs`, a file in `attachment/decoded.rs`;
//! what is written into a file has no other. The doors an answer goes out by, `Answer::finish` and the body of a `ToolError`,
//! answer for what came in by none: the words of a refusal, names in arguments, what the server makes of them. A text that
//! is clean is only looked through there: under 3 % of the instructions of a call whose texts are not ASCII.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::names::{clean, clean_line, clip, write_out};

/// Longest name of a member, in characters: Zoho's have 100 at most.
const LONGEST_NAME: usize = 200;

/// Cleans every text and every name in a value.
pub(super) fn clean_value(value: &mut Value) {
    match value {
        Value::String(text) => *text = clean(std::mem::take(text)),
        Value::Array(items) => items.iter_mut().for_each(clean_value),
        Value::Object(members) => clean_members(members),
        _ => {}
    }
}

/// Cleans every text and every name in an object; of names that become one, the later ones are numbered.
pub(super) fn clean_members(members: &mut Map<String, Value>) {
    members.values_mut().for_each(clean_value);
    if members.keys().all(|name| is_plain(name)) {
        return;
    }
    let (mut cleaned, mut times) = (Map::with_capacity(members.len()), HashMap::new());
    for (name, value) in std::mem::take(members) {
        let name = clip(&clean_line(name), LONGEST_NAME);
        let mut own = name.clone();
        while cleaned.contains_key(&own) {
            let times = times.entry(name.clone()).or_insert(1_u32);
            *times += 1;
            own = format!("{name} ({times})");
        }
        cleaned.insert(own, value);
    }
    *members = cleaned;
}

/// The same with such characters written out, where what was changed is told by what it was.
pub(super) fn write_out_value(value: &mut Value) {
    match value {
        Value::String(text) => *text = write_out(text).into_owned(),
        Value::Array(items) => items.iter_mut().for_each(write_out_value),
        Value::Object(members) => members.values_mut().for_each(write_out_value),
        _ => {}
    }
}

fn is_plain(name: &str) -> bool {
    name.len() <= LONGEST_NAME && name.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}
