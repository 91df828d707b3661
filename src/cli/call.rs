//! `zoho-mcp call`: one tool, without MCP; the same story as a call from an assistant.

mod status;

use std::io::Read as _;
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};
use status::Waiting;
use tokio_util::sync::CancellationToken;

use super::ending::{STOPPED, on_signal};
use super::{CommandResult, assemble, page, terminal};
use crate::clock::Clock;
use crate::config::Config;
use crate::repair::{Arguments, Problem};
use crate::tools::error::ToolError;
use crate::tools::{Call, Tools, Unanswered};

/// What to call.
#[derive(Debug, Args)]
pub(super) struct CallArguments {
    /// The tool; `zoho-mcp tools` lists them
    tool: String,
    /// Its arguments as JSON; `-` reads them from standard input
    arguments: Option<String>,
    /// Print JSON on a terminal too
    #[arg(long)]
    json: bool,
}

/// Calls the tool and prints its answer; fails with 1 when the tool failed.
pub(super) async fn run(config: Config, clock: &Clock, arguments: CallArguments) -> CommandResult {
    let assembled = assemble::calling(&config, clock)?;
    let written = match arguments.arguments.as_deref() {
        Some("-") => {
            let mut text = String::new();
            std::io::stdin().lock().read_to_string(&mut text)?;
            Some(text)
        }
        given => given.map(str::to_owned),
    };
    let call = Call {
        name: &arguments.tool,
        arguments: written.as_deref().map_or(Arguments::Missing, Arguments::Text),
        carried: None,
    };
    let people = terminal::is_terminal() && !arguments.json;
    let tools = &assembled.tools;
    let waiting = Waiting::new(tools, &assembled.principal);
    let stop = CancellationToken::new();
    on_signal(&stop, || {})?;
    let outcome = tokio::select! {
        outcome = tools.execute_tool_with_repair(call, &assembled.principal, &waiting) => outcome,
        () = stop.cancelled() => {
            waiting.clear();
            settle(tools).await;
            return Ok(ExitCode::from(STOPPED));
        }
    };
    waiting.clear();
    settle(tools).await;
    tools.flush_counts().await;
    match outcome {
        Ok(answer) => {
            if answer.image.is_some() {
                terminal::tell("The picture itself is not printed: `save` with --files writes it to a file.");
            }
            terminal::print(&if people {
                page::of(&answer.body)
            } else {
                Value::Object(answer.body).to_string()
            });
            Ok(ExitCode::SUCCESS)
        }
        Err(Unanswered::Failed(error)) => {
            if people {
                terminal::tell(&explained(&error));
            } else {
                terminal::print(&error.to_json().to_string());
            }
            Ok(ExitCode::FAILURE)
        }
        Err(unanswered @ Unanswered::UnknownTool { .. }) if !people => {
            let (error, next) = (unanswered.to_string(), "Name a tool that `zoho-mcp tools` lists.");
            let told =
                json!({ "error": error, "code": "invalid_arguments", "next": next, "retryable": false });
            terminal::print(&told.to_string());
            Ok(ExitCode::FAILURE)
        }
        Err(unanswered) => Err(unanswered.into()),
    }
}

/// What Zoho gives once is stored before the program ends.
async fn settle(tools: &Tools) {
    if !tools.is_settled() {
        terminal::tell("What Zoho is about to answer is still stored...");
    }
    tools.settle().await;
}

/// A failure for a person: what it is, each argument that is wrong, a call that would be right, and what to do.
fn explained(error: &ToolError) -> String {
    let mut parts = vec![format!("error: {}", error.error)];
    if !error.problems.is_empty() {
        let row = |problem: &Problem| {
            let place = match problem.path.trim_start_matches('/') {
                "" => "(all)".to_owned(),
                place => place.to_owned(),
            };
            let suggestion = problem.suggestion.clone().unwrap_or_default();
            vec![place, problem.expected.clone(), problem.got.clone(), suggestion]
        };
        parts.push(terminal::table(
            &["Argument", "Expected", "Got", "Suggestion"],
            error.problems.iter().map(row).collect(),
        ));
    }
    parts.extend(
        error
            .example
            .as_ref()
            .map(|example| format!("example: {example}")),
    );
    parts.push(format!("next:  {}", terminal::to_reader(&error.next)));
    parts.join("\n")
}
