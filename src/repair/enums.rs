//! Values out of a list: another style, a declared alias, and on reads one slip or another grammatical number.

use serde_json::Value;

use super::mending::{self, Mending};
use super::rules::{self, Rule};
use super::shape::Shape;
use crate::names::{fold, is_too_long, nearest, only_near, same_but_for_number};

/// The offered value that a word means.
pub(super) fn choice(word: &str, shape: &Shape, cx: &mut Mending) -> Option<(Value, Rule)> {
    if shape.choices.is_empty() || is_too_long(word) {
        return None;
    }
    let folded = fold(word);
    let offered = || shape.choices.iter().filter_map(Value::as_str);
    let only = |found: Vec<&str>| match found.as_slice() {
        [only] => Some(Value::from(*only)),
        _ => None,
    };
    if let Some(value) = only(offered().filter(|choice| fold(choice) == folded).collect()) {
        return Some((value, rules::ENUM_STYLE));
    }
    let mut aliased: Vec<&str> = shape
        .choice_aliases
        .iter()
        .filter(|(alias, _)| fold(alias) == folded)
        .map(|(_, c)| c.as_str())
        .collect();
    aliased.dedup();
    if let Some(value) = only(aliased) {
        return Some((value, rules::ENUM_ALIAS));
    }
    let written_so = |choice: &&Value| !choice.is_string() && mending::display(choice) == word.trim();
    if let Some(value) = shape.choices.iter().find(written_so) {
        return Some((value.clone(), rules::NUMBER_TEXT));
    }
    near(&folded, shape, cx)
}

fn near(folded: &str, shape: &Shape, cx: &mut Mending) -> Option<(Value, Rule)> {
    let mut by_number: Vec<&str> = spellings(shape)
        .filter(|(spelling, _)| same_but_for_number(folded, &fold(spelling)))
        .map(|(_, choice)| choice)
        .collect();
    by_number.dedup();
    let (found, rule) = match by_number.as_slice() {
        [only] => (Some(*only), rules::ENUM_NUMBER),
        [] => (slip(folded, shape), rules::ENUM_TYPO),
        _ => (None, rules::ENUM_TYPO),
    };
    match found {
        Some(found) if cx.may(rule) => Some((Value::from(found), rule)),
        Some(found) => {
            cx.suggest(found);
            None
        }
        None => {
            if let [only] = nearest(folded, shape.choices.iter().filter_map(Value::as_str)).as_slice()
                && !says_more(folded, &fold(only))
            {
                cx.suggest(*only);
            }
            None
        }
    }
}

/// Whether a word is an offered one with others around it, which may turn what it means: `not closed`.
fn says_more(word: &str, offered: &str) -> bool {
    word != offered && word.len() > offered.len() + 1 && word.contains(offered)
}

/// Every way an offered value is spelled, with the value: itself and its declared aliases.
fn spellings(shape: &Shape) -> impl Iterator<Item = (&str, &str)> {
    let choices = shape
        .choices
        .iter()
        .filter_map(Value::as_str)
        .map(|choice| (choice, choice));
    choices.chain(
        shape
            .choice_aliases
            .iter()
            .map(|(alias, choice)| (alias.as_str(), choice.as_str())),
    )
}

fn slip<'s>(folded: &str, shape: &'s Shape) -> Option<&'s str> {
    let most = match folded.chars().count() {
        0..=2 => return None,
        3..=5 => 1,
        _ => 2,
    };
    let (spelling, choice) = only_near(folded, spellings(shape), most)?;
    let other = fold(spelling);
    // A prefix such as un- or re- turns the meaning, and is no slip.
    let same_start = other.chars().next() == folded.chars().next()
        || other.chars().nth(1) == folded.chars().next() && other.chars().next() == folded.chars().nth(1)
        || other.len() > folded.len();
    same_start.then_some(choice)
}
