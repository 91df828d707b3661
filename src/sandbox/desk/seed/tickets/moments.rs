//! When the messages of a seeded ticket were written, and when it is due.

use super::{Seedling, Special};
use crate::desk::seed::{World, calendar};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// How long a case is open before it is an old one.
pub(super) const OLD: i64 = 5 * DAY;

impl Seedling<'_> {
    /// Seconds since 1970 of thread `position`, counted from the oldest; behind the last, of what was done then.
    pub(crate) fn thread_second(&self, position: u64) -> i64 {
        (1..=position).fold(self.created, |at, place| self.next(at, place))
    }

    /// The moment of thread `place` after that of the one before: customers write at any hour, agents when they work, and
    /// before the moment that all leads up to.
    fn next(&self, at: i64, place: u64) -> i64 {
        let to_come = self.threads.max(place) as i64 + 1 - place as i64;
        let natural = at + self.gap.min((self.world.latest() - at) / (to_come + 1));
        if place.is_multiple_of(2) && place < self.threads {
            return self.lately(place).map_or(natural, |late| late.max(natural));
        }
        let working = calendar::at_work(natural);
        match working + 60 * to_come <= self.world.latest() {
            true => working,
            false => natural,
        }
    }

    /// Whoever waits in an open case has asked again these days.
    fn lately(&self, place: u64) -> Option<i64> {
        let waits = self.closed.is_none() && place + 1 == self.threads;
        let ago = self.world.dice("asked again", self.index).below(36 * 60) as i64 * 60;
        waits.then(|| self.world.latest() - 15 * 60 - ago)
    }

    pub(super) fn customer_second(&self) -> i64 {
        match self.threads {
            0 => self.created,
            threads => self.thread_second((threads - 1) / 2 * 2),
        }
    }

    pub(super) fn recent_second(&self) -> i64 {
        self.thread_second(self.threads.saturating_sub(1))
    }

    /// When note `position` of the team was written.
    pub(crate) fn comment_second(&self, position: u64) -> i64 {
        let natural = self.created + 600 * (position as i64 + 1);
        match calendar::at_work(natural) {
            working if working <= self.modified => working,
            _ => natural.min(self.modified),
        }
    }
}

/// When a case is due of which `first` was said when it came in: whoever keeps an old one open has moved that, for most cases
/// into the days to come.
pub(super) fn due(world: &World, kind: Special, index: u64, created: i64, first: Option<i64>) -> Option<i64> {
    // Whatever the time of day, one of these two is due today and one is late: six hours are more than half of no day.
    match kind {
        Special::Long => return Some(world.now() + 6 * HOUR),
        Special::Blueprint if world.now() - 6 * HOUR > created => return Some(world.now() - 6 * HOUR),
        _ if created > world.latest() - OLD => return first,
        _ => {}
    }
    let mut dice = world.dice("due", index);
    let (share, throw) = (dice.below(100), dice.below(1 << 20) as i64);
    first.map(|_| match share {
        0..20 => world.now() - HOUR - throw % (4 * DAY - HOUR),
        20..40 => world.now() + HOUR / 2 + throw % DAY,
        _ => world.now() + DAY + throw % (13 * DAY),
    })
}
