//! Conditions that no call of Zoho takes but whose fields every row has: they are put to the rows.

mod findings;
mod fitting;

use std::collections::HashSet;
use std::sync::Arc;

pub use findings::{Findings, tell_unseen};
use fitting::plain;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::comparison::{self, Comparison, End};
use super::number::number;
use super::time::{self, Span};
use crate::names::{composed, pointer};
use crate::tools::error::ToolError;
use crate::tools::modules::Fact;

/// What a row has to be to be one of the list.
#[derive(Debug, Default, Clone)]
pub struct Sieve {
    tests: Vec<Test>,
    /// Conditions that Zoho was asked for: a row that shows otherwise is none of the list, one that shows nothing is.
    checks: Vec<Check>,
    /// Members that rows have only to be tested by.
    hidden: Vec<String>,
}

/// A condition that Zoho was asked for, on each of the members that show what it is asked for.
#[derive(Debug, Clone)]
struct Check {
    name: String,
    tests: Vec<Test>,
}

#[derive(Debug, Clone)]
struct Test {
    /// As the caller calls it.
    name: String,
    /// Where it stands in the arguments.
    path: String,
    field: String,
    wanted: Wanted,
}

#[derive(Debug, Clone)]
enum Wanted {
    /// Not what is wanted here.
    Not(Box<Wanted>),
    /// What is wanted here, or nothing.
    OrNothing(Box<Wanted>),
    /// Nothing, or for `false` anything.
    Empty(bool),
    /// Not whether one of these is only a part of it: Zoho finds such, too.
    Whole(Vec<String>),
    /// One of these e-mail addresses, be it the first of its contact or the other.
    Address(Vec<String>),
    /// Whether its time is over, and the row not closed.
    Late(bool),
    /// One of the records with these ids.
    Among(Arc<HashSet<String>>),
    /// A value that can be compared.
    Value(Seen),
}

/// What a value has to be.
#[derive(Debug, Clone)]
enum Seen {
    /// Whether it lies within one of these; days are those of the zone.
    Within(Vec<Span>, TimeZone),
    /// Whether its text holds all pieces of one of these.
    Holding(Vec<Vec<String>>),
    /// Whether it is one of these phone numbers, whatever the notation.
    Number(Vec<String>),
    /// Whether it is one of these numbers, each in one notation.
    Amount(Vec<String>),
    /// Whether it is more than 0.
    Any(bool),
    OneOf(Vec<String>),
    NoneOf(Vec<String>),
    /// Whether it is so; `*` at its end stands for any letters.
    Begins(String),
    /// Whether it lies between these numbers.
    Between(Option<Limit>, Option<Limit>),
}

/// A number that others lie above or below, and whether it is one of them.
#[derive(Debug, Clone, Copy)]
struct Limit {
    at: f64,
    inside: bool,
}

/// The member that says whether a row is closed.
const STATE: &str = "statusType";

/// The member with an e-mail address, and the one with another of the same contact.
const ADDRESS: &str = "email";
const OTHER_ADDRESS: &str = "secondaryEmail";

/// How the values of a member are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Values {
    /// As what they are.
    Plain,
    /// As days and instants.
    Times,
    /// As days and instants that nothing tells apart within a second.
    Seconds,
    /// By the words that their texts hold, which may stand apart.
    Words,
    /// By what their texts hold.
    Parts,
    /// As phone numbers, which everybody writes differently.
    Phones,
    /// As numbers, which Zoho Desk often writes as texts.
    Numbers,
}

impl Sieve {
    /// Adds a condition on a member of the rows, whose values are compared so.
    ///
    /// # Errors
    /// A time that is none, or a span that is none.
    pub(super) fn add(
        &mut self,
        name: &str,
        field: &str,
        comparison: Comparison,
        values: Values,
        zone: &TimeZone,
    ) -> Result<(), ToolError> {
        let wanted = wanted(&at(name), comparison, values, zone)?;
        self.push(name, field, wanted);
        Ok(())
    }

    /// Adds that texts of a member are meant as a whole, where Zoho takes parts of it for them, too.
    pub(super) fn add_whole(&mut self, field: &str, texts: &[String]) {
        let texts = texts.iter().map(|text| composed(text.trim())).collect();
        self.push(field, field, Wanted::Whole(texts));
    }

    /// Adds that an e-mail address of the rows is one of these, where Zoho is not asked for it.
    pub(super) fn add_address(&mut self, name: &str, field: &str, texts: &[String]) {
        let texts = texts.iter().map(|text| composed(text.trim())).collect();
        self.push(name, field, Wanted::Address(texts));
    }

