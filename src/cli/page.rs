//! An answer as a page for people: lists as tables of what people look for first, messages as text with who and when, the
//! rest as lines under its names; then how many there are, what was noted and what was repaired. What has no room is named.

mod failure;
mod known;
mod list;
mod record;
mod words;

use std::collections::HashMap;

pub(super) use failure::{of_failure, pairs};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use known::known;
use serde_json::{Map, Value};
use words::Present;

use super::paint::Paint;
use super::{terminal, text};
use crate::clock::Clock;
use crate::config::system_zone;
use crate::names::write_out;
use crate::tools::output::fence;

/// Members of an answer that have a place of their own.
const APART: [&str; 6] = ["data", "next_cursor", "notes", "repairs", "untrusted", "write"];
/// Members that the line under the records puts together.
const SUMMED_UP: [&str; 5] = ["count", "has_more", "app_type", "module", "organization"];
/// Text is not read in longer lines.
const WIDEST: usize = 100;
/// No table stands on a narrower screen.
const NARROW: usize = 60;

/// How a page looks, and when it is read.
#[derive(Debug, Clone)]
pub(super) struct Look {
    columns: usize,
    paint: Paint,
    present: Present,
    /// Columns that a call has named, to sort by or to be brought along.
    asked: Vec<String>,
    /// What fields are called in Zoho, where their own names do not say it.
    labels: HashMap<String, String>,
}

impl Look {
    /// That of standard output; without a zone that somebody named, times are told in that of the person's machine.
    pub(super) fn new(zone: Option<TimeZone>, clock: &Clock) -> Self {
        Look {
            columns: terminal::columns(),
            paint: Paint::of_output(),
            present: Present {
                now: clock.now(),
                zone: Some(zone.unwrap_or_else(system_zone)),
            },
            asked: Vec::new(),
            labels: HashMap::new(),
        }
    }

    /// The same where fields are called so.
    pub(super) fn calling(mut self, labels: HashMap<String, String>) -> Self {
        self.labels = labels;
        self
    }

    /// What people call a member: as Zoho does where that is known, else as `screen.json` says, else its name in words.
    fn head(&self, key: &str) -> String {
        let own = self.labels.get(key.strip_prefix("cf.").unwrap_or(key));
        own.cloned().unwrap_or_else(|| known().head(key))
    }

    /// The same of several members, each once.
    fn heads<'k>(&self, keys: impl Iterator<Item = &'k str>) -> String {
        let mut heads: Vec<String> = Vec::new();
        for head in keys.map(|key| self.head(key)) {
            if !heads.contains(&head) {
                heads.push(head);
            }
        }
        heads.join(", ")
    }

    /// The same of the answer to a call with these arguments: what it sorts by and brings along is looked for first.
    pub(super) fn answering(mut self, arguments: &str) -> Self {
        let arguments: Value = serde_json::from_str(arguments).unwrap_or_default();
        let named = ["sort_by", "include"].into_iter();
        let named = named.filter_map(|name| arguments.get(name));
        let named = named.flat_map(|named| match named {
            Value::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        });
        // A list that is brought along is called by several, a member of a record by one.
        let words = named.filter_map(Value::as_str).flat_map(|list| list.split(','));
        let words = words
            .map(str::trim)
            .flat_map(|word| [Some(word), word.strip_suffix('s')]);
        self.asked = words.flatten().map(str::to_owned).collect();
        self
    }

    /// When the page is read, in seconds of Unix time.
    pub(super) fn now(&self) -> i64 {
        self.present.now
    }

    /// A moment with its day and time where the person is, and how far away it is.
    pub(super) fn moment(&self, seconds: i64) -> String {
        self.present.in_line(&written(seconds))
    }

    /// How far away a moment is.
    pub(super) fn age(&self, seconds: i64) -> String {
        self.present.in_cell(&written(seconds))
    }

    /// That of what is told beside a result: neither painted nor long.
    pub(super) fn plain() -> Self {
        Look {
            columns: terminal::columns_beside().map_or(WIDEST, |columns| columns.min(WIDEST)),
            paint: Paint::NONE,
            present: Present { now: 0, zone: None },
            asked: Vec::new(),
            labels: HashMap::new(),
        }
    }
}

