//! Phone numbers, which everybody writes differently.

use serde_json::{Value, json};

use super::ListQuery;
use super::comparison::{self, Comparison};
use crate::names::{fold, in_ascii};

/// Digits that tell one number from another; what stands before them may be written or left out.
const TELLING: usize = 7;
/// Digits of less than a number before which a zero is the one that is dialled at home, not one of them.
const FEW: usize = 5;
/// Told where no number was found by texts that only some notations of it have.
pub(in crate::tools) const AS_WRITTEN: &str =
    "Zoho finds these numbers only as they are written: one in another notation may be missing.";
/// Told where a few digits were looked for.
pub(in crate::tools) const PIECE: &str = "Fewer than 7 digits stand for every phone number that holds them; one that \
    writes them apart may be missing.";
/// Told where no number was found by its last digits.
pub(in crate::tools) const BY_END: &str =
    "Zoho finds these numbers by their last digits: one that writes these apart may be missing.";
/// Words before what is dialled behind a number.
const MARKS: [&str; 10] = [
    "ext",
    "extn",
    "extension",
    "x",
    "dw",
    "durchwahl",
    "poste",
    "ramal",
    "anexo",
    "int",
];
/// Digits that are dialled behind a number at most.
const LONGEST_BEHIND: usize = 6;
/// Words between numbers.
const BETWEEN: [&str; 5] = [" or ", " and ", " oder ", " und ", "+"];
/// Digits at the end that are looked for alone.
const LAST: usize = 4;
/// Digits that a number has at least.
const LEAST: usize = 3;

/// Whether a field of this name has a number.
pub(in crate::tools) fn is_in(field: &str) -> bool {
    let field = fold(field);
    ["phone", "mobile"].iter().any(|end| field.ends_with(end))
}

/// A number, and what is written out behind it to be dialled later: `ext. 12`, `x12`, `;ext=12` (RFC 3966).
fn apart(number: &str) -> (String, Option<String>) {
    let text = in_ascii(number);
    let begins = |c: char| c.is_alphabetic() || matches!(c, ';' | '#');
    let Some((before, behind)) = text.find(begins).and_then(|at| text.split_at_checked(at)) else {
        return (text, None);
    };
    let marked = behind.trim_start_matches([';', ' ']);
    let rest = marked.trim_start_matches(char::is_alphabetic);
    let mark = marked.strip_suffix(rest).unwrap_or_default().to_lowercase();
    let dialled = rest.trim_start_matches([' ', '.', ':', '=', '#']).trim_end();
    let is_mark = MARKS.contains(&mark.as_str()) || mark.is_empty() && rest.starts_with('#');
    let is_dialled =
        (1..=LONGEST_BEHIND).contains(&dialled.len()) && dialled.bytes().all(|b| b.is_ascii_digit());
    let is_number = before.chars().filter(char::is_ascii_digit).count() >= LEAST;
    match is_mark && is_dialled && is_number {
        true => {
            let number = before.trim_end_matches([' ', ',']).to_owned();
            (number, Some(marked.trim_end().to_owned()))
        }
        false => (text, None),
    }
}

/// Told of what is dialled behind a number, which most write nowhere or elsewhere.
pub(in crate::tools) fn tell_extension(number: &str) -> Option<String> {
    let (number, behind) = apart(number);
    behind.map(|behind| {
        format!("`{behind}` was left out: numbers are compared without extensions, here `{number}`.")
    })
}

/// The same of conditions.
pub(super) fn tell_extensions(query: &ListQuery<'_>) -> Vec<String> {
    let numbers = numbers_of(query).into_iter();
    let numbers = numbers.filter(|(_, texts)| texts.iter().all(|text| is_whole(text)));
    numbers
        .flat_map(|(_, texts)| texts)
        .filter_map(|text| tell_extension(&text))
        .collect()
}

/// Told where nothing was found by a text of several numbers.
pub(super) fn tell_several(query: &ListQuery<'_>) -> Option<String> {
    numbers_of(query).iter().find_map(|(name, texts)| {
        let each = texts
            .iter()
            .map(|text| several(text))
            .find(|each| each.len() > 1)?;
        let either = json!({ *name: each });
        Some(format!(
            "Several numbers in one text are compared as one: filters:{either} finds either."
        ))
    })
}

fn numbers_of<'q>(query: &'q ListQuery<'_>) -> Vec<(&'q str, Vec<String>)> {
    let of_numbers = |(name, value): &(&'q str, &Value)| {
        let texts = comparison::read("", value).ok()?.values().to_vec();
        (is_in(name) && !texts.is_empty()).then_some((*name, texts))
    };
    query.filters.iter().filter_map(of_numbers).collect()
}

