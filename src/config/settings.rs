//! Every option, one row each: the row is the flag, the variable, the key of `config.toml` and the help.

use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Args, ValueEnum as _, value_parser};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::{Deserialize, Deserializer, Error as _};

use super::rows::{Shows, holds_placeholder, is_placeholder, rows, says_something};
use super::stand_in::is_stand_in;

/// What options are about, in the order the help tells them.
const ACCOUNT: &str = "Account";
const STORAGE: &str = "Where things are kept";
const TOOLS: &str = "Tools";
const SANDBOX: &str = "Sandbox";
const SCREEN: &str = "Screen and log";

/// When a screen is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Colour {
    /// Where somebody looks at it, and has not said that they want none.
    Auto,
    /// In a pipe, too.
    Always,
    /// Nowhere.
    Never,
}

impl Shows for Colour {
    fn shown(&self) -> String {
        format!("{self:?}").to_ascii_lowercase()
    }
}

/// How far assistants may change what Zoho holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Writes {
    /// Not at all.
    Off,
    /// Drafts and internal comments.
    Draft,
    /// A person agrees to each act.
    Confirm,
    /// What can be undone goes without asking.
    Trusted,
}

impl Shows for Writes {
    fn shown(&self) -> String {
        format!("{self:?}").to_ascii_lowercase()
    }
}

/// How a line of the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

impl Shows for LogFormat {
    fn shown(&self) -> String {
        format!("{self:?}").to_ascii_lowercase()
    }
}

