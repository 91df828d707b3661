//! Every option as people read of it: what holds, who said it, what holds where nobody says anything, and a file to begin
//! with.

use std::path::PathBuf;

use clap::{Args as _, Command};
use secrecy::ExposeSecret as _;

use super::database_url::without_password;
use super::rows::{Shows as _, name_of};
use super::settings::{Private, Settings};
use super::{Config, default_config_file, environment};

/// A row, what holds where nobody says anything, and how a file might say something.
const REFERENCE: [(&str, &str, &str); 24] = [
    ("user", "the only one in the database", "\"anna\""),
    (
        "connection",
        "the one `connections use` chose, else the newest",
        "\"work\"",
    ),
    (
        "database_url",
        "a SQLite file in your data directory",
        "\"sqlite:~/zoho-mcp.db\"",
    ),
    (
        "key_file",
        "ZOHO_MCP_KEY, the keyring, or a file beside the database",
        "\"~/zoho-mcp.key\"",
    ),
    ("keyring", "asked for a key; none is made in it", "true"),
    (
        "client_file",
        "ZOHO_MCP_CLIENT_ID and ZOHO_MCP_CLIENT_SECRET",
        "\"~/zoho-client.json\"",
    ),
    ("read_only", "no", "true"),
    ("writes", "confirm", "\"off\""),
    ("bulk_limit", "25", "10"),
    ("undo_hours", "72", "24"),
    (
        "toolsets",
        "all that can do their work",
        "[\"records\", \"cases\"]",
    ),
    ("tools", "none beside them", "[\"run_coql_query\"]"),
    ("exclude_tools", "none", "[\"export_records\"]"),
    ("sandbox", "no", "true"),
    ("sandbox_url", "none", "\"http://127.0.0.1:8977\""),
    ("now", "the present", "\"2026-11-20T18:00:00Z\""),
    ("files", "none: no file is written", "\"~/zoho-files\""),
    ("timezone", "that of the Zoho user", "\"Europe/Berlin\""),
    ("log_level", "warn; with --log-file info", "\"info\""),
    ("log_format", "text; with --log-file json", "\"json\""),
    ("log_file", "standard error", "\"~/zoho-mcp.log\""),
    ("callback_port", "8976", "8976"),
    ("color", "auto", "\"never\""),
    ("no_pager", "no", "true"),
];

/// Who said what holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The command line.
    Flag,
    /// The environment.
    Environment,
    /// `config.toml`.
    File,
    /// Nobody.
    Default,
}

impl Source {
    /// In one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Source::Flag => "flag",
            Source::Environment => "environment",
            Source::File => "file",
            Source::Default => "default",
        }
    }
}

/// One option and what holds.
#[derive(Debug)]
pub struct Held {
    /// The flag; none for what the environment alone may say.
    pub flag: Option<String>,
    /// The variable.
    pub variable: String,
    /// What holds; of a secret, that there is one.
    pub value: String,
    /// Who said so.
    pub source: Source,
}

impl Config {
    /// Every option, and what the environment alone may say: in the order of the help.
    pub fn held(&self) -> Vec<Held> {
        let rows = Settings::ROWS.iter().map(|row| self.held_by(row));
        let private = Private::ROWS.iter().map(|row| {
            let said = self.private.shown(row);
            let source = if said.is_some() {
                Source::Environment
            } else {
                Source::Default
            };
            let none = match *row {
                "config" => default_config_file().map(|path| path.shown()),
                _ => None,
            };
            Held {
                flag: None,
                variable: name_of(row),
                value: said.or(none).unwrap_or_else(|| "not given".to_owned()),
                source,
            }
        });
        rows.chain(private).collect()
    }

    fn held_by(&self, row: &str) -> Held {
        let source = match row {
            row if !self.said.says(row) => Source::Default,
            row if self.origins.flags.says(row) => Source::Flag,
            row if self.origins.environment.says(row) => Source::Environment,
            _ => Source::File,
        };
        let url = || without_password(self.database_url.expose_secret());
        let value = match (row, source) {
            ("database_url", _) => Some(url()).filter(|url| !url.is_empty()),
            (row, _) => self.said.shown(row),
        };
        Held {
            flag: Some(flag_of(row)),
            variable: name_of(row),
            value: value.unwrap_or_else(|| default_of(row).to_owned()),
            source,
        }
    }
}

fn flag_of(row: &str) -> String {
    format!("--{}", key_of(row))
}

fn key_of(row: &str) -> String {
    row.replace('_', "-")
}

/// What holds where nobody says anything.
fn default_of(row: &str) -> &'static str {
    let found = REFERENCE.iter().find(|(known, _, _)| *known == row);
    found.map_or("none", |(_, default, _)| default)
}

/// What the help says of each option, by its row.
fn meanings() -> Vec<(String, String)> {
    let command = Settings::augment_args(Command::new("zoho-mcp"));
    let meaning = |option: &clap::Arg| {
        let help = option.get_help().map(ToString::to_string);
        (option.get_id().to_string(), help.unwrap_or_default())
    };
    command.get_arguments().map(meaning).collect()
}

/// A table of all options, in Markdown: for the documents.
pub fn table() -> String {
    let mut table = String::from("| flag | variable | key | default | meaning |\n|---|---|---|---|---|\n");
    for (row, meaning) in meanings() {
        let (flag, name, key, default) = (flag_of(&row), name_of(&row), key_of(&row), default_of(&row));
        let meaning = meaning.replace('|', "\\|");
        table.push_str(&format!(
            "| `{flag}` | `{name}` | `{key}` | {default} | {meaning} |\n"
        ));
    }
    table
}

/// A file of settings that says nothing yet, with everything it could say.
pub fn sample() -> String {
    let mut sample = String::from(
        "# Options of zoho-mcp. Take away the # before a key to say something; a variable wins over this file, a flag over\n\
         # both. `zoho-mcp config show` tells what holds and who said it. Secrets have no place here.\n",
    );
    for (row, meaning) in meanings() {
        let example = REFERENCE.iter().find(|(known, _, _)| *known == row);
        let example = example.map_or("\"\"", |(_, _, example)| example);
        sample.push_str(&format!("\n# {meaning}\n#{} = {example}\n", key_of(&row)));
    }
    sample
}

/// Where the file of settings is, whether or not there is one; none on a machine without a home directory.
pub fn file() -> Option<PathBuf> {
    let named = environment::of_process(&name_of("config")).filter(|named| !named.trim().is_empty());
    named.map(PathBuf::from).or_else(default_config_file)
}
