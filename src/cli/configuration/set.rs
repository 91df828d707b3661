//! `zoho-mcp config set`: one setting is written into the file, and everything else in it stays as the person wrote it.

use std::path::Path;
use std::process::ExitCode;

use toml_edit::{DocumentMut, Item, Value};

use crate::cli::install::{text_of, write_whole};
use crate::cli::{CommandResult, Failure, NotUnderstood, terminal};
use crate::config::{Config, Settings, check_file, holds_password};
use crate::names::{nearest, tell_nearest};

const PASSWORD: &str = "the URL holds a password, which every user of this machine can read on a command line: write it into \
                        the file with `zoho-mcp config edit`, or put the password into a PGPASSFILE";

/// Writes it, once the whole file is understood with it.
pub(super) fn run(flags: &Settings, file: &Path, option: &str, value: &str) -> CommandResult {
    let key = key_of(option)?;
    if holds_password(value) {
        return Err(NotUnderstood(PASSWORD.to_owned()).into());
    }
    let shown = file.display();
    let in_file = |error: &dyn std::fmt::Display| Failure::from(format!("{shown}: {error}"));
    let before = text_of(file).map_err(|error| in_file(&error))?;
    let text = before.as_deref().unwrap_or_default();
    let mut document: DocumentMut = match text.parse() {
        Ok(document) => document,
        // The error as it shows itself quotes the line, which may hold a password.
        Err(_) => check_file(file, text).map(|()| DocumentMut::new())?,
    };
    let mut new = Value::from(value);
    // Put in the place of the old one: inserted, it would take what is written above the key with it.
    match document.get_mut(&key) {
        Some(there) => {
            if let Some(old) = there.as_value() {
                *new.decor_mut() = old.decor().clone();
            }
            *there = Item::Value(new);
        }
        None => drop(document.insert(&key, Item::Value(new))),
    }
    let text = document.to_string();
    check_file(file, &text).map_err(|error| NotUnderstood(error.to_string()))?;
    write_whole(file, &text).map_err(|error| in_file(&error))?;
    if let Err(error) = Config::load(flags.clone()) {
        match before {
            Some(before) => write_whole(file, &before)?,
            None => std::fs::remove_file(file)?,
        }
        return Err(NotUnderstood(error.to_string()).into());
    }
    terminal::tell(&format!("{shown} says {key} = {value:?} now."));
    Ok(ExitCode::SUCCESS)
}

/// The key of an option, however a person writes it.
fn key_of(option: &str) -> Result<String, Failure> {
    let named = option.trim_start_matches('-').replace('_', "-");
    let known: Vec<String> = Settings::ROWS.iter().map(|row| row.replace('_', "-")).collect();
    if known.contains(&named) {
        return Ok(named);
    }
    let near = nearest(&named, known.iter().map(String::as_str));
    let all = format!("options are {}", known.join(", "));
    Err(NotUnderstood(format!(
        "there is no option `{option}`; {}",
        tell_nearest(&near, &all)
    ))
    .into())
}
