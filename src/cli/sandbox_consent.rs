//! The consent of a sandbox, which is given by itself: authorize, redirect with a code, token call.

use std::sync::Arc;

use super::{Failure, assemble, client};
use crate::clock::Clock;
use crate::config::Config;
use crate::connections::Connection;
use crate::server::consent::PORT;
use crate::tools::catalog::Catalog;
use crate::tools::consent::DEFAULT_NAME;
use crate::tools::scopes::to_ask;
use crate::zoho::ZohoClient;
use crate::zoho::oauth::{ConsentError, Granted, OAuthClient};

/// Goes through the whole consent flow of a sandbox by itself and stores the connection; `scopes` are those the tools need
/// unless others are named.
///
/// # Errors
/// The sandbox refused, or the database could not be written.
pub async fn connect_to_sandbox(
    config: &Config,
    clock: &Clock,
    url: &str,
    user: &str,
    scopes: Option<&[&str]>,
) -> Result<Connection, Failure> {
    let mut config = config.clone();
    config.said.sandbox_url = Some(url.to_owned());
    let connections = Arc::new(assemble::connections(&config, clock)?);
    let zoho = assemble::zoho(&config, &connections, clock)?;
    let scopes = match scopes {
        Some(scopes) => scopes.iter().map(|&scope| scope.to_owned()).collect(),
        None => to_ask(&Catalog::embedded(&assemble::selection(&config))?),
    };
    let client = client::of(&config, &zoho, client::BEFORE).await?;
    let granted = grant(&config, &zoho, client, scopes).await?;
    let row = granted.row(user, DEFAULT_NAME, connections.clock().now());
    Ok(connections.save(&row).await?)
}

/// What a sandbox grants when nobody is asked.
///
/// # Errors
/// There is no sandbox, or it refused.
pub(super) async fn grant(
    config: &Config,
    zoho: &ZohoClient,
    client: OAuthClient,
    scopes: Vec<String>,
) -> Result<Granted, Failure> {
    let sandbox = config
        .said
        .sandbox_url
        .as_deref()
        .ok_or("name the sandbox with --sandbox-url")?;
    let redirect_uri = format!("http://127.0.0.1:{PORT}/callback");
    let id = client.id.clone();
    let consent = zoho.ask_consent(sandbox.trim_end_matches('/'), client, &redirect_uri, scopes)?;
    let callback = match zoho.approve_in_sandbox(consent.url().clone()).await {
        Ok(callback) => callback,
        // Its page says so to a person alone.
        Err(error) => {
            return Err(match zoho.sandbox_client(sandbox).await {
                Ok((known, _)) if known != id => {
                    let error = "invalid_client".to_owned();
                    ConsentError::Refused { error }.into()
                }
                _ => error.into(),
            });
        }
    };
    let callback: Vec<(String, String)> = callback.query_pairs().into_owned().collect();
    if !consent.is_answered_by(&callback) {
        return Err("the answer to the consent does not carry the state that was sent".into());
    }
    Ok(zoho.accept_consent(&consent, &callback).await?)
}
