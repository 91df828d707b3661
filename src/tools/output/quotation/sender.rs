//! Who wrote what is quoted: a name, an address or both, and no sentence.

use super::languages::Language;
use super::words::is_one_of;

/// Words of the longest name, and its characters.
const MOST_WORDS: usize = 8;
const LONGEST: usize = 60;
/// Small words within a name, and letters of one: `van der`, `of the`.
const MOST_SMALL: usize = 2;
const LONGEST_SMALL: usize = 3;
/// Letters before a dot that ends no sentence: `Dr.`, `Inc.`
const LONGEST_SHORTENED: usize = 4;
/// What stands in no name.
const NEVER: [char; 9] = ['?', '!', ';', ':', '=', '*', '|', '<', '>'];
const BRACKETS: [char; 12] = ['<', '>', '(', ')', '[', ']', '"', '\'', ',', ':', '„', '”'];

/// A sender that was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sender {
    /// With an address.
    pub(super) is_addressed: bool,
    /// Nothing of it can be a part of a sentence.
    pub(super) is_sure: bool,
    /// It begins with a capital letter, where there are some.
    pub(super) is_capital: bool,
}

/// The sender, where the text is one and nothing else.
pub(super) fn read(text: &str, language: &Language) -> Option<Sender> {
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let begins_address = |word: &&str| is_address(word) || word.starts_with(['<', '[']);
    let length = words.iter().position(begins_address).unwrap_or(words.len());
    let (name, address) = words.split_at(length);
    let is_bracket = |word: &str| word.chars().all(|sign| BRACKETS.contains(&sign));
    let is_addressed = address.iter().any(|word| is_address(word));
    // Behind an address only a sentence goes on.
    let is_all_address = address.iter().all(|word| is_address(word) || is_bracket(word));
    if !is_all_address || !address.is_empty() && !is_addressed {
        return None;
    }
    if name.is_empty() {
        return is_addressed.then_some(Sender {
            is_addressed,
            is_sure: true,
            is_capital: false,
        });
    }
    let (is_sure, is_capital) = certainty(name, is_addressed, language)?;
    Some(Sender {
        is_addressed,
        is_sure,
        is_capital,
    })
}

/// Whether words are a name: surely, with a capital, or only perhaps; nothing where they are none.
fn certainty(name: &[&str], is_addressed: bool, language: &Language) -> Option<(bool, bool)> {
    let ends_sentence = |word: &&str| {
        word.ends_with('.') && word.chars().filter(|c| c.is_alphabetic()).count() > LONGEST_SHORTENED
    };
    let length: usize = name.iter().map(|word| word.chars().count() + 1).sum();
    let is_wrong = |word: &&str| word.contains(NEVER) || ends_sentence(word);
    if name.len() > MOST_WORDS || length > LONGEST || name.iter().any(is_wrong) {
        return None;
    }
    let is_capital = |word: &&&str| word.chars().any(char::is_uppercase);
    let is_small = |word: &&&str| !is_capital(word) && word.chars().any(char::is_lowercase);
    let letters = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count();
    let small: Vec<&&str> = name.iter().filter(is_small).collect();
    // `Jens til Bob`: to whom somebody wrote, in a sentence of the author's.
    if small.iter().any(|word| is_one_of(&language.to, word)) {
        return None;
    }
    let first = name.first()?;
    // A time belongs to the day.
    if letters(first) == 0 {
        return None;
    }
    if is_small(&first) {
        // An address whose name is in small letters throughout; `our technician Bob` is none.
        return (is_addressed && small.len() == name.len()).then_some((name.len() == 1, false));
    }
    if !is_addressed && name.len() == 1 && is_capital(&first) && letters(first) < 2 {
        return None;
    }
    let is_sure = small.len() <= MOST_SMALL && small.iter().all(|word| letters(word) <= LONGEST_SMALL);
    (is_sure || is_addressed).then_some((is_sure, is_capital(&first)))
}

/// `<a@b.example>`, `(a@b.example)`, `a@b.example`, `<mailto:a@b.example>`.
fn is_address(word: &str) -> bool {
    let bare = word.trim_matches(BRACKETS);
    bare.split_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && !host.is_empty())
}

/// Whether a text names an address.
pub(super) fn has_address(text: &str) -> bool {
    text.split([' ', ';']).any(is_address)
}

/// Whether a text is one name and nothing else.
pub(super) fn is_name(text: &str, language: &Language) -> bool {
    let has_figure = text.contains(|sign: char| sign.is_ascii_digit());
    !has_figure && read(text, language).is_some_and(|sender| sender.is_sure)
}
