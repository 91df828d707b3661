//! Times as CRM writes them: ISO 8601 with the user's offset and no fractions, so that texts sort like times.

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, civil};

/// The user's time zone; it has no daylight saving, so one offset is right all year.
pub(crate) const TIME_ZONE: &str = "Asia/Kolkata";

fn zone() -> TimeZone {
    TimeZone::fixed(Offset::from_seconds(19_800).expect("an offset of 5:30 h exists"))
}

/// The time as text, for example `2026-01-02T08:34:05+05:30`.
pub(crate) fn iso(time: Timestamp) -> String {
    time.to_zoned_datetime(zone())
        .strftime("%Y-%m-%dT%H:%M:%S%:z")
        .to_string()
}

/// The user's date at a time.
pub(crate) fn date(time: Timestamp) -> String {
    time.to_zoned_datetime(zone()).strftime("%Y-%m-%d").to_string()
}

/// A time as CRM keeps it, from any ISO 8601 text with an offset.
pub(crate) fn normal(text: &str) -> Option<String> {
    instant(text).map(iso)
}

/// The moment of an ISO 8601 text with an offset, or of an RFC 1123 header.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    // A `+` that was sent unescaped in a query arrives as a space.
    let text = text.trim();
    if let Ok(time) = text.parse() {
        return Some(time);
    }
    jiff::fmt::rfc2822::parse(text)
        .ok()
        .map(|zoned| zoned.timestamp())
}

/// True for `yyyy-MM-dd` of a day that exists.
pub(crate) fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<civil::Date>().is_ok()
}

/// Midnight (UTC) of the day of `time`.
pub(crate) fn midnight(time: Timestamp) -> Timestamp {
    let seconds = time.as_second();
    Timestamp::from_second(seconds - seconds.rem_euclid(86_400)).unwrap_or(time)
}

/// `time` moved by seconds.
pub(crate) fn shift(time: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_second(time.as_second() + seconds).unwrap_or(time)
}
