//! What a sandbox that runs is told and asked: each call below `/__sandbox/` is a command, as the sandbox's own table has it.

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Arg, ArgMatches, Args, FromArgMatches, Subcommand};
use serde_json::{Map, Value, json};

use super::agent::AgentArguments;
use super::asking::{ask, show};
use crate::cli::call::arguments;
use crate::cli::{CommandResult, Failure};
use crate::clock::Clock;
use crate::config::Config;
use crate::sandbox::{Door, doors};

/// What one does to a sandbox that runs; `--sandbox-url URL` says which.
#[derive(Debug, Subcommand)]
pub(super) enum Control {
    /// Make calls go wrong in place of all faults there are; `fault none` ends them
    #[command(after_help = "Example: zoho-mcp sandbox fault 429 path=/api/v1/tickets count=1 retry_after=7")]
    Fault {
        /// Its kind, as the sandbox's README lists them
        kind: String,
        /// path=, count=, every=, retry_after=, ...
        conditions: Vec<String>,
    },
    /// Begin a task for an agent, or run one and score it
    #[command(
        after_help = "Example: zoho-mcp sandbox scenario run offene-faelle-kesselring -- my-agent --quiet"
    )]
    Scenario(ScenarioArguments),
    #[command(flatten)]
    Call(Call),
}

impl Control {
    /// Whether it works in a folder that is gone at its end.
    pub(super) fn throws_away(&self) -> bool {
        matches!(self, Control::Scenario(ScenarioArguments { run: Some(_), .. }))
    }
}

/// Which task, and who does it.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub(super) struct ScenarioArguments {
    /// The id of one that `sandbox scenarios` lists, or JSON
    words: Vec<String>,
    #[command(subcommand)]
    run: Option<Run>,
}

#[derive(Debug, Subcommand)]
enum Run {
    /// Begin the task, start COMMAND with its words on standard input, and score what it prints and leaves behind
    Run(AgentArguments),
}

/// One of the sandbox's own calls, with what was written behind it.
#[derive(Debug)]
pub(super) struct Call {
    name: String,
    words: Vec<String>,
}

impl FromArgMatches for Call {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let (name, given) = matches
            .subcommand()
            .ok_or_else(|| clap::Error::new(ErrorKind::MissingSubcommand))?;
        // A call that takes nothing has no words.
        let words = given.try_get_many("words").ok().flatten();
        let words = words.into_iter().flatten().cloned();
        Ok(Call {
            name: name.to_owned(),
            words: words.collect(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Call::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Subcommand for Call {
    fn augment_subcommands(mut command: clap::Command) -> clap::Command {
        for (place, door) in doors().iter().enumerate() {
            if has_own_command(door) || doors().iter().take(place).any(|before| before.name == door.name) {
                continue;
            }
            command = command.subcommand(described(door));
        }
        command
    }

    fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
        Call::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        doors()
            .iter()
            .any(|door| door.name == name && !has_own_command(door))
    }
}

fn has_own_command(door: &Door) -> bool {
    door.name == "scenario"
}

/// The command of a call: what it and the one of the same name are for, and an example.
fn described(door: &'static Door) -> clap::Command {
    let command = clap::Command::new(door.name.as_str());
    let same = doors().iter().filter(|one| one.name == door.name);
    let does: Vec<&str> = same.map(|door| door.does.as_str()).collect();
    let command = command.about(does.join("; or "));
    let Some(example) = example_of(&door.name) else {
        return command;
    };
    let words = Arg::new("words")
        .num_args(0..)
        .value_name("KEY=VALUE")
        .help("Pairs, one JSON object, @FILE with one, or - for standard input");
    command
        .arg(words)
        .after_help(format!("Example: zoho-mcp sandbox {} '{example}'", door.name))
}

/// A body as the call of this name takes it.
fn example_of(name: &str) -> Option<&'static Value> {
    let mut bodies = doors()
        .iter()
        .filter(|door| door.name == name)
        .filter_map(|door| door.body.as_ref());
    bodies.next()
}

/// Tells or asks the sandbox that `--sandbox-url` names.
///
/// # Errors
/// None is named, it does not answer, or it refused.
pub(super) async fn run(control: Control, config: &Config, clock: &Clock) -> CommandResult {
    let call = match control {
        Control::Fault { kind, conditions } => return fault(kind, &conditions, config, clock).await,
        Control::Scenario(ScenarioArguments {
            run: Some(Run::Run(agent)),
            ..
        }) => {
            return super::agent::run(agent, config, clock).await;
        }
        Control::Scenario(ScenarioArguments { words, .. }) => Call {
            name: "scenario".to_owned(),
            words,
        },
        Control::Call(call) => call,
    };
    let is_told = !call.words.is_empty();
    let takes = |method: &str| {
        doors()
            .iter()
            .any(|door| door.name == call.name && door.method == method)
    };
    let body = match is_told || !takes("GET") {
        true => Some(body(&call)?),
        false => None,
    };
    let answer = ask(config, clock, &call.name, body).await?;
    show(answer, config, clock)?;
    Ok(ExitCode::SUCCESS)
}

async fn fault(kind: String, conditions: &[String], config: &Config, clock: &Clock) -> CommandResult {
    let faults = match kind.as_str() {
        "none" => json!([]),
        _ => {
            let read = arguments::read(conditions, &|name| matches!(name, "path" | "to" | "body"))?;
            let mut fault: Map<String, Value> = serde_json::from_str(&read)?;
            fault.insert("kind".to_owned(), Value::from(kind));
            json!([fault])
        }
    };
    let body = json!({ "faults": faults }).to_string();
    show(ask(config, clock, "admin", Some(body)).await?, config, clock)?;
    Ok(ExitCode::SUCCESS)
}

/// What a call is told. A single word stands for the text that its example begins with: a name, an id, an answer.
fn body(call: &Call) -> Result<String, Failure> {
    let example = example_of(&call.name).and_then(Value::as_object);
    let is_text = |name: &str| example.is_some_and(|body| body.get(name).is_some_and(Value::is_string));
    let first = example.and_then(|body| body.keys().next());
    match (call.words.as_slice(), first) {
        ([word], _) if word.starts_with('@') => {
            Ok(std::fs::read_to_string(&word[1..]).map_err(|error| format!("{}: {error}", &word[1..]))?)
        }
        ([word], Some(first)) if is_text(first) && is_bare(word) => Ok(json!({ first: word }).to_string()),
        (words, _) => arguments::read(words, &is_text),
    }
}

/// Whether it is neither JSON nor a pair nor a dash.
fn is_bare(word: &str) -> bool {
    !word.starts_with('{') && word != "-" && !arguments::is_pair(word)
}
