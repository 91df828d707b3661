//! `zoho-mcp install`: puts this server into the configuration of the assistants that a person has.

mod assistants;
mod edit;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use assistants::{Assistant, NAME, Start, read_assistants};
use clap::Args;
use serde_json::{Value, json};
use similar::TextDiff;

use super::{CommandResult, Failure, assemble, prompt, terminal};
use crate::clock::Clock;
use crate::config::reference::Source;
use crate::config::{self, Config, Homes};
use crate::connections::ConnectionError;
use crate::names::nearest;
use crate::regular;
use crate::tools::mending::quoted;

/// Which assistants, and what is done about them.
#[derive(Debug, Args)]
pub(super) struct InstallArguments {
    /// Assistants by name, or `all` that are here; without one they are listed
    assistants: Vec<String>,
    /// Print what belongs into the file, the link and the command that do the same; change nothing
    #[arg(long)]
    print: bool,
    /// Take the server out again
    #[arg(long, conflicts_with = "print")]
    remove: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Print JSON on a terminal too
    #[arg(long)]
    json: bool,
}

/// Carries the command out.
pub(super) async fn run(config: &Config, clock: &Clock, arguments: &InstallArguments) -> CommandResult {
    let homes = config::find_homes().ok_or("this user has no home directory, and so no assistants")?;
    let (args, kept_back) = options(config);
    let start = Start {
        program: std::env::current_exe()?.display().to_string(),
        args,
    };
    let all = read_assistants()?;
    if arguments.assistants.is_empty() {
        return list(&all, &homes, arguments.json);
    }
    let chosen = choose(&all, &arguments.assistants, &homes)?;
    if !arguments.remove {
        refuse_without_user(config, clock).await?;
        for variable in kept_back {
            terminal::tell(&format!(
                "warning: {variable} is set here alone: the assistant does not see it"
            ));
        }
    }
    if arguments.print {
        print(&chosen, &start, &homes, arguments.json)?;
        return Ok(ExitCode::SUCCESS);
    }
    let several = chosen.len() > 1;
    let mut code = ExitCode::SUCCESS;
    for assistant in chosen {
        match change(assistant, &start, &homes, arguments) {
            // One that is left as it is keeps no other from its turn.
            Err(error) if several => code = terminal::fail(&format!("{}: {error}", assistant.title)),
            changed => changed?,
        }
    }
    Ok(code)
}

/// A server that is started for nobody would refuse every call where several users have connections. A database that is not
/// there yet is not made for this question.
async fn refuse_without_user(config: &Config, clock: &Clock) -> Result<(), Failure> {
    let is_theirs = config.said.user.is_some() || config.has_own_sandbox();
    let Ok(connections) = assemble::connections(config, clock) else {
        return Ok(());
    };
    let is_missing = connections
        .database_file()
        .is_some_and(|file| !file.path.exists());
    if is_theirs || is_missing {
        return Ok(());
    }
    match connections.only_user().await {
        Err(error @ ConnectionError::ChooseUser { .. }) => Err(error.into()),
        _ => Ok(()),
    }
}

/// What was said here by flag or variable, as flags for the server: an assistant has neither this command line nor this
/// environment. And the variables that cannot be one: those with a secret, and what the environment alone may say.
fn options(config: &Config) -> (Vec<String>, Vec<String>) {
    let (mut flags, mut kept_back) = (Vec::new(), Vec::new());
    for held in config.held() {
        let is_said = matches!(held.source, Source::Flag | Source::Environment);
        match held.flag.as_deref() {
            _ if !is_said => {}
            Some("--color" | "--no-pager") => {}
            Some("--database-url") if config.database_url_to_show().is_none() => {
                kept_back.push(held.variable)
            }
            Some(flag @ ("--toolsets" | "--tools" | "--exclude-tools")) => {
                flags.push(format!("{flag}={}", held.value.replace(", ", ",")));
            }
            Some(flag) => flags.push(format!("{flag}={}", held.value)),
            None => kept_back.push(held.variable),
        }
    }
    (flags, kept_back)
}

fn choose<'a>(all: &'a [Assistant], named: &[String], homes: &Homes) -> Result<Vec<&'a Assistant>, Failure> {
    let find = |name: &String| {
        all.iter()
            .find(|assistant| assistant.name == *name)
            .ok_or_else(|| {
                let names = || all.iter().map(|assistant| assistant.name.as_str());
                let near = nearest(name, names());
                let near = near
                    .first()
                    .map(|near| format!("; did you mean {near}?"))
                    .unwrap_or_else(|| ".".to_owned());
                Failure::from(format!(
                    "no assistant `{}` is known{near} Known are {}.",
                    crate::names::clip(name, 60),
                    names().collect::<Vec<_>>().join(", ")
                ))
            })
    };
    let one_by_one = named.iter().filter(|name| *name != "all").map(find);
    let chosen = one_by_one.collect::<Result<Vec<&Assistant>, Failure>>()?;
    if chosen.len() == named.len() {
        return Ok(chosen);
    }
    let here: Vec<&Assistant> = all.iter().filter(|assistant| assistant.is_here(homes)).collect();
    match here.is_empty() {
        true => Err("none of the known assistants is here; `zoho-mcp install` lists them".into()),
        false => Ok(here),
    }
}

