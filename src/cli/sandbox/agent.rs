//! `sandbox scenario run ID -- COMMAND`: one agent at one task, scored.

use std::ffi::OsString;
use std::process::{ExitCode, Stdio};
use std::sync::Arc;

use clap::Args;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use super::asking::{ask, show};
use crate::cli::{CommandResult, Failure, assemble, local_sandbox, sandbox_consent, terminal};
use crate::clock::Clock;
use crate::config::Config;
use crate::connections::{Connection, OrgSource};
use crate::sandbox;

/// Who does which task.
#[derive(Debug, Args)]
pub(super) struct AgentArguments {
    /// The id of one that `sandbox scenarios` lists
    id: String,
    /// The agent: gets the task on standard input, answers on standard output
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// The user whose connection the agent's server finds.
const USER: &str = "agent";

/// Begins the task in the sandbox that is named, or in one that ends with this; the agent's `zoho-mcp` is connected to it.
/// Ends with 1 unless every point was met.
///
/// # Errors
/// There is no such task, the sandbox does not answer, or the command cannot be started.
pub(super) async fn run(arguments: AgentArguments, config: &Config, clock: &Clock) -> CommandResult {
    let mut config = config.clone();
    let mut own = None;
    if config.said.sandbox_url.is_none() {
        let options = sandbox::Options {
            now: config.now,
            ..Default::default()
        };
        let started = own.insert(sandbox::start(options)?);
        config.said.sandbox_url = Some(started.url.clone());
    }
    let home = local_sandbox::private_folder()?;
    let database = home.path().join("agent.db");
    local_sandbox::throw_away(&mut config, &database)?;
    let url = config.said.sandbox_url.clone().unwrap_or_default();

    let begun = ask(
        &config,
        clock,
        "scenario",
        Some(json!({ "id": arguments.id }).to_string()),
    )
    .await?;
    let task = begun
        .get("task")
        .and_then(Value::as_str)
        .ok_or("the sandbox told no task")?;
    terminal::tell(&format!("Task: {task}"));
    let connection = sandbox_consent::connect_to_sandbox(&config, clock, &url, USER, None).await?;
    choose_organization(&config, clock, &connection).await?;
    let facts = ask(&config, clock, "client", None).await?;

    let mut agent = command(&arguments.command)?;
    agent.env("ZOHO_MCP_SANDBOX_URL", &url);
    agent.env("ZOHO_MCP_DATABASE_URL", format!("sqlite:{}", database.display()));
    agent.env("ZOHO_MCP_KEY_FILE", database.with_extension("key"));
    agent.env("ZOHO_SANDBOX_URL", &url).env("ZOHO_SANDBOX_TASK", task);
    for (variable, name) in [
        ("CLIENT_ID", "client_id"),
        ("CLIENT_SECRET", "client_secret"),
        ("REFRESH_TOKEN", "refresh_token"),
        ("DESK_ORG_ID", "desk_org_id"),
    ] {
        agent.env(
            format!("ZOHO_SANDBOX_{variable}"),
            facts.get(name).and_then(Value::as_str).unwrap_or_default(),
        );
    }
    let (answer, has_failed) = answer_of(agent, task).await?;
    let score = ask(
        &config,
        clock,
        "score",
        Some(json!({ "answer": answer }).to_string()),
    )
    .await?;
    let has_passed = score.get("passed") == Some(&Value::Bool(true)) && !has_failed;
    show(score, &config, clock)?;
    drop(own);
    Ok(match has_passed {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Takes the first organization of a sandbox, as a person would who knows that its tasks are about that one.
///
/// # Errors
/// The sandbox does not answer, or the row cannot be written.
async fn choose_organization(config: &Config, clock: &Clock, connection: &Connection) -> Result<(), Failure> {
    let connections = Arc::new(assemble::connections(config, clock)?);
    let zoho = assemble::zoho(config, &connections, clock)?;
    if let Some(first) = zoho.organizations(connection.clone()).await?.first() {
        let chosen = first.into_stored(OrgSource::User);
        connections.set_desk_org(connection.id, &chosen).await?;
    }
    Ok(())
}

/// The agent keeps its own environment, but for what this program was told of itself.
fn command(words: &[OsString]) -> Result<Command, Failure> {
    let (program, rest) = words.split_first().ok_or("no command was given")?;
    let mut command = std::process::Command::new(program);
    assemble::without_own(&mut command);
    command.args(rest);
    Ok(Command::from(command))
}

/// What the agent says, and whether it ended with a failure.
async fn answer_of(mut agent: Command, task: &str) -> Result<(String, bool), Failure> {
    agent
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    let mut agent = agent
        .spawn()
        .map_err(|error| format!("the agent could not be started: {error}"))?;
    let mut input = agent.stdin.take();
    let told = async {
        // An agent that reads its task elsewhere closes this end.
        if let Some(input) = &mut input {
            let _ = input.write_all(task.as_bytes()).await;
        }
        drop(input.take());
    };
    let (output, ()) = tokio::join!(agent.wait_with_output(), told);
    let output = output?;
    if !output.status.success() {
        terminal::tell(&format!("The agent ended with {}.", output.status));
    }
    Ok((
        String::from_utf8_lossy(&output.stdout).into_owned(),
        !output.status.success(),
    ))
}
