//! Days, and the zone they are read in where nobody is asked.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

/// The zone the operator named, if any.
#[derive(Debug, Default)]
pub struct Zones {
    named: Option<TimeZone>,
}

impl Zones {
    /// With the zone the operator named.
    pub fn new(named: Option<TimeZone>) -> Self {
        Zones { named }
    }

    /// The operator's zone, else UTC: for what must not depend on a connection.
    pub fn or_utc(&self) -> TimeZone {
        self.named.clone().unwrap_or(TimeZone::UTC)
    }

    /// The operator's zone, where there is one.
    pub fn operator(&self) -> Option<&TimeZone> {
        self.named.as_ref()
    }
}

/// The name of the zone that the days in these values are read in, where there are any.
pub(in crate::tools) fn of_days<'v>(
    zone: &TimeZone,
    mut values: impl Iterator<Item = &'v Value>,
) -> Option<String> {
    values.any(names_a_day).then(|| name_of(zone))
}

/// The name of a zone; of one that has none, how far it is from UTC.
pub(super) fn name_of(zone: &TimeZone) -> String {
    match zone.iana_name() {
        Some(name) => name.to_owned(),
        None => zone.to_offset(Timestamp::UNIX_EPOCH).to_string(),
    }
}

/// Whether a date stands there that is no instant yet: without `Z` or an offset.
pub(super) fn names_a_day(value: &Value) -> bool {
    match value {
        Value::String(text) => text.split(',').map(str::trim).any(is_a_day),
        Value::Array(items) => items.iter().any(names_a_day),
        Value::Object(members) => members.values().any(names_a_day),
        _ => false,
    }
}

fn is_a_day(text: &str) -> bool {
    text.get(..10).is_some_and(|day| day.parse::<Date>().is_ok()) && text.parse::<Timestamp>().is_err()
}
