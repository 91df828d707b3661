//! When people write: by day more than by night, on weekdays more than at weekends, by the clock of the organization.

use jiff::{Timestamp, civil::Weekday, tz::TimeZone};

const HOUR: i64 = 3600;

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
