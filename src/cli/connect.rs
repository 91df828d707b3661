//! `zoho-mcp connect`: a person's consent becomes a row of `zoho_connections`.

mod report;
mod settle;
mod ways;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{ArgGroup, Args};

use super::{CommandResult, Failure, apart, assemble, client, prompt, sandbox_consent, terminal};
use crate::clock::Clock;
use crate::config::Config;
use crate::connections::{Caller, Connection, ConnectionError, Connections, check_name};
use crate::server::consent::PORT;
use crate::tools::catalog::Catalog;
use crate::tools::consent::{DEFAULT_NAME, DEFAULT_USER, organization_of};
use crate::tools::mending::Wording;
use crate::tools::scopes;
use crate::zoho::oauth::Granted;
use crate::zoho::{DataCenter, ZohoClient};

const WAYS: [&str; 7] = [
    "browser",
    "no_browser",
    "self_client",
    "self_client_file",
    "refresh_token",
    "refresh_token_file",
    "device",
];

/// How to connect. No secret is an argument: every user of the machine can read those.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("way").args(WAYS)), after_help = client::BEFORE)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub(super) struct ConnectArguments {
    /// The name to call this connection by
    #[arg(long, default_value = DEFAULT_NAME, value_name = "NAME")]
    name: String,
    /// Data center of the account: us, eu, in, au, jp, ca, sa, cn, uk, ae or sg; default: Zoho says which
    #[arg(long, value_name = "CODE")]
    dc: Option<String>,
    /// CRM environment the consent is given for: production, unless Zoho or the connection of this name says otherwise
    #[arg(long, value_name = "NAME", value_parser = ["production", "sandbox", "developer"])]
    environment: Option<String>,
    /// The Desk organization to use, when the account has several
    #[arg(long, value_name = "ID")]
    org: Option<String>,
    /// Open the consent page in a browser: the default, except for a sandbox, which consents by itself
    #[arg(long)]
    browser: bool,
    /// Print the address of the consent page instead of opening it
    #[arg(long)]
    no_browser: bool,
    /// Use a code of the API console's Self Client; it is asked for, or read from standard input
    #[arg(long)]
    self_client: bool,
    /// The same, from a file, or `-` for standard input
    #[arg(long, value_name = "PATH")]
    self_client_file: Option<PathBuf>,
    /// Use a refresh token you have; it is asked for, or read from standard input
    #[arg(long)]
    refresh_token: bool,
    /// The same, from a file, or `-` for standard input
    #[arg(long, value_name = "PATH")]
    refresh_token_file: Option<PathBuf>,
    /// Show a code to type into a browser on another machine
    #[arg(long)]
    device: bool,
    /// Ask nothing: of several organizations take the first
    #[arg(long)]
    yes: bool,
    /// Replace a connection of this name that was made at another server (a sandbox, another data center)
    #[arg(long)]
    replace: bool,
    /// Print JSON on a terminal too
    #[arg(long)]
    json: bool,
}

/// One run of the command.
struct Connecting<'a> {
    arguments: &'a ConnectArguments,
    connections: &'a Connections,
    zoho: &'a ZohoClient,
    user: &'a str,
    port: u16,
    scopes: Vec<String>,
    /// Whether somebody has said that a row of another server may be replaced.
    may_replace: bool,
}

