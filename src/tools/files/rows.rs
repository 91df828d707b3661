//! Records as the lines of a file.

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
#[derive(Default)]
pub(super) struct Lines {
    pub(super) text: Vec<u8>,
    pub(super) marked: u64,
}

pub(super) fn ndjson(rows: &[Map<String, Value>]) -> Lines {
    let mut lines = Lines::default();
    for row in rows {
        let _ = serde_json::to_writer(&mut lines.text, row);
        lines.text.push(b'\n');
    }
    lines
}

/// The rows under these columns, named above the first.
pub(super) fn csv(rows: &[Map<String, Value>], columns: &[String], first: bool) -> csv::Result<Lines> {
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
            if !plain && runs(&text) {
                marked += 1;
                writer.write_field(format!("'{text}"))?;
            } else {
                writer.write_field(text)?;
            }
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

/// Whether a spreadsheet that opens the file would run the cell as a formula: it gets a `'` before it, which makes it
/// text (OWASP, "CSV Injection"), and the answer tells how many got one. A number or a telephone number is left as it
/// is: without a letter there is no function, no cell and no program in it.
fn runs(text: &str) -> bool {
    let number = |sign: char| {
        sign.is_ascii_digit()
            || matches!(
                sign,
                ' ' | '\u{a0}' | '+' | '-' | '.' | ',' | '(' | ')' | '/' | '%'
            )
    };
    match text.chars().next() {
        Some('=' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') => true,
        Some('+' | '-') => !text.chars().all(number),
        _ => false,
    }
}