rows! {
    /// What a person can set.
    #[derive(Debug, Clone, Default, Args, serde::Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
    pub struct Settings {
        /// Whose connections are used; needed when the database holds several users
        #[arg(long, global = true, help_heading = ACCOUNT, value_name = "NAME")]
        #[serde(deserialize_with = "text")]
        pub user: Option<String>,
        /// The connection used when a call names none
        #[arg(long, global = true, help_heading = ACCOUNT, value_name = "NAME")]
        #[serde(deserialize_with = "text")]
        pub connection: Option<String>,
        /// sqlite:PATH or postgres://HOST/NAME; default: a SQLite file in your data directory, with --sandbox-url another
        /// one there, also where only the environment or config.toml names a database and the flag the sandbox
        #[arg(long, global = true, help_heading = STORAGE, value_name = "URL")]
        #[serde(deserialize_with = "secret")]
        pub database_url: Option<SecretString>,
        /// File with the key that seals tokens in the database; else ZOHO_MCP_KEY, else the keyring, else a file made
        /// beside the database (PostgreSQL needs one of the first two); of a sandbox named by a flag the flag alone counts
        #[arg(long, global = true, help_heading = STORAGE, value_name = "PATH")]
        #[serde(deserialize_with = "text")]
        pub key_file: Option<PathBuf>,
        /// Keep a SQLite database's key in the operating system's keyring, not in a file beside it: the first key is
        /// made there, `connections rekey` moves one there. 0: never ask the keyring
        #[arg(long, global = true, help_heading = STORAGE, value_name = "0|1", num_args = 0..=1, require_equals = true)]
        #[arg(default_missing_value = "1", value_parser = BoolishValueParser::new(), hide_possible_values = true)]
        #[serde(deserialize_with = "switch")]
        pub keyring: Option<bool>,
        /// JSON file with the OAuth client, {"client_id", "client_secret"}, that nobody else may read; else
        /// ZOHO_MCP_CLIENT_ID and _SECRET
        #[arg(long, global = true, help_heading = ACCOUNT, value_name = "PATH")]
        #[serde(deserialize_with = "text")]
        pub client_file: Option<PathBuf>,
        /// The same as --writes off: offer no tool that changes anything at Zoho; files are --files' matter
        #[arg(long, global = true, help_heading = TOOLS, value_name = "0|1", num_args = 0..=1, require_equals = true)]
        #[arg(default_missing_value = "1", value_parser = BoolishValueParser::new(), hide_possible_values = true)]
        #[serde(deserialize_with = "switch")]
        pub read_only: Option<bool>,
        /// How far assistants may change what Zoho holds: off, draft (drafts and internal comments), confirm (a person agrees
        /// to all else), trusted (what can be undone goes without asking)
        #[arg(long, global = true, help_heading = TOOLS, value_name = "POLICY", hide_possible_values = true)]
        #[serde(deserialize_with = "writes")]
        pub writes: Option<Writes>,
        /// How many records one act changes at most; default: 25
        #[arg(long, global = true, help_heading = TOOLS, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=99))]
        #[serde(deserialize_with = "bulk_limit")]
        pub bulk_limit: Option<u16>,
        /// How long what was there before a change is kept, sealed, for undo_write to put back: 1 hour or more
        #[arg(long, global = true, help_heading = TOOLS, value_name = "HOURS", value_parser = value_parser!(u16).range(1..))]
        #[serde(deserialize_with = "hours")]
        pub undo_hours: Option<u16>,
        /// Offer these groups of tools only, or `all` that can do their work (the default); `zoho-mcp tools` names them
        #[arg(long, global = true, help_heading = TOOLS, value_delimiter = ',', value_name = "NAMES")]
        #[serde(deserialize_with = "list")]
        pub toolsets: Option<Vec<String>>,
        /// Offer these tools, beside those of --toolsets
        #[arg(long, global = true, help_heading = TOOLS, value_delimiter = ',', value_name = "NAMES")]
        #[serde(deserialize_with = "list")]
        pub tools: Option<Vec<String>>,
        /// Do not offer these tools
        #[arg(long, global = true, help_heading = TOOLS, value_delimiter = ',', value_name = "NAMES")]
        #[serde(deserialize_with = "list")]
        pub exclude_tools: Option<Vec<String>>,
        /// Use a local sandbox in this process, with a ready connection in a throw-away database
        #[arg(long, global = true, help_heading = SANDBOX, value_name = "0|1", num_args = 0..=1, require_equals = true)]
        #[arg(default_missing_value = "1", value_parser = BoolishValueParser::new(), hide_possible_values = true)]
        #[serde(deserialize_with = "switch")]
        pub sandbox: Option<bool>,
        /// Use a sandbox that already runs on this machine
        #[arg(long, global = true, help_heading = SANDBOX, value_name = "URL")]
        #[serde(deserialize_with = "text")]
        pub sandbox_url: Option<String>,
        /// Sandbox and server stand at this time, like 2026-11-20T18:00:00Z, instead of living in the present; only for
        /// a sandbox
        #[arg(long, global = true, help_heading = SANDBOX, value_name = "TIME")]
        #[serde(deserialize_with = "text")]
        pub now: Option<String>,
        /// The one directory files are written to and taken from; without it none is
        #[arg(long, global = true, help_heading = STORAGE, value_name = "DIRECTORY")]
        #[serde(deserialize_with = "text")]
        pub files: Option<PathBuf>,
        /// Time zone of days in arguments, like Europe/Berlin; default: that of the Zoho user
        #[arg(long, global = true, help_heading = ACCOUNT, value_name = "ZONE")]
        #[serde(deserialize_with = "text")]
        pub timezone: Option<String>,
        /// error, warn, info, debug, trace, or directives like zoho_mcp=debug; to standard error
        #[arg(long, global = true, help_heading = SCREEN, value_name = "LEVEL")]
        #[serde(deserialize_with = "text")]
        pub log_level: Option<String>,
        /// How lines of the log are written: text, or json, an object a line, which `zoho-mcp log` reads
        #[arg(long, global = true, help_heading = SCREEN, value_name = "FORM", hide_possible_values = true)]
        #[serde(deserialize_with = "log_format")]
        pub log_format: Option<LogFormat>,
        /// Log to files with this name, not to standard error: one a day, with the day in its name (UTC), 14 at most; each
        /// call is a line in them, unless --log-level says otherwise
        #[arg(long, global = true, help_heading = SCREEN, value_name = "PATH")]
        #[serde(deserialize_with = "text")]
        pub log_file: Option<PathBuf>,
        /// Port of the redirect URI http://127.0.0.1:PORT/callback that is registered with Zoho; default: 8976
        #[arg(long, global = true, help_heading = ACCOUNT, alias = "port", value_name = "PORT")]
        #[serde(deserialize_with = "port")]
        pub callback_port: Option<u16>,
        /// Colours: auto (on a terminal, unless NO_COLOR is set), always or never
        #[arg(long, global = true, help_heading = SCREEN, value_name = "WHEN", hide_possible_values = true)]
        #[serde(deserialize_with = "colour")]
        pub color: Option<Colour>,
        /// Print pages that are longer than the screen as they are, without a pager (PAGER, else less)
        #[arg(long, global = true, help_heading = SCREEN, value_name = "0|1", num_args = 0..=1, require_equals = true)]
        #[arg(default_missing_value = "1", value_parser = BoolishValueParser::new(), hide_possible_values = true)]
        #[serde(deserialize_with = "switch")]
        pub no_pager: Option<bool>,
    }
}

rows! {
    /// What the environment alone may say: secrets, and where the file of settings is.
    #[derive(Debug, Clone, Default, serde::Deserialize)]
    #[serde(rename_all = "kebab-case", default)]
    pub struct Private {
        /// `config.toml`, when it is not in the usual place.
        #[serde(deserialize_with = "text")]
        pub config: Option<PathBuf>,
        /// The key that seals tokens, base64 of 32 bytes.
        #[serde(deserialize_with = "secret")]
        pub key: Option<SecretString>,
        /// Of the Zoho API console.
        #[serde(deserialize_with = "of_client")]
        pub client_id: Option<String>,
        /// Of the Zoho API console.
        #[serde(deserialize_with = "secret_of_client")]
        pub client_secret: Option<SecretString>,
    }
}

/// A value as the file writes it, or as the text of a variable.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Written<T> {
    Plain(T),
    Text(String),
}

/// What is told of a secret in which a host left a placeholder.
pub(super) const UNFILLED: &str = "expected a value without ${...}: whoever was to fill that in has not";

