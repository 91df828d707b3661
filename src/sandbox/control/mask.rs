//! Hides tokens and secrets of recorded calls: by the name of the field and by the form of the value.

use std::borrow::Cow;

use ::http::Uri;
use serde_json::{Value, json};

use crate::accounts::params;

const HIDDEN: &str = "****";

/// Field names that hold a secret anywhere.
const SECRETS: &[&str] = &[
    "client_secret",
    "refresh_token",
    "access_token",
    "code_verifier",
    "device_code",
    "password",
];

/// Field names that hold one only on the accounts server.
const ACCOUNTS_SECRETS: &[&str] = &["code", "token"];

/// `Zoho-oauthtoken ****c0de`: the scheme and the last four characters, enough to tell two tokens apart.
pub(super) fn authorization(value: &str) -> String {
    let (scheme, token) = value.split_once(' ').unwrap_or(("", value));
    let end = token
        .char_indices()
        .rev()
        .nth(3)
        .map_or("", |(place, _)| &token[place..]);
    let shown = if token.len() < 16 || scheme.eq_ignore_ascii_case("basic") {
        ""
    } else {
        end
    };
    format!("{scheme} {HIDDEN}{shown}").trim_start().to_owned()
}

/// Path and query.
pub(super) fn url(uri: &Uri, accounts: bool) -> String {
    let Some(query) = uri.query() else {
        return scrub(uri.path()).into_owned();
    };
    let hide = |pair: &str| match pair.split_once('=') {
        Some((name, _)) if secret(name, accounts) => format!("{name}={HIDDEN}"),
        _ => scrub(pair).into_owned(),
    };
    let query: Vec<String> = query.split('&').map(hide).collect();
    format!("{}?{}", scrub(uri.path()), query.join("&"))
}

/// JSON as JSON, forms as an object, other text as text, the rest as its size; `None` when empty.
pub(super) fn body(body: &[u8], content_type: &str, accounts: bool) -> Option<Value> {
    if body.is_empty() {
        return None;
    }
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        return Some(hide(value, accounts));
    }
    if accounts {
        let fields = params::form(body, content_type)
            .into_iter()
            .map(|(name, value)| (name, json!(value)));
        return Some(hide(Value::Object(fields.collect()), accounts));
    }
    Some(match std::str::from_utf8(body) {
        Ok(text) if !content_type.starts_with("multipart/") => json!(scrub(text)),
        _ => json!(format!("<{} bytes of {content_type}>", body.len())),
    })
}

fn hide(value: Value, accounts: bool) -> Value {
    match value {
        Value::Object(fields) => {
            let hidden = fields.into_iter().map(|(name, value)| {
                let value = if secret(&name, accounts) {
                    json!(HIDDEN)
                } else {
                    hide(value, accounts)
                };
                (name, value)
            });
            Value::Object(hidden.collect())
        }
        Value::Array(items) => items.into_iter().map(|item| hide(item, accounts)).collect(),
        Value::String(text) => json!(scrub(&text)),
        other => other,
    }
}

fn secret(name: &str, accounts: bool) -> bool {
    let is = |secret: &&str| name.eq_ignore_ascii_case(secret);
    SECRETS.iter().any(is) || (accounts && ACCOUNTS_SECRETS.iter().any(is))
}

/// Hides everything of the form `1000.<32 hex>.<32 hex>`.
fn scrub(text: &str) -> Cow<'_, str> {
    let mut clean = String::new();
    let mut rest = text;
    while let Some(place) = token_at(rest) {
        clean.push_str(&rest[..place]);
        clean.push_str(HIDDEN);
        rest = &rest[place + TOKEN_LENGTH..];
    }
    if clean.is_empty() && rest.len() == text.len() {
        return Cow::Borrowed(text);
    }
    clean.push_str(rest);
    Cow::Owned(clean)
}

const TOKEN_LENGTH: usize = 5 + 32 + 1 + 32;

fn token_at(text: &str) -> Option<usize> {
    text.match_indices("1000.").map(|(place, _)| place).find(|place| {
        let Some(token) = text.as_bytes().get(*place..place + TOKEN_LENGTH) else {
            return false;
        };
        token[5..37].iter().chain(&token[38..]).all(u8::is_ascii_hexdigit) && token[37] == b'.'
    })
}