    /// Adds a condition that Zoho takes itself, on members of the rows of which one at least shows what it is asked for.
    ///
    /// # Errors
    /// A time that is none.
    pub(super) fn add_check(
        &mut self,
        name: &str,
        fields: &[&str],
        comparison: &Comparison,
        values: Values,
        zone: &TimeZone,
    ) -> Result<(), ToolError> {
        let wanted = wanted(&at(name), comparison.clone(), values, zone)?;
        let tests = fields.iter().map(|field| Test::new(name, field, wanted.clone()));
        self.checks.push(Check {
            name: name.to_owned(),
            tests: tests.collect(),
        });
        Ok(())
    }

    /// The members to be read where rows have them all: those shown and those that show what was asked for.
    pub(super) fn with_its_checks(&mut self, mut shown: Vec<String>) -> Vec<String> {
        for test in self.checks.iter().flat_map(|check| &check.tests) {
            if !shown.contains(&test.field) {
                shown.push(test.field.clone());
                self.hidden.push(test.field.clone());
            }
        }
        shown
    }

    /// Adds that a row is one of the records that a search finds.
    pub fn add_among(&mut self, by: String, ids: HashSet<String>) {
        let wanted = Wanted::Among(Arc::new(ids));
        self.tests.push(Test {
            name: by,
            path: "/query".to_owned(),
            field: "id".to_owned(),
            wanted,
        });
    }

    /// Whether rows are tested by nothing but whether a text is only a part of theirs.
    pub fn is_of_whole_texts(&self) -> bool {
        let is_whole = |test: &Test| matches!(test.wanted, Wanted::Whole(_));
        !self.is_empty() && self.tests.iter().all(is_whole)
    }

    /// Adds a condition on a fact.
    pub(super) fn add_fact(&mut self, name: &str, fact: Fact, flag: bool) {
        match fact {
            Fact::Late(field) => self.push(name, field, Wanted::Late(flag)),
            Fact::Any(field) => self.push(name, field, Wanted::Value(Seen::Any(flag))),
        }
    }

    fn push(&mut self, name: &str, field: &str, wanted: Wanted) {
        self.tests.push(Test::new(name, field, wanted));
    }

    /// Whether every row is one of the list.
    pub fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }

    /// Whether another time lets other rows through.
    pub fn goes_by_now(&self) -> bool {
        let late = |test: &Test| matches!(test.wanted, Wanted::Late(_));
        self.tests.iter().any(late)
    }

    /// The conditions by their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.tests.iter().map(|test| test.name.as_str())
    }

    /// The members that rows are tested by.
    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        self.tests.iter().map(|test| test.field.as_str())
    }

    /// The members to be read: those shown and those that rows are tested by.
    pub(super) fn with_its_fields(&mut self, mut shown: Vec<String>) -> Vec<String> {
        for test in &self.tests {
            let state = match test.wanted {
                Wanted::Late(_) => Some(STATE),
                Wanted::Whole(_) | Wanted::Address(_) if test.field == ADDRESS => Some(OTHER_ADDRESS),
                _ => None,
            };
            let field = test.field.split('.').next().unwrap_or_default();
            for field in std::iter::once(field).chain(state) {
                if !shown.iter().any(|known| known == field) {
                    shown.push(field.to_owned());
                    self.hidden.push(field.to_owned());
                }
            }
        }
        shown
    }

    /// Whether a row is one of the list at a time; it is left with the members that are shown. One that has a value of
    /// another kind than a condition is none.
    pub fn keeps(&self, row: &mut Map<String, Value>, now: Timestamp, findings: &mut Findings) -> bool {
        findings.look_at_one();
        let contradicted = self.checks.iter().find(|check| check.is_contradicted(row, now));
        let (mut fits, mut odd, mut is_part) = (true, None, false);
        for test in &self.tests {
            let fitting = match test.value(row).map(|value| test.fits_value(value, row, now)) {
                None => test.fits_nothing(row),
                Some(Ok(fitting)) => {
                    findings.compare(test);
                    fitting
                }
                Some(Err(unlike)) => {
                    findings.see_unlike(test, unlike);
                    odd = odd.or(Some(test));
                    continue;
                }
            };
            match test.wanted {
                Wanted::Whole(_) => is_part |= !fitting,
                _ => fits &= fitting,
            }
        }
        for name in &self.hidden {
            row.shift_remove(name);
        }
        match (contradicted, odd) {
            (Some(check), _) => findings.contradict(&check.name),
            (None, _) if !fits => {}
            (None, _) if is_part => findings.leave_out_part(),
            (None, Some(test)) => findings.leave_out(test),
            (None, None) => return true,
        }
        false
    }
}

