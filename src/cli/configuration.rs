//! `zoho-mcp config`: the options that hold and who said them, and the file that says some.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{self, ExitCode};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::form::Printed;
use super::{CommandResult, Failure, paint, terminal, text};
use crate::config::reference::{self, Held, Source};
use crate::config::{self, Config, Settings};
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
    /// Open the file of settings in your editor; where there is none it is made, with every option in it
    Edit,
}

/// Carries it out; nothing but the file and the environment is looked at.
pub(super) fn run(arguments: &ConfigArguments, flags: &Settings) -> CommandResult {
    match arguments.action {
        None => show(flags, Printed::default()),
        Some(Action::Show { printed }) => show(flags, printed),
        Some(Action::Path) => {
            terminal::print(&path()?.display().to_string());
            Ok(ExitCode::SUCCESS)
        }
        Some(Action::Edit) => edit(flags),
    }
}

fn path() -> Result<PathBuf, Failure> {
    reference::file().ok_or_else(|| "no home directory: name the file in ZOHO_MCP_CONFIG".into())
}

fn show(flags: &Settings, printed: Printed) -> CommandResult {
    let config = Config::load(flags.clone())?;
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
        return Ok(ExitCode::SUCCESS);
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
    terminal::print_table(&["Option", "Value", "Said by"], rows, |_| None);
    let path = path()?;
    let is_there = if path.exists() {
        ""
    } else {
        " (there is none yet: `zoho-mcp config edit`)"
    };
    let file = format!("File: {}{is_there}", path.display());
    terminal::print(&text::wrapped_beside_commands(&file, terminal::columns()));
    Ok(ExitCode::SUCCESS)
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
