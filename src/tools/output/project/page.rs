//! A list answer: its records, its errors in place of records, and what stands beside them.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::refused::{NoRecord, Refused, Sayings};
use super::{Projection, Record, RecordSeed};
use crate::tools::digest::digest;
use crate::zoho::ZohoError;

/// One page as Zoho gave it.
#[derive(Debug, Default)]
pub struct Page {
    /// The records, projected.
    pub records: Vec<Record>,
    /// CRM's `info`: `more_records`, `next_page_token`.
    pub info: Map<String, Value>,
    /// Desk's `count`: the rows of the whole search.
    pub total: Option<u64>,
    /// Rows that are errors in place of records.
    pub refused: Vec<Refused>,
}

/// What makes the row of a list a record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Rows {
    /// An id.
    WithIds,
    /// A value in any member.
    #[default]
    WithValues,
    /// That it is there: a question for values may be answered by none.
    AsAsked,
}

impl Rows {
    /// Those of a list whose rows have ids, or of one of which nobody says so.
    pub fn of(have_ids: bool) -> Self {
        match have_ids {
            true => Rows::WithIds,
            false => Rows::WithValues,
        }
    }
}

/// Reads an answer whose records lie under a key; none where that is not in it.
pub(super) struct PageSeed<'a> {
    pub(super) projection: &'a Projection<'a>,
    pub(super) list_key: &'a str,
}

impl<'de> DeserializeSeed<'de> for PageSeed<'_> {
    type Value = Option<Page>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for PageSeed<'_> {
    type Value = Option<Page>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with `{}`", self.list_key)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut page = Page::default();
        let mut found = false;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if key == self.list_key {
                (page.records, page.refused) = map.next_value_seed(RowsSeed(self.projection))?;
                found = true;
            } else if key == "info" {
                page.info = map.next_value()?;
            } else if key == "count" {
                page.total = map.next_value::<Value>()?.as_u64();
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found.then_some(page))
    }
}

struct RowsSeed<'a>(&'a Projection<'a>);

impl<'de> DeserializeSeed<'de> for RowsSeed<'_> {
    type Value = (Vec<Record>, Vec<Refused>);

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for RowsSeed<'_> {
    type Value = (Vec<Record>, Vec<Refused>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let (mut rows, mut refused) = (Vec::new(), Vec::new());
        while let Some(row) = seq.next_element_seed(RowSeed(self.0))? {
            let Some((row, sayings)) = row else {
                refused.push(Refused::without_a_record(rows.len(), NoRecord::NoObject));
                continue;
            };
            match sayings.refused().filter(|_| row.id.is_none()) {
                Some(error) => refused.push(Refused {
                    after: rows.len(),
                    ..error
                }),
                None => rows.push(row),
            }
        }
        Ok((rows, refused))
    }
}

/// Reads a row; none where it is no object. What it is, its text says: a number comes to a visitor as a map.
struct RowSeed<'a>(&'a Projection<'a>);

impl<'de> DeserializeSeed<'de> for RowSeed<'_> {
    type Value = Option<(Record, Sayings)>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let row = <&RawValue>::deserialize(deserializer)?.get();
        if !row.starts_with('{') {
            return Ok(None);
        }
        let mut reader = serde_json::Deserializer::from_str(row);
        let (mut record, sayings) = RecordSeed(self.0)
            .deserialize(&mut reader)
            .map_err(D::Error::custom)?;
        // Ids within it are numbers or texts.
        record.digest = record.id.is_none().then(|| digest(&row.replace('"', "")));
        Ok(Some((record, sayings)))
    }
}

impl Page {
    /// The page with the rows that show no record among what was refused. A list of nothing else is a failure.
    ///
    /// # Errors
    /// None of its rows is a record.
    pub(super) fn with_records_only(mut self, rows: Rows) -> Result<Page, ZohoError> {
        let lacks = |record: &Record| match rows {
            Rows::AsAsked => None,
            _ if record.is_blank => Some(NoRecord::Blank),
            Rows::WithIds if record.id.is_none() => Some(NoRecord::Nameless),
            Rows::WithIds | Rows::WithValues => None,
        };
        let mut errors = std::mem::take(&mut self.refused).into_iter().peekable();
        let (mut kept, mut refused) = (Vec::new(), Vec::new());
        for (index, record) in std::mem::take(&mut self.records).into_iter().enumerate() {
            while let Some(error) = errors.next_if(|error| error.after <= index) {
                refused.push(Refused {
                    after: kept.len(),
                    ..error
                });
            }
            match lacks(&record) {
                Some(why) => refused.push(Refused::without_a_record(kept.len(), why)),
                None => kept.push(record),
            }
        }
        refused.extend(errors.map(|error| Refused {
            after: kept.len(),
            ..error
        }));
        if let Some(first) = first_of(&refused).filter(|_| kept.is_empty()) {
            return Err(first.to_error());
        }
        Ok(Page {
            records: kept,
            refused,
            ..self
        })
    }
}

/// What a list without records fails for: a refusal of Zoho's before anything else.
fn first_of(refused: &[Refused]) -> Option<&Refused> {
    let by_zoho = refused.iter().find(|row| row.no_record().is_none());
    by_zoho.or(refused.first())
}
