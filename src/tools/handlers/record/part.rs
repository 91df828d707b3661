//! One long text of a record, a part an answer.

use serde_json::{Map, Value, json};

use crate::tools::output::length::beginning;

/// Characters of the JSON of a text that one answer has; `next_cursor` has what follows.
const LONGEST: usize = 18_000;

/// Shows a text from there on; gives where it goes on.
pub(in crate::tools::handlers) fn show_from(
    record: &mut Map<String, Value>,
    field: &str,
    start: usize,
    notes: &mut Vec<String>,
) -> Option<u32> {
    let text = record.get(field).and_then(Value::as_str).unwrap_or_default();
    let all = text.chars().count();
    let from = text.char_indices().nth(start).map_or(text.len(), |(at, _)| at);
    let part = beginning(text.get(from..).unwrap_or_default(), LONGEST).to_owned();
    let end = all.min(start) + part.chars().count();
    if start == 0 && end == all {
        return None;
    }
    record.insert(field.to_owned(), json!(part));
    if start > 0 {
        notes.push(format!("The text goes on from its character {start}."));
    }
    let left = all - end;
    if left == 0 {
        return None;
    }
    record.insert("characters_left_out".to_owned(), json!(left));
    notes.push("The text is longer than one answer; next_cursor has what follows.".to_owned());
    u32::try_from(end).ok()
}
