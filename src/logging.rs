//! Logs go to standard error, never a secret in them.

use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;

/// Starts logging at a level like `info` or with directives like `zoho_mcp=debug`; warnings when none is given.
///
/// Crates that log whole messages, URLs or headers stay at warnings whatever the level.
pub fn start(level: Option<&str>) {
    let level = level.unwrap_or("warn");
    let quiet = ["rmcp", "reqwest", "hyper", "hyper_util", "h2", "rustls", "sqlx"];
    let quiet: Vec<String> = quiet.iter().map(|name| format!("{name}=warn")).collect();
    let filter = EnvFilter::try_new(format!("{level},{}", quiet.join(",")));
    let filter = filter.unwrap_or_else(|_| EnvFilter::new("warn"));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .finish();
    let _ = tracing::subscriber::set_global_default(subscriber);
}
