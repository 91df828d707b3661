//! Phone numbers, which everybody writes differently.

use crate::names::{fold, in_ascii};

/// Digits that tell one number from another; what stands before them may be written or left out.
const TELLING: usize = 7;
/// Told where no number was found by texts that only some notations of it have.
pub(in crate::tools) const AS_WRITTEN: &str =
    "Zoho finds these numbers only as they are written: one in another notation may be missing.";
/// Digits at the end that are looked for alone.
const LAST: usize = 4;
/// Digits that a number has at least.
const LEAST: usize = 3;

/// Whether a field of this name has a number.
pub(in crate::tools) fn is_in(field: &str) -> bool {
    let field = fold(field);
    ["phone", "mobile"].iter().any(|end| field.ends_with(end))
}

/// Whether a text is a whole number, in whatever notation.
pub(in crate::tools) fn is_whole(text: &str) -> bool {
    let text = in_ascii(text);
    let sign = |c: char| c.is_ascii_digit() || c.is_whitespace() || "+-.()/".contains(c);
    text.chars().all(sign) && digits(&text).len() >= LEAST
}

/// The digits of a number without what only some write: the `00` or `+` of abroad, and the `(0)` of home.
fn digits(number: &str) -> String {
    let digits = in_ascii(number).replace("(0)", "");
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}

/// The texts by which Desk finds a number in any notation: the end that nobody writes apart, and more of it where
/// something stands behind it. Its searches take `*` at the ends of a text only.
pub(in crate::tools) fn patterns(number: &str) -> Option<Vec<String>> {
    let digits = digits(number);
    let end = |length: usize| digits.get(digits.len().checked_sub(length)?..);
    if digits.len() < LEAST {
        return None;
    }
    let inside = end(4).or(end(LEAST)).map(|end| format!("*{end}*"));
    let at_end = end(2).map(|end| format!("*{end}"));
    Some(inside.into_iter().chain(at_end).collect())
}

/// The texts by which CRM finds a number: as it was given, and the digits that tell it.
pub(in crate::tools) fn texts(number: &str) -> Vec<String> {
    let digits = digits(number);
    let telling = digits
        .get(digits.len().saturating_sub(TELLING)..)
        .unwrap_or_default();
    let mut texts = vec![in_ascii(number)];
    if telling.len() >= LEAST && texts.first().is_none_or(|given| given != telling) {
        texts.push(telling.to_owned());
    }
    texts
}

/// The last digits, which are seldom written apart.
pub(in crate::tools) fn last_digits(number: &str) -> Option<String> {
    let digits = digits(number);
    let end = digits.get(digits.len().checked_sub(LAST)?..)?;
    Some(end.to_owned())
}

/// Whether two notations can be of one number: one may have its country or area before what the other has.
pub(in crate::tools) fn same(one: &str, other: &str) -> bool {
    let (one, other) = (digits(one), digits(other));
    let (short, long) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    !short.is_empty() && (short == long || short.len() >= TELLING) && long.ends_with(&short)
}
