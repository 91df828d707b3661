//! Signs that people write before a value, and the words of a condition that they stand for.

/// Each before what it begins with.
const SIGNS: [(&str, &str); 11] = [
    (">=", "gte"),
    ("<=", "lte"),
    ("<>", "not"),
    ("!=", "not"),
    ("==", "is"),
    ("\u{2265}", "gte"),
    ("\u{2264}", "lte"),
    ("\u{2260}", "not"),
    (">", "gt"),
    ("<", "lt"),
    ("=", "is"),
];
/// What leaves out a value that it stands before, and is no sign by itself.
const BEFORE_A_WORD: [&str; 2] = ["!", "-"];

/// The word that a sign stands for.
pub(super) fn word_of(sign: &str) -> Option<&'static str> {
    let mut signs = SIGNS.iter();
    signs.find(|(known, _)| *known == sign).map(|(_, word)| *word)
}

/// What stands behind a sign that compares, and the word for it.
pub fn after_comparison(text: &str) -> Option<(&'static str, &str)> {
    let mut signs = SIGNS.iter().filter(|(_, word)| !matches!(*word, "not" | "is"));
    let text = text.trim();
    signs.find_map(|(sign, word)| Some((*word, text.strip_prefix(sign)?.trim())))
}

/// What stands behind a sign, or the word, that leaves a value out.
pub fn after_negation(text: &str) -> Option<&str> {
    let text = text.trim();
    let signs = SIGNS.iter().filter(|(_, word)| *word == "not");
    let mut signs = signs.map(|(sign, _)| *sign).chain(BEFORE_A_WORD);
    let rest = signs.find_map(|sign| text.strip_prefix(sign));
    let word = || {
        let (word, rest) = text.split_once(char::is_whitespace)?;
        word.eq_ignore_ascii_case("not").then_some(rest)
    };
    let rest = rest.or_else(word).map(str::trim);
    rest.filter(|rest| rest.starts_with(char::is_alphabetic))
}
