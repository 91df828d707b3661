//! How tickets are found where there are too many to look at each: by the values they hold, by their times, by their
//! subjects, by the words of their descriptions.
//!
//! What the seed made stands for itself (`seeds`). Beside it stands what later tickets hold, and where changed ones differ,
//! field by field; every write puts that right. A copy shares all of it.

use std::fmt::Write as _;
use std::sync::Arc;

use imbl::OrdMap;
use roaring::RoaringBitmap;

use crate::desk::clauses::{Clause, Fields, Pattern, Test};
use crate::desk::modules::Row;
use crate::desk::seed::{Kind, World};
use crate::desk::times;

mod lines;
mod moments;
mod seeds;
mod values;
mod words;

use lines::Lines;
use moments::{Moments, NEVER};
use seeds::Seeds;
use values::Later;

/// Fields that hold one of some values, or a list of them.
const VALUES: [&str; 22] = [
    "status",
    "statusType",
    "priority",
    "channel",
    "category",
    "departmentId",
    "contactId",
    "accountId",
    "productId",
    "assigneeId",
    "teamId",
    "email",
    "phone",
    "isSpam",
    "isTrashed",
    "isArchived",
    "_blueprint",
    "_tags",
    "cf.cf_severity",
    "cf.cf_order_number",
    "cf.cf_purchase_date",
    "cf.cf_callback_wanted",
];

/// Fields that hold a time.
const MOMENTS: [&str; 7] = [
    "createdTime",
    "modifiedTime",
    "customerResponseTime",
    "_recent",
    "dueDate",
    "responseDueDate",
    "closedTime",
];

/// The number of the first ticket.
const FIRST_NUMBER: u64 = 101;

/// Where every ticket is found.
#[derive(Clone)]
pub(crate) struct Index {
    seeds: Arc<Seeds>,
    there: Arc<RoaringBitmap>,
    /// In the order of [`VALUES`].
    values: Vec<Later>,
    /// In the order of [`MOMENTS`].
    moments: Vec<Moments>,
    subjects: OrdMap<u32, Arc<str>>,
    /// Of descriptions.
    words: Later,
}

impl Index {
    /// Of the tickets that the seed makes.
    pub(crate) fn new(world: &World) -> Self {
        let there: RoaringBitmap = (0..world.tickets as u32).collect();
        Index {
            seeds: Arc::new(Seeds::new(world.clone())),
            there: Arc::new(there),
            values: VALUES.iter().map(|_| Later::default()).collect(),
            moments: MOMENTS.iter().map(|_| Moments::default()).collect(),
            subjects: OrdMap::new(),
            words: Later::default(),
        }
    }

