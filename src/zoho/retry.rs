//! When a read is sent again, and how long after.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use super::answer::retry_after;
use super::http::{Answer, Broken};

/// How often a read is sent again at most.
pub(super) const RETRIES: u32 = 2;

/// The longest wait Zoho may ask for that is waited out within a call, in seconds.
const PATIENCE: u64 = 10;

/// First pause before a read is sent again; doubles each time, and up to as much again is added by chance.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// How long to wait before a read is sent again after this outcome; `None` when it is not.
pub(super) fn pause(outcome: &Result<Answer, Broken>, retries: u32, now: i64) -> Option<Duration> {
    if retries >= RETRIES {
        return None;
    }
    match outcome {
        Ok(answer) if answer.status == 429 => match retry_after(answer, now) {
            Some(seconds) => (seconds <= PATIENCE).then(|| Duration::from_secs(seconds)),
            None => Some(backoff(retries) * 2),
        },
        Ok(answer) if answer.status >= 500 => match retry_after(answer, now) {
            Some(seconds) if seconds > PATIENCE => None,
            _ => Some(backoff(retries)),
        },
        Err(Broken::NotSent(_) | Broken::Cut(_)) => Some(backoff(retries)),
        Ok(_) | Err(Broken::TimedOut(_) | Broken::TooLarge | Broken::Unwritable(_)) => None,
    }
}

fn backoff(retries: u32) -> Duration {
    let base = FIRST_PAUSE * 2u32.pow(retries);
    let chance = RandomState::new().hash_one(retries) % 1000;
    base + base * u32::try_from(chance).unwrap_or(0) / 1000
}
