//! Values that are to be written into fields, checked against what Zoho's settings say of each before anything is sent, all
//! problems at once. A label stands for the API name it belongs to; of a value only the notation is put right.

mod lists;
mod numbers;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lists::chosen;
pub use lists::listed;
use numbers::number;
use serde_json::{Map, Value, json};

use super::looking::plain;
use crate::connections::Product;
use crate::names::{clip, letters, pointer};
use crate::repair::{InvalidArguments, OpenReference, Problem, ReferenceKind, Repair};
use crate::tools::error::ToolError;
use crate::tools::invocation::Invocation;
use crate::tools::modules::{Kind, Subject, Writing};
use crate::tools::request::holds_numbers;
use crate::tools::resolving::{references, tell_nearest};
use crate::tools::settings::fields::Field;

/// A value that Zoho takes, as far as its settings tell.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Its field.
    pub field: Field,
    /// As a request writes it.
    pub value: Value,
}

/// What the values of a call came to.
#[derive(Debug, Default)]
pub struct Settled {
    /// Those that are taken.
    pub values: Vec<Checked>,
    /// What was put right.
    pub repairs: Vec<Repair>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Checks the values of a call.
pub fn check(subject: &Subject, writing: &Writing, given: &Map<String, Value>, fields: &[Field]) -> Settled {
    check_at("/values", subject, writing, given, fields)
}

/// The same for values that stand at another place of the arguments.
pub fn check_at(
    place: &str,
    subject: &Subject,
    writing: &Writing,
    given: &Map<String, Value>,
    fields: &[Field],
) -> Settled {
    let mut settled = Settled::default();
    for (name, value) in given {
        let path = pointer::below(place, name);
        let field = match named(name, fields) {
            Ok(field) => field,
            Err(problem) => {
                settled.problems.push(Problem { path, ..*problem });
                continue;
            }
        };
        if field.api_name != *name {
            settled
                .repairs
                .push(repaired(&path, "field_name", name, &field.api_name));
        }
        let is_same = |known: &Checked| known.field.api_name == field.api_name;
        if settled.values.iter().any(is_same) {
            settled
                .problems
                .push(problem(&path, "each field once", "the same field twice", None));
            continue;
        }
        match taken(subject, writing, field, value) {
            Ok(taken) => {
                if taken != *value && plain(&taken) != plain(value) {
                    let (from, to) = (plain(value), plain(&taken));
                    let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
                    settled
                        .repairs
                        .push(repaired(&path, "picklist_value", &from, &to));
                }
                settled.values.push(Checked {
                    field: field.clone(),
                    value: taken,
                });
            }
            Err(refused) => {
                let mut refused = Problem { path, ..*refused };
                if let Some(reference) = &mut refused.reference {
                    reference.path.clone_from(&refused.path);
                }
                settled.problems.push(refused);
            }
        }
    }
    settled
}

/// The failure that tells all problems; the id of whom a name means is offered, and not used by itself.
pub async fn refusal(invocation: &Invocation<'_>, problems: Vec<Problem>) -> ToolError {
    let told = |one: &Problem| {
        let place = one.path.trim_start_matches('/').replace('/', ".");
        format!("{place}: expected {}; got {}.", one.expected, one.got)
    };
    let message = problems.first().map(told).unwrap_or_default();
    let next = problems.iter().find_map(|one| one.suggestion.clone());
    let invalid = InvalidArguments {
        problems,
        message,
        example: None,
    };
    let mut refused = references::suggest(invocation, invalid).await;
    refused.next = match next {
        Some(_) => {
            "Nothing was sent. Call again with what the suggestions name, if it is what the user means."
                .to_owned()
        }
        None => "Nothing was sent. Call again with values as expected.".to_owned(),
    };
    refused
}

fn repaired(path: &str, rule: &'static str, from: &str, to: &str) -> Repair {
    Repair {
        path: path.to_owned(),
        rule,
        from: clip(from, 80),
        to: clip(to, 80),
    }
}

fn problem(path: &str, expected: &str, got: &str, suggestion: Option<String>) -> Problem {
    Problem {
        path: path.to_owned(),
        expected: expected.to_owned(),
        got: got.to_owned(),
        suggestion,
        ..Problem::default()
    }
}

fn refused(expected: impl Into<String>, got: impl Into<String>, suggestion: Option<String>) -> Box<Problem> {
    Box::new(problem("", &expected.into(), &got.into(), suggestion))
}

/// The field of this API name, else the only one of this label, whatever their case and separators.
fn named<'f>(name: &str, fields: &'f [Field]) -> Result<&'f Field, Box<Problem>> {
    if let Some(field) = fields.iter().find(|field| field.api_name == name) {
        return Ok(field);
    }
    let wanted = letters(name);
    let by = |text: fn(&Field) -> &str| -> Vec<&Field> {
        fields
            .iter()
            .filter(|field| !wanted.is_empty() && letters(text(field)) == wanted)
            .collect()
    };
    for hits in [by(|field| &field.api_name), by(|field| &field.label)] {
        match hits.as_slice() {
            [] => {}
            [field] => return Ok(field),
            several => {
                let names: Vec<&str> = several.iter().map(|field| field.api_name.as_str()).collect();
                let got = format!("`{}`, which several fields are called", clip(name, 60));
                return Err(refused(
                    "the API name of one field",
                    got,
                    Some(names.join(" or ")),
                ));
            }
        }
    }
    let got = format!(
        "`{}`, which no field shown to this user is called",
        clip(name, 60)
    );
    Err(refused(
        "the API name or label of a field",
        got,
        Some(tag_tool(name).unwrap_or_else(|| tell_nearest(name, fields))),
    ))
}

