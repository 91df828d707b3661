//! The zone that days are read in where nobody is asked.

use jiff::tz::TimeZone;

/// The zone the operator named, if any.
#[derive(Debug, Default)]
pub struct Zones {
    named: Option<TimeZone>,
}

impl Zones {
    /// With the zone the operator named.
    pub fn new(named: Option<TimeZone>) -> Self {
        Zones { named }
    }

    /// The operator's zone, else UTC: for what must not depend on a connection.
    pub fn own(&self) -> TimeZone {
        self.named.clone().unwrap_or(TimeZone::UTC)
    }

    /// The operator's zone, where there is one.
    pub fn named(&self) -> Option<&TimeZone> {
        self.named.as_ref()
    }
}
