//! `config.toml`: what it says, where it can be understood, and what is wrong with it.

use std::io;
use std::path::Path;

use serde::Deserialize as _;
use toml::Table;

use super::environment::Left;
use super::rows::{holds_placeholder, name_of};
use super::{CLIENT, ConfigError, Settings};
use crate::names::{nearest, tell_nearest};
use crate::regular;

/// No file of settings is as long.
const MOST_BYTES: u64 = 1024 * 1024;

/// What a file says.
#[derive(Default)]
pub(super) struct InFile {
    /// By the keys that can be understood.
    pub(super) said: Settings,
    /// The keys that hold a placeholder which nobody filled in, and what they are still good for.
    pub(super) unfilled: Vec<(String, Left)>,
    /// What is wrong with it.
    pub(super) broken: Vec<ConfigError>,
}

impl InFile {
    /// What the file of that path says; one that nobody named may be missing.
    pub(super) fn read(path: Option<&Path>, is_named: bool) -> Self {
        let Some(path) = path else {
            return InFile::default();
        };
        match regular::read(path, MOST_BYTES) {
            Ok(text) => InFile::of_text(path, &text),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !is_named => InFile::default(),
            Err(error) => InFile {
                broken: vec![broken(path, error.to_string())],
                ..InFile::default()
            },
        }
    }

    fn of_text(path: &Path, text: &str) -> Self {
        let (said, broken) = match toml::from_str(text) {
            Ok(said) => (said, Vec::new()),
            Err(error) => sound(path, text, &error),
        };
        InFile {
            unfilled: unfilled(text, &said),
            said,
            broken,
        }
    }
}

/// That a file with this text could be used.
///
/// # Errors
/// What is wrong with it.
pub fn check(path: &Path, text: &str) -> Result<(), ConfigError> {
    let broken = InFile::of_text(path, text).broken;
    broken.into_iter().next().map_or(Ok(()), Err)
}

fn broken(path: &Path, reason: String) -> ConfigError {
    ConfigError::File {
        path: path.to_owned(),
        reason,
    }
}

/// What can be understood of a file that is not right as a whole, and what is wrong: with one that is no TOML the first place
/// where it is none, else with each key.
fn sound(path: &Path, text: &str, error: &toml::de::Error) -> (Settings, Vec<ConfigError>) {
    let Ok(keys) = toml::from_str::<Table>(text) else {
        // The error as it shows itself quotes the line, which may hold a password.
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.unwrap_or_default().matches('\n').count();
        let written = text.lines().nth(line).unwrap_or_default();
        return (
            Settings::default(),
            vec![broken(path, placed(line, key_of(written), error.message()))],
        );
    };
    let (mut right, mut wrong) = (Table::new(), Vec::new());
    for (key, value) in keys {
        let alone = Table::from_iter([(key.clone(), value.clone())]);
        match Settings::deserialize(alone) {
            Ok(_) => drop(right.insert(key, value)),
            Err(error) => {
                let line = text.lines().position(|line| key_of(line) == key);
                wrong.push((line.unwrap_or_default(), key, error.message().to_owned()));
            }
        }
    }
    wrong.sort();
    let wrong = wrong
        .iter()
        .map(|(line, key, message)| broken(path, placed(*line, key, message)));
    (Settings::deserialize(right).unwrap_or_default(), wrong.collect())
}

/// The key that a line gives a value or begins a table of.
fn key_of(line: &str) -> &str {
    let key = line.split_once('=').map_or(line, |(key, _)| key);
    let key = key.split('.').next().unwrap_or_default();
    key.trim_matches(['[', ']', '"', '\'', ' ', '\t'])
}

/// Where it is wrong, with the key if it is one of ours: another may be a secret on the wrong line.
fn placed(line: usize, key: &str, message: &str) -> String {
    let is_known = Settings::ROWS.iter().any(|row| row.replace('_', "-") == key);
    let key = if is_known {
        format!(", {key}")
    } else {
        String::new()
    };
    format!("line {}{key}: {}", line + 1, told(message))
}

/// What is wrong with a file. A key that nobody knows may be a secret on the wrong line: it is told by the one it is near.
fn told(message: &str) -> String {
    let unknown = message
        .strip_prefix("unknown field `")
        .and_then(|rest| rest.split_once("`, expected"));
    let Some((unknown, _)) = unknown else {
        return message.to_owned();
    };
    if CLIENT.contains(&unknown.replace('-', "_").as_str()) {
        let [id, secret] = CLIENT.map(name_of);
        return format!(
            "an OAuth client stands in the JSON file that `client-file` names, or in {id} and {secret}, and not here"
        );
    }
    let known: Vec<String> = Settings::ROWS.iter().map(|row| row.replace('_', "-")).collect();
    let near = nearest(unknown, known.iter().map(String::as_str));
    let all = format!("settings are {}", known.join(", "));
    format!("no setting has this name; {}", tell_nearest(&near, &all))
}

/// The keys of a file that hold a placeholder which nobody filled in, and what the file still says by them.
fn unfilled(text: &str, said: &Settings) -> Vec<(String, Left)> {
    let keys: Table = match holds_placeholder(text) {
        true => toml::from_str(text).unwrap_or_default(),
        false => return Vec::new(),
    };
    let held = keys
        .into_iter()
        .filter(|(_, value)| holds_placeholder(&value.to_string()));
    held.map(|(key, _)| match said.says(&key.replace('-', "_")) {
        true => (key, Left::Items),
        false => (key, Left::Nothing),
    })
    .collect()
}
