//! The assistants that start MCP servers: where each keeps them, and the form of an entry. One row each in
//! `assistants.json`.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::edit::{EditError, Form, Spot};
use super::{options, places};
use crate::cli::Failure;
use crate::config::Homes;
use crate::tools::mending::quoted;

/// What the server is called in every assistant.
pub(super) const NAME: &str = "zoho";

/// One assistant.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Assistant {
    /// How it is named on the command line.
    pub(super) name: String,
    /// What else it is called there.
    #[serde(default)]
    pub(super) also: Vec<String>,
    /// What its makers call it.
    pub(super) title: String,
    /// What a person does afterwards.
    pub(super) then: String,
    form: Form,
    at: String,
    folders: Vec<String>,
    windows: Option<Vec<String>>,
    macos: Option<Vec<String>>,
    files: Vec<String>,
    sign: Option<String>,
    entry: Map<String, Value>,
    #[serde(default)]
    once: Map<String, Value>,
    link: Option<String>,
    command: Option<String>,
}

/// How the server is started.
pub(super) struct Start {
    pub(super) program: String,
    pub(super) args: Vec<String>,
}

/// What stands in an assistant's file under this server's name.
pub(super) enum Standing {
    /// Nothing.
    Absent,
    /// What starts this program.
    Ours(Value),
    /// Another server, which is not to be touched.
    Another,
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
        let here = match () {
            () if cfg!(windows) => self.windows.as_ref(),
            () if cfg!(target_os = "macos") => self.macos.as_ref(),
            () => None,
        };
        let folders = places::find_folders(here.unwrap_or(&self.folders), homes);
        let mut files = folders
            .iter()
            .flat_map(|folder| self.files.iter().map(|file| folder.join(file)));
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
        let sign = self.sign.as_ref().and_then(|sign| places::find(sign, homes));
        file.exists() || folder.is_some_and(Path::is_dir) || sign.is_some_and(|sign| sign.exists())
    }

    /// Where in the file its entry stands.
    pub(super) fn spot(&self) -> Spot<'_> {
        Spot {
            form: self.form,
            at: &self.at,
            name: NAME,
        }
    }

    /// What stands there in this text: an entry is this server's if it starts this program and reaches no address.
    ///
    /// # Errors
    /// The text is not of the assistant's form.
    pub(super) fn standing(&self, text: &str, start: &Start) -> Result<Standing, EditError> {
        let Some(entry) = self.spot().entry(text)? else {
            return Ok(Standing::Absent);
        };
        let members = entry.as_object().into_iter().flat_map(Map::values);
        let mut texts = members.filter_map(Value::as_str);
        let reaches = texts.any(|text| text.starts_with("http://") || text.starts_with("https://"));
        let starts = self.program_of(&entry).map(name_of);
        let is_ours = starts.is_some_and(|name| ["zoho-mcp", name_of(&start.program)].contains(&name));
        match is_ours && !reaches {
            true => Ok(Standing::Ours(entry)),
            false => Ok(Standing::Another),
        }
    }

    /// The program that an entry starts.
    fn program_of<'a>(&self, entry: &'a Value) -> Option<&'a str> {
        let names_program =
            |value: &Value| *value == "{program}" || value.get(0).is_some_and(|first| *first == "{program}");
        let (key, _) = self.entry.iter().find(|(_, value)| names_program(value))?;
        match entry.get(key)? {
            Value::Array(words) => words.first()?.as_str(),
            word => word.as_str(),
        }
    }

    /// The options that an entry starts its program with.
    fn options_of(&self, entry: &Value) -> Vec<String> {
        let place = self.entry.iter().find_map(|(key, value)| match value {
            Value::Array(words) => {
                let before = words.iter().position(|word| *word == "{args}")?;
                Some((key, before))
            }
            value => (*value == "{args}").then_some((key, 0)),
        });
        let words = place.and_then(|(key, before)| Some(entry.get(key)?.as_array()?.iter().skip(before)));
        let words = words.into_iter().flatten().filter_map(Value::as_str);
        words.map(str::to_owned).collect()
    }

    /// The options that an entry keeps, for nothing else is said now of what they are about.
    pub(super) fn kept(&self, start: &Start, held: Option<&Value>) -> Vec<String> {
        let before = held.map(|held| self.options_of(held)).unwrap_or_default();
        options::kept(&before, &start.args)
    }

    /// What stands in its file for this server.
    pub(super) fn entry(&self, start: &Start) -> Map<String, Value> {
        let all = self.entry.iter().chain(&self.once);
        all.map(|(key, value)| (key.clone(), fill(value, start)))
            .collect()
    }

    /// The same beside what stands there already: what a person may have chosen stays.
    pub(super) fn members(&self, start: &Start, held: Option<&Value>) -> Map<String, Value> {
        let is_there = |key: &String| held.is_some_and(|held| held.get(key).is_some());
        let before = held.map(|held| self.options_of(held)).unwrap_or_default();
        let args = options::joined(&before, &start.args);
        let program = start.program.clone();
        let mut members = self.entry(&Start { program, args });
        members.retain(|key, _| !(self.once.contains_key(key) && is_there(key)));
        members
    }

    /// A link that does the same where the assistant is installed.
    pub(super) fn link(&self, start: &Start) -> Option<String> {
        let base64 = STANDARD.encode(Value::Object(self.entry(start)).to_string());
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let named = encode(&Value::Object(self.named(start)).to_string());
        let link = self.link.as_ref()?.replace("{named}", &named);
        Some(link.replace("{base64}", &encode(&base64)))
    }

    /// The assistant's own command that does the same.
    pub(super) fn command(&self, start: &Start) -> Option<String> {
        let told = |words: &[String]| {
            words
                .iter()
                .map(|word| quoted(word))
                .collect::<Vec<_>>()
                .join(" ")
        };
        let (program, args) = (quoted(&start.program), told(&start.args));
        let behind = |before: &str| match args.is_empty() {
            true => String::new(),
            false => format!("{before}{args}"),
        };
        let named = quoted(&Value::Object(self.named(start)).to_string());
        let command = self
            .command
            .as_ref()?
            .replace("{line}", &format!("{program}{}", behind(" ")));
        let command = command.replace("{apart}", &format!("{program}{}", behind(" -- ")));
        Some(command.replace("{named}", &named))
    }

    /// The entry with the server's name in it.
    fn named(&self, start: &Start) -> Map<String, Value> {
        let mut named = Map::from_iter([("name".to_owned(), json!(NAME))]);
        named.extend(self.entry(start));
        named
    }
}

/// The name of a program, from a path of any system.
fn name_of(program: &str) -> &str {
    let name = program.rsplit(['/', '\\']).next().unwrap_or_default();
    name.strip_suffix(".exe").unwrap_or(name)
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
