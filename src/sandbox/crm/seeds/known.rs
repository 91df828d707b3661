//! What seeded records know of each other: since when each is there, whom it is about, and what it came from.

use std::collections::HashMap;

use super::schema::{self, Module};
use crate::dice::Dice;
use crate::people;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// What came from what: the module, the field that says so, the module it points at.
const CAME_FROM: [(&str, &str, &str); 4] = [
    ("Quotes", "Deal_Name", "Deals"),
    ("Sales_Orders", "Quote_Name", "Quotes"),
    ("Sales_Orders", "Deal_Name", "Deals"),
    ("Invoices", "Sales_Order", "Sales_Orders"),
];

/// What a business does with a contact; each comes after those that it may come from.
const BUSINESS: [&str; 6] = [
    "Deals",
    "Quotes",
    "Sales_Orders",
    "Invoices",
    "Cases",
    "Subscriptions",
];

/// What was there before all business, for that is bought, sold or won by it: from how many days before the newest to how
/// many.
const BEGUN: [(&str, [i64; 2]); 3] = [
    ("Vendors", [400, 360]),
    ("Products", [355, 310]),
    ("Campaigns", [355, 310]),
];

/// A record of business: whom it is about, since when it is there in seconds after the newest, what it came from.
#[derive(Debug, Clone)]
struct Business {
    contact: u64,
    since: i64,
    from: Vec<(&'static str, u64)>,
}

/// All that is known before any record is made.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    /// Company and beginning of each contact.
    contacts: Vec<(u64, i64)>,
    /// The beginning of each account.
    accounts: Vec<i64>,
    business: HashMap<&'static str, Vec<Business>>,
}

/// When a record was made by its place among those of its module, in seconds after the newest.
pub(super) fn since(seed: u64, module: &Module, index: u64) -> i64 {
    let begun = BEGUN.iter().find(|(name, _)| *name == module.api_name);
    let [first, last] = begun.map_or([300, 0], |(_, days)| *days);
    let step = (first - last) * DAY / (module.rows.cast_signed() + 1);
    let early = Dice::new(seed, &module.api_name, index)
        .below(3_000)
        .cast_signed();
    (index.cast_signed() + 1 - module.rows.cast_signed()) * step - last * DAY - early
}

fn rows(module: &str) -> u64 {
    schema::module(module).map_or(0, |module| module.rows)
}

impl Known {
    pub(crate) fn new(seed: u64) -> Self {
        let mut known = Known {
            contacts: Vec::new(),
            accounts: Vec::new(),
            business: HashMap::new(),
        };
        for module in BUSINESS.iter().filter_map(|name| schema::module(name)) {
            let made = (0..module.rows)
                .map(|index| known.business(seed, module, index))
                .collect();
            known.business.insert(&module.api_name, made);
        }
        let first = |contact: u64| {
            let all = known.business.values().flatten();
            all.filter(|done| done.contact == contact)
                .map(|done| done.since - DAY)
                .min()
        };
        if let Some(module) = schema::module("Contacts") {
            let met = |index: u64| {
                let since = since(seed, module, index);
                let since = first(index).map_or(since, |first| first.min(since));
                (people::person(seed, index).company, since)
            };
            known.contacts = (0..module.rows).map(met).collect();
        }
        if let Some(module) = schema::module("Accounts") {
            let met = |index: u64| {
                let here = known.contacts.iter().filter(|(company, _)| *company == index);
                let first = here.map(|(_, since)| since - DAY).min();
                first.map_or(since(seed, module, index), |first| {
                    first.min(since(seed, module, index))
                })
            };
            known.accounts = (0..module.rows).map(met).collect();
        }
        known
    }

    /// A record whose predecessors are known already.
    fn business(&self, seed: u64, module: &'static Module, index: u64) -> Business {
        let since = since(seed, module, index);
        let mut from = Vec::new();
        for (_, name, target) in CAME_FROM.iter().filter(|(of, ..)| *of == module.api_name) {
            // An order of a quote is about the quote's deal.
            let Some(field) = module.field(name).filter(|_| from.is_empty()) else {
                continue;
            };
            let mut dice = Dice::new(seed, &format!("{} {name}", module.api_name), index);
            let older = self.business[target]
                .iter()
                .take_while(|one| one.since < since)
                .count();
            if older > 0 && !dice.chance(field.null) {
                let parent = dice.below(older as u64);
                from.push((*target, parent));
                from.extend(self.business[target][parent as usize].from.iter().copied());
            }
        }
        let about = || Dice::new(seed, &format!("{} about", module.api_name), index).below(rows("Contacts"));
        let contact = match from.first() {
            Some((target, parent)) => self.business[target][*parent as usize].contact,
            None => about(),
        };
        Business { contact, since, from }
    }

    /// The contact that a record of business is about.
    pub(super) fn contact(&self, module: &str, index: u64) -> Option<u64> {
        Some(self.business.get(module)?.get(index as usize)?.contact)
    }

    /// The record of a module that a record of business came from.
    pub(super) fn origin(&self, module: &str, index: u64, target: &str) -> Option<u64> {
        let done = self.business.get(module)?.get(index as usize)?;
        done.from
            .iter()
            .find(|(of, _)| *of == target)
            .map(|(_, parent)| *parent)
    }

    /// Whether a record of a module came from this one.
    pub(super) fn led_to(&self, module: &str, from: (&str, u64)) -> bool {
        let made = self.business.get(module).into_iter().flatten();
        made.flat_map(|one| &one.from).any(|parent| *parent == from)
    }

    /// Whether only [`Known::origin`] says what a field points at.
    pub(super) fn is_an_origin(module: &str, field: &str) -> bool {
        CAME_FROM
            .iter()
            .any(|(of, name, _)| (*of, *name) == (module, field))
    }

    /// When a record was made whose beginning others push back, in seconds after the newest.
    pub(super) fn beginning(&self, module: &str, index: u64) -> Option<i64> {
        match module {
            "Accounts" => self.accounts.get(index as usize).copied(),
            "Contacts" => self.contacts.get(index as usize).map(|(_, since)| *since),
            _ => Some(self.business.get(module)?.get(index as usize)?.since),
        }
    }

    /// The records of a module, which are about people of a company, and contacts of it.
    pub(crate) fn of_company(&self, module: &str, company: u64) -> Vec<u64> {
        let works_there = |contact: u64| {
            self.contacts
                .get(contact as usize)
                .is_some_and(|(at, _)| *at == company)
        };
        match self.business.get(module) {
            Some(business) => (0..)
                .zip(business)
                .filter(|(_, done)| works_there(done.contact))
                .map(|(index, _)| index)
                .collect(),
            None => (0..self.contacts.len() as u64)
                .filter(|contact| works_there(*contact))
                .collect(),
        }
    }

    /// The company of the contact that a deal is about.
    pub(crate) fn company_of_deal(&self, deal: u64) -> Option<u64> {
        let contact = self.contact("Deals", deal)?;
        self.contacts.get(contact as usize).map(|(company, _)| *company)
    }
}