/// A text that may hold a secret: of another one would be taken in its place in silence, were a placeholder in it to mean
/// nothing.
fn secret<'de, D: Deserializer<'de>>(written: D) -> Result<Option<SecretString>, D::Error> {
    let text = String::deserialize(written)?;
    if text.trim().is_empty() || is_placeholder(&text) {
        return Ok(None);
    }
    match holds_placeholder(&text) {
        true => Err(D::Error::custom(UNFILLED)),
        false => Ok(Some(text.into())),
    }
}

/// Text; blank text and one with a placeholder that a host left say nothing.
fn text<'de, D: Deserializer<'de>, T: From<String>>(written: D) -> Result<Option<T>, D::Error> {
    let text = String::deserialize(written)?;
    Ok(says_something(&text).then(|| text.into()))
}

/// Text as [`text`], and nothing where instructions were copied as they stand.
fn of_client<'de, D: Deserializer<'de>>(written: D) -> Result<Option<String>, D::Error> {
    Ok(text(written)?.filter(|id: &String| !is_stand_in(id)))
}

/// The same as [`secret`].
fn secret_of_client<'de, D: Deserializer<'de>>(written: D) -> Result<Option<SecretString>, D::Error> {
    Ok(secret(written)?.filter(|secret| !is_stand_in(secret.expose_secret())))
}

fn read<'de, D: Deserializer<'de>, T: serde::de::DeserializeOwned>(
    written: D,
    expected: &str,
    of_text: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, D::Error> {
    let read = match Written::deserialize(written) {
        Ok(Written::Plain(value)) => Some(value),
        Ok(Written::Text(text)) if !says_something(&text) => return Ok(None),
        Ok(Written::Text(text)) => of_text(&text),
        Err(_) => None,
    };
    // What was written is not told: it may be a secret that slipped into another's place.
    read.map(Some)
        .ok_or_else(|| D::Error::custom(format!("expected {expected}")))
}

fn switch<'de, D: Deserializer<'de>>(written: D) -> Result<Option<bool>, D::Error> {
    let expected = "1, true, yes or on, or 0, false, no or off";
    read(written, expected, |text| {
        match text.to_ascii_lowercase().as_str() {
            "1" | "true" | "yes" | "on" => Some(true),
            "0" | "false" | "no" | "off" => Some(false),
            _ => None,
        }
    })
}

fn port<'de, D: Deserializer<'de>>(written: D) -> Result<Option<u16>, D::Error> {
    read(written, "a port, 0 (any free one) to 65535", |text| {
        text.parse().ok()
    })
}

fn hours<'de, D: Deserializer<'de>>(written: D) -> Result<Option<u16>, D::Error> {
    let hours = read(written, "hours, 1 to 65535", |text| text.parse().ok())?;
    match hours {
        Some(0) => Err(D::Error::custom("expected hours, 1 to 65535")),
        hours => Ok(hours),
    }
}

fn colour<'de, D: Deserializer<'de>>(written: D) -> Result<Option<Colour>, D::Error> {
    read(written, "auto, always or never", |text| {
        Colour::from_str(text, true).ok()
    })
}

fn writes<'de, D: Deserializer<'de>>(written: D) -> Result<Option<Writes>, D::Error> {
    read(written, "off, draft, confirm or trusted", |text| {
        Writes::from_str(text, true).ok()
    })
}

fn bulk_limit<'de, D: Deserializer<'de>>(written: D) -> Result<Option<u16>, D::Error> {
    const EXPECTED: &str = "a number from 1 to 99";
    match read(written, EXPECTED, |text| text.parse().ok())? {
        Some(most) if !(1..=99).contains(&most) => Err(D::Error::custom(format!("expected {EXPECTED}"))),
        most => Ok(most),
    }
}

fn log_format<'de, D: Deserializer<'de>>(written: D) -> Result<Option<LogFormat>, D::Error> {
    read(written, "text or json", |text| {
        LogFormat::from_str(text, true).ok()
    })
}

/// In text the items stand between commas.
fn list<'de, D: Deserializer<'de>>(written: D) -> Result<Option<Vec<String>>, D::Error> {
    match Written::deserialize(written) {
        Ok(Written::Plain(items)) => Ok(names(items)),
        Ok(Written::Text(text)) => Ok(names(text.split(',').map(str::to_owned).collect())),
        Err(_) => Err(D::Error::custom("expected a list of names")),
    }
}

/// The names of a list without what stands around them; none where it holds items that say nothing alone.
fn names(items: Vec<String>) -> Option<Vec<String>> {
    let is_said = !items.is_empty();
    let items = items.into_iter().map(|item| item.trim().to_owned());
    let names: Vec<String> = items.filter(|item| says_something(item)).collect();
    (names.is_empty() != is_said).then_some(names)
}

impl Settings {
    /// The same with the lists of a command line read as those of a variable.
    pub(super) fn tidy(mut self) -> Self {
        for list in [&mut self.toolsets, &mut self.tools, &mut self.exclude_tools] {
            *list = list.take().and_then(names);
        }
        self
    }
}
