//! Spans of time in filters: a day or an instant in, Zoho's form out.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde_json::Value;

use super::comparison::{self, Comparison, End};
use crate::names::fold;
use crate::tools::error::ToolError;
use crate::tools::modules::Module;

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

/// Whether a field holds times: as the module's own data spells it, the last word of its name says so. `Mandate` and
/// `Candidate` are one word each.
pub fn holds_times(module: Option<&Module>, name: &str) -> bool {
    let known = module.into_iter().flat_map(|module| {
        module
            .fields
            .iter()
            .chain(&module.list.row)
            .chain(&module.list.sort)
    });
    let spelt = known.into_iter().find(|known| fold(known) == fold(name));
    let name = spelt.map_or(name, String::as_str).trim();
    let last = name.len().checked_sub(4).and_then(|at| name.split_at_checked(at));
    last.is_some_and(|(before, word)| {
        let begins = word.starts_with(char::is_uppercase) || !before.ends_with(char::is_alphanumeric);
        begins && ["time", "date"].iter().any(|one| word.eq_ignore_ascii_case(one))
    })
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
    match comparison {
        Comparison::Between(from, to) => between(path, from.as_ref(), to.as_ref(), zone, apart),
        Comparison::OneOf(texts) => match texts.as_slice() {
            [one] => alone(path, one, zone, apart),
            _ => Err(unreadable(path)),
        },
        _ => Err(unreadable(path)),
    }
}

/// The span of each time that is named, of instants that are so far apart.
pub(super) fn each(
    path: &str,
    texts: &[String],
    zone: &TimeZone,
    apart: SignedDuration,
) -> Result<Vec<Span>, ToolError> {
    texts.iter().map(|text| alone(path, text, zone, apart)).collect()
}

/// The span from the first instant of several to the last.
pub(super) fn around(spans: &[Span]) -> Span {
    Span {
        from: spans.iter().filter_map(|span| span.from).min(),
        to: spans.iter().filter_map(|span| span.to).max(),
    }
}

impl Span {
    /// Whether an instant lies inside.
    pub(super) fn has(&self, instant: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= instant) && self.to.is_none_or(|to| instant <= to)
    }
}

fn alone(path: &str, text: &str, zone: &TimeZone, apart: SignedDuration) -> Result<Span, ToolError> {
    let end = End {
        text: text.trim().to_owned(),
        inside: true,
    };
    between(path, Some(&end), Some(&end), zone, apart)
}

fn between(
    path: &str,
    from: Option<&End>,
    to: Option<&End>,
    zone: &TimeZone,
    apart: SignedDuration,
) -> Result<Span, ToolError> {
    let moved =
        |instant: Timestamp, by: SignedDuration| instant.checked_add(by).map_err(|_| unreadable(path));
    let from = from.map(|end| match end.inside {
        true => instant(path, &end.text, zone, None),
        false => moved(instant(path, &end.text, zone, Some(apart))?, apart),
    });
    let to = to.map(|end| match end.inside {
        true => instant(path, &end.text, zone, Some(apart)),
        // The floor below does the rest: what lies within the last of them is before the end.
        false => moved(
            instant(path, &end.text, zone, None)?,
            -SignedDuration::from_nanos(1),
        ),
    });
    let whole = |instant: Timestamp| floor(instant, apart).map_err(|_| unreadable(path));
    let from = from.transpose()?.map(whole).transpose()?;
    let to = to.transpose()?.map(whole).transpose()?;
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        let (expected, got) = ("`from` before `to`", "an end before the start");
        return Err(ToolError::argument(path, expected, got, None));
    }
    Ok(Span { from, to })
}

/// The last instant, not after this one, of those that are so far apart: between them Zoho is told none.
fn floor(instant: Timestamp, apart: SignedDuration) -> Result<Timestamp, jiff::Error> {
    let into = instant.as_nanosecond().rem_euclid(apart.as_nanos());
    Timestamp::from_nanosecond(instant.as_nanosecond() - into)
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
        let local: DateTime = text.parse().map_err(|_| not_a_time(path, text))?;
        let zoned = local
            .to_zoned_datetime(zone.clone())
            .map_err(|_| unreadable(path))?;
        return Ok(zoned.timestamp());
    }
    let day: Date = text.parse().map_err(|_| not_a_time(path, text))?;
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
    day.parse().map_err(|_| not_a_time(path, text))
}

/// Refuses a day that the calendar has not; what has not the form of a day is none.
///
/// # Errors
/// There is no such day.
pub(super) fn check_day(path: &str, text: &str) -> Result<(), ToolError> {
    let day = text.trim().get(..DAY).unwrap_or_default();
    match comparison::is_time(text) && day.parse::<Date>().is_err() {
        true => Err(no_such_day(path, day)),
        false => Ok(()),
    }
}

fn not_a_time(path: &str, text: &str) -> ToolError {
    check_day(path, text).err().unwrap_or_else(|| unreadable(path))
}

fn no_such_day(path: &str, day: &str) -> ToolError {
    let month = day
        .get(..8)
        .and_then(|month| format!("{month}01").parse::<Date>().ok());
    let fix = month.map(|first| format!("the last day of that month is {}", first.last_of_month()));
    let got = format!("{day}, which it does not have");
    ToolError::argument(path, "a day that the calendar has", got, fix)
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