/// The tool for what no product takes as a value of a field.
fn tag_tool(field: &str) -> Option<String> {
    let is_tag = ["tag", "tags"].contains(&letters(field).as_str());
    is_tag.then(|| "tag_records, which puts tags on and takes them off".to_owned())
}

/// The value as a request writes it.
fn taken(subject: &Subject, writing: &Writing, field: &Field, value: &Value) -> Result<Value, Box<Problem>> {
    let is_own = field.api_name.starts_with("cf_");
    let limit = writing.takes.get(&field.api_name);
    if field.is_fixed || (!writing.takes.is_empty() && !is_own && limit.is_none()) {
        let got = format!(
            "`{}`, which Zoho itself keeps or takes in another way",
            field.api_name
        );
        let instead = tag_tool(&field.api_name);
        return Err(refused("a field that can be written", got, instead));
    }
    if value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty()) {
        return match field.is_mandatory {
            true => Err(refused("a value: records cannot be without it", "none", None)),
            false => Ok(Value::Null),
        };
    }
    let value = &as_text_of_own(is_own, of_kind(subject.product, field, value)?);
    let longest = [field.longest, limit.copied().flatten()]
        .into_iter()
        .flatten()
        .min();
    let length = value.as_str().map_or(0, |text| text.chars().count());
    match longest.filter(|most| length > *most && field.values.is_empty()) {
        Some(most) => Err(refused(
            format!("{most} characters at most"),
            format!("{length} characters"),
            None,
        )),
        None => Ok(value.clone()),
    }
}

/// The fields of an organization of Desk hold texts, whatever their kind.
fn as_text_of_own(is_own: bool, value: Value) -> Value {
    match value {
        Value::Bool(_) | Value::Number(_) if is_own => json!(value.to_string()),
        other => other,
    }
}

