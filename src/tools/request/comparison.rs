//! What a filter's value asks of its field, before a product's notation and the field's type are known.

use serde_json::{Value, json};

use super::signs;
use crate::names::{composed, fold};
use crate::tools::error::ToolError;

/// The ways to write a condition, as they are told.
const FORMS: &str = "a value, null for none, a list of these of which one fits, or one of {\"from\":a,\"to\":b}, {\"gt\":a}, \
     {\"lt\":b}, {\"in\":[values]}, {\"starts_with\":text}, {\"empty\":false}, {\"not\":any of these}";

/// A condition on a field that has a value or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// It has one of these; at least one is named.
    OneOf(Vec<String>),
    /// It has none of these; at least one is named.
    NoneOf(Vec<String>),
    /// It lies between these; at least one is named.
    Between(Option<End>, Option<End>),
    /// Its text begins so.
    Begins(String),
    /// It has no value, or for `false` any.
    Empty(bool),
    /// It has one of these, or no value.
    OneOrEmpty(Vec<String>),
    /// It is not so. What has no value is not so either, but for criteria of CRM, of which nobody says that.
    Not(Box<Comparison>),
}

impl Comparison {
    /// The opposite.
    pub(super) fn negated(self) -> Self {
        match self {
            Comparison::OneOf(texts) => Comparison::NoneOf(texts),
            Comparison::NoneOf(texts) => Comparison::OneOf(texts),
            Comparison::Empty(empty) => Comparison::Empty(!empty),
            Comparison::Not(inner) => *inner,
            other => Comparison::Not(Box::new(other)),
        }
    }

    /// Whether it leaves out values, whatever else there is.
    pub(super) fn leaves_out(&self) -> bool {
        let is_span = |of: &Comparison| matches!(of, Comparison::Between(..));
        matches!(self, Comparison::NoneOf(_)) || matches!(self, Comparison::Not(of) if is_span(of))
    }

    /// Whether it is the opposite of another.
    pub(super) fn is_not(&self) -> bool {
        matches!(self, Comparison::Not(_))
    }

    /// What it is the opposite of, or itself.
    pub(super) fn without_not(&self) -> &Self {
        match self {
            Comparison::Not(inner) => inner,
            other => other,
        }
    }

    /// With each of its values in another form.
    pub(super) fn map(self, form: &mut impl FnMut(String) -> String) -> Self {
        let mut each = |texts: Vec<String>| texts.into_iter().map(&mut *form).collect();
        match self {
            Comparison::OneOf(texts) => Comparison::OneOf(each(texts)),
            Comparison::NoneOf(texts) => Comparison::NoneOf(each(texts)),
            Comparison::OneOrEmpty(texts) => Comparison::OneOrEmpty(each(texts)),
            Comparison::Between(from, to) => {
                let mut end = |end: End| End {
                    text: form(end.text),
                    ..end
                };
                Comparison::Between(from.map(&mut end), to.map(&mut end))
            }
            Comparison::Begins(text) => Comparison::Begins(form(text)),
            Comparison::Empty(empty) => Comparison::Empty(empty),
            Comparison::Not(inner) => Comparison::Not(Box::new(inner.map(form))),
        }
    }

    /// All that it names: whole values, ends, beginnings.
    pub(super) fn texts(&self) -> Vec<&String> {
        match self {
            Comparison::Between(from, to) => [from, to].into_iter().flatten().map(|end| &end.text).collect(),
            Comparison::Begins(text) => vec![text],
            Comparison::Not(inner) => inner.texts(),
            other => other.values().iter().collect(),
        }
    }

    /// The values that it names, each a whole one.
    pub(super) fn values(&self) -> &[String] {
        match self {
            Comparison::OneOf(texts) | Comparison::NoneOf(texts) | Comparison::OneOrEmpty(texts) => texts,
            Comparison::Not(inner) => inner.values(),
            Comparison::Between(..) | Comparison::Begins(_) | Comparison::Empty(_) => &[],
        }
    }
}

/// One end of what lies between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// As given: a number, a day, an instant.
    pub text: String,
    /// Whether the end itself fits.
    pub inside: bool,
}

/// Reads the value of a filter.
///
/// # Errors
/// It has none of the forms of a condition.
pub fn read(path: &str, value: &Value) -> Result<Comparison, ToolError> {
    let refused = || match pair_or_nothing(value) {
        Some((from, to)) => {
            let got = "two times beside null, which could be a span or a set";
            let fix = format!(
                "{} finds the two or none; of the span and none each is a call: {} and null",
                json!({ "in": [from, to, null] }),
                json!({ "from": from, "to": to }),
            );
            ToolError::argument(path, "one of the two", got, Some(fix))
        }
        None => ToolError::argument(path, FORMS, "something else", None),
    };
    written(value).ok_or_else(refused)
}

