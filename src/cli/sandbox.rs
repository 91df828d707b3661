//! `zoho-mcp sandbox`: a Zoho that lives on this machine, for agent harnesses and for looking around.

mod agent;
mod asking;
mod controls;
mod recording;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::{CommandResult, terminal};
use crate::clock::Clock;
use crate::config::Config;
use crate::sandbox::{self, Options, Sandbox};

/// A sandbox is started, or one that runs is told and asked.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_value_name = "CONTROL",
    subcommand_help_heading = "Controls of one that runs"
)]
pub(super) struct SandboxArguments {
    #[command(flatten)]
    start: StartArguments,
    #[command(subcommand)]
    control: Option<controls::Control>,
}

impl SandboxArguments {
    /// Whether it works in a folder that is gone at its end.
    pub(super) fn throws_away(&self) -> bool {
        self.control.as_ref().is_some_and(controls::Control::throws_away)
    }
}

/// How the sandbox is made.
#[derive(Debug, Args)]
struct StartArguments {
    /// Where it listens; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// The same seed gives the same data
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many tickets it holds
    #[arg(long, default_value_t = 500)]
    tickets: u64,
    /// Enforce the daily credits and the limit of concurrent calls
    #[arg(long)]
    strict_limits: bool,
    /// Whether Desk lists count rows from 0 or from 1
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(0..=1))]
    from_base: u8,
    /// Write every call down in this file, a JSON line each, secrets masked
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Print lines for a shell to eval instead of a table
    #[arg(long)]
    env: bool,
    #[command(flatten)]
    recording: recording::RecordingArguments,
}

/// Starts one, or speaks to one that runs.
pub(super) async fn run(arguments: SandboxArguments, config: &Config, clock: &Clock) -> CommandResult {
    match arguments.control {
        Some(control) => controls::run(control, config, clock).await,
        None => start(&arguments.start, config.now).await,
    }
}

/// Starts it, says how to reach it, and runs until Ctrl-C or until asked to end.
async fn start(arguments: &StartArguments, now: Option<Timestamp>) -> CommandResult {
    let stop = CancellationToken::new();
    super::ending::on_signal(&stop, || {})?;
    if !arguments.listen.ip().is_loopback() {
        terminal::tell(
            "warning: other machines can reach this sandbox; whoever does can read its secrets and change its data",
        );
    }
    if let Some(recording) = arguments.recording.started(arguments.listen)? {
        terminal::print(&recording::told(&recording, arguments.env));
        stop.cancelled().await;
        return Ok(ExitCode::SUCCESS);
    }
    let options = Options {
        seed: arguments.seed,
        tickets: arguments.tickets,
        strict_limits: arguments.strict_limits,
        from_base: arguments.from_base,
        listen: arguments.listen,
        now,
        log: arguments.log.clone(),
    };
    let sandbox =
        sandbox::start(options).map_err(|error| format!("cannot start on {}: {error}", arguments.listen))?;
    terminal::print(&if arguments.env {
        lines(&sandbox, now)
    } else {
        for_people(&sandbox, now)
    });
    stop.cancelled().await;
    sandbox.stop();
    Ok(ExitCode::SUCCESS)
}

/// Lines for `eval`: what this program reads, so that it works on this sandbox, and what any other client of Zoho needs.
/// Nothing in them needs quoting inside single quotes.
fn lines(sandbox: &Sandbox, now: Option<Timestamp>) -> String {
    let organization = sandbox.desk_organizations.first();
    let facts = [
        ("MCP_SANDBOX_URL", sandbox.url.as_str()),
        ("SANDBOX_URL", &sandbox.url),
        ("SANDBOX_CLIENT_ID", &sandbox.client_id),
        ("SANDBOX_CLIENT_SECRET", &sandbox.client_secret),
        ("SANDBOX_REFRESH_TOKEN", &sandbox.refresh_token),
    ];
    let line = |(name, value): (&str, &str)| format!("export ZOHO_{name}='{value}'");
    let now = now.map(|now| line(("MCP_NOW", &now.to_string())));
    let others = sandbox
        .people
        .iter()
        .skip(1)
        .map(|(id, token)| line((&format!("SANDBOX_REFRESH_TOKEN_{}", id.to_uppercase()), token)));
    // Who waits until all is written looks for the last one.
    let last = (
        "SANDBOX_DESK_ORG_ID",
        organization.map_or("", |(id, _)| id.as_str()),
    );
    now.into_iter()
        .chain(facts.map(line))
        .chain(others)
        .chain([line(last)])
        .collect::<Vec<_>>()
        .join("\n")
}

fn for_people(sandbox: &Sandbox, now: Option<Timestamp>) -> String {
    let page = format!("{}/", sandbox.url);
    let mut rows: Vec<Vec<String>> = [
        ("URL", &sandbox.url),
        ("Control page", &page),
        ("Client id", &sandbox.client_id),
        ("Client secret", &sandbox.client_secret),
        ("Refresh token", &sandbox.refresh_token),
    ]
    .map(|(name, value)| vec![name.to_owned(), value.clone()])
    .to_vec();
    for (id, name) in &sandbox.desk_organizations {
        rows.push(vec!["Desk organization".to_owned(), format!("{id}  {name}")]);
    }
    let now = now.map_or_else(String::new, |now| format!(" --now {now}"));
    let here = format!("--sandbox-url {}{now}", sandbox.url);
    format!(
        "{}\nnext: zoho-mcp connect {here}\n      then zoho-mcp {here}\n\
         It runs until you press Ctrl-C.",
        terminal::table(&["Local sandbox", ""], rows)
    )
}
