//! Numbers as people write them, and in one notation.

use crate::names::in_ascii;

/// Places that an exponent moves the point by at most: no number of Zoho's has as many digits.
const FARTHEST: i32 = 400;

/// A number as people write it, in the digits of any script; `nan` and `infinity` are none.
pub fn number(text: &str) -> Option<f64> {
    let text = in_ascii(text.trim());
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// A number in one notation, its digits kept: `5` for `05`, `+5`, `5.0`, `5e0` and `٥`.
pub(super) fn plain_number(text: &str) -> Option<String> {
    let text = in_ascii(text.trim());
    let (text, exponent) = match text.split_once(['e', 'E']) {
        Some((text, exponent)) => (
            text,
            exponent.parse().ok().filter(|by: &i32| by.abs() <= FARTHEST)?,
        ),
        None => (text.as_str(), 0),
    };
    let (sign, size) = match text.strip_prefix('-') {
        Some(size) => ("-", size),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = size.split_once('.').unwrap_or((size, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() && part.is_empty() || !are_digits(whole) || !are_digits(part) {
        return None;
    }
    let (whole, part) = moved(whole, part, exponent);
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    Some(match part.trim_end_matches('0') {
        "" if whole == "0" => whole.to_owned(),
        "" => format!("{sign}{whole}"),
        part => format!("{sign}{whole}.{part}"),
    })
}

/// The digits before the point and behind it, the point so many places further to the right.
fn moved(whole: &str, part: &str, by: i32) -> (String, String) {
    let places = usize::try_from(by.unsigned_abs()).unwrap_or_default();
    let zeros = "0".repeat(places);
    let (whole, part) = match by > 0 {
        true => (whole.to_owned(), format!("{part}{zeros}")),
        false => (format!("{zeros}{whole}"), part.to_owned()),
    };
    let at = match by > 0 {
        true => whole.len() + places,
        false => whole.len() - places,
    };
    let mut digits = whole + &part;
    let part = digits.split_off(at);
    (digits, part)
}
