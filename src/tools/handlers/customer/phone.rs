//! Phone numbers, which everybody writes differently.

/// Digits that tell one number from another; what stands before them may be written or left out.
const TELLING: usize = 7;

/// The digits of a number without what only some write: the `00` or `+` of abroad, and the `(0)` of home.
fn digits(number: &str) -> String {
    let digits = number.replace("(0)", "");
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}

/// The search text that finds a number in any notation: its last digits, anything between them.
pub(super) fn pattern(number: &str) -> Option<String> {
    let digits = digits(number);
    let last = digits.len().saturating_sub(TELLING);
    let telling = digits.get(last..).filter(|telling| telling.len() >= 3)?;
    Some(telling.chars().flat_map(|digit| ['*', digit]).collect())
}

/// Whether two notations can be of one number: one may have its country or area before what the other has.
pub(super) fn same(one: &str, other: &str) -> bool {
    let (one, other) = (digits(one), digits(other));
    let (short, long) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    !short.is_empty() && (short == long || short.len() >= TELLING) && long.ends_with(&short)
}
