//! What commands print: results to standard output, everything else to standard error.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};

use crate::names::write_out;

/// No table fits into fewer columns.
const NARROWEST: u16 = 20;
/// Where a person wants to copy a word, it is not broken: ids have 18 digits, times 20 characters.
const LONGEST_WORD: usize = 20;
/// Blanks around the text of a cell, and between two.
const PADDING: u16 = 2;
const BETWEEN: u16 = 1;

/// Whether results are read by a person.
pub(super) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Prints a result; a reader that has gone is no error. What commands a terminal, hides or reorders is written out: the last
/// line of defence.
pub(super) fn print(text: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{}", write_out(text)).and_then(|()| out.flush());
}

/// Tells a person what is going on.
pub(super) fn tell(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", write_out(text));
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
    keep_words(&mut table);
    table.to_string()
}

/// Columns are as wide as their words, where all have room.
fn keep_words(table: &mut Table) {
    let columns = table.column_count();
    let width = |column: usize| {
        let header = table.header().and_then(|header| header.cell_iter().nth(column));
        let cells = table.row_iter().filter_map(|row| row.cell_iter().nth(column));
        let words = header.into_iter().chain(cells).flat_map(|cell| {
            let text = cell.content();
            text.split_whitespace()
                .map(|word| word.chars().count())
                .collect::<Vec<_>>()
        });
        let longest = words
            .filter(|length| *length <= LONGEST_WORD)
            .max()
            .unwrap_or_default();
        u16::try_from(longest).unwrap_or_default() + PADDING
    };
    let widths: Vec<u16> = (0..columns).map(width).collect();
    if table
        .width()
        .is_some_and(|room| widths.iter().map(|width| width + BETWEEN).sum::<u16>() <= room)
    {
        table.set_constraints(
            widths
                .into_iter()
                .map(|width| ColumnConstraint::LowerBoundary(Width::Fixed(width))),
        );
    }
}
