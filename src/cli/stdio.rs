//! `zoho-mcp` and `zoho-mcp stdio`: serve MCP to the program that started us.

use std::process::ExitCode;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{CommandResult, assemble};
use crate::clock::Clock;
use crate::config::Config;
use crate::server::{Server, consent, stdio};

/// How long the last counts may take.
const LAST_COUNTS: Duration = Duration::from_millis(500);

/// Serves until the client leaves or a signal comes.
pub(super) async fn run(config: Config, clock: &Clock) -> CommandResult {
    let stop = CancellationToken::new();
    stop_on_signal(&stop)?;
    let assembled = assemble::calling(&config, clock)?;
    let server = Server::new(assembled.tools.clone())
        .offering_consent(config.said.callback_port.unwrap_or(consent::PORT));
    stdio::serve_process(server, assembled.principal.clone(), stop).await?;
    assembled.tools.settle().await;
    // Counts of repairs are worth no wait for a database that another process holds.
    let _ = tokio::time::timeout(LAST_COUNTS, assembled.tools.flush_counts()).await;
    Ok(ExitCode::SUCCESS)
}

/// Cancels `stop` at Ctrl-C, when the process is asked to end, and when its terminal goes away.
#[cfg(unix)]
pub(super) fn stop_on_signal(stop: &CancellationToken) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminated, mut interrupted, mut hung_up) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
        signal(SignalKind::hangup())?,
    );
    let stop = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
            _ = hung_up.recv() => {}
        }
        stop.cancel();
    });
    Ok(())
}

/// Cancels `stop` at Ctrl-C.
#[cfg(not(unix))]
pub(super) fn stop_on_signal(stop: &CancellationToken) -> std::io::Result<()> {
    let stop = stop.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stop.cancel();
        }
    });
    Ok(())
}
