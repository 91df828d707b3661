//! A case's conversation as people would retell it: in order, each message once, without what it quotes.

use crate::names::clip;
use serde_json::{Map, Value, json};
use std::collections::HashSet;

const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// One message or comment, and how many of Zoho's rows are told with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// As it is shown.
    pub shown: Value,
    /// Its own row, and the rows right after it that only repeat a text already shown.
    pub rows: usize,
}

/// The entries, newest first as Zoho lists them; a text that came before is not shown again.
pub fn entries(
    rows: &[Map<String, Value>],
    latest: Option<&Map<String, Value>>,
    longest: usize,
) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    for row in rows {
        let full = latest.filter(|latest| latest.get("id") == row.get("id"));
        let text = unquoted(body(row, full));
        let key: String = text
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .to_lowercase();
        let repeated = !key.is_empty() && !seen.insert(key);
        match entries.last_mut() {
            Some(before) if repeated => before.rows += 1,
            _ => entries.push(Entry {
                shown: shown(row, &clip(&text, longest)),
                rows: 1,
            }),
        }
    }
    entries
}

fn body<'a>(row: &'a Map<String, Value>, full: Option<&'a Map<String, Value>>) -> &'a str {
    let text = |from: &'a Map<String, Value>, key: &str| from.get(key).and_then(Value::as_str);
    full.and_then(|full| text(full, "plainText").or_else(|| text(full, "content")))
        .or_else(|| text(row, "content"))
        .or_else(|| text(row, "summary"))
        .unwrap_or_default()
}

fn shown(row: &Map<String, Value>, text: &str) -> Value {
    let mut entry = Map::new();
    let at = ["createdTime", "commentedTime"]
        .iter()
        .find_map(|key| row.get(*key))
        .cloned();
    let author = row.get("author").or_else(|| row.get("commenter"));
    let name = author
        .and_then(|author| author.get("name").or_else(|| author.get("email")))
        .cloned();
    let customer = author
        .and_then(|author| author.get("type"))
        .and_then(Value::as_str)
        == Some("END_USER");
    let incoming = row.get("direction").and_then(Value::as_str) == Some("in");
    let kind = if row.get("type").and_then(Value::as_str) == Some("comment") {
        "comment"
    } else {
        "message"
    };
    for (key, value) in [
        ("id", row.get("id").cloned()),
        ("at", at),
        ("from", name),
        ("kind", Some(json!(kind))),
        ("customer", (customer || incoming).then_some(Value::Bool(true))),
        (
            "public",
            row.get("isPublic").filter(|_| kind == "comment").cloned(),
        ),
        (
            "channel",
            row.get("channel").filter(|_| kind == "message").cloned(),
        ),
        ("content", Some(json!(text))),
    ] {
        if let Some(value) = value {
            entry.insert(key.to_owned(), value);
        }
    }
    Value::Object(entry)
}

/// The newest entries that fit, oldest first, and how many of Zoho's rows they stand for; at least one.
pub fn newest_within(entries: Vec<Entry>, budget: usize) -> (Vec<Value>, usize) {
    let (mut used, mut rows) = (0, 0);
    let mut kept = Vec::new();
    for entry in entries {
        used += entry.shown.to_string().chars().count() + 1;
        if used > budget && !kept.is_empty() {
            break;
        }
        rows += entry.rows;
        kept.push(entry.shown);
    }
    kept.reverse();
    (kept, rows)
}

/// The text up to where it begins to quote what came before.
pub fn unquoted(text: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for line in text.lines() {
        let line_trimmed = line.trim();
        if opens_quotation(line_trimmed) {
            break;
        }
        if !line_trimmed.starts_with('>') {
            kept.push(line);
        }
    }
    let own = kept.join("\n");
    let own = own
        .get(..inline_quotation(&own))
        .unwrap_or_default()
        .trim()
        .to_owned();
    if own.is_empty() {
        text.trim().to_owned()
    } else {
        own
    }
}

/// Where a text of one line, as Zoho's summaries are, begins to quote: at ` On Tue, 3 Nov 2026 at 09:12, ...`.
fn inline_quotation(text: &str) -> usize {
    let introduces = |at: &usize| {
        let mut words = text.get(*at..).unwrap_or_default().split_whitespace().skip(1);
        let day = words.next().and_then(|word| word.strip_suffix(','));
        let date = words
            .next()
            .is_some_and(|word| word.parse::<u8>().is_ok_and(|date| date <= 31));
        date && day.is_some_and(|day| {
            WEEKDAYS
                .iter()
                .any(|full| full.starts_with(day) && day.len() >= 3)
        })
    };
    let mut starts = text.match_indices(" On ").map(|(at, _)| at);
    starts.find(introduces).unwrap_or(text.len())
}

/// `On Monday ... wrote:`, `---- Original Message ----` and their kind.
fn opens_quotation(line: &str) -> bool {
    let lower = line.to_lowercase();
    let introduces = lower.starts_with("on ") && lower.ends_with("wrote:");
    let introduces =
        introduces || (lower.starts_with("am ") && lower.contains(" schrieb") && lower.ends_with(':'));
    let introduces = introduces || (lower.starts_with("le ") && lower.ends_with("a écrit :"));
    let bare = lower.trim_matches(|c: char| c == '-' || c == '_' || c == ' ');
    introduces
        || (lower.starts_with("--")
            && matches!(
                bare,
                "original message" | "forwarded message" | "reply above this line"
            ))
}

/// An attachment in the index: what it is and how to fetch it.
pub fn attachment(row: Map<String, Value>) -> Value {
    let kept = |key: &str| row.get(key).cloned();
    let members = [
        ("id", kept("id")),
        ("name", kept("name")),
        ("bytes", kept("size")),
        ("at", kept("createdTime")),
    ];
    members
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect::<Map<_, _>>()
        .into()
}

/// A line of the history: when, who, what.
pub fn event(row: Map<String, Value>) -> Option<Value> {
    let what = row.get("eventName")?.as_str()?;
    let who = row
        .get("actor")
        .and_then(|actor| actor.get("name"))
        .and_then(Value::as_str)
        .unwrap_or("Zoho");
    let when = row.get("eventTime").and_then(Value::as_str).unwrap_or_default();
    Some(Value::String(format!("{when} {who}: {what}")))
}

/// The state the case is held in, and the transitions out of it.
pub fn blueprint(row: Map<String, Value>) -> Value {
    let transitions: Vec<Value> = row
        .get("transitions")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|transition| transition.get("name").cloned())
        .collect();
    let mut shown = Map::new();
    for key in ["name", "state"] {
        if let Some(value) = row.get(key) {
            shown.insert(key.to_owned(), value.clone());
        }
    }
    shown.insert("transitions".to_owned(), Value::Array(transitions));
    Value::Object(shown)
}
