//! Numbers, booleans and ids written as something else.

use serde_json::{Number, Value};
use unicode_normalization::UnicodeNormalization;

use super::mending::Mending;
use super::rules::{self, Rule};
use super::shape::Shape;
use super::text;
use crate::names::is_filler;

/// Integers up to here survive a double digit by digit.
const EXACT_IN_A_DOUBLE: u64 = 1 << 53;
/// A double never prints more significant digits than this.
const DIGITS_OF_A_DOUBLE: usize = 17;

/// A number written as text.
pub(super) fn number_in_text(text: &str, shape: &Shape, cx: &mut Mending) -> Option<(Value, Rule)> {
    let plain = text.trim().trim_matches(['"', '\'']).trim();
    let number = if shape.kinds.number {
        decimal(plain)
    } else {
        integer(plain)
    };
    if number.is_none() {
        let example = shape.maximum.map_or(10, |most| most.min(10));
        cx.expect(format!(
            "{}, written as digits only, for example {example}",
            super::problems::describe(shape)
        ));
    }
    Some((Value::Number(number?), rules::NUMBER_TEXT))
}

fn integer(text: &str) -> Option<Number> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let whole = match text.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() && fraction.bytes().all(|b| b == b'0') => whole,
        Some(_) => return None,
        None => text,
    };
    let (number, exact) = text::number(whole)?;
    (exact && !number.is_f64()).then_some(number)
}

fn decimal(text: &str) -> Option<Number> {
    let (number, exact) = text::number(text.strip_prefix('+').unwrap_or(text))?;
    exact.then_some(number)
}

/// A boolean written as one of the words or digits that have one reading.
pub(super) fn boolean_in_text(text: &str) -> Option<(Value, Rule)> {
    let word = text.trim().trim_matches(['"', '\'']).trim();
    if word.len() > 5 {
        return None;
    }
    let value = match word.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "t" | "on" | "1" => true,
        "false" | "no" | "n" | "f" | "off" | "0" => false,
        _ => return None,
    };
    Some((Value::Bool(value), rules::BOOLEAN_TEXT))
}

/// 0 or 1 for a boolean.
pub(super) fn boolean_in_number(number: &Number) -> Option<(Value, Rule)> {
    let value = match number.as_u64()? {
        0 => false,
        1 => true,
        _ => return None,
    };
    Some((Value::Bool(value), rules::BOOLEAN_NUMBER))
}

/// An integer where text is taken: its digits, unless some of them may have been lost on the way.
pub(super) fn integer_as_text(number: &Number, shape: &Shape, cx: &mut Mending) -> Option<(Value, Rule)> {
    let digits = number.to_string();
    if number.is_f64() {
        cx.expect(match shape.free_text() {
            true => "text in double quotes: as a number, zeros at its end are lost".to_owned(),
            false => lost_digits(),
        });
        return None;
    }
    let size = number
        .as_i64()
        .map_or_else(|| number.as_u64().unwrap_or(u64::MAX), i64::unsigned_abs);
    let significant = digits.trim_start_matches('-').trim_end_matches('0').len();
    if size > EXACT_IN_A_DOUBLE && significant <= DIGITS_OF_A_DOUBLE {
        cx.expect(lost_digits());
        return None;
    }
    Some((Value::String(digits), rules::TEXT_OF_INTEGER))
}

fn lost_digits() -> String {
    "the id as text in double quotes, all digits: in a number this long digits may be lost, read the id again if needed"
        .to_owned()
}

/// A number above the maximum of a page size and the like.
pub(super) fn clamped(number: &Number, shape: &Shape, cx: &mut Mending) -> Option<(Value, Rule)> {
    let most = shape.maximum.filter(|_| shape.clamped)?;
    let above = number.as_i64().is_some_and(|n| n > most)
        || number.as_i64().is_none() && number.as_u64().is_some()
        || number
            .as_f64()
            .is_some_and(|n| number.is_f64() && n.fract() == 0.0 && n > 0.0 && n > most as f64);
    (above && cx.may(rules::CLAMPED)).then(|| (Value::from(most), rules::CLAMPED))
}

/// Text that is checked by a pattern, a format or a list, without what came along when it was copied.
pub(super) fn cleaned_text(text: &str) -> Option<(Value, Rule)> {
    let around = |c: char| c.is_whitespace() || is_filler(c);
    let trimmed = text.trim_matches(around);
    if trimmed != text {
        return Some((Value::from(trimmed), rules::SURROUNDING_SPACE));
    }
    for quote in ['"', '\'', '`'] {
        let inside = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        if let Some(inside) = inside.filter(|inside| !inside.is_empty() && !inside.contains(quote)) {
            return Some((Value::from(inside), rules::SURROUNDING_QUOTES));
        }
    }
    if let (Some('\u{201c}'), Some('\u{201d}')) = (text.chars().next(), text.chars().next_back()) {
        return Some((
            Value::from(text.trim_matches(['\u{201c}', '\u{201d}'])),
            rules::SURROUNDING_QUOTES,
        ));
    }
    if !text.is_ascii() {
        let usual: String = text.nfkc().filter(|c| !is_filler(*c)).collect();
        if usual != text {
            return Some((Value::from(usual), rules::UNICODE_FORM));
        }
    }
    None
}
