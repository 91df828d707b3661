//! Calendar days and moments in other notations: only what has exactly one reading, by an explicit list of forms.

use jiff::civil::{Date, Weekday};

use crate::names::in_ascii;

const MONTHS: [&str; 12] = [
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
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];
const LONGEST: usize = 60;

/// Why a text is not taken as a day or a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unclear {
    /// Day and month could be either way round, or the century is missing.
    Order,
    /// The calendar has no such day.
    NoSuchDay,
    /// It depends on the clock, or is a span of time.
    Relative,
    /// The offset from UTC is missing.
    Zone,
    /// A day is wanted and a moment came, or the reverse.
    Precision,
}

/// The day a text names, as `YYYY-MM-DD`.
pub(super) fn day(text: &str) -> Result<String, Unclear> {
    let text = normal(text).ok_or(Unclear::Relative)?;
    if let Some((date, time)) = split_time(&text) {
        let date = date_of(date)?;
        let (clock, _) = split_zone(time);
        let midnight = !clock.is_empty() && clock.bytes().all(|b| matches!(b, b'0' | b':' | b'.'));
        return if midnight {
            Ok(date.to_string())
        } else {
            Err(Unclear::Precision)
        };
    }
    date_of(&text).map(|date| date.to_string())
}

/// The moment a text names, as RFC 3339 with the offset it was written with.
pub(super) fn parse_moment(text: &str) -> Result<String, Unclear> {
    let text = normal(text).ok_or(Unclear::Relative)?;
    let Some((date, time)) = split_time(&text) else {
        return Err(date_of(&text).err().unwrap_or(Unclear::Zone));
    };
    let date = date_of(date)?;
    let (clock, zone) = split_zone(time);
    let clock = clock_of(clock).ok_or(Unclear::Relative)?;
    let zone = zone_of(zone).ok_or(Unclear::Zone)?;
    Ok(format!("{date}T{clock}{zone}"))
}

/// Lower case, digits as ASCII writes them, one kind of space and dash, no quotes and no ideographs of year, month and day.
fn normal(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let mut normal = String::with_capacity(text.len());
    for c in in_ascii(text.trim()).trim_matches(['"', '\'']).chars() {
        match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' => normal.push('-'),
            '年' | '月' => normal.push('-'),
            '日' => {}
            c if c.is_whitespace() => normal.push(' '),
            c => normal.extend(c.to_lowercase()),
        }
    }
    Some(normal)
}

/// Splits before the clock: `...t17:00`, `... 17:00`, `20261130t170000z`.
fn split_time(text: &str) -> Option<(&str, &str)> {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    for (at, c) in text.char_indices() {
        let (before, after) = (text.get(..at)?, text.get(at + c.len_utf8()..)?);
        let clock_follows = after.get(..5).is_some_and(|clock| clock.contains(':'))
            || after.get(..4).is_some_and(|clock| clock.contains(':'));
        let joined = c == 't' && digit(before.chars().next_back()) && digit(after.chars().next());
        if joined || (c == ' ' && digit(after.chars().next()) && clock_follows) {
            return Some((
                before.trim_end_matches([' ', ',']).trim_end_matches(" at"),
                after.trim(),
            ));
        }
    }
    None
}

/// Splits the clock from the offset behind it.
fn split_zone(time: &str) -> (&str, &str) {
    let end = time
        .char_indices()
        .find(|(at, c)| matches!(c, '+' | '-' | 'z' | 'u' | 'g') && *at > 0)
        .map_or(time.len(), |(at, _)| at);
    let (clock, zone) = time.split_at_checked(end).unwrap_or((time, ""));
    (clock.trim(), zone.trim())
}

fn zone_of(zone: &str) -> Option<String> {
    if matches!(zone, "z" | "utc" | "gmt" | "zulu") {
        return Some("Z".to_owned());
    }
    let zone = zone
        .strip_prefix("utc")
        .or_else(|| zone.strip_prefix("gmt"))
        .unwrap_or(zone)
        .trim();
    let sign = zone.chars().next().filter(|c| matches!(c, '+' | '-'))?;
    let digits = zone.get(1..)?.replace(':', "");
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = match digits.len() {
        1 => (format!("0{digits}"), "00".to_owned()),
        2 => (digits, "00".to_owned()),
        4 => (digits.get(..2)?.to_owned(), digits.get(2..)?.to_owned()),
        _ => return None,
    };
    let in_range = hours.parse::<u8>().is_ok_and(|h| h <= 23) && minutes.parse::<u8>().is_ok_and(|m| m <= 59);
    in_range.then(|| format!("{sign}{hours}:{minutes}"))
}

