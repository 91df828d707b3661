//! What of a call is a person's and what is the form of it: keys, choices, ids, moments and numbers stay, every other text
//! is disguised. `kept.json` says which names stand for what; what no rule knows is a text.

use std::{collections::BTreeSet, sync::LazyLock};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::disguise::Disguise;
use crate::crm::{coql::lexer::quoted, criteria::unescaped};

/// What stands where a secret was.
pub(super) const SECRET: &str = "1000.00000000000000000000000000000000.00000000000000000000000000000000";

/// Digits from which on a number can only be an id of Zoho's.
const LONG: usize = 17;

#[derive(Deserialize)]
struct Kept {
    /// Members that are never written.
    secrets: BTreeSet<String>,
    /// Members whose digits are a person's.
    phones: BTreeSet<String>,
    /// Members that tell a day of a person's life.
    birthdays: BTreeSet<String>,
    /// Members that tell of people, in settings, too.
    persons: BTreeSet<String>,
    /// Ends of the names of members that hold ids and counts.
    numbers: Vec<String>,
    /// Members and parameters whose values are one of a few.
    values: BTreeSet<String>,
    /// Paths of what an administrator has set up.
    settings: Vec<String>,
    /// Words of addresses.
    addresses: BTreeSet<String>,
}

static KEPT: LazyLock<Kept> =
    LazyLock::new(|| serde_json::from_str(include_str!("kept.json")).expect("the names are valid"));

/// Takes what is personal out of calls; what it has once seen as a choice is one in queries, too.
#[derive(Default)]
pub(super) struct Shaper {
    disguise: Disguise,
    choices: BTreeSet<String>,
}

/// Where a value stands.
#[derive(Clone, Copy)]
struct Place<'k> {
    key: &'k str,
    /// Within settings everything is a name that others refer to.
    settings: bool,
}

impl Shaper {
    /// Path and query of a call.
    pub(super) fn path(&self, path: &str) -> String {
        let is_word = |part: &str| {
            part.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        let parts = path.split('/');
        let told: Vec<String> = parts
            .map(|part| {
                if is_word(part) {
                    part.to_owned()
                } else {
                    self.disguise.text(part)
                }
            })
            .collect();
        told.join("/")
    }

    /// One parameter of a query.
    pub(super) fn parameter(&mut self, name: &str, value: &str) -> String {
        if name == "criteria" {
            return self.criteria(value);
        }
        if name.starts_with("customField")
            && let Some((field, value)) = value.split_once(':')
        {
            return format!(
                "{field}:{}",
                self.scalar(
                    Place {
                        key: field,
                        settings: false
                    },
                    value
                )
            );
        }
        let place = Place {
            key: name,
            settings: false,
        };
        let parts: Vec<String> = value.split(',').map(|part| self.scalar(place, part)).collect();
        parts.join(",")
    }

    /// A body, of a call or of an answer; `path` says what it tells of.
    pub(super) fn body(&mut self, path: &str, body: &Value) -> Value {
        let settings = KEPT
            .settings
            .iter()
            .any(|known| path.ends_with(known.as_str()) || path.contains(&format!("{known}/")));
        self.value(Place { key: "", settings }, body)
    }

    fn value(&mut self, place: Place<'_>, value: &Value) -> Value {
        match value {
            Value::Object(members) => {
                let settings = place.settings && !KEPT.persons.contains(place.key);
                // The sentence of a refusal is Zoho's; another message is somebody's.
                let is_refusal = members.contains_key("code") || members.contains_key("errorCode");
                let told: Map<String, Value> = members
                    .iter()
                    .map(|(key, value)| {
                        let named = if key == "message" && !is_refusal { "" } else { key };
                        (key.clone(), self.value(Place { key: named, settings }, value))
                    })
                    .collect();
                Value::Object(told)
            }
            Value::Array(rows) => rows.iter().map(|row| self.value(place, row)).collect(),
            Value::String(text) if place.key == "select_query" => json!(self.query(text)),
            Value::String(text) => json!(self.scalar(place, text)),
            Value::Number(_) if KEPT.phones.contains(place.key) => {
                json!(self.disguise.text(&value.to_string()))
            }
            other => other.clone(),
        }
    }

    fn scalar(&mut self, place: Place<'_>, text: &str) -> String {
        if KEPT.secrets.contains(place.key) {
            return SECRET.to_owned();
        }
        if KEPT.birthdays.contains(place.key) {
            return "1970-01-01".to_owned();
        }
        let is_phone = KEPT.phones.contains(place.key);
        if !is_phone && (is_plain(place.key, text) || self.choices.contains(text)) {
            return text.to_owned();
        }
        let is_mail = text.contains('@');
        if !is_phone && !is_mail && (place.settings || KEPT.values.contains(place.key)) {
            self.choices.insert(text.to_owned());
            return text.to_owned();
        }
        if text.starts_with("https://") || text.starts_with("http://") {
            return self.address(text);
        }
        self.disguise.text(text)
    }

    /// `https://desk.zoho.com/support/brightharbor/..#Cases/dv/1`: what Zoho itself writes stays.
    fn address(&self, text: &str) -> String {
        let mut told = String::with_capacity(text.len());
        for piece in text.split_inclusive(|letter: char| !letter.is_alphanumeric()) {
            let word = piece.trim_end_matches(|letter: char| !letter.is_alphanumeric());
            let is_id = word.len() >= 6 && word.bytes().all(|byte| byte.is_ascii_digit());
            if is_id || KEPT.addresses.contains(word) {
                told.push_str(word);
            } else {
                told.push_str(&self.disguise.word(word));
            }
            told.push_str(&piece[word.len()..]);
        }
        told
    }

    /// COQL: what stands in quotes of either kind; behind one that never ends all is somebody's.
    fn query(&mut self, text: &str) -> String {
        let mut told = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['\'', '"']) {
            told.push_str(&rest[..at]);
            let quote = if rest[at..].starts_with('"') { '"' } else { '\'' };
            let Some((part, length)) = quoted(&rest[at..], quote) else {
                return told + &self.disguise.text(&rest[at..]);
            };
            let inner = part.trim_matches('%');
            let begin = if part.starts_with('%') { "%" } else { "" };
            let end = if part.len() > 1 && part.ends_with('%') {
                "%"
            } else {
                ""
            };
            let place = Place {
                key: "",
                settings: false,
            };
            let inner = self
                .scalar(place, inner)
                .replace(quote, &format!("{quote}{quote}"));
            told = format!("{told}{quote}{begin}{inner}{end}{quote}");
            rest = &rest[at + length..];
        }
        told + rest
    }

