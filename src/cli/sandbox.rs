//! `zoho-mcp sandbox`: a Zoho that lives on this machine, for agent harnesses and for looking around.

use super::{CommandResult, terminal};
use crate::sandbox::{self, Options};
use clap::Args;
use std::net::SocketAddr;
use std::process::ExitCode;

/// How the sandbox is made.
#[derive(Debug, Args)]
pub(super) struct SandboxArguments {
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
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=1))]
    from_base: u8,
    /// Print lines for a shell to eval instead of a table
    #[arg(long)]
    env: bool,
}

/// Starts it, says how to reach it, and runs until stopped.
pub(super) fn run(arguments: &SandboxArguments) -> CommandResult {
    let options = Options {
        seed: arguments.seed,
        tickets: arguments.tickets,
        strict_limits: arguments.strict_limits,
        from_base: arguments.from_base,
        listen: arguments.listen,
    };
    if !arguments.listen.ip().is_loopback() {
        terminal::tell("warning: the sandbox is reachable from other machines; it has no real protection");
    }
    let sandbox = sandbox::start(options)?;
    let organizations = &sandbox.desk_organizations;
    let first = organizations
        .first()
        .map(|(id, _)| id.clone())
        .unwrap_or_default();
    let facts = [
        ("ZOHO_SANDBOX_URL", sandbox.url.clone()),
        ("ZOHO_SANDBOX_CLIENT_ID", sandbox.client_id.clone()),
        ("ZOHO_SANDBOX_CLIENT_SECRET", sandbox.client_secret.clone()),
        ("ZOHO_SANDBOX_REFRESH_TOKEN", sandbox.refresh_token.clone()),
        ("ZOHO_SANDBOX_DESK_ORG_ID", first),
    ];
    if arguments.env {
        let lines: Vec<String> = facts
            .iter()
            .map(|(name, value)| format!("export {name}='{value}'"))
            .collect();
        terminal::print(&lines.join("\n"));
    } else {
        let titles = ["URL", "Client id", "Client secret", "Refresh token"];
        let mut rows: Vec<Vec<String>> = titles
            .iter()
            .zip(&facts)
            .map(|(title, (_, value))| vec![(*title).to_owned(), value.clone()])
            .collect();
        for (id, name) in organizations {
            rows.push(vec!["Desk organization".to_owned(), format!("{id}  {name}")]);
        }
        terminal::print(&terminal::table(&["Local sandbox", ""], rows));
        terminal::print(&format!("next: zoho-mcp connect --sandbox-url {}", sandbox.url));
        terminal::print("It runs until you press Ctrl-C.");
    }
    sandbox.wait();
    Ok(ExitCode::SUCCESS)
}
