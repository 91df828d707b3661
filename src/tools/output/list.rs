//! A list answer: whole records within the budget, links, and where to go on.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::fence::is_fenced;
use super::fitting::{Cut, fit_record};
use super::length::{length, text_length, value_length};
use super::project::{CutTexts, Record};

/// Longest list of one answer, in characters of JSON: an answer has 24,000, of which what stands around the list and the
/// fences in it take the rest.
pub const BUDGET: usize = 23_000;

/// Characters of a table around its columns and rows, its link among them.
const FRAME: usize = 200;
/// Characters of a cell without a value, and of the comma behind it.
const NOTHING: usize = 5;

/// Shortest text of a record that alone is longer than the list may be.
const LEAST: usize = 500;

/// How a list is shown.
pub struct Shape<'a> {
    /// Order of the members, and the columns of a table.
    pub fields: &'a [String],
    /// Columns and rows instead of objects.
    pub table: bool,
    /// The link of a record by its id where it has none of Zoho's own; `{id}` gives that of all rows of a table.
    pub link: &'a dyn Fn(&str) -> Option<String>,
    /// Rows at most.
    pub limit: usize,
    /// Characters at most; see [`BUDGET`].
    pub budget: usize,
}

/// The records that fit.
#[derive(Debug)]
pub struct Shaped {
    /// The `data` member.
    pub data: Value,
    /// How many records it holds.
    pub count: usize,
    /// Records of the page that did not fit.
    pub left: usize,
    /// Id of the last record in `data`.
    pub last_id: Option<String>,
    /// What was taken from a first record that did not fit by itself.
    pub cut: Cut,
    /// Texts in it that end where CRM cuts them.
    pub ended: CutTexts,
}

/// How the texts of a record are read that were cut.
pub const ONE_RECORD: &str =
    "get_record with its id and that field alone in `fields` has all of it, page by page.";

/// Shows the records that fit into the limit and the budget: at least one, and where it alone is too long, what fits of it.
pub fn shape(records: Vec<Record>, shape: &Shape<'_>) -> Shaped {
    let total = records.len();
    let mut rows: Vec<Map<String, Value>> = Vec::with_capacity(total.min(shape.limit));
    let mut table = Table::default();
    let mut used = if shape.table { FRAME } else { 2 };
    let (mut last_id, mut cut, mut ended) = (None, Cut::default(), CutTexts::new());
    let mut links = HashSet::new();
    for mut record in records.into_iter().take(shape.limit) {
        match shape.table {
            true => record
                .shown
                .values_mut()
                .for_each(|value| *value = in_a_cell(value.take())),
            false => record.add_link(shape.link),
        }
        if rows.is_empty() {
            cut = fit_record(&mut record.shown, shape.budget.saturating_sub(used), LEAST);
        }
        let length = match shape.table {
            true => table.length_with(&record.shown),
            false => length(&record.shown) + 1,
        };
        if !rows.is_empty() && used + length > shape.budget {
            break;
        }
        used += length;
        if shape.table {
            table.add(&record.shown);
            links.insert(record.link_by_id(shape.link));
        }
        record.add_cut_texts(&mut ended);
        last_id = record.id.clone().or(last_id);
        rows.push(record.shown);
    }
    let count = rows.len();
    let data = if shape.table {
        // Where one leads elsewhere, no link is that of all.
        let link = links.into_iter().reduce(|_, _| None).flatten();
        tabled(rows, shape.fields, link)
    } else {
        rows.into_iter().map(Value::Object).collect()
    };
    Shaped {
        data,
        count,
        left: total - count,
        last_id,
        cut,
        ended,
    }
}

impl Record {
    /// Zoho's own link, or the one made from the id.
    pub fn link(&self, made: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        self.web_url.clone().or_else(|| self.id.as_deref().and_then(made))
    }

    /// The same with `{id}` in place of its id; none where that does not stand in it once.
    fn link_by_id(&self, made: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        let id = self.id.as_deref().filter(|id| !id.is_empty())?;
        match &self.web_url {
            Some(own) => (own.matches(id).count() == 1).then(|| own.replace(id, "{id}")),
            None => made(id).and_then(|_| made("{id}")),
        }
    }

    /// Shows the link beside the other members.
    pub fn add_link(&mut self, made: &dyn Fn(&str) -> Option<String>) {
        let link = self.link(made);
        self.shown
            .extend(link.map(|link| ("link".to_owned(), Value::String(link))));
    }
}

/// The columns that the rows of a table have so far, for what one more row makes it longer by.
#[derive(Default)]
struct Table {
    columns: HashSet<String>,
    rows: usize,
}

impl Table {
    /// Its cells, fenced where they will be; `null` in place of those it has not, and before it of those that it alone has.
    fn length_with(&self, row: &Map<String, Value>) -> usize {
        let cell = |(key, value): (&String, &Value)| {
            let fences = value.as_str().is_some_and(|text| is_fenced(key, text));
            value_length(value) + 1 + if fences { 2 } else { 0 }
        };
        let (known, new): (Vec<&String>, Vec<&String>) =
            row.keys().partition(|key| self.columns.contains(*key));
        let added: usize = new
            .iter()
            .map(|key| text_length(key) + 1 + self.rows * NOTHING)
            .sum();
        let missing = self.columns.len().saturating_sub(known.len()) * NOTHING;
        3 + row.iter().map(cell).sum::<usize>() + added + missing
    }

    fn add(&mut self, row: &Map<String, Value>) {
        self.rows += 1;
        for key in row.keys() {
            if !self.columns.contains(key) {
                self.columns.insert(key.clone());
            }
        }
    }
}

fn tabled(rows: Vec<Map<String, Value>>, fields: &[String], link: Option<String>) -> Value {
    let mut columns: Vec<String> = fields.to_vec();
    for key in rows.iter().flat_map(Map::keys) {
        if !columns.contains(key) {
            columns.push(key.clone());
        }
    }
    columns.retain(|column| rows.iter().any(|row| row.contains_key(column)));
    let cells = |mut row: Map<String, Value>| -> Value {
        columns
            .iter()
            .map(|column| row.remove(column).unwrap_or_default())
            .collect()
    };
    let cells: Vec<Value> = rows.into_iter().map(cells).collect();
    let mut table = Map::new();
    table.insert("columns".to_owned(), json!(columns));
    table.insert("rows".to_owned(), Value::Array(cells));
    table.extend(link.map(|link| ("link".to_owned(), Value::String(link))));
    Value::Object(table)
}

/// A value as one cell has it: of somebody or something with a name, that.
pub fn in_a_cell(value: Value) -> Value {
    let Value::Object(members) = &value else {
        return value;
    };
    let text = |key: &str| {
        members
            .get(key)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    let whole = ["name", "fullName", "accountName", "productName"]
        .into_iter()
        .find_map(text);
    let parts: Vec<&str> = ["firstName", "lastName"].into_iter().filter_map(text).collect();
    let name = whole
        .map(str::to_owned)
        .or_else(|| (!parts.is_empty()).then(|| parts.join(" ")));
    name.map_or(value, Value::String)
}
