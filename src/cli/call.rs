//! `zoho-mcp call`: one tool, without MCP; the same story as a call from an assistant.

mod about;
pub(super) mod arguments;
mod output;
mod status;

use std::collections::HashMap;
use std::process::ExitCode;

pub(super) use about::{everything, help_of, takes, unknown};
use clap::Args;
use output::{Form, Output};
use serde_json::{Value, json};
use status::Waiting;
use tokio_util::sync::CancellationToken;

use super::ending::{STOPPED, on_signal};
use super::page::{self, Look};
use super::{CommandResult, NotUnderstood, assemble, terminal};
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::repair::Arguments;
use crate::tools::mending::Wording;
use crate::tools::policy::Policy;
use crate::tools::{Call, LIST, Tools, Unanswered};

/// What to call.
#[derive(Debug, Args)]
pub(super) struct CallArguments {
    /// The tool; `zoho-mcp tools` lists them, `zoho-mcp call TOOL --help` tells what one takes
    tool: String,
    /// Its arguments: key=value pairs, or one JSON object; `-` reads that from standard input
    #[arg(value_name = "KEY=VALUE|JSON")]
    arguments: Vec<String>,
    /// How the answer is printed: table (a page for people: the default on a terminal), json (all of it: the default in
    /// a pipe), or the records alone as jsonl (an object a line) or csv
    #[arg(long, value_enum, value_name = "FORM", hide_possible_values = true)]
    output: Option<Form>,
    /// The same as --output json
    #[arg(long, conflicts_with = "output")]
    json: bool,
    /// Say yes to what it changes, as far as that can be taken back; only with --writes trusted
    #[arg(long)]
    yes: bool,
}

impl CallArguments {
    fn form(&self) -> Form {
        match (self.output, self.json) {
            (Some(form), _) => form,
            (None, false) if terminal::is_terminal() => Form::Table,
            (None, _) => Form::Json,
        }
    }
}

/// Calls the tool and prints its answer; fails with 1 when the tool failed.
pub(super) async fn run(config: Config, clock: &Clock, arguments: CallArguments) -> CommandResult {
    if arguments.yes && assemble::policy(&config) != Policy::Trusted {
        let told = "--yes: only with --writes trusted; without it the call asks at the terminal";
        return Err(NotUnderstood(told.to_owned()).into());
    }
    let assembled = assemble::calling(&config, clock)?;
    let wording = wording(&config);
    let mut output = Output {
        form: arguments.form(),
        look: Look::new(assemble::zone(&config)?, clock),
        may_page: config.said.no_pager != Some(true),
    };
    let tool = assembled.tools.catalog()?.get(&arguments.tool);
    let is_text = |name: &str| tool.is_some_and(|tool| about::takes_text(tool, name));
    let stop = CancellationToken::new();
    on_signal(&stop, || {})?;
    let written = arguments::read_unless_stopped(&arguments.arguments, &is_text, &stop).await?;
    output.look = output.look.answering(&written);
    let call = Call {
        name: &arguments.tool,
        arguments: Arguments::Text(&written),
        carried: None,
    };
    let tools = &assembled.tools;
    let waiting = Waiting::new(
        tools,
        &assembled.principal,
        assemble::wording(&config),
        arguments.yes,
    );
    let outcome = tokio::select! {
        outcome = tools.execute_tool_with_repair(call, &assembled.principal, &waiting) => outcome,
        () = stop.cancelled() => {
            waiting.clear();
            if waiting.is_asking() {
                terminal::tell("Nothing was sent.");
            }
            settle(tools).await;
            // What such a tool writes is taken up again.
            if about::needs_files(&arguments.tool) {
                terminal::tell("Stopped. The same call goes on where this one stopped.");
            }
            return Ok(ExitCode::from(STOPPED));
        }
    };
    if let (Ok(answer), Form::Table) = (&outcome, output.form) {
        let arguments: Value = serde_json::from_str(&written).unwrap_or_default();
        let named = arguments.get("connection");
        let labels = tools.labels(&assembled.principal, named, &waiting, &answer.body);
        let labels = tokio::select! {
            labels = labels => labels,
            () = stop.cancelled() => HashMap::new(),
        };
        output.look = output.look.calling(labels);
    }
    waiting.clear();
    settle(tools).await;
    tools.flush_counts().await;
    match outcome {
        Ok(answer) => {
            if answer.image.is_some() {
                terminal::tell("The picture itself is not printed: `save` with --files writes it to a file.");
            }
            output.print(answer.body)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(Unanswered::Failed(error)) => {
            match output.form {
                // Whoever has said so needs no advice.
                Form::Table if waiting.is_refused() => terminal::tell("Nothing was sent."),
                Form::Json => terminal::print(&error.to_json().to_string()),
                _ => {
                    let told = page::of_failure(
                        &arguments.tool,
                        &error.to_json(),
                        &output.look,
                        &wording,
                        &is_text,
                    );
                    terminal::tell(&told);
                }
            }
            Ok(ExitCode::FAILURE)
        }
        Err(unanswered) => {
            let error = unanswered.to_string().replace(LIST, LIST_FOR_PEOPLE);
            if output.form != Form::Json || !matches!(unanswered, Unanswered::UnknownTool { .. }) {
                return Err(error.into());
            }
            let next = "Name a tool that `zoho-mcp tools` lists.";
            let told =
                json!({ "error": error, "code": "invalid_arguments", "next": next, "retryable": false });
            terminal::print(&told.to_string());
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Where a person finds the names of tools, which clients of MCP find in [`LIST`].
const LIST_FOR_PEOPLE: &str = "`zoho-mcp tools` has the names.";

/// How a call is told that is to reach what this one has reached.
fn wording(config: &Config) -> Wording {
    Wording::new(config.in_use_by_calls()).started_by(config::path_unless_found())
}

/// What Zoho gives once is stored before the program ends.
async fn settle(tools: &Tools) {
    if !tools.is_settled() {
        terminal::tell("What Zoho is about to answer is still stored...");
    }
    tools.settle().await;
}