/// Two times beside null, by themselves or as what is left out.
fn pair_or_nothing(value: &Value) -> Option<(&str, &str)> {
    let value = behind_not(value).map_or(value, |(_, inner)| inner);
    let items = value.as_array()?.iter();
    let named: Vec<&str> = items
        .filter(|item| !is_nothing(item))
        .map(Value::as_str)
        .collect::<Option<_>>()?;
    match named.as_slice() {
        [from, to] if is_time(from) && is_time(to) && value.as_array()?.len() > 2 => Some((from, to)),
        _ => None,
    }
}

/// Two times beside null as a set, for calls that have no other way to ask for none.
pub(super) fn pair_as_a_set(value: &Value) -> Option<Comparison> {
    pair_or_nothing(value)?;
    match behind_not(value) {
        Some((_, inner)) => set(inner).map(Comparison::negated),
        None => set(value),
    }
}

/// The word that leaves out what stands behind it, and that; those words aside that say that it is a set.
pub(super) fn behind_not(value: &Value) -> Option<(&str, &Value)> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    let (word, inner) = members.iter().next()?;
    negates(word).then_some((word.as_str(), inner))
}

/// Whether a word leaves out what stands behind it as that is read by itself: of two times the span.
pub fn negates(word: &str) -> bool {
    leaves_out(word) && !matches!(fold(word).as_str(), "noneof" | "notin")
}

fn written(value: &Value) -> Option<Comparison> {
    match value {
        Value::Null => Some(Comparison::Empty(true)),
        Value::Object(members) => match members.len() {
            1 => members.iter().find_map(|(word, value)| worded(word, value)),
            2 => {
                let ends = members.iter().map(|(word, value)| worded(word, value));
                match ends.collect::<Option<Vec<_>>>()?.as_slice() {
                    [
                        Comparison::Between(Some(from), None),
                        Comparison::Between(None, Some(to)),
                    ]
                    | [
                        Comparison::Between(None, Some(to)),
                        Comparison::Between(Some(from), None),
                    ] => Some(Comparison::Between(Some(from.clone()), Some(to.clone()))),
                    _ => None,
                }
            }
            _ => None,
        },
        other if pair_or_nothing(other).is_some() => None,
        other => pair(other).or_else(|| set(other)),
    }
}

/// Values of which one fits.
fn set(value: &Value) -> Option<Comparison> {
    match value {
        Value::Null => Some(Comparison::Empty(true)),
        Value::String(text) if emptiness(text).is_some() => emptiness(text).map(Comparison::Empty),
        Value::Array(items) if items.iter().any(is_nothing) => {
            let named: Vec<Value> = items.iter().filter(|item| !is_nothing(item)).cloned().collect();
            match named.is_empty() {
                true => Some(Comparison::Empty(true)),
                false => several(&Value::Array(named)).map(Comparison::OneOrEmpty),
            }
        }
        other => several(other).map(Comparison::OneOf),
    }
}

/// Whether one of several values is null.
fn is_nullable(value: &Value) -> bool {
    value
        .as_array()
        .is_some_and(|items| items.iter().any(Value::is_null))
}

/// Whether one of several values is none: null, or a word for it.
fn is_nothing(item: &Value) -> bool {
    item.is_null() || item.as_str().and_then(emptiness) == Some(true)
}

/// What the words for having no value, or any, ask for.
fn emptiness(text: &str) -> Option<bool> {
    let word = text.trim().to_ascii_lowercase().replace([' ', '-', '_'], "");
    match word.as_str() {
        "${empty}" | "empty" | "isempty" => Some(true),
        "${notempty}" | "notempty" | "isnotempty" => Some(false),
        _ => None,
    }
}

/// Whether a text is such a word, and no value.
pub fn says_whether(text: &str) -> bool {
    emptiness(text).is_some()
}

/// `"from,to"` and `["from","to"]`: two times side by side are the ends of a span.
fn pair(value: &Value) -> Option<Comparison> {
    let end = |text: &str| End {
        text: text.trim().to_owned(),
        inside: true,
    };
    let (from, to) = match value {
        Value::String(text) => text.split_once(',')?,
        Value::Array(items) => match items.as_slice() {
            [Value::String(from), Value::String(to)] => (from.as_str(), to.as_str()),
            _ => return None,
        },
        _ => return None,
    };
    let given = [from, to].map(|text| (!text.trim().is_empty()).then(|| end(text)));
    let timed = given.iter().flatten().all(|end| is_time(&end.text));
    match given {
        [None, None] => None,
        [from, to] => timed.then_some(Comparison::Between(from, to)),
    }
}

/// Told of a list of two times, which could as well be meant as a set; also of one that is left out.
pub(super) fn tell_pair(name: &str, value: &Value) -> Option<String> {
    let (list, other) = match behind_not(value) {
        Some((_, inner)) => (inner, json!({ "not_in": inner })),
        None => (value, json!({ "in": value })),
    };
    let (does, either) = match list == value {
        true => ("finds", "either"),
        false => ("leaves out", "each alone"),
    };
    (list.is_array() && pair(list).is_some()).then(|| {
        format!("`{name}` {list} was read as a span from the first to the last; {other} {does} {either}.")
    })
}

