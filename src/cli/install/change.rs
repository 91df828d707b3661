//! One assistant's file is changed, once the person has seen how; what is replaced is kept beside it.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use similar::TextDiff;

use super::InstallArguments;
use super::assistants::{Assistant, Standing, Start};
use super::edit::EditError;
use crate::cli::paint::{Mark, Paint};
use crate::cli::{Failure, prompt, terminal};
use crate::config::Homes;
use crate::names::write_out;
use crate::regular;

/// No configuration is as long.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// What the name of a copy ends with.
const KEPT: &str = "before-zoho-mcp";

/// What becomes of a file.
enum Plan {
    /// It stays as it is, and why.
    Nothing(String),
    /// It gets another text.
    Change(Change),
}

struct Change {
    text: String,
    /// The entry's own lines: what stands around it is nobody's business here.
    diff: String,
    is_off: bool,
    /// The options that it keeps from before.
    kept: String,
}

/// Changes the file of one assistant.
///
/// # Errors
/// The file is not what it should be, another server has this one's name in it, or the person did not agree.
pub(super) fn change(
    assistant: &Assistant,
    start: &Start,
    homes: &Homes,
    arguments: &InstallArguments,
) -> Result<(), Failure> {
    let file = behind_links(assistant.file(homes))?;
    let shown = file.display().to_string();
    let in_file = |error: &dyn std::fmt::Display| Failure::from(format!("{shown}: {error}"));
    let before = text_of(&file).map_err(|error| in_file(&error))?;
    let old = before.as_deref().unwrap_or_default();
    let change = match plan(assistant, start, old, arguments.remove).map_err(|error| in_file(&error))? {
        Plan::Nothing(state) => {
            terminal::tell(&format!("{} {state} ({shown}).", assistant.title));
            return Ok(());
        }
        Plan::Change(change) => change,
    };
    terminal::print(&shown);
    terminal::print_line(&painted(&change.diff));
    prompt::confirm(&format!("Change {shown}?"), arguments.yes, prompt::SAY_YES)?;
    if text_of(&file).map_err(|error| in_file(&error))? != before {
        return Err(in_file(
            &"it was changed meanwhile, and is left so: run this again",
        ));
    }
    let kept = match &before {
        Some(old) => Some(keep(&file, old).map_err(|error| in_file(&error))?),
        None => None,
    };
    write_whole(&file, &change.text).map_err(|error| in_file(&error))?;
    let mut told = format!("{}: done.", assistant.title);
    if let Some(kept) = kept {
        told.push_str(&format!(" As it was before: {}.", kept.display()));
        if arguments.remove {
            told.push_str(&format!(
                " Copies named {shown}.{KEPT}* stay until you delete them."
            ));
        }
    }
    if !change.kept.is_empty() {
        told.push_str(&format!(
            " It keeps {}; `zoho-mcp install {} --remove` first leaves that out.",
            change.kept, assistant.name
        ));
    }
    if change.is_off {
        told.push_str(" It is switched off there, and stays so: switch it on in the assistant.");
    }
    terminal::tell(&format!("{told} {}", assistant.then));
    Ok(())
}

/// What is to be done to a text.
fn plan(assistant: &Assistant, start: &Start, old: &str, remove: bool) -> Result<Plan, Failure> {
    let spot = assistant.spot();
    let held = match assistant.standing(old, start)? {
        Standing::Another if remove => {
            let state = "does not know this server: its `zoho` is another one, and stays";
            return Ok(Plan::Nothing(state.to_owned()));
        }
        Standing::Another => {
            return Err("its `zoho` is another server, and is left as it is: give that one another name there, then run this \
                        again"
                .into());
        }
        Standing::Absent if remove => return Ok(Plan::Nothing("does not know this server".to_owned())),
        Standing::Absent => None,
        Standing::Ours(held) => Some(held),
    };
    let mut entry = held
        .as_ref()
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let (text, new) = match remove {
        true => (spot.take_out(old)?, None),
        false => {
            let members = assistant.members(start, held.as_ref());
            let text = spot.put(old, &members)?;
            entry.extend(members);
            (text, Some(entry))
        }
    };
    let is_off = new.as_ref().is_some_and(is_off);
    let kept = match remove {
        true => String::new(),
        false => assistant.kept(start, held.as_ref()).join(" "),
    };
    if text == old {
        let off = if is_off { ", and is switched off there" } else { "" };
        let with = match kept.is_empty() {
            true => kept,
            false => format!(", with {kept}"),
        };
        return Ok(Plan::Nothing(format!("knows this server already{with}{off}")));
    }
    let own = |entry: Option<&Map<String, Value>>| match entry {
        Some(entry) => spot.put("", &without_secrets(entry)),
        None => Ok::<_, EditError>(String::new()),
    };
    let (before, after) = (own(held.as_ref().and_then(Value::as_object))?, own(new.as_ref())?);
    let diff = TextDiff::from_lines(&before, &after);
    let lines = diff
        .iter_all_changes()
        .map(|line| format!("{}{line}", line.tag()));
    let change = Change {
        text,
        diff: lines.collect(),
        is_off,
        kept,
    };
    Ok(Plan::Change(change))
}

