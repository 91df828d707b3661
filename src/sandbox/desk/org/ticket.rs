//! A ticket that conditions are asked of, as the seed made it or as somebody changed it; it is not made whole for that.

use super::kept::{Kept, Told};
use crate::desk::clauses::Fields;
use crate::desk::modules::{self, Row};
use crate::desk::seed::World;
use crate::desk::seed::tickets::Seedling;

/// What answers for a ticket.
pub(crate) enum Ticket<'a> {
    /// Nobody has written to it.
    Seed(Seedling<'a>),
    /// What was written to one of the seed.
    Changed { differing: Row, first: Seedling<'a> },
    /// What was written to one that somebody made.
    Made { differing: Row },
    /// All that it holds.
    Whole(Row),
}

impl<'a> Ticket<'a> {
    /// A ticket that is kept.
    pub(crate) fn kept(world: &'a World, index: u64, kept: &Kept) -> Self {
        match kept.told() {
            Told::Whole(row) => Ticket::Whole(row),
            Told::Differing(differing) if index < world.tickets => Ticket::Changed {
                differing,
                first: Seedling::new(world, index),
            },
            Told::Differing(differing) => Ticket::Made { differing },
        }
    }

    fn row(&self) -> Row {
        let (mut row, differing) = match self {
            Ticket::Seed(seed) => return seed.row(),
            Ticket::Whole(row) => return row.clone(),
            Ticket::Changed { differing, first } => (first.row(), differing),
            Ticket::Made { differing } => (modules::blank("tickets"), differing),
        };
        row.extend(differing.clone());
        row
    }
}

impl Fields for Ticket<'_> {
    fn any(&self, name: &str, test: &mut dyn FnMut(Option<&str>) -> bool) -> bool {
        let key = name.split_once('.').map_or(name, |(outer, _)| outer);
        match self {
            _ if name == "_all" => self.row().any(name, test),
            Ticket::Seed(seed) => seed.any(name, test),
            Ticket::Changed { differing, .. } | Ticket::Made { differing } if differing.contains_key(key) => {
                differing.any(name, test)
            }
            Ticket::Changed { first, .. } => first.any(name, test),
            Ticket::Made { .. } => modules::module("tickets").blank.any(name, test),
            Ticket::Whole(row) => row.any(name, test),
        }
    }
}
