//! A failure for people: what it is, each argument that is wrong, a call that would be right, and what to do.

use serde_json::{Map, Value};

use super::{Look, list};
use crate::cli::{terminal, text};
use crate::tools::mending::{Wording, quoted};

/// The page of a failure, as a call answers it; `is_text` says of which argument the tool wants text.
pub(in crate::cli) fn of_failure(
    tool: &str,
    failure: &Value,
    look: &Look,
    wording: &Wording,
    is_text: &dyn Fn(&str) -> bool,
) -> String {
    let text = |key: &str| failure.get(key).and_then(Value::as_str).unwrap_or_default();
    let columns = look.columns;
    let mut parts = vec![format!("error: {}", text::hanging(text("error"), 7, columns))];
    let problems: Vec<(String, String)> = failure
        .as_object()
        .into_iter()
        .flat_map(|members| list(members, "problems"))
        .map(|one| problem(one, text("next")))
        .collect();
    let width = problems.iter().map(|(place, _)| text::width(place)).max();
    let width = width.unwrap_or_default();
    for (place, words) in &problems {
        let words = text::hanging(words, width + 4, columns);
        parts.push(format!("  {}  {words}", text::padded(place, width)));
    }
    if let Some(example) = failure.get("example").and_then(Value::as_object) {
        parts.push(format!(
            "example: {}",
            wording.call(tool, &pairs(example, is_text))
        ));
    }
    let next = terminal::to_reader(text("next"));
    parts.push(format!("next: {}", text::hanging(&next, 6, columns)));
    parts.join("\n")
}

/// The argument a problem is about, and what is wrong with it; what is told as the next step is not told twice.
fn problem(problem: &Value, next: &str) -> (String, String) {
    let text = |key: &str| problem.get(key).and_then(Value::as_str).unwrap_or_default();
    let place = match text("path").trim_start_matches('/') {
        "" => "(all)".to_owned(),
        place => place.replace('/', "."),
    };
    let mut words = format!("got {}; expected {}", text("got"), text("expected"));
    let suggestion = text("suggestion");
    let is_told = suggestion.contains(' ') && next.contains(suggestion.trim_end_matches('.'));
    if is_told || is_advice(suggestion) {
        let told = Some(format!(". {suggestion}")).filter(|_| !is_told);
        words.push_str(&told.unwrap_or_default());
    } else if !suggestion.is_empty() {
        words.push_str(&format!("; meant {}?", as_typed(suggestion)));
    }
    (place, words)
}

/// Whether a suggestion says what to do, and is no value or key that may have been meant.
fn is_advice(suggestion: &str) -> bool {
    const WORDS_OF_A_VALUE: usize = 6;
    suggestion.ends_with('.') && suggestion.contains(' ')
        || suggestion.split_whitespace().count() > WORDS_OF_A_VALUE
}

/// A key inside another as a person types it.
fn as_typed(suggestion: &str) -> String {
    let inside = suggestion.split_once("` inside `");
    match inside.and_then(|(key, object)| Some((key.strip_prefix('`')?, object.strip_suffix('`')?))) {
        Some((key, object)) => format!("{object}.{key}"),
        None => suggestion.to_owned(),
    }
}

/// Arguments as a person types them, what is inside another one with a dot; what a shell would take apart stands in quotes.
pub(in crate::cli) fn pairs(arguments: &Map<String, Value>, is_text: &dyn Fn(&str) -> bool) -> String {
    let mut pairs = Vec::new();
    for (name, value) in arguments {
        put_pairs(name, value, is_text, &mut pairs);
    }
    pairs.join(" ")
}

fn put_pairs(name: &str, value: &Value, is_text: &dyn Fn(&str) -> bool, pairs: &mut Vec<String>) {
    if let Value::Object(members) = value
        && !members.is_empty()
        && members.keys().all(|key| is_plain(key) && !key.contains('.'))
    {
        for (key, value) in members {
            put_pairs(&format!("{name}.{key}"), value, is_text, pairs);
        }
        return;
    }
    let text = match value {
        // What is JSON would be read as such, but where text is wanted.
        Value::String(text) if is_text(name) && !text.starts_with('"') => text.clone(),
        Value::String(text) if serde_json::from_str::<Value>(text).is_err() => text.clone(),
        value => value.to_string(),
    };
    pairs.push(match is_plain(&text) {
        true => format!("{name}={text}"),
        false => format!("{name}={}", quoted(&text)),
    });
}

/// Whether a shell takes a word as it stands.
fn is_plain(word: &str) -> bool {
    let is_plain = |sign: char| sign.is_alphanumeric() || "_-.,:@/+".contains(sign);
    word.chars().all(is_plain)
}
