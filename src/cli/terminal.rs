//! What commands print: results to standard output, everything else to standard error.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::OnceLock;

use comfy_table::{
    Attribute, Cell, Color, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width,
};

use super::paint::{Mark, Paint};
use super::{closed, text};
use crate::config;
use crate::names::write_out;
use crate::tools::error::SEND_OBJECT;

/// A line under the heads, and none under each row.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// No table fits into fewer columns.
const NARROWEST: u16 = 20;
/// As wide as a page is where nobody says how wide it is.
const UNKNOWN: u16 = 120;
/// Where a person wants to copy a word, it is not broken: ids have 18 digits, times 20 characters.
const LONGEST_WORD: usize = 20;
/// Blanks around the text of a cell, and between two.
const PADDING: u16 = 2;
const BETWEEN: u16 = 1;

/// Whether results are read by a person.
pub(super) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether what is told beside a result is read by a person.
pub(super) fn tells_a_person() -> bool {
    io::stderr().is_terminal()
}

/// Columns of the terminal, else those that `COLUMNS` says a page has; a terminal that does not know its size says 0.
pub(super) fn columns() -> usize {
    page_columns().into()
}

fn page_columns() -> u16 {
    let is_wide = |columns: &u16| *columns >= NARROWEST;
    let known = size().map(|(_, columns)| columns).filter(is_wide);
    known
        .or_else(|| config::columns().filter(is_wide))
        .unwrap_or(UNKNOWN)
}

/// Rows of the terminal, where there is one that knows.
pub(super) fn rows() -> Option<usize> {
    let known = size().map(|(rows, _)| usize::from(rows));
    known.filter(|rows| *rows > 0)
}

fn size() -> Option<(u16, u16)> {
    is_terminal().then(|| console::Term::stdout().size_checked())?
}

/// Why something that was to be printed is nowhere.
static LOST: OnceLock<io::Error> = OnceLock::new();

/// Prints a result. What commands a terminal, hides or reorders is written out: the last line of defence.
pub(super) fn print(text: &str) {
    print_line(&write_out(text));
}

/// Prints a line as it is; false where nothing that follows would arrive. A reader that has gone is no error.
pub(super) fn print_line(text: &str) -> bool {
    let mut out = io::stdout().lock();
    arrived(writeln!(out, "{text}").and_then(|()| out.flush()))
}

/// Whether what was written has arrived; why it has not is kept for the end.
fn arrived(written: io::Result<()>) -> bool {
    match written {
        Ok(()) if closed::is_closed() => {
            let _ = LOST.set(io::Error::other("standard output is closed"));
            false
        }
        Ok(()) => true,
        Err(error) => {
            if error.kind() != io::ErrorKind::BrokenPipe {
                let _ = LOST.set(error);
            }
            false
        }
    }
}

/// How a command ends that has come to `code`: not well, where its result could not be written.
pub(super) fn end(code: ExitCode) -> ExitCode {
    match LOST.get() {
        Some(error) => fail(&format!("the result could not be written ({error})")),
        None => code,
    }
}

/// Prints what the parser of the command line has to say, help or a refusal, and ends so.
pub(super) fn say(words: &clap::Error) -> ExitCode {
    let written = words.print().and_then(|()| io::stdout().flush());
    if words.use_stderr() {
        return ExitCode::from(u8::try_from(words.exit_code()).unwrap_or(u8::MAX));
    }
    arrived(written);
    end(ExitCode::SUCCESS)
}

/// Tells what a person may not have meant.
pub(super) fn warn(sentences: impl IntoIterator<Item = String>) {
    for sentence in sentences {
        tell(&format!("warning: {sentence}"));
    }
}

/// Tells a person what is going on.
pub(super) fn tell(text: &str) {
    let fitted = fitted(&write_out(text));
    let _ = writeln!(io::stderr().lock(), "{}", Paint::of_errors().refusal(&fitted));
}

/// Ends the line of a screen on which a key has stopped the work, so that what follows begins one.
pub(super) fn end_line() {
    if console::Term::stderr().is_term() {
        let _ = writeln!(io::stderr().lock());
    }
}

/// What is told, broken at blanks where the screen it is told on would break words.
pub(super) fn fitted(text: &str) -> String {
    match columns_beside() {
        Some(columns) => text::wrapped_beside_commands(text, columns),
        None => text.to_owned(),
    }
}

/// Columns of the screen on which things are told beside a result, where it is one.
pub(super) fn columns_beside() -> Option<usize> {
    let screen = console::Term::stderr();
    let size = screen.is_term().then(|| screen.size_checked()).flatten();
    let wide = size.filter(|(_, columns)| *columns >= NARROWEST);
    wide.map(|(_, columns)| columns.into())
}

/// What a model would say to the person, said to the person, with each command where it can be copied.
pub(super) fn to_reader(next: &str) -> String {
    text::with_commands_apart(&without_model(next))
}

