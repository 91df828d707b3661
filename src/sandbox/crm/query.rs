//! What search and count look for: criteria before email before phone before word.

use serde_json::{Value, json};

use super::answer;
use super::call::Call;
use super::criteria;
use super::filter::Expr;
use super::schema::{Module, Row};
use crate::http::Reply;

/// What is looked for in a module's records.
pub(crate) enum Finder {
    Criteria(Expr),
    /// Any field of these types that holds the text.
    Text(&'static [&'static str], String),
}

const WORDS: &[&str] = &[
    "text",
    "textarea",
    "email",
    "phone",
    "website",
    "picklist",
    "autonumber",
    "lookup",
];

/// The finder of the first parameter that is given, in order of precedence.
pub(crate) fn finder(call: &Call<'_>, module: &Module) -> Result<Option<Finder>, Reply> {
    if let Some(text) = call.query("criteria") {
        return Ok(Some(Finder::Criteria(criteria::parse(module, text)?)));
    }
    if let Some(email) = call.query("email") {
        return Ok(Some(Finder::Text(&["email"], email.trim().to_lowercase())));
    }
    if let Some(phone) = call.query("phone") {
        return Ok(Some(Finder::Text(&["phone"], long_enough("phone", phone, 3)?)));
    }
    if let Some(word) = call.query("word") {
        return Ok(Some(Finder::Text(WORDS, long_enough("word", word, 2)?)));
    }
    Ok(None)
}

fn long_enough(name: &str, text: &str, shortest: usize) -> Result<String, Reply> {
    let text = text.trim().to_lowercase();
    if text.chars().filter(|letter| letter.is_alphanumeric()).count() < shortest {
        return Err(answer::parameter_invalid(
            name,
            json!({ "minimum_length": shortest }),
        ));
    }
    Ok(text)
}

impl Finder {
    /// True for a record that is looked for.
    pub(crate) fn holds(&self, module: &Module, row: &Row) -> bool {
        match self {
            Finder::Criteria(expr) => expr.holds(&|column| row.get(column)),
            Finder::Text(types, text) => {
                let fields = module
                    .fields
                    .iter()
                    .filter(|field| types.contains(&field.data_type.as_str()));
                fields
                    .filter_map(|field| row.get(&field.api_name))
                    .any(|value| found(types, value, text))
            }
        }
    }
}

fn found(types: &[&str], value: &Value, text: &str) -> bool {
    let value = value["name"]
        .as_str()
        .or(value.as_str())
        .unwrap_or("")
        .to_lowercase();
    match types {
        ["email"] => value == *text,
        ["phone"] => {
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            value.contains(text) || (digits(text).len() >= 3 && digits(&value).contains(&digits(text)))
        }
        _ => value.contains(text),
    }
}