/// What is known of every assistant here.
fn list(all: &[Assistant], homes: &Homes, as_json: bool) -> CommandResult {
    let state = |assistant: &Assistant, file: &Path| match text_of(file) {
        Err(_) => "cannot be read",
        Ok(Some(text)) if edit::holds(assistant.form, &text, &assistant.at, NAME) => "knows this server",
        Ok(_) if assistant.is_here(homes) => "is here",
        Ok(_) => "not found",
    };
    let rows = all.iter().map(|assistant| {
        let file = assistant.file(homes);
        [
            assistant.name.clone(),
            state(assistant, &file).to_owned(),
            file.display().to_string(),
        ]
    });
    if as_json || !terminal::is_terminal() {
        let rows: Vec<Value> = rows
            .map(|[name, state, file]| json!({ "name": name, "state": state, "file": file }))
            .collect();
        terminal::print(&Value::Array(rows).to_string());
    } else {
        let rows = rows.map(Vec::from).collect();
        terminal::print(&terminal::table(&["Assistant", "", "File"], rows));
        terminal::tell("next: zoho-mcp install NAME, or `all` that are here");
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints what `install` would put where, and what does the same without it.
fn print(chosen: &[&Assistant], start: &Start, homes: &Homes, as_json: bool) -> Result<(), Failure> {
    let words = std::iter::once(&start.program).chain(&start.args);
    let line = words.map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
    let mut told = Vec::new();
    for assistant in chosen {
        let block = edit::put(assistant.form, "", &assistant.at, NAME, &assistant.entry(start))?;
        told.push(json!({
            "name": assistant.name,
            "file": assistant.file(homes),
            "block": block,
            "link": assistant.link(start),
            "command": assistant.command(&line),
        }));
    }
    if as_json || !terminal::is_terminal() && chosen.len() > 1 {
        terminal::print(&Value::Array(told).to_string());
        return Ok(());
    }
    for (assistant, told) in chosen.iter().zip(&told) {
        let text = |key: &str| told.get(key).and_then(Value::as_str);
        terminal::tell(&format!(
            "{}, in {}:",
            assistant.title,
            assistant.file(homes).display()
        ));
        terminal::print(text("block").unwrap_or_default().trim_end());
        for key in ["command", "link"] {
            if let Some(same) = text(key) {
                terminal::tell(&format!("The {key} that does the same: {same}"));
            }
        }
    }
    Ok(())
}

/// Changes the file of one assistant, once the person has seen how.
fn change(
    assistant: &Assistant,
    start: &Start,
    homes: &Homes,
    arguments: &InstallArguments,
) -> Result<(), Failure> {
    // A file that is a link to another place stays one.
    let named = assistant.file(homes);
    let file = match fs::canonicalize(&named) {
        Ok(file) => file,
        Err(_) if named.is_symlink() => {
            return Err(format!("{}: a link that leads nowhere", named.display()).into());
        }
        Err(_) => named,
    };
    let in_file = |error: &dyn std::fmt::Display| Failure::from(format!("{}: {error}", file.display()));
    let before = text_of(&file).map_err(|error| in_file(&error))?;
    let old = before.as_deref().unwrap_or_default();
    let new = match arguments.remove {
        true => edit::take_out(assistant.form, old, &assistant.at, NAME),
        false => edit::put(assistant.form, old, &assistant.at, NAME, &assistant.entry(start)),
    };
    let new = new.map_err(|error| in_file(&error))?;
    if new == old {
        let state = if arguments.remove {
            "does not know this server"
        } else {
            "knows this server already"
        };
        terminal::tell(&format!("{} {state} ({}).", assistant.title, file.display()));
        return Ok(());
    }
    let shown = file.display().to_string();
    let diff = TextDiff::from_lines(old, &new);
    terminal::print(
        diff.unified_diff()
            .context_radius(3)
            .header(&shown, &shown)
            .to_string()
            .trim_end(),
    );
    prompt::confirm(&format!("Change {shown}?"), arguments.yes, prompt::SAY_YES)?;
    if text_of(&file).map_err(|error| in_file(&error))? != before {
        return Err(in_file(
            &"it was changed meanwhile, and is left so: run this again",
        ));
    }
    let backup = before.is_some().then(|| with_ending(&file, "before-zoho-mcp"));
    // The file as it was without this server is not written over by one that has it.
    let has_it = edit::holds(assistant.form, old, &assistant.at, NAME);
    if let Some(backup) = backup.as_ref().filter(|backup| !has_it || !backup.exists()) {
        fs::copy(&file, backup).map_err(|error| in_file(&error))?;
    }
    write_whole(&file, &new).map_err(|error| in_file(&error))?;
    let kept = backup
        .map(|backup| match arguments.remove {
            true => format!(
                " As it was before this server came to it, without what was added since: {}.",
                backup.display()
            ),
            false => format!(" As it was without this server: {}.", backup.display()),
        })
        .unwrap_or_default();
    terminal::tell(&format!("{}: done.{kept} {}", assistant.title, assistant.then));
    Ok(())
}

/// What a file holds; nothing where there is none.
fn text_of(file: &Path) -> std::io::Result<Option<String>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(format!(".{ending}"));
    name.into()
}

/// Whole or not at all, and as readable as before: what is new is the person's alone.
fn write_whole(file: &Path, text: &str) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or_else(|| Path::new("."));
    regular::make_directory(folder)?;
    let mut draft = tempfile::NamedTempFile::new_in(folder)?;
    draft.write_all(text.as_bytes())?;
    draft.as_file().sync_all()?;
    if let Ok(known) = fs::metadata(file) {
        draft.as_file().set_permissions(known.permissions())?;
    }
    draft.persist(file).map(drop).map_err(|error| error.error)
}
