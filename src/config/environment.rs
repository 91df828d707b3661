//! The variables of this process's environment that configure it: `ZOHO_MCP_` and a name.

use super::ConfigError;
use crate::names;
use std::ffi::OsString;

const PREFIX: &str = "ZOHO_MCP_";

/// Every name that means something.
const KNOWN: [&str; 20] = [
    "CALLBACK_PORT",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "CONFIG",
    "CONNECTION",
    "DATABASE_URL",
    "EXCLUDE_TOOLS",
    "FILES",
    "KEY",
    "KEYRING",
    "KEY_FILE",
    "LOG_LEVEL",
    "NOW",
    "READ_ONLY",
    "SANDBOX",
    "SANDBOX_URL",
    "TIMEZONE",
    "TOOLS",
    "TOOLSETS",
    "USER",
];

/// The value of a variable; an empty one is as good as none.
pub(super) fn variable(name: &'static str) -> Option<String> {
    debug_assert!(KNOWN.contains(&name), "{name} is not told to be known");
    let value = std::env::var(format!("{PREFIX}{name}")).ok();
    value.filter(|value| !value.is_empty())
}

/// Whether a switch is on or off; `None` when nothing is said.
pub(super) fn switch(name: &'static str) -> Result<Option<bool>, ConfigError> {
    let Some(value) = variable(name) else {
        return Ok(None);
    };
    match value.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(Some(true)),
        "0" | "false" | "no" | "off" => Ok(Some(false)),
        _ => Err(ConfigError::Switch { name }),
    }
}

/// The items of a list, written with commas.
pub(super) fn list(name: &'static str) -> Option<Vec<String>> {
    let list = variable(name)?;
    let items = list.split(',').map(|item| item.trim().to_owned());
    Some(items.filter(|item| !item.is_empty()).collect())
}

/// A sentence for each variable that looks like one of ours and means nothing: a slip in a name would pass in silence.
/// Values are not told.
pub fn unknown_variables() -> Vec<String> {
    let mut names: Vec<String> = std::env::vars_os()
        .filter_map(|(name, _)| Some(name.to_string_lossy().strip_prefix(PREFIX)?.to_owned()))
        .filter(|name| !KNOWN.contains(&name.as_str()))
        .collect();
    names.sort();
    names.iter().map(|name| unknown(name)).collect()
}

fn unknown(name: &str) -> String {
    let shown: String = name.chars().filter(|sign| !sign.is_control()).take(60).collect();
    let near = names::nearest(&shown, KNOWN.iter().copied());
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
