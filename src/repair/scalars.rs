//! Numbers, booleans and ids written as something else, and what clings to a text when it is copied.

use serde_json::{Number, Value};

use super::addresses;
use super::mending::Mending;
use super::rules::{self, Rule};
use super::shape::Shape;
use super::text;
use crate::names::{in_ascii, is_filler};

/// Integers up to here survive a double digit by digit.
const EXACT_IN_A_DOUBLE: u64 = 1 << 53;
/// A double never prints more significant digits than this.
const DIGITS_OF_A_DOUBLE: usize = 17;

/// A number written as text.
pub(super) fn number_in_text(text: &str, shape: &Shape, cx: &mut Mending) -> Option<(Value, Rule)> {
    let plain = in_ascii(bare(text));
    let plain = plain.strip_prefix('#').unwrap_or(&plain);
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
    text::number(whole).filter(|number| !number.is_f64())
}

fn decimal(text: &str) -> Option<Number> {
    text::number(text.strip_prefix('+').unwrap_or(text))
}

/// A boolean written as one of the words or digits that have one reading.
pub(super) fn boolean_in_text(text: &str) -> Option<(Value, Rule)> {
    let word = bare(text);
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
        // Where nothing but digits can stand, nothing else can have been meant; an exponent says that some were lost.
        let is_text = digits.contains(['e', 'E']) || shape.fits(&Value::String(digits));
        if let Some(whole) = whole(number).filter(|_| !is_text) {
            return Some((Value::String(whole.to_string()), rules::TEXT_OF_INTEGER));
        }
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

/// The integer that a number is, however it is written, where no digit of it can have been lost.
fn whole(number: &Number) -> Option<i64> {
    let exact = |n: &f64| n.fract() == 0.0 && n.abs() < EXACT_IN_A_DOUBLE as f64;
    number.as_f64().filter(exact).map(|n| n as i64)
}

fn lost_digits() -> String {
    "the id as text in double quotes, all digits: in a number this long digits may be lost, read the id again if needed"
        .to_owned()
}

/// A number above the maximum of a page size and the like.
pub(super) fn clamp(number: &Number, shape: &Shape, cx: &mut Mending) -> Option<(Value, Rule)> {
    let most = shape.maximum.filter(|_| shape.clamped)?;
    let above = number
        .as_f64()
        .is_some_and(|n| n.fract() == 0.0 && n > most as f64);
    (above && cx.may(rules::CLAMPED)).then(|| (Value::from(most), rules::CLAMPED))
}

/// Integers as integers are written: `2.0` and `2e0` are the integer 2 to JSON Schema, and to nobody who reads one.
pub(super) fn write_integers_whole(value: &mut Value, shape: &Shape) {
    match value {
        Value::Number(number) if shape.kinds.integer && !shape.kinds.number => {
            let is_written_otherwise = number.as_i64().is_none() && number.as_u64().is_none();
            if let Some(whole) = whole(number).filter(|_| is_written_otherwise) {
                *value = Value::from(whole);
            }
        }
        Value::Object(map) => {
            for (key, inner) in map.iter_mut() {
                if let Some(shape) = shape.under(key) {
                    write_integers_whole(inner, shape);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                if let Some(shape) = shape.items.as_deref() {
                    write_integers_whole(item, shape);
                }
            }
        }
        _ => {}
    }
}

/// The text itself, between blanks, characters without width and quotes.
fn bare(text: &str) -> &str {
    let text = text.trim_matches(clings);
    without_quotes(text).unwrap_or(text).trim_matches(clings)
}

/// What clings to the edges of a text that was copied: blanks and characters without width.
fn clings(c: char) -> bool {
    c.is_whitespace() || is_filler(c)
}

/// Text that is checked by a pattern, a format or a list, without what came along when it was copied: at its edges, and
/// in the way its digits are written. What stands inside it is part of it, seen or not.
pub(super) fn clean_text(text: &str, shape: &Shape, cx: &mut Mending) -> Option<(Value, Rule)> {
    let trimmed = text.trim_matches(clings);
    if trimmed != text {
        return Some((Value::from(trimmed), rules::SURROUNDING_SPACE));
    }
    if let Some(inside) = without_quotes(text) {
        return Some((Value::from(inside), rules::SURROUNDING_QUOTES));
    }
    if let Some(number) = text.strip_prefix(['#', '＃']).filter(|rest| is_number(rest)) {
        return Some((Value::from(number), rules::NUMBER_SIGN));
    }
    let plain = in_ascii(text);
    if plain != text {
        return Some((Value::from(plain), rules::UNICODE_FORM));
    }
    if shape.holds_address() {
        return addresses::read_alone(text, cx).map(|address| (Value::from(address), rules::ADDRESS_FORM));
    }
    without_invisible(text, shape, cx)
}

/// The text between quotes, or between the brackets that answers of this server put around the words of others.
fn without_quotes(text: &str) -> Option<&str> {
    const PAIRS: [(char, char); 5] = [
        ('"', '"'),
        ('\'', '\''),
        ('`', '`'),
        ('\u{201c}', '\u{201d}'),
        ('〔', '〕'),
    ];
    PAIRS.iter().find_map(|(open, close)| {
        let inside = text.strip_prefix(*open)?.strip_suffix(*close)?;
        (!inside.is_empty() && !inside.contains([*open, *close])).then_some(inside)
    })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && in_ascii(text).bytes().all(|b| b.is_ascii_digit())
}

/// A read may look for the text without characters nobody sees; in a write they may be what makes it another text.
fn without_invisible(text: &str, shape: &Shape, cx: &mut Mending) -> Option<(Value, Rule)> {
    let seen: String = text.chars().filter(|c| !is_filler(*c)).collect();
    if seen == text {
        return None;
    }
    if !cx.may(rules::INVISIBLE_CHARACTER) {
        let wanted = super::problems::describe(shape);
        cx.expect(format!(
            "{wanted}, without the invisible character that stands inside it"
        ));
        return None;
    }
    Some((Value::from(seen), rules::INVISIBLE_CHARACTER))
}
