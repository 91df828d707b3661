//! `zoho-mcp` and `zoho-mcp stdio`: serve MCP to the program that started us.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{CommandResult, assemble};
use crate::clock::Clock;
use crate::config::Config;
use crate::logging::LastLines;
use crate::server::{Server, consent, stdio};
use crate::tools::Tools;

/// How long the end may take from the signal on; longer than calls in flight have, where their thread hears of it.
const TIME_TO_END: Duration = Duration::from_millis(1_950);
/// How long the last counts may take.
const LAST_COUNTS: Duration = Duration::from_millis(500);

/// Serves until the client leaves or a signal comes.
pub(super) async fn run(config: Config, clock: &Clock) -> CommandResult {
    let (stop, served) = (CancellationToken::new(), CancellationToken::new());
    let assembled = assemble::calling(&config, clock)?;
    let tools = Arc::clone(&assembled.tools);
    on_signal(&stop, {
        let served = served.clone();
        move || end_in_time(&served, &tools)
    })?;
    let server = Server::new(assembled.tools.clone())
        .offering_consent(config.said.callback_port.unwrap_or(consent::PORT));
    stdio::serve_process(server, assembled.principal.clone(), stop).await?;
    served.cancel();
    assembled.tools.settle().await;
    // Counts of repairs are worth no wait for a database that another process holds.
    let _ = tokio::time::timeout(LAST_COUNTS, assembled.tools.flush_counts()).await;
    Ok(ExitCode::SUCCESS)
}

/// Ends the process where its serving thread does not: it computes, and would hear of the signal later. A change that is on
/// its way is waited for.
#[expect(clippy::exit, reason = "the thread that would return is busy")]
fn end_in_time(served: &CancellationToken, tools: &Tools) {
    std::thread::sleep(TIME_TO_END);
    while !served.is_cancelled() {
        if tools.is_settled() {
            drop(LastLines);
            // The throw-away folder of --sandbox stays behind: it is the busy thread's, and holds nothing real.
            std::process::exit(0);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Cancels `stop` at Ctrl-C, when the process is asked to end, and when its terminal goes away; then does the rest. On a
/// thread of its own: a signal is heard whatever the others compute.
pub(super) fn on_signal(
    stop: &CancellationToken,
    then: impl FnOnce() + Send + 'static,
) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    let signal = {
        let _inside = runtime.enter();
        signal()?
    };
    let stop = stop.clone();
    let thread = std::thread::Builder::new().name("signals".to_owned());
    thread.spawn(move || {
        runtime.block_on(signal);
        stop.cancel();
        then();
    })?;
    Ok(())
}

/// Returns at the first signal to end.
#[cfg(unix)]
fn signal() -> std::io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminated, mut interrupted, mut hung_up) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
        signal(SignalKind::hangup())?,
    );
    Ok(async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
            _ = hung_up.recv() => {}
        }
    })
}

/// Returns at Ctrl-C.
#[cfg(not(unix))]
fn signal() -> std::io::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
