//! Desk's notation of time: UTC with milliseconds, `2026-11-20T17:40:00.000Z`, which sorts as text.

use jiff::{SignedDuration, Timestamp, civil::Weekday, tz::TimeZone};

/// A moment in Desk's notation.
pub(crate) fn format(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// Desk's notation of a moment given in seconds since 1970.
pub(crate) fn written_second(second: i64) -> String {
    format(Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH))
}

/// The milliseconds since 1970 of a moment in Desk's notation; none of any other text.
pub(crate) fn milliseconds(text: &str) -> Option<i64> {
    let moment: Timestamp = text.parse().ok()?;
    (format(moment) == text).then(|| moment.as_millisecond())
}

/// A time as a client may write it, in Desk's own notation.
pub(crate) fn canonical(text: &str) -> Option<String> {
    text.parse::<Timestamp>().ok().map(format)
}

/// A named span of days, with both ends in Desk's notation; `overdue` ends now.
pub(crate) fn window(name: &str, now: Timestamp) -> Option<(String, String)> {
    let today = TimeZone::UTC.to_datetime(now).date();
    let days = |from: i64, to: i64| {
        let start = today.checked_add(SignedDuration::from_hours(from * 24)).ok()?;
        let end = today.checked_add(SignedDuration::from_hours(to * 24)).ok()?;
        Some((format!("{start}T00:00:00.000Z"), format!("{end}T23:59:59.999Z")))
    };
    let monday = -i64::from(today.weekday().since(Weekday::Monday));
    match name.to_lowercase().as_str() {
        "overdue" => Some((String::new(), format(now))),
        "today" => days(0, 0),
        "tomorrow" => days(1, 1),
        "yesterday" => days(-1, -1),
        "currentweek" => days(monday, monday + 6),
        "currentmonth" => days(
            1 - i64::from(today.day()),
            i64::from(today.days_in_month()) - i64::from(today.day()),
        ),
        "lastweek" => days(monday - 7, monday - 1),
        "lastmonth" => {
            let last = today.first_of_month().yesterday().ok()?;
            let length = i64::from(last.days_in_month());
            days(1 - i64::from(today.day()) - length, -i64::from(today.day()))
        }
        other => {
            let count: i64 = other.strip_prefix("last")?.strip_suffix("days")?.parse().ok()?;
            days(1 - count, 0)
        }
    }
}

/// The moment `days` before now, in Desk's notation.
pub(crate) fn days_ago(days: i64, now: Timestamp) -> String {
    format(
        now.checked_sub(SignedDuration::from_hours(days * 24))
            .unwrap_or(Timestamp::UNIX_EPOCH),
    )
}

/// A time spent, as threads have it: `05:03:53`.
pub(crate) fn spent(seconds: i64) -> String {
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}
