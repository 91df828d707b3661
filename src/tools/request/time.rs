//! Spans of time in filters: a day or an instant in, Zoho's form out.

use crate::tools::error::ToolError;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde_json::Value;

/// A span of time, either end open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First instant inside.
    pub from: Option<Timestamp>,
    /// Last instant inside.
    pub to: Option<Timestamp>,
}

/// Reads `{"from","to"}`, `"from,to"`, `["from","to"]` or a single day; days are those of `zone`.
///
/// # Errors
/// A date that is not ISO 8601, or an end before the start.
pub fn span(path: &str, value: &Value, zone: &TimeZone) -> Result<Span, ToolError> {
    let (from, to) = ends(value).ok_or_else(|| unreadable(path))?;
    let from = from.map(|text| instant(path, text, zone, false)).transpose()?;
    let to = to.map(|text| instant(path, text, zone, true)).transpose()?;
    if from.is_none() && to.is_none() {
        return Err(unreadable(path));
    }
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

fn ends(value: &Value) -> Option<(Option<&str>, Option<&str>)> {
    let filled = |text: &'_ str| !text.trim().is_empty();
    match value {
        Value::Object(members) => {
            if members.keys().any(|key| !matches!(key.as_str(), "from" | "to")) {
                return None;
            }
            Some((
                members.get("from").and_then(Value::as_str),
                members.get("to").and_then(Value::as_str),
            ))
        }
        Value::Array(items) => match items.as_slice() {
            [from, to] => Some((Some(from.as_str()?), Some(to.as_str()?))),
            _ => None,
        },
        Value::String(text) => match text.split_once(',') {
            Some((from, to)) => Some((
                Some(from.trim()).filter(|t| filled(t)),
                Some(to.trim()).filter(|t| filled(t)),
            )),
            None => Some((Some(text.as_str()), Some(text.as_str()))),
        },
        _ => None,
    }
}

fn instant(path: &str, text: &str, zone: &TimeZone, end: bool) -> Result<Timestamp, ToolError> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    let day: Date = text.parse().map_err(|_| unreadable(path))?;
    let start = if end {
        day.tomorrow().map_err(|_| unreadable(path))?
    } else {
        day
    };
    let start = start
        .to_zoned_datetime(zone.clone())
        .map_err(|_| unreadable(path))?
        .timestamp();
    if end {
        start.checked_sub(1.millisecond()).map_err(|_| unreadable(path))
    } else {
        Ok(start)
    }
}

fn unreadable(path: &str) -> ToolError {
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
