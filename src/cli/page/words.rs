//! Single values in words: how long ago, yes and no, and somebody by the name.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::known;
use crate::tools::output::list::in_a_cell;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// What is farther away is told by its day.
const FAR: i64 = 60 * DAY;

/// When a page is read.
#[derive(Debug, Clone)]
pub(super) struct Present {
    pub(super) now: i64,
    /// The zone to tell times in; without one they are told as they are written.
    pub(super) zone: Option<TimeZone>,
}

/// The moment that a text names.
fn moment(text: &str) -> Option<Timestamp> {
    let is_written_so = (17..=35).contains(&text.len()) && text.get(10..11) == Some("T");
    is_written_so.then(|| text.parse().ok()).flatten()
}

impl Present {
    /// A value in a cell: a moment by how far away it is.
    pub(super) fn in_cell(&self, value: &Value) -> String {
        match value {
            Value::String(text) => match moment(text) {
                Some(at) => self.age(at, text),
                None => text.replace('\t', " "),
            },
            value => self.plain(value),
        }
    }

    /// A value in a line of its own: a moment with its day and time.
    pub(super) fn in_line(&self, value: &Value) -> String {
        match value {
            Value::String(text) => match moment(text) {
                Some(at) => self.told(at, text),
                None => self.with_beginning_told(text),
            },
            value => self.plain(value),
        }
    }

    /// A moment with its day and time, and how far away it is.
    fn told(&self, at: Timestamp, text: &str) -> String {
        let written = self.written(at, text);
        match self.distance(at) {
            Some(age) => format!("{written} ({age})"),
            None => written,
        }
    }

    /// A line that says first when it was, as those of a history do.
    fn with_beginning_told(&self, text: &str) -> String {
        let line = text.split_once(' ');
        let told = line.and_then(|(first, rest)| Some((self.told(moment(first)?, first), rest)));
        told.map_or_else(|| text.to_owned(), |(when, rest)| format!("{when} {rest}"))
    }

    fn plain(&self, value: &Value) -> String {
        match value {
            Value::Null => "none".to_owned(),
            Value::Bool(true) => "yes".to_owned(),
            Value::Bool(false) => "no".to_owned(),
            Value::Array(items) if items.is_empty() => "none".to_owned(),
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| self.in_line(item)).collect();
                items.join(", ")
            }
            other => other.to_string(),
        }
    }

    fn age(&self, at: Timestamp, text: &str) -> String {
        let day = || self.written(at, text).chars().take(10).collect();
        self.distance(at).unwrap_or_else(day)
    }

    /// How far away a moment is, unless that is far.
    fn distance(&self, at: Timestamp) -> Option<String> {
        let seconds = self.now.saturating_sub(at.as_second());
        let words = match seconds.abs() {
            0..MINUTE => return Some("now".to_owned()),
            away @ MINUTE..HOUR => format!("{} min", away / MINUTE),
            away @ HOUR..DAY => format!("{} h", away / HOUR),
            away @ DAY..FAR => format!("{} d", away / DAY),
            _ => return None,
        };
        Some(match seconds > 0 {
            true => format!("{words} ago"),
            false => format!("in {words}"),
        })
    }

    fn written(&self, at: Timestamp, text: &str) -> String {
        if let Some(zone) = &self.zone {
            let shown = zone.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string();
            // Nobody lives by that one: it is that of a machine which was told none.
            let is_nobodys = matches!(zone.iana_name(), Some("UTC" | "Etc/UTC")) || zone.is_unknown();
            return if is_nobodys { format!("{shown} UTC") } else { shown };
        }
        let shown: String = text.chars().take(16).collect();
        let behind = text.get(19..).unwrap_or_default();
        let offset = match behind.trim_start_matches(|sign: char| sign == '.' || sign.is_ascii_digit()) {
            "" | "Z" => " UTC".to_owned(),
            offset => offset.to_owned(),
        };
        format!("{}{offset}", shown.replace('T', " "))
    }
}

/// Whether a member names a record to machines.
pub(super) fn is_id(key: &str) -> bool {
    key == "id" || key.ends_with("Id") || key.ends_with("_id") || key.ends_with(".id")
}

/// The name of somebody or something.
pub(super) fn name_of(members: &Map<String, Value>) -> Option<String> {
    match in_a_cell(Value::Object(members.clone())) {
        Value::String(name) => Some(name),
        _ => {
            let mut names = known().names.iter().filter_map(|key| members.get(key)?.as_str());
            names.find(|name| !name.is_empty()).map(str::to_owned)
        }
    }
}

/// Somebody or something that has a name, in one line: the name, and in brackets what else is known but for ids. Nothing
/// where that takes more than a line.
pub(super) fn in_one_line(present: &Present, members: &Map<String, Value>) -> Option<String> {
    let name = name_of(members)?;
    let mut others = Vec::new();
    for (key, value) in members {
        match value {
            Value::Null => {}
            Value::String(text) if name.contains(text.as_str()) || is_id(key) => {}
            Value::String(text) if text.contains('\n') => return None,
            Value::Object(inner) => others.push(format!("{key}: {}", in_one_line(present, inner)?)),
            Value::Array(_) => return None,
            Value::String(_) => others.push(present.in_line(value)),
            plain => others.push(format!("{key} {plain}")),
        }
    }
    Some(match others.is_empty() {
        true => name,
        false => format!("{name} ({})", others.join(", ")),
    })
}

/// What a message says, and under which name.
pub(super) fn text_of(record: &Map<String, Value>) -> Option<(&str, &str)> {
    let keys = known().text.iter();
    let mut found = keys.filter_map(|key| Some((key.as_str(), record.get(key)?.as_str()?)));
    found.next()
}

/// What a person calls a record.
pub(super) fn title(record: &Map<String, Value>) -> Option<String> {
    let text = |key: &str| record.get(key).and_then(Value::as_str);
    let named = known().titles.iter().find_map(|key| text(key)).map(str::to_owned);
    let named = named.or_else(|| name_of(record))?;
    Some(match text("ticketNumber") {
        Some(number) => format!("#{number} {named}"),
        None => named,
    })
}
