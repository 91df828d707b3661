//! `zoho-mcp config`: the options that hold and who said them, and the file that says some.

mod set;

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{self, ExitCode};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::form::Printed;
use super::{CommandResult, Failure, NotUnderstood, pager, paint, terminal, text};
use crate::config::reference::{self, Held, Source};
use crate::config::{self, Config, ConfigError, Settings};
use crate::names::write_out;
use crate::regular;

/// What opens a file where nobody says what does.
const EDITOR: &str = if cfg!(windows) { "notepad" } else { "vi" };

/// What to do with the options.
#[derive(Debug, Args)]
pub(super) struct ConfigArguments {
    #[command(subcommand)]
    action: Option<Action>,
}

/// One look or change.
#[derive(Debug, Subcommand)]
enum Action {
    /// Show what every option holds, and who said it: the default
    Show {
        #[command(flatten)]
        printed: Printed,
    },
    /// Print where the file of settings is
    Path,
    /// Say in the file of settings what an option holds; the rest of the file stays as it is
    Set {
        /// The option, like user
        #[arg(value_name = "OPTION")]
        option: String,
        /// What it is to hold; of several values, with commas between them
        value: String,
    },
    /// Open the file of settings in your editor; where there is none it is made, with every option in it
    Edit,
}

/// Carries it out; nothing but the file and the environment is looked at.
pub(super) fn run(arguments: &ConfigArguments, flags: &Settings) -> CommandResult {
    match &arguments.action {
        None => show(flags, Printed::default()),
        Some(Action::Show { printed }) => show(flags, *printed),
        Some(Action::Path) => {
            terminal::print(&path()?.display().to_string());
            Ok(ExitCode::SUCCESS)
        }
        Some(Action::Set { option, value }) => set::run(flags, &path()?, option, value),
        Some(Action::Edit) => edit(flags),
    }
}

fn path() -> Result<PathBuf, Failure> {
    reference::file().ok_or_else(|| "no home directory: name the file in ZOHO_MCP_CONFIG".into())
}

fn show(flags: &Settings, printed: Printed) -> CommandResult {
    let (config, broken) = Config::load_what_is_sound(flags.clone())?;
    paint::choose(config.said.color);
    terminal::warn(config::unknown_variables().into_iter().chain(config.left_out()));
    let held = config.held();
    if printed.is_json() {
        let described = |held: &Held| {
            json!({
                "flag": held.flag, "variable": held.variable, "value": held.value, "source": held.source.as_str(),
            })
        };
        let rows: Value = held.iter().map(described).collect();
        terminal::print(&rows.to_string());
        return end(&broken);
    }
    let line = |held: &Held| {
        let name = held.flag.as_ref().unwrap_or(&held.variable);
        let source = match held.source {
            Source::Environment => held.variable.clone(),
            source => source.as_str().to_owned(),
        };
        vec![name.clone(), held.value.clone(), source]
    };
    let rows = held.iter().map(line).collect();
    let table = terminal::painted_table(&["Option", "Value", "Said by"], rows, |_| None);
    let path = path()?;
    let is_there = if path.exists() {
        ""
    } else {
        " (there is none yet: `zoho-mcp config edit`)"
    };
    let file = format!("File: {}{is_there}", path.display());
    let file = text::wrapped_beside_commands(&write_out(&file), terminal::columns());
    pager::print(&format!("{table}\n{file}"), config.said.no_pager != Some(true));
    end(&broken)
}

/// What is shown holds, and of the file only what could be understood.
fn end(broken: &[ConfigError]) -> CommandResult {
    let Some((last, before)) = broken.split_last() else {
        return Ok(ExitCode::SUCCESS);
    };
    for error in before {
        terminal::tell(&format!("error: {error}"));
    }
    let next = "next: zoho-mcp config edit";
    let told = format!("{last}\nWhat is shown holds without it; every other command ends here.\n{next}");
    Err(NotUnderstood(told).into())
}

/// Opens the file, and says whether what came of it can be used.
fn edit(flags: &Settings) -> CommandResult {
    let path = path()?;
    if let Some(folder) = path.parent() {
        regular::make_directory(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    match fs::File::create_new(&path) {
        Ok(mut file) => file.write_all(reference::sample().as_bytes())?,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(format!("{}: {error}", path.display()).into()),
    }
    let editor = config::editor().unwrap_or_else(|| EDITOR.to_owned());
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or(EDITOR);
    let ended = process::Command::new(program).args(words).arg(&path).status();
    let ended = ended.map_err(|error| {
        format!(
            "{program}: {error}; say in VISUAL or EDITOR what opens {}",
            path.display()
        )
    })?;
    if !ended.success() {
        return Err(format!("{program} ended with {ended}").into());
    }
    Config::load(flags.clone())?;
    Ok(ExitCode::SUCCESS)
}
