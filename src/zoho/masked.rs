//! The door for texts from outside: what Zoho, or whoever answers in its place, sends back of our secrets ends here.

use bytes::Bytes;
use serde_json::Value;

use super::http::Answer;
use crate::connections::{Connection, Secrets};

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
pub(super) fn mask(mut answer: Answer, connection: &Connection) -> Answer {
    let success = matches!(answer.status, 200..=299);
    let echoes = || {
        let token = connection.access_token.as_ref();
        token.is_some_and(|token| Secrets::of([token]).may_be_in(&answer.body))
    };
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

/// Hides the access token in the parts of an answer that is ready to be read.
pub(super) fn hide_token<'a>(parts: impl Iterator<Item = &'a mut Value>, connection: &Connection) {
    let Some(token) = &connection.access_token else {
        return;
    };
    let secrets = Secrets::of([token]);
    parts
        .filter(|part| shows(part, &secrets))
        .for_each(|part| secrets.hide_in(part));
}

fn shows(part: &Value, secrets: &Secrets) -> bool {
    match part {
        Value::String(text) => secrets.are_in(text),
        Value::Array(items) => items.iter().any(|item| shows(item, secrets)),
        Value::Object(members) => members.values().any(|member| shows(member, secrets)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn is_json(body: &[u8]) -> bool {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    first.is_none_or(|byte| matches!(byte, b'{' | b'['))
}