fn of_kind(product: Product, field: &Field, value: &Value) -> Result<Value, Box<Problem>> {
    let kind = letters(&field.kind);
    if !field.values.is_empty() {
        return chosen(product, field, value);
    }
    let got = || format!("`{}`", clip(&plain(value).unwrap_or_default(), 60));
    let text = value.as_str();
    if kind.contains("lookup") || refers(product, field).is_some() && kind != "text" {
        return id_of(product, field, value);
    }
    match kind.as_str() {
        "boolean" => match (value, text.map(str::to_ascii_lowercase).as_deref()) {
            (Value::Bool(_), _) => Ok(value.clone()),
            (_, Some("true" | "yes")) => Ok(Value::Bool(true)),
            (_, Some("false" | "no")) => Ok(Value::Bool(false)),
            _ => Err(refused("true or false", got(), None)),
        },
        "date" => match text.filter(|text| text.parse::<jiff::civil::Date>().is_ok() && text.len() == 10) {
            Some(day) => Ok(json!(day)),
            None => Err(refused("a day as in 2026-01-31", got(), None)),
        },
        "datetime" => match text.and_then(|text| moment(product, text)) {
            Some(moment) => Ok(json!(moment)),
            None => Err(refused(
                "a moment with its zone, as in 2026-01-31T18:00:00Z",
                got(),
                None,
            )),
        },
        kind if holds_numbers(kind) => number(product, kind, value),
        "email" if !text.is_some_and(is_address) => Err(refused("an e-mail address", got(), None)),
        _ => match value {
            Value::String(_) => Ok(value.clone()),
            Value::Number(_) | Value::Bool(_) => Ok(json!(value.to_string())),
            Value::Array(_) | Value::Object(_)
                if product == Product::Crm && matches!(kind.as_str(), "subform" | "jsonarray") =>
            {
                Ok(value.clone())
            }
            Value::Array(items) if items.iter().all(Value::is_string) && kind.contains("multi") => {
                Ok(value.clone())
            }
            _ => Err(refused("a text", got(), None)),
        },
    }
}

/// Whether a text has the form of an e-mail address; blank clears the field.
fn is_address(text: &str) -> bool {
    let parts = text.split_once('@');
    let has_both =
        parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    text.is_empty() || has_both && !text.contains(char::is_whitespace)
}

/// What the id in a field of Desk is an id of.
pub fn refers(product: Product, field: &Field) -> Option<Kind> {
    let is_id = field.api_name.ends_with("Id") || field.api_name.ends_with("Ids");
    (product == Product::Desk && is_id)
        .then(|| Kind::of_field(&field.api_name))
        .flatten()
}

/// The id of a record or a person.
fn id_of(product: Product, field: &Field, value: &Value) -> Result<Value, Box<Problem>> {
    let id = plain(value).unwrap_or_default();
    let is_id = !id.is_empty() && id.len() <= 20 && id.bytes().all(|byte| byte.is_ascii_digit());
    if !is_id {
        let of = match (refers(product, field), field.module.as_str()) {
            (Some(kind), _) => format!("the id of one {}", kind.what()),
            (None, "") => "an id".to_owned(),
            (None, module) => format!("the id of a record of {module}"),
        };
        let mut wrong = refused(of, format!("`{}`", clip(&id, 60)), None);
        let is_person = letters(&field.kind) == "ownerlookup" || letters(&field.kind) == "userlookup";
        let kind = refers(product, field).or(is_person.then_some(Kind::User));
        wrong.reference = kind.map(|kind| OpenReference {
            path: String::new(),
            kind: ReferenceKind::Name(kind.what().to_owned()),
            text: id,
        });
        return Err(wrong);
    }
    Ok(match product {
        Product::Desk => json!(id),
        Product::Crm => json!({ "id": id }),
    })
}

/// A moment that says its zone, as the product writes moments.
fn moment(product: Product, text: &str) -> Option<String> {
    let form = match product {
        Product::Desk => "%Y-%m-%dT%H:%M:%S.000Z",
        Product::Crm => "%Y-%m-%dT%H:%M:%S+00:00",
    };
    let moment: Timestamp = text.parse().ok()?;
    Some(moment.to_zoned_datetime(TimeZone::UTC).strftime(form).to_string())
}
