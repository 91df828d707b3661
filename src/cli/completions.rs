//! `zoho-mcp completions` and `zoho-mcp man`: what shells and `man` know of this program.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use clap_complete::Shell;

use super::{CommandResult, call, help, terminal};

/// The shell to complete for.
#[derive(Debug, Args)]
pub(super) struct CompletionsArguments {
    /// The shell
    shell: Known,
}

/// Where the pages go.
#[derive(Debug, Args)]
pub(super) struct ManArguments {
    /// A page for every command, into this directory; without it the program's own page is printed
    directory: Option<PathBuf>,
}

/// The shells this is tried in.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Known {
    Bash,
    Zsh,
    Fish,
    Powershell,
}

/// Prints the script; the names of tools are completed, too.
pub(super) fn complete(arguments: &CompletionsArguments) -> CommandResult {
    let shell = match arguments.shell {
        Known::Bash => Shell::Bash,
        Known::Zsh => Shell::Zsh,
        Known::Fish => Shell::Fish,
        Known::Powershell => Shell::PowerShell,
    };
    let catalog = call::everything()?;
    let names: Vec<String> = catalog.names().into_iter().map(str::to_owned).collect();
    let mut command = help::command().mut_subcommand("call", |call| {
        call.mut_args(|argument| match argument.get_id() == "tool" {
            true => argument.value_parser(PossibleValuesParser::new(names.clone())),
            false => argument,
        })
    });
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "zoho-mcp", &mut script);
    written(script)
}

/// Prints the page of the program, or writes one for each command.
pub(super) fn man(arguments: &ManArguments) -> CommandResult {
    let command = help::command();
    if let Some(directory) = &arguments.directory {
        std::fs::create_dir_all(directory)
            .and_then(|()| clap_mangen::generate_to(command, directory))
            .map_err(|error| format!("{}: {error}", directory.display()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    written(page)
}

fn written(text: Vec<u8>) -> CommandResult {
    terminal::print_line(String::from_utf8(text)?.trim_end());
    Ok(ExitCode::SUCCESS)
}
