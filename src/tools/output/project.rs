//! Reads an answer of Zoho and keeps what was asked for: the rest is skipped without being built.

use super::text;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::fmt;

/// Which members of a record are kept.
#[derive(Debug, Clone, Copy)]
pub struct Projection<'a> {
    /// Field API names; `None` keeps everything that is not null.
    pub fields: Option<&'a [String]>,
    /// Fields whose HTML becomes text.
    pub html: &'a [String],
}

/// One page as Zoho gave it.
#[derive(Debug, Default)]
pub struct Page {
    /// The records, projected.
    pub records: Vec<Record>,
    /// CRM's `info`: `more_records`, `next_page_token`.
    pub info: Map<String, Value>,
}

/// One record: what is shown, and what is needed beside it.
#[derive(Debug, Default, Clone)]
pub struct Record {
    /// The members that are shown.
    pub shown: Map<String, Value>,
    /// The id, also when it is not shown.
    pub id: Option<String>,
    /// The link Zoho itself gives.
    pub web_url: Option<String>,
}

impl Projection<'_> {
    /// Reads a list answer: the records lie under `list_key`.
    ///
    /// # Errors
    /// The text is not the JSON expected.
    pub fn page(&self, body: &[u8], list_key: &str) -> serde_json::Result<Page> {
        if body.is_empty() {
            return Ok(Page::default());
        }
        let mut reader = serde_json::Deserializer::from_slice(body);
        let page = PageSeed {
            projection: self,
            list_key,
        }
        .deserialize(&mut reader)?;
        reader.end()?;
        Ok(page)
    }

    /// Reads a bare record.
    ///
    /// # Errors
    /// The text is not a JSON object.
    pub fn record(&self, body: &[u8]) -> serde_json::Result<Record> {
        let mut reader = serde_json::Deserializer::from_slice(body);
        let record = RecordSeed(self).deserialize(&mut reader)?;
        reader.end()?;
        Ok(record)
    }

    fn wants(&self, key: &str) -> bool {
        match self.fields {
            None => !matches!(key, "webUrl" | "customFields"),
            Some(fields) => fields.iter().any(|field| field == key),
        }
    }

    fn wants_custom_fields(&self, key: &str) -> bool {
        key == "cf"
            && self
                .fields
                .is_some_and(|fields| fields.iter().any(|field| field.starts_with("cf_")))
    }
}

struct PageSeed<'a> {
    projection: &'a Projection<'a>,
    list_key: &'a str,
}

impl<'de> DeserializeSeed<'de> for PageSeed<'_> {
    type Value = Page;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Page, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for PageSeed<'_> {
    type Value = Page;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with `{}`", self.list_key)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Page, A::Error> {
        let mut page = Page::default();
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            if key == self.list_key {
                page.records = map.next_value_seed(RowsSeed(self.projection))?;
            } else if key == "info" {
                page.info = map.next_value()?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(page)
    }
}

struct RowsSeed<'a>(&'a Projection<'a>);

impl<'de> DeserializeSeed<'de> for RowsSeed<'_> {
    type Value = Vec<Record>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for RowsSeed<'_> {
    type Value = Vec<Record>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut rows = Vec::new();
        while let Some(row) = seq.next_element_seed(RecordSeed(self.0))? {
            rows.push(row);
        }
        Ok(rows)
    }
}

struct RecordSeed<'a>(&'a Projection<'a>);

impl<'de> DeserializeSeed<'de> for RecordSeed<'_> {
    type Value = Record;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Record, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RecordSeed<'_> {
    type Value = Record;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record, A::Error> {
        let mut record = Record::default();
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            let wanted = self.0.wants(&key);
            if !wanted && !matches!(key.as_ref(), "id" | "webUrl" | "cf") {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let raw = map.next_value::<&RawValue>()?;
            if self.0.wants_custom_fields(&key) {
                record.take_custom_fields(raw, self.0);
                continue;
            }
            let Some(value) = shown(&key, raw, self.0.html) else {
                continue;
            };
            match key.as_ref() {
                "id" => record.id = value.as_str().map(str::to_owned),
                "webUrl" => record.web_url = value.as_str().map(str::to_owned),
                _ => {}
            }
            if wanted {
                record.shown.insert(key.into_owned(), value);
            }
        }
        Ok(record)
    }
}

impl Record {
    fn take_custom_fields(&mut self, raw: &RawValue, projection: &Projection<'_>) {
        let fields: Map<String, Value> = serde_json::from_str(raw.get()).unwrap_or_default();
        for (key, value) in fields {
            if projection.wants(&key) && !value.is_null() {
                self.shown.insert(key, tidy(value));
            }
        }
    }

    /// Puts the members in the order the caller asked for.
    pub fn in_order(&mut self, fields: &[String]) {
        let mut ordered = Map::with_capacity(self.shown.len());
        for field in fields {
            if let Some(value) = self.shown.remove(field) {
                ordered.insert(field.clone(), value);
            }
        }
        ordered.append(&mut self.shown);
        self.shown = ordered;
    }
}

/// The value as it is shown: ids as text with every digit, no nulls, HTML as text, no hidden characters.
fn shown(key: &str, raw: &RawValue, html: &[String]) -> Option<Value> {
    let text = raw.get();
    let number = text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    if number && (key == "id" || key.ends_with("Id") || key.ends_with("_id")) {
        return Some(Value::String(text.to_owned()));
    }
    let value: Value = serde_json::from_str(text).ok()?;
    match value {
        Value::Null => None,
        Value::String(text) if html.iter().any(|field| field == key) => {
            Some(Value::String(text::clean(text::from_html(&text))))
        }
        other => Some(tidy(other)),
    }
}

fn tidy(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(text::clean(without_millis(text))),
        Value::Array(items) => Value::Array(items.into_iter().map(tidy).collect()),
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .filter(|(key, value)| !value.is_null() && !matches!(key.as_str(), "photoURL" | "webUrl"))
                .map(|(key, value)| match value {
                    Value::Number(id) if key == "id" => (key, Value::String(id.to_string())),
                    other => (key, tidy(other)),
                })
                .collect(),
        ),
        other => other,
    }
}

/// `2026-06-11T16:12:11.000Z` says no more than `2026-06-11T16:12:11Z`.
fn without_millis(text: String) -> String {
    match text.strip_suffix(".000Z") {
        Some(start) if start.len() == 19 && start.as_bytes().get(10) == Some(&b'T') => format!("{start}Z"),
        _ => text,
    }
}
