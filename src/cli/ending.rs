//! How a command ends: by what has gone wrong, told with what mends it; by a signal, heard whatever the process computes, in
//! time, and with nothing thrown away left behind.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Failure, terminal};
use crate::config::{self, ConfigError};
use crate::connections::ConnectionError;
use crate::logging::LastLines;
use crate::tools::Tools;
use crate::tools::error::ToolError;
use crate::tools::mending::{Mend, Wording};
use crate::zoho::ZohoError;
use crate::zoho::oauth::OAuthError;

/// How long the end may take from the signal on; longer than calls in flight have, where their thread hears of it.
const TIME_TO_END: Duration = Duration::from_millis(1_950);

/// What a command that a signal has ended exits with, as shells tell Ctrl-C.
pub(super) const STOPPED: u8 = 130;

/// What a command exits with whose words are not understood, as parsers of command lines do.
const MISUNDERSTOOD: u8 = 2;

/// What was said on the command line, or in its place, means nothing.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct NotUnderstood(pub(super) String);

/// A person has said no: that is no error, and nothing is done.
#[derive(Debug, thiserror::Error)]
#[error("nothing was changed")]
pub(super) struct Unchanged;

/// A signal has ended the work.
#[derive(Debug, thiserror::Error)]
#[error("stopped")]
pub(super) struct Stopped;

/// Carries on until `stop` is cancelled; what is dropped then is tidied up.
///
/// # Errors
/// [`Stopped`], or those of the work.
pub(super) async fn unless_stopped<T>(
    stop: &CancellationToken,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::select! {
        outcome = work => outcome,
        () = stop.cancelled() => Err(Stopped.into()),
    }
}

/// Ends the process where its serving thread does not: it computes, and would hear of the signal later, or waits for what
/// Zoho gives once. A change that is on its way is waited for. The throw-away folder goes with the process.
#[expect(clippy::exit, reason = "the thread that would return is busy")]
pub(super) fn end_in_time(served: &CancellationToken, tools: &Arc<Tools>, folder: Option<PathBuf>) {
    std::thread::sleep(TIME_TO_END);
    while !served.is_cancelled() {
        if !tools.is_changing() {
            drop(LastLines);
            // Whoever is busy may make files in it meanwhile.
            for _ in 0..2 {
                let _ = folder.as_ref().map(std::fs::remove_dir_all);
            }
            std::process::exit(0);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Cancels `stop` at Ctrl-C and Ctrl-\, when the process is asked to end, and when its terminal goes away; then does the rest. On a
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
        if runtime.block_on(signal) && !LEFT.load(Ordering::Relaxed) {
            terminal::end_line();
        }
        stop.cancel();
        then();
    })?;
    Ok(())
}

/// Whether another program has the screen, to which the keys that end a program are left.
static LEFT: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C and Ctrl-\ are another program's matter: they end this one no more. Whoever starts that program hears
/// them as before.
///
/// # Errors
/// Signals cannot be heard.
pub(super) fn leave_keys() -> std::io::Result<()> {
    LEFT.store(true, Ordering::Relaxed);
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()?;
        let heard = {
            let _inside = runtime.enter();
            // What has been heard once does what it did before no more.
            signal(SignalKind::interrupt()).and(signal(SignalKind::quit()))
        };
        runtime.shutdown_background();
        drop(heard?);
    }
    Ok(())
}

/// Returns at the first signal to end: whether it was a key, which terminals show where the screen stands.
#[cfg(unix)]
fn signal() -> std::io::Result<impl Future<Output = bool> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminated, mut interrupted, mut hung_up, mut quit) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
        signal(SignalKind::hangup())?,
        signal(SignalKind::quit())?,
    );
    Ok(async move {
        tokio::select! {
            _ = terminated.recv() => false,
            _ = interrupted.recv() => true,
            _ = hung_up.recv() => false,
            _ = quit.recv() => true,
        }
    })
}

/// Returns at Ctrl-C.
#[cfg(not(unix))]
fn signal() -> std::io::Result<impl Future<Output = bool> + Send> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        true
    })
}

/// What ended a command, with what mends it where that is known.
pub(super) fn explained(error: &Failure, wording: &Wording) -> String {
    let mut found = error.to_string();
    let known = if let Some(error) = error.downcast_ref::<ConnectionError>() {
        if error.remedy().is_some() {
            found = error.found();
        }
        Some(ToolError::from(error.clone()))
    } else {
        let error = error.downcast_ref::<ZohoError>();
        // What this program refuses by itself is no fault for the log.
        let error = error.filter(|error| !matches!(error, ZohoError::Internal { .. }));
        error.map(|error| ToolError::from(error.clone()))
    };
    let next = match (known, error.downcast_ref::<OAuthError>()) {
        (Some(known), _) if known.mend.is_some() => known.put_into_words(wording, None).next,
        (_, Some(OAuthError::SandboxSilent { url, .. })) => {
            wording.next(&Mend::StartSandbox(url.clone()), None)
        }
        _ => return error.to_string(),
    };
    format!("{found}\nnext:  {}", terminal::to_reader(&next))
}

/// Ends a command before anything is known of what it is to work on.
pub(super) fn ended_by(error: &Failure) -> ExitCode {
    match error.downcast_ref::<ConfigError>() {
        Some(broken @ ConfigError::File { .. }) => {
            let next = Wording::default()
                .started_by(config::path_unless_found())
                .edit_settings();
            not_understood(&format!("{broken}\nnext: {next}"))
        }
        Some(error) => not_understood(error),
        None if error.is::<NotUnderstood>() => not_understood(error),
        None => terminal::fail(error),
    }
}

/// Ends a command whose words, or the configuration, mean nothing.
pub(super) fn not_understood(error: &dyn std::fmt::Display) -> ExitCode {
    terminal::fail(error);
    ExitCode::from(MISUNDERSTOOD)
}
