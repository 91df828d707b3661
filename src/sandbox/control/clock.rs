//! The sandbox's own time: real time, shifted.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// Real time plus what tests have advanced it by.
#[derive(Debug, Clone, Copy, Default)]
pub(in super::super) struct Clock {
    shift: SignedDuration,
}

impl Clock {
    pub(in super::super) fn now(self) -> Timestamp {
        Timestamp::now().checked_add(self.shift).unwrap_or(Timestamp::MAX)
    }

    /// What `GET clock` says.
    pub(super) fn told(self) -> Value {
        json!({ "now": self.now().to_string(), "advanced_s": self.shift.as_secs() })
    }

    /// `{"advance_s": seconds}` moves the clock, `{"set": "2026-01-31T09:00:00Z"}` puts it; it goes on from there.
    pub(super) fn change(&mut self, body: &Value) -> Result<(), String> {
        let shift = match (body.get("advance_s"), body.get("set")) {
            (Some(seconds), None) => {
                let seconds = seconds.as_i64().ok_or("advance_s: expected whole seconds")?;
                self.shift.checked_add(SignedDuration::from_secs(seconds))
            }
            (None, Some(time)) => {
                let time = time.as_str().and_then(|text| text.parse::<Timestamp>().ok());
                Some(
                    Timestamp::now()
                        .duration_until(time.ok_or("set: expected a time like 2026-01-31T09:00:00Z")?),
                )
            }
            _ => return Err("expected either advance_s or set".to_owned()),
        };
        let shift = shift.filter(|shift| Timestamp::now().checked_add(*shift).is_ok());
        self.shift = shift.ok_or("the clock cannot go there")?;
        Ok(())
    }
}