fn written(seconds: i64) -> Value {
    let moment = Timestamp::from_second(seconds);
    moment.map_or(Value::Null, |moment| moment.to_string().into())
}

/// The page: painted, and nothing in it that was not written out before.
pub(super) fn of(body: &Map<String, Value>, look: &Look) -> String {
    let body = harmless(body);
    let mut page = Page {
        look,
        hidden: Vec::new(),
    };
    let mut parts = Vec::new();
    match body.get("data") {
        Some(Value::Array(items)) => parts.push(page.list("", items).text),
        Some(Value::Object(members)) => {
            let table = page.table_of("", members);
            parts.push(table.unwrap_or_else(|| page.object("", members)));
        }
        Some(other) => parts.push(look.present.in_line(other)),
        None => {}
    }
    parts.push(String::new());
    parts.extend(page.summary(&body));
    let rest = without(&body, &APART);
    let rest = without(&rest, &SUMMED_UP);
    if !rest.is_empty() {
        parts.push(page.object("", &rest));
    }
    parts.extend(page.told(&body));
    let text = parts.join("\n");
    text.trim_matches('\n').to_owned()
}

fn without(members: &Map<String, Value>, keys: &[&str]) -> Map<String, Value> {
    let rest = members.iter().filter(|(key, _)| !keys.contains(&key.as_str()));
    rest.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// The same with every text written out and out of its fence.
fn harmless(members: &Map<String, Value>) -> Map<String, Value> {
    fn value(of: &Value) -> Value {
        match of {
            Value::String(text) => Value::from(write_out(fence::bare(text))),
            Value::Array(items) => items.iter().map(value).collect(),
            Value::Object(members) => Value::Object(harmless(members)),
            plain => plain.clone(),
        }
    }
    let members = members.iter();
    members
        .map(|(key, of)| (write_out(key).into_owned(), value(of)))
        .collect()
}

/// A list as it is shown.
struct Listed {
    text: String,
    /// Whether each record stands under a head of its own, which says what it is.
    has_heads: bool,
}

impl Listed {
    fn plain(text: String) -> Self {
        let has_heads = false;
        Listed { text, has_heads }
    }
}

/// A page that is written.
struct Page<'a> {
    look: &'a Look,
    /// What a person is not shown, by its name.
    hidden: Vec<String>,
}

