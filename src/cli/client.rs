//! The OAuth client: from a file, from the environment, from the sandbox, or asked for.

use std::fs;
use std::path::Path;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::{Failure, prompt, terminal};
use crate::config::{Config, holds_placeholder, is_stand_in};
use crate::connections::readable_by_others;
use crate::tools::mending::rights;
use crate::zoho::ZohoClient;
use crate::zoho::oauth::OAuthClient;

/// How a client is made, for who has none yet.
pub(super) const BEFORE: &str = "\
Before the first time: make a client at https://api-console.zoho.com (or the console of your data center), of the kind \
\"Server-based Applications\", with the redirect URI http://127.0.0.1:8976/callback; for --self-client of the kind \
\"Self Client\" (`zoho-mcp connect --scopes` prints its scopes), for --device \"Non-browser Applications\". Its id and \
secret are asked for.";

#[derive(Deserialize)]
struct ClientFile {
    client_id: String,
    #[serde(default)]
    client_secret: SecretString,
}

/// No such file is longer.
const MOST_BYTES: u64 = 16 * 1024;

/// The client of a file that nobody else may read, or of the environment.
///
/// # Errors
/// The file that is named holds none, or others can read it.
pub(super) fn configured(config: &Config) -> Result<Option<OAuthClient>, Failure> {
    let client = given(config)?;
    match exposed_file(config) {
        Some(path) => Err(format!(
            "{}: {} can be read by others\nnext: {}",
            config.origin("client_file"),
            path.display(),
            rights::close(path)
        )
        .into()),
        None => Ok(client),
    }
}

/// The same for a server: whoever started it hears of nothing but what it answers, so that a file which others can read is
/// told in the log and does not end it.
///
/// # Errors
/// The file that is named holds none.
pub(super) fn served(config: &Config) -> Result<Option<OAuthClient>, Failure> {
    let client = given(config)?;
    if let Some(path) = exposed_file(config) {
        let mend = rights::close(path);
        tracing::warn!(file = %path.display(), "the client file can be read by others: {mend}");
    }
    Ok(client)
}

/// The client file, where others can read the secret in it.
pub(super) fn exposed_file(config: &Config) -> Option<&Path> {
    let path = config.said.client_file.as_deref()?;
    readable_by_others(path).then_some(path)
}

fn given(config: &Config) -> Result<Option<OAuthClient>, Failure> {
    match &config.said.client_file {
        Some(path) => read(path, &config.origin("client_file")).map(Some),
        None => Ok(of_environment(config)),
    }
}

fn of_environment(config: &Config) -> Option<OAuthClient> {
    let (id, secret) = (&config.private.client_id, &config.private.client_secret);
    let both = id.clone().zip(secret.clone());
    both.map(|(id, secret)| OAuthClient { id, secret })
}

/// The client to ask consents with; `which` tells a person what client is meant before it is asked for.
///
/// # Errors
/// None was given and there is nobody to ask.
pub(super) async fn of(config: &Config, zoho: &ZohoClient, which: &str) -> Result<OAuthClient, Failure> {
    if let Some(client) = configured(config)? {
        return Ok(client);
    }
    if let Some(sandbox) = &config.said.sandbox_url {
        let (id, secret) = zoho.sandbox_client(sandbox).await?;
        return Ok(OAuthClient { id, secret });
    }
    let (id, secret) = (&config.private.client_id, &config.private.client_secret);
    if !prompt::can_ask() {
        let lacks = match (id, secret) {
            (Some(_), _) => {
                "no secret of the OAuth client: set ZOHO_MCP_CLIENT_SECRET beside ZOHO_MCP_CLIENT_ID"
            }
            (_, Some(_)) => "no id of the OAuth client: set ZOHO_MCP_CLIENT_ID beside ZOHO_MCP_CLIENT_SECRET",
            _ => "no OAuth client: set ZOHO_MCP_CLIENT_ID and ZOHO_MCP_CLIENT_SECRET",
        };
        return Err(format!(
            "{lacks}, or name a JSON file with client_id and client_secret by --client-file; both come from the Zoho API \
             console"
        )
        .into());
    }
    terminal::tell(which);
    let id = match id {
        Some(id) => id.clone(),
        None => asked_id(prompt::ask("Client id")?)?,
    };
    let secret = match secret {
        Some(secret) => secret.clone(),
        None => {
            let typed = prompt::secret("Client secret")?;
            asked_secret(typed.expose_secret().to_owned())?.into()
        }
    };
    Ok(OAuthClient { id, secret })
}

/// What was typed, unless it is nothing or what instructions write in its place.
fn asked_for(what: &str, typed: String) -> Result<String, Failure> {
    match typed.as_str() {
        "" => Err(format!("{what}: nothing was given\n{CONSOLE}").into()),
        typed if holds_placeholder(typed) || is_stand_in(typed) => {
            Err(format!("{what}: that stands in for one; the Zoho API console shows yours\n{CONSOLE}").into())
        }
        _ => Ok(typed),
    }
}

/// The id that was typed, told before its secret is asked for: Zoho's begin with `1000.`, and what is as short as a word is
/// none either way.
fn asked_id(typed: String) -> Result<String, Failure> {
    let typed = asked_for("Client id", typed)?;
    let is_one = typed.starts_with("1000.") || typed.len() >= SHORTEST_ID;
    match is_one && !typed.contains(char::is_whitespace) {
        true => Ok(typed),
        false => Err(format!("Client id: {typed:?} is none: Zoho's begin with 1000.\n{CONSOLE}").into()),
    }
}

/// The secret that was typed, which is one word, and is not told.
fn asked_secret(typed: String) -> Result<String, Failure> {
    let typed = asked_for("Client secret", typed)?;
    match typed.contains(char::is_whitespace) {
        false => Ok(typed),
        true => Err(format!("Client secret: there is a blank in it, and Zoho's have none\n{CONSOLE}").into()),
    }
}

/// No id without the beginning that Zoho's have is shorter.
const SHORTEST_ID: usize = 20;

/// What to do where no client could be given.
const CONSOLE: &str = "next:  Run the command again with the id and the secret that the Zoho API console shows under \
                       Client Secret.";

/// Reads `{"client_id", "client_secret"}`; the text is not told, because it may hold the secret.
fn read(path: &Path, said: &str) -> Result<OAuthClient, Failure> {
    let named = path.display();
    let about = fs::metadata(path).map_err(|error| format!("{said}: {named}: {error}"))?;
    let expected = format!("{said}: {named}: expected a JSON object with client_id and client_secret");
    // A pipe would be waited for, and a large file read to its end.
    if !about.is_file() || about.len() > MOST_BYTES {
        return Err(format!("{expected}, in a regular file of {MOST_BYTES} bytes at most").into());
    }
    let text = fs::read_to_string(path).map_err(|error| format!("{said}: {named}: {error}"))?;
    // Editors on Windows put a mark of the byte order before what they write.
    let text = text.trim_start_matches('\u{feff}');
    let client: ClientFile = serde_json::from_str(text).map_err(|_| expected.clone())?;
    let secret = client.client_secret.expose_secret();
    let is_unfilled = |text: &str| holds_placeholder(text) || is_stand_in(text);
    if client.client_id.trim().is_empty() || is_unfilled(&client.client_id) || is_unfilled(secret) {
        let unfilled = "neither of them left blank or as ${...}, YOUR_CLIENT_ID or the like";
        return Err(format!("{expected}, {unfilled}").into());
    }
    Ok(OAuthClient {
        id: client.client_id,
        secret: client.client_secret,
    })
}
