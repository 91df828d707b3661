//! When the messages and notes of a seeded ticket were written, and when it is due.

use super::{Seedling, Special};
use crate::desk::seed::{World, calendar};
use crate::dice::Dice;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How long a case is open before it is an old one.
pub(super) const OLD: i64 = 5 * DAY;

/// Within what of a morning is answered which came in since the evening before, and what is new of it.
const CATCHING_UP: u64 = 5 * 3600;
const NEW: u64 = 2 * 3600;

/// How soon after a message the team writes notes about it.
const NOTED: i64 = 90 * MINUTE;

/// A throw in one of these spans, of which each stands for its share of a hundred.
fn wait(dice: &mut Dice, spans: &[(u64, [i64; 2])]) -> i64 {
    let mut share = dice.below(100);
    let throw = dice.below(1 << 32) as i64;
    for (part, [least, most]) in spans {
        if share < *part {
            return least + throw % (most - least);
        }
        share -= part;
    }
    spans.last().map_or(0, |(_, [_, most])| *most)
}

impl Seedling<'_> {
    /// Seconds since 1970 of thread `position`, counted from the oldest; behind the last, of what was done then.
    pub(crate) fn thread_second(&self, position: u64) -> i64 {
        if self.kind == Special::Long && position > 0 {
            return self.in_step(position);
        }
        (1..=position).fold(self.created, |at, place| self.next(at, place))
    }

    /// The moment of a message of the longest case: both sides write all through the office hours there have been.
    fn in_step(&self, position: u64) -> i64 {
        let latest = self.world.latest();
        let (part, of) = (position as i64, self.threads as i64 + 1);
        match calendar::office(self.created, latest) {
            0 => self.created + (latest - self.created) * part / of,
            office => calendar::office_after(self.created, office * part / of),
        }
    }

    /// The moment of thread `place` after that of the one before: customers write at any hour, agents when they work, and
    /// what is still to come fits before the moment that all leads up to.
    fn next(&self, at: i64, place: u64) -> i64 {
        let latest = self.world.latest();
        let to_come = self.threads.max(place) as i64 + 1 - place as i64;
        let office = calendar::office(at, latest) / (to_come + 1);
        let most = match office {
            0 if place >= self.threads => return at,
            0 => at + (latest - at) / (to_come + 1),
            office => calendar::office_after(at, office),
        };
        let mut dice = self.world.dice("pace", self.index * 128 + place);
        let is_customers = place.is_multiple_of(2) && place < self.threads;
        let natural = at + self.wait(&mut dice, place, is_customers);
        if !is_customers {
            let catching_up = if place == 1 { NEW } else { CATCHING_UP };
            return calendar::at_work(natural, dice.below(catching_up) as i64).min(most);
        }
        let natural = natural.min(most);
        self.lately(place).map_or(natural, |late| late.max(natural))
    }

    /// How long message `place` is waited for; who tries something out for days tells of it with the fifth.
    fn wait(&self, dice: &mut Dice, place: u64, is_customers: bool) -> i64 {
        let days = [(100, [20 * HOUR, 6 * DAY])];
        let spans: &[(u64, [i64; 2])] = match is_customers {
            true if place + self.told_before() == 4 => &days,
            true => &[
                (45, [10 * MINUTE, 2 * HOUR]),
                (40, [2 * HOUR, 14 * HOUR]),
                (15, [15 * HOUR, 50 * HOUR]),
            ],
            false if self.sums_up(place) => &days,
            false if place == 1 => &[
                (60, [6 * MINUTE, 40 * MINUTE]),
                (30, [40 * MINUTE, 2 * HOUR]),
                (10, [2 * HOUR, 5 * HOUR]),
            ],
            false => &[
                (45, [8 * MINUTE, 50 * MINUTE]),
                (35, [50 * MINUTE, 170 * MINUTE]),
                (16, [3 * HOUR, 6 * HOUR]),
                (4, [20 * HOUR, 30 * HOUR]),
            ],
        };
        wait(dice, spans) * (20_000 + self.pace) / 35_000
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

    /// When the last thing happened to an open case.
    pub(super) fn last_second(&self) -> i64 {
        let given = self.assignee.map(|_| self.assigned_second());
        let noted = self.comments.checked_sub(1).map(|last| self.comment_second(last));
        let others = given.into_iter().chain(noted);
        others.fold(self.recent_second(), i64::max)
    }

    /// When it was given to who works on it: before the first answer.
    pub(super) fn assigned_second(&self) -> i64 {
        let until = if self.threads > 1 {
            self.thread_second(1)
        } else {
            self.ended
        };
        let half = calendar::office(self.created, until) / 2;
        calendar::office_after(self.created, half).min(until)
    }

    /// When note `position` of the team was written: after the message that it knows, before the next one.
    pub(crate) fn comment_second(&self, position: u64) -> i64 {
        let mut at = self.created;
        for position in 0..=position {
            let known = self.known(position);
            let from = self.thread_second(known);
            let until = if known + 1 < self.threads {
                self.thread_second(known + 1)
            } else {
                self.ended
            };
            let (part, of) = (position as i64 + 1, self.comments.max(position + 1) as i64 + 1);
            let natural = match calendar::office(from, until).min(NOTED) {
                0 => from + (until - from) * part / of,
                office => calendar::office_after(from, office * part / of).min(until),
            };
            at = natural.max(at);
        }
        at
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
