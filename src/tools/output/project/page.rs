//! A list answer: its records, its errors in place of records, and what stands beside them.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::refused::{Refused, Sayings};
use super::{Page, Projection, Record, RecordSeed};
use crate::zoho::ZohoError;

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
                refused.push(Refused::without_a_record(rows.len()));
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

/// Reads a row; none where it is no object.
struct RowSeed<'a>(&'a Projection<'a>);

impl<'de> DeserializeSeed<'de> for RowSeed<'_> {
    type Value = Option<(Record, Sayings)>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for RowSeed<'_> {
    type Value = Option<(Record, Sayings)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        RecordSeed(self.0).visit_map(map).map(Some)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }
}

impl Page {
    /// The page with the rows that show no record among what was refused: those that say nothing at all, and where rows
    /// of the list have ids, those without one. A list of nothing else is a failure.
    ///
    /// # Errors
    /// None of its rows is a record.
    pub fn with_records_only(mut self, rows_have_ids: bool) -> Result<Page, ZohoError> {
        let is_none = |record: &Record| record.is_blank || rows_have_ids && record.id.is_none();
        if !self.records.iter().any(is_none) {
            return Ok(self);
        }
        let mut errors = std::mem::take(&mut self.refused).into_iter().peekable();
        let (mut kept, mut refused) = (Vec::new(), Vec::new());
        for (index, record) in std::mem::take(&mut self.records).into_iter().enumerate() {
            while let Some(error) = errors.next_if(|error| error.after <= index) {
                refused.push(Refused {
                    after: kept.len(),
                    ..error
                });
            }
            match is_none(&record) {
                true => refused.push(Refused::without_a_record(kept.len())),
                false => kept.push(record),
            }
        }
        refused.extend(errors.map(|error| Refused {
            after: kept.len(),
            ..error
        }));
        if kept.is_empty() {
            return Err(failure(&refused));
        }
        Ok(Page {
            records: kept,
            refused,
            ..self
        })
    }
}

/// The failure that a list is which has no records, only what stands in their place.
pub(super) fn failure(refused: &[Refused]) -> ZohoError {
    let by_zoho = refused.iter().find(|row| !row.is_no_record());
    let first = by_zoho.or(refused.first());
    first.map_or_else(|| Refused::without_a_record(0).to_error(), Refused::to_error)
}
