//! The assistants that start MCP servers: where each keeps them, and the form of an entry. One row each in
//! `assistants.json`.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::edit::Form;
use crate::cli::Failure;
use crate::config::Homes;

/// What the server is called in every assistant.
pub(super) const NAME: &str = "zoho";

/// One assistant.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Assistant {
    /// How it is named on the command line.
    pub(super) name: String,
    /// What its makers call it.
    pub(super) title: String,
    /// How its file is written.
    pub(super) form: Form,
    /// The key under which its servers stand.
    pub(super) at: String,
    /// What a person does afterwards.
    pub(super) then: String,
    files: Vec<String>,
    windows: Option<Vec<String>>,
    sign: Option<String>,
    entry: Map<String, Value>,
    link: Option<String>,
    command: Option<String>,
}

/// How the server is started.
pub(super) struct Start {
    pub(super) program: String,
    pub(super) args: Vec<String>,
}

/// All of them.
///
/// # Errors
/// The file that this program was built with is broken.
pub(super) fn read_assistants() -> Result<Vec<Assistant>, Failure> {
    Ok(serde_json::from_str(include_str!("assistants.json"))?)
}

impl Assistant {
    /// Its file: the one that is there, else the one it would make.
    pub(super) fn file(&self, homes: &Homes) -> PathBuf {
        let files = self.windows.as_ref().filter(|_| cfg!(windows));
        let mut files = files.unwrap_or(&self.files).iter().map(|file| place(file, homes));
        let first = files.next().unwrap_or_default();
        match first.exists() {
            true => first,
            false => files.find(|file| file.exists()).unwrap_or(first),
        }
    }

    /// Whether it has left something on this machine.
    pub(super) fn is_here(&self, homes: &Homes) -> bool {
        let file = self.file(homes);
        let folder = file.parent().filter(|folder| *folder != homes.home);
        let sign = self.sign.as_ref().map(|sign| place(sign, homes));
        file.exists()
            || folder.is_some_and(|folder| folder.is_dir())
            || sign.is_some_and(|sign| sign.exists())
    }

    /// What stands in its file for this server.
    pub(super) fn entry(&self, start: &Start) -> Map<String, Value> {
        let filled = self
            .entry
            .iter()
            .map(|(key, value)| (key.clone(), fill(value, start)));
        filled.collect()
    }

    /// A link that does the same where the assistant is installed.
    pub(super) fn link(&self, start: &Start) -> Option<String> {
        let entry = self.entry(start);
        let base64 = STANDARD.encode(Value::Object(entry.clone()).to_string());
        let mut named = Map::from_iter([("name".to_owned(), json!(NAME))]);
        named.extend(entry);
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let named = encode(&Value::Object(named).to_string());
        let link = self.link.as_ref()?.replace("{named}", &named);
        Some(link.replace("{base64}", &encode(&base64)))
    }

    /// The assistant's own command that does the same; `line` is the command line that starts the server.
    pub(super) fn command(&self, line: &str) -> Option<String> {
        Some(self.command.as_ref()?.replace("{line}", line))
    }
}

fn place(written: &str, homes: &Homes) -> PathBuf {
    let known = [
        ("{home}", &homes.home),
        ("{config}", &homes.config),
        ("{codex}", &homes.codex),
    ];
    let under = known
        .iter()
        .find_map(|(name, folder)| Some((written.strip_prefix(name)?, folder)));
    match under {
        Some((rest, folder)) => folder.join(rest.trim_start_matches('/')),
        None => written.into(),
    }
}

fn fill(value: &Value, start: &Start) -> Value {
    match value {
        Value::String(text) if text == "{program}" => json!(start.program),
        Value::String(text) if text == "{args}" => json!(start.args),
        Value::Array(items) => {
            let filled = items.iter().map(|item| fill(item, start));
            let flat = filled.flat_map(|item| match item {
                Value::Array(items) => items,
                item => vec![item],
            });
            Value::Array(flat.collect())
        }
        other => other.clone(),
    }
}
