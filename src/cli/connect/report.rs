//! What a finished `connect` says: the connection, and how an assistant is told of it.

use serde_json::{Value, json};

use super::Connecting;
use super::settle::Settled;
use crate::cli::connections::row;
use crate::cli::page::Look;
use crate::cli::{Failure, terminal};
use crate::config::Config;
use crate::connections::Product;
use crate::server::consent::PORT;
use crate::tools::scopes;

/// Prints a table and a snippet on a terminal, JSON in a pipe.
///
/// # Errors
/// The operating system does not say which program this is.
pub(super) fn print(
    config: &Config,
    settled: &Settled,
    connecting: &Connecting<'_>,
    look: &Look,
) -> Result<(), Failure> {
    let wording = &connecting.wording;
    let connection = &settled.connection;
    let port = config.said.callback_port;
    let snippet = snippet(config, &connection.user_id, port)?;
    if connecting.arguments.json || !terminal::is_terminal() {
        let organizations: Vec<Value> = settled
            .organizations
            .iter()
            .map(|item| json!({ "id": item.id, "name": item.name, "portal": item.portal }))
            .collect();
        let told = json!({
            "connection": row::describe(connection, look.now()),
            "organizations": organizations,
            "verified": settled.verified,
            "problem": settled.problem.as_ref().or(settled.other_organization.as_ref()),
            "missing_scopes": settled.lacking,
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
            "The connection is stored, but a first call failed: {problem}."
        ));
    }
    if let Some(told) = &settled.other_organization {
        terminal::tell(&format!(
            "error: {told}\nThe consent is stored and need not be given again; what chooses the organization:\n    {}",
            wording.choose_organization(&connection.name)
        ));
    }
    if !settled.lacking.is_empty() {
        terminal::tell(&connecting.tell_lacking(settled));
    } else if settled.problem.is_some() {
        terminal::tell(&format!("next: {}", wording.examine()));
    } else if settled.other_organization.is_none() {
        terminal::tell(&format!(
            "next: {}\n      lists your assistants; with a name it puts this server into that one\n      {}\n      checks what calls \
             need, whenever one fails",
            wording.list_assistants(),
            wording.examine()
        ));
    }
    Ok(())
}

impl Connecting<'_> {
    /// Which scopes the consent lacks, what that means, and how they are given.
    fn tell_lacking(&self, settled: &Settled) -> String {
        let held = &settled.connection.scopes;
        let lacks = |product| !scopes::reach(held, product);
        let means = match (lacks(Product::Desk), lacks(Product::Crm)) {
            (true, _) => "Without them nothing of Desk can be read",
            (_, true) => "Without them nothing of CRM can be read",
            _ => "Calls that need one of them are refused, all others work",
        };
        let (lacking, asked) = (settled.lacking.len(), self.scopes.len());
        let again = self.wording.connect(None, Some(&settled.connection.name), false);
        let next = match self.arguments {
            arguments if arguments.brings_code() && self.zoho.hosts().sandbox().is_some() => format!(
                "next: {}\n      gives a code for all of them; then\n      {again} --self-client",
                self.wording.take_sandbox_code()
            ),
            arguments if arguments.brings_code() => format!(
                "next: {}\n      prints what the Self Client is to be allowed; then\n      {again} --self-client",
                self.wording.list_scopes()
            ),
            _ => format!("next: {again}"),
        };
        format!(
            "The consent lacks {lacking} of the {asked} scopes that the tools need: {}. {means}.\n{next}",
            settled.lacking.join(", ")
        )
    }
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
