//! One server's entry in an assistant's configuration: put in, changed or taken out, while everything around it stays as
//! the person wrote it, comments and order included. A file is read as strictly as its program reads it, before and after.

mod in_json;
mod in_toml;
mod in_yaml;

use serde_json::{Map, Value};

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Form {
    /// JSON and nothing more.
    Json,
    /// JSON with comments.
    JsonWithComments,
    /// JSON with comments and trailing commas.
    Jsonc,
    /// TOML.
    Toml,
    /// YAML, one document.
    Yaml,
}

/// Where an entry stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'a> {
    /// How the file around it is written.
    pub(super) form: Form,
    /// The key of all servers.
    pub(super) at: &'a str,
    /// The server's own.
    pub(super) name: &'a str,
}

/// Why a file is left as it is.
#[derive(Debug, thiserror::Error)]
pub(super) enum EditError {
    /// It cannot be read as what it should be.
    #[error("it is not {form}, its program cannot read it either: {reason}")]
    Unreadable {
        /// JSON, TOML or YAML.
        form: &'static str,
        /// Where and why.
        reason: String,
    },
    /// What should hold servers holds something else.
    #[error("{0} is there and is no table of servers")]
    Occupied(String),
    /// One key has two values, of which programs take either.
    #[error("{0:?} stands in it twice: leave one")]
    Twice(String),
    /// What came out says something else.
    #[error(
        "it cannot be changed without touching what is not this server's: put in by hand what --print shows"
    )]
    Entangled,
}

impl Spot<'_> {
    /// The entry that stands there.
    ///
    /// # Errors
    /// The text is not of that form, or `at` is something else than a table of servers.
    pub(super) fn entry(&self, text: &str) -> Result<Option<Value>, EditError> {
        match self.read(text)?.get(self.at) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(servers)) => Ok(servers.get(self.name).cloned()),
            Some(_) => Err(occupied(self.at)),
        }
    }

    /// The text with these members in the entry; other members that stand there stay, and what is right as it is written.
    ///
    /// # Errors
    /// As [`Spot::entry`], or the text cannot be changed so that nothing else changes.
    pub(super) fn put(&self, text: &str, members: &Map<String, Value>) -> Result<String, EditError> {
        let held = self.entry(text)?;
        let is_so = |key: &str, value: &Value| held.as_ref().and_then(|held| held.get(key)) == Some(value);
        let mut other = members.clone();
        other.retain(|key, value| !is_so(key, value));
        if held.is_some() && other.is_empty() {
            return Ok(text.to_owned());
        }
        let new = keep_ends(text, |plain| match self.form {
            Form::Toml => in_toml::put(plain, self, &other),
            Form::Yaml => in_yaml::put(plain, self, &other),
            _ => in_json::put(plain, self, &other),
        })?;
        let mut all = held
            .and_then(|held| held.as_object().cloned())
            .unwrap_or_default();
        all.extend(other);
        self.compare(text, new, Some(Value::Object(all)))
    }

    /// The text without the entry; the same text where it is not there.
    ///
    /// # Errors
    /// As [`Spot::put`].
    pub(super) fn take_out(&self, text: &str) -> Result<String, EditError> {
        if self.entry(text)?.is_none() {
            return Ok(text.to_owned());
        }
        let new = keep_ends(text, |plain| match self.form {
            Form::Toml => in_toml::take_out(plain, self),
            Form::Yaml => in_yaml::take_out(plain, self),
            _ => in_json::take_out(plain, self),
        })?;
        self.compare(text, new, None)
    }

    /// What the whole text says.
    fn read(&self, text: &str) -> Result<Map<String, Value>, EditError> {
        let plain = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        let read = match self.form {
            Form::Toml => in_toml::read(plain)?,
            Form::Yaml => in_yaml::read(plain)?,
            _ => in_json::read(plain, self)?,
        };
        match read {
            Value::Null => Ok(Map::new()),
            Value::Object(all) => Ok(all),
            _ => Err(occupied("the file")),
        }
    }

    /// The new text, if it says what the old one says but for the entry.
    fn compare(&self, old: &str, new: String, entry: Option<Value>) -> Result<String, EditError> {
        let said = self.read(&new).map_err(|_| EditError::Entangled)?;
        let mut wanted = self.read(old)?;
        let mut servers = match wanted.remove(self.at) {
            Some(Value::Object(servers)) => servers,
            _ => Map::new(),
        };
        servers.remove(self.name);
        servers.extend(entry.map(|entry| (self.name.to_owned(), entry)));
        wanted.insert(self.at.to_owned(), Value::Object(servers));
        match self.normal(said) == self.normal(wanted) {
            true => Ok(new),
            false => Err(EditError::Entangled),
        }
    }

    /// No table of servers is as good as an empty one.
    fn normal(&self, mut all: Map<String, Value>) -> Map<String, Value> {
        let is_empty = |servers: &Value| servers.is_null() || servers.as_object().is_some_and(Map::is_empty);
        if all.get(self.at).is_some_and(is_empty) {
            all.remove(self.at);
        }
        all
    }
}

const BYTE_ORDER_MARK: char = '\u{feff}';

/// An edit of the text as it is without a mark of the byte order and with the ends of lines that Unix has; both come back.
fn keep_ends(text: &str, edit: impl FnOnce(&str) -> Result<String, EditError>) -> Result<String, EditError> {
    let plain = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let mark = text.strip_suffix(plain).unwrap_or_default();
    let of_windows = plain.matches("\r\n").count();
    let edited = match of_windows > 0 && of_windows == plain.matches('\n').count() {
        true => edit(&plain.replace("\r\n", "\n"))?.replace('\n', "\r\n"),
        false => edit(plain)?,
    };
    Ok(format!("{mark}{edited}"))
}

fn unreadable(form: &'static str, reason: &impl ToString) -> EditError {
    let reason = reason.to_string();
    EditError::Unreadable {
        form,
        reason: reason.lines().next().unwrap_or_default().to_owned(),
    }
}

fn occupied(at: &str) -> EditError {
    EditError::Occupied(at.to_owned())
}
