//! An answer as a page for people: what is short as `key  value` lines, lists of records as tables where their words have
//! room, whole texts under their names. Nothing is left out that a pipe gets.

use serde_json::{Map, Value};

use super::terminal;
use crate::tools::output::fence;
use crate::tools::output::list::in_a_cell;

/// An object of no more members stands among the lines of what it belongs to.
const FEW: usize = 8;
/// The texts of a list stand in lines of their own where they are longer together.
const ONE_LINE: usize = 60;
/// Members of an answer that have a place of their own.
const APART: [&str; 4] = ["data", "next_cursor", "notes", "repairs"];

/// The records, what else is said of them, then what was noted and repaired.
pub(super) fn of(body: &Map<String, Value>) -> String {
    let mut parts = Vec::new();
    match body.get("data") {
        Some(Value::Array(rows)) if rows.is_empty() => parts.push("No records.".to_owned()),
        Some(Value::Array(rows)) => parts.push(records(rows)),
        Some(Value::Object(members)) => parts.push(table_of(members).unwrap_or_else(|| object("", members))),
        Some(other) => parts.push(text_of(other)),
        None => {}
    }
    let rest = body.iter().filter(|(key, _)| !APART.contains(&key.as_str()));
    let rest: Map<String, Value> = rest.map(|(key, value)| (key.clone(), value.clone())).collect();
    if !rest.is_empty() {
        parts.push(format!("\n{}", object("", &rest)));
    }
    if let Some(cursor) = body.get("next_cursor").and_then(Value::as_str) {
        parts.push(format!(
            "More records: add \"cursor\":\"{cursor}\" to the arguments."
        ));
    }
    for note in list(body, "notes") {
        parts.push(format!("note: {}", text_of(note)));
    }
    let repairs: Vec<Vec<String>> = list(body, "repairs").map(repaired).collect();
    if !repairs.is_empty() {
        parts.push(terminal::table(&["Repaired", "Rule", "From", "To"], repairs));
    }
    parts.join("\n")
}

fn list<'a>(body: &'a Map<String, Value>, key: &str) -> impl Iterator<Item = &'a Value> {
    body.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// One receipt may be for several arguments that were left out.
fn repaired(repair: &Value) -> Vec<String> {
    let place = repair.get("path").or_else(|| repair.get("paths"));
    let others = ["rule", "from", "to"].map(|key| repair.get(key));
    let cells = std::iter::once(place).chain(others);
    cells.map(|cell| cell.map(text_of).unwrap_or_default()).collect()
}

/// What an object comes to: lines, and what stands below them under a name of its own.
#[derive(Default)]
struct Gathered {
    lines: Vec<(String, String)>,
    below: Vec<String>,
}

impl Gathered {
    fn of(path: &str, members: &Map<String, Value>) -> Self {
        let mut gathered = Gathered::default();
        gathered.add(path, "", members);
        gathered
    }

    /// `path` leads to the object whose lines these are, `prefix` from there to these members.
    fn add(&mut self, path: &str, prefix: &str, members: &Map<String, Value>) {
        for (key, value) in members {
            let name = below(prefix, key);
            let heading = below(path, &name);
            match value {
                Value::Object(inner) => match table_of(inner) {
                    Some(table) => self.below.push(under(&heading, &table)),
                    None if let Some(words) = in_words(inner) => self.lines.push((name, words)),
                    None if leaves(inner).is_some_and(|count| (1..=FEW).contains(&count)) => {
                        self.add(path, &name, inner);
                    }
                    None if inner.is_empty() => self.lines.push((name, "none".to_owned())),
                    None => self.below.push(under(&heading, &object(&heading, inner))),
                },
                Value::Array(items) if items.iter().any(is_nested) => {
                    let table = table(&heading, items).map(|table| under(&heading, &table));
                    self.below
                        .push(table.unwrap_or_else(|| one_by_one(&heading, items)));
                }
                value => {
                    let text = text_of(value);
                    match text.contains('\n') {
                        true => self.below.push(under(&heading, &text)),
                        false => self.lines.push((name, text)),
                    }
                }
            }
        }
    }
}

/// Somebody or something that has a name, in one line: the name, and in brackets what else is known.
fn in_words(members: &Map<String, Value>) -> Option<String> {
    let Value::String(name) = in_a_cell(Value::Object(members.clone())) else {
        return None;
    };
    let known = |(key, value): (&String, &Value)| match value {
        Value::Null => Some(None),
        Value::String(text) if name.contains(text.as_str()) => Some(None),
        Value::String(text) if text.contains('\n') => None,
        Value::String(_) => Some(Some(text_of(value))),
        Value::Object(inner) => in_words(inner).map(|words| Some(format!("{key}: {words}"))),
        Value::Array(_) => None,
        plain => Some(Some(format!("{key} {plain}"))),
    };
    let others: Option<Vec<Option<String>>> = members.iter().map(known).collect();
    let others: Vec<String> = others?.into_iter().flatten().collect();
    Some(match others.is_empty() {
        true => name,
        false => format!("{name} ({})", others.join(", ")),
    })
}