fn without_model(next: &str) -> String {
    if let Some(rest) = next.strip_prefix(SEND_OBJECT) {
        return format!("Give each argument as expected.{rest}");
    }
    const TO_MODELS: [&str; 4] = [
        "Ask the user to ",
        "Tell the user that ",
        "Tell the user. ",
        "Tell the user; ",
    ];
    let mut told = TO_MODELS.iter().filter_map(|words| next.strip_prefix(words));
    let Some(rest) = told.next() else {
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

/// A table for people, as wide as the terminal; where not even ids and times have room in it, its rows one under the other.
pub(super) fn table(header: &[&str], rows: Vec<Vec<String>>) -> String {
    let table = fitting(header, &rows, |text, _| Cell::new(text));
    table.map_or_else(|| rows_below(header, &rows), |table| table.to_string())
}

/// Prints a table as [`painted_table`] has it.
pub(super) fn print_table(header: &[&str], rows: Vec<Vec<String>>, mark: fn(&str) -> Option<Mark>) {
    print_line(&painted_table(header, rows, mark));
}

/// A table, its cells painted by their mark where colours are wanted; nothing in it commands a terminal.
pub(super) fn painted_table(
    header: &[&str],
    rows: Vec<Vec<String>>,
    mark: fn(&str) -> Option<Mark>,
) -> String {
    if !Paint::of_output().colours {
        return write_out(&table(header, rows)).into_owned();
    }
    let harmless = |row: Vec<String>| row.iter().map(|cell| write_out(cell).into_owned()).collect();
    let rows: Vec<Vec<String>> = rows.into_iter().map(harmless).collect();
    let painted = fitting(header, &rows, |text, is_head| {
        let cell = Cell::new(text);
        match mark(text) {
            _ if is_head => cell.add_attribute(Attribute::Bold),
            Some(Mark::Red) => cell.fg(Color::DarkRed),
            Some(Mark::Yellow) => cell.fg(Color::DarkYellow),
            Some(Mark::Green) => cell.fg(Color::DarkGreen),
            Some(Mark::Quiet) | None => cell,
        }
    });
    let painted = painted.map(|mut table| table.enforce_styling().to_string());
    painted.unwrap_or_else(|| rows_below(header, &rows))
}

/// `key  value` lines, the values one under the other.
fn lines(pairs: &[(String, String)]) -> String {
    let width = pairs.iter().map(|(key, _)| key.chars().count()).max();
    let width = width.unwrap_or_default();
    let line = |(key, value): &(String, String)| format!("{key:width$}  {value}").trim_end().to_owned();
    pairs.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Two columns are pairs by themselves; of more, each row is a block of its own.
fn rows_below(header: &[&str], rows: &[Vec<String>]) -> String {
    if let ([title, _], true) = (header, rows.iter().all(|row| row.len() == 2)) {
        let pairs: Vec<(String, String)> = rows
            .iter()
            .filter_map(|row| Some((row.first()?.clone(), row.get(1)?.clone())))
            .collect();
        return format!("{title}\n{}", lines(&pairs));
    }
    let block = |row: &Vec<String>| {
        let pairs = header.iter().zip(row).filter(|(_, value)| !value.is_empty());
        let pairs: Vec<(String, String)> = pairs
            .map(|(key, value)| ((*key).to_owned(), value.clone()))
            .collect();
        lines(&pairs)
    };
    rows.iter().map(block).collect::<Vec<_>>().join("\n\n")
}

/// A table whose columns are as wide as their words, those longer than [`LONGEST_WORD`] left out of account.
/// `cell` makes one of a text, and knows whether it is a head.
fn fitting(header: &[&str], rows: &[Vec<String>], cell: impl Fn(&str, bool) -> Cell) -> Option<Table> {
    let mut table = Table::new();
    table
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Dynamic);
    let room = page_columns();
    table.set_width(room);
    let widths: Vec<u16> = (0..header.len())
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column)).map(String::as_str);
            let words = header.get(column).copied().into_iter().chain(cells);
            let lengths = words
                .flat_map(str::split_whitespace)
                .map(|word| word.chars().count());
            let widest = lengths.filter(|length| *length <= LONGEST_WORD).max();
            u16::try_from(widest.unwrap_or_default())
                .unwrap_or(u16::MAX)
                .saturating_add(PADDING)
        })
        .collect();
    let all = widths.iter().fold(0_u16, |all, width| {
        all.saturating_add(*width).saturating_add(BETWEEN)
    });
    (all <= room).then_some(())?;
    table.set_header(header.iter().map(|text| cell(text, true)));
    for row in rows {
        table.add_row(row.iter().map(|text| cell(text, false)));
    }
    let bounds = widths
        .into_iter()
        .map(|width| ColumnConstraint::LowerBoundary(Width::Fixed(width)));
    table.set_constraints(bounds);
    Some(table)
}
