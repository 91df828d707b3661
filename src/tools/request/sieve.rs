//! Conditions that no call of Zoho takes but whose fields every row has: they are put to the rows.

use super::comparison::{Comparison, End, scalar};
use super::time::{self, Span};
use crate::names::fold;
use crate::tools::error::ToolError;
use crate::tools::modules::Fact;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

/// What a row has to be to be one of the list.
#[derive(Debug, Default)]
pub struct Sieve {
    tests: Vec<Test>,
    /// Members that rows have only to be tested by.
    hidden: Vec<String>,
}

#[derive(Debug)]
struct Test {
    /// As the caller calls it.
    name: String,
    field: String,
    wanted: Wanted,
}

#[derive(Debug)]
enum Wanted {
    Within(Span),
    Compared(Comparison),
    /// Whether its time is over, and the row not closed.
    Late(bool),
    /// Whether it is more than 0.
    Any(bool),
}

/// The member that says whether a row is closed.
const STATE: &str = "statusType";

impl Sieve {
    /// Adds a condition on a member of the rows; ends that are times make it one on a time.
    ///
    /// # Errors
    /// A span that is none.
    pub(super) fn add(
        &mut self,
        path: &str,
        field: &str,
        comparison: Comparison,
        zone: &TimeZone,
    ) -> Result<(), ToolError> {
        let timed = match &comparison {
            Comparison::OneOf(texts) => texts.iter().all(|text| time::is_time(text)),
            Comparison::Between(from, to) => {
                let ends = [from, to].into_iter().flatten();
                ends.into_iter().any(|end| time::is_time(&end.text))
            }
            _ => false,
        };
        if let (false, Comparison::Between(from, to)) = (timed, &comparison) {
            let ends = [from, to].into_iter().flatten();
            let numbers: Option<Vec<f64>> = ends.map(|end| end.text.trim().parse().ok()).collect();
            let in_order = numbers.is_some_and(|ends| ends.is_sorted());
            if !in_order {
                let expected = "times or numbers to lie between, the smaller first";
                return Err(ToolError::argument(path, expected, "something else", None));
            }
        }
        let wanted = match timed {
            true => Wanted::Within(time::of(path, &comparison, zone, time::MILLISECOND)?),
            false => Wanted::Compared(comparison),
        };
        self.push(field, field, wanted);
        Ok(())
    }

    /// Adds a condition on a fact.
    pub(super) fn add_fact(&mut self, name: &str, fact: Fact, flag: bool) {
        match fact {
            Fact::Late(field) => self.push(name, field, Wanted::Late(flag)),
            Fact::Any(field) => self.push(name, field, Wanted::Any(flag)),
        }
    }

    fn push(&mut self, name: &str, field: &str, wanted: Wanted) {
        let (name, field) = (name.to_owned(), field.to_owned());
        self.tests.push(Test { name, field, wanted });
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

    /// The members to be read: those shown and those that rows are tested by.
    pub(super) fn with_its_fields(&mut self, mut shown: Vec<String>) -> Vec<String> {
        for test in &self.tests {
            let state = matches!(test.wanted, Wanted::Late(_)).then_some(STATE);
            for field in std::iter::once(test.field.as_str()).chain(state) {
                if !shown.iter().any(|known| known == field) {
                    shown.push(field.to_owned());
                    self.hidden.push(field.to_owned());
                }
            }
        }
        shown
    }

    /// Whether a row is one of the list at a time; it is left with the members that are shown.
    pub fn keeps(&self, row: &mut Map<String, Value>, now: Timestamp) -> bool {
        let fits = self.tests.iter().all(|test| test.fits(row, now));
        for name in &self.hidden {
            row.shift_remove(name);
        }
        fits
    }
}

impl Test {
    fn fits(&self, row: &Map<String, Value>, now: Timestamp) -> bool {
        let text = row.get(&self.field).and_then(scalar);
        match (&self.wanted, text) {
            (Wanted::Late(late), text) => {
                let over = text.and_then(|text| text.parse::<Timestamp>().ok());
                let closed = row.get(STATE).and_then(Value::as_str) == Some("Closed");
                (!closed && over.is_some_and(|time| time < now)) == *late
            }
            (Wanted::Any(any), text) => {
                let number = text.and_then(|text| text.parse::<u64>().ok());
                (number.unwrap_or_default() > 0) == *any
            }
            (Wanted::Compared(Comparison::Empty(empty)), text) => text.is_none() == *empty,
            (Wanted::Compared(Comparison::NoneOf(texts)), text) => {
                !texts.iter().any(|one| is(text.as_deref(), one))
            }
            (Wanted::Compared(Comparison::OneOf(texts)), text) => {
                texts.iter().any(|one| is(text.as_deref(), one))
            }
            (_, None) => false,
            (Wanted::Within(span), Some(text)) => text.parse::<Timestamp>().is_ok_and(|instant| {
                span.from.is_none_or(|from| from <= instant) && span.to.is_none_or(|to| instant <= to)
            }),
            (Wanted::Compared(Comparison::Between(from, to)), Some(text)) => {
                let number = |text: &str| text.trim().parse::<f64>().ok();
                let beyond = |end: &End, more: bool| {
                    let (Some(end_at), Some(at)) = (number(&end.text), number(&text)) else {
                        return false;
                    };
                    end.inside && at == end_at || if more { at > end_at } else { at < end_at }
                };
                from.as_ref().is_none_or(|end| beyond(end, true))
                    && to.as_ref().is_none_or(|end| beyond(end, false))
            }
            (Wanted::Compared(Comparison::Begins(start)), Some(text)) => {
                text.to_lowercase().starts_with(&start.to_lowercase())
            }
        }
    }
}

/// Case and separators do not count; nobody is called unassigned.
fn is(text: Option<&str>, wanted: &str) -> bool {
    match text {
        Some(text) => text == wanted || fold(text) == fold(wanted),
        None => fold(wanted) == "unassigned",
    }
}
