//! A list answer: its records, its errors in place of records, and what stands beside them.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::refused::Refused;
use super::{Page, Projection, Record, RecordSeed};

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
        while let Some((row, sayings)) = seq.next_element_seed(RecordSeed(self.0))? {
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
