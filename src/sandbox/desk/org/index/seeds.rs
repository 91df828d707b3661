//! What the tickets of the seed are found by: read once, by whoever needs it first, and the same ever after.

use std::collections::HashMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use roaring::RoaringBitmap;

use super::lines::Lines;
use super::moments::NEVER;
use super::values::Values;
use super::words::Words;
use super::{MOMENTS, VALUES};
use crate::desk::clauses::Fields as _;
use crate::desk::seed::World;
use crate::desk::seed::tickets::Seedling;

/// The tickets that the seed makes.
pub(super) struct Seeds {
    world: World,
    facts: OnceLock<Facts>,
    words: OnceLock<Words>,
    /// Whether somebody reads them for all others.
    are_being_read: AtomicBool,
}

/// Values, times and subjects.
pub(super) struct Facts {
    /// In the order of [`VALUES`].
    pub(super) values: Vec<Values>,
    /// In the order of [`MOMENTS`], by ticket.
    pub(super) moments: Vec<Vec<i64>>,
    /// In lower case, by ticket.
    pub(super) subjects: Lines,
}

impl Seeds {
    pub(super) fn new(world: World) -> Self {
        Seeds {
            world,
            facts: OnceLock::new(),
            words: OnceLock::new(),
            are_being_read: AtomicBool::new(false),
        }
    }

    /// One of them, unless it was made later.
    pub(super) fn seedling(&self, ticket: u32) -> Option<Seedling<'_>> {
        let index = u64::from(ticket);
        (index < self.world.tickets).then(|| Seedling::new(&self.world, index))
    }

    /// Somebody will read them for all others, who need not wait.
    pub(super) fn will_be_read(&self) {
        self.are_being_read.store(true, Ordering::Relaxed);
    }

    /// Whether values, times and subjects are there, or nobody else reads them.
    pub(super) fn have_facts(&self) -> bool {
        self.facts.get().is_some() || !self.are_being_read.load(Ordering::Relaxed)
    }

    /// Whether words are there, or nobody else reads them.
    pub(super) fn have_words(&self) -> bool {
        self.words.get().is_some() || !self.are_being_read.load(Ordering::Relaxed)
    }

    /// What makes them, ids included.
    pub(super) fn world(&self) -> &World {
        &self.world
    }

    pub(super) fn facts(&self) -> &Facts {
        self.facts.get_or_init(|| Facts::read(&self.world))
    }

    pub(super) fn words(&self) -> &Words {
        self.words.get_or_init(|| Words::read(&self.world))
    }
}

type Gathered = HashMap<Box<str>, RoaringBitmap>;

impl Facts {
    fn read(world: &World) -> Self {
        let mut values: Vec<Gathered> = VALUES.iter().map(|_| Gathered::new()).collect();
        let mut moments: Vec<Vec<i64>> = MOMENTS
            .iter()
            .map(|_| Vec::with_capacity(world.tickets as usize))
            .collect();
        let mut subjects = Lines::default();
        for index in 0..world.tickets {
            let seedling = Seedling::new(world, index);
            for (field, gathered) in VALUES.iter().zip(&mut values) {
                seedling.any(field, &mut |value| {
                    let value = value.unwrap_or_default();
                    match gathered.get_mut(value) {
                        Some(tickets) => tickets.insert(index as u32),
                        None => gathered.entry(value.into()).or_default().insert(index as u32),
                    };
                    false
                });
            }
            for (field, moments) in MOMENTS.iter().zip(&mut moments) {
                let second = seedling.second(field).flatten();
                moments.push(second.map_or(NEVER, |second| second * 1000));
            }
            subjects.push(&seedling.subject().to_lowercase());
        }
        Facts {
            values: values.into_iter().map(Values::of).collect(),
            moments,
            subjects: subjects.shrunk(),
        }
    }
}
