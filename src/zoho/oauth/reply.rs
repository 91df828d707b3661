//! Replies of the accounts server, whose errors come with HTTP 200, too.

use std::collections::BTreeMap;

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use crate::connections::Secrets;
use crate::zoho::error::ZohoError;
use crate::zoho::host::Foreign;
use crate::zoho::http::Broken;

/// Life of an access token when the reply does not say, in seconds.
const DEFAULT_LIFE: i64 = 3600;

/// The tokens of one successful call.
#[derive(Debug, Clone)]
pub struct TokenReply {
    /// The access token.
    pub access_token: SecretString,
    /// The refresh token, when one was given.
    pub refresh_token: Option<SecretString>,
    /// The scopes granted, when named.
    pub scopes: Option<Vec<String>>,
    /// The CRM API server, when named; not yet checked against the known ones.
    pub api_domain: Option<String>,
    /// Life of the access token from now, in seconds.
    pub expires_in: i64,
}

/// Why the accounts server gave nothing, by what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OAuthError {
    /// The code, the refresh token or the client is refused for good: `invalid_code`, `invalid_grant`,
    /// `invalid_client`, `invalid_client_secret`.
    #[error("Zoho refused the sign-in for good ({code})")]
    Refused {
        /// Zoho's error code.
        code: String,
    },
    /// Too many token calls: nobody may ask for some minutes.
    #[error("Zoho allows no more token requests for some minutes (Access Denied)")]
    Throttled,
    /// Another error code, for example `invalid_redirect_uri`, `invalid_scope` or a `general_error`.
    #[error("Zoho's accounts server refused the request ({code})")]
    Other {
        /// Zoho's error code.
        code: String,
    },
    /// An answer that is none: 5xx, HTML.
    #[error("Zoho's accounts server gave no usable answer ({message})")]
    Unavailable {
        /// What happened.
        message: String,
    },
    /// This process heard no answer to its end, which says nothing of the server: too slow, a broken connection.
    #[error("Zoho's accounts server gave no usable answer ({message})")]
    Unheard {
        /// What happened.
        message: String,
    },
    /// The sandbox in use does not answer; nothing was sent.
    #[error("the sandbox at {url} does not answer ({cause})")]
    SandboxSilent {
        /// Its address.
        url: String,
        /// What kept the connection from standing.
        cause: String,
    },
    /// The address is no accounts server that may be sent anything.
    #[error("the accounts server named {server}: nothing was sent")]
    HostRefused {
        /// What it is instead.
        server: Foreign,
    },
}

#[derive(Deserialize)]
struct Fields {
    access_token: Option<SecretString>,
    refresh_token: Option<SecretString>,
    scope: Option<String>,
    api_domain: Option<String>,
    expires_in: Option<Value>,
    expires_in_sec: Option<Value>,
}

#[derive(Deserialize)]
struct Failure {
    error: Option<String>,
    error_description: Option<String>,
    status: Option<String>,
}

#[derive(Deserialize)]
struct ServerInfo {
    #[serde(default)]
    locations: BTreeMap<String, String>,
}

pub(super) fn is_token(body: &[u8]) -> bool {
    serde_json::from_slice::<Fields>(body).is_ok_and(|fields| {
        fields
            .access_token
            .is_some_and(|token| !token.expose_secret().is_empty())
    })
}

pub(super) fn token(body: &[u8]) -> Result<TokenReply, OAuthError> {
    let unusable = || OAuthError::Unavailable {
        message: "a reply without an access token".to_owned(),
    };
    let fields: Fields = serde_json::from_slice(body).map_err(|_| unusable())?;
    let seconds = |value: &Option<Value>| match value.as_ref()? {
        Value::String(text) => text.parse().ok(),
        number => number.as_i64(),
    };
    Ok(TokenReply {
        access_token: fields.access_token.filter(is_sound).ok_or_else(unusable)?,
        refresh_token: fields.refresh_token.filter(is_sound),
        scopes: fields.scope.map(|scope| {
            scope
                .split([' ', ','])
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect()
        }),
        api_domain: fields.api_domain,
        expires_in: seconds(&fields.expires_in_sec)
            .or_else(|| seconds(&fields.expires_in))
            // A life that is none says nothing: the API itself says when a token has ended.
            .filter(|life| *life > 0)
            .unwrap_or(DEFAULT_LIFE),
    })
}

