//! What the schema says about a call that stays invalid, place by place, in words a model can act on.

use std::fmt::Write;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use super::Problem;
use super::mending::{Mending, Note, display};
use super::shape::Shape;
use crate::names::pointer;

const MAX_PROBLEMS: usize = 12;
const MAX_ERRORS: usize = 100;
const MAX_CHOICES: usize = 30;
pub(super) const UNKNOWN_KEY: &str = "an unknown key";
/// Common patterns, and how people would say them.
const IN_WORDS: [(&str, &str); 4] = [
    (r"\S", "text that is not blank"),
    (r#"^[^\s./\\<{\["][^\n\r\t]*$"#, "a name or label"),
    (r"^\w+$", "one word of letters, digits and _"),
    (
        r#"^[^\s",;|{}()\[\]*'`+-][^,;|{}]*$"#,
        "one name, without commas or brackets",
    ),
];

/// All problems of a value, the notes of the repairs put to the places they belong to; and how many more there are.
pub(super) fn all(
    validator: &Validator,
    value: &Value,
    shape: &Shape,
    cx: &mut Mending,
) -> (Vec<Problem>, usize) {
    let mut problems: Vec<Problem> = Vec::new();
    let notes = std::mem::take(&mut cx.notes);
    for note in notes.iter().filter(|note| note.blocks) {
        push(&mut problems, problem_of_note(note));
    }
    for error in validator.iter_errors(value).take(MAX_ERRORS) {
        for problem in problems_of(&error, value, shape) {
            push(&mut problems, problem);
        }
    }
    for problem in &mut problems {
        annotate(problem, &notes);
        let there = value.pointer(&problem.path);
        problem.text = there.and_then(Value::as_str).map(str::to_owned);
    }
    hint_once(&mut problems);
    if !problems.is_empty() {
        problems.extend(none_of_several(value, shape, &problems));
    }
    let more = problems.len().saturating_sub(MAX_PROBLEMS);
    problems.truncate(MAX_PROBLEMS);
    (problems, more)
}

fn push(problems: &mut Vec<Problem>, problem: Problem) {
    if problems.iter().all(|other| other.path != problem.path) {
        problems.push(problem);
    }
}

fn problem_of_note(note: &Note) -> Problem {
    Problem {
        path: note.path.clone(),
        expected: note.expected.clone().unwrap_or_default(),
        got: note.got.clone().unwrap_or_default(),
        suggestion: note.suggestion.clone(),
        ..Problem::default()
    }
}

fn annotate(problem: &mut Problem, notes: &[Note]) {
    let mut suggestions: Vec<&String> = Vec::new();
    for note in notes.iter().filter(|note| note.path == problem.path) {
        if let Some(expected) = &note.expected
            && !note.blocks
        {
            problem.expected.clone_from(expected);
        }
        if let Some(suggestion) = &note.suggestion
            && !suggestions.contains(&suggestion)
        {
            suggestions.push(suggestion);
        }
        if note.reference.is_some() {
            problem.reference.clone_from(&note.reference);
        }
    }
    match suggestions.as_slice() {
        [] => {}
        [only] => problem.suggestion = Some((*only).clone()),
        _ => problem.suggestion = None,
    }
}

/// That a call needs one of several members and has none, unless that is what another problem is about.
fn none_of_several(value: &Value, shape: &Shape, others: &[Problem]) -> Option<Problem> {
    let names = shape.schema.get("x-one-of")?.as_array()?;
    let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
    let given = value.as_object()?;
    let is_told = |name: &&str| {
        let mut others = others.iter();
        let hinted = |hint: &String| hint.contains(*name);
        others.any(|other| {
            other.path == pointer::below("", name) || other.suggestion.as_ref().is_some_and(hinted)
        })
    };
    if names
        .iter()
        .any(|name| given.contains_key(*name) || is_told(name))
    {
        return None;
    }
    Some(Problem {
        path: pointer::below("", names.first()?),
        expected: format!("one of {}", names.join(", ")),
        got: "nothing".to_owned(),
        suggestion: None,
        ..Problem::default()
    })
}

/// Two keys cannot both be meant for the same one: then neither is told so.
fn hint_once(problems: &mut [Problem]) {
    let hints: Vec<Option<String>> = problems
        .iter()
        .map(|problem| problem.suggestion.clone().filter(|_| problem.is_unknown_key()))
        .collect();
    for (problem, hint) in problems.iter_mut().zip(&hints) {
        if hint.is_some() && hints.iter().filter(|other| *other == hint).count() > 1 {
            problem.suggestion = None;
        }
    }
}

fn problems_of(error: &ValidationError<'_>, value: &Value, root: &Shape) -> Vec<Problem> {
    let path = error.instance_path().as_str().to_owned();
    let there = value.pointer(&path);
    let shape = shape_at(root, &path);
    let below = |key: &str| pointer::below(&path, key);
    let problem = |path: String, expected: String, got: String| Problem {
        path,
        expected,
        got,
        suggestion: None,
        ..Problem::default()
    };
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            let expected = shape
                .and_then(|shape| shape.property(name))
                .map_or_else(String::new, |p| describe(&p.shape));
            vec![problem(
                below(name),
                format!("{expected} (required)"),
                "nothing".to_owned(),
            )]
        }
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            let keys = shape.map_or_else(String::new, keys_of);
            let one = |key: &String| {
                problem(
                    below(key),
                    format!("one of the keys {keys}"),
                    UNKNOWN_KEY.to_owned(),
                )
            };
            unexpected.iter().take(MAX_PROBLEMS).map(one).collect()
        }
        ValidationErrorKind::MinProperties { limit } => {
            vec![problem(
                path,
                format!("at least {limit} keys: say what is wanted beyond what is required"),
                got(there),
            )]
        }
        ValidationErrorKind::UniqueItems => vec![problem(path, "no item twice".to_owned(), got(there))],
        ValidationErrorKind::PropertyNames { error } => {
            let key = error.instance().as_str().unwrap_or_default().to_owned();
            let expected = shape.and_then(|shape| {
                shape
                    .schema
                    .pointer("/propertyNames/pattern")?
                    .as_str()
                    .map(str::to_owned)
            });
            vec![problem(
                below(&key),
                format!("a key that matches {}", expected.unwrap_or_default()),
                "another key".to_owned(),
            )]
        }
        ValidationErrorKind::MaxItems { limit } => {
            vec![problem(path, format!("at most {limit} items"), got(there))]
        }
        ValidationErrorKind::MaxLength { limit } => {
            vec![problem(
                path,
                format!("text of at most {limit} characters, not cut"),
                got(there),
            )]
        }
        _ => vec![problem(
            path,
            shape.map_or_else(|| "another value".to_owned(), describe),
            got(there),
        )],
    }
}

