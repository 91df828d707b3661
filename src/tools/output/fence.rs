//! Text that people outside write stands in 〔 and 〕 and its fields are named, so that a model can tell it from what the
//! server says. Their short names are named alone, and of what they fill in a single word: they are copied into calls.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::names::{clip, pointer};
use crate::repair::Repair;
use crate::tools::cleaning::{CLOSE, OPEN, without_fences};
use crate::tools::modules;

/// One line may have this many characters before it counts as prose, whatever field it stands in and whatever divides it.
const SHORT: usize = 80;
/// Members that only files have beside their name.
const SIZES: [&str; 2] = ["size", "bytes"];
/// What Zoho Desk calls a person outside beside the name: an `actor` of the history, a `commenter`.
const OUTSIDE: [&str; 2] = ["CONTACT", "END_USER"];

/// Fences the texts customers can write, and every other long text of a record; says which members hold one. Of a member
/// that a query renamed, the field it shows is looked at.
pub fn fence(data: &mut Value, renamed: &BTreeMap<String, String>) -> BTreeSet<String> {
    let mut fence = Fence {
        renamed,
        named: BTreeSet::new(),
    };
    fence.member("", data);
    fence.named
}

struct Fence<'a> {
    renamed: &'a BTreeMap<String, String>,
    named: BTreeSet<String>,
}

impl Fence<'_> {
    /// The field a member shows; of `Contact_Name.Description` that of the record referred to.
    fn field<'k>(&'k self, key: &'k str) -> &'k str {
        let name = self.renamed.get(key).map_or(key, String::as_str);
        name.rsplit('.').next().unwrap_or(name)
    }

    fn member(&mut self, key: &str, value: &mut Value) {
        match value {
            Value::String(text) if is_fenced(self.field(key), text) => {
                *text = fenced(text);
                self.named.insert(key.to_owned());
            }
            Value::String(text) if !text.is_empty() && modules::customers_name(self.field(key)) => {
                self.named.insert(key.to_owned());
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.member(key, item)),
            Value::Object(members) => match columns(members) {
                Some(columns) => self.rows(&columns, members),
                None => self.members(key, members),
            },
            _ => {}
        }
    }

    fn members(&mut self, key: &str, members: &mut Map<String, Value>) {
        let has_name = members.get("name").is_some_and(Value::is_string);
        let kind = members.get("type").and_then(Value::as_str).unwrap_or_default();
        let is_outside = OUTSIDE.iter().any(|outside| kind.eq_ignore_ascii_case(outside));
        if has_name && (is_outside || modules::customers_name(self.field(key))) {
            self.named.insert(key.to_owned());
        } else if has_name && SIZES.iter().any(|size| members.contains_key(*size)) {
            self.named.insert("name".to_owned());
        }
        // Where a file of ours lies is copied into programs: it is named alone, as names are, where one of theirs is part
        // of it.
        let is_file = members.contains_key("bytes");
        for (key, member) in members {
            match member {
                Value::String(text) if is_file && key == "path" && !text.contains('\n') => {
                    self.named
                        .extend((has_name || text.chars().count() > SHORT).then(|| key.clone()));
                }
                member => self.member(key, member),
            }
        }
    }

    fn rows(&mut self, columns: &[String], table: &mut Map<String, Value>) {
        let rows = table.get_mut("rows").and_then(Value::as_array_mut);
        for row in rows.into_iter().flatten().filter_map(Value::as_array_mut) {
            for (column, cell) in columns.iter().zip(row) {
                self.member(column, cell);
            }
        }
    }
}

/// The columns of `{columns, rows}`, the table form of a list.
fn columns(members: &Map<String, Value>) -> Option<Vec<String>> {
    let names = members.get("columns")?.as_array()?.iter();
    members.get("rows")?.as_array()?;
    names.map(|name| name.as_str().map(str::to_owned)).collect()
}

/// Whether a text of this member gets a fence: of what customers fill in any that is more than a word.
pub fn is_fenced(key: &str, text: &str) -> bool {
    let of_words = || modules::customers_fill_in(key) && text.contains(char::is_whitespace);
    !text.is_empty() && (modules::customers_write(key) || is_prose(key, text) || of_words())
}

/// Whether a text is no name or value: of several lines, or long; a link of ours is none.
fn is_prose(key: &str, text: &str) -> bool {
    let is_link = key == "link" && text.starts_with("https://") && !text.contains(char::is_whitespace);
    text.contains('\n') || !is_link && text.len() > SHORT && text.chars().count() > SHORT
}

/// The text itself cannot end its fence.
fn fenced(text: &str) -> String {
    format!("{OPEN}{}{CLOSE}", without_fences(text))
}

/// The text without its fence, as people read it.
pub fn bare(text: &str) -> &str {
    text.strip_prefix(OPEN)
        .and_then(|text| text.strip_suffix(CLOSE))
        .unwrap_or(text)
}

/// Takes the fence off arguments that were copied from an answer with it.
pub fn take_off(arguments: &mut Map<String, Value>) -> Vec<Repair> {
    let mut repairs = Vec::new();
    for (key, value) in arguments.iter_mut() {
        take_off_value(&pointer::below("", key), value, &mut repairs);
    }
    repairs
}

fn take_off_value(path: &str, value: &mut Value, repairs: &mut Vec<Repair>) {
    match value {
        Value::String(text) if bare(text).len() < text.len() => {
            let own = bare(text).to_owned();
            repairs.push(Repair {
                path: path.to_owned(),
                rule: "fence_removed",
                from: clip(text, 100),
                to: clip(&own, 100),
            });
            *text = own;
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                take_off_value(&pointer::below(path, index), item, repairs);
            }
        }
        Value::Object(members) => {
            for (key, member) in members.iter_mut() {
                take_off_value(&pointer::below(path, key), member, repairs);
            }
        }
        _ => {}
    }
}
