//! Which tickets hold which values of a field.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use imbl::OrdMap;
use roaring::{MultiOps as _, RoaringBitmap};

use crate::desk::clauses::Test;

/// Tickets by a value; the empty text stands for no value.
#[derive(Debug, Clone, Default)]
pub(super) struct Values(OrdMap<Arc<str>, Arc<RoaringBitmap>>);

impl Values {
    /// Those that were gathered.
    pub(super) fn of(gathered: HashMap<Box<str>, RoaringBitmap>) -> Self {
        let gathered = gathered.into_iter();
        Values(
            gathered
                .map(|(value, tickets)| (Arc::from(value), Arc::new(tickets)))
                .collect(),
        )
    }

    fn add(&mut self, value: &str, ticket: u32) {
        let tickets = self.0.entry(value.into()).or_default();
        Arc::make_mut(tickets).insert(ticket);
    }

    fn take(&mut self, value: &str, ticket: u32) {
        if let Some(tickets) = self.0.get_mut(value) {
            let tickets = Arc::make_mut(tickets);
            tickets.remove(ticket);
            if tickets.is_empty() {
                self.0.remove(value);
            }
        }
    }

    /// The tickets with a value that the test accepts.
    pub(super) fn fitting(&self, test: &Test) -> RoaringBitmap {
        match test {
            Test::OneOf(wanted) => {
                let wanted: HashSet<String> = wanted.iter().map(|one| one.to_lowercase()).collect();
                self.with(|value| !value.is_empty() && wanted.contains(&value.to_lowercase()))
            }
            test => self.with(|value| test.accepts(Some(value).filter(|value| !value.is_empty()))),
        }
    }

    /// The tickets with a value that is such.
    pub(super) fn with(&self, is_such: impl Fn(&str) -> bool) -> RoaringBitmap {
        let such = self.iter().filter(|(value, _)| is_such(value));
        such.map(|(_, tickets)| tickets).union()
    }

    fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &RoaringBitmap)> {
        self.0.iter().map(|(value, tickets)| (value, &**tickets))
    }
}

/// What stands in the place of what the seed made.
#[derive(Debug, Clone, Default)]
pub(super) struct Later {
    /// The tickets that it stands for.
    touched: Arc<RoaringBitmap>,
    values: Values,
}

impl Later {
    /// Puts a ticket's values in the place of those it held; without any it is as the seed made it, or gone.
    pub(super) fn put(
        &mut self,
        ticket: u32,
        held: impl FnOnce() -> Vec<String>,
        holds: Option<Vec<String>>,
    ) {
        if self.touched.contains(ticket) {
            held().iter().for_each(|value| self.values.take(value, ticket));
            Arc::make_mut(&mut self.touched).remove(ticket);
        }
        if let Some(values) = holds {
            values.iter().for_each(|value| self.values.add(value, ticket));
            Arc::make_mut(&mut self.touched).insert(ticket);
        }
    }

    /// Those of the seed that are as it made them, and the later ones that fit.
    pub(super) fn beside(
        &self,
        seeds: RoaringBitmap,
        fitting: impl FnOnce(&Values) -> RoaringBitmap,
    ) -> RoaringBitmap {
        (seeds - &*self.touched) | fitting(&self.values)
    }

    /// How many of the tickets hold each value, with the newest of them.
    pub(super) fn tally(&self, seeds: &Values, among: &RoaringBitmap) -> Vec<(Arc<str>, u64, u32)> {
        let untouched = among - &*self.touched;
        let mut counts: HashMap<Arc<str>, (u64, u32)> = HashMap::new();
        for (values, among) in [(seeds, &untouched), (&self.values, among)] {
            for (value, tickets) in values.iter() {
                let tickets = tickets & among;
                if let Some(newest) = tickets.max() {
                    let known = counts.entry(value.clone()).or_default();
                    *known = (known.0 + tickets.len(), known.1.max(newest));
                }
            }
        }
        let counts = counts.into_iter();
        counts
            .map(|(value, (count, newest))| (value, count, newest))
            .collect()
    }
}