/// Connects and says what to do next; fails with 1 when the connection stands but a first call does not succeed.
pub(super) async fn run(config: Config, clock: &Clock, arguments: ConnectArguments) -> CommandResult {
    let connections = Arc::new(assemble::connections(&config, clock)?);
    let zoho = assemble::zoho(&config, &connections, clock)?;
    check_name(&arguments.name)?;
    apart::spare_table(&zoho).await?;
    let user = user_of(&config, &connections).await?;
    let mut connecting = Connecting {
        arguments: &arguments,
        connections: &connections,
        zoho: &zoho,
        user: &user,
        port: config.said.callback_port.unwrap_or(PORT),
        scopes: scopes::to_ask(&Catalog::embedded(&assemble::selection(&config))?),
        may_replace: arguments.replace,
    };
    connecting.ask_before_consent().await?;
    let whose = Caller::User(user.clone());
    let in_use_before = connections.find(&whose, None).await.ok();
    let connection = if config.said.sandbox_url.is_some() && !arguments.names_a_way() {
        connecting.through_sandbox(&config).await?
    } else {
        let client = client::of(&config, &zoho, &arguments.which_client(connecting.port)).await?;
        connecting.by_chosen_way(client).await?
    };
    let wording = Wording::new(config.in_use());
    let settled = settle::settle(&zoho, &connections, connection, &arguments, &wording).await?;
    report::print(&config, &settled, &arguments, clock.now())?;
    if let Some(before) = in_use_before
        && let Ok(now) = connections.find(&whose, None).await
        && now.id == settled.connection.id
        && now.id != before.id
    {
        terminal::tell(&format!(
            "Calls that name no connection take `{}` from now on, and no longer `{}`; `zoho-mcp connections use` chooses.",
            now.name, before.name
        ));
    }
    Ok(if settled.problem.is_none() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

impl ConnectArguments {
    /// What client goes this way, and where it is made.
    fn which_client(&self, port: u16) -> String {
        let kind = if self.self_client || self.self_client_file.is_some() {
            "of the kind \"Self Client\"".to_owned()
        } else if self.device {
            "of the kind \"Non-browser Applications\"".to_owned()
        } else if self.refresh_token || self.refresh_token_file.is_some() {
            return "The client that the refresh token was given to, as https://api-console.zoho.com (or the console of \
                    your data center) shows it:"
                .to_owned();
        } else {
            format!(
                "of the kind \"Server-based Applications\", with the redirect URI http://127.0.0.1:{port}/callback"
            )
        };
        format!(
            "Before the first time: make a client at https://api-console.zoho.com (or the console of your data center), \
             {kind}."
        )
    }

    fn names_a_way(&self) -> bool {
        self.browser
            || self.no_browser
            || self.self_client
            || self.refresh_token
            || self.device
            || self.self_client_file.is_some()
            || self.refresh_token_file.is_some()
    }
}

/// Whose the row will be: `--user`, else the only user there is, else a first one.
async fn user_of(config: &Config, connections: &Connections) -> Result<String, Failure> {
    if let Some(user) = &config.said.user {
        return Ok(user.clone());
    }
    match connections.only_user().await {
        Err(ConnectionError::NoConnection) => Ok(DEFAULT_USER.to_owned()),
        user => Ok(user?),
    }
}

impl Connecting<'_> {
    /// Stores what Zoho granted; a row of the same name is made anew and keeps its Desk organization.
    async fn save(&self, granted: Granted) -> Result<Connection, Failure> {
        let known = Caller::User(self.user.to_owned());
        let before = self
            .connections
            .find(&known, Some(&self.arguments.name))
            .await
            .ok();
        let before = before.filter(|row| row.account.accounts_url == granted.servers.accounts_url);
        let held = before.as_ref().map(|row| row.account.environment.as_str());
        let environment = self
            .arguments
            .environment
            .as_deref()
            .or(held)
            .unwrap_or("production");
        let granted = granted.of_environment(environment);
        let mut row = granted.row(self.user, &self.arguments.name, self.connections.clock().now());
        row.desk_org = before.as_ref().and_then(organization_of);
        match self.connections.save(&row).await {
            Err(ConnectionError::OtherServer { held, .. }) => {
                self.ask_to_replace(&held, &row.account.accounts_url)?;
                Ok(self.connections.replace(&row).await?)
            }
            saved => Ok(saved?),
        }
    }

    /// Says where there is no such data center, and asks whether a row may be replaced as soon as it is certain that it would be: nobody consents in vain. Where
    /// Zoho decides which data center it is, that is known only after the consent.
    async fn ask_before_consent(&mut self) -> Result<(), Failure> {
        let start = self.start()?;
        let there = self.connections.accounts_server(self.user, &self.arguments.name);
        let Some(held) = there.await? else {
            return Ok(());
        };
        let stays = self.arguments.dc.is_some() || DataCenter::by_accounts_host(&start).is_none();
        if held != start && (stays || DataCenter::by_accounts_host(&held).is_none()) {
            self.ask_to_replace(&held, &start)?;
            self.may_replace = true;
        }
        Ok(())
    }

    /// `--yes` does not answer this one: it may stand in a script that knows nothing of the row.
    fn ask_to_replace(&self, held: &str, new: &str) -> Result<(), Failure> {
        let (name, user) = (&self.arguments.name, self.user);
        let question = format!(
            "The connection {name} of {user} was made at {held}. Replace it by one of {new}, so that its tokens are lost here?"
        );
        let otherwise = "Add --replace to say so without a terminal, or choose another name with --name.";
        prompt::confirm(&question, self.may_replace, otherwise)
    }

    /// Goes through a sandbox's consent by itself: authorize, redirect with a code, token call, row.
    async fn through_sandbox(&self, config: &Config) -> Result<Connection, Failure> {
        let client = client::of(config, self.zoho, client::BEFORE).await?;
        let granted = sandbox_consent::grant(config, self.zoho, client, self.scopes.clone()).await?;
        self.save(granted).await
    }
}
