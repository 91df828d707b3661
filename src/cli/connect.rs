//! `zoho-mcp connect`: a person's consent becomes a row of `zoho_connections`.

mod center;
mod refused;
mod report;
mod settle;
mod ways;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{ArgGroup, Args};

use super::page::Look;
use super::{
    CommandResult, Failure, NotUnderstood, apart, assemble, client, prompt, sandbox_consent, terminal,
};
use crate::clock::Clock;
use crate::config::Config;
use crate::connections::{Caller, Connection, ConnectionError, Connections, KeySource, Product, check_name};
use crate::server::consent::PORT;
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

/// A flag that would change nothing is not passed over.
const IN_SANDBOX: &str = "--dc: a sandbox is a data center of its own; leave it out, or leave --sandbox-url \
                          (ZOHO_MCP_SANDBOX_URL) out for an account of Zoho";

/// Zoho compares the whole address with those that are registered (accounts docs: redirect_uri_mismatch).
const ANY_PORT: &str = "--callback-port 0: Zoho sends a browser back only to an address that is registered with the client, and a \
                        port that is another each time is in none: name that port, or leave the option out for 8976";

/// How to connect. No secret is an argument: every user of the machine can read those.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("way").args(WAYS)), after_help = client::BEFORE)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub(super) struct ConnectArguments {
    /// The name to call this connection by
    #[arg(long, default_value = DEFAULT_NAME, value_name = "NAME")]
    name: String,
    /// Data center of the account: us, eu, in, au, jp, ca, sa, cn, uk, ae or sg; default: asked for at a terminal, else Zoho
    /// says which
    #[arg(long, value_name = "CODE")]
    dc: Option<String>,
    /// CRM environment the consent is given for: production, unless Zoho or the connection of this name says otherwise
    #[arg(long, value_name = "NAME", value_parser = ["production", "sandbox", "developer"])]
    environment: Option<String>,
    /// The Desk organization to use, when the account has several
    #[arg(long, value_name = "ID", value_parser = of_digits)]
    org: Option<String>,
    /// Open the consent page in a browser: the default, except for a sandbox, which consents by itself
    #[arg(long)]
    browser: bool,
    /// Print the address of the consent page instead of opening it; the address it ends at may be pasted
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
    /// Print the scopes a client is to be allowed and do nothing else: what the API console asks for a Self Client
    #[arg(long, conflicts_with = "way")]
    scopes: bool,
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

/// An organization's id, told before anything is asked for.
fn of_digits(text: &str) -> Result<String, &'static str> {
    let is_id = !text.is_empty() && text.bytes().all(|sign| sign.is_ascii_digit());
    is_id
        .then(|| text.to_owned())
        .ok_or("the id of an organization is all digits")
}

/// One run of the command.
struct Connecting<'a> {
    arguments: &'a ConnectArguments,
    connections: &'a Connections,
    zoho: &'a ZohoClient,
    user: &'a str,
    port: u16,
    scopes: Vec<String>,
    /// The data center that is named, by a flag or a person.
    center: Option<String>,
    /// Whether somebody has said that a row of another server may be replaced.
    may_replace: bool,
    /// How commands are told to this person.
    wording: Wording,
}

/// A consent that is stored.
struct Kept {
    connection: Connection,
    listed: settle::Listed,
    /// Why it is not with the organization that was asked for.
    problem: Option<String>,
}

/// Connects and says what to do next; fails with 1 when the connection stands but a first call does not succeed.
pub(super) async fn run(config: Config, clock: &Clock, arguments: ConnectArguments) -> CommandResult {
    let catalog = assemble::catalog(&config)?;
    let scopes = scopes::to_ask(&catalog);
    if arguments.scopes {
        terminal::print(&by_product(&scopes));
        return Ok(ExitCode::SUCCESS);
    }
    if config.said.sandbox_url.is_some() && arguments.dc.is_some() {
        return Err(NotUnderstood(IN_SANDBOX.to_owned()).into());
    }
    if config.said.callback_port == Some(0) && config.said.sandbox_url.is_none() && arguments.comes_back() {
        return Err(NotUnderstood(ANY_PORT.to_owned()).into());
    }
    let zone = assemble::zone(&config)?;
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
        scopes,
        center: arguments.dc.clone(),
        may_replace: arguments.replace,
        wording: assemble::wording(&config),
    };
    connecting.ask_before_consent().await?;
    // Tokens that could not be sealed are asked for in vain.
    connections.key().await?;
    let whose = Caller::User(user.clone());
    let in_use_before = connections.find(&whose, None).await.ok();
    let granted = if config.said.sandbox_url.is_some() && !arguments.names_a_way() {
        connecting.through_sandbox(&config).await?
    } else {
        let way = connecting.chosen_way().await?;
        let client = client::of(&config, &zoho, &connecting.which_client()).await?;
        connecting.by(way, client).await?
    };
    let kept = connecting.keep(granted).await?;
    let needed = scopes::collect_needed(&catalog);
    let mut settled = settle::settle(&zoho, &connections, kept.connection, kept.listed, &needed).await?;
    settled.other_organization = kept.problem;
    let look = Look::new(zone, clock);
    report::print(&config, &settled, &connecting, &look)?;
    if let Some(before) = in_use_before
        && let Ok(now) = connections.find(&whose, None).await
        && now.id == settled.connection.id
        && now.id != before.id
    {
        terminal::tell(&format!(
            "Calls that name no connection take `{}` from now on, and no longer `{}`; `{}` takes that one again.",
            now.name,
            before.name,
            connecting.wording.choose_connection(&before.name)
        ));
    }
    Ok(
        if settled.problem.is_none() && settled.other_organization.is_none() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        },
    )
}

