//! How the words of the file are compared with those of a line.

/// Characters of the longest day.
pub(super) const LONGEST_DAY: usize = 70;

/// The small letter of a letter; one for one, as the file has them.
pub(super) fn small(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

/// Whether a word is one of the file's.
pub(super) fn is_one_of(words: &[String], word: &str) -> bool {
    words
        .iter()
        .any(|known| known.chars().eq(word.chars().map(small)))
}

/// What stands behind words that a text begins with, large or small.
pub(super) fn without_start<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    let mut rest = text.chars();
    let begins = words.chars().all(|letter| rest.next().map(small) == Some(letter));
    begins.then_some(rest.as_str())
}

/// What stands before words that a text ends with, large or small.
pub(super) fn without_end<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    let mut rest = text.chars();
    let ends = words
        .chars()
        .rev()
        .all(|letter| rest.next_back().map(small) == Some(letter));
    ends.then_some(rest.as_str())
}

/// What a line says between dashes.
pub(super) fn between_dashes(line: &str) -> Option<&str> {
    let inside = line.strip_prefix("--")?.strip_suffix("--")?;
    Some(inside.trim_matches(|sign: char| sign == '-' || sign.is_whitespace()))
}
