//! How near two spellings are: which one a slip may stand for, and which ones are told as the nearest. The work does
//! not grow with what a caller sends: nothing is compared beyond [`LONGEST`] characters.

use super::folding::{fold, letters};

/// Longest name that is compared with others, in characters: nothing longer is a name.
pub const LONGEST: usize = 100;

fn beginning(text: &str) -> &str {
    let end = text.char_indices().nth(LONGEST);
    end.map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}

/// Whether a text is too long to be a name.
pub fn is_too_long(text: &str) -> bool {
    beginning(text).len() < text.len()
}

/// Insertions, deletions, replacements and swaps of neighbours between two words, when at most `most`.
pub fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most * 4 || is_too_long(a) || is_too_long(b) {
        return None;
    }
    let distance = strsim::osa_distance(a, b);
    (distance <= most).then_some(distance)
}

/// The target of the candidate nearest to the folded word, within `most` slips; none when two targets are equally near.
pub fn only_near<'a>(
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

/// The target of the only candidate that is written so but for case and punctuation, else the only one a slip or two away.
pub fn only_meant<'a>(
    text: &str,
    candidates: impl Iterator<Item = (&'a str, &'a str)> + Clone,
) -> Option<&'a str> {
    let wanted = letters(text);
    if wanted.is_empty() {
        return None;
    }
    let same = candidates.clone().filter(|(name, _)| letters(name) == wanted);
    if same.clone().next().is_some() {
        return only(same.map(|(_, right)| right));
    }
    let most = match wanted.chars().count() {
        0..=3 => return None,
        4..=6 => 1,
        _ => 2,
    };
    let near = candidates.filter(|(name, _)| distance(&letters(name), &wanted, most).is_some());
    only(near.map(|(_, right)| right))
}

fn only<'a>(mut hits: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let first = hits.next()?;
    hits.all(|other| other == first).then_some(first)
}

/// The nearest candidates, nearest first, at most three, for a hint.
pub fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    if is_too_long(word) {
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

/// A hint: the names that are near, where there are any, and what lists all.
pub fn tell_nearest<T: AsRef<str>>(near: &[T], all: &str) -> String {
    let told: Vec<&str> = near.iter().map(AsRef::as_ref).collect();
    match told.is_empty() {
        true => all.to_owned(),
        false => format!("nearest: {}; {all}", told.join(", ")),
    }
}

/// What shares fewer of its pairs of letters with a word is not what the word may stand for.
const ALIKE: f64 = 0.3;

/// How like a word is to a spelling: by the pairs of letters they share, and where there are few slips, by these. Two letters
/// that changed places leave a short name hardly a pair.
fn likeness(spelling: &str, word: &str) -> f64 {
    let pairs = strsim::sorensen_dice(spelling, word);
    let length = spelling.chars().count().max(word.chars().count());
    let slips = distance(spelling, word, length / 3);
    slips.map_or(pairs, |slips| pairs.max(1.0 - slips as f64 / length as f64))
}

/// The `most` candidates of which a spelling is most like the word; none that has hardly anything of it.
pub fn most_alike<T>(word: &str, candidates: impl Iterator<Item = (T, Vec<String>)>, most: usize) -> Vec<T> {
    let word = beginning(word);
    let ranked = candidates.map(|(one, spelt)| {
        let alike = spelt.iter().map(|spelling| likeness(spelling, word));
        (alike.fold(0.0, f64::max), one)
    });
    let mut ranked: Vec<(f64, T)> = ranked.filter(|(likeness, _)| *likeness >= ALIKE).collect();
    ranked.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    ranked.into_iter().take(most).map(|(_, one)| one).collect()
}
