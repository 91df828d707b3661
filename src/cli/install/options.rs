//! The options of an entry that is there already, and those that are said now.

use clap::{Args as _, Command};

use crate::config::Settings;

/// Options that answer one question: whoever says one of them leaves no other standing.
const ONE_QUESTION: [&str; 2] = ["--sandbox", "--sandbox-url"];

/// What was said before, but for what is said anew.
pub(super) fn kept(before: &[String], now: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut words = before.iter().peekable();
    while let Some(word) = words.next() {
        let value = words.next_if(|next| has_value_behind(word) && !next.starts_with('-'));
        if !now.iter().any(|said| answers(said, flag_of(word))) {
            kept.extend([word].into_iter().chain(value).cloned());
        }
    }
    kept
}

/// What is said now, beside what is kept: an option that is said anew stands where it stood.
pub(super) fn joined(before: &[String], now: &[String]) -> Vec<String> {
    let kept = kept(before, now);
    let (mut joined, mut left) = (Vec::new(), now.to_vec());
    let mut of_kept = kept.iter().peekable();
    for word in before {
        if let Some(word) = of_kept.next_if_eq(&word) {
            joined.push(word.clone());
        } else if let Some(place) = left.iter().position(|said| answers(said, flag_of(word))) {
            joined.push(left.remove(place));
        }
    }
    joined.extend(left);
    joined
}

/// Whether an option that is said answers the question of another.
fn answers(said: &str, flag: &str) -> bool {
    let said = flag_of(said);
    said == flag || ONE_QUESTION.contains(&said) && ONE_QUESTION.contains(&flag)
}

fn flag_of(word: &str) -> &str {
    word.split('=').next().unwrap_or_default()
}

/// Whether the value of an option may be the word behind it.
fn has_value_behind(word: &str) -> bool {
    let Some(name) = word.strip_prefix("--").filter(|name| !name.contains('=')) else {
        return false;
    };
    let all = Settings::augment_args(Command::new("zoho-mcp"));
    all.get_arguments()
        .any(|option| option.get_long() == Some(name) && !option.is_require_equals_set())
}
