//! `zoho-mcp connect`: a person's consent becomes a row of `zoho_connections`.

use super::assemble::{self, Failure};
use super::{CommandResult, terminal};
use crate::config::Config;
use crate::connections::{Clock, Connection, Connections, NewConnection};
use crate::zoho::oauth::{AuthorizeRequest, CodeExchange, Pkce, authorize_url};
use crate::zoho::{DataCenter, ZohoClient};
use clap::Args;
use secrecy::SecretString;
use std::process::ExitCode;
use std::sync::Arc;
use url::Url;

/// The scopes the tools need.
pub const SCOPES: [&str; 14] = [
    "Desk.tickets.READ",
    "Desk.contacts.READ",
    "Desk.tasks.READ",
    "Desk.basic.READ",
    "Desk.search.READ",
    "Desk.settings.READ",
    "Desk.products.READ",
    "Desk.articles.READ",
    "ZohoCRM.modules.ALL",
    "ZohoCRM.settings.ALL",
    "ZohoCRM.users.READ",
    "ZohoCRM.org.READ",
    "ZohoCRM.coql.READ",
    "ZohoSearch.securesearch.READ",
];

/// How to connect.
#[derive(Debug, Args)]
pub(super) struct ConnectArguments {
    /// The name to call this connection by
    #[arg(long, default_value = "default", value_name = "NAME")]
    name: String,
}

/// Connects and says what to do next.
pub(super) async fn run(config: Config, arguments: ConnectArguments) -> CommandResult {
    let clock = Clock::system();
    let connections = Arc::new(assemble::connections(&config, &clock)?);
    let zoho = assemble::zoho(&config, &connections, &clock)?;
    let user = config.user.clone().unwrap_or_else(|| "me".to_owned());
    let connection = through_sandbox(&config, &connections, &zoho, &user, &arguments.name, &SCOPES).await?;
    let rows = vec![vec![
        connection.id.to_string(),
        connection.user_id,
        connection.name,
        connection.data_center,
    ]];
    terminal::print(&terminal::table(
        &["Row", "User", "Connection", "Data centre"],
        rows,
    ));
    Ok(ExitCode::SUCCESS)
}

/// Goes through a sandbox's consent without a browser: authorize, redirect with a code, token call, row.
///
/// # Errors
/// There is no sandbox in the configuration, it refused, or the database could not be written.
pub(super) async fn through_sandbox(
    config: &Config,
    connections: &Connections,
    zoho: &ZohoClient,
    user: &str,
    name: &str,
    scopes: &[&str],
) -> Result<Connection, Failure> {
    let sandbox = config
        .sandbox_url
        .as_deref()
        .ok_or("name the sandbox with --sandbox-url")?;
    let (client_id, client_secret) = match (&config.client_id, &config.client_secret) {
        (Some(id), Some(secret)) => (id.clone(), secret.clone()),
        _ => zoho.sandbox_client(sandbox).await?,
    };
    let scopes: Vec<String> = scopes.iter().map(|&scope| scope.to_owned()).collect();
    let (pkce, state) = (Pkce::new()?, Pkce::new()?.challenge);
    let redirect_uri = "http://127.0.0.1:8976/callback";
    let consent = AuthorizeRequest {
        accounts_url: sandbox,
        client_id: &client_id,
        redirect_uri,
        scopes: &scopes,
        state: &state,
        challenge: Some(&pkce.challenge),
    };
    let callback = zoho
        .approve_in_sandbox(authorize_url(zoho.hosts(), &consent)?)
        .await?;
    let code = code_of(&callback, &state)?;
    let exchange = CodeExchange {
        accounts_url: sandbox,
        client_id: &client_id,
        client_secret: &client_secret,
        code: &code,
        redirect_uri: Some(redirect_uri),
        verifier: Some(&pkce.verifier),
    };
    let tokens = zoho.exchange_code(&exchange).await?;
    let us = DataCenter::by_code("us").ok_or("the table of data centres has no us")?;
    let row = NewConnection {
        user_id: user.to_owned(),
        name: name.to_owned(),
        data_center: us.code.to_owned(),
        environment: "production".to_owned(),
        accounts_url: sandbox.to_owned(),
        api_domain: sandbox.to_owned(),
        desk_url: sandbox.to_owned(),
        client_id,
        client_secret,
        token_expires_at: Some(connections.clock().now() + tokens.expires_in),
        scopes: tokens.scopes.clone().unwrap_or(scopes),
        access_token: Some(tokens.access_token),
        refresh_token: tokens.refresh_token,
        desk_org: None,
        crm_org_id: None,
    };
    Ok(connections.save(&row).await?)
}

/// The code of a callback, when its `state` is the one that was sent.
fn code_of(callback: &Url, state: &str) -> Result<SecretString, Failure> {
    let value = |name: &str| {
        callback
            .query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    if value("state").as_deref() != Some(state) {
        return Err("the answer to the consent does not carry the state that was sent".into());
    }
    match (value("code"), value("error")) {
        (Some(code), None) => Ok(SecretString::from(code)),
        (_, error) => Err(format!(
            "consent was not given ({})",
            error.unwrap_or_else(|| "no code".to_owned())
        )
        .into()),
    }
}
