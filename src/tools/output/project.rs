//! Reads an answer of Zoho and keeps what was asked for: the rest is skipped without being built.

mod border;
mod page;
mod places;
mod refused;

use std::borrow::Cow;
use std::fmt;

pub use border::{Border, CutTexts, tell_cut};
use bytes::Bytes;
use page::PageSeed;
pub use page::{Page, Rows};
use refused::Sayings;
pub use refused::{NoRecord, Reasons, Refused, Why};
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{html, mentions};
use crate::tools::cleaning::clean_members;
use crate::tools::error::ToolError;
use crate::tools::panics;
use crate::zoho::ZohoError;
use crate::zoho::link::zoho_page;

/// The longest answer that is read where the calls run: some milliseconds at worst.
const AT_ONCE: usize = 256 * 1024;

/// Which members of a record are kept.
#[derive(Debug, Clone, Copy)]
pub struct Projection<'a> {
    /// Field API names; `None` keeps everything that is not null.
    pub fields: Option<&'a [String]>,
    /// Fields that may hold HTML, which becomes text unless the record's own `contentType` calls it plain.
    pub html: &'a [String],
    /// What its rows have to have where it is a list.
    pub rows: Rows,
}

impl Projection<'_> {
    /// Everything that is not null, as Zoho wrote it.
    pub const ALL: Projection<'static> = Projection {
        fields: None,
        html: &[],
        rows: Rows::WithValues,
    };
}

/// One record: what is shown, and what is needed beside it.
#[derive(Debug, Default, Clone)]
pub struct Record {
    /// The members that are shown.
    pub shown: Map<String, Value>,
    /// The id, also when it is not shown.
    pub id: Option<String>,
    /// In place of an id, where a row has none: a digest of all that it says.
    pub digest: Option<String>,
    /// The link Zoho itself gives.
    pub web_url: Option<String>,
    /// What Zoho may have given only in part.
    pub border: Border,
    /// None of its members has a value, whether it is shown or not.
    pub is_blank: bool,
    /// The members asked for, or all, that it has without a value.
    pub empty: Vec<String>,
}

impl Record {
    /// What its place in a list is found again by.
    pub fn mark(&self) -> Option<&str> {
        self.id.as_deref().or(self.digest.as_deref())
    }

    /// Whether it has a member of this name, be it empty.
    pub fn has(&self, member: &str) -> bool {
        self.shown.contains_key(member) || self.empty.iter().any(|name| name == member)
    }
}

impl Projection<'_> {
    /// Reads a list answer: the records lie under `list_key`. Nothing at all (HTTP 204) is a list without records;
    /// something else than a list is none, and a list of nothing but errors a failure.
    ///
    /// # Errors
    /// The text is not the JSON expected, or the list is not in it.
    pub async fn page(&self, body: &Bytes, list_key: &str) -> Result<Page, ToolError> {
        if body.is_empty() {
            return Ok(Page::default());
        }
        let list_key = list_key.to_owned();
        let read = self.read(body, move |projection, body| projection.page_of(body, &list_key));
        let found = read.await.map_err(|error| ToolError::unreadable(&error))?;
        let page = found.ok_or_else(|| no_list(body))?;
        Ok(page.with_records_only(self.rows)?)
    }

    /// Reads a bare record.
    ///
    /// # Errors
    /// The text is not a JSON object.
    pub async fn record(&self, body: &Bytes) -> Result<Record, ToolError> {
        let read = self.read(body, |projection, body| projection.record_of(body));
        read.await.map_err(|error| ToolError::unreadable(&error))
    }

    /// Reads the record at a JSON Pointer of an answer.
    ///
    /// # Errors
    /// The text is not JSON, or no object stands there.
    pub async fn record_at(&self, body: &Bytes, place: &str) -> Result<Record, ToolError> {
        let place = place.to_owned();
        let read = self.read(body, move |projection, body| {
            let part = places::find(text(body)?, &place)?;
            projection.record_of(part.as_bytes())
        });
        read.await.map_err(|error| ToolError::unreadable(&error))
    }

    /// Reads a short answer at once and a long one on a thread of its own: one customer's mail of megabytes must not
    /// hold up the calls of the others.
    async fn read<T: Send + 'static>(
        &self,
        body: &Bytes,
        read: impl FnOnce(&Projection<'_>, &[u8]) -> serde_json::Result<T> + Send + 'static,
    ) -> serde_json::Result<T> {
        if body.len() <= AT_ONCE {
            return read(self, body);
        }
        let (fields, html) = (self.fields.map(<[String]>::to_vec), self.html.to_vec());
        let (body, rows) = (body.clone(), self.rows);
        panics::aside(move || {
            let projection = Projection {
                fields: fields.as_deref(),
                html: &html,
                rows,
            };
            read(&projection, &body)
        })
        .await
    }

    fn page_of(&self, body: &[u8], list_key: &str) -> serde_json::Result<Option<Page>> {
        let mut reader = serde_json::Deserializer::from_str(text(body)?);
        let page = PageSeed {
            projection: self,
            list_key,
        }
        .deserialize(&mut reader)?;
        reader.end()?;
        Ok(page)
    }

    fn record_of(&self, body: &[u8]) -> serde_json::Result<Record> {
        let mut reader = serde_json::Deserializer::from_str(text(body)?);
        let (record, _) = RecordSeed(self).deserialize(&mut reader)?;
        reader.end()?;
        Ok(record)
    }

    /// The place a member is shown at, behind those without one.
    fn place(&self, key: &str) -> Option<usize> {
        match self.fields {
            None => (!matches!(key, "webUrl" | "customFields")).then_some(usize::MAX),
            Some(fields) => fields.iter().position(|field| field == key),
        }
    }

    fn wants_custom_fields(&self, key: &str) -> bool {
        key == "cf"
            && self
                .fields
                .is_some_and(|fields| fields.iter().any(|field| field.starts_with("cf_")))
    }
}

