//! `zoho-mcp repair`: the repairs alone, one case a line; and how often each was made.

use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::{CommandResult, Failure, assemble, terminal};
use crate::clock::Clock;
use crate::config::Config;
use crate::ledger::{Ledger, RepairCount};
use crate::repair::{Access, ToolSchema, repair_line};
use crate::tools::catalog::{Catalog, Selection};

/// A case, for who does not know one.
const CASE: &str = r#"{"id":1,"tool":"get_records","arguments":{"module":"cases","limit":"5"}}"#;

/// What is repaired against.
#[derive(Debug, Args)]
#[command(after_help = format!("A case, `id` as you like, `name` taken for `tool` and `input` for `arguments`:\n  {CASE}"))]
pub(super) struct RepairArguments {
    /// Tool files to repair against instead of this server's own tools, there or one folder below: NAME.json with `name`,
    /// `inputSchema` and `access` (read or write) or `annotations`; what the `x-` annotations of this server's own files
    /// say holds, and one with an `operation` has to be right as a whole
    #[arg(long, value_name = "DIR")]
    tool_schemas: Option<PathBuf>,
    /// Show how often each repair was made, instead of reading cases
    #[arg(long, conflicts_with = "tool_schemas")]
    pub(super) stats: bool,
}

/// Answers each line `{"id","tool","arguments"}` of standard input with one line, in order; fails with 1 where a line is no
/// JSON.
pub(super) async fn run(config: Config, clock: &Clock, arguments: RepairArguments) -> CommandResult {
    if arguments.stats {
        return stats(&config, clock).await;
    }
    let today = today(&config, clock)?;
    if io::stdin().is_terminal() {
        terminal::tell(&format!(
            "Waiting for cases, one a line, like\n  {CASE}\nCtrl-D ends it."
        ));
    }
    let all_read = match &arguments.tool_schemas {
        Some(folder) => answer_lines(&read_folder(folder)?, today)?,
        None => {
            let catalog = assemble::catalog(&config)?;
            let own: Vec<&ToolSchema> = catalog.tools().iter().map(|tool| tool.schema()).collect();
            answer_lines(&own, today)?
        }
    };
    Ok(match all_read {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Whether every line was JSON. A reader that has gone ends the work without an error.
fn answer_lines<T: AsRef<ToolSchema>>(tools: &[T], today: Date) -> io::Result<bool> {
    let mut input = io::stdin().lock();
    let (mut line, mut all_read) = (Vec::new(), true);
    while input.read_until(b'\n', &mut line)? > 0 {
        let case = line.trim_ascii_end();
        all_read &= serde_json::from_slice::<IgnoredAny>(case).is_ok();
        let answer = match std::str::from_utf8(case) {
            Ok(case) => repair_line(case, tools, today),
            Err(_) => not_utf8(),
        };
        if !terminal::print_line(&answer) {
            break;
        }
        line.clear();
    }
    Ok(all_read)
}

fn not_utf8() -> String {
    json!({ "id": null, "outcome": "error", "tool": "", "repairs": [], "message": "the line is no case: not UTF-8" })
        .to_string()
}

fn today(config: &Config, clock: &Clock) -> Result<Date, Failure> {
    let now = Timestamp::from_second(clock.now())?;
    let zone = assemble::zone(config)?.unwrap_or(TimeZone::UTC);
    Ok(now.to_zoned_datetime(zone).date())
}

#[derive(Deserialize)]
struct ForeignTool {
    name: String,
    access: Option<String>,
    #[serde(default)]
    annotations: Value,
    operation: Option<Value>,
    #[serde(rename = "inputSchema")]
    input_schema: Value,
}

fn read_folder(folder: &Path) -> Result<Vec<ToolSchema>, Failure> {
    let at = |path: &Path| path.display().to_string();
    let listed = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", at(folder)))?;
    let mut paths = Vec::new();
    for entry in listed {
        let path = entry?.path();
        match path.is_dir() {
            true => paths.extend(std::fs::read_dir(&path)?.flatten().map(|entry| entry.path())),
            false => paths.push(path),
        }
    }
    paths.retain(|path| is_tool(path));
    paths.sort();
    let mut tools = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", at(&path)))?;
        tools.push(foreign(&text).map_err(|error| format!("{}: {error}", at(&path)))?);
    }
    if tools.is_empty() {
        return Err(format!("{}: no tool files (*.json)", at(folder)).into());
    }
    Ok(tools)
}

/// What lies beside the tools in their folder.
const NO_TOOLS: [&str; 5] = [
    "coql.json",
    "toolset.json",
    "quotations.json",
    "languages.json",
    "tool_names.json",
];

/// Folders of other things than tools.
const OTHER_FOLDERS: [&str; 3] = ["modules", "prompts", "resources"];

/// Whether a file is a tool: no description of others, no module and no prompt.
fn is_tool(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = path.parent().and_then(Path::file_name);
    let is_other = NO_TOOLS.contains(&&*name) || name.ends_with(".schema.json");
    name.ends_with(".json")
        && !is_other
        && !folder.is_some_and(|folder| OTHER_FOLDERS.iter().any(|other| folder == *other))
}

/// A tool that does not say what it does is taken for one that writes.
fn foreign(text: &str) -> Result<ToolSchema, Failure> {
    let tool: ForeignTool = serde_json::from_str(text)?;
    if tool.operation.is_some() {
        // One of ours: what would stop it in the binary stops it here.
        Catalog::read([("given/tool.json", text)].into_iter(), &Selection::default())?;
    }
    let access = match tool.access.as_deref() {
        Some("read") => Access::Read,
        Some("write") => Access::Write,
        Some(other) => return Err(format!("access: `read` or `write`, not `{other}`").into()),
        None => match &tool.operation {
            Some(operation) if operation.get("effect") == Some(&json!("read")) => Access::Read,
            None if tool.annotations.get("readOnlyHint") == Some(&json!(true)) => Access::Read,
            _ => Access::Write,
        },
    };
    let schema = ToolSchema::new(tool.name, access, tool.input_schema)?;
    schema.check()?;
    Ok(schema)
}

async fn stats(config: &Config, clock: &Clock) -> CommandResult {
    let connections = assemble::connections(config, clock)?;
    let counts = Ledger::new(connections.into()).repair_counts().await?;
    if !terminal::is_terminal() {
        terminal::print(&json!(counts).to_string());
    } else if counts.is_empty() {
        terminal::print("No repairs yet.");
    } else {
        let row = |one: &RepairCount| {
            vec![
                one.tool.clone(),
                one.rule.clone(),
                one.count.to_string(),
                one.last_day.clone(),
            ]
        };
        let rows = counts.iter().map(row).collect();
        terminal::print_table(&["Tool", "Repair", "Times", "Last"], rows, |_| None);
    }
    Ok(ExitCode::SUCCESS)
}
