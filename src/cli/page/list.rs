//! A list: a table of what people look for first, as many columns as have room; messages one after the other; and where a
//! record is more than a row, one record under the other.

mod columns;

use std::collections::HashSet;

use columns::{BETWEEN, Column, choose, columns_of};
use serde_json::{Map, Value};

use super::record::{IDS, below, hidden_id, is_nested, leaves};
use super::words::{is_id, name_of, text_of, title};
use super::{Listed, NARROW, Page, known};
use crate::cli::text;

/// An object with more members is no part of a row.
const FEW: usize = 8;

/// The cells of a record by their names.
type Row = Vec<(String, String)>;

impl Page<'_> {
    /// All items, each in the shortest form that shows it.
    pub(super) fn list(&mut self, path: &str, items: &[Value]) -> Listed {
        if items.is_empty() {
            return Listed::plain("No records.".to_owned());
        }
        let records: Option<Vec<&Map<String, Value>>> = items.iter().map(Value::as_object).collect();
        let Some(records) = records else {
            let lines = items.iter().map(|item| self.look.present.in_line(item));
            return Listed::plain(lines.collect::<Vec<_>>().join("\n"));
        };
        if records.iter().all(|record| text_of(record).is_some()) {
            let messages = records.iter().map(|record| self.message(record));
            return Listed::plain(messages.collect::<Vec<_>>().join("\n\n"));
        }
        match self.table(&records) {
            Some(table) => Listed::plain(table),
            None => Listed {
                text: self.one_by_one(path, &records),
                has_heads: true,
            },
        }
    }

    /// `{columns, rows}`, the table form of a list, read as the list it is.
    pub(super) fn table_of(&mut self, path: &str, members: &Map<String, Value>) -> Option<String> {
        let columns = members.get("columns")?.as_array()?;
        let rows = members.get("rows")?.as_array()?;
        let record = |row: &Vec<Value>| -> Value {
            let pairs = columns.iter().filter_map(Value::as_str).zip(row);
            let pairs = pairs.filter(|(_, value)| !value.is_null());
            pairs
                .map(|(column, value)| (column.to_owned(), value.clone()))
                .collect()
        };
        let items: Vec<Value> = rows.iter().filter_map(Value::as_array).map(record).collect();
        let shown = self.list(path, &items).text;
        let rest = members
            .iter()
            .filter(|(key, _)| *key != "columns" && *key != "rows");
        let rest: Map<String, Value> = rest.map(|(key, value)| (key.clone(), value.clone())).collect();
        Some(match rest.is_empty() {
            true => shown,
            false => format!("{shown}\n{}", self.object("", &rest)),
        })
    }

    fn one_by_one(&mut self, path: &str, records: &[&Map<String, Value>]) -> String {
        let group = self.look.head(path);
        let mut parts = Vec::new();
        for (number, record) in records.iter().enumerate() {
            let name = title(record).unwrap_or_else(|| format!("{} of {}", number + 1, records.len()));
            let name = match group.is_empty() {
                true => name,
                false => format!("{group}: {name}"),
            };
            let link = record.get("link").and_then(Value::as_str);
            let heading = self.heading_to(link, &name);
            parts.push(format!("{heading}\n{}", self.object("", record)));
        }
        parts.join("\n\n")
    }

    /// Who, when and how, the text, and what else there is.
    fn message(&mut self, record: &Map<String, Value>) -> String {
        let mut head = Vec::new();
        let mut taken: Vec<&str> = vec!["customer", "id"];
        if record.contains_key("id") {
            self.hide("ids of messages");
        }
        let is_customer = record.get("customer").and_then(Value::as_bool) == Some(true);
        for (keys, is_time) in [(&known().who, false), (&known().when, true)] {
            let found = keys.iter().find_map(|key| Some((key.as_str(), record.get(key)?)));
            let Some((key, value)) = found else { continue };
            taken.push(key);
            let words = match value {
                Value::Object(inner) => {
                    self.hide(&details_of(&self.look.head(key)));
                    name_of(inner).unwrap_or_else(|| value.to_string())
                }
                value => self.look.present.in_cell(value),
            };
            head.push(match is_customer && !is_time {
                true => format!("{words} (customer)"),
                false => words,
            });
        }
        for key in ["kind", "direction", "channel"] {
            if let Some(text) = record.get(key).and_then(Value::as_str) {
                taken.push(key);
                head.push(text.to_owned());
            }
        }
        let (key, words) = text_of(record).unwrap_or_default();
        taken.push(key);
        let rest = record
            .iter()
            .filter(|(key, value)| !taken.contains(&key.as_str()) && !value.is_null())
            .map(|(key, value)| (key.clone(), value.clone()));
        let rest: Map<String, Value> = rest.collect();
        let mut parts = vec![self.heading(&head.join(" · "))];
        parts.extend(text::wrapped(words, self.widest()));
        if !rest.is_empty() {
            parts.push(String::new());
            parts.push(self.object("", &rest).trim_start_matches('\n').to_owned());
        }
        parts.join("\n")
    }

    /// A table, where every record is a row of short values, and the screen is wide enough for one.
    fn table(&mut self, records: &[&Map<String, Value>]) -> Option<String> {
        (self.look.columns >= NARROW).then_some(())?;
        // An id that one record shows for want of a name is a column, and every record has its own in it.
        let mut shown = HashSet::new();
        for record in records {
            add_shown_ids("", record, &mut shown);
        }
        let mut hidden = Vec::new();
        let rows: Option<Vec<Row>> = records
            .iter()
            .map(|record| self.row(record, &shown, &mut hidden))
            .collect();
        let mut columns = columns_of(&rows?, &self.look.asked, &|key| self.look.head(key));
        let links: Vec<Option<&str>> = records.iter().map(|one| one.get("link")?.as_str()).collect();
        let room = self.look.columns;
        let all: usize = columns.iter().map(|column| column.natural + BETWEEN).sum();
        // One record that has no room as a row is read better as a record.
        (records.len() > 1 || all <= room + BETWEEN).then_some(())?;
        let left_out = choose(&mut columns, room);
        let left_out: Vec<String> = left_out.iter().map(|key| self.look.head(key)).collect();
        hidden.retain(|name| !left_out.iter().any(|head| *name == details_of(head)));
        (columns.len() > 1 || left_out.is_empty()).then_some(())?;
        let linked = known()
            .linked
            .iter()
            .find(|key| columns.iter().any(|column| column.key == **key));
        let linked = linked.filter(|_| self.look.paint.links);
        if linked.is_none() && links.iter().any(Option::is_some) {
            hidden.push("link".to_owned());
        }
        for name in hidden.iter().chain(&left_out) {
            self.hide(name);
        }
        let heads = columns
            .iter()
            .map(|column| text::padded(&text::cut(&column.head, column.width), column.width));
        let mut lines = vec![
            self.look
                .paint
                .head(heads.collect::<Vec<_>>().join("  ").trim_end()),
        ];
        for (number, link) in links.into_iter().enumerate() {
            let cells = columns.iter().map(|column| {
                let link = link.filter(|_| linked == Some(&column.key));
                self.cell(column, number, link)
            });
            lines.push(cells.collect::<Vec<_>>().join("  ").trim_end().to_owned());
        }
        Some(lines.join("\n"))
    }

    fn cell(&self, column: &Column, number: usize, link: Option<&str>) -> String {
        let whole = column.cells.get(number).map(String::as_str).unwrap_or_default();
        let shown = text::cut(whole, column.width);
        let blanks = " ".repeat(column.width.saturating_sub(text::width(&shown)));
        let painted = self.look.paint.marked(known().mark(&column.key, whole), &shown);
        format!("{}{blanks}", self.look.paint.linked(link, &painted))
    }

    /// The cells of a record by their names; nothing where it is more than a row.
    fn row(
        &self,
        record: &Map<String, Value>,
        shown: &HashSet<String>,
        hidden: &mut Vec<String>,
    ) -> Option<Row> {
        let mut row = Row::new();
        self.add_cells("", record, &mut row, shown, hidden).then_some(row)
    }

    fn add_cells(
        &self,
        path: &str,
        members: &Map<String, Value>,
        row: &mut Row,
        shown: &HashSet<String>,
        hidden: &mut Vec<String>,
    ) -> bool {
        members.iter().all(|(key, value)| {
            let name = below(path, key);
            if name == "link" || value.is_null() {
                return true;
            }
            if let Some(words) = hidden_id(members, key).filter(|_| !shown.contains(&name)) {
                hidden.push(words.to_owned());
                return true;
            }
            match value {
                Value::Object(inner) => match name_of(inner) {
                    Some(words) => {
                        let others = inner.iter().filter(|(_, value)| match value {
                            Value::String(text) => !words.contains(text.as_str()),
                            value => !value.is_null(),
                        });
                        hidden.extend(others.map(|(key, _)| match is_id(key) {
                            true => IDS.to_owned(),
                            false => details_of(&self.look.head(&name)),
                        }));
                        push_cell(row, name, words)
                    }
                    None => {
                        leaves(inner).is_some_and(|count| count <= FEW)
                            && self.add_cells(&name, inner, row, shown, hidden)
                    }
                },
                Value::Array(items) if items.iter().any(is_nested) => false,
                value => push_cell(row, name, self.look.present.in_cell(value)),
            }
        })
    }
}

/// Puts a text into a row; false where it is more than a cell holds. A break in what people look for, or in what is no longer
/// than a name, is shown as a sign.
fn push_cell(row: &mut Row, name: String, text: String) -> bool {
    let is_cell = !text.contains('\n') || known().is_looked_for(&name) || text.chars().count() <= NAME;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    row.push((name, lines.collect::<Vec<_>>().join(BREAK)));
    is_cell
}

/// Characters of a long name.
const NAME: usize = 60;
/// Stands in a cell where its text goes on in another line.
const BREAK: &str = " ↵ ";

/// The ids of a record that stand without a name, by the names of their columns.
fn add_shown_ids(path: &str, members: &Map<String, Value>, shown: &mut HashSet<String>) {
    for (key, value) in members.iter().filter(|(_, value)| !value.is_null()) {
        let name = below(path, key);
        match value {
            Value::Object(inner) if name_of(inner).is_none() => add_shown_ids(&name, inner, shown),
            Value::String(_) if is_id(key) && hidden_id(members, key).is_none() => {
                shown.insert(name);
            }
            _ => {}
        }
    }
}

/// What is known of somebody beside the name.
fn details_of(head: &str) -> String {
    format!("details of {head}")
}