/// Whether a text can be a token, which goes into a header of every call (RFC 6750, 2.1).
fn is_sound(token: &SecretString) -> bool {
    const LONGEST: usize = 4096;
    let token = token.expose_secret();
    let of_a_token = |byte: u8| byte.is_ascii_graphic();
    !token.is_empty() && token.len() <= LONGEST && token.bytes().all(of_a_token)
}

/// An error code as it may be shown: a few words. What else stands in its place is nothing Zoho says.
pub(super) fn code(text: &str) -> String {
    const LONGEST: usize = 60;
    let plain = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b' ');
    if text.len() <= LONGEST && text.bytes().all(plain) {
        text.to_owned()
    } else {
        "unreadable_error".to_owned()
    }
}

/// Reads the body before the status: Zoho sends most of its errors with HTTP 200. The secrets are those that were sent.
pub(super) fn error(status: u16, body: &[u8], secrets: &Secrets) -> OAuthError {
    let Ok(failure) = serde_json::from_slice::<Failure>(body) else {
        return OAuthError::Unavailable {
            message: format!("status {status} without JSON"),
        };
    };
    let code = code(&secrets.hide(&failure.error.unwrap_or_default()));
    let described = failure
        .error_description
        .is_some_and(|text| text.to_ascii_lowercase().contains("too many requests"));
    let failed = failure.status.as_deref() == Some("failure");
    match code.as_str() {
        "invalid_code" | "invalid_grant" | "invalid_client" | "invalid_client_secret" => {
            OAuthError::Refused { code }
        }
        _ if described || failed || code.eq_ignore_ascii_case("Access Denied") => OAuthError::Throttled,
        "" => OAuthError::Unavailable {
            message: format!("status {status} without an error code"),
        },
        _ if status >= 500 => OAuthError::Unavailable {
            message: format!("status {status} {code}"),
        },
        _ => OAuthError::Other { code },
    }
}

pub(super) fn locations(status: u16, body: &[u8]) -> Result<BTreeMap<String, String>, OAuthError> {
    let info: ServerInfo = serde_json::from_slice(body).map_err(|_| OAuthError::Unavailable {
        message: format!("status {status} without a list of servers"),
    })?;
    Ok(info.locations)
}

pub(super) fn broken(error: Broken) -> OAuthError {
    match error {
        Broken::NotSent(message)
        | Broken::Cut(message)
        | Broken::TimedOut(message)
        | Broken::Unwritable(message) => OAuthError::Unheard { message },
        Broken::TooLarge => OAuthError::Unavailable {
            message: "the answer is too large".to_owned(),
        },
    }
}

pub(super) fn refuse_host(error: ZohoError) -> OAuthError {
    let server = match error {
        ZohoError::HostRefused { server, .. } => server,
        _ => Foreign::Unknown,
    };
    OAuthError::HostRefused { server }
}

/// Id and secret of a client, as a sandbox names them.
pub(super) fn client(status: u16, body: &[u8]) -> Result<(String, SecretString), OAuthError> {
    #[derive(Deserialize)]
    struct Client {
        client_id: String,
        client_secret: SecretString,
    }
    let client: Client =
        serde_json::from_slice(body).map_err(|_| error(status, body, &Secrets::default()))?;
    Ok((client.client_id, client.client_secret))
}

/// The moment a sandbox was told to stand at, as it says itself.
pub(super) fn stands_at(status: u16, body: &[u8]) -> Result<Option<Timestamp>, OAuthError> {
    #[derive(Deserialize)]
    struct Clock {
        stands_at: Option<String>,
    }
    let unusable = || error(status, body, &Secrets::default());
    let clock: Clock = serde_json::from_slice(body).map_err(|_| unusable())?;
    let moment = clock.stands_at.map(|text| text.parse());
    moment.transpose().map_err(|_| unusable())
}
