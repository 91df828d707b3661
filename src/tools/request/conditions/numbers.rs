//! Conditions on fields of numbers: one number whatever its notation, and nothing that is none.

use super::filters_of;
use crate::names::clip;
use crate::tools::error::ToolError;
use crate::tools::modules::{FilterKind, Module};
use crate::tools::request::comparison::Comparison;

/// The comparison with each of its numbers in one notation.
///
/// # Errors
/// It names what is no number: nothing would be found, as if there were none.
pub(super) fn numbers(name: &str, path: &str, comparison: Comparison) -> Result<Comparison, ToolError> {
    let is_word = |text: &&String| plain_number(text).is_none();
    if let Some(word) = comparison.texts().into_iter().find(is_word) {
        let expected = "a number, a list of them, {\"from\":1,\"to\":9}, {\"not\":1} or null";
        let got = format!("`{}`; {name} holds numbers", clip(word, 60));
        return Err(ToolError::argument(path, expected, got, None));
    }
    Ok(comparison.map(&mut in_one_notation))
}

/// The comparison with `4112` in place of `#4112`, where the field is a number of records.
pub(super) fn bare_numbers(module: &Module, name: &str, comparison: Comparison) -> Comparison {
    match filters_of(module, name).any(|filter| filter.kind == FilterKind::Numbers) {
        true => comparison
            .map(&mut |text| in_one_notation(text.trim().trim_start_matches('#').trim_start().to_owned())),
        false => comparison,
    }
}

fn in_one_notation(text: String) -> String {
    plain_number(&text).unwrap_or(text)
}

/// A number as Zoho writes it: `5` for `05`, `+5`, `5.0` and `٥`.
fn plain_number(text: &str) -> Option<String> {
    let text: String = text.trim().chars().map(western).collect();
    let (sign, size) = match text.strip_prefix('-') {
        Some(size) => ("-", size),
        None => ("", text.strip_prefix('+').unwrap_or(&text)),
    };
    let (whole, part) = size.split_once('.').unwrap_or((size, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !are_digits(whole) || !are_digits(part) {
        return None;
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    Some(match part.trim_end_matches('0') {
        "" if whole == "0" => whole.to_owned(),
        "" => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{part}"),
    })
}

/// The digit that those of other scripts stand for.
fn western(c: char) -> char {
    const ZEROS: [char; 4] = ['\u{660}', '\u{6f0}', '\u{966}', '\u{ff10}'];
    let digits = ZEROS
        .iter()
        .filter_map(|zero| u32::from(c).checked_sub(u32::from(*zero)));
    let digit = digits.into_iter().find(|digit| *digit < 10);
    digit.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c)
}
