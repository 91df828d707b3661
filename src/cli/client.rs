//! The OAuth client: from a file, from the environment, from the sandbox, or asked for.

use std::path::Path;

use secrecy::SecretString;
use serde::Deserialize;

use super::{Failure, assemble, prompt, terminal};
use crate::config::Config;
use crate::zoho::ZohoClient;
use crate::zoho::oauth::OAuthClient;

/// How a client is made, for who has none yet.
pub(super) const BEFORE: &str = "\
Before the first time: make a client at https://api-console.zoho.com (or the console of your data center), of the kind
\"Server-based Applications\", with the redirect URI http://127.0.0.1:8976/callback. Its id and secret are asked for.";

#[derive(Deserialize)]
struct ClientFile {
    client_id: String,
    #[serde(default)]
    client_secret: SecretString,
}

/// The client to ask consents with.
///
/// # Errors
/// None was given and there is nobody to ask.
pub(super) async fn of(
    config: &Config,
    file: Option<&Path>,
    zoho: &ZohoClient,
) -> Result<OAuthClient, Failure> {
    if let Some(path) = file {
        return read(path);
    }
    if let Some(client) = assemble::oauth_client(config) {
        return Ok(client);
    }
    if let Some(sandbox) = &config.said.sandbox_url {
        let (id, secret) = zoho.sandbox_client(sandbox).await?;
        return Ok(OAuthClient { id, secret });
    }
    if !prompt::can_ask() {
        return Err(
            "no OAuth client: set ZOHO_MCP_CLIENT_ID and ZOHO_MCP_CLIENT_SECRET, or name a JSON file with \
             client_id and client_secret by --client-file; both come from the Zoho API console"
                .into(),
        );
    }
    terminal::tell(BEFORE);
    Ok(OAuthClient {
        id: match &config.private.client_id {
            Some(id) => id.clone(),
            None => prompt::ask("Client id")?,
        },
        secret: prompt::secret("Client secret")?,
    })
}

/// Reads `{"client_id", "client_secret"}`.
///
/// # Errors
/// The file cannot be read or says something else; the text is not told, because it may hold the secret.
pub(super) fn read(path: &Path) -> Result<OAuthClient, Failure> {
    let text = prompt::text_of(path)?;
    let client: ClientFile = serde_json::from_str(&text).map_err(|_| {
        format!(
            "{}: expected a JSON object with client_id and client_secret",
            path.display()
        )
    })?;
    Ok(OAuthClient {
        id: client.client_id,
        secret: client.client_secret,
    })
}