fn shape_at<'s>(root: &'s Shape, path: &str) -> Option<&'s Shape> {
    pointer::keys(path).try_fold(root, |shape, key| {
        shape
            .under(&key)
            .or(shape.items.as_deref())
            .or_else(|| shape.branches.iter().find_map(|b| b.under(&key)))
    })
}

/// The declared keys of an object, as a list in words.
pub(super) fn keys_of(shape: &Shape) -> String {
    let names: Vec<&str> = shape
        .properties
        .iter()
        .map(|property| property.name.as_str())
        .collect();
    names.join(", ")
}

/// What a place takes, in one phrase.
pub(super) fn describe(shape: &Shape) -> String {
    let mut phrase = kind_of(shape);
    if let Some(what) = shape
        .schema
        .get("description")
        .and_then(Value::as_str)
        .filter(|what| what.len() <= 80)
    {
        let _ = write!(phrase, " ({})", what.trim_end_matches('.'));
    }
    if shape.kinds.null {
        phrase.push_str(" or null");
    }
    phrase
}

fn kind_of(shape: &Shape) -> String {
    if !shape.choices.is_empty() {
        let offered: Vec<String> = shape.choices.iter().take(MAX_CHOICES).map(display).collect();
        let more = if shape.choices.len() > MAX_CHOICES {
            ", …"
        } else {
            ""
        };
        return format!("one of {}{more}", offered.join(", "));
    }
    let number = |key: &str| {
        shape
            .schema
            .get(key)
            .filter(|n| n.is_number())
            .map(Value::to_string)
    };
    let range = |low: Option<String>, high: Option<String>| match (low, high) {
        (Some(low), Some(high)) => format!(" from {low} to {high}"),
        (Some(low), None) => format!(" of at least {low}"),
        (None, Some(high)) => format!(" of at most {high}"),
        (None, None) => String::new(),
    };
    match shape.format.as_deref() {
        Some("date") => return "a date as YYYY-MM-DD, for example 2026-11-30".to_owned(),
        Some("date-time") => {
            return "an RFC 3339 date-time with its offset, for example 2026-11-30T17:00:00Z".to_owned();
        }
        Some("email" | "idn-email") => return "one e-mail address".to_owned(),
        Some("said" | "meant") => return "text that is not blank".to_owned(),
        Some(format) => return format!("text in the format {format}"),
        None => {}
    }
    if let Some(pattern) = &shape.pattern {
        return in_words(pattern);
    }
    let kinds = shape.kinds;
    if kinds.is_mixed() {
        let words = [
            ("text", kinds.text),
            ("a number", kinds.integer || kinds.number),
            ("true or false", kinds.boolean),
        ];
        let taken: Vec<&str> = words
            .iter()
            .filter(|(_, taken)| *taken)
            .map(|(word, _)| *word)
            .collect();
        return taken.join(" or ");
    }
    if kinds.list {
        let items = shape
            .items
            .as_deref()
            .map_or_else(|| "values".to_owned(), kind_of);
        format!("a list, each item {items}")
    } else if kinds.object && shape.properties.is_empty() {
        "an object".to_owned()
    } else if kinds.object {
        format!("an object with the keys {}", keys_of(shape))
    } else if kinds.integer {
        format!("an integer{}", range(number("minimum"), number("maximum")))
    } else if kinds.number {
        format!("a number{}", range(number("minimum"), number("maximum")))
    } else if kinds.boolean {
        "true or false".to_owned()
    } else if kinds.text {
        let length = range(number("minLength"), number("maxLength"));
        if length.is_empty() {
            "text".to_owned()
        } else {
            format!("text{length} characters")
        }
    } else {
        "another value".to_owned()
    }
}

/// What came, described rather than repeated when it is long.
fn got(value: Option<&Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Value::String(text)) if text.is_empty() => "empty text".to_owned(),
        Some(Value::String(text)) => match text.chars().count() {
            long if long > 60 => format!("text of {long} characters"),
            _ => format!("the text {:?}", display(&Value::from(text.as_str()))),
        },
        Some(Value::Array(items)) => format!("a list of {} items", items.len()),
        Some(Value::Object(map)) => format!("an object of {} keys", map.len()),
        Some(other) => other.to_string(),
    }
}

fn in_words(pattern: &str) -> String {
    let bounds = ["^[0-9]{", r"^\d{"]
        .iter()
        .find_map(|start| pattern.strip_prefix(start));
    let bounds = bounds.and_then(|rest| rest.strip_suffix("}$")?.split_once(','));
    if let Some((least, most)) = bounds {
        return format!("text of {least} to {most} digits");
    }
    let known = IN_WORDS.iter().find(|(known, _)| *known == pattern);
    known.map_or_else(
        || format!("text that matches {pattern}"),
        |(_, words)| (*words).to_owned(),
    )
}
