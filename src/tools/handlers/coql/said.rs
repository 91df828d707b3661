//! What a query says, word by word: what it compares with what, and what of it COQL has not.

use super::grammar::tokens;

/// Words of conditions that are neither fields nor values.
const JOINTS: [&str; 9] = ["where", "and", "or", "not", "in", "like", "between", "is", "null"];

/// A text in a condition.
pub(super) struct Compared<'q> {
    /// The field that it is compared with.
    pub(super) field: &'q str,
    /// `like`, `=`: the word or sign before it.
    pub(super) by: &'q str,
    /// It, without its quotes.
    pub(super) text: &'q str,
}

impl Compared<'_> {
    /// Whether it begins with a day: `2026-11-29`.
    pub(super) fn is_day(&self) -> bool {
        let day = self.text.get(..10).unwrap_or_default();
        day.parse::<jiff::civil::Date>().is_ok()
    }

    /// Whether it is a value of a field, and neither a day nor a pattern.
    pub(super) fn is_value(&self) -> bool {
        !self.is_day() && !self.by.eq_ignore_ascii_case("like")
    }
}

/// The words and signs of a query outside its texts, and of each whether a bracket follows.
pub(super) fn words(query: &str) -> Vec<(&str, bool)> {
    let words = || {
        let tokens = tokens(query).unwrap_or_default().into_iter();
        tokens.map(|token| query.get(token.at).unwrap_or_default())
    };
    let pairs = words().zip(words().skip(1).chain([""]));
    let pairs = pairs.filter(|(word, _)| !is_text(word));
    pairs.map(|(word, next)| (word, next == "(")).collect()
}

/// The texts in the conditions of a query.
pub(super) fn compared(query: &str) -> Vec<Compared<'_>> {
    let tokens = tokens(query).unwrap_or_default().into_iter();
    let words = tokens.map(|token| query.get(token.at).unwrap_or_default());
    let conditions = words.skip_while(|word| !word.eq_ignore_ascii_case("where"));
    let (mut field, mut by) = ("", "");
    let mut compared = Vec::new();
    for word in conditions {
        let is_joint = JOINTS.iter().any(|joint| joint.eq_ignore_ascii_case(word));
        if is_text(word) {
            let text = word.get(1..word.len() - 1).unwrap_or_default();
            compared.push(Compared { field, by, text });
        } else if is_joint || word.starts_with(['=', '!', '<', '>']) {
            by = word;
        } else if word.starts_with(char::is_alphabetic) {
            // `Created_Time>`
            let end = word.find(['=', '!', '<', '>']).unwrap_or(word.len());
            (field, by) = word.split_at(end);
        }
    }
    compared
}

fn is_text(word: &str) -> bool {
    word.starts_with(['\'', '"'])
}
