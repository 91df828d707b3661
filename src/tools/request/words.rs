//! Words to search for: Zoho looks for records that have all of them, and knows none of the signs that other searches do.

mod asked;

use std::borrow::Cow;

use asked::{Sign, Taking};
use serde_json::json;

use super::{ListQuery, phone};
use crate::names::pointer;
use crate::tools::error::ToolError;

/// Texts of which any is enough at most: each may be a search of its own.
const MOST: usize = 10;
/// Characters that a search of Desk looks for at least (OAS, `_all`).
const SHORTEST: usize = 3;
/// Characters that a search of CRM looks for at least (OAS, `word`).
const SHORTEST_OF_CRM: usize = 2;

/// Words, and which of `any` they are; none where they are `query`.
type Given<'q> = (Option<usize>, Cow<'q, str>);

/// The words of a query as Desk's parameter takes them: of several separated by commas its searches want one only, its
/// lists know no such thing.
///
/// # Errors
/// As [`of`], and what is not searched for so.
pub(super) fn for_desk(query: &ListQuery<'_>, searching: bool) -> Result<Option<String>, ToolError> {
    let words = of(query)?;
    let taking = Taking::of(query);
    let mut divided = words.iter().filter(|(_, words)| searching && words.contains(','));
    if let Some((at, words)) = divided.next() {
        return Err(with_a_comma(&taking, *at, words));
    }
    let words: Vec<Cow<'_, str>> = words.into_iter().map(|(_, words)| words).collect();
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

/// Where a text stands: `query`, or one of `any`.
fn path_of(at: Option<usize>) -> String {
    at.map_or_else(|| "/query".to_owned(), |index| pointer::below("/any", index))
}

/// Words with a comma, which could be all to be there or one of them.
fn with_a_comma(taking: &Taking<'_>, at: Option<usize>, words: &str) -> ToolError {
    let pieces = taking.pieces(words);
    let all = taking
        .all_of(&pieces)
        .filter(|_| at.is_none() && pieces.len() > 1);
    let either = taking.argument(at, &pieces);
    let mut ways: Vec<String> = all
        .into_iter()
        .map(|all| format!("query:{} finds all of them", json!(all)))
        .collect();
    ways.extend(either.map(|either| match ways.is_empty() {
        true => either,
        false => format!("{either} either"),
    }));
    ways.extend(taking.as_a_subject(words).filter(|_| at.is_none()));
    let got = "words with a comma, which Zoho reads as `or`";
    let fix = (!ways.is_empty()).then(|| ways.join(", "));
    ToolError::argument(&path_of(at), "words without commas", got, fix)
}

/// Fewer characters than are searched for.
fn too_short(taking: &Taking<'_>, at: Option<usize>, words: &str) -> ToolError {
    let others = "a longer text, or `filters` on numbers, addresses and names of people";
    let fix = match taking.lengthened(&in_one_line(words)) {
        Some(longer) => format!("{} in its place, {others}", json!(longer)),
        None => others.to_owned(),
    };
    let least = taking.least();
    let expected = format!("at least {least} characters, for Zoho searches for no fewer");
    ToolError::argument(&path_of(at), expected, json!(words).to_string(), Some(fix))
}

/// The texts of a query of which any is to be found, and where each of them stands among several.
///
/// # Errors
/// They hold what would be looked for as a word although it is meant as a sign: few records or none would be found.
pub(super) fn of<'q>(query: &'q ListQuery<'_>) -> Result<Vec<Given<'q>>, ToolError> {
    if query.words.is_some() && !query.any.is_empty() {
        let fix = "`query` has words that are all to be there, `any` those of which one is enough".to_owned();
        return Err(ToolError::argument("/any", "`query` or `any`", "both", Some(fix)));
    }
    if query.any.len() > MOST {
        let expected = format!("at most {MOST} texts");
        let got = query.any.len().to_string();
        return Err(ToolError::argument("/any", expected, got, None));
    }
    let either = query.any.iter().enumerate();
    let either = either.map(|(index, words)| (Some(index), words.as_str()));
    let all = query.words.map(|words| (None, words));
    let given: Vec<(Option<usize>, &str)> = all.into_iter().chain(either).collect();
    let taking = Taking::of(query);
    for (at, words) in &given {
        if let Some(sign) = Sign::find(words) {
            return Err(not_plain(&taking, *at, words, sign));
        }
        if !taking.is_long_enough(words) {
            return Err(too_short(&taking, *at, words));
        }
    }
    // Zoho is asked for words; the end of a line between two of them means no more than a blank.
    let on_one_line = |words: &'q str| match words.contains(['\r', '\n']) {
        true => Cow::Owned(in_one_line(words)),
        false => Cow::Borrowed(words),
    };
    let given = given.into_iter().map(|(path, words)| (path, on_one_line(words)));
    Ok(given.collect())
}

/// Told where Zoho has no such sign.
fn not_plain(taking: &Taking<'_>, at: Option<usize>, words: &str, sign: Sign) -> ToolError {
    let pieces = taking.pieces(words);
    let all = taking
        .all_of(&pieces)
        .filter(|_| at.is_none() && pieces.len() > 1);
    let fix = taking.argument(at, &pieces).map(|asked| match (sign, all) {
        (Sign::Either, Some(all)) => format!("{asked} finds either, query:{} all of them", json!(all)),
        (Sign::Without, _) if taking.takes_filters() => {
            format!("search without it: {asked}, and narrow that by `filters`")
        }
        (Sign::Without, _) => format!("search without it: {asked}"),
        (Sign::Quotes, _) => format!("leave the quotes out: {asked}"),
        _ => format!("leave it out: {asked}"),
    });
    let fix = fix.unwrap_or_else(|| "words to look for".to_owned());
    let expected = "words that are all to be there";
    ToolError::argument(&path_of(at), expected, sign.in_words(), Some(fix))
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
    let taking = Taking::of(query);
    let mut told = Vec::new();
    let each: Vec<&str> = first.split_whitespace().collect();
    if let (Some(_), [_, _, ..]) = (query.words, each.as_slice()) {
        let letters = |word: &str| word.chars().filter(|sign| sign.is_alphanumeric()).count();
        let is_one = |word: &&&str| letters(word) >= SHORTEST_OF_CRM && taking.takes(word);
        let either: Vec<&&str> = each.iter().filter(is_one).take(MOST).collect();
        let either = match either.is_empty() || !taking.takes_any() {
            true => String::new(),
            false => format!(", any:{} those with any of them", json!(either)),
        };
        told.push(format!(
            "All words have to be in one record: fewer find more{either}."
        ));
    }
    if texts.iter().any(|text| phone::is_whole(text)) {
        told.push(
            "A number is found in this notation only; find_customer's `phone` looks for others, too."
                .to_owned(),
        );
    } else {
        let bare: Vec<&str> = first.split_whitespace().map(without_signs).collect();
        let bare = in_one_line(&bare.join(" "));
        let differs = !bare.is_empty() && bare != in_one_line(first) && taking.takes(&bare);
        let at = query.words.is_none().then_some(0);
        let asked = taking.argument(at, &[bare]).filter(|_| differs);
        told.extend(asked.map(|asked| format!("Signs count, too: call again with {asked}, which has none.")));
    }
    (!told.is_empty()).then(|| told.join(" "))
}

/// A word without the signs at its edges.
fn without_signs(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// The words of a text, one blank between them.
pub fn in_one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}
