//! Numbers: carried as they were written, digit for digit.

use serde_json::{Number, Value};

use super::{Fault, Reader};
use crate::repair::rules;

impl Reader<'_> {
    pub(super) fn number(&mut self) -> Result<Value, Fault> {
        let rest = self.rest();
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_');
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let token = rest.get(..end).unwrap_or_default();
        let Some(number) = number(token).or_else(|| {
            let number = plain_style(token)?;
            self.met(rules::NUMBER_STYLE);
            Some(number)
        }) else {
            return Err(self.cut_or("a number in plain decimal notation", end));
        };
        self.at += end;
        self.ends_in_number = true;
        Ok(Value::Number(number))
    }
}

/// `+5`, `.5` and `5.` as JSON writes them.
fn plain_style(token: &str) -> Option<Number> {
    let (sign, digits) = match token.strip_prefix('+') {
        Some(digits) => ("", digits),
        None => token
            .strip_prefix('-')
            .map_or(("", token), |digits| ("-", digits)),
    };
    let mut plain = format!("{sign}{}{digits}", if digits.starts_with('.') { "0" } else { "" });
    if plain.ends_with('.') {
        plain.push('0');
    }
    number(&plain)
}

/// The number that JSON text stands for, as it is written there: parsing alone makes `1e+400` of `1E400`.
pub(crate) fn number(token: &str) -> Option<Number> {
    let _: Number = token.parse().ok()?;
    Some(Number::from_string_unchecked(token.to_owned()))
}
