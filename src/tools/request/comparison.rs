//! What a filter's value asks of its field, before a product's notation and the field's type are known.

use serde_json::Value;

use crate::names::fold;
use crate::tools::error::ToolError;

/// The ways to write a condition, as they are told.
const FORMS: &str = "a value, a list of values of which one fits, null for none, or one of {\"from\":a,\"to\":b}, {\"gt\":a}, \
     {\"lt\":b}, {\"in\":[values]}, {\"not\":value}, {\"empty\":false}, {\"starts_with\":text}";

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
    let is_blank = value.as_str().is_some_and(|text| text.trim().is_empty());
    let refused = || match is_blank {
        true => {
            let fix = "null finds records without a value; left out, it finds all".to_owned();
            ToolError::argument(path, FORMS, "a blank text", Some(fix))
        }
        false => ToolError::argument(path, FORMS, "something else", None),
    };
    written(value).ok_or_else(refused)
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
        other => pair(other).or_else(|| set(other)),
    }
}

/// Values of which one fits.
fn set(value: &Value) -> Option<Comparison> {
    match value {
        Value::Null => Some(Comparison::Empty(true)),
        Value::String(text) if emptiness(text).is_some() => emptiness(text).map(Comparison::Empty),
        other => several(other).map(Comparison::OneOf),
    }
}

/// What the words for having no value, or any, ask for; with blanks they could be words to look for.
fn emptiness(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "${empty}" | "is_empty" | "isempty" => Some(true),
        "${notempty}" | "not_empty" | "notempty" | "is_not_empty" | "isnotempty" => Some(false),
        _ => None,
    }
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

/// Whether a value is a list of two times, which could as well be meant as a set.
pub fn is_pair(value: &Value) -> bool {
    value.is_array() && pair(value).is_some()
}

/// The values in `{"not": values}` and its like, and the word they stand behind.
pub fn values_in_words(value: &Value) -> Option<(&str, &Value)> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    let (word, inner) = members.iter().next()?;
    let of_values = matches!(
        worded(word, inner),
        Some(Comparison::OneOf(_) | Comparison::NoneOf(_))
    );
    of_values.then_some((word.as_str(), inner))
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
    let plain = match word.trim() {
        ">" => "gt",
        ">=" => "gte",
        "<" => "lt",
        "<=" => "lte",
        "=" | "==" => "is",
        "!=" | "<>" => "not",
        other => other,
    };
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
        "is" | "eq" | "equals" | "any" | "anyof" | "oneof" | "in" => set(value),
        "not" | "ne" | "notequal" | "notequals" | "noneof" | "notin" => match set(value)? {
            Comparison::OneOf(texts) => Some(Comparison::NoneOf(texts)),
            Comparison::Empty(empty) => Some(Comparison::Empty(!empty)),
            _ => None,
        },
        "startswith" | "beginswith" => scalar(value).map(Comparison::Begins),
        "empty" | "isempty" => value.as_bool().map(Comparison::Empty),
        _ => None,
    }
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