impl Page<'_> {
    fn hide(&mut self, name: &str) {
        if !self.hidden.iter().any(|known| known == name) {
            self.hidden.push(name.to_owned());
        }
    }

    /// `5 rows · Cases · Desk · Brightharbor Instruments · there are more`.
    fn summary(&mut self, body: &Map<String, Value>) -> Option<String> {
        let text = |key: &str| body.get(key).and_then(Value::as_str);
        let one = if body.contains_key("data") {
            "row"
        } else {
            "record"
        };
        let count = body.get("count").map(|count| match count.as_u64() {
            Some(1) => format!("1 {one}"),
            _ => format!("{count} {one}s"),
        });
        let mut parts: Vec<String> = count.into_iter().collect();
        parts.extend(text("module").map(str::to_owned));
        parts.extend(text("app_type").map(|product| match product {
            "desk" => "Desk".to_owned(),
            "crm" => "CRM".to_owned(),
            other => other.to_owned(),
        }));
        let organization = body.get("organization").and_then(Value::as_object);
        let name = organization.and_then(words::name_of);
        if let (None, Some(members)) = (&name, organization) {
            parts.push(Value::Object(members.clone()).to_string());
        }
        parts.extend(name);
        let more = body.get("has_more").and_then(Value::as_bool);
        parts.extend((more == Some(true)).then(|| "there are more".to_owned()));
        let lines = text::wrapped(&parts.join(" · "), self.look.columns);
        let lines: Vec<String> = lines.iter().map(|line| self.look.paint.head(line)).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// How to go on, what is not shown, what was noted, and what was repaired.
    fn told(&mut self, body: &Map<String, Value>) -> Vec<String> {
        let (paint, columns) = (self.look.paint, self.look.columns);
        let line = |name: &str, words: &str| text::hanging(&format!("{name}{words}"), 2, columns);
        let mut told = Vec::new();
        if let Some(cursor) = body.get("next_cursor").and_then(Value::as_str) {
            told.push(format!("more: add cursor={cursor}"));
        }
        if let Some(write) = body.get("write").and_then(Value::as_object) {
            told.push(line("write: ", &told_of_write(write)));
        }
        let outside: Vec<&str> = list(body, "untrusted").filter_map(Value::as_str).collect();
        if !outside.is_empty() {
            let names = self.look.heads(outside.into_iter());
            told.push(paint.quiet(&line("written by others: ", &names)));
        }
        if !self.hidden.is_empty() {
            let names = self.hidden.join(", ");
            told.push(paint.quiet(&line(
                "not shown: ",
                &format!("{names} (--output json has everything)"),
            )));
        }
        for note in list(body, "notes") {
            told.push(line("note: ", &self.look.present.in_line(note)));
        }
        let repairs: Vec<String> = list(body, "repairs").map(repaired).collect();
        told.extend(repairs.iter().map(|repair| line("repaired: ", repair)));
        told
    }
}

fn list<'a>(body: &'a Map<String, Value>, key: &str) -> impl Iterator<Item = &'a Value> {
    body.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// `w5509472139c3 · agreed by person · undo_write takes it back`.
fn told_of_write(write: &Map<String, Value>) -> String {
    let text = |key: &str| write.get(key).and_then(Value::as_str);
    let mut parts: Vec<String> = text("id").map(str::to_owned).into_iter().collect();
    parts.extend(text("agreed_by").map(|by| format!("agreed by {by}")));
    let undo = write.get("undo_write").and_then(Value::as_bool);
    parts.extend(undo.map(|can| match can {
        true => "undo_write takes it back".to_owned(),
        false => "undo_write cannot take it back".to_owned(),
    }));
    let others = without(write, &["id", "agreed_by", "undo_write"]);
    parts.extend(others.iter().map(|(key, value)| format!("{key}: {value}")));
    parts.join(" · ")
}

/// `limit: "5" -> 5 (number as text)`; one receipt may be for several arguments.
fn repaired(repair: &Value) -> String {
    let text = |key: &str| repair.get(key).and_then(Value::as_str);
    let paths: Vec<&str> = match (text("path"), repair.get("paths").and_then(Value::as_array)) {
        (Some(path), _) => vec![path],
        (None, paths) => paths.into_iter().flatten().filter_map(Value::as_str).collect(),
    };
    let names: Vec<String> = paths
        .iter()
        .map(|path| path.trim_start_matches('/').replace('/', "."))
        .filter(|name| !name.is_empty())
        .collect();
    let place = match names.is_empty() {
        true => "the arguments".to_owned(),
        false => names.join(", "),
    };
    let change = match (text("from"), text("to")) {
        // The same signs: it was a text, and is none now.
        (Some(from), Some(to)) if from == to => format!("\"{from}\" -> {to} "),
        (Some(from), Some(to)) => format!("{from} -> {to} "),
        (Some(from), None) => format!("{from} left out "),
        (None, Some(to)) => format!("{to} "),
        (None, None) => String::new(),
    };
    let rule = text("rule").unwrap_or_default().replace('_', " ");
    format!("{place}: {change}({rule})")
}
