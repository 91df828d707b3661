//! The door for texts from outside: what Zoho, or whoever answers in its place, sends back of our secrets ends here.

use super::http::Answer;
use crate::connections::{Connection, Secrets};
use bytes::Bytes;
use memchr::memmem;
use secrecy::ExposeSecret as _;
use serde_json::Value;

/// The secrets of a connection.
pub(super) fn secrets_of(connection: &Connection) -> Secrets {
    let tokens = [&connection.access_token, &connection.refresh_token];
    Secrets::of(
        tokens
            .into_iter()
            .flatten()
            .chain([&connection.account.client_secret]),
    )
}

/// The answer without the secrets of the connection it was asked with. Records are looked through for the access token
/// alone: nothing else was sent.
pub(super) fn masked(mut answer: Answer, connection: &Connection) -> Answer {
    let token = connection
        .access_token
        .as_ref()
        .map_or("", |token| token.expose_secret());
    let success = matches!(answer.status, 200..=299);
    let echoes = || !token.is_empty() && memmem::find(&answer.body, token.as_bytes()).is_some();
    if success && is_json(&answer.body) && !echoes() {
        return answer;
    }
    let secrets = secrets_of(connection);
    answer.location = answer.location.map(|location| secrets.hide(&location));
    answer.body = match serde_json::from_slice::<Value>(&answer.body) {
        // An error is read as JSON first: there are many ways to write one text in it.
        Ok(mut value) if !success => {
            secrets.hide_in(&mut value);
            Bytes::from(value.to_string())
        }
        _ => Bytes::from(secrets.hide(&String::from_utf8_lossy(&answer.body))),
    };
    answer
}

fn is_json(body: &[u8]) -> bool {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    first.is_none_or(|byte| matches!(byte, b'{' | b'['))
}
