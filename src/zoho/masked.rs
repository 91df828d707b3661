//! The door for texts from outside: what Zoho, or whoever answers in its place, sends back of our secrets ends here.

use bytes::Bytes;
use memchr::{memchr3_iter, memmem};
use secrecy::ExposeSecret as _;
use serde_json::Value;

use super::http::Answer;
use crate::connections::{Connection, Secrets, base64_of};

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
    let token = connection
        .access_token
        .as_ref()
        .map_or("", |token| token.expose_secret());
    let success = matches!(answer.status, 200..=299);
    let echoes = || {
        let found = || memmem::find(&answer.body, token.as_bytes()).is_some();
        let within = || {
            base64_of(token)
                .iter()
                .any(|form| memmem::find(&answer.body, form.as_bytes()).is_some())
        };
        !token.is_empty() && (found() || may_be_escaped(&answer.body) || within())
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

/// Hides the access token in a part of an answer that is ready to be read.
pub(super) fn hide_token(part: &mut Value, connection: &Connection) {
    let Some(token) = &connection.access_token else {
        return;
    };
    let secrets = Secrets::of([token]);
    if shows(part, &secrets) {
        secrets.hide_in(part);
    }
}

fn shows(part: &Value, secrets: &Secrets) -> bool {
    match part {
        Value::String(text) => secrets.are_in(text),
        Value::Array(items) => items.iter().any(|item| shows(item, secrets)),
        Value::Object(members) => members.values().any(|member| shows(member, secrets)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether letters or digits stand there in escapes: what writes addresses, JSON and HTML leaves those as they are, so that
/// only such a body is searched for secrets in disguise.
fn may_be_escaped(body: &[u8]) -> bool {
    let tells =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'%' | b'\\' | b'&');
    memchr3_iter(b'%', b'\\', b'&', body).any(|at| {
        let digits = match body.get(at..) {
            Some([b'%', high, low, ..] | [b'\\', b'u', b'0', b'0', high, low, ..]) => [*high, *low],
            Some([b'&', rest @ ..]) => return refers(rest, tells),
            _ => return false,
        };
        let digits = std::str::from_utf8(&digits).unwrap_or_default();
        u8::from_str_radix(digits, 16).is_ok_and(tells)
    })
}

/// Whether a reference of HTML stands for such a sign, by its number or its name.
fn refers(rest: &[u8], tells: impl Fn(u8) -> bool) -> bool {
    let names: [&[u8]; 7] = [
        b"amp;#", b"period;", b"lowbar;", b"hyphen;", b"dash;", b"percnt;", b"bsol;",
    ];
    let (digits, radix) = match rest {
        [b'#', b'x' | b'X', digits @ ..] => (digits, 16),
        [b'#', digits @ ..] => (digits, 10),
        _ => return names.iter().any(|name| rest.starts_with(name)),
    };
    let length = digits
        .iter()
        .take(12)
        .take_while(|byte| char::from(**byte).is_digit(radix))
        .count();
    let digits = digits
        .get(..length)
        .and_then(|digits| std::str::from_utf8(digits).ok());
    digits.is_some_and(|digits| u8::from_str_radix(digits, radix).is_ok_and(tells))
}

fn is_json(body: &[u8]) -> bool {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    first.is_none_or(|byte| matches!(byte, b'{' | b'['))
}
