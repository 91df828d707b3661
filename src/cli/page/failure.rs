//! A failure for people: what it is, each argument that is wrong, a call that would be right, and what to do.

use serde_json::{Map, Value};

use super::{Look, list};
use crate::cli::{terminal, text};
use crate::tools::mending::Wording;

/// The page of a failure, as a call answers it.
pub(in crate::cli) fn of_failure(tool: &str, failure: &Value, look: &Look, wording: &Wording) -> String {
    let text = |key: &str| failure.get(key).and_then(Value::as_str).unwrap_or_default();
    let columns = look.columns;
    let mut parts = vec![format!("error: {}", text::hanging(text("error"), 7, columns))];
    let problems: Vec<(String, String)> = failure
        .as_object()
        .into_iter()
        .flat_map(|members| list(members, "problems"))
        .map(problem)
        .collect();
    let width = problems.iter().map(|(place, _)| text::width(place)).max();
    let width = width.unwrap_or_default();
    for (place, words) in &problems {
        let words = text::hanging(words, width + 4, columns);
        parts.push(format!("  {}  {words}", text::padded(place, width)));
    }
    if let Some(example) = failure.get("example").and_then(Value::as_object) {
        parts.push(format!("example: {}", wording.call(tool, &pairs(example))));
    }
    let next = terminal::to_reader(text("next"));
    parts.push(format!("next: {}", text::hanging(&next, 6, columns)));
    parts.join("\n")
}

/// The argument a problem is about, and what is wrong with it.
fn problem(problem: &Value) -> (String, String) {
    let text = |key: &str| problem.get(key).and_then(Value::as_str).unwrap_or_default();
    let place = match text("path").trim_start_matches('/') {
        "" => "(all)".to_owned(),
        place => place.replace('/', "."),
    };
    let mut words = format!("got {}; expected {}", text("got"), text("expected"));
    let suggestion = text("suggestion");
    if !suggestion.is_empty() {
        words.push_str(&format!("; meant {suggestion}?"));
    }
    (place, words)
}

/// Arguments as a person types them; what a shell would take apart stands in quotes.
pub(in crate::cli) fn pairs(arguments: &Map<String, Value>) -> String {
    let shown = arguments.iter().map(|(name, value)| {
        let text = match value {
            Value::String(text) if serde_json::from_str::<Value>(text).is_err() => text.clone(),
            value => value.to_string(),
        };
        let is_plain = |sign: char| sign.is_alphanumeric() || "_-.,:@/+".contains(sign);
        match text.chars().all(is_plain) {
            true => format!("{name}={text}"),
            false => format!("{name}='{}'", text.replace('\'', r"'\''")),
        }
    });
    shown.collect::<Vec<_>>().join(" ")
}
