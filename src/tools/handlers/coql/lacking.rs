//! `tool-schemas/coql.json`: what other query languages have and COQL has not, and the way round.

use std::sync::OnceLock;

use serde::Deserialize;

use super::said;
use crate::tools::embedded;

/// What COQL has not.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lacking {
    /// Where it stands as a word or sign.
    #[serde(default)]
    words: Vec<String>,
    /// Where it stands before a bracket.
    #[serde(default)]
    functions: Vec<String>,
    /// What is told of it.
    told: String,
}

/// What is told of all that a query has and COQL has not.
pub(super) fn tell(query: &str) -> Option<String> {
    let written = said::words(query);
    let is_one_of = |names: &[String], word: &str| names.iter().any(|name| name.eq_ignore_ascii_case(word));
    let is_there = |lacking: &&Lacking| {
        let mut words = written.iter();
        words.any(|(word, calls)| match calls {
            true => is_one_of(&lacking.functions, word),
            false => is_one_of(&lacking.words, word),
        })
    };
    let told: Vec<&str> = all()
        .iter()
        .filter(is_there)
        .map(|lacking| lacking.told.as_str())
        .collect();
    (!told.is_empty()).then(|| told.join(" "))
}

fn all() -> &'static [Lacking] {
    static ALL: OnceLock<Vec<Lacking>> = OnceLock::new();
    ALL.get_or_init(|| {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tool-schemas/coql.json"));
        embedded::read(text, "words that COQL lacks")
    })
}
