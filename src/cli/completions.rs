//! `zoho-mcp completions` and `zoho-mcp man`: what shells and `man` know of this program.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{Args, Command, ValueEnum};
use clap_complete::Shell;

use super::{CommandResult, call, help, install, terminal};
use crate::zoho::DataCenter;

const NAME: &str = "zoho-mcp";

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

/// Prints the script; the names of tools and of assistants are completed, too.
pub(super) fn complete(arguments: &CompletionsArguments) -> CommandResult {
    let shell = match arguments.shell {
        Known::Bash => Shell::Bash,
        Known::Zsh => Shell::Zsh,
        Known::Fish => Shell::Fish,
        Known::Powershell => Shell::PowerShell,
    };
    let catalog = call::everything()?;
    let names: Vec<String> = catalog.names().into_iter().map(str::to_owned).collect();
    let centers: Vec<String> = DataCenter::ALL
        .iter()
        .map(|center| center.code.to_owned())
        .collect();
    let assistants = install::names()?;
    let mut command = told(&help::command())
        .mut_subcommand("call", |call| with_values(call, "tool", &names))
        .mut_subcommand("install", |install| {
            with_values(install, "assistants", &assistants)
        })
        .mut_subcommand("connect", |connect| with_values(connect, "dc", &centers));
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, NAME, &mut script);
    // The generator for bash names what comes after the program in two ways, where that has a hyphen in its name.
    let mut script = String::from_utf8(script)?.replace("zoho__subcmd__mcp", "zoho__mcp");
    for (command, words) in [("call", &names), ("install", &assistants)] {
        script = with_words(arguments.shell, script, command, words);
    }
    written(&script)
}

/// The script with the words that may follow a command: the generators for two shells know values of options alone.
fn with_words(shell: Known, script: String, command: &str, words: &[String]) -> String {
    match shell {
        Known::Bash | Known::Zsh => script,
        Known::Fish => {
            let words = words.join(" ");
            format!(
                "{script}complete -c {NAME} -n \"__fish_zoho_mcp_using_subcommand {command}\" -f -a \"{words}\"\n"
            )
        }
        Known::Powershell => {
            let head = format!("'{NAME};{command}' {{\n");
            let offered = words.iter().map(|word| {
                format!(
                    "            [CompletionResult]::new('{word}', '{word}', [CompletionResultType]::ParameterValue, '{word}')\n"
                )
            });
            script.replacen(&head, &format!("{head}{}", offered.collect::<String>()), 1)
        }
    }
}

/// The program without the commands that it starts itself.
fn told(program: &Command) -> Command {
    let commands = program.get_subcommands().filter(|one| !one.is_hide_set());
    Command::new(NAME)
        .version(env!("CARGO_PKG_VERSION"))
        .args(program.get_arguments().cloned())
        .subcommands(commands.cloned())
}

/// The command with the values that one of its arguments may have, which is taken as text where it is read.
fn with_values(command: Command, name: &str, values: &[String]) -> Command {
    command.mut_args(|argument| match argument.get_id() == name {
        true => argument.value_parser(PossibleValuesParser::new(values.to_vec())),
        false => argument,
    })
}

/// Prints the page of the program, or writes one for each command.
pub(super) fn man(arguments: &ManArguments) -> CommandResult {
    // Of an option without a short help nothing would be said.
    let command = help::command().mut_args(|option| option.hide_short_help(false));
    if let Some(directory) = &arguments.directory {
        std::fs::create_dir_all(directory)
            .and_then(|()| clap_mangen::generate_to(command, directory))
            .map_err(|error| format!("{}: {error}", directory.display()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    written(&String::from_utf8(page)?)
}

fn written(text: &str) -> CommandResult {
    terminal::print_line(text.trim_end());
    Ok(ExitCode::SUCCESS)
}
