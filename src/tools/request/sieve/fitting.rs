//! Whether a row is what one condition wants, and what it can not be compared with.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::{Limit, OTHER_ADDRESS, STATE, Seen, Test, Wanted};
use crate::names::{composed, fold};
use crate::tools::modules::Kind;
use crate::tools::request::comparison::{same_value, scalar};
use crate::tools::request::number::{number, plain_number};
use crate::tools::request::parameter::is_nobody;
use crate::tools::request::pattern::is_like;
use crate::tools::request::{phone, words};

/// A value of another kind than the condition: what would be compared instead.
pub(super) struct Unlike {
    pub(super) expected: String,
    pub(super) got: &'static str,
}

impl Test {
    /// What the row has to compare.
    pub(super) fn value<'r>(&self, row: &'r Map<String, Value>) -> Option<&'r Value> {
        member(row, &self.field).filter(|value| has_something(value))
    }

    /// Whether a row fits that has no value.
    pub(super) fn fits_nothing(&self, row: &Map<String, Value>) -> bool {
        self.wants_nothing(&self.wanted, row)
    }

    fn wants_nothing(&self, wanted: &Wanted, row: &Map<String, Value>) -> bool {
        match wanted {
            Wanted::Not(inner) => !self.wants_nothing(inner, row),
            Wanted::OrNothing(_) => true,
            Wanted::Empty(empty) => *empty,
            Wanted::Whole(texts) => self.is_whole(row, texts),
            Wanted::Address(texts) => self.is_address(row, texts),
            Wanted::Late(wanted) => !wanted,
            Wanted::Among(_) => false,
            Wanted::Value(seen) => match seen {
                Seen::Any(wanted) => !wanted,
                Seen::NoneOf(texts) => !texts.iter().any(|one| self.is_for_none(one)),
                Seen::OneOf(texts) => texts.iter().any(|one| self.is_for_none(one)),
                Seen::Within(..) | Seen::Holding(_) | Seen::Number(_) | Seen::Amount(_) => false,
                Seen::Begins(_) | Seen::Between(..) => false,
            },
        }
    }

    /// Whether a text asks for rows without a value: where people stand, its words for nobody; elsewhere `None` is a value.
    fn is_for_none(&self, text: &str) -> bool {
        match Kind::of_field(&self.field) {
            Some(_) => is_nobody(text),
            None => fold(text) == "unassigned",
        }
    }

    /// Whether a row with this value fits.
    pub(super) fn fits_value(
        &self,
        value: &Value,
        row: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<bool, Unlike> {
        self.wants_value(&self.wanted, value, row, now)
    }

    fn wants_value(
        &self,
        wanted: &Wanted,
        value: &Value,
        row: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<bool, Unlike> {
        match wanted {
            Wanted::Not(inner) => Ok(!self.wants_value(inner, value, row, now)?),
            Wanted::OrNothing(inner) => self.wants_value(inner, value, row, now),
            Wanted::Empty(empty) => Ok(!empty),
            Wanted::Whole(texts) => Ok(self.is_whole(row, texts)),
            Wanted::Address(texts) => Ok(self.is_address(row, texts)),
            Wanted::Late(late) => {
                let is_over = |text: &String| text.parse::<Timestamp>().is_ok_and(|time| time < now);
                let closed = row.get(STATE).and_then(Value::as_str) == Some("Closed");
                Ok((!closed && self.scalars(value)?.iter().any(is_over)) == *late)
            }
            Wanted::Among(ids) => Ok(value.as_str().is_some_and(|id| ids.contains(id))),
            Wanted::Value(seen) => seen.fits(value, &self.scalars(value)?),
        }
    }

    /// The value, or each of several; whoever has a name is known by that and by the id.
    fn scalars(&self, value: &Value) -> Result<Vec<String>, Unlike> {
        let items = match value {
            Value::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        let mut all = Vec::new();
        for item in items.iter().filter(|item| !item.is_null()) {
            match scalar(item) {
                Some(text) => all.push(text),
                None if item.get("name").is_some_and(Value::is_string) => {
                    let known_by = ["name", "id"].into_iter();
                    all.extend(known_by.filter_map(|key| item.get(key)?.as_str().map(str::to_owned)));
                }
                None => return Err(Unlike::of_members(&self.name, item)),
            }
        }
        Ok(all)
    }

    fn is_whole(&self, row: &Map<String, Value>, texts: &[String]) -> bool {
        super::are_whole(self.texts_of(row), texts)
    }

    fn is_address(&self, row: &Map<String, Value>, texts: &[String]) -> bool {
        let mut own = self.texts_of(row).map(|own| composed(own.trim()));
        own.any(|own| texts.contains(&own))
    }

    /// The text of the member, and the other address of the same contact.
    fn texts_of<'r>(&'r self, row: &'r Map<String, Value>) -> impl Iterator<Item = &'r str> {
        let others = (self.field == super::ADDRESS).then_some(OTHER_ADDRESS);
        let own = [Some(self.field.as_str()), others].into_iter().flatten();
        own.filter_map(|field| row.get(field)?.as_str())
    }
}

impl Unlike {
    fn to(expected: &str, got: &'static str) -> Self {
        let expected = expected.to_owned();
        Unlike { expected, got }
    }

    /// A value that has members of its own.
    fn of_members(name: &str, value: &Value) -> Self {
        let members = value.as_object().into_iter().flatten();
        let members = members.filter(|(_, value)| scalar(value).is_some());
        let members: Vec<String> = members.map(|(key, _)| format!("`{name}.{key}`")).collect();
        let expected = match members.is_empty() {
            true => "null or {\"not\":null} here".to_owned(),
            false => format!("a condition on one of its members: {}", members.join(", ")),
        };
        let got = "members of its own, not a value";
        Unlike { expected, got }
    }
}

impl Seen {
    /// Whether one of the values that a member has is so.
    fn fits(&self, value: &Value, values: &[String]) -> Result<bool, Unlike> {
        let any = |fits: &dyn Fn(&str) -> bool| Ok(values.iter().any(|value| fits(value)));
        let is_one = |texts: &[String]| {
            values
                .iter()
                .any(|value| texts.iter().any(|one| is_one_like(value, one)))
        };
        match self {
            Seen::Any(wanted) => {
                let some = |text: &String| text.parse::<u64>().is_ok_and(|number| number > 0);
                Ok(values.iter().any(some) == *wanted)
            }
            Seen::Within(spans, zone) => {
                let times: Option<Vec<Timestamp>> = values.iter().map(|text| instant(text, zone)).collect();
                let times = times.ok_or_else(|| Unlike::to("a value, or a list of values", "no times"))?;
                let within = |time: &Timestamp| spans.iter().any(|span| span.has(*time));
                Ok(times.iter().any(within))
            }
            Seen::Holding(texts) => any(&|text| {
                let text = plain(text);
                let holds = |pieces: &Vec<String>| pieces.iter().all(|piece| text.contains(piece.as_str()));
                texts.iter().any(holds)
            }),
            Seen::Number(numbers) => any(&|text| numbers.iter().any(|number| phone::same(text, number))),
            Seen::Amount(numbers) => {
                let amounts: Option<Vec<String>> = values.iter().map(|text| plain_number(text)).collect();
                let amounts =
                    amounts.ok_or_else(|| Unlike::to("null or {\"not\":null} here", "no plain numbers"))?;
                Ok(amounts.iter().any(|amount| numbers.contains(amount)))
            }
            Seen::OneOf(texts) => check_kind(value, texts).map(|()| is_one(texts)),
            Seen::NoneOf(texts) => check_kind(value, texts).map(|()| !is_one(texts)),
            Seen::Begins(pattern) => any(&|text| is_like(text, pattern)),
            Seen::Between(from, to) => {
                let numbers: Option<Vec<f64>> = values.iter().map(|text| number(text)).collect();
                let numbers =
                    numbers.ok_or_else(|| Unlike::to("a value, or a list of values", "no plain numbers"))?;
                let lies = |at: f64| {
                    let is_it = |limit: &Limit| limit.inside && at == limit.at;
                    from.is_none_or(|from| at > from.at || is_it(&from))
                        && to.is_none_or(|to| at < to.at || is_it(&to))
                };
                Ok(numbers.into_iter().any(lies))
            }
        }
    }
}

/// Whether a value is the wanted one; `*` in that stands for any letters.
fn is_one_like(value: &str, wanted: &str) -> bool {
    match wanted.contains('*') {
        true => is_like(value, &composed(wanted)),
        false => same_value(value, wanted),
    }
}

/// Yes or no is compared with nothing else, a number with nothing but numbers.
fn check_kind(value: &Value, texts: &[String]) -> Result<(), Unlike> {
    let all = |fits: fn(&String) -> bool| texts.iter().all(fits);
    match value {
        Value::Bool(_) if !all(|text| matches!(text.as_str(), "true" | "false")) => {
            Err(Unlike::to("true or false", "true or false"))
        }
        Value::Number(_) if !all(|text| number(text).is_some()) => Err(Unlike::to("a number", "a number")),
        _ => Ok(()),
    }
}

/// A member of a row, or with dots one inside it. Own fields of a Desk organization stand in `cf` of a whole row, and
/// beside the others where a row is read for them.
fn member<'r>(row: &'r Map<String, Value>, field: &str) -> Option<&'r Value> {
    let own = || {
        field
            .starts_with("cf_")
            .then(|| row.get("cf")?.get(field))
            .flatten()
    };
    if let Some(value) = row.get(field).or_else(own) {
        return Some(value);
    }
    let (first, inner) = field.split_once('.')?;
    inner
        .split('.')
        .try_fold(row.get(first)?, |value, name| value.get(name))
}

fn has_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => members.values().any(has_something),
        _ => true,
    }
}

/// An instant; of a day its first.
fn instant(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let of_a_day = || {
        let day: Date = text.parse().ok()?;
        zone.to_timestamp(day.at(0, 0, 0, 0)).ok()
    };
    text.parse().ok().or_else(of_a_day)
}

/// Case and line ends do not count.
pub(super) fn plain(text: &str) -> String {
    composed(&words::in_one_line(text))
}
