//! `tool-schemas/quotations.json`: the words in which mail programs write what they quote.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::form::Form;
use super::words::is_one_of;
use crate::tools::embedded;

/// The words of one language's mail programs, in small letters.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Language {
    /// The line above a quotation.
    pub(super) introductions: Vec<Form>,
    /// The same as some write it who mark every line they quote.
    pub(super) above_marks: Vec<Form>,
    /// What stands in a day beside its figures, its weekday and its month.
    pub(super) day: Vec<String>,
    /// The labels of Outlook's block: who, when, to whom and about what.
    pub(super) from: Vec<String>,
    pub(super) sent: Vec<String>,
    pub(super) to: Vec<String>,
    pub(super) subject: Vec<String>,
    /// Stands between dashes above that block.
    pub(super) original: Vec<String>,
    /// Stands with a colon before a subject that is answered or passed on.
    prefixes: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// What is written in all of them.
    everywhere: Language,
    languages: BTreeMap<String, Language>,
}

/// Parsed when the first message is told, not when the program starts.
static FILE: LazyLock<File> = LazyLock::new(|| {
    let text = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tool-schemas/quotations.json"
    ));
    embedded::read(text, "words of quotations")
});

/// All that are known.
pub(super) fn all() -> impl Iterator<Item = &'static Language> {
    FILE.languages.values()
}

/// English, which programs of other tongues mix in.
pub(super) fn english() -> Option<&'static Language> {
    FILE.languages.get("en")
}

/// The introductions of all languages, and whether each may stand above lines without a mark.
pub(super) fn introductions() -> impl Iterator<Item = (&'static Language, &'static Form, bool)> {
    let everywhere = std::iter::once(&FILE.everywhere);
    everywhere.chain(all()).flat_map(|language| {
        let alone = language.introductions.iter().map(|form| (form, true));
        let marked = language.above_marks.iter().map(|form| (form, false));
        alone
            .chain(marked)
            .map(move |(form, is_alone)| (language, form, is_alone))
    })
}

/// Whether programs of any language put a word before a subject.
pub(super) fn is_prefix(word: &str) -> bool {
    is_one_of(&FILE.everywhere.prefixes, word)
}

impl Language {
    /// Whether a word may stand in a day.
    pub(super) fn has_in_days(&self, word: &str) -> bool {
        is_one_of(&self.day, word) || is_one_of(&FILE.everywhere.day, word)
    }
}
