//! The door for texts from outside: what Zoho, or whoever answers in its place, sends back of our secrets ends here.

use bytes::Bytes;
use secrecy::SecretString;
use serde_json::Value;

use super::http::Answer;
use crate::connections::{Connection, Secrets};

/// The secrets of a connection.
pub(super) fn secrets_of(connection: &Connection) -> Secrets {
    Secrets::of(each(connection))
}

fn each(connection: &Connection) -> impl Iterator<Item = &SecretString> {
    let tokens = [&connection.access_token, &connection.refresh_token];
    tokens
        .into_iter()
        .flatten()
        .chain([&connection.account.client_secret])
}

/// The answer without the secrets of the connection it was asked with: somebody may have put one into a record, too.
pub(super) fn mask(mut answer: Answer, connection: &Connection) -> Answer {
    let success = matches!(answer.status, 200..=299);
    let secrets = secrets_of(connection);
    if success && is_json(&answer.body) && !secrets.may_be_in(&answer.body) {
        return answer;
    }
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

/// Hides the secrets in the parts of an answer that is ready to be read, those too that were replaced while it was made.
pub(super) fn hide_secrets<'a>(
    parts: impl Iterator<Item = &'a mut Value>,
    connection: &Connection,
    replaced: &[SecretString],
) {
    let secrets = Secrets::of(each(connection).chain(replaced));
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