impl ConnectArguments {
    fn names_a_way(&self) -> bool {
        self.browser || self.no_browser || self.device || self.brings_code() || self.brings_token()
    }

    /// Whether a browser comes back to this machine.
    fn comes_back(&self) -> bool {
        !self.device && !self.brings_code() && !self.brings_token()
    }

    /// Whether nothing is connected.
    pub(super) fn is_about_scopes(&self) -> bool {
        self.scopes
    }

    /// Whether the person has a code of a Self Client.
    fn brings_code(&self) -> bool {
        self.self_client || self.self_client_file.is_some()
    }

    /// Whether the person has a refresh token.
    fn brings_token(&self) -> bool {
        self.refresh_token || self.refresh_token_file.is_some()
    }
}

/// The scopes of each product on a line; together the lines are the one list with commas that the console takes.
fn by_product(scopes: &[String]) -> String {
    fn product(scope: &str) -> &str {
        scope.split_once('.').map_or(scope, |(product, _)| product)
    }
    let mut lines: Vec<(&str, Vec<&str>)> = Vec::new();
    for scope in scopes {
        match lines.iter_mut().find(|(of, _)| *of == product(scope)) {
            Some((_, line)) => line.push(scope),
            None => lines.push((product(scope), vec![scope])),
        }
    }
    let lines: Vec<String> = lines.iter().map(|(_, line)| line.join(",")).collect();
    lines.join(",\n")
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
    /// Stores what Zoho granted once it is known which Desk organization is meant: where that fails, or somebody ends it
    /// there, calls go on with what there was. A row of the same name is made anew and keeps its organization.
    async fn keep(&self, granted: Granted) -> Result<Kept, Failure> {
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
        let unsaved = row.unsaved();
        let listed = match scopes::reach(&unsaved.scopes, Product::Desk) {
            true => self.zoho.organizations(unsaved).await,
            // A consent for CRM alone is asked nothing of Desk.
            false => Ok(Vec::new()),
        };
        let choice = settle::choose(&listed, &row, self.arguments, &self.wording)?;
        if choice.organization.is_some() {
            row.desk_org = choice.organization;
        }
        let has_key = matches!(self.connections.key().await, Ok(Some(_)));
        let saved = match self.connections.save(&row).await {
            Err(ConnectionError::OtherServer { held, .. }) => {
                self.ask_to_replace(&held, &row.account.accounts_url)?;
                self.connections.replace(&row).await?
            }
            saved => saved?,
        };
        if !has_key {
            self.tell_of_key().await;
        }
        Ok(Kept {
            connection: saved,
            listed,
            problem: choice.problem,
        })
    }

    /// Says where the first key lies: backups need it.
    async fn tell_of_key(&self) {
        if let Ok(Some((KeySource::Generated(file), _))) = self.connections.key().await {
            terminal::tell(&format!(
                "The tokens are sealed by a new key in {}: keep it with backups of the database; who reads both can read them.",
                file.display()
            ));
        }
    }

    /// Says where there is no such data center, and asks whether a row may be replaced as soon as it is certain that it would be: nobody consents in vain. Where
    /// Zoho decides which data center it is, that is known only after the consent.
    async fn ask_before_consent(&mut self) -> Result<(), Failure> {
        self.start()?;
        let there = self.connections.accounts_server(self.user, &self.arguments.name);
        let there = there.await?;
        self.ask_for_center(there.as_deref())?;
        let start = self.start()?;
        let Some(held) = there else {
            return Ok(());
        };
        let stays = self.center.is_some() || DataCenter::by_accounts_host(&start).is_none();
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

    /// Goes through a sandbox's consent by itself: authorize, redirect with a code, token call.
    async fn through_sandbox(&self, config: &Config) -> Result<Granted, Failure> {
        let client = client::of(config, self.zoho, client::BEFORE).await?;
        let granted = sandbox_consent::grant(config, self.zoho, client, self.scopes.clone()).await;
        granted.map_err(|failure| self.explained(failure))
    }
}
