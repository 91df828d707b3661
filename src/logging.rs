//! Logs go to standard error or to a file a day, never a secret in them, and never wait for whoever should read it.

mod daily;

use std::io::{self, IsTerminal as _, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::clock::Clock;
use crate::config::LogFormat;
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
    let (writer, _) = log.get_or_insert_with(|| writing_to(std::io::stderr()));
    writer.clone()
}

fn writing_to(end: impl Write + Send + 'static) -> (NonBlocking, WorkerGuard) {
    let lossy = NonBlockingBuilder::default()
        .lossy(true)
        .buffered_lines_limit(LINES);
    lossy.thread_name("log").finish(end)
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

/// Why nothing can be logged as it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// A level or directive that is none.
    #[error(
        "{directive:?} is no log level; expected off, error, warn, info, debug or trace, \
         or directives like zoho_mcp=debug, with commas between them"
    )]
    Level {
        /// What stands in its place.
        directive: String,
    },
    /// There can be no file of that name.
    #[error("no log can be written there ({0})")]
    File(#[from] io::Error),
}

/// Starts logging at a level like `info` or with directives like `zoho_mcp=debug`; when none is given, warnings to standard
/// error, and into a file what happens; the clock says whose day it is.
///
/// # Errors
/// The level is none, for a slip would silence what was asked for; or the file cannot be made.
pub fn start(
    level: Option<&str>,
    format: Option<LogFormat>,
    file: Option<&Path>,
    clock: Clock,
) -> Result<(), LogError> {
    let usual = if file.is_some() { "info" } else { "warn" };
    let targets = targets(level.unwrap_or(usual))?;
    if let Some(file) = file {
        let files = writing_to(daily::Daily::open(file, clock)?);
        *LOG.lock().unwrap_or_else(PoisonError::into_inner) = Some(files);
    }
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(log)
        .with_ansi(file.is_none() && std::io::stderr().is_terminal());
    let lines = match format {
        Some(LogFormat::Json) => lines.json().flatten_event(true).boxed(),
        Some(LogFormat::Text) | None => lines.boxed(),
    };
    let targets = targets
        .with_targets(QUIET.map(|name| (name, LevelFilter::WARN)))
        .with_targets(SILENT.map(|name| (name, LevelFilter::ERROR)));
    let _ = tracing_subscriber::registry()
        .with(lines)
        .with(targets)
        .try_init();
    Ok(())
}

fn targets(levels: &str) -> Result<Targets, LogError> {
    let mut targets = Targets::new();
    for directive in levels.split(',').map(str::trim) {
        let refused = || LogError::Level {
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
