//! Days that conditions on times call by words: `today` is one in the zone of the call, `this month` a span of them. What
//! can be read in two ways is not settled but told with the days it may be.

use std::sync::Arc;

use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, ZonedDateTime};
use serde_json::{Map, Value, json};

use crate::names::{letters, pointer};
use crate::repair::Repair;
use crate::tools::error::ToolError;
use crate::tools::invocation::Invocation;
use crate::tools::modules::Subject;
use crate::tools::request::{self, holds_times, leaves_out, same_filter, takes_first, time};
use crate::tools::settings::fields::{Field, list_known};

/// What words mean.
#[derive(PartialEq)]
enum Meant {
    /// A day, or an instant.
    Day(String),
    /// From a day to another, both inside.
    Span(Date, Date),
    /// One of several spans, of which this is one and that is said of it.
    Perhaps(Value, String),
}

/// The conditions on times that call days by words. Of a field that the module's own data does not know Zoho says what it
/// holds; else its name does.
pub(super) async fn called(invocation: &Invocation<'_>, arguments: &Map<String, Value>) -> Vec<String> {
    let filters = arguments.get("filters").and_then(Value::as_object);
    let worded = filters
        .into_iter()
        .flatten()
        .filter(|(_, value)| has_words(value));
    let mut names: Vec<String> = worded.map(|(name, _)| name.clone()).collect();
    let Ok(subject) = request::subject(arguments) else {
        return Vec::new();
    };
    let module = subject.module.as_ref();
    let is_own = |name: &String| {
        let first = name.split('.').next().unwrap_or_default();
        list_known(module).any(|known| same_filter(known, first))
    };
    let fields = match names.iter().all(is_own) || module.undescribed {
        true => None,
        false => described(invocation, &subject).await,
    };
    names.retain(|name| {
        let mut fields = fields.iter().flat_map(|fields| fields.iter());
        let wanted = letters(name);
        let field = fields.find(|field| {
            [&field.api_name, &field.label]
                .map(|one| letters(one))
                .contains(&wanted)
        });
        match field.filter(|field| !field.kind.is_empty()) {
            Some(field) => holds_times(&field.kind),
            None => time::holds_times(Some(module), name),
        }
    });
    names
}

/// The fields of a module; where they cannot be had, the names that only they know are taken as they are, which is told.
async fn described(invocation: &Invocation<'_>, subject: &Subject) -> Option<Arc<Vec<Field>>> {
    let session = invocation.session(subject.product).await.ok()?;
    let (fields, _) = invocation.fields(session, subject, false).await.ok()?;
    Some(fields)
}

/// Puts the days in the place of their words in these conditions, and tells them and whether they follow the clock.
///
/// # Errors
/// Words for days that can be read in two ways.
pub(super) fn settle(
    arguments: &mut Map<String, Value>,
    called: &[String],
    zone: &TimeZone,
    now: Timestamp,
) -> Result<(Vec<Repair>, bool), ToolError> {
    let now = now.to_zoned_datetime(zone.clone());
    let mut repairs = Vec::new();
    let filters = arguments.get_mut("filters").and_then(Value::as_object_mut);
    for (name, value) in filters.into_iter().flatten() {
        if called.contains(name) {
            let path = pointer::below("/filters", name);
            replace(value, &path, Place::Whole, &now, &mut repairs)?;
        }
    }
    let goes_by_now = repairs.iter().any(|repair| follows_the_clock(&repair.from));
    Ok((repairs, goes_by_now))
}

/// Whether words mean another day on another day.
fn follows_the_clock(text: &str) -> bool {
    let one = any_day();
    let other = one.checked_add(400.days()).unwrap_or_else(|_| one.clone());
    read(text, &one) != read(text, &other)
}

fn has_words(value: &Value) -> bool {
    match value {
        Value::String(_) | Value::Number(_) => read(&written(value), &any_day()).is_some(),
        Value::Array(items) => items.iter().any(has_words),
        Value::Object(members) => members.values().any(has_words),
        _ => false,
    }
}

