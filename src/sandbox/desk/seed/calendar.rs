//! When people write: by day more than by night, on weekdays more than at weekends, by the clock of the organization; agents
//! in their office hours.

use jiff::{Timestamp, civil::Weekday, tz::TimeZone};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// Office hours an hour east of Greenwich: within 8 to 18 by the clock on the wall, in summer, too.
const OPENS: i64 = 9 * HOUR;
const CLOSES: i64 = 17 * HOUR;

/// A working day.
const OFFICE: i64 = CLOSES - OPENS;

/// The office time that has passed until a moment, both in seconds; 1970 began on a Thursday.
fn worked(second: i64) -> i64 {
    let (day, time) = ((second + HOUR).div_euclid(DAY), (second + HOUR).rem_euclid(DAY));
    let (week, weekday) = ((day + 3).div_euclid(7), (day + 3).rem_euclid(7));
    let today = if weekday < 5 {
        (time - OPENS).clamp(0, OFFICE)
    } else {
        0
    };
    (week * 5 + weekday.min(5)) * OFFICE + today
}

/// The office time between two moments, all in seconds.
pub(crate) fn office(from: i64, until: i64) -> i64 {
    (worked(until) - worked(from)).max(0)
}

/// The moment in office hours at which that much office time has passed since another, all in seconds.
pub(crate) fn office_after(from: i64, seconds: i64) -> i64 {
    let worked = worked(from) + seconds;
    let (day, time) = (worked.div_euclid(OFFICE), worked.rem_euclid(OFFICE));
    let (week, weekday) = (day.div_euclid(5), day.rem_euclid(5));
    (week * 7 + weekday - 3) * DAY + OPENS + time - HOUR
}

/// Whether somebody is in the office at a moment, in seconds since 1970.
fn is_open(second: i64) -> bool {
    office(second, second + 1) > 0
}

/// When is done what is to do at a moment: then, or so long after the office opens next, all in seconds.
pub(crate) fn at_work(second: i64, after_opening: i64) -> i64 {
    match is_open(second) {
        true => second,
        false => office_after(second, after_opening),
    }
}

/// What comes in in an hour of the week, in shares.
fn share(weekday: Weekday, hour: i8) -> i64 {
    let at_weekend = matches!(weekday, Weekday::Saturday | Weekday::Sunday);
    match (at_weekend, hour) {
        (false, 8..=17) => 10,
        (false, 7 | 18) => 5,
        (false, _) => 2,
        (true, 9..=17) => 3,
        (true, _) => 1,
    }
}

/// All shares of a week: five days of 134, two of 42.
const WEEK: i64 = 5 * 134 + 2 * 42;

/// The moment before `latest`, both in seconds since 1970, since which as much has come in as does in `seconds` on average.
pub(crate) fn before(latest: i64, seconds: i64) -> i64 {
    let mut left = seconds * WEEK / (7 * 24);
    let weeks = left / (WEEK * HOUR);
    left -= weeks * WEEK * HOUR;
    let mut at = latest - weeks * 7 * 24 * HOUR;
    loop {
        // The organization sits an hour east of Greenwich.
        let local = Timestamp::from_second(at - 1 + HOUR).unwrap_or_default();
        let time = TimeZone::UTC.to_datetime(local);
        let share = share(time.weekday(), time.hour());
        let since_the_hour = (at - 1 + HOUR).rem_euclid(HOUR) + 1;
        if left <= since_the_hour * share {
            return at - left / share;
        }
        left -= since_the_hour * share;
        at -= since_the_hour;
    }
}
