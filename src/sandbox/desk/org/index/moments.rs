//! When something of a ticket was or is due, in milliseconds since 1970.

use std::sync::Arc;

use imbl::OrdMap;
use roaring::RoaringBitmap;

use crate::desk::times;

/// No time at all.
pub(super) const NEVER: i64 = i64::MIN;

/// The times of a field that differ from what the seed made.
#[derive(Debug, Clone, Default)]
pub(super) struct Moments {
    touched: Arc<RoaringBitmap>,
    later: OrdMap<u32, i64>,
    /// Tickets with a text that is no time.
    odd: Arc<RoaringBitmap>,
}

impl Moments {
    /// Puts a ticket's time in the place of the one it had; without any it is as the seed made it, or gone.
    pub(super) fn put(&mut self, ticket: u32, text: Option<&str>) {
        let moment = text.map(|text| match text {
            "" => Some(NEVER),
            text => times::milliseconds(text),
        });
        let (is_touched, is_odd) = (moment.is_some(), moment == Some(None));
        mark(&mut self.touched, ticket, is_touched);
        mark(&mut self.odd, ticket, is_odd);
        match moment.flatten() {
            Some(moment) => self.later.insert(ticket, moment),
            None => self.later.remove(&ticket),
        };
    }

    /// Whether all of them can be compared.
    pub(super) fn are_times(&self) -> bool {
        self.odd.is_empty()
    }

    /// The time of a ticket; what the seed made stands where nothing came later.
    pub(super) fn of(&self, ticket: u32, seeds: &[i64]) -> i64 {
        match self.touched.contains(ticket) {
            true => self.later.get(&ticket).copied().unwrap_or(NEVER),
            false => seeds.get(ticket as usize).copied().unwrap_or(NEVER),
        }
    }

    /// The tickets whose time is such.
    pub(super) fn with(&self, seeds: &[i64], is_such: impl Fn(i64) -> bool) -> RoaringBitmap {
        let made = (0u32..).zip(seeds).filter(|(_, moment)| is_such(**moment));
        let made: RoaringBitmap = made.map(|(ticket, _)| ticket).collect();
        let later = self.later.iter().filter(|(_, moment)| is_such(**moment));
        let later: RoaringBitmap = later.map(|(ticket, _)| *ticket).collect();
        (made - &*self.touched) | later
    }
}

fn mark(tickets: &mut Arc<RoaringBitmap>, ticket: u32, is_marked: bool) {
    if tickets.contains(ticket) != is_marked {
        let tickets = Arc::make_mut(tickets);
        match is_marked {
            true => tickets.insert(ticket),
            false => tickets.remove(ticket),
        };
    }
}