    /// What reads what the seed made, while others look at each ticket; without it the first who searches does.
    pub(crate) fn reading(&self) -> impl FnOnce() + Send + 'static + use<> {
        let seeds = Arc::clone(&self.seeds);
        seeds.will_be_read();
        move || {
            seeds.facts();
            seeds.words();
        }
    }

    /// Whether it can be asked without waiting for another.
    pub(crate) fn is_at_hand(&self) -> bool {
        self.seeds.have_facts()
    }

    /// Every ticket that is there.
    pub(crate) fn there(&self) -> &RoaringBitmap {
        &self.there
    }

    /// Puts a ticket where it is found from now on: what it was if it had been written to, and what it is, unless it is gone.
    pub(crate) fn put(&mut self, ticket: u32, before: Option<&impl Fields>, now: Option<&Row>) {
        let there = Arc::make_mut(&mut self.there);
        match now {
            Some(_) => there.insert(ticket),
            None => there.remove(ticket),
        };
        let seeds = Arc::clone(&self.seeds);
        let seed = seeds.seedling(ticket);
        // What a field holds, where that is not what the seed made.
        let own = |field: &str| {
            let values = held(now?, field);
            let is_as_made = seed.as_ref().is_some_and(|seed| held(seed, field) == values);
            (!is_as_made).then_some(values)
        };
        let had = |field: &str| before.map(|before| held(before, field)).unwrap_or_default();
        for (field, later) in VALUES.iter().zip(&mut self.values) {
            later.put(ticket, || had(field), own(field));
        }
        for (field, moments) in MOMENTS.iter().zip(&mut self.moments) {
            let text = own(field).map(|texts| texts.concat());
            moments.put(ticket, text.as_deref());
        }
        match own("subject") {
            Some(subject) => self
                .subjects
                .insert(ticket, subject.concat().to_lowercase().into()),
            None => self.subjects.remove(&ticket),
        };
        let words = |texts: Vec<String>| texts.iter().flat_map(|text| words::of(text)).collect();
        self.words.put(
            ticket,
            || words(had("description")),
            own("description").map(words),
        );
    }

    /// The tickets that a condition holds for; none where only looking at each can tell. `holds` looks at one.
    pub(crate) fn fitting(&self, clause: &Clause, holds: &dyn Fn(u32) -> bool) -> Option<RoaringBitmap> {
        let field = clause.field.as_str();
        match (&clause.test, field) {
            (Test::Either(clauses), _) => {
                let mut all = clauses.iter();
                all.try_fold(RoaringBitmap::new(), |all, one| {
                    Some(all | self.fitting(one, holds)?)
                })
            }
            (Test::NoneOf(values), _) => {
                let others = Clause::new(field, Test::OneOf(values.clone()));
                Some(&*self.there - self.fitting(&others, holds)?)
            }
            (Test::OneOf(ids), "id") => Some(ids.iter().filter_map(|id| self.by_id(id)).collect()),
            (Test::OneOf(numbers), "ticketNumber") => {
                Some(numbers.iter().filter_map(|number| by_number(number)).collect())
            }
            (test, "ticketNumber") => Some(self.numbered(test)),
            (test, "subject") => Some(self.called(test)),
            (Test::Like(patterns), "description") => {
                let has_words = self.seeds.have_words();
                has_words.then(|| self.described(patterns, holds))
            }
            (test, _) => {
                let place = |fields: &[&str]| fields.iter().position(|known| *known == field);
                match (place(&VALUES), place(&MOMENTS)) {
                    (Some(place), _) => {
                        let seeds = self.seeds.facts().values[place].fitting(test);
                        Some(self.values[place].beside(seeds, |values| values.fitting(test)))
                    }
                    (_, Some(place)) => self.timed(place, test),
                    _ => None,
                }
            }
        }
    }

    fn by_id(&self, id: &str) -> Option<u32> {
        let number = id.parse().ok().filter(|number: &u64| number.to_string() == id)?;
        self.seeds.world().index(Kind::TICKET, number)?.try_into().ok()
    }

    fn numbered(&self, test: &Test) -> RoaringBitmap {
        let is_of_digits = |pattern: &Pattern| {
            let mut letters = pattern.parts().0.into_iter().flat_map(str::bytes);
            letters.all(|letter| letter.is_ascii_digit())
        };
        let may_fit: Vec<&Pattern> = match test {
            Test::Like(patterns) => patterns.iter().filter(|pattern| is_of_digits(pattern)).collect(),
            _ => Vec::new(),
        };
        if may_fit.is_empty() && matches!(test, Test::Like(_)) {
            return RoaringBitmap::new();
        }
        let mut text = String::new();
        let fits = |ticket: &u32| {
            text.clear();
            let _ = write!(text, "{}", FIRST_NUMBER + u64::from(*ticket));
            match test {
                Test::Like(_) => may_fit.iter().any(|pattern| pattern.fits_lower(&text)),
                test => test.accepts(Some(&text)),
            }
        };
        self.there.iter().filter(fits).collect()
    }

    fn called(&self, test: &Test) -> RoaringBitmap {
        let fits = |subject: &str| match test {
            Test::Like(patterns) if !subject.is_empty() => {
                patterns.iter().any(|pattern| pattern.fits_lower(subject))
            }
            test => test.accepts(Some(subject).filter(|subject| !subject.is_empty())),
        };
        let subjects = &self.seeds.facts().subjects;
        let may_fit: RoaringBitmap = match test {
            Test::Like(patterns) => patterns
                .iter()
                .flat_map(|pattern| longest(pattern, subjects))
                .collect(),
            _ => (0..subjects.len() as u32).collect(),
        };
        let made = may_fit
            .iter()
            .filter(|ticket| fits(subjects.get(*ticket as usize)));
        let mut found: RoaringBitmap = made
            .filter(|ticket| !self.subjects.contains_key(ticket))
            .collect();
        let later = self.subjects.iter().filter(|(_, subject)| fits(subject));
        found.extend(later.map(|(ticket, _)| *ticket));
        found
    }

    fn described(&self, patterns: &[Pattern], holds: &dyn Fn(u32) -> bool) -> RoaringBitmap {
        let fitting = |pattern: &Pattern| {
            let (parts, is_enough) = pattern.parts();
            let mut found = RoaringBitmap::clone(&self.there);
            for part in parts {
                let seeds = self.seeds.words().holding(part);
                found &= self
                    .words
                    .beside(seeds, |words| words.with(|word| word.contains(part)));
            }
            match is_enough {
                true => found,
                false => found.iter().filter(|ticket| holds(*ticket)).collect(),
            }
        };
        let patterns = patterns.iter().map(fitting);
        patterns.fold(RoaringBitmap::new(), |all, one| all | one)
    }

    fn timed(&self, place: usize, test: &Test) -> Option<RoaringBitmap> {
        let moments = self.moments.get(place).filter(|moments| moments.are_times())?;
        let seeds = &self.seeds.facts().moments[place];
        Some(match test {
            Test::Between(from, to) => {
                let (from, to) = (bound(from)?, bound(to)?);
                moments.with(seeds, |moment| moment != NEVER && from <= moment && moment <= to)
            }
            Test::Empty => moments.with(seeds, |moment| moment == NEVER),
            Test::NotEmpty => moments.with(seeds, |moment| moment != NEVER),
            _ => return None,
        })
    }

    /// When something of the tickets is, for an order by that field: none stands for never.
    pub(crate) fn moments(&self, field: &str) -> Option<impl Fn(u32) -> Option<i64>> {
        let place = MOMENTS.iter().position(|known| *known == field)?;
        let moments = self.moments.get(place).filter(|moments| moments.are_times())?;
        let seeds = &self.seeds.facts().moments[place];
        Some(move |ticket| Some(moments.of(ticket, seeds)).filter(|moment| *moment != NEVER))
    }

    /// How many of the tickets hold each value of a field, those first that the newest tickets hold.
    pub(crate) fn tally(&self, field: &str, among: &RoaringBitmap) -> Option<Vec<(String, usize)>> {
        let place = VALUES.iter().position(|known| *known == field)?;
        let seeds = &self.seeds.facts().values[place];
        let mut counts = self.values[place].tally(seeds, among);
        counts.sort_by_key(|(_, _, newest)| std::cmp::Reverse(*newest));
        let counts = counts.into_iter();
        Some(
            counts
                .map(|(value, count, _)| (value.to_string(), count as usize))
                .collect(),
        )
    }
}

/// The texts that hold the longest part of what a pattern asks for; all of them, if it asks for none.
fn longest(pattern: &Pattern, texts: &Lines) -> Vec<u32> {
    let parts = pattern.parts().0.into_iter();
    match parts.max_by_key(|part| part.len()) {
        Some(part) => texts
            .holding(part)
            .into_iter()
            .map(|number| number as u32)
            .collect(),
        None => (0..texts.len() as u32).collect(),
    }
}

/// The values of a field; the empty one stands for none.
fn held(record: &impl Fields, field: &str) -> Vec<String> {
    let mut values = Vec::new();
    record.any(field, &mut |value| {
        values.push(value.unwrap_or_default().to_owned());
        false
    });
    values
}

fn by_number(text: &str) -> Option<u32> {
    let number: u64 = text.parse().ok()?;
    let is_as_written = number.to_string() == text;
    number
        .checked_sub(FIRST_NUMBER)
        .filter(|_| is_as_written)?
        .try_into()
        .ok()
}

/// One end of a span of times; what is no time is the end of all times, or none that can be compared.
fn bound(text: &str) -> Option<i64> {
    match text {
        "" => Some(i64::MIN),
        "9" => Some(i64::MAX),
        text => times::milliseconds(text),
    }
}
