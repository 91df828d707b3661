//! The process that reads one document or picture for the server, and may be ended by it: what such a file does to its reader,
//! it does to nobody else.

use std::io::{Read as _, stdin};
use std::process::ExitCode;

use serde_json::json;

use super::{limits, terminal};
use crate::documents::{self, Read};
use crate::names::{clean, clip};

/// Prints `{"text", "left_out"}` or `{"opens"}`, or `{"unread"}` with the reason.
pub(super) fn run(most: usize) -> ExitCode {
    limits::end_with_parent();
    let mut bytes = Vec::new();
    if let Err(error) = stdin().lock().read_to_end(&mut bytes) {
        return terminal::fail(&error);
    }
    limits::bound_reader(bytes.len(), documents::pixels(&bytes));
    let told = match documents::read(&bytes) {
        Ok(Read::Picture) => json!({ "opens": true }),
        Ok(Read::Words(text)) => {
            let text = clean(text);
            let left_out = text.chars().count().saturating_sub(most);
            json!({ "text": clip(&text, most), "left_out": left_out })
        }
        Err(unread) => json!({ "unread": unread.to_string() }),
    };
    terminal::print(&told.to_string());
    ExitCode::SUCCESS
}
