//! Words in the place of words: as long, in the same letters of the same size, and the same one for the same one, so that
//! what belonged together still does. The key is drawn anew for each recording and written nowhere.

use std::hash::{BuildHasher as _, RandomState};

/// What makes a word another.
#[derive(Default)]
pub(super) struct Disguise(RandomState);

/// Letters that make a word somebody can say.
const CONSONANTS: &[u8] = b"bdfghklmnprstvz";
const VOWELS: &[u8] = b"aeiou";

/// Ends of addresses and of what stands in angle brackets.
enum Within {
    Text,
    /// Behind an `@`: the host of an address.
    Host,
    /// Between `<` and `>`; true within quotes.
    Tag(bool),
    /// Between `&` and `;`.
    Entity,
}

impl Disguise {
    /// A text with every word replaced. Tags keep their names, and an address ends in `.example`.
    pub(super) fn text(&self, text: &str) -> String {
        let mut told = String::with_capacity(text.len());
        let mut word = String::new();
        let mut within = Within::Text;
        for letter in text.chars() {
            if letter.is_alphanumeric() {
                word.push(letter);
                continue;
            }
            self.end(&mut told, &mut word, &within, letter == '.' || letter == '-');
            within = match (within, letter) {
                (Within::Tag(quoted), '"') => Within::Tag(!quoted),
                (Within::Tag(false), '>') => Within::Text,
                (Within::Tag(quoted), _) => Within::Tag(quoted),
                (_, '<') => Within::Tag(false),
                (_, '&') => Within::Entity,
                (_, '@') => Within::Host,
                (Within::Host, '.' | '-') => Within::Host,
                (Within::Entity, '#') => Within::Entity,
                _ => Within::Text,
            };
            told.push(letter);
        }
        self.end(&mut told, &mut word, &within, false);
        told
    }

    /// A word is over; `goes_on` where a host has another label.
    fn end(&self, told: &mut String, word: &mut String, within: &Within, goes_on: bool) {
        match within {
            Within::Tag(false) | Within::Entity if is_markup(word) => told.push_str(word),
            Within::Host if !goes_on && told.ends_with('.') && !word.is_empty() => told.push_str("example"),
            _ => told.push_str(&self.word(word)),
        }
        word.clear();
    }

    /// Another word of the same form.
    pub(super) fn word(&self, word: &str) -> String {
        let mut chance = self.0.hash_one(word.to_lowercase());
        let mut is_vowel = chance & 1 == 1;
        let mut pick = |of: usize| {
            chance = self.0.hash_one(chance);
            usize::try_from(chance % of as u64).unwrap_or_default()
        };
        word.chars()
            .map(|letter| {
                if letter.is_ascii_digit() {
                    return char::from(b'0' + pick(10) as u8);
                }
                if !letter.is_ascii() {
                    let others = of_its_kind(letter);
                    return others.get(pick(others.len().max(1))).copied().unwrap_or(letter);
                }
                let set = if is_vowel { VOWELS } else { CONSONANTS };
                is_vowel = !is_vowel;
                let other = char::from(set[pick(set.len())]);
                if letter.is_uppercase() {
                    other.to_ascii_uppercase()
                } else {
                    other
                }
            })
            .collect()
    }
}

/// Names of tags, attributes and entities are short Latin words; who writes something else between `<` and `>` writes text.
fn is_markup(word: &str) -> bool {
    const KNOWN: &str = " a abbr align alt amp apos b bgcolor blockquote body border br cellpadding cellspacing center class \
        code col colspan dir div dl dt em font gt h1 h2 h3 h4 head height hr href html i id img lang li lt meta nbsp ol p pre \
        quot rel rowspan s size small span src strong style sub sup table target tbody td th thead title tr u ul valign \
        width ";
    KNOWN.contains(&format!(" {} ", word.to_lowercase()))
}

/// Letters beside this one in its alphabet, of the same size.
fn of_its_kind(letter: char) -> Vec<char> {
    let first = u32::from(letter) & !31;
    let alike = |other: &char| {
        other.is_alphanumeric()
            && other.is_uppercase() == letter.is_uppercase()
            && other.is_lowercase() == letter.is_lowercase()
    };
    (first..first + 32)
        .filter_map(char::from_u32)
        .filter(alike)
        .collect()
}
