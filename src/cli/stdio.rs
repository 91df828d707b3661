//! `zoho-mcp` and `zoho-mcp stdio`: serve MCP to the program that started us.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::ending::{end_in_time, on_signal};
use super::{CommandResult, assemble, closed, terminal};
use crate::clock::Clock;
use crate::config::Config;
use crate::server::{Server, consent, stdio};

/// How long the last counts may take.
const LAST_COUNTS: Duration = Duration::from_millis(500);

/// Serves until the client leaves or a signal comes; a folder to throw away goes with the process.
pub(super) async fn run(config: Config, clock: &Clock, folder: Option<PathBuf>) -> CommandResult {
    if closed::is_closed() {
        return Err("standard output is closed: nobody could be answered".into());
    }
    if std::io::stdin().is_terminal() {
        terminal::tell(
            "zoho-mcp gives AI assistants your Zoho Desk cases and Zoho CRM records.\n\
             Waiting for an assistant that speaks MCP on standard input, which starts this by itself. At a terminal: \
             `zoho-mcp demo`, `zoho-mcp connect` or `zoho-mcp --help`. Ctrl-C ends it.",
        );
    }
    if config.said.callback_port == Some(0) && config.said.sandbox_url.is_none() && !config.has_own_sandbox()
    {
        terminal::warn([
            "callback-port 0: Zoho sends a browser back only to an address that is registered, and a port that is another each \
             time is in none: no consent can be given in a conversation until a port is named"
                .to_owned(),
        ]);
    }
    let (stop, served) = (CancellationToken::new(), CancellationToken::new());
    let assembled = assemble::calling(&config, clock)?;
    let tools = Arc::clone(&assembled.tools);
    on_signal(&stop, {
        let served = served.clone();
        move || end_in_time(&served, &tools, folder)
    })?;
    let server = Server::new(assembled.tools.clone())
        .offering_consent(config.said.callback_port.unwrap_or(consent::PORT));
    let outcome = stdio::serve_process(server, assembled.principal.clone(), stop).await;
    assembled.tools.settle().await;
    // Counts of repairs are worth no wait for a database that another process holds.
    let _ = tokio::time::timeout(LAST_COUNTS, assembled.tools.flush_counts()).await;
    served.cancel();
    outcome?;
    Ok(ExitCode::SUCCESS)
}
