//! The variables of this process's environment that configure it: `ZOHO_MCP_` and the name of a row.

use std::ffi::OsString;

use jiff::tz::TimeZone;

use super::rows::{PREFIX, holds_placeholder, is_placeholder, name_of};
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
    let unfilled = Settings::ROWS.iter().chain(Private::ROWS).filter_map(|row| {
        let variable = name_of(row);
        let left = left_of(row, &of_process(&variable)?)?;
        left.told(&variable)
    });
    unknown.chain(unfilled).collect()
}

/// What a value is still good for in which a host left a placeholder.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Left {
    Nothing,
    /// The other items of a list.
    Items,
    /// It stops the start, which says so itself: a part of a secret or of an address is none.
    Refusal,
}

impl Left {
    /// A sentence about it, for whoever is to fill it in.
    pub(super) fn told(self, place: &str) -> Option<String> {
        match self {
            Left::Nothing => Some(format!(
                "{place} holds a placeholder that was not filled in: it counts as not given"
            )),
            Left::Items => Some(format!(
                "{place} has an item with a placeholder that was not filled in: that item does not count"
            )),
            Left::Refusal => None,
        }
    }
}

/// What the row itself makes of a value with a placeholder in it; `None` where there is no placeholder.
fn left_of(row: &str, value: &str) -> Option<Left> {
    let says = match Private::ROWS.contains(&row) {
        true => Private::of_text(row, value).map(|said| said.says(row)),
        false => Settings::of_text(row, value).map(|said| said.says(row)),
    };
    holds_placeholder(value).then_some(match says {
        Ok(false) => Left::Nothing,
        Ok(true) => Left::Items,
        Err(_) => Left::Refusal,
    })
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

/// The program that a person reads long pages with; a blank one is none.
pub fn pager() -> Option<String> {
    of_process("PAGER")
}

/// Whether nobody has said how `less` is to behave.
pub fn may_set_less() -> bool {
    of_process("LESS").is_none()
}

/// The program that a person writes files with.
pub fn editor() -> Option<String> {
    let named = ["VISUAL", "EDITOR"].into_iter().filter_map(of_process);
    named.into_iter().find(|named| !named.trim().is_empty())
}

/// The columns of whoever reads what goes into a pipe, as shells and scripts say them.
pub fn columns() -> Option<u16> {
    of_process("COLUMNS")?.trim().parse().ok()
}

/// Whether nobody has said that they want no colours (<https://no-color.org>), on a terminal that shows some.
pub fn may_colour() -> bool {
    of_process("NO_COLOR").is_none_or(|said| said.is_empty()) && may_paint()
}

/// Whether the terminal takes more than plain text.
pub fn may_paint() -> bool {
    of_process("TERM").is_none_or(|name| name != "dumb")
}

/// The row of a flag.
fn row_of(flag: &str) -> Option<String> {
    let row = match flag.trim_start_matches("--") {
        "port" => "callback_port".to_owned(),
        flag => flag.replace('-', "_"),
    };
    Settings::ROWS.contains(&row.as_str()).then_some(row)
}

/// The command line without the options whose value a host left a placeholder in (`--files ${user_config.files}`), and a
/// sentence for each. An option with a blank value counts as not given, as a blank variable does.
pub fn command_line() -> (Vec<OsString>, Vec<String>) {
    let (mut kept, mut unfilled): (Vec<OsString>, Vec<String>) = Default::default();
    for word in std::env::args_os() {
        let text = word.to_string_lossy();
        let last = kept.last().map(|last| last.to_string_lossy().into_owned());
        let (option, value) = match text.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option.to_owned(), value),
            _ => (last.unwrap_or_default(), text.as_ref()),
        };
        let row = row_of(&option);
        let left = match &row {
            _ if !option.starts_with("--") => None,
            Some(row) => left_of(row, value),
            None => is_placeholder(value).then_some(Left::Nothing),
        };
        unfilled.extend(left.and_then(|left| left.told(&option)));
        let is_blank = value.trim().is_empty() && row.is_some();
        if is_blank || left == Some(Left::Nothing) {
            if !text.starts_with("--") {
                kept.pop();
            }
        } else {
            kept.push(word);
        }
    }
    (kept, unfilled)
}

/// The time zone of whoever started this process, by `TZ` or the system.
pub fn system_zone() -> TimeZone {
    TimeZone::system()
}
