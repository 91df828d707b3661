//! What a filter's value asks of its field, before a product's notation and the field's type are known.

use crate::names::fold;
use crate::tools::error::ToolError;
use serde_json::Value;

/// The ways to write a condition, as they are told.
const FORMS: &str = "a value, a list of values of which one fits, null for none, or one of {\"from\":a,\"to\":b}, {\"gt\":a}, \
     {\"lt\":b}, {\"not\":value}, {\"starts_with\":text}";

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
    written(value).ok_or_else(|| ToolError::argument(path, FORMS, "something else", None))
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
        Value::String(text) if text.eq_ignore_ascii_case("${empty}") => Some(Comparison::Empty(true)),
        Value::String(text) if text.eq_ignore_ascii_case("${notempty}") => Some(Comparison::Empty(false)),
        other => several(other).map(Comparison::OneOf),
    }
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
        "is" | "eq" | "equals" | "any" | "anyof" | "oneof" | "in" if !value.is_object() => written(value),
        "not" | "ne" | "notequal" | "notequals" | "noneof" | "notin" => match written(value)? {
            Comparison::OneOf(texts) => Some(Comparison::NoneOf(texts)),
            Comparison::Empty(empty) => Some(Comparison::Empty(!empty)),
            _ => None,
        },
        "startswith" | "beginswith" => scalar(value).map(Comparison::Begins),
        "empty" | "isempty" => value.as_bool().map(Comparison::Empty),
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
