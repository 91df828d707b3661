//! Numbers as fields take them: every digit that was given, and no other.

use serde_json::{Number, Value, json};

use super::refused;
use crate::connections::Product;
use crate::names::clip;
use crate::repair::Problem;
use crate::tools::writing::plain;

/// Kinds of fields that hold whole numbers: those of CRM, and Desk's.
const WHOLE: [&str; 3] = ["integer", "bigint", "number"];

/// The number that a value is, as the product writes it; `kind` is the field's, in small letters.
pub(super) fn number(product: Product, kind: &str, value: &Value) -> Result<Value, Box<Problem>> {
    let got = || format!("`{}`", clip(&plain(value).unwrap_or_default(), 60));
    let digits = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return Err(refused("a number", got(), None)),
    };
    let Some((whole, fraction)) = parts(&digits) else {
        return Err(refused("a number, written out in digits", got(), None));
    };
    // A point before three digits parts thousands in half of the world.
    if value.is_string() && fraction.is_some_and(|fraction| fraction.len() == 3) && whole.len() <= 4 {
        return Err(refused(
            "a number, not in quotes: what its point parts is not certain",
            got(),
            None,
        ));
    }
    let is_whole = fraction.is_none_or(|fraction| fraction.bytes().all(|digit| digit == b'0'));
    let digits = match (WHOLE.contains(&kind), is_whole) {
        (true, false) => return Err(refused("a whole number", got(), None)),
        (true, true) => whole,
        (false, _) => digits.as_str(),
    };
    let read: Result<Number, _> = serde_json::from_str(digits);
    match (read, product) {
        (Ok(read), Product::Crm) => Ok(Value::Number(read)),
        (Ok(read), Product::Desk) => Ok(json!(read.to_string())),
        (Err(_), _) => Err(refused("a number", got(), None)),
    }
}

/// What stands before and behind the point, where there is nothing but digits.
fn parts(digits: &str) -> Option<(&str, Option<&str>)> {
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|sign| sign.is_ascii_digit());
    let unsigned = whole.strip_prefix('-').unwrap_or(whole);
    (is_digits(unsigned) && fraction.is_none_or(is_digits)).then_some((whole, fraction))
}
