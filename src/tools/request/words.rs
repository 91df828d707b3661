//! Words to search for: Zoho looks for records that have all of them, and knows none of the signs that other searches do.

use serde_json::json;

use super::{ListQuery, phone};
use crate::names::pointer;
use crate::tools::error::ToolError;

/// Texts of which any is enough at most: each may be a search of its own.
const MOST: usize = 10;
/// Characters that a search of Desk looks for at least (OAS, `_all`).
const SHORTEST: usize = 3;

/// The words of a query as Desk's parameter takes them: of several separated by commas its searches want one only, its
/// lists know no such thing.
///
/// # Errors
/// As [`of`], and what is not searched for so.
pub(super) fn for_desk(query: &ListQuery<'_>, searching: bool) -> Result<Option<String>, ToolError> {
    let words = of(query)?;
    if searching && let Some((at, comma)) = words.iter().find(|(_, words)| words.contains(',')) {
        let pieces = comma
            .split(',')
            .map(in_one_line)
            .filter(|words| !words.is_empty());
        let pieces: Vec<String> = pieces.collect();
        let subject = query
            .module
            .search
            .as_ref()
            .is_some_and(|search| search.filters.contains_key("subject"));
        let as_it_is = format!(
            ", filters:{} the text as it stands in a subject",
            json!({ "subject": comma })
        );
        let fix = format!(
            "query:{} finds all of them, any:{} either{}",
            json!(pieces.join(" ")),
            json!(pieces),
            if subject { as_it_is } else { String::new() }
        );
        let got = "words with a comma, which Zoho reads as `or`";
        return Err(ToolError::argument(at, "words without commas", got, Some(fix)));
    }
    if searching
        && let Some((at, short)) = words
            .iter()
            .find(|(_, words)| words.trim().chars().count() < SHORTEST)
    {
        let fix = format!(
            "{} in its place, a longer text, or `filters` on numbers, addresses and names of people",
            json!(format!("*{}*", short.trim().trim_matches('*')))
        );
        let expected = format!("at least {SHORTEST} characters, for Zoho searches for no fewer");
        return Err(ToolError::argument(
            at,
            expected,
            json!(short).to_string(),
            Some(fix),
        ));
    }
    let words: Vec<&str> = words.into_iter().map(|(_, words)| words).collect();
    match words.as_slice() {
        [] => Ok(None),
        [_, _, ..] if !searching => {
            let fix = "send `query`, one call for each".to_owned();
            let got = "several, and Zoho looks for one here";
            Err(ToolError::argument("/any", "one text", got, Some(fix)))
        }
        several => Ok(Some(several.join(","))),
    }
}

/// The texts of a query of which any is to be found, and where each of them stands.
///
/// # Errors
/// They hold what would be looked for as a word although it is meant as a sign: few records or none would be found.
pub(super) fn of<'q>(query: &'q ListQuery<'_>) -> Result<Vec<(String, &'q str)>, ToolError> {
    if query.words.is_some() && !query.any.is_empty() {
        let fix = "`query` has words that are all to be there, `any` those of which one is enough".to_owned();
        return Err(ToolError::argument("/any", "`query` or `any`", "both", Some(fix)));
    }
    if query.any.len() > MOST {
        let expected = format!("at most {MOST} texts");
        return Err(ToolError::argument(
            "/any",
            expected,
            query.any.len().to_string(),
            None,
        ));
    }
    let either = query.any.iter().enumerate();
    let either = either.map(|(index, words)| (pointer::below("/any", index), words.as_str()));
    let all = query.words.map(|words| ("/query".to_owned(), words));
    let given: Vec<(String, &str)> = all.into_iter().chain(either).collect();
    for (path, words) in &given {
        check_plain(path, words)?;
    }
    Ok(given)
}

