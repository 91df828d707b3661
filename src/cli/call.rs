//! `zoho-mcp call`: one tool, without MCP; the same story as a call from an assistant.

mod status;

use std::io::Read as _;
use std::process::ExitCode;

use clap::Args;
use serde_json::{Map, Value};
use status::Waiting;
use tokio_util::sync::CancellationToken;

use super::ending::{STOPPED, on_signal};
use super::{CommandResult, assemble, terminal};
use crate::clock::Clock;
use crate::config::Config;
use crate::repair::{Arguments, Problem};
use crate::tools::error::ToolError;
use crate::tools::output::fence;
use crate::tools::output::list::in_a_cell;
use crate::tools::{Answer, Call, Tools, Unanswered};

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
            terminal::print(&if people {
                readable(&answer)
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

/// An answer as tables: the records, then what was repaired and noted.
pub(super) fn readable(answer: &Answer) -> String {
    readable_body(&answer.body)
}

/// As [`readable`], of the members of `structuredContent`.
pub(super) fn readable_body(body: &Map<String, Value>) -> String {
    let mut parts = vec![records(body.get("data").unwrap_or(&Value::Null))];
    if let Some(cursor) = body.get("next_cursor").and_then(Value::as_str) {
        parts.push(format!(
            "More records: add \"cursor\":\"{cursor}\" to the arguments."
        ));
    }
    for note in body.get("notes").and_then(Value::as_array).into_iter().flatten() {
        parts.push(format!("note: {}", note.as_str().unwrap_or_default()));
    }
    if let Some(repairs) = body.get("repairs").and_then(Value::as_array) {
        let row = |repair: &Value| {
            // One receipt may be for several arguments that were left out.
            let place = repair.get("path").or_else(|| repair.get("paths"));
            let others = ["rule", "from", "to"].map(|key| cell(repair.get(key)));
            std::iter::once(cell(place)).chain(others).collect()
        };
        parts.push(terminal::table(
            &["Repaired", "Rule", "From", "To"],
            repairs.iter().map(row).collect(),
        ));
    }
    parts.join("\n")
}

fn records(data: &Value) -> String {
    match data {
        Value::Array(rows) if rows.is_empty() => "No records.".to_owned(),
        Value::Array(rows) => {
            let mut columns: Vec<&str> = Vec::new();
            for key in rows.iter().filter_map(Value::as_object).flat_map(Map::keys) {
                if !columns.contains(&key.as_str()) && key != "link" {
                    columns.push(key);
                }
            }
            let cells = |row: &Value| columns.iter().map(|column| cell(row.get(*column))).collect();
            let mut shown = terminal::table(&columns, rows.iter().map(cells).collect());
            for link in rows
                .iter()
                .filter_map(|row| row.get("link"))
                .filter_map(Value::as_str)
            {
                shown.push('\n');
                shown.push_str(link);
            }
            shown
        }
        Value::Object(table) if table.contains_key("columns") => {
            let texts = |value: &Value| {
                value
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|item| cell(Some(item)))
                    .collect()
            };
            let columns: Vec<String> = table.get("columns").map(texts).unwrap_or_default();
            let header: Vec<&str> = columns.iter().map(String::as_str).collect();
            let rows = table
                .get("rows")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .map(texts)
                .collect();
            terminal::table(&header, rows)
        }
        Value::Object(record) => {
            let rows = record
                .iter()
                .map(|(key, value)| vec![key.clone(), cell(Some(value))]);
            terminal::table(&["Field", "Value"], rows.collect())
        }
        other => other.to_string(),
    }
}

/// A value in one cell: related records by their name.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => fence::bare(text).to_owned(),
        Some(Value::Object(members)) => {
            let bare = members.iter().map(|(key, member)| {
                let text = member.as_str().map(|text| Value::from(fence::bare(text)));
                (key.clone(), text.unwrap_or_else(|| member.clone()))
            });
            match in_a_cell(Value::Object(bare.collect())) {
                Value::String(name) => name,
                nameless => match nameless.get("id").and_then(Value::as_str) {
                    Some(id) if !id.is_empty() => id.to_owned(),
                    _ => Value::Object(members.clone()).to_string(),
                },
            }
        }
        Some(Value::Array(items)) => items
            .iter()
            .map(|item| cell(Some(item)))
            .collect::<Vec<_>>()
            .join(", "),
        Some(other) => other.to_string(),
    }
}
