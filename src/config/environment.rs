//! The variables of this process's environment that configure it: `ZOHO_MCP_` and the name of a row.

use std::ffi::OsString;

use super::rows::{PREFIX, holds_placeholder, is_placeholder};
use super::settings::{Private, Settings};
use crate::names;

/// The variable of this name in this process's environment.
pub(super) fn of_process(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn known() -> Vec<String> {
    let rows = Settings::ROWS.iter().chain(Private::ROWS);
    rows.map(|row| row.to_ascii_uppercase()).collect()
}

/// A sentence for each variable that looks like one of ours and means nothing, by its name or by a placeholder that its
/// host left in it: both would pass in silence.
/// Values are not told.
pub fn unknown_variables() -> Vec<String> {
    let known = known();
    let mut names: Vec<String> = std::env::vars_os()
        .filter_map(|(name, _)| Some(name.to_string_lossy().strip_prefix(PREFIX)?.to_owned()))
        .filter(|name| !known.contains(name))
        .collect();
    names.sort();
    let unknown = names.iter().map(|name| unknown(name, &known));
    let unfilled = known.iter().filter(|name| {
        let value = of_process(&format!("{PREFIX}{name}"));
        value.is_some_and(|value| holds_placeholder(&value))
    });
    let unfilled = unfilled.map(|name| {
        format!("{PREFIX}{name} holds a placeholder that was not filled in: it counts as not set")
    });
    unknown.chain(unfilled).collect()
}

fn unknown(name: &str, known: &[String]) -> String {
    let shown: String = name.chars().filter(|sign| !sign.is_control()).collect();
    let shown = names::clip(&shown, 60);
    let near = names::nearest(&shown, known.iter().map(String::as_str));
    let hint = near.first().map_or_else(String::new, |known| {
        format!("; {PREFIX}{known} is the nearest that does")
    });
    format!("{PREFIX}{shown} means nothing to zoho-mcp and is left out{hint}")
}

/// The variables of this process's environment that configure this program, and PostgreSQL's password: a child
/// process that serves another purpose is started without them.
pub fn own_variables() -> Vec<OsString> {
    std::env::vars_os()
        .map(|(name, _)| name)
        .filter(|name| name == "PGPASSWORD" || name.to_string_lossy().starts_with(PREFIX))
        .collect()
}

/// What Windows starts no program without; nothing elsewhere.
pub fn system_variables() -> impl Iterator<Item = (&'static str, OsString)> {
    let root = std::env::var_os("SystemRoot").filter(|_| cfg!(windows));
    root.map(|root| ("SystemRoot", root)).into_iter()
}

/// Whether a flag is that of a row.
fn is_row(flag: &str) -> bool {
    let row = flag.trim_start_matches("--").replace('-', "_");
    row == "port" || Settings::ROWS.contains(&row.as_str())
}

/// Rows in which a placeholder is not all there is to a value: one item of a list, or a part of a secret.
fn goes_on(option: &str) -> bool {
    matches!(
        option,
        "--toolsets" | "--tools" | "--exclude-tools" | "--database-url"
    )
}

/// The command line without the options whose value a host left a placeholder in (`--files ${user_config.files}`): they
/// count as not given, and a sentence for each says so. An option with a blank value counts as not given, as a blank
/// variable does.
pub fn command_line() -> (Vec<OsString>, Vec<String>) {
    let (mut kept, mut unfilled): (Vec<OsString>, Vec<String>) = Default::default();
    for word in std::env::args_os() {
        let text = word.to_string_lossy();
        let last = kept.last().map(|last| last.to_string_lossy().into_owned());
        let (option, value) = match text.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option.to_owned(), value),
            _ => (last.unwrap_or_default(), text.as_ref()),
        };
        let is_blank = value.trim().is_empty() && is_row(&option);
        let is_unfilled = is_placeholder(value) || is_row(&option) && holds_placeholder(value);
        if !(option.starts_with("--") && (is_unfilled || is_blank)) {
            kept.push(word);
            continue;
        }
        if is_unfilled && !is_placeholder(value) && goes_on(&option) {
            unfilled.push(format!(
                "{option} holds a placeholder that was not filled in: it counts as not given"
            ));
            kept.push(word);
            continue;
        }
        if !text.starts_with("--") {
            kept.pop();
        }
        if is_blank {
            continue;
        }
        unfilled.push(format!(
            "{option} holds a placeholder that was not filled in: it counts as not given"
        ));
    }
    (kept, unfilled)
}