/// `HH:MM:SS` with its fraction, of `17:00`, `170000`, `5:00 pm`, `17:00:00.250`.
fn clock_of(clock: &str) -> Option<String> {
    let (clock, noon) = match clock.strip_suffix("am").or_else(|| clock.strip_suffix("a.m.")) {
        Some(rest) => (rest.trim(), Some(false)),
        None => match clock.strip_suffix("pm").or_else(|| clock.strip_suffix("p.m.")) {
            Some(rest) => (rest.trim(), Some(true)),
            None => (clock, None),
        },
    };
    let (whole, fraction) = clock
        .split_once(['.', ','])
        .map_or((clock, ""), |(whole, f)| (whole, f));
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let parts: Vec<&str> = match whole.len() {
        4 | 6 if !whole.contains(':') => {
            let pair = |at: usize| whole.get(at..at + 2);
            [pair(0), pair(2), pair(4)].into_iter().flatten().collect()
        }
        _ => whole.split(':').collect(),
    };
    let numbers: Option<Vec<u8>> = parts.iter().map(|part| small_number(part)).collect();
    let (hour, minute, second) = match numbers?.as_slice() {
        [hour, minute] => (*hour, *minute, 0),
        [hour, minute, second] => (*hour, *minute, *second),
        _ => return None,
    };
    let hour = match noon {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(after) => hour % 12 + if after { 12 } else { 0 },
    };
    let fraction = if fraction.is_empty() {
        String::new()
    } else {
        format!(".{fraction}")
    };
    (hour < 24 && minute < 60 && second < 60).then(|| format!("{hour:02}:{minute:02}:{second:02}{fraction}"))
}

fn small_number(text: &str) -> Option<u8> {
    (matches!(text.len(), 1 | 2) && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn date_of(text: &str) -> Result<Date, Unclear> {
    let text = text.trim();
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
        return calendar(part(0, 4), part(4, 6), part(6, 8));
    }
    let words: Vec<&str> = text
        .split([' ', ',', '-', '/', '.'])
        .filter(|word| !word.is_empty())
        .collect();
    if words
        .iter()
        .any(|word| word.starts_with(|c: char| c.is_alphabetic()))
    {
        return named_month(&words);
    }
    match words.as_slice() {
        [year, month, day] if year.len() == 4 => calendar(year, month, day),
        [first, second, year] if year.len() == 4 => numeric(first, second, year),
        [_, _, _] => Err(Unclear::Order),
        _ => Err(Unclear::Relative),
    }
}

/// Day and month in an order that is not known: taken only when one order is a date, or both are the same.
fn numeric(first: &str, second: &str, year: &str) -> Result<Date, Unclear> {
    match (calendar(year, second, first), calendar(year, first, second)) {
        (Ok(one), Ok(other)) if one != other => Err(Unclear::Order),
        (Ok(date), _) | (_, Ok(date)) => Ok(date),
        _ => Err(Unclear::NoSuchDay),
    }
}

fn calendar(year: &str, month: &str, day: &str) -> Result<Date, Unclear> {
    let number = |text: &str| {
        small_number(text)
            .and_then(|n| i8::try_from(n).ok())
            .ok_or(Unclear::Relative)
    };
    let years = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
    let year: i16 = years
        .then(|| year.parse().ok())
        .flatten()
        .ok_or(Unclear::Relative)?;
    if !(1900..=2200).contains(&year) {
        return Err(Unclear::NoSuchDay);
    }
    Date::new(year, number(month)?, number(day)?).map_err(|_| Unclear::NoSuchDay)
}

/// `22 september 2026`, `sep 22nd, 2026`, `tuesday, 22 sept 2026`, `22nd of september 2026`, `2026-sep-22`.
fn named_month(words: &[&str]) -> Result<Date, Unclear> {
    let (mut month, mut weekday, mut numbers) = (None, None, Vec::new());
    for word in words {
        if let Some(number) = month_number(word) {
            if month.replace(number).is_some() {
                return Err(Unclear::Relative);
            }
        } else if let Some(day) = weekday_of(word) {
            weekday = Some(day);
        } else if word.starts_with(|c: char| c.is_ascii_digit()) {
            let plain = ["st", "nd", "rd", "th"]
                .iter()
                .find_map(|end| word.strip_suffix(end))
                .unwrap_or(word);
            numbers.push(plain);
        } else if !matches!(*word, "of" | "the") {
            return Err(Unclear::Relative);
        }
    }
    let month = month.ok_or(Unclear::Relative)?.to_string();
    let date = match numbers.as_slice() {
        [year, day] if year.len() == 4 => calendar(year, &month, day)?,
        [day, year] if year.len() == 4 => calendar(year, &month, day)?,
        [_, _] => return Err(Unclear::Order),
        _ => return Err(Unclear::Relative),
    };
    if weekday.is_some_and(|weekday| weekday != date.weekday()) {
        return Err(Unclear::NoSuchDay);
    }
    Ok(date)
}

fn month_number(word: &str) -> Option<usize> {
    let known = |month: &str| month == word || (matches!(word.len(), 3 | 4) && month.starts_with(word));
    MONTHS.iter().position(|month| known(month)).map(|at| at + 1)
}

fn weekday_of(word: &str) -> Option<Weekday> {
    let known = |name: &str| name == word || (word.len() >= 3 && word.len() <= 5 && name.starts_with(word));
    WEEKDAYS.iter().find(|(name, _)| known(name)).map(|(_, day)| *day)
}