/// A change as it is shown: what goes in red, what comes in green.
fn painted(diff: &str) -> String {
    let paint = Paint::of_output();
    let painted = diff.trim_end().lines().map(|line| {
        let mark = match line.chars().next() {
            Some('-') => Some(Mark::Red),
            Some('+') => Some(Mark::Green),
            _ => None,
        };
        paint.marked(mark, &write_out(line))
    });
    painted.collect::<Vec<_>>().join("\n")
}

/// Whether an entry says that its server is not started.
fn is_off(entry: &Map<String, Value>) -> bool {
    let says = |key: &str| entry.get(key).and_then(Value::as_bool);
    says("disabled") == Some(true) || says("enabled") == Some(false)
}

/// An entry to be shown: what stands in tables, as variables do, may be secret.
fn without_secrets(entry: &Map<String, Value>) -> Map<String, Value> {
    let shown = entry.iter().map(|(key, value)| {
        let value = match value {
            Value::Object(_) => "...".into(),
            Value::Array(items) => items.iter().map(plain).collect(),
            Value::Null => "null".into(),
            value => value.clone(),
        };
        (key.clone(), value)
    });
    shown.collect()
}

fn plain(item: &Value) -> Value {
    match item.is_string() {
        true => item.clone(),
        false => "...".into(),
    }
}

/// A file that is a link to another place stays one.
fn behind_links(named: PathBuf) -> Result<PathBuf, Failure> {
    match fs::canonicalize(&named) {
        Ok(file) => Ok(file),
        Err(_) if named.is_symlink() => Err(format!("{}: a link that leads nowhere", named.display()).into()),
        Err(_) => Ok(named),
    }
}

/// What a file holds; nothing where there is none.
///
/// # Errors
/// It is no regular file, or cannot be read.
pub(in crate::cli) fn text_of(file: &Path) -> io::Result<Option<String>> {
    match regular::read(file, MOST_BYTES) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Keeps what is replaced, under a name that nothing has yet; a copy that holds the same is enough.
fn keep(file: &Path, text: &str) -> io::Result<PathBuf> {
    let mut number = 1;
    loop {
        let ending = match number {
            1 => KEPT.to_owned(),
            number => format!("{KEPT}.{number}"),
        };
        let mut name = file.as_os_str().to_owned();
        name.push(format!(".{ending}"));
        let copy = PathBuf::from(name);
        number += 1;
        match copy.symlink_metadata() {
            Err(_) => {}
            Ok(found)
                if found.is_file() && text_of(&copy).is_ok_and(|held| held.as_deref() == Some(text)) =>
            {
                return Ok(copy);
            }
            Ok(_) => continue,
        }
        let mut made = regular::open(fs::OpenOptions::new().write(true).create_new(true), &copy)?;
        made.set_permissions(fs::metadata(file)?.permissions())?;
        made.write_all(text.as_bytes())?;
        made.sync_all()?;
        return Ok(copy);
    }
}

/// Writes a file whole or not at all, and as readable as before: what is new is the person's alone.
///
/// # Errors
/// Its directory, or it, cannot be written.
pub(in crate::cli) fn write_whole(file: &Path, text: &str) -> io::Result<()> {
    let folder = regular::directory_of(file);
    regular::make_directory(folder)?;
    let mut draft = tempfile::NamedTempFile::new_in(folder)?;
    draft.write_all(text.as_bytes())?;
    draft.as_file().sync_all()?;
    if let Ok(known) = fs::metadata(file) {
        draft.as_file().set_permissions(known.permissions())?;
    }
    draft.persist(file).map(drop).map_err(|error| error.error)
}
