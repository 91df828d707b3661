//! Numbers: their digits are compared with what a double can carry, so that no digit is lost unnoticed.

use serde_json::{Number, Value};

use super::{Fault, MAX_REMEMBERED, Reader};
use crate::repair::rules;

impl Reader<'_> {
    pub(super) fn number(&mut self) -> Result<Value, Fault> {
        let rest = self.rest();
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_');
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let token = rest.get(..end).unwrap_or_default();
        let Some((number, exact)) = number(token).or_else(|| {
            let plain = plain_style(token)?;
            self.met(rules::NUMBER_STYLE);
            number(&plain)
        }) else {
            return Err(self.broken("a number in plain decimal notation"));
        };
        if !exact && self.inexact.len() < MAX_REMEMBERED {
            self.inexact.push(self.pointer(None));
        }
        self.at += end;
        self.ends_in_number = true;
        Ok(Value::Number(number))
    }
}

/// `+5`, `.5` and `5.` as JSON writes them.
fn plain_style(token: &str) -> Option<String> {
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
    is_json_number(&plain).then_some(plain)
}

/// The number that JSON text stands for, and whether every digit of it is kept.
pub(crate) fn number(token: &str) -> Option<(Number, bool)> {
    if !is_json_number(token) {
        return None;
    }
    if !token.contains(['.', 'e', 'E']) {
        if let Ok(integer) = token.parse::<i64>() {
            return Some((Number::from(integer), true));
        }
        if let Ok(integer) = token.parse::<u64>() {
            return Some((Number::from(integer), true));
        }
    }
    let double = token.parse::<f64>().ok()?;
    match Number::from_f64(double) {
        Some(number) => {
            let exact = decimal(token) == decimal(&number.to_string());
            Some((number, exact))
        }
        None => Number::from_f64(f64::MAX).map(|number| (number, false)),
    }
}

fn is_json_number(token: &str) -> bool {
    let digits = token.strip_prefix('-').unwrap_or(token);
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    all_digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(all_digits)
        && exponent.is_none_or(|text| all_digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
}

/// Sign, significant digits and power of ten of a JSON number: equal for equal numbers.
fn decimal(token: &str) -> Option<(bool, String, i64)> {
    let negative = token.starts_with('-');
    let unsigned = token.trim_start_matches('-');
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let exponent = exponent.parse::<i64>().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        return Some((false, String::new(), 0));
    }
    let zeros = digits.len() - digits.trim_end_matches('0').len();
    let power = exponent - i64::try_from(fraction.len()).ok()? + i64::try_from(zeros).ok()?;
    Some((negative, significant.to_owned(), power))
}
