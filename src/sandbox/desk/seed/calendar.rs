//! When people write: by day more than by night, on weekdays more than at weekends, by the clock of the organization; agents
//! in their office hours.

use jiff::{Timestamp, civil::Weekday, tz::TimeZone};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// Office hours an hour east of Greenwich: within 8 to 18 by the clock on the wall, in summer, too.
const OPENS: i64 = 9 * HOUR;
const CLOSES: i64 = 17 * HOUR;

/// Within what of a morning that is answered which came in since the evening before.
const CATCHING_UP: i64 = 90 * 60;

/// The office hour in which is done what is to do at a moment, in seconds since 1970: that moment itself, or in its order in
/// the next morning.
pub(crate) fn at_work(second: i64) -> i64 {
    let local = second + HOUR;
    let (today, time) = (local.div_euclid(DAY), local.rem_euclid(DAY));
    // 1970 began on a Thursday.
    let is_free = |day: &i64| (*day + 3).rem_euclid(7) >= 5;
    if !is_free(&today) && (OPENS..CLOSES).contains(&time) {
        return second;
    }
    let next = (today + i64::from(time >= OPENS)..).find(|day| !is_free(day));
    let last = (0..)
        .map(|back| today - i64::from(time < CLOSES) - back)
        .find(|day| !is_free(day));
    let opens = next.unwrap_or(today) * DAY + OPENS;
    let closed = last.unwrap_or(today) * DAY + CLOSES;
    opens + (local - closed) * CATCHING_UP / (opens - closed) - HOUR
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
