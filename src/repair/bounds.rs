//! How much one call may say. What is beyond it is refused before anything is compared: the work of a call must not grow
//! with what a caller sends. No document asks for these figures: they are far above what calls need, and below what was
//! measured to hold a server up.

use serde_json::Value;

use super::{Access, Problem};
use crate::names::pointer;

/// Longest arguments, in bytes of JSON: the texts of a write are in it, too.
pub const LONGEST_ARGUMENTS: usize = 1 << 20;
/// Longest text that a read can mean, in characters.
const LONGEST_TEXT: usize = 20_000;
const MOST_KEYS: usize = 200;
/// Longest key, in bytes: no name is as long.
const LONGEST_KEY: usize = 1_000;
const MOST_ITEMS: usize = 2_000;
/// Items of one list that a read can mean: each name is compared with those of every field.
const MOST_ITEMS_OF_READ: usize = 500;
/// Values in all, those inside others counted.
const MOST_VALUES: usize = 5_000;

/// What is wrong with arguments of this length.
pub(super) fn too_long(text: &str) -> Option<Problem> {
    let kib = LONGEST_ARGUMENTS / 1024;
    (text.len() > LONGEST_ARGUMENTS)
        .then(|| problem("", format!("arguments of at most {kib} KiB"), "longer ones"))
}

/// The first thing in the arguments there is too much of.
pub(super) fn excess(arguments: &Value, access: Access) -> Option<Problem> {
    excess_at("", arguments, access, &mut 0)
}

fn excess_at(path: &str, value: &Value, access: Access, values: &mut usize) -> Option<Problem> {
    *values += 1;
    if *values > MOST_VALUES {
        let got = format!("more than {MOST_VALUES}");
        return Some(problem("", format!("at most {MOST_VALUES} values in all"), got));
    }
    match value {
        Value::String(text) if access == Access::Read && is_longer(text) => Some(problem(
            path,
            format!("text of at most {LONGEST_TEXT} characters"),
            "a longer text",
        )),
        Value::Array(items) if items.len() > most_items(access) => {
            let got = format!("a list of {} items", items.len());
            Some(problem(
                path,
                format!("at most {} items", most_items(access)),
                got,
            ))
        }
        Value::Object(members) if members.len() > MOST_KEYS => {
            let got = format!("an object of {} keys", members.len());
            Some(problem(path, format!("at most {MOST_KEYS} keys"), got))
        }
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            items.find_map(|(index, item)| excess_at(&pointer::below(path, index), item, access, values))
        }
        Value::Object(members) => members.iter().find_map(|(key, member)| {
            if key.len() > LONGEST_KEY {
                let got = format!("one of {} characters", key.chars().count());
                return Some(problem(path, "keys that are names of fields or arguments", got));
            }
            excess_at(&pointer::below(path, key), member, access, values)
        }),
        _ => None,
    }
}

fn most_items(access: Access) -> usize {
    match access {
        Access::Read => MOST_ITEMS_OF_READ,
        Access::Write => MOST_ITEMS,
    }
}

fn is_longer(text: &str) -> bool {
    text.len() > LONGEST_TEXT && text.chars().nth(LONGEST_TEXT).is_some()
}

fn problem(path: &str, expected: impl Into<String>, got: impl Into<String>) -> Problem {
    Problem {
        path: path.to_owned(),
        expected: expected.into(),
        got: got.into(),
        suggestion: None,
        ..Problem::default()
    }
}
