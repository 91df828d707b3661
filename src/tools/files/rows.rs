//! Records as the lines of a file.

use std::borrow::Cow;
use std::io::{self, BufRead as _, BufReader, Read};

use serde_json::{Map, Value};

use crate::tools::output::list::in_a_cell;

/// How records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A JSON object a line.
    Ndjson,
    /// Columns, quoted as RFC 4180 says.
    Csv,
}

impl Format {
    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Ndjson => "application/x-ndjson",
            Format::Csv => "text/csv",
        }
    }

    pub(super) fn extension(self) -> &'static str {
        match self {
            Format::Ndjson => "ndjson",
            Format::Csv => "csv",
        }
    }
}

/// Lines, and how many cells of them were marked as text.
#[derive(Debug, Default)]
pub struct Lines {
    /// The lines, each with its end.
    pub text: Vec<u8>,
    /// Cells that a spreadsheet would have run.
    pub marked: u64,
}

/// The rows, each an object on a line of its own.
pub fn ndjson(rows: &[Map<String, Value>]) -> Lines {
    let mut lines = Lines::default();
    for row in rows {
        let _ = serde_json::to_writer(&mut lines.text, row);
        lines.text.push(b'\n');
    }
    lines
}

/// The ids of the records in a file.
pub(super) fn ids(file: impl Read, format: Format) -> io::Result<Vec<String>> {
    #[derive(serde::Deserialize)]
    struct Row {
        id: Option<String>,
    }
    let rows: io::Result<Vec<Row>> = match format {
        Format::Csv => {
            let rows = csv::Reader::from_reader(file).into_deserialize();
            rows.map(|row| row.map_err(io::Error::from)).collect()
        }
        Format::Ndjson => {
            let lines = BufReader::new(file).lines();
            lines.map(|line| Ok(serde_json::from_str(&line?)?)).collect()
        }
    };
    Ok(rows?.into_iter().filter_map(|row| row.id).collect())
}

/// The rows under these columns, named above the first.
///
/// # Errors
/// None: what is written to memory arrives.
pub fn csv(rows: &[Map<String, Value>], columns: &[String], first: bool) -> csv::Result<Lines> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut marked = 0;
    if first {
        writer.write_record(columns)?;
    }
    for row in rows {
        for column in columns {
            let value = row.get(column);
            let text = cell(value);
            let plain = matches!(value, Some(Value::Number(_) | Value::Bool(_)));
            let shown = match plain {
                true => Cow::Borrowed(text.as_str()),
                false => as_text(&text),
            };
            marked += u64::from(matches!(shown, Cow::Owned(_)));
            writer.write_field(shown.as_bytes())?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    let text = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(Lines { text, marked })
}

/// A value in one cell.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => match in_a_cell(other.clone()) {
            Value::String(name) => name,
            other => other.to_string(),
        },
    }
}

/// A cell as a spreadsheet that opens the file shows it and runs nothing: what would be a formula gets a `'` before it, which
/// makes it text (OWASP, "CSV Injection"), and the answer tells how many cells got one. Where commas are decimal, a cell is
/// cut at semicolons, too, and what is cut out of quotes ends at its line.
fn as_text(text: &str) -> Cow<'_, str> {
    let mut marked = String::new();
    let mut before = None;
    for piece in text.split_inclusive([';', '\n', '\r']) {
        let part = piece.trim_end_matches([';', '\n', '\r']);
        let is_formula = match before {
            Some('\n' | '\r') => runs(part) && !is_listed(part),
            Some(_) => begins_a_cell(part),
            None => begins_a_cell(piece),
        };
        if is_formula {
            marked.push('\'');
        }
        marked.push_str(piece);
        before = piece.chars().next_back();
    }
    match marked.len() == text.len() {
        true => Cow::Borrowed(text),
        false => Cow::Owned(marked),
    }
}

/// Whether a cell that begins so is one that is run, or may be.
fn begins_a_cell(text: &str) -> bool {
    text.starts_with(['\t', '\r', '\n']) || runs(text)
}

/// Whether this would be run as a formula; some spreadsheets take white space off first. A number or a telephone number is
/// left as it is.
fn runs(text: &str) -> bool {
    let mut signs = text.trim().chars();
    match signs.next() {
        Some('=' | '@' | '＝' | '＋' | '－' | '＠') => true,
        Some('+') => !is_number(signs.as_str()) && !is_telephone(signs.as_str()),
        Some('-') => !is_number(signs.as_str()),
        _ => false,
    }
}

/// Whether a line is one of a list, `- words`, and neither calls a function nor a program.
fn is_listed(line: &str) -> bool {
    let words = line.trim_start().strip_prefix("- ").unwrap_or_default();
    let calls = words
        .split('(')
        .rev()
        .skip(1)
        .any(|before| before.ends_with(char::is_alphanumeric));
    words.starts_with(char::is_alphabetic) && !calls && !words.contains('|')
}

/// `1,234.50 %`: digits, what stands between them, and perhaps a percent sign.
fn is_number(text: &str) -> bool {
    let digits = text.strip_suffix('%').unwrap_or(text);
    digits.starts_with(|sign: char| sign.is_ascii_digit() || matches!(sign, '.' | ','))
        && digits
            .chars()
            .all(|sign| sign.is_ascii_digit() || matches!(sign, ' ' | '\u{a0}' | '.' | ','))
}

/// What stands behind the `+` of a telephone number: with fewer digits it may as well be a sum.
fn is_telephone(text: &str) -> bool {
    let divides = |sign| matches!(sign, ' ' | '\u{a0}' | '-' | '.' | '(' | ')' | '/');
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits >= 7 && text.chars().all(|sign| sign.is_ascii_digit() || divides(sign))
}