/// Whether two texts are one value. Case does not count, nor how a letter is composed, nor do separators between words; in
/// addresses, numbers and grades (`A-`) the same sign makes another value.
pub(super) fn same_value(text: &str, wanted: &str) -> bool {
    let (text, wanted) = (composed(text), composed(wanted));
    let (text, wanted) = (text.trim(), wanted.trim());
    let are_words = |text: &str| {
        let is_inside = |c: char| c.is_alphabetic() || c.is_whitespace() || matches!(c, '-' | '_');
        let has_an_edge = |edge: Option<char>| edge.is_some_and(char::is_alphabetic);
        let mut all = text.chars();
        has_an_edge(all.next()) && all.next_back().is_none_or(char::is_alphabetic) && all.all(is_inside)
    };
    text == wanted || are_words(text) && are_words(wanted) && fold(text) == fold(wanted)
}

/// The values in `{"not": values}` and its like, and the word they stand behind.
pub fn values_in_words(value: &Value) -> Option<(&str, &Value)> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    let (word, inner) = members.iter().next()?;
    let asked = worded(word, inner)?;
    (!asked.values().is_empty()).then_some((word.as_str(), inner))
}

/// Whether a text has the form of a day or an instant; the calendar may have no such day.
pub(super) fn is_time(text: &str) -> bool {
    let text = text.trim();
    let (Some(day), Some(rest)) = (text.get(..10), text.get(10..)) else {
        return false;
    };
    let of_a_day = |(at, byte): (usize, u8)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    let mut rest = rest.bytes();
    let clock = match rest.next() {
        None => true,
        Some(b'T' | b't' | b' ') => rest.next().is_some_and(|byte| byte.is_ascii_digit()),
        Some(_) => false,
    };
    clock && day.bytes().enumerate().all(of_a_day)
}

/// `{"gt": 5}` and all its like.
fn worded(word: &str, value: &Value) -> Option<Comparison> {
    let end = |inside| {
        let text = scalar(value)?;
        Some(End { text, inside })
    };
    let from = |inside| Some(Comparison::Between(Some(end(inside)?), None));
    let to = |inside| Some(Comparison::Between(None, Some(end(inside)?)));
    let plain = signs::word_of(word.trim()).unwrap_or(word);
    match fold(plain).as_str() {
        "from" | "gte" | "min" | "since" | "greaterequal" | "greaterthanorequal" => from(true),
        "gt" | "after" | "above" | "over" | "morethan" | "greaterthan" => from(false),
        "to" | "lte" | "max" | "until" | "lessequal" | "lessthanorequal" => to(true),
        "lt" | "before" | "below" | "under" | "lessthan" => to(false),
        "between" => match value.as_array()?.as_slice() {
            [from, to] => {
                let end = |value| {
                    Some(End {
                        text: scalar(value)?,
                        inside: true,
                    })
                };
                Some(Comparison::Between(Some(end(from)?), Some(end(to)?)))
            }
            _ => None,
        },
        // `Empty` may be a value like others.
        "eq" | "equals" if !value.is_null() && !is_nullable(value) => several(value).map(Comparison::OneOf),
        "is" | "eq" | "equals" | "any" | "anyof" | "oneof" | "in" => set(value),
        "not" | "ne" | "notequal" | "notequals" => written(value).map(Comparison::negated),
        "noneof" | "notin" => {
            let inner = if value.is_object() {
                written(value)
            } else {
                set(value)
            };
            inner.map(Comparison::negated)
        }
        "startswith" | "beginswith" => {
            let start = scalar(value)?.trim_end_matches('*').to_owned();
            (!start.trim().is_empty()).then_some(Comparison::Begins(start))
        }
        "empty" | "isempty" => value.as_bool().map(Comparison::Empty),
        _ => None,
    }
}

/// Whether a word says no more than that what stands behind it is meant: `is`, `in`.
pub fn names_values(word: &str) -> bool {
    matches!(worded(word, &Value::from(0)), Some(Comparison::OneOf(_)))
}

/// Whether a word says that what stands behind it is left out: `not`.
pub fn leaves_out(word: &str) -> bool {
    matches!(worded(word, &Value::from(0)), Some(Comparison::NoneOf(_)))
}

/// Which day of a span of days is meant behind a word that says an end: its first (`from`, `lt`) or its last.
pub fn takes_first(word: &str) -> Option<bool> {
    match worded(word, &Value::from(0))? {
        Comparison::Between(Some(from), None) => Some(from.inside),
        Comparison::Between(None, Some(to)) => Some(!to.inside),
        _ => None,
    }
}

fn several(value: &Value) -> Option<Vec<String>> {
    let texts: Option<Vec<String>> = match value {
        Value::Array(items) => items.iter().map(scalar).collect(),
        other => scalar(other).map(|text| vec![text]),
    };
    texts.filter(|texts| !texts.is_empty())
}

/// A scalar as Zoho reads it in a query; null and blank text are none.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => (!text.trim().is_empty()).then(|| text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}
