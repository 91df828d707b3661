//! Logs go to standard error or to a file a day, never a secret in them, and never wait for whoever should read it.

mod daily;
mod losses;

use std::io::{self, IsTerminal as _, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

pub use daily::day_files;
use jiff::Timestamp;
use losses::Counting;
use serde_json::{Value, json};
use tracing::Level;
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
/// Lines that wait for a reader; those behind them are lost and counted, and serving goes on.
const LINES: usize = 512;

/// What a line about a call says of where it comes from, for who reads the log.
pub const OF_CALLS: &str = "zoho_mcp::tools::logged";
/// The same of a line that the log itself has made.
pub const OF_ITSELF: &str = "zoho_mcp::logging";
/// The message of a line about lines that are lost; `lines` says how many.
pub const LOST: &str = "lost";

/// The thread that writes to standard error, from the first line on.
static LOG: Mutex<Option<(NonBlocking, WorkerGuard)>> = Mutex::new(None);
/// How lines are written, from the start on.
static STARTED: OnceLock<(LogFormat, Clock)> = OnceLock::new();

fn log() -> NonBlocking {
    let mut log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
    let (writer, _) = log.get_or_insert_with(|| writing_to(std::io::stderr()));
    writer.clone()
}

fn writing_to(end: impl Write + Send + 'static) -> (NonBlocking, WorkerGuard) {
    let lossy = NonBlockingBuilder::default()
        .lossy(true)
        .buffered_lines_limit(LINES);
    let dropped = Arc::default();
    let end = Counting::new(end, Arc::clone(&dropped), lost);
    let (writer, guard) = lossy.thread_name("log").finish(end);
    let _ = dropped.set(writer.error_counter());
    (writer, guard)
}

/// The line about so many that are lost.
fn lost(lines: usize) -> String {
    own_line("WARN", LOST, ("lines", lines.into()))
        .unwrap_or_else(|| format!("zoho-mcp: {lines} lines of this log are lost"))
}

/// A line that no event stands behind, where lines are JSON.
fn own_line(level: &str, message: &str, (key, value): (&str, Value)) -> Option<String> {
    let (format, clock) = STARTED.get()?;
    let now = Timestamp::from_second(clock.now()).unwrap_or_default();
    let line = json!({
        "timestamp": now.to_string(), "level": level, "message": message, key: value, "target": OF_ITSELF,
    });
    (*format == LogFormat::Json).then(|| line.to_string())
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
            .map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        let line = own_line("ERROR", "a fault of this program", ("at", place.as_str().into()));
        let line = line.unwrap_or_else(|| format!("zoho-mcp: a fault of this program at {place}"));
        let _ = log().write_all(format!("{line}\n").as_bytes());
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
/// error, and into a file what happens, a JSON object a line; the clock says whose day it is.
///
/// # Errors
/// The level is none, for a slip would silence what was asked for; or the file cannot be made.
pub fn start(
    level: Option<&str>,
    format: Option<LogFormat>,
    file: Option<&Path>,
    clock: Clock,
) -> Result<(), LogError> {
    let targets = targets(level.unwrap_or(usual(file.is_some())))?;
    let format = format.unwrap_or(match file {
        Some(_) => LogFormat::Json,
        None => LogFormat::Text,
    });
    let _ = STARTED.set((format, clock.clone()));
    if let Some(file) = file {
        let files = writing_to(daily::Daily::open(file, clock)?);
        *LOG.lock().unwrap_or_else(PoisonError::into_inner) = Some(files);
    }
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(log)
        .with_ansi(file.is_none() && std::io::stderr().is_terminal());
    let lines = match format {
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
        LogFormat::Text => lines.boxed(),
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

/// The level where nobody names one.
fn usual(is_file: bool) -> &'static str {
    if is_file { "info" } else { "warn" }
}

/// Whether files that are written at this level hold a line a call, for who looks for calls in them.
///
/// # Errors
/// The level is none.
pub fn tells_calls(level: Option<&str>) -> Result<bool, LogError> {
    Ok(targets(level.unwrap_or(usual(true)))?.would_enable(OF_CALLS, &Level::INFO))
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
