//! What commands print: results to standard output, everything else to standard error.

use comfy_table::{ContentArrangement, Table, presets};
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

/// No table fits into fewer columns.
const NARROWEST: u16 = 20;

/// Whether results are read by a person.
pub(super) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Prints a result; a reader that has gone is no error.
pub(super) fn print(text: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

/// Tells a person what is going on.
pub(super) fn tell(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// What a model would say to the person, said to the person.
pub(super) fn to_reader(next: &str) -> String {
    let Some(rest) = next.strip_prefix("Ask the user to ") else {
        return next.to_owned();
    };
    let mut signs = rest.chars();
    let first = signs.next().map(|sign| sign.to_uppercase().to_string());
    first.unwrap_or_default() + signs.as_str()
}

/// Ends a command that failed.
pub(super) fn fail(error: &dyn std::fmt::Display) -> ExitCode {
    tell(&format!("error: {error}"));
    ExitCode::FAILURE
}

/// A table for people, as wide as the terminal.
pub(super) fn table(header: &[&str], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic);
    // A terminal that does not know its size says 0.
    if table.width().is_none_or(|width| width < NARROWEST) {
        table.set_width(120);
    }
    table.set_header(header.to_vec());
    for row in rows {
        table.add_row(row);
    }
    table.to_string()
}