/// Told where Zoho has no such sign.
fn check_plain(path: &str, text: &str) -> Result<(), ToolError> {
    let refused = |got: &str, fix: String| {
        Err(ToolError::argument(
            path,
            "words that are all to be there",
            got,
            Some(fix),
        ))
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let either: Vec<String> = alternatives(&words);
    if either.len() > 1 {
        let fix = format!(
            "any:{} finds either, query:{} all of them",
            json!(either),
            json!(either.join(" "))
        );
        return refused("a sign that Zoho reads as a word", fix);
    }
    // Of a text all in capitals these are words like any others.
    let shouted = !text.chars().any(char::is_lowercase);
    let without = |dropped: &str| {
        let kept: Vec<&str> = words.iter().copied().filter(|word| *word != dropped).collect();
        kept.join(" ")
    };
    if !shouted && let Some(and) = words.iter().find(|word| matches!(**word, "AND" | "&&")) {
        return refused(
            "a sign that asks for all words",
            format!("leave it out: query:\"{}\"", without(and)),
        );
    }
    let is_left_out = |word: &&&str| {
        word.strip_prefix('-')
            .is_some_and(|rest| rest.starts_with(char::is_alphabetic))
    };
    if !shouted && words.contains(&"NOT") || words.iter().any(|word| is_left_out(&word)) {
        let fix = "search without it, or narrow the search by `filters`".to_owned();
        return refused("a word that must not be there", fix);
    }
    let quoted = |word: &&&str| word.starts_with(['"', '\u{201c}', '\u{201e}']);
    let closed = words.iter().skip_while(|word| !quoted(word));
    if closed
        .into_iter()
        .any(|word| word.ends_with(['"', '\u{201c}', '\u{201d}']))
    {
        let bare = text.replace(['"', '\u{201c}', '\u{201d}', '\u{201e}'], "");
        let fix = format!("leave the quotes out: query:\"{}\"", bare.trim());
        return refused("words in quotes, to be found side by side", fix);
    }
    Ok(())
}

/// Told of cases found by words: where else they may stand.
pub(super) fn tell_where(query: &ListQuery<'_>) -> Option<&'static str> {
    let told = "Zoho looks for words in a few fields of cases, such as number, subject and description, not in their \
        messages, comments and resolution; `filters` ask for others.";
    (query.has_words() && query.module.related.contains_key("threads")).then_some(told)
}

/// Told of words with a sign that stands for letters: nothing says that a word without it is looked for within others.
pub(super) fn tell_star(query: &ListQuery<'_>) -> Option<&'static str> {
    let mut texts = query
        .words
        .into_iter()
        .chain(query.any.iter().map(String::as_str));
    let told = "A `*` may narrow the search to what begins so: without it words are found wherever they stand, often in more records.";
    texts.any(|text| text.contains('*')).then_some(told)
}

/// Told where nothing was found by words: what else would have found it.
pub(super) fn tell_nothing_found(query: &ListQuery<'_>) -> Option<String> {
    let texts = query
        .words
        .into_iter()
        .chain(query.any.iter().map(String::as_str));
    let texts: Vec<&str> = texts.collect();
    let first = *texts.first()?;
    let mut told = Vec::new();
    let each: Vec<&str> = first.split_whitespace().collect();
    if let (Some(_), [_, _, ..]) = (query.words, each.as_slice()) {
        let either = each
            .iter()
            .filter(|word| word.chars().count() >= SHORTEST)
            .take(MOST);
        let either = json!(either.collect::<Vec<&&str>>());
        told.push(format!(
            "All words have to be in one record: fewer find more, any:{either} those with any of them."
        ));
    }
    if texts.iter().any(|text| phone::is_whole(text)) {
        told.push(
            "A number is found in this notation only; find_customer's `phone` looks for others, too."
                .to_owned(),
        );
    } else {
        let bare: Vec<&str> = first.split_whitespace().map(without_signs).collect();
        let bare = bare.join(" ").trim().to_owned();
        let differs = !bare.is_empty() && bare != in_one_line(first);
        told.extend(differs.then(|| {
            format!(
                "Signs count, too: call again with query:{}, which has none.",
                json!(bare)
            )
        }));
    }
    (!told.is_empty()).then(|| told.join(" "))
}

/// A word without the signs at its edges.
fn without_signs(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
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

/// The words of a text, one blank between them.
pub fn in_one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}