/// A text, or a number as one.
fn written(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Whether words are days does not depend on the day.
fn any_day() -> ZonedDateTime {
    Timestamp::UNIX_EPOCH.to_zoned_datetime(TimeZone::UTC)
}

/// What a text means that calls days by words.
fn read(text: &str, now: &ZonedDateTime) -> Option<Meant> {
    let text = text
        .trim()
        .trim_start_matches("${")
        .trim_end_matches('}')
        .to_lowercase();
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c == '_' || c == '-')
        .collect();
    let today = now.date();
    let day = |days: i64| Some(Meant::Day(today.checked_add(days.days()).ok()?.to_string()));
    match words.as_slice() {
        ["now"] => Some(Meant::Day(now.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())),
        ["yesterday"] => day(-1),
        ["today"] => day(0),
        ["tomorrow"] => day(1),
        [days, "day" | "days", "ago"] => day(-number(days)?),
        [weeks, "week" | "weeks", "ago"] => day(-7 * number(weeks)?),
        ["in", days, "day" | "days"] | [days, "day" | "days", "from", "now" | "today"] => day(number(days)?),
        ["in", weeks, "week" | "weeks"] | [weeks, "week" | "weeks", "from", "now" | "today"] => {
            day(7 * number(weeks)?)
        }
        [year] if is_year(year) && ["19", "20"].iter().any(|century| year.starts_with(century)) => {
            let first = Date::new(year.parse().ok()?, 1, 1).ok()?;
            Some(Meant::Span(first, first.last_of_year()))
        }
        [year, part] | [part, year] if is_year(year) => part_of_year(year.parse().ok()?, part),
        [which, "month"] => {
            let first = today.first_of_month().checked_add(turn(which)?.months()).ok()?;
            Some(Meant::Span(first, first.last_of_month()))
        }
        [which, "year"] => {
            let first = today.first_of_year().checked_add(turn(which)?.years()).ok()?;
            Some(Meant::Span(first, first.last_of_year()))
        }
        ["last" | "past" | "previous", days, "day" | "days"] => {
            let days = number(days)?;
            let first = today.checked_sub((days - 1).days()).ok()?;
            Some(Meant::Perhaps(
                json!({ "from": first.to_string() }),
                format!("{days} days with today"),
            ))
        }
        ["next", days, "day" | "days"] => {
            let days = number(days)?;
            let last = today.checked_add((days - 1).days()).ok()?;
            Some(Meant::Perhaps(
                between(today, last),
                format!("{days} days with today"),
            ))
        }
        [
            "last" | "past" | "previous",
            number_of,
            unit @ ("weeks" | "months"),
        ] => {
            let span = match *unit {
                "weeks" => number(number_of)?.weeks(),
                _ => number(number_of)?.months(),
            };
            let first = today.checked_sub(span).ok()?.checked_add(1.days()).ok()?;
            Some(Meant::Perhaps(
                json!({ "from": first.to_string() }),
                format!("{number_of} {unit} up to today"),
            ))
        }
        ["overdue" | "late"] | ["past", "due"] | ["over", "due"] => Some(Meant::Perhaps(
            json!({ "lt": today.to_string() }),
            "before today, what is done among them".to_owned(),
        )),
        ["since", month] => {
            let month = month_of(month)?;
            let year = match month > today.month() {
                true => today.year() - 1,
                false => today.year(),
            };
            let first = Date::new(year, month, 1).ok()?;
            Some(Meant::Perhaps(
                json!({ "from": first.to_string() }),
                "from its first day on".to_owned(),
            ))
        }
        [which, "week"] => {
            let into = i64::from(today.weekday().to_monday_zero_offset());
            let first = today.checked_add((turn(which)? * 7 - into).days()).ok()?;
            let last = first.checked_add(6.days()).ok()?;
            Some(Meant::Perhaps(
                between(first, last),
                "from Monday to Sunday".to_owned(),
            ))
        }
        [which, "quarter"] => {
            let into = i64::from((today.month() - 1) % 3);
            let months = turn(which)? * 3 - into;
            let first = today.first_of_month().checked_add(months.months()).ok()?;
            let last = first.checked_add(2.months()).ok()?.last_of_month();
            Some(Meant::Perhaps(
                between(first, last),
                "the quarter of the calendar's year".to_owned(),
            ))
        }
        _ => None,
    }
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// A month (`09`), a quarter of the calendar's year (`q3`), or a week of ISO 8601 (`w44`).
fn part_of_year(year: i16, part: &str) -> Option<Meant> {
    if let Ok(month) = part.parse::<i8>() {
        let first = Date::new(year, month, 1).ok()?;
        return Some(Meant::Span(first, first.last_of_month()));
    }
    let (letter, number) = part.split_at_checked(1)?;
    let number: i8 = number.parse().ok()?;
    let (first, last) = match letter {
        "q" if (1..=4).contains(&number) => {
            let first = Date::new(year, number * 3 - 2, 1).ok()?;
            (first, first.checked_add(2.months()).ok()?.last_of_month())
        }
        "w" => {
            let monday = ISOWeekDate::new(year, number, Weekday::Monday).ok()?.date();
            (monday, monday.checked_add(6.days()).ok()?)
        }
        _ => return None,
    };
    Some(Meant::Span(first, last))
}

/// Which one after the present is meant.
fn turn(word: &str) -> Option<i64> {
    match word {
        "last" | "previous" => Some(-1),
        "this" | "current" => Some(0),
        "next" => Some(1),
        _ => None,
    }
}

fn number(text: &str) -> Option<i64> {
    text.parse().ok().filter(|number| (1..=36_500).contains(number))
}

/// Which month of a year it is.
fn month_of(word: &str) -> Option<i8> {
    let months = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let place = months.iter().position(|month| *month == word)?;
    i8::try_from(place + 1).ok()
}

fn between(first: Date, last: Date) -> Value {
    json!({ "from": first.to_string(), "to": last.to_string() })
}

/// Where words stand in a condition.
#[derive(Clone, Copy)]
enum Place {
    /// They are the condition.
    Whole,
    /// At an end of what lies between: the first day of a span is meant there, or the last.
    End(bool),
    /// Where only a day can stand.
    Day,
    /// They are what is left out.
    Not,
    /// One of several days that are left out.
    NotDay,
}

fn replace(
    value: &mut Value,
    path: &str,
    place: Place,
    now: &ZonedDateTime,
    repairs: &mut Vec<Repair>,
) -> Result<(), ToolError> {
    match value {
        Value::String(_) | Value::Number(_) => {
            let text = &written(value);
            let to = match (read(text, now), place) {
                (None, _) => return Ok(()),
                (Some(Meant::Day(day)), _) => Value::String(day),
                (Some(Meant::Span(first, last)), Place::Whole | Place::Not) => between(first, last),
                (Some(Meant::Span(first, _)), Place::End(true)) => json!(first.to_string()),
                (Some(Meant::Span(_, last)), Place::End(false)) => json!(last.to_string()),
                (Some(Meant::Span(first, last)), Place::NotDay) => {
                    let fix = format!("{{\"not\":{}}} alone", between(first, last));
                    return Err(refused(path, "a day here", text, "more than one", fix));
                }
                (Some(Meant::Span(first, last)), Place::Day) => {
                    let fix = format!("the filter itself as {}", between(first, last));
                    return Err(refused(path, "a day here", text, "more than one", fix));
                }
                (Some(Meant::Perhaps(span, said)), _) => {
                    let fix = format!("{span} is {said}");
                    let expected = "days, for this can be read in several ways";
                    return Err(refused(path, expected, text, "not certain", fix));
                }
            };
            let told = to.as_str().map_or_else(|| to.to_string(), str::to_owned);
            repairs.push(Repair {
                path: path.to_owned(),
                rule: "day",
                from: text.clone(),
                to: told,
            });
            *value = to;
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                let place = match place {
                    Place::Not | Place::NotDay => Place::NotDay,
                    _ => Place::Day,
                };
                replace(item, &pointer::below(path, index), place, now, repairs)?;
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                let place = match takes_first(key) {
                    Some(first) => Place::End(first),
                    None if leaves_out(key) => Place::Not,
                    None => Place::Day,
                };
                replace(member, &pointer::below(path, key), place, now, repairs)?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn refused(path: &str, expected: &str, text: &str, what: &str, fix: String) -> ToolError {
    ToolError::argument(path, expected, format!("`{}`, {what}", text.trim()), Some(fix))
}
