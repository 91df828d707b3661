//! Spans of time in filters: a day or an instant in, Zoho's form out.

use super::comparison::{self, Comparison, End};
use crate::tools::error::ToolError;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde_json::Value;

/// What Desk tells instants apart by.
pub(super) const MILLISECOND: SignedDuration = SignedDuration::from_millis(1);
/// What CRM tells instants apart by.
pub(super) const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// Characters of a day; what is longer has a time of day.
const DAY: usize = 10;

/// A span of time, either end open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First instant inside.
    pub from: Option<Timestamp>,
    /// Last instant inside.
    pub to: Option<Timestamp>,
}

/// Reads `{"from","to"}` and its like, `"from,to"`, `["from","to"]` or a single day; days are those of `zone`.
///
/// # Errors
/// A date that is not ISO 8601, or an end before the start.
pub fn span(path: &str, value: &Value, zone: &TimeZone) -> Result<Span, ToolError> {
    let comparison = comparison::read(path, value).map_err(|_| unreadable(path))?;
    of(path, &comparison, zone, MILLISECOND)
}

/// The span that a comparison asks for, of instants that are so far apart.
pub(super) fn of(
    path: &str,
    comparison: &Comparison,
    zone: &TimeZone,
    apart: SignedDuration,
) -> Result<Span, ToolError> {
    let (from, to) = ends(comparison).ok_or_else(|| unreadable(path))?;
    let moved =
        |instant: Timestamp, by: SignedDuration| instant.checked_add(by).map_err(|_| unreadable(path));
    let from = from.map(|end| match end.inside {
        true => instant(path, &end.text, zone, None),
        false => moved(instant(path, &end.text, zone, Some(apart))?, apart),
    });
    let to = to.map(|end| match end.inside {
        true => instant(path, &end.text, zone, Some(apart)),
        false => moved(instant(path, &end.text, zone, None)?, -apart),
    });
    let (from, to) = (from.transpose()?, to.transpose()?);
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return Err(ToolError::argument(
            path,
            "`from` before `to`",
            "an end before the start",
            None,
        ));
    }
    Ok(Span { from, to })
}

/// The ends a comparison names; a single value is both.
pub(super) fn ends(comparison: &Comparison) -> Option<(Option<End>, Option<End>)> {
    let end = |text: &str| {
        let text = text.trim().to_owned();
        (!text.is_empty()).then_some(End { text, inside: true })
    };
    let both = match comparison {
        Comparison::Between(from, to) => (from.clone(), to.clone()),
        Comparison::OneOf(texts) => match texts.as_slice() {
            [one] => match one.split_once(',') {
                Some((from, to)) => (end(from), end(to)),
                None => (end(one), end(one)),
            },
            [from, to] => (end(from), end(to)),
            _ => return None,
        },
        _ => return None,
    };
    (both.0.is_some() || both.1.is_some()).then_some(both)
}

/// An instant; of a day its first, or its last before the next begins, where instants are `last` apart.
fn instant(
    path: &str,
    text: &str,
    zone: &TimeZone,
    last: Option<SignedDuration>,
) -> Result<Timestamp, ToolError> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    if text.len() > DAY {
        let local: DateTime = text.parse().map_err(|_| unreadable(path))?;
        let zoned = local
            .to_zoned_datetime(zone.clone())
            .map_err(|_| unreadable(path))?;
        return Ok(zoned.timestamp());
    }
    let day: Date = text.parse().map_err(|_| unreadable(path))?;
    let start = match last {
        Some(_) => day.checked_add(1.day()),
        None => Ok(day),
    };
    let start = start.and_then(|day| day.to_zoned_datetime(zone.clone()));
    let start = start.map_err(|_| unreadable(path))?.timestamp();
    start
        .checked_sub(last.unwrap_or(SignedDuration::ZERO))
        .map_err(|_| unreadable(path))
}

/// The day that a text names, of an instant as it is written.
pub(super) fn day(path: &str, text: &str) -> Result<Date, ToolError> {
    let day = match text.parse::<Timestamp>() {
        Ok(_) => text.get(..10).unwrap_or_default(),
        Err(_) => text,
    };
    day.parse().map_err(|_| unreadable(path))
}

/// Whether a text names a day or an instant, or two of them.
pub(super) fn is_time(text: &str) -> bool {
    let day = |text: &str| {
        text.trim()
            .get(..10)
            .is_some_and(|day| day.parse::<Date>().is_ok())
    };
    text.split(',').any(day)
}

pub(super) fn unreadable(path: &str) -> ToolError {
    let expected = "a span like {\"from\":\"2026-01-31\",\"to\":\"2026-02-28\"}, days or RFC 3339 times";
    ToolError::argument(path, expected, "not such a span", None)
}

/// Desk's form: UTC with milliseconds.
pub fn desk(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// CRM's form: an offset, no milliseconds.
pub fn crm(instant: Timestamp, zone: &TimeZone) -> String {
    instant
        .to_zoned_datetime(zone.clone())
        .strftime("%Y-%m-%dT%H:%M:%S%:z")
        .to_string()
}
