//! Words to search for: Zoho looks for records that have all of them, and knows none of the signs that other searches do.

use super::ListQuery;
use crate::tools::error::ToolError;

/// The words of a query.
///
/// # Errors
/// They hold what would be looked for as a word although it is meant as a sign: few records or none would be found.
pub(super) fn of<'q>(query: &ListQuery<'q>) -> Result<Option<&'q str>, ToolError> {
    query.words.map(plain).transpose()
}

fn plain(text: &str) -> Result<&str, ToolError> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let either: Vec<String> = alternatives(&words);
    if either.len() > 1 {
        let each: Vec<String> = either.iter().map(|words| format!("query:\"{words}\"")).collect();
        let fix = format!(
            "search each alone: {}; records of several come more than once",
            each.join(", ")
        );
        return Err(refused("words of which one is enough", fix));
    }
    // Of a text all in capitals these are words like any others.
    let shouted = !text.chars().any(char::is_lowercase);
    let without = |dropped: &str| {
        let kept: Vec<&str> = words.iter().copied().filter(|word| *word != dropped).collect();
        kept.join(" ")
    };
    if !shouted && let Some(and) = words.iter().find(|word| matches!(**word, "AND" | "&&")) {
        return Err(refused(
            "a sign that asks for all words",
            format!("leave it out: query:\"{}\"", without(and)),
        ));
    }
    if !shouted && words.contains(&"NOT") {
        let fix = "search without it, or narrow the search by `filters`".to_owned();
        return Err(refused("a word that must not be there", fix));
    }
    let quoted = |word: &&&str| word.starts_with(['"', '\u{201c}', '\u{201e}']);
    let closed = words.iter().skip_while(|word| !quoted(word));
    if closed
        .into_iter()
        .any(|word| word.ends_with(['"', '\u{201c}', '\u{201d}']))
    {
        let bare = text.replace(['"', '\u{201c}', '\u{201d}', '\u{201e}'], "");
        let fix = format!("leave the quotes out: query:\"{}\"", bare.trim());
        return Err(refused("words in quotes, to be found side by side", fix));
    }
    Ok(text)
}

/// What stands between `OR` and bars.
fn alternatives(words: &[&str]) -> Vec<String> {
    let apart = words.split(|word| *word == "OR").flat_map(|words| {
        let words = words.join(" ");
        let apart = words.split('|').map(|words| words.trim().to_owned());
        apart.collect::<Vec<String>>()
    });
    let mut either: Vec<String> = apart.filter(|words| !words.is_empty()).collect();
    either.dedup();
    either
}

fn refused(got: &str, fix: String) -> ToolError {
    ToolError::argument("/query", "words that are all to be there", got, Some(fix))
}
