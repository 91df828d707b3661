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

impl Connection {
    /// How it stands with this connection now.
    pub fn standing(&self, now: i64) -> Standing<'_> {
        let reason = self.status_reason.as_deref();
        let left = self.seconds_left(now).filter(|left| *left > 0);
        let wait = self.refresh_not_before.map(|until| until.saturating_sub(now));
        match (left, wait.filter(|wait| *wait > 0)) {
            _ if self.status == Status::Unusable => Standing::Refused(reason),
            (Some(left), _) => Standing::Valid(left),
            (None, _) if self.refresh_token.is_none() => Standing::Ended,
            (None, Some(wait)) => Standing::Waiting(wait, reason),
            (None, None) => Standing::Renewable,
        }
    }
}
