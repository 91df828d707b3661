//! The forms an answer is printed in.

use clap::ValueEnum;
use serde_json::{Map, Value};

use crate::cli::page::{self, Look};
use crate::cli::{Failure, pager, terminal};
use crate::tools::files;
use crate::tools::output::fence;

/// How an answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    Table,
    Json,
    Jsonl,
    Csv,
}

/// Where an answer goes.
pub(super) struct Output {
    pub(super) form: Form,
    pub(super) look: Look,
    pub(super) may_page: bool,
}

impl Output {
    /// Prints the answer; of records alone what else is said is told beside them.
    pub(super) fn print(&self, mut body: Map<String, Value>) -> Result<(), Failure> {
        match self.form {
            Form::Table => pager::print(&page::of(&body, &self.look), self.may_page),
            Form::Json => terminal::print(&Value::Object(body).to_string()),
            Form::Jsonl | Form::Csv => {
                let data = body.remove("data");
                let records = data.is_some();
                let rows = data.map_or_else(|| vec![body.clone()], rows_of);
                self.print_rows(&rows)?;
                if records {
                    terminal::tell(&page::of(&body, &Look::plain()));
                }
            }
        }
        Ok(())
    }

    fn print_rows(&self, rows: &[Map<String, Value>]) -> Result<(), Failure> {
        if rows.is_empty() {
            return Ok(());
        }
        let lines = match self.form {
            Form::Csv => {
                let mut columns: Vec<String> = Vec::new();
                for key in rows.iter().flat_map(Map::keys) {
                    if !columns.contains(key) {
                        columns.push(key.clone());
                    }
                }
                files::csv(rows, &columns, true)?
            }
            _ => files::ndjson(rows),
        };
        if lines.marked > 0 {
            let count = lines.marked;
            terminal::tell(&format!(
                "{count} cells begin with ' now: a spreadsheet would run them as formulas."
            ));
        }
        terminal::print(String::from_utf8(lines.text)?.trim_end_matches('\n'));
        Ok(())
    }
}

/// The records of an answer, out of their fences: a program reads them for a person.
fn rows_of(data: Value) -> Vec<Map<String, Value>> {
    let items = match data {
        Value::Array(items) => items,
        Value::Object(members) => match table_of(&members) {
            Some(items) => items,
            None if is_record(&members) => vec![Value::Object(members)],
            None => parts_of("", members),
        },
        other => vec![other],
    };
    let row = |item| match bare(item) {
        Value::Object(members) => members,
        other => Map::from_iter([("value".to_owned(), other)]),
    };
    items.into_iter().map(row).collect()
}

/// Whether an object is one record, and not an answer of several parts.
fn is_record(members: &Map<String, Value>) -> bool {
    members.contains_key("id") || !members.values().any(holds_more)
}

fn holds_more(value: &Value) -> bool {
    matches!(value, Value::Object(_) | Value::Array(_))
}

/// The rows of an answer of several parts, each with the name of its own: its lists, what else is a record in it, and what it
/// says of itself.
fn parts_of(path: &str, members: Map<String, Value>) -> Vec<Value> {
    let named = |part: &str| Map::from_iter([("part".to_owned(), Value::from(part))]);
    let (mut own, mut rows) = (named(path), Vec::new());
    for (key, value) in members {
        let part = match path {
            "" => key.clone(),
            path => format!("{path}.{key}"),
        };
        let items = match value {
            Value::Array(items) => items,
            Value::Object(inner) => match table_of(&inner) {
                Some(items) => items,
                None if !inner.contains_key("id") && inner.values().any(is_list) => {
                    rows.extend(parts_of(&part, inner));
                    continue;
                }
                None => vec![Value::Object(inner)],
            },
            plain => {
                own.insert(key, plain);
                continue;
            }
        };
        rows.extend(items.into_iter().map(|item| {
            let mut row = named(&part);
            match item {
                Value::Object(inner) => row.extend(inner),
                plain => drop(row.insert("value".to_owned(), plain)),
            }
            Value::Object(row)
        }));
    }
    if own.len() > 1 {
        rows.insert(0, Value::Object(own));
    }
    rows
}

/// A list of records.
fn is_list(value: &Value) -> bool {
    matches!(value, Value::Array(items) if items.iter().any(Value::is_object))
}

fn table_of(members: &Map<String, Value>) -> Option<Vec<Value>> {
    let columns = members.get("columns")?.as_array()?;
    let rows = members.get("rows")?.as_array()?;
    let row = |row: &Value| -> Value {
        let cells = row.as_array().into_iter().flatten().cloned();
        let columns = columns.iter().filter_map(Value::as_str).map(str::to_owned);
        columns.zip(cells).collect()
    };
    Some(rows.iter().map(row).collect())
}

fn bare(value: Value) -> Value {
    match value {
        Value::String(text) => Value::from(fence::bare(&text)),
        Value::Array(items) => items.into_iter().map(bare).collect(),
        Value::Object(members) => {
            let members = members.into_iter().map(|(key, value)| (key, bare(value)));
            Value::Object(members.collect())
        }
        plain => plain,
    }
}