/// Checked once: after that no text of it is checked again.
fn text(body: &[u8]) -> serde_json::Result<&str> {
    std::str::from_utf8(body).map_err(serde::de::Error::custom)
}

/// An answer that holds no list although one was asked for: a refusal that came as a success, by what it says of itself,
/// and never a list without records.
pub(in crate::tools) fn no_list(body: &[u8]) -> ZohoError {
    let said: Value = serde_json::from_slice(body).unwrap_or_default();
    let word = |names: [&str; 2]| names.into_iter().find_map(|name| said.get(name)?.as_str());
    let message = word(["message", "errorMessage"]).unwrap_or_default().to_owned();
    match word(["code", "errorCode"]) {
        Some(code) => ZohoError::Rejected {
            status: 200,
            code: code.to_owned(),
            message,
            fields: Vec::new(),
            body: Box::default(),
        },
        None => ZohoError::Unavailable {
            message: format!("Zoho answered without the list that was asked for. {message}"),
            seconds: None,
        },
    }
}

struct RecordSeed<'a>(&'a Projection<'a>);

impl<'de> DeserializeSeed<'de> for RecordSeed<'_> {
    type Value = (Record, Sayings);

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RecordSeed<'_> {
    type Value = (Record, Sayings);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut record, mut sayings) = (Record::default(), Sayings::default());
        record.is_blank = true;
        let mut members: Vec<(usize, String, Value)> =
            Vec::with_capacity(self.0.fields.map_or(40, <[_]>::len));
        let (mut kind, mut kinds, mut mentioned) = (Markup::Unsaid, Vec::new(), Value::Null);
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if self.0.wants_custom_fields(&key) {
                let fields: Option<Map<String, Value>> = map.next_value()?;
                record.is_blank &= fields.is_none();
                members.extend(self.0.custom_fields(fields.unwrap_or_default()));
                continue;
            }
            let place = self.0.place(&key);
            let is_needed = matches!(key.as_ref(), "id" | "webUrl" | "mention" | "$has_more")
                || is_content_type(&key)
                || Sayings::want(&key);
            if place.is_none() && !is_needed {
                record.is_blank &= map.next_value::<Option<IgnoredAny>>()?.is_none();
                continue;
            }
            let value = if is_id(&key) {
                exact(map.next_value()?)?
            } else {
                map.next_value()?
            };
            if place.is_some() {
                record.border.hear(&key, &value);
            }
            let value = match value {
                Value::Null => {
                    record.empty.extend(place.map(|_| key.into_owned()));
                    continue;
                }
                text if self.0.may_be_html(&key) => text,
                other => tidy(other),
            };
            record.is_blank = false;
            sayings.hear(&key, &value);
            match key.as_ref() {
                "contentType" => kind = Markup::named(&value),
                "mention" => mentioned = value.clone(),
                "$has_more" => record.border.go_on(&value),
                key if is_content_type(key) => kinds.push((key.to_owned(), Markup::named(&value))),
                "id" => record.id = value.as_str().map(str::to_owned),
                "webUrl" => record.web_url = value.as_str().and_then(zoho_page),
                _ => {}
            }
            members.extend(place.map(|place| (place, key.into_owned(), value)));
        }
        members.sort_by_key(|(place, _, _)| *place);
        let read = |(_, key, value): (usize, String, Value)| match value {
            Value::String(text) if self.0.may_be_html(&key) => {
                let own = kinds
                    .iter()
                    .find(|(name, _)| name.strip_suffix(CONTENT_TYPE) == Some(&key));
                let kind = own.map_or(kind, |(_, own)| *own);
                (
                    key,
                    Value::String(mentions::name_mentioned(kind.read(text), &mentioned)),
                )
            }
            other => (key, other),
        };
        record.shown = members.into_iter().map(read).collect();
        clean_members(&mut record.shown);
        Ok((record, sayings))
    }
}

