//! What the tokens of a row are good for; each reader puts it into words of their own.

use super::{Connection, Status};

/// How it stands with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing<'a> {
    /// Zoho refused it for good, and why as far as that is known.
    Refused(Option<&'a str>),
    /// The access token lives for these seconds.
    Valid(i64),
    /// The access token has ended, and nothing renews it.
    Ended,
    /// It has ended, and Zoho renews it in so many seconds at the earliest; why, as far as that is known.
    Waiting(i64, Option<&'a str>),
    /// It has ended, and the next call renews it.
    Renewable,
}

/// The longest anybody keeps others from asking for a token, in seconds: the window of Zoho's limit.
pub const LONGEST_COOL_DOWN: i64 = 600;

impl Connection {
    /// Seconds that nobody asks for a token, if there are any. A date farther away than any cool-down was written while the
    /// clock was wrong.
    pub fn cool_down(&self, now: i64) -> Option<i64> {
        let left = self.refresh_not_before?.saturating_sub(now);
        (1..=LONGEST_COOL_DOWN).contains(&left).then_some(left)
    }

    /// How it stands with this connection now.
    pub fn standing(&self, now: i64) -> Standing<'_> {
        let reason = self.status_reason.as_deref();
        let left = self.seconds_left(now).filter(|left| *left > 0);
        match (left, self.cool_down(now)) {
            _ if self.status == Status::Unusable => Standing::Refused(reason),
            (Some(left), _) => Standing::Valid(left),
            (None, _) if self.refresh_token.is_none() => Standing::Ended,
            (None, Some(wait)) => Standing::Waiting(wait, reason),
            (None, None) => Standing::Renewable,
        }
    }
}
