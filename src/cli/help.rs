//! The help of every command: its own options, examples, how it ends, and of the options that every command takes their
//! names alone. Put together when somebody asks for it: a server that starts pays nothing for it.

mod examples;

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, CommandFactory as _};
use examples::of as examples_of;

use super::{Cli, call, text};
use crate::config::{Settings, name_of};
use crate::tools::mending::quoted;

/// Longer lines are hard to read.
const WIDEST: usize = 110;

/// What is put in columns has room on a screen of 80.
const NARROW: usize = 79;

const ENDS: &str = "\
How a command ends:
  0    it is done
  1    it is not: why, and what to do, is said; `doctor` found what calls would fail at
  2    the command line, or what is configured, is not understood
  130  Ctrl-C or a signal has stopped it (a server that is told to end is done: 0)";

const ELSEWHERE: &str = "\
Every option but --help and --version is an environment variable, too, and a key of config.toml: `zoho-mcp config show` \
tells what holds and who said it, `zoho-mcp config edit` changes it. A flag wins over the environment, that over the file.";

/// The program with all its help.
pub(super) fn command() -> Command {
    let command = Cli::command().max_term_width(WIDEST);
    let common: Vec<Arg> = command
        .get_arguments()
        .filter(|option| is_common(option))
        .cloned()
        .collect();
    let groups = groups(&common);
    let command = command.mut_args(|option| match is_common(&option) {
        true => named(option).hide_short_help(true),
        false => option,
    });
    let names: Vec<String> = command
        .get_subcommands()
        .map(|one| one.get_name().to_owned())
        .collect();
    let command = names.into_iter().fold(command, |command, name| {
        command.mut_subcommand(&name, |one| of_command(one, &name, &common, &groups))
    });
    let examples = examples_of("");
    command
        .after_help(format!(
            "{examples}\n\nOptions of every command (--help explains them):\n{groups}"
        ))
        .after_long_help(format!("{examples}\n\n{ENDS}\n\n{ELSEWHERE}"))
}

/// A command below, and those below it: without what every command takes, but for where that is told.
fn of_command(command: Command, path: &str, common: &[Arg], groups: &str) -> Command {
    let below: Vec<String> = command
        .get_subcommands()
        .map(|one| one.get_name().to_owned())
        .collect();
    let command = below.into_iter().fold(command, |command, name| {
        let path = format!("{path} {name}");
        command.mut_subcommand(&name, |one| of_command(one, &path, common, groups))
    });
    let own = command.get_after_help().map(ToString::to_string);
    let examples = Some(examples_of(path)).filter(|examples| !examples.is_empty());
    let head: Vec<String> = own.into_iter().chain(examples).collect();
    let head = head.join("\n\n");
    let hidden = common.iter().map(|option| option.clone().hide(true));
    command
        .args(hidden)
        .after_help(format!(
            "{head}\n\nOptions of every command, like --user and --sandbox: zoho-mcp --help"
        ))
        .after_long_help(format!(
            "{head}\n\nOptions of every command (zoho-mcp --help explains them):\n{groups}"
        ))
}

fn is_common(option: &Arg) -> bool {
    Settings::ROWS.contains(&option.get_id().as_str())
}

/// The help of an option that is a variable, too, says which.
fn named(option: Arg) -> Arg {
    let name = name_of(option.get_id().as_str());
    match option.get_help().map(ToString::to_string) {
        Some(help) => option.help(format!("{help} [{name}]")),
        None => option,
    }
}

/// The options by what they are about, a line each.
fn groups(common: &[Arg]) -> String {
    let mut groups: Vec<(&str, Vec<String>)> = Vec::new();
    for option in common {
        let heading = option.get_help_heading().unwrap_or_default();
        let name = format!("--{}", option.get_long().unwrap_or_default());
        match groups.iter_mut().find(|(known, _)| *known == heading) {
            Some((_, names)) => names.push(name),
            None => groups.push((heading, vec![name])),
        }
    }
    let width = groups.iter().map(|(heading, _)| heading.len()).max();
    let width = width.unwrap_or_default();
    let line = |(heading, names): &(&str, Vec<String>)| {
        let names = text::hanging(&names.join(" "), width + 4, NARROW);
        format!("  {heading:width$}  {names}")
    };
    groups.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What is said in the place of an outcome of the plain command line: the whole help, where help was asked for.
pub(super) fn instead_of(error: clap::Error, given: &[OsString]) -> clap::Error {
    let shown = match error.kind() {
        ErrorKind::DisplayHelp => match tool_asked_about(given) {
            Some(tool) => match call::help_of(&tool) {
                Some(help) => Command::new("call")
                    .override_help(help)
                    .try_get_matches_from(["call", "--help"]),
                None => return Cli::command().error(ErrorKind::InvalidValue, call::unknown(&tool)),
            },
            None => command().try_get_matches_from(given),
        },
        ErrorKind::UnknownArgument => return with_tip(error, |error| pair_meant(error, given)),
        ErrorKind::InvalidSubcommand => return with_tip(error, command_meant),
        _ => return error,
    };
    shown.err().unwrap_or(error)
}

/// The same, with what is meant in the place of the parser's guess.
fn with_tip(mut error: clap::Error, meant: impl Fn(&clap::Error) -> Option<String>) -> clap::Error {
    if let Some(meant) = meant(&error) {
        error.remove(ContextKind::SuggestedSubcommand);
        error.insert(
            ContextKind::Suggested,
            ContextValue::StyledStrs(vec![meant.into()]),
        );
    }
    error
}

/// What a person means who writes an argument of a tool as an option: `--limit 5` is `limit=5`.
fn pair_meant(error: &clap::Error, given: &[OsString]) -> Option<String> {
    let ContextValue::String(option) = error.get(ContextKind::InvalidArg)? else {
        return None;
    };
    let name = option.trim_start_matches('-').replace('-', "_");
    call::takes(&tool_asked_about(given)?, &name).then_some(())?;
    let words: Vec<_> = given.iter().map(|word| word.to_string_lossy()).collect();
    let place = words
        .iter()
        .position(|word| word.split('=').next() == Some(option.as_str()))?;
    let value = match words.get(place)?.split_once('=') {
        Some((_, value)) => value,
        None => words.get(place + 1).map_or("VALUE", |next| next.as_ref()),
    };
    Some(format!("arguments of a tool are pairs: {name}={}", quoted(value)))
}

/// Words that people know as commands from elsewhere.
const MEANT: [(&str, &str); 2] = [("list", "zoho-mcp status"), ("version", "zoho-mcp --version")];

fn command_meant(error: &clap::Error) -> Option<String> {
    let ContextValue::String(word) = error.get(ContextKind::InvalidSubcommand)? else {
        return None;
    };
    let meant = MEANT.iter().find(|(known, _)| known == word);
    meant.map(|(_, command)| format!("`{command}`"))
}

/// The tool of `call TOOL --help`.
fn tool_asked_about(given: &[OsString]) -> Option<String> {
    let rest = given.iter().filter(|word| *word != "-h" && *word != "--help");
    let matches = Cli::command()
        .ignore_errors(true)
        .try_get_matches_from(rest)
        .ok()?;
    let (name, arguments) = matches.subcommand()?;
    let tool = (name == "call").then(|| arguments.get_one::<String>("tool"))?;
    tool.cloned()
}
