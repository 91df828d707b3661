//! Logs go to standard error, never a secret in them, and never wait for whoever should read it.

use std::io::{IsTerminal as _, Write as _};
use std::sync::{Mutex, PoisonError};

use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::names::clip;

/// Crates that log whole messages, URLs or headers stay at warnings whatever the level.
const QUIET: [&str; 6] = ["reqwest", "hyper", "hyper_util", "h2", "rustls", "zbus"];
/// Crates whose warnings are about what a client asked for, or quote a database's URL.
const SILENT: [&str; 2] = ["rmcp", "sqlx"];
/// Lines that wait for a reader; those behind them are lost, and serving goes on.
const LINES: usize = 512;

/// The thread that writes to standard error, from the first line on.
static LOG: Mutex<Option<(NonBlocking, WorkerGuard)>> = Mutex::new(None);

fn log() -> NonBlocking {
    let mut log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
    let (writer, _) = log.get_or_insert_with(|| {
        let lossy = NonBlockingBuilder::default()
            .lossy(true)
            .buffered_lines_limit(LINES);
        lossy.thread_name("log").finish(std::io::stderr())
    });
    writer.clone()
}

/// At its end the last lines are written, as long as that takes no more than a second: the whole life of the program.
#[derive(Debug)]
pub struct LastLines;

impl Drop for LastLines {
    fn drop(&mut self) {
        let log = LOG.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(log);
    }
}

/// From now on a panic says on standard error where it happened, in one line, and nothing of what it was about: that may
/// quote a customer or a secret.
pub fn hush_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map_or_else(String::new, |place| format!(" at {place}"));
        let _ = log().write_all(format!("zoho-mcp: a fault of this program{place}\n").as_bytes());
    }));
}

/// A level or directive that is none.
#[derive(Debug, thiserror::Error)]
#[error(
    "{directive:?} is no log level; expected off, error, warn, info, debug or trace, \
     or directives like zoho_mcp=debug, with commas between them"
)]
pub struct LogLevelError {
    directive: String,
}

/// Starts logging at a level like `info` or with directives like `zoho_mcp=debug`; warnings when none is given.
///
/// # Errors
/// The level is none: a slip would silence what was asked for.
pub fn start(level: Option<&str>) -> Result<(), LogLevelError> {
    let targets = targets(level.unwrap_or("warn"))?;
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(log)
        .with_ansi(std::io::stderr().is_terminal());
    let targets = targets
        .with_targets(QUIET.map(|name| (name, LevelFilter::WARN)))
        .with_targets(SILENT.map(|name| (name, LevelFilter::ERROR)));
    let _ = tracing_subscriber::registry()
        .with(lines)
        .with(targets)
        .try_init();
    Ok(())
}

fn targets(levels: &str) -> Result<Targets, LogLevelError> {
    let mut targets = Targets::new();
    for directive in levels.split(',').map(str::trim) {
        let refused = || LogLevelError {
            directive: clip(directive, 60),
        };
        targets = match directive.split_once('=') {
            None => targets.with_default(level(directive).ok_or_else(refused)?),
            Some(("", _)) => return Err(refused()),
            Some((target, named)) => targets.with_target(target, level(named).ok_or_else(refused)?),
        };
    }
    Ok(targets)
}

/// An empty text, which tracing takes for `error`, is none.
fn level(name: &str) -> Option<LevelFilter> {
    let name = Some(name).filter(|name| !name.is_empty())?;
    name.parse().ok()
}
