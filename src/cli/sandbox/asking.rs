//! One call to a sandbox that runs, below `/__sandbox/`, and its answer for people or programs.

use serde_json::{Map, Value};

use crate::cli::page::{self, Look};
use crate::cli::{Failure, assemble, pager, terminal};
use crate::clock::Clock;
use crate::config::Config;

/// Asks the sandbox that `--sandbox-url` names for something, or tells it.
///
/// # Errors
/// None is named, it does not answer, or it refused.
pub(super) async fn ask(
    config: &Config,
    clock: &Clock,
    name: &str,
    body: Option<String>,
) -> Result<Value, Failure> {
    let url = config.said.sandbox_url.as_deref().ok_or(
        "which sandbox? Name the address that `zoho-mcp sandbox` printed with --sandbox-url URL (ZOHO_MCP_SANDBOX_URL)",
    )?;
    let connections = assemble::connections(config, clock)?.into();
    let zoho = assemble::zoho(config, &connections, clock)?;
    let (status, answer) = zoho.ask_sandbox(url.trim_end_matches('/'), name, body).await?;
    let answer: Value = serde_json::from_slice(&answer)
        .map_err(|_| format!("{url} answered status {status} and no JSON: is it a sandbox?"))?;
    match (status, answer.get("error").and_then(Value::as_str)) {
        (200, _) => Ok(answer),
        (_, Some(error)) => Err(error.into()),
        (status, None) => Err(format!("{url} answered status {status}: {answer}").into()),
    }
}

/// A page on a terminal, JSON in a pipe.
pub(super) fn show(answer: Value, config: &Config, clock: &Clock) -> Result<(), Failure> {
    if !terminal::is_terminal() {
        terminal::print(&answer.to_string());
        return Ok(());
    }
    let look = Look::new(assemble::zone(config)?, clock);
    let body = match answer {
        Value::Object(members) => members,
        rows => Map::from_iter([("data".to_owned(), rows)]),
    };
    pager::print(&page::of(&body, &look), config.said.no_pager != Some(true));
    Ok(())
}