impl Test {
    fn new(name: &str, field: &str, wanted: Wanted) -> Self {
        Test {
            name: name.to_owned(),
            path: at(name),
            field: field.to_owned(),
            wanted,
        }
    }
}

impl Check {
    /// Whether a row shows nothing but something else than what Zoho was asked for; what cannot be compared shows nothing.
    fn is_contradicted(&self, row: &Map<String, Value>, now: Timestamp) -> bool {
        let fits = |test: &Test| test.fits_value(test.value(row)?, row, now).ok();
        let shown: Vec<bool> = self.tests.iter().filter_map(fits).collect();
        !shown.is_empty() && !shown.contains(&true)
    }
}

/// Whether one of the values is one of the texts, or none of them only holds one: what else it was found by is not known.
pub fn are_whole<'v>(values: impl Iterator<Item = &'v str>, texts: &[String]) -> bool {
    let values: Vec<String> = values.map(|value| composed(value.trim())).collect();
    values.iter().any(|value| texts.contains(value))
        || !values
            .iter()
            .any(|value| texts.iter().any(|text| value.contains(text.as_str())))
}

/// What a condition wants of a value.
fn wanted(path: &str, comparison: Comparison, values: Values, zone: &TimeZone) -> Result<Wanted, ToolError> {
    let inner = |comparison| Ok::<_, ToolError>(Box::new(wanted(path, comparison, values, zone)?));
    let within = |spans| Seen::Within(spans, zone.clone());
    let apart = match values {
        Values::Seconds => time::SECOND,
        _ => time::MILLISECOND,
    };
    Ok(Wanted::Value(match comparison {
        Comparison::Not(of) => return Ok(Wanted::Not(inner(*of)?)),
        Comparison::OneOrEmpty(texts) => return Ok(Wanted::OrNothing(inner(Comparison::OneOf(texts))?)),
        Comparison::Empty(empty) => return Ok(Wanted::Empty(empty)),
        Comparison::NoneOf(texts) if values != Values::Plain => {
            return Ok(Wanted::Not(inner(Comparison::OneOf(texts))?));
        }
        Comparison::NoneOf(texts) => Seen::NoneOf(texts),
        Comparison::OneOf(texts) => match values {
            Values::Plain => Seen::OneOf(texts),
            Values::Times | Values::Seconds => within(time::each(path, &texts, zone, apart)?),
            Values::Words => Seen::Holding(texts.iter().map(|text| pieces(text)).collect()),
            Values::Parts => Seen::Holding(texts.iter().map(|text| vec![part(text)]).collect()),
            Values::Phones => Seen::Number(texts),
            Values::Numbers => Seen::Amount(texts),
        },
        Comparison::Begins(text) => Seen::Begins(composed(&text) + "*"),
        Comparison::Between(ref from, ref to) => {
            let mut ends = [from, to].into_iter().flatten();
            if ends.any(|end| comparison::is_time(&end.text)) {
                within(vec![time::of(path, &comparison, zone, apart)?])
            } else {
                limits(path, from.as_ref(), to.as_ref())?
            }
        }
    }))
}

/// What a text has to hold of a text: each of its words, or what stands between two `*`.
fn pieces(text: &str) -> Vec<String> {
    match text.starts_with('*') {
        true => vec![part(text)],
        false => plain(text).split_whitespace().map(str::to_owned).collect(),
    }
}

fn part(text: &str) -> String {
    plain(text.trim_matches('*'))
}

/// Where a condition stands in the arguments.
fn at(name: &str) -> String {
    pointer::below("/filters", name)
}

/// Between numbers, the smaller first.
fn limits(path: &str, from: Option<&End>, to: Option<&End>) -> Result<Seen, ToolError> {
    let limit = |end: &End| {
        let inside = end.inside;
        number(&end.text).map(|at| Limit { at, inside })
    };
    let read = [from, to].map(|end| end.map(limit));
    match read {
        [Some(None), _] | [_, Some(None)] => {}
        [Some(Some(from)), Some(Some(to))] if from.at > to.at => {}
        [from, to] => return Ok(Seen::Between(from.flatten(), to.flatten())),
    }
    let texts = [from, to].into_iter().flatten();
    let texts: Vec<String> = texts.map(|end| format!("`{}`", end.text)).collect();
    let expected = "times or numbers to lie between, the smaller first";
    let refused = ToolError::argument(path, expected, "others", None);
    Err(refused.naming(&texts.join(", ")))
}
