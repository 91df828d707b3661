//! The sandbox's own time, the only one that any part of it reads: the machine's clock, or a moment that stands
//! still until it is moved, so that the same calls get the same answers.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// Where the sandbox stands in time, and what it has been moved by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    /// The fixed moment; without one the machine's clock runs.
    fixed: Option<Timestamp>,
    shift: SignedDuration,
    /// Where it stood at the start.
    first: Option<Timestamp>,
}

impl Clock {
    pub(crate) fn new(fixed: Option<Timestamp>) -> Self {
        Clock {
            fixed,
            shift: SignedDuration::ZERO,
            first: fixed,
        }
    }

    pub(crate) fn now(self) -> Timestamp {
        self.unmoved().checked_add(self.shift).unwrap_or(Timestamp::MAX)
    }

    fn unmoved(self) -> Timestamp {
        self.fixed.unwrap_or_else(Timestamp::now)
    }

    /// As at the start.
    pub(crate) fn rewind(&mut self) {
        *self = Clock::new(self.first);
    }

    fn stand(&mut self, stand: bool) -> Result<(), String> {
        let now = self.now();
        self.fixed = stand.then_some(now);
        self.shift = self.unmoved().duration_until(now);
        Ok(())
    }

    /// What `GET clock` says.
    pub(crate) fn describe(self) -> Value {
        json!({
            "now": self.now().to_string(),
            "advanced_s": self.shift.as_secs(),
            "stands_at": self.fixed.map(|moment| moment.to_string()),
        })
    }

    /// `{"advance_s": seconds}` moves the clock, `{"set": "2026-01-31T09:00:00Z"}` puts it; a running clock goes on from there.
    /// `{"stand": true}` stops it where it is, `{"stand": false}` lets it run on.
    pub(crate) fn change(&mut self, body: &Value) -> Result<(), String> {
        let one_of = "expected one of advance_s, set and stand, and nothing else";
        if body.as_object().is_none_or(|members| members.len() != 1) {
            return Err(one_of.to_owned());
        }
        if let Some(stand) = body.get("stand") {
            let stand = stand.as_bool().ok_or("stand: expected true or false")?;
            return self.stand(stand);
        }
        let shift = match (body.get("advance_s"), body.get("set")) {
            (Some(seconds), _) => {
                let seconds = seconds.as_i64().ok_or("advance_s: expected whole seconds")?;
                self.shift.checked_add(SignedDuration::from_secs(seconds))
            }
            (_, Some(time)) => {
                let time = time.as_str().and_then(|text| text.parse::<Timestamp>().ok());
                let time = time.ok_or("set: expected a time like 2026-01-31T09:00:00Z")?;
                Some(self.unmoved().duration_until(time))
            }
            _ => return Err(one_of.to_owned()),
        };
        let shift = shift.filter(|shift| self.unmoved().checked_add(*shift).is_ok());
        self.shift = shift.ok_or("the clock cannot go there")?;
        Ok(())
    }
}
