//! The words of what customers of the seed wrote. Most of them are those of a form that many cases share, so that a word
//! leads to forms, and only what a ticket puts into its form leads to the ticket.

use std::collections::HashMap;

use roaring::RoaringBitmap;

use super::lines::Lines;
use crate::desk::seed::World;
use crate::desk::seed::texts::{self, Words as Names};
use crate::desk::seed::tickets::{Seedling, Told};

/// Words in lower case, with what they stand in.
pub(super) struct Words {
    words: Lines,
    /// The forms and the tickets that each word stands in.
    of_forms: Places,
    of_tickets: Places,
    /// The tickets of each form.
    forms: Vec<RoaringBitmap>,
}

/// What every word stands in, one after the other.
#[derive(Default)]
struct Places {
    all: Vec<u32>,
    /// Where those of each word end.
    ends: Vec<u32>,
}

impl Places {
    fn push(&mut self, places: &[u32]) {
        self.all.extend(places);
        self.ends.push(self.all.len() as u32);
    }

    fn of(&self, word: usize) -> &[u32] {
        let start = word.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start as usize..self.ends[word] as usize]
    }
}

/// A form by its words: those that are the same in every ticket are with the others.
struct Form {
    number: u32,
    /// What a ticket fills.
    open: Vec<String>,
}

/// The words of a text: what is searched for has no blank in it, so that it lies within one of them.
pub(super) fn of(text: &str) -> impl Iterator<Item = String> {
    text.split_whitespace().map(str::to_lowercase)
}

impl Words {
    /// Of every ticket that the seed makes.
    pub(super) fn read(world: &World) -> Self {
        let mut reading = Reading::default();
        for index in 0..world.tickets {
            let seedling = Seedling::new(world, index);
            match seedling.told() {
                None => {}
                Some(Told::Whole(text)) => reading.put(index as u32, of(&text)),
                Some(Told::Form(form)) => reading.fill(index as u32, form, &seedling.words().escaped()),
            }
        }
        let mut words = Words {
            words: Lines::default(),
            of_forms: Places::default(),
            of_tickets: Places::default(),
            forms: reading.forms,
        };
        for (word, (forms, tickets)) in reading.words {
            words.words.push(&word);
            words.of_forms.push(&forms);
            words.of_tickets.push(&tickets);
        }
        words.words = words.words.shrunk();
        words.of_tickets.all.shrink_to_fit();
        words
    }

    /// The tickets with a word that this is a part of.
    pub(super) fn holding(&self, part: &str) -> RoaringBitmap {
        let (mut tickets, mut forms) = (RoaringBitmap::new(), RoaringBitmap::new());
        for word in self.words.holding(part) {
            forms.extend(self.of_forms.of(word));
            tickets.extend(self.of_tickets.of(word));
        }
        let forms = forms.iter().filter_map(|form| self.forms.get(form as usize));
        forms.fold(tickets, |all, tickets| all | tickets)
    }
}

#[derive(Default)]
struct Reading {
    /// The forms and the tickets of each.
    words: HashMap<Box<str>, (Vec<u32>, Vec<u32>)>,
    known: HashMap<&'static str, Form>,
    forms: Vec<RoaringBitmap>,
}

impl Reading {
    fn put(&mut self, ticket: u32, words: impl Iterator<Item = String>) {
        for word in words {
            let (_, tickets) = self.words.entry(word.into()).or_default();
            if tickets.last() != Some(&ticket) {
                tickets.push(ticket);
            }
        }
    }

    fn fill(&mut self, ticket: u32, form: &'static str, names: &Names) {
        if !self.known.contains_key(form) {
            let read = self.read(form);
            self.known.insert(form, read);
        }
        let form = &self.known[form];
        self.forms[form.number as usize].insert(ticket);
        let filled: Vec<String> = form
            .open
            .iter()
            .flat_map(|open| of(&names.fill(open)).collect::<Vec<_>>())
            .collect();
        self.put(ticket, filled.into_iter());
    }

    fn read(&mut self, form: &'static str) -> Form {
        let number = self.forms.len() as u32;
        self.forms.push(RoaringBitmap::new());
        let text = texts::html(form);
        let (open, same): (Vec<&str>, Vec<&str>) =
            text.split_whitespace().partition(|word| word.contains('{'));
        for word in same {
            let (forms, _) = self.words.entry(word.to_lowercase().into()).or_default();
            if forms.last() != Some(&number) {
                forms.push(number);
            }
        }
        Form {
            number,
            open: open.into_iter().map(str::to_owned).collect(),
        }
    }
}
