//! Conditions that no call of Zoho takes but whose fields every row has: they are put to the rows.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::comparison::{self, Comparison, End, scalar};
use super::time::{self, Span};
use super::words;
use crate::names::fold;
use crate::tools::error::ToolError;
use crate::tools::modules::Fact;

/// What a row has to be to be one of the list.
#[derive(Debug, Default, Clone)]
pub struct Sieve {
    tests: Vec<Test>,
    /// Members that rows have only to be tested by.
    hidden: Vec<String>,
}

#[derive(Debug, Clone)]
struct Test {
    /// As the caller calls it.
    name: String,
    field: String,
    wanted: Wanted,
}

#[derive(Debug, Clone)]
enum Wanted {
    /// Whether it lies within one of these.
    Within(Vec<Span>, bool),
    /// Whether its text holds one of these.
    Holding(Vec<String>, bool),
    Compared(Comparison),
    /// Not whether one of these is only a part of it: Zoho finds such, too.
    Whole(Vec<String>),
    /// Whether its time is over, and the row not closed.
    Late(bool),
    /// Whether it is more than 0.
    Any(bool),
}

/// The member that says whether a row is closed.
const STATE: &str = "statusType";

/// The member with an e-mail address, and the one with another of the same contact.
const ADDRESS: &str = "email";
const OTHER_ADDRESS: &str = "secondaryEmail";

impl Sieve {
    /// Adds a condition on a member of the rows.
    ///
    /// # Errors
    /// A time that is none, or a span that is none.
    pub(super) fn add(
        &mut self,
        path: &str,
        field: &str,
        comparison: Comparison,
        zone: &TimeZone,
    ) -> Result<(), ToolError> {
        let spans = |texts: &[String]| time::each(path, texts, zone, time::MILLISECOND);
        let wanted = match &comparison {
            Comparison::OneOf(texts) if is_a_time(field) => Wanted::Within(spans(texts)?, true),
            Comparison::NoneOf(texts) if is_a_time(field) => Wanted::Within(spans(texts)?, false),
            Comparison::Between(from, to) => {
                let ends: Vec<&End> = [from, to].into_iter().flatten().collect();
                if ends.iter().any(|end| comparison::is_time(&end.text)) {
                    let span = time::of(path, &comparison, zone, time::MILLISECOND)?;
                    Wanted::Within(vec![span], true)
                } else {
                    check_order(path, &ends)?;
                    Wanted::Compared(comparison)
                }
            }
            _ => Wanted::Compared(comparison),
        };
        self.push(field, field, wanted);
        Ok(())
    }

    /// Adds a condition on the words of a member of the rows.
    pub(super) fn add_words(&mut self, field: &str, texts: &[String], held: bool) {
        let texts = texts.iter().map(|text| plain(text.trim_matches('*'))).collect();
        self.push(field, field, Wanted::Holding(texts, held));
    }

    /// Adds that texts of a member are meant as a whole, where Zoho takes parts of it for them, too.
    pub(super) fn add_whole(&mut self, field: &str, texts: &[String]) {
        let texts = texts.iter().map(|text| text.trim().to_lowercase()).collect();
        self.push(field, field, Wanted::Whole(texts));
    }

    /// The members by which nothing but parts of texts is left out, where that is all that rows are tested by.
    pub fn whole_texts(&self) -> Option<Vec<&str>> {
        let is_whole = |test: &Test| matches!(test.wanted, Wanted::Whole(_));
        let all = !self.is_empty() && self.tests.iter().all(is_whole);
        all.then(|| self.names().collect())
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
            let state = match test.wanted {
                Wanted::Late(_) => Some(STATE),
                Wanted::Whole(_) if test.field == ADDRESS => Some(OTHER_ADDRESS),
                _ => None,
            };
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
            (Wanted::Within(spans, inside), text) => {
                let instant = text.and_then(|text| text.parse::<Timestamp>().ok());
                instant.is_some_and(|instant| spans.iter().any(|span| span.has(instant))) == *inside
            }
            (Wanted::Holding(texts, held), text) => {
                let text = plain(&text.unwrap_or_default());
                texts.iter().any(|one| text.contains(one.as_str())) == *held
            }
            (Wanted::Whole(texts), _) => {
                let others = (self.field == ADDRESS).then_some(OTHER_ADDRESS);
                let own = [Some(self.field.as_str()), others].into_iter().flatten();
                let own = own.filter_map(|field| row.get(field)?.as_str());
                are_whole(own, texts)
            }
            (Wanted::Compared(Comparison::Empty(empty)), text) => text.is_none() == *empty,
            (Wanted::Compared(Comparison::NoneOf(texts)), text) => {
                !texts.iter().any(|one| is(text.as_deref(), one))
            }
            (Wanted::Compared(Comparison::OneOf(texts)), text) => {
                texts.iter().any(|one| is(text.as_deref(), one))
            }
            (_, None) => false,
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

/// Whether one of the values is one of the texts, or none of them only holds one: what else it was found by is not known.
pub fn are_whole<'v>(values: impl Iterator<Item = &'v str>, texts: &[String]) -> bool {
    let values: Vec<String> = values.map(|value| value.trim().to_lowercase()).collect();
    values.iter().any(|value| texts.contains(value))
        || !values
            .iter()
            .any(|value| texts.iter().any(|text| value.contains(text.as_str())))
}

/// Whether the member of this name is a time.
fn is_a_time(field: &str) -> bool {
    field.ends_with("Time") || field.ends_with("Date")
}

fn check_order(path: &str, ends: &[&End]) -> Result<(), ToolError> {
    let numbers: Option<Vec<f64>> = ends.iter().map(|end| end.text.trim().parse().ok()).collect();
    match numbers.is_some_and(|ends| ends.is_sorted()) {
        true => Ok(()),
        false => {
            let expected = "times or numbers to lie between, the smaller first";
            Err(ToolError::argument(path, expected, "something else", None))
        }
    }
}

/// Case and line ends do not count.
fn plain(text: &str) -> String {
    words::in_one_line(text).to_lowercase()
}

/// Case and separators do not count; nobody is called unassigned.
fn is(text: Option<&str>, wanted: &str) -> bool {
    match text {
        Some(text) => text == wanted || fold(text) == fold(wanted),
        None => fold(wanted) == "unassigned",
    }
}
