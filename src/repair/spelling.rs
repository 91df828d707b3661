//! When two spellings are the same word, and when they are one slip apart.

use unicode_normalization::UnicodeNormalization;

/// Longest word, in bytes, that is compared by distance or folded: nothing longer is a name.
pub(super) const LONGEST_NAME: usize = 100;

/// The letters and digits of a name without case, separators and surrounding quotes.
pub(super) fn fold(name: &str) -> String {
    let separates =
        |c: &char| !(c.is_whitespace() || is_filler(*c) || matches!(c, '-' | '_' | '"' | '\'' | '`'));
    if name.is_ascii() {
        return name
            .chars()
            .filter(separates)
            .map(|c| c.to_ascii_lowercase())
            .collect();
    }
    name.nfkc()
        .filter(separates)
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether a name is another in a different style: the same letters, and divided nowhere but between the words of the other.
pub(super) fn same_style(name: &str, other: &str) -> bool {
    fold(name) == fold(other) && {
        let words = boundaries(other, true);
        boundaries(name, false)
            .iter()
            .all(|boundary| words.contains(boundary))
    }
}

/// How many letters stand before each division of a name, changes from lower to upper case counted if asked.
fn boundaries(name: &str, humps: bool) -> Vec<usize> {
    let (mut letters, mut found, mut lower) = (0, Vec::new(), false);
    let inside = name.trim_matches(|c: char| !c.is_alphanumeric());
    for c in inside.chars() {
        if !c.is_alphanumeric() || humps && lower && c.is_uppercase() {
            found.push(letters);
        }
        letters += usize::from(c.is_alphanumeric());
        lower = c.is_lowercase();
    }
    found
}

/// Characters without width that come along when text is copied.
pub(super) fn is_filler(c: char) -> bool {
    matches!(
        c,
        '\u{feff}' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{ad}'
    )
}

/// Insertions, deletions, replacements and swaps of neighbours between two words, when at most `most`.
pub(super) fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    if a.len() > LONGEST_NAME || b.len() > LONGEST_NAME || a.len().abs_diff(b.len()) > most * 4 {
        return None;
    }
    let distance = strsim::osa_distance(a, b);
    (distance <= most).then_some(distance)
}

/// The target of the candidate nearest to the folded word, within `most` slips; none when two targets are equally near.
pub(super) fn only_near<'a>(
    word: &str,
    candidates: impl Iterator<Item = (&'a str, &'a str)>,
    most: usize,
) -> Option<(&'a str, &'a str)> {
    let mut best: Option<(usize, &str, &str)> = None;
    let mut tied = false;
    for (candidate, target) in candidates {
        let Some(distance) = distance(word, &fold(candidate), most) else {
            continue;
        };
        match best {
            Some((nearest, _, other)) if distance == nearest => tied |= other != target,
            Some((nearest, ..)) if distance > nearest => {}
            _ => {
                best = Some((distance, candidate, target));
                tied = false;
            }
        }
    }
    best.filter(|_| !tied)
        .map(|(_, candidate, target)| (candidate, target))
}

/// The nearest candidates, nearest first, at most three, for a hint.
pub(super) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    if word.len() > LONGEST_NAME {
        return Vec::new();
    }
    let folded = fold(word);
    let mut scored: Vec<(usize, &str)> = candidates
        .filter_map(|candidate| {
            let other = fold(candidate);
            let most = (folded.chars().count().max(other.chars().count()) / 3).max(1);
            let within = |a: &str, b: &str| a.len() >= 3 && b.starts_with(a);
            match distance(&folded, &other, most) {
                Some(distance) => Some((distance, candidate)),
                None if within(&folded, &other) || within(&other, &folded) => Some((most + 1, candidate)),
                None => None,
            }
        })
        .collect();
    scored.sort_by_key(|(distance, _)| *distance);
    scored.truncate(3);
    scored.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Whether one is the plain English plural of the other, both folded.
pub(super) fn same_but_for_number(a: &str, b: &str) -> bool {
    let plural_of = |one: &str, many: &str| {
        one.len() >= 3
            && (many.strip_suffix('s') == Some(one)
                || many.strip_suffix("es") == Some(one)
                || many
                    .strip_suffix("ies")
                    .is_some_and(|stem| one.strip_suffix('y') == Some(stem)))
    };
    plural_of(a, b) || plural_of(b, a)
}