fn object(path: &str, members: &Map<String, Value>) -> String {
    let Gathered { lines, below } = Gathered::of(path, members);
    let mut parts: Vec<String> = (!lines.is_empty())
        .then(|| terminal::lines(&lines))
        .into_iter()
        .collect();
    parts.extend(below);
    parts.join("\n")
}

/// A table, where every record is one of short values whose words have room; else one record under the other.
fn records(items: &[Value]) -> String {
    table("", items).unwrap_or_else(|| one_by_one("", items).trim_start().to_owned())
}

fn one_by_one(path: &str, items: &[Value]) -> String {
    let one = |(number, item): (usize, &Value)| {
        let text = match item {
            Value::Object(members) => object(path, members),
            other => text_of(other),
        };
        let name = format!("{path} {} of {}", number + 1, items.len());
        under(name.trim_start(), &text)
    };
    let all: Vec<String> = items.iter().enumerate().map(one).collect();
    all.join("\n")
}

/// Links have lines of their own: no cell has room for them.
fn table(path: &str, items: &[Value]) -> Option<String> {
    let mut columns: Vec<String> = Vec::new();
    let (mut rows, mut links) = (Vec::new(), String::new());
    for item in items {
        let mut gathered = Gathered::of(path, item.as_object()?);
        gathered.below.is_empty().then_some(())?;
        gathered.lines.retain(|(name, text)| {
            if name == "link" {
                links.push('\n');
                links.push_str(text);
            }
            name != "link"
        });
        for (name, _) in &gathered.lines {
            if !columns.contains(name) {
                columns.push(name.clone());
            }
        }
        rows.push(gathered.lines);
    }
    let cell = |row: &[(String, String)], column: &String| {
        let found = row.iter().find(|(name, _)| name == column);
        found.map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let cells = |row: &Vec<(String, String)>| columns.iter().map(|column| cell(row, column)).collect();
    let rows: Vec<Vec<String>> = rows.iter().map(cells).collect();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    Some(terminal::whole_words(&columns, &rows)? + &links)
}

/// `{columns, rows}`, the table form of a list, read as the list it is.
fn table_of(members: &Map<String, Value>) -> Option<String> {
    let columns: Vec<&str> = members
        .get("columns")?
        .as_array()?
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let rows = members
        .get("rows")?
        .as_array()?
        .iter()
        .filter_map(Value::as_array);
    let record = |row: &Vec<Value>| {
        let pairs = columns.iter().zip(row).filter(|(_, value)| !value.is_null());
        Value::Object(
            pairs
                .map(|(column, value)| ((*column).to_owned(), value.clone()))
                .collect(),
        )
    };
    let items: Vec<Value> = rows.map(record).collect();
    let mut rest = members.clone();
    rest.retain(|key, _| key != "columns" && key != "rows");
    let shown = match items.is_empty() {
        true => "No records.".to_owned(),
        false => records(&items),
    };
    Some(match rest.is_empty() {
        true => shown,
        false => format!("{shown}\n{}", object("", &rest)),
    })
}

fn under(name: &str, text: &str) -> String {
    format!("\n── {name} ──\n{text}")
}

fn below(path: &str, key: &str) -> String {
    match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    }
}

fn is_nested(value: &Value) -> bool {
    matches!(value, Value::Object(_) | Value::Array(_))
}

/// How many values an object comes to; none where a list of records is among them.
fn leaves(members: &Map<String, Value>) -> Option<usize> {
    let count = |value: &Value| match value {
        Value::Object(inner) => leaves(inner),
        Value::Array(items) if items.iter().any(is_nested) => None,
        _ => Some(1),
    };
    members.values().map(count).sum()
}

/// A value in words; the texts of a long list in lines of their own.
fn text_of(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => fence::bare(text).to_owned(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) if !items.iter().any(is_nested) => {
            let texts: Vec<String> = items.iter().map(text_of).collect();
            let is_long = texts
                .iter()
                .any(|text| text.contains('\n') || text.chars().count() > ONE_LINE);
            texts.join(if is_long { "\n" } else { ", " })
        }
        other => other.to_string(),
    }
}
