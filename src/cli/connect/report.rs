//! What a finished `connect` says: the connection, and how an assistant is told of it.

use serde_json::{Value, json};

use super::ConnectArguments;
use super::settle::Settled;
use crate::cli::connections::row;
use crate::cli::page::Look;
use crate::cli::{Failure, terminal};
use crate::config::Config;
use crate::server::consent::PORT;
use crate::tools::mending::Wording;

/// Prints a table and a snippet on a terminal, JSON in a pipe.
///
/// # Errors
/// The operating system does not say which program this is.
pub(super) fn print(
    config: &Config,
    settled: &Settled,
    arguments: &ConnectArguments,
    wording: &Wording,
    look: &Look,
) -> Result<(), Failure> {
    let connection = &settled.connection;
    let port = config.said.callback_port;
    let snippet = snippet(config, &connection.user_id, port)?;
    if arguments.json || !terminal::is_terminal() {
        let organizations: Vec<Value> = settled
            .organizations
            .iter()
            .map(|item| json!({ "id": item.id, "name": item.name, "portal": item.portal }))
            .collect();
        let told = json!({
            "connection": row::describe(connection, look.now()),
            "organizations": organizations,
            "verified": settled.verified,
            "problem": settled.problem,
            "config": snippet,
        });
        terminal::print(&told.to_string());
    } else {
        terminal::print(&terminal::table(&["Connected", ""], row::facts(connection, look)));
        terminal::print("\nWhat an assistant that starts MCP servers itself is told:\n");
        terminal::print(&format!("{snippet:#}\n"));
    }
    if let Some(verified) = &settled.verified {
        terminal::tell(&format!("A first call succeeded: {verified}."));
    }
    if connection.refresh_token.is_none() {
        terminal::tell("Zoho gave no refresh token: this connection ends within the hour. Connect again.");
    }
    if let Some(problem) = &settled.problem {
        terminal::tell(&format!(
            "The connection is stored, but a first call failed: {problem}.\nnext: {}",
            wording.examine()
        ));
    } else {
        terminal::tell(&format!(
            "next: `{}` lists your assistants; with a name it puts this server into that one.",
            wording.list_assistants()
        ));
    }
    Ok(())
}

/// `{"mcpServers": ...}`, the form most assistants share; what the environment holds stays there.
fn snippet(config: &Config, user: &str, port: Option<u16>) -> Result<Value, Failure> {
    let mut arguments = vec!["--user".to_owned(), user.to_owned()];
    let given = [
        ("--database-url", config.database_url_to_show()),
        ("--sandbox-url", config.said.sandbox_url.clone()),
        ("--now", config.now.map(|now| now.to_string())),
    ];
    for (name, value) in given {
        arguments.extend(value.into_iter().flat_map(|value| [name.to_owned(), value]));
    }
    let program = crate::config::find_program()?;
    let server = match port.filter(|port| !matches!(*port, 0 | PORT)) {
        Some(port) => json!({
            "command": program,
            "args": arguments,
            "env": { "ZOHO_MCP_CALLBACK_PORT": port.to_string() },
        }),
        None => json!({ "command": program, "args": arguments }),
    };
    Ok(json!({ "mcpServers": { "zoho": server } }))
}