impl Projection<'_> {
    fn may_be_html(&self, key: &str) -> bool {
        self.html.iter().any(|field| field == key)
    }

    fn custom_fields(&self, fields: Map<String, Value>) -> impl Iterator<Item = (usize, String, Value)> {
        fields
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .filter_map(|(key, value)| Some((self.place(&key)?, key, tidy(value))))
    }
}

/// How a member ends that says what another is written in: `descriptionContentType`.
const CONTENT_TYPE: &str = "ContentType";

fn is_content_type(key: &str) -> bool {
    key == "contentType" || key.ends_with(CONTENT_TYPE)
}

fn is_id(key: &str) -> bool {
    key == "id" || key.ends_with("Id") || key.ends_with("_id")
}

/// An id with every digit, also one that Zoho sends as a number.
fn exact<E: serde::de::Error>(raw: &RawValue) -> Result<Value, E> {
    let text = raw.get();
    if text.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        return Ok(Value::String(text.to_owned()));
    }
    match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(plain) if !plain.contains('\\') => Ok(Value::String(plain.to_owned())),
        _ => serde_json::from_str(text).map_err(E::custom),
    }
}

/// What a record says of its text.
#[derive(Clone, Copy)]
enum Markup {
    Html,
    Plain,
    Unsaid,
}

impl Markup {
    /// `text/html`, `html`, `text/plain`, `plainText`.
    fn named(content_type: &Value) -> Self {
        let name = content_type.as_str().unwrap_or_default().to_ascii_lowercase();
        match name {
            name if name.contains("html") => Self::Html,
            name if name.contains("plain") => Self::Plain,
            _ => Self::Unsaid,
        }
    }

    /// The text as people read it.
    fn read(self, text: String) -> String {
        match self {
            Self::Html => html::to_text(&text),
            Self::Plain => text,
            Self::Unsaid => html::if_markup(&text),
        }
    }
}

fn tidy(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(without_millis(text)),
        Value::Array(items) => Value::Array(items.into_iter().map(tidy).collect()),
        Value::Object(members) => {
            let name = members.get("name").and_then(Value::as_str).map(str::to_owned);
            // A person's name holds the parts of it.
            let repeats = |key: &str, value: &Value| {
                let part = value.as_str().filter(|_| matches!(key, "firstName" | "lastName"));
                part.zip(name.as_deref())
                    .is_some_and(|(part, name)| name.contains(part))
            };
            let is_said = |(key, value): &(String, Value)| {
                !value.is_null() && !matches!(key.as_str(), "photoURL" | "webUrl") && !repeats(key, value)
            };
            let said = members.into_iter().filter(is_said);
            let tidied = said.map(|(key, value)| match value {
                Value::Number(id) if key == "id" => (key, Value::String(id.to_string())),
                other => (key, tidy(other)),
            });
            Value::Object(tidied.collect())
        }
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