/// The numbers of a text with several of them.
pub(in crate::tools) fn several(text: &str) -> Vec<String> {
    let mut text = in_ascii(text).to_lowercase();
    for word in BETWEEN {
        text = text.replace(word, if word == "+" { "|+" } else { "|" });
    }
    let pieces = text.split(['|', ',', ';', '/', '&', '\n']).map(str::trim);
    let whole = pieces.filter(|piece| all_digits(piece).len() >= TELLING);
    whole.map(str::to_owned).collect()
}

/// Whether a text is a number or some digits of one, in whatever notation.
pub(in crate::tools) fn is_whole(text: &str) -> bool {
    let (text, _) = apart(text);
    let sign = |c: char| c.is_ascii_digit() || c.is_whitespace() || "+-.()/".contains(c);
    text.chars().all(sign) && all_digits(&text).len() >= LEAST
}

fn all_digits(number: &str) -> String {
    let digits = apart(number).0.replace("(0)", "");
    digits.chars().filter(char::is_ascii_digit).collect()
}

/// The digits of a number without what only some write: the `00` or `+` of abroad, and the `(0)` of home.
fn digits(number: &str) -> String {
    all_digits(number).trim_start_matches('0').to_owned()
}

/// The digits of what is too short to be told from other numbers by its end.
fn piece(number: &str) -> Option<String> {
    let digits = digits(number);
    match digits.len() {
        TELLING.. => None,
        FEW.. => Some(digits),
        _ => Some(all_digits(number)),
    }
}

/// Whether a text is a few digits only, which many numbers may hold.
pub(in crate::tools) fn is_piece(text: &str) -> bool {
    is_whole(text) && piece(text).is_some()
}

/// Told of a condition on a few digits of a number that one of these parameters has; rows that are looked through are
/// compared digit by digit.
pub(super) fn doubt(query: &ListQuery<'_>, taken: &[String]) -> Option<&'static str> {
    let on_digits = |(name, value): &(&str, &Value)| {
        let Ok(Comparison::OneOf(texts)) = comparison::read("", value) else {
            return false;
        };
        let is_asked = taken.iter().any(|param| fold(param) == fold(name));
        is_asked && is_in(name) && texts.iter().any(|text| is_piece(text))
    };
    query.filters.iter().any(on_digits).then_some(PIECE)
}

/// The texts by which Desk finds a number in any notation: the end that nobody writes apart, and more of it where
/// something stands behind it. Its searches take `*` at the ends of a text only.
pub(in crate::tools) fn patterns(number: &str) -> Option<Vec<String>> {
    let (piece, (text, _)) = (piece(number), apart(number));
    let groups = text.split(|c: char| !c.is_ascii_digit());
    let last = groups.rev().find(|group| group.len() >= LEAST);
    let last = last.filter(|_| piece.is_some()).map(str::to_owned);
    let digits = piece.unwrap_or_else(|| digits(number));
    let end = |length: usize| digits.get(digits.len().checked_sub(length)?..).map(str::to_owned);
    if digits.len() < LEAST {
        return None;
    }
    let inside = end(LAST).or(end(LEAST));
    let group = last.filter(|last| inside.as_ref().is_none_or(|inside| !last.ends_with(inside)));
    let inside = inside.into_iter().chain(group).map(|text| format!("*{text}*"));
    Some(inside.chain(end(2).map(|end| format!("*{end}"))).collect())
}

/// The texts by which CRM finds a number: as it was given, and the digits that tell it.
pub(in crate::tools) fn texts(number: &str) -> Vec<String> {
    let digits = piece(number).unwrap_or_else(|| digits(number));
    let telling = digits
        .get(digits.len().saturating_sub(TELLING)..)
        .unwrap_or_default();
    let mut texts = vec![apart(number).0];
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

/// Whether a number can be the one that is looked for: one may have its country or area before what the other has, and of a
/// few digits any that holds them.
pub(in crate::tools) fn same(own: &str, wanted: &str) -> bool {
    if let Some(piece) = piece(wanted) {
        return all_digits(own).contains(&piece);
    }
    let (own, wanted) = (digits(own), digits(wanted));
    let (short, long) = if own.len() <= wanted.len() {
        (own, wanted)
    } else {
        (wanted, own)
    };
    short.len() >= TELLING && long.ends_with(&short)
}
