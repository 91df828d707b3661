//! Which tool a name means: itself, itself in another style, or itself behind the namespace a client put before it.

use std::sync::LazyLock;

use serde::Deserialize;

use super::rules;
use crate::names::{LONGEST, nearest, same_style};

/// `tool-schemas/tool_names.json`: words that stand in names of tools, which this server does not have.
#[derive(Default, Deserialize)]
struct Words {
    /// Of a namespace, before a name with a single separator.
    namespaces: Vec<String>,
    /// That say that something is changed,
    writing: Vec<String>,
    /// or only looked at.
    reading: Vec<String>,
}

fn words() -> &'static Words {
    static WORDS: LazyLock<Words> = LazyLock::new(|| {
        let text = include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tool-schemas/tool_names.json"
        ));
        serde_json::from_str(text).unwrap_or_default()
    });
    &WORDS
}

/// Whether the name of a tool says that it changes something, and nowhere that it looks.
pub fn asks_to_write(asked: &str) -> bool {
    let divided = divided(asked).to_lowercase();
    let said: Vec<&str> = divided.split(|c: char| !c.is_alphanumeric()).collect();
    let says = |words: &[String]| words.iter().any(|word| said.contains(&word.as_str()));
    says(&words().writing) && !says(&words().reading)
}

/// What a tool name that was asked for stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameMatch<'a> {
    /// The name of a tool.
    Exact(&'a str),
    /// The name of exactly one tool in another style or behind a namespace.
    Repaired {
        /// The tool's own name.
        name: &'a str,
        /// Stable name of the rule.
        rule: &'static str,
    },
    /// No tool, or not exactly one.
    Unknown {
        /// The nearest names, nearest first, at most three.
        nearest: Vec<&'a str>,
    },
}

/// Finds the tool a name means among `names`; a misspelt name is never taken for another.
pub fn resolve_name<'a>(asked: &str, names: &[&'a str]) -> NameMatch<'a> {
    if let Some(exact) = names.iter().find(|name| **name == asked) {
        return NameMatch::Exact(exact);
    }
    let plain = asked.trim().trim_matches(['"', '\'', '`']);
    if plain.len() > LONGEST * 2 {
        return NameMatch::Unknown { nearest: Vec::new() };
    }
    let plain = without_call_marks(plain);
    if let Some(name) = only(plain, names).or_else(|| only(&plain.replace(['.', '/', ':'], "_"), names)) {
        return NameMatch::Repaired {
            name,
            rule: rules::TOOL_NAME_STYLE.name(),
        };
    }
    if let Some(name) = behind_namespace(plain, names) {
        return NameMatch::Repaired {
            name,
            rule: rules::TOOL_NAME_NAMESPACE.name(),
        };
    }
    let last = after_strong_separator(plain).unwrap_or(plain);
    NameMatch::Unknown {
        nearest: nearest(last, names.iter().copied()),
    }
}

/// Without the `()` of a call and the `:0` of a numbered one.
fn without_call_marks(name: &str) -> &str {
    let name = name.strip_suffix("()").unwrap_or(name);
    match name.rsplit_once(':') {
        Some((head, number)) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => head,
        _ => name,
    }
}

fn only<'a>(asked: &str, names: &[&'a str]) -> Option<&'a str> {
    let mut found = names.iter().filter(|name| same_style(asked, name));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn after_strong_separator(name: &str) -> Option<&str> {
    let double = name.rfind("__").map(|at| at + 2);
    let single = name.rfind(['.', ':', '/']).map(|at| at + 1);
    name.get(double.max(single)?..)
}

fn behind_namespace<'a>(asked: &str, names: &[&'a str]) -> Option<&'a str> {
    if let Some(last) = after_strong_separator(asked) {
        if let Some(name) = only(last, names) {
            return Some(name);
        }
        return strip_words(last, names);
    }
    strip_words(asked, names)
}

fn strip_words<'a>(asked: &str, names: &[&'a str]) -> Option<&'a str> {
    let divided = divided(asked);
    let mut rest = divided.as_str();
    while let Some((word, tail)) = rest.split_once(['_', '-', ' ']) {
        if !words().namespaces.contains(&word.to_ascii_lowercase()) {
            return None;
        }
        if let Some(name) = only(tail, names) {
            return Some(name);
        }
        rest = tail;
    }
    None
}

/// `zohoGetRecords` as `zoho_Get_Records`.
fn divided(name: &str) -> String {
    let mut divided = String::with_capacity(name.len() + 4);
    let mut lower = false;
    for c in name.chars() {
        if lower && c.is_uppercase() {
            divided.push('_');
        }
        lower = c.is_lowercase();
        divided.push(c);
    }
    divided
}
