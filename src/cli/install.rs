//! `zoho-mcp install`: puts this server into the configuration of the assistants that a person has.

mod assistants;
mod change;
mod edit;
mod options;
mod places;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use assistants::{Assistant, Standing, Start, read_assistants};
use change::change;
pub(super) use change::{text_of, write_whole};
use clap::Args;
use serde_json::{Value, json};

use super::{CommandResult, Failure, assemble, client, terminal};
use crate::clock::Clock;
use crate::config::reference::Source;
use crate::config::{self, Config, Homes};
use crate::connections::ConnectionError;
use crate::names::nearest;
use crate::tools::mending::rights;

/// Which assistants, and what is done about them.
#[derive(Debug, Args)]
pub(super) struct InstallArguments {
    /// Assistants by name, or `all` that are here; without one they are listed. An entry that is there keeps its options,
    /// but for those that are said anew
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

/// What may be named: every assistant that is known, and all of them.
///
/// # Errors
/// The file of assistants is broken.
pub(super) fn names() -> Result<Vec<String>, Failure> {
    let known = read_assistants()?.into_iter().map(|assistant| assistant.name);
    Ok(known.chain(["all".to_owned()]).collect())
}

/// Carries the command out.
pub(super) async fn run(config: &Config, clock: &Clock, arguments: &InstallArguments) -> CommandResult {
    let homes = config::find_homes().ok_or("this user has no home directory, and so no assistants")?;
    let (args, kept_back) = options(config);
    let start = Start {
        program: config::find_program()?.display().to_string(),
        args,
    };
    let all = read_assistants()?;
    if arguments.assistants.is_empty() {
        return list(&all, &start, &homes, arguments.json);
    }
    let chosen = choose(&all, &arguments.assistants, &homes)?;
    if !arguments.remove {
        refuse_without_user(config, clock).await?;
        let unseen = |variable| format!("{variable} is set here alone: the assistant does not see it");
        terminal::warn(kept_back.into_iter().map(unseen));
        if let Some(file) = client::exposed_file(config) {
            let shown = file.display().to_string();
            let open = format!("the client file {shown} can be read by others on this machine");
            terminal::warn([format!("{open}\nnext: {}", rights::close(file))]);
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
            .find(|assistant| assistant.name == *name || assistant.also.contains(name))
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
fn list(all: &[Assistant], start: &Start, homes: &Homes, as_json: bool) -> CommandResult {
    let state = |assistant: &Assistant, file: &Path| {
        let text = match text_of(file) {
            Err(_) => return "cannot be read",
            Ok(text) => text.unwrap_or_default(),
        };
        match assistant.standing(&text, start) {
            Err(_) => "cannot be read",
            Ok(Standing::Ours(_)) => "knows this server",
            Ok(Standing::Another) => "has another `zoho`",
            Ok(Standing::Absent) if assistant.is_here(homes) => "is here",
            Ok(Standing::Absent) => "not found",
        }
    };
    let rows = all.iter().map(|assistant| {
        let file = assistant.file(homes);
        (assistant.name.clone(), state(assistant, &file), file)
    });
    if as_json || !terminal::is_terminal() {
        let rows: Vec<Value> = rows
            .map(|(name, state, file)| json!({ "name": name, "state": state, "file": file }))
            .collect();
        terminal::print(&Value::Array(rows).to_string());
    } else {
        // As a shell takes it, too: whole names of files are longer than most screens are wide.
        let short = |file: PathBuf| match file.strip_prefix(&homes.home) {
            Ok(below) => format!("~/{}", below.display()),
            Err(_) => file.display().to_string(),
        };
        let rows = rows.map(|(name, state, file)| vec![name, state.to_owned(), short(file)]);
        terminal::print(&terminal::table(&["Assistant", "", "File"], rows.collect()));
        terminal::tell("next: zoho-mcp install NAME, or `all` that are here");
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints what `install` would put where, and what does the same without it.
fn print(chosen: &[&Assistant], start: &Start, homes: &Homes, as_json: bool) -> Result<(), Failure> {
    let mut told = Vec::new();
    for assistant in chosen {
        let block = assistant.spot().put("", &assistant.entry(start))?;
        told.push(json!({
            "name": assistant.name,
            "file": assistant.file(homes),
            "block": block,
            "link": assistant.link(start),
            "command": assistant.command(start),
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
                terminal::tell(&format!("The {key} that does the same:\n    {same}"));
            }
        }
    }
    Ok(())
}
