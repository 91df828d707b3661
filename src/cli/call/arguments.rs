//! The arguments of a call as a person types them: one JSON object, or `key=value` pairs.

use std::io::{IsTerminal as _, Read as _};

use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use crate::cli::ending::unless_stopped;
use crate::cli::{Failure, terminal};

/// The arguments as JSON text; `is_text` says of which argument the tool wants text. None given are none: a person has
/// nothing to be told about that.
///
/// # Errors
/// Pairs that contradict each other, or standard input cannot be read.
pub(in crate::cli) fn read(words: &[String], is_text: &dyn Fn(&str) -> bool) -> Result<String, Failure> {
    match words {
        [] => Ok("{}".to_owned()),
        [dash] if dash == "-" => Ok(of_standard_input()?),
        [text] if pair(text).is_none() => Ok(text.clone()),
        words => Ok(of_pairs(words, is_text)?.to_string()),
    }
}

/// Whether a word is `key=value`.
#[cfg(feature = "sandbox")]
pub(in crate::cli) fn is_pair(word: &str) -> bool {
    pair(word).is_some()
}

/// The same, of a command that a signal ends also where it waits for standard input.
///
/// # Errors
/// As [`read`], or a signal has come.
pub(super) async fn read_unless_stopped(
    words: &[String],
    is_text: &dyn Fn(&str) -> bool,
    stop: &CancellationToken,
) -> Result<String, Failure> {
    match words {
        [dash] if dash == "-" => {
            let typed = tokio::task::spawn_blocking(of_standard_input);
            unless_stopped(stop, async { Ok(typed.await??) }).await
        }
        words => read(words, is_text),
    }
}

fn of_standard_input() -> std::io::Result<String> {
    if std::io::stdin().is_terminal() {
        terminal::tell("The arguments are read from standard input; Ctrl-D ends them.");
    }
    let mut text = String::new();
    std::io::stdin().lock().read_to_string(&mut text)?;
    Ok(text)
}

/// `key=value`; the key is a name, or names with a dot between, of which each is inside the one before.
fn pair(word: &str) -> Option<(&str, &str)> {
    let (key, value) = word.split_once('=')?;
    let is_name = |name: &str| !name.is_empty() && !name.contains(|sign: char| "{}[]\"' ,:".contains(sign));
    key.split('.').all(is_name).then_some((key, value))
}

fn of_pairs(words: &[String], is_text: &dyn Fn(&str) -> bool) -> Result<Value, Failure> {
    let mut arguments = Map::new();
    for word in words {
        let (key, value) = pair(word).ok_or_else(|| {
            format!("{word:?} is no key=value pair; give pairs like module=Cases limit=5, or one JSON object in quotes")
        })?;
        // What is JSON is meant so, but for a number where text is wanted; the tool's schema has the last word.
        let is_json = !is_text(key) || value.starts_with('"');
        let json = is_json.then(|| serde_json::from_str(value).ok()).flatten();
        let value = json.unwrap_or_else(|| Value::from(value));
        put(&mut arguments, key, key, value)?;
    }
    Ok(Value::Object(arguments))
}

fn put(members: &mut Map<String, Value>, whole: &str, key: &str, value: Value) -> Result<(), Failure> {
    let twice = || Failure::from(format!("{whole} is given twice"));
    let Some((first, rest)) = key.split_once('.') else {
        return match members.insert(key.to_owned(), value) {
            Some(_) => Err(twice()),
            None => Ok(()),
        };
    };
    let inner = members.entry(first).or_insert_with(|| Value::Object(Map::new()));
    put(inner.as_object_mut().ok_or_else(twice)?, whole, rest, value)
}