    /// `((Last_Name:equals:Okoro)and(Stage:equals:Closed Won))`: what stands behind the second colon.
    fn criteria(&mut self, text: &str) -> String {
        let mut told = String::with_capacity(text.len());
        let mut behind = text;
        while !behind.is_empty() {
            let end = unescaped(behind, ')').map_or(behind.len(), |at| at + 1);
            let (piece, others) = behind.split_at(end);
            behind = others;
            let mut parts = piece.splitn(3, ':');
            match (parts.next(), parts.next(), parts.next()) {
                (Some(field), Some(operator), Some(rest)) => {
                    let value = rest.strip_suffix(')').unwrap_or(rest);
                    let key = field.rsplit('(').next().unwrap_or_default();
                    let place = Place { key, settings: false };
                    let values: Vec<String> = value.split(',').map(|one| self.scalar(place, one)).collect();
                    let end = &rest[value.len()..];
                    told = format!("{told}{field}:{operator}:{}{end}", values.join(","));
                }
                // The brackets at the end; what holds letters beside them belongs to a value with a bracket in it.
                _ if piece.chars().any(char::is_alphanumeric) => told.push_str(&self.disguise.text(piece)),
                _ => told.push_str(piece),
            }
        }
        told
    }
}

/// Neither name nor text: nothing, truth, a moment or how long something took, an id, a count.
fn is_plain(key: &str, text: &str) -> bool {
    let of = |text: &str, others: &[u8]| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit() || others.contains(&byte))
    };
    let is_id = KEPT.numbers.iter().any(|end| key.ends_with(end.as_str()));
    let is_number = !text.is_empty() && of(text, b"");
    let day = text.get(..10).map(str::parse::<jiff::civil::Date>);
    let is_moment = day.is_some_and(|day| day.is_ok()) && of(text, b"-:.TZ+ ");
    text.is_empty()
        || matches!(text, "true" | "false" | "null")
        || is_moment
        || text.strip_suffix(" hrs").is_some_and(|time| of(time, b":"))
        || (is_number && (is_id || text.len() <= 3 || text.len() >= LONG))
}
