//! A description that a message repeats: a case that came by mail has its first message there once more.

use serde_json::Value;

use crate::tools::output::conversation::{Entry, Row, text};

/// The first of the messages, as it is told.
const FIRST: &str = "the first message";

/// Which of the messages, the newest first, says what a description says, word for word and not cut; `all` of them are
/// shown where nothing precedes them.
pub(super) fn find_told<'e>(
    description: &str,
    newest_first: impl DoubleEndedIterator<Item = &'e Entry>,
    all: bool,
) -> Option<String> {
    let entries = newest_first.rev().filter_map(|entry| entry.shown.as_object());
    let mut entries = entries.enumerate();
    let (index, told) = entries.find(|(_, entry)| is_told(description, entry))?;
    match index {
        0 if all => Some(FIRST.to_owned()),
        _ => text(told, "id").map(|id| format!("message {id}")),
    }
}

/// Whether a message shows all of a text.
fn is_told(description: &str, entry: &Row) -> bool {
    let shown = text(entry, "content").unwrap_or_default();
    let is_cut = [
        "quoted_left_out",
        "characters_left_out",
        "summary_only",
        "truncated",
    ];
    !shown.trim().is_empty()
        && !is_cut.iter().any(|mark| entry.contains_key(*mark))
        && description.split_whitespace().eq(shown.split_whitespace())
}

/// Puts in place of the description of a case which message says the same.
pub(super) fn put_in_place(case: &mut Row, told: String) {
    let place = case.keys().position(|key| key == "description");
    case.shift_remove("description");
    let place = place.unwrap_or(case.len());
    case.shift_insert(place, "description_is".to_owned(), Value::String(told));
}
