//! Logs go to standard error, never a secret in them.

use std::io::{IsTerminal as _, Write as _};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Crates that log whole messages, URLs or headers stay at warnings whatever the level.
const QUIET: [&str; 8] = [
    "rmcp",
    "reqwest",
    "hyper",
    "hyper_util",
    "h2",
    "rustls",
    "sqlx",
    "zbus",
];

/// From now on a panic says on standard error where it happened, in one line, and nothing of what it was about: that may
/// quote a customer or a secret.
pub fn hush_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map_or_else(String::new, |place| format!(" at {place}"));
        let _ = writeln!(std::io::stderr(), "zoho-mcp: a fault of this program{place}");
    }));
}

/// Starts logging at a level like `info` or with directives like `zoho_mcp=debug`; warnings when none is given.
pub fn start(level: Option<&str>) {
    let named: Option<Targets> = level.unwrap_or("warn").parse().ok();
    let targets = named.unwrap_or_else(|| Targets::new().with_default(LevelFilter::WARN));
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let targets = targets.with_targets(QUIET.map(|name| (name, LevelFilter::WARN)));
    let _ = tracing_subscriber::registry()
        .with(lines)
        .with(targets)
        .try_init();
}
