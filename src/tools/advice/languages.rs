//! `tool-schemas/languages.json`: what each language is called, by its code, in English and in itself.

use std::sync::OnceLock;

use crate::names::without_accents;
use crate::tools::embedded;

/// The only one of these values that is another name of the same language.
pub(super) fn same_language<'v>(text: &str, values: &'v [String]) -> Option<&'v str> {
    let row = all().iter().find(|row| is_in(row, text))?;
    let mut same = values.iter().filter(|value| is_in(row, value));
    let only = same.next()?;
    same.next().is_none().then_some(only)
}

fn is_in(row: &[String], text: &str) -> bool {
    let text = without_accents(text.trim());
    row.iter().any(|name| without_accents(name) == text)
}

fn all() -> &'static [Vec<String>] {
    static ALL: OnceLock<Vec<Vec<String>>> = OnceLock::new();
    ALL.get_or_init(|| {
        let text = include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tool-schemas/languages.json"
        ));
        embedded::read(text, "languages")
    })
}
