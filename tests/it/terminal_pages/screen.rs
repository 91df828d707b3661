//! A screen as a person reads it: which values of an answer it tells.
//!
//! REAL CLOCK: it belongs to tests about a program that knows of no sandbox.

use std::sync::LazyLock;

use jiff::Timestamp;
use serde_json::Value;

/// Words as people read them, on one line.
pub(super) fn flat(text: &str) -> String {
    let bare = text.replace(['〔', '〕'], "");
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Letters alone: `Time zone` and `timeZone` are one name.
fn letters(name: &str) -> String {
    let letters = name.chars().filter(|sign| sign.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// What a page calls a member: as the file says, else its own name without the mark of one's own fields.
fn called(member: &str) -> String {
    static FILE: LazyLock<Value> = LazyLock::new(|| {
        let file = include_str!("../../../tool-schemas/modules/screen.json");
        serde_json::from_str(file).unwrap()
    });
    let head = FILE["heads"][member].as_str();
    letters(head.unwrap_or_else(|| member.strip_prefix("cf_").unwrap_or(member)))
}

/// Whether a page calls a member on this path so, or some that stand in each other.
fn names(path: &str, name: &str) -> bool {
    let parts: Vec<String> = path.split('.').map(called).collect();
    (1..=3).any(|some| parts.windows(some).any(|some| some.concat() == letters(name)))
}

/// A screen that was read: what is on it, the names of what is not, and when that was.
pub(super) struct Screen {
    flat: String,
    hidden: Vec<String>,
    now: i64,
}

/// Where a value of an answer stands in it, and whether the screen tells it.
pub(super) type Looked = Vec<(String, bool)>;

impl Screen {
    pub(super) fn of(screen: &str, now: i64) -> Self {
        let flat = flat(&plain(screen));
        let hidden = flat.split_once("not shown: ").map_or("", |(_, rest)| rest);
        let hidden = hidden.split(" (--output").next().unwrap().split(", ");
        Screen {
            hidden: hidden
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect(),
            flat,
            now,
        }
    }

    /// Looks for every value that the screen does not say it leaves out. What is yes, no or nothing has no words of its own.
    pub(super) fn look_for(&self, path: &str, value: &Value, looked: &mut Looked) {
        if self.hides(path) {
            return;
        }
        let found = match value {
            Value::Null | Value::Bool(_) => return,
            Value::Object(members) => {
                for (key, value) in members {
                    self.look_for(&format!("{path}.{key}"), value, looked);
                }
                return;
            }
            Value::Array(items) => {
                let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
                if !texts.is_some_and(|texts| self.shows(&texts.join(", "))) {
                    items.iter().for_each(|item| self.look_for(path, item, looked));
                }
                return;
            }
            Value::String(text) => match text.parse::<Timestamp>() {
                Ok(at) => self.shows_moment(at, text),
                Err(_) => self.shows(text) || self.shows_event(text),
            },
            number => self.shows_word(&number.to_string()),
        };
        looked.push((format!("{path}: {value}"), found));
    }

    fn hides(&self, path: &str) -> bool {
        let key = path.rsplit('.').next().unwrap();
        let is_id = key == "id" || key.ends_with("Id");
        self.hidden
            .iter()
            .any(|name| match name.strip_prefix("details of ") {
                Some(whose) => names(path.rsplit_once('.').map_or("", |(above, _)| above), whose),
                None => names(path, name) || name.starts_with("ids ") && is_id,
            })
    }

    /// Whether a text is there whole, or its beginning up to an ellipsis.
    fn shows(&self, text: &str) -> bool {
        const SHORTEST: usize = 3;
        let text = flat(text);
        let beginnings = text.char_indices().skip(SHORTEST).map(|(end, _)| &text[..end]);
        let mut beginnings = beginnings.collect::<Vec<_>>().into_iter().rev();
        self.flat.contains(&text) || beginnings.any(|part| self.flat.contains(&format!("{part}…")))
    }

    /// Whether a line that begins with a moment is there, with the moment as people read one.
    fn shows_event(&self, text: &str) -> bool {
        let text = flat(text);
        let line = text.split_once(' ');
        let line = line.and_then(|(first, rest)| Some((first.parse().ok()?, first, rest)));
        line.is_some_and(|(at, first, rest)| self.shows(rest) && self.shows_moment(at, first))
    }

    fn shows_word(&self, word: &str) -> bool {
        let parts = |sign: char| !sign.is_ascii_alphanumeric() && sign != '.';
        self.flat
            .split(parts)
            .any(|part| part.trim_end_matches('.') == word)
    }

    /// Whether a moment is there by its day or by how long ago it was.
    fn shows_moment(&self, at: Timestamp, written: &str) -> bool {
        let seconds = self.now - at.as_second();
        let units = [(60, "min"), (3_600, "h"), (86_400, "d")];
        let away = units.iter().rev().find(|(unit, _)| seconds.abs() >= *unit);
        let away = away.map_or("now".to_owned(), |(unit, name)| match seconds > 0 {
            true => format!("{} {name} ago", seconds / unit),
            false => format!("in {} {name}", -seconds / unit),
        });
        self.flat.contains(&away) || self.flat.contains(&written[..10])
    }
}

/// The same answer with other words and numbers in the place of each.
pub(super) fn altered(value: &Value) -> Value {
    match value {
        Value::String(text) => match text.parse::<Timestamp>() {
            Ok(_) => Value::from("1871-03-05T01:02:03Z"),
            Err(_) => Value::from(format!("¶{text}")),
        },
        Value::Number(number) => Value::from(number.as_i64().unwrap_or_default() + 777_777),
        Value::Array(items) => items.iter().map(altered).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), altered(value)))
            .collect(),
        plain => plain.clone(),
    }
}

/// A screen without what paints it and what its links lead to.
pub(super) fn plain(screen: &str) -> String {
    let mut plain = String::new();
    for line in screen.lines() {
        let mut rest = crate::own_help::plain(line);
        while let Some((before, after)) = rest.split_once("\u{1b}]8;;") {
            let (address, after) = after.split_once("\u{1b}\\").unwrap();
            rest = format!("{before} {address} {after}");
        }
        plain.push_str(&rest);
        plain.push('\n');
    }
    plain
}

#[test]
fn a_value_that_is_not_on_a_screen_is_missed() {
    let screen = Screen::of(
        "# 600  The gateway on the…  2 h ago\nnot shown: ids beside a name or link, link (--output",
        7_200,
    );
    let data = serde_json::json!({
        "number": 600, "subject": "The gateway on the pier", "createdTime": "1970-01-01T00:00:00Z", "teamId": "7",
        "link": "https://desk.zoho.com", "priority": "High", "threads": 60, "dueDate": "1970-01-03T00:00:00Z",
    });
    let mut looked = Looked::new();
    screen.look_for("data", &data, &mut looked);
    let missed = looked
        .iter()
        .filter(|(_, is_there)| !is_there)
        .map(|(place, _)| place.as_str());
    let missed: Vec<&str> = missed.collect();
    assert_eq!(
        missed,
        [
            r#"data.priority: "High""#,
            "data.threads: 60",
            r#"data.dueDate: "1970-01-03T00:00:00Z""#
        ]
    );
}
