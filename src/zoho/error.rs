//! Why a call of Zoho failed, as far as whoever called can do something about it.

use serde_json::Value;
use thiserror::Error;

use super::host::Foreign;
use crate::connections::{ConnectionError, Product};

/// One field or parameter Zoho did not like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The name of the field or parameter, or a JSON pointer or path to it.
    pub field: String,
    /// Zoho's word for the problem, for example `missing`, `duplicate`, `INVALID_DATA`.
    pub kind: String,
    /// Zoho's sentence, and what it expected, when it said so.
    pub message: Option<String>,
}

/// Why a call to Zoho brought no answer, by who can do something about it.
#[derive(Debug, Clone, Error)]
pub enum ZohoError {
    /// There is no such record or address (HTTP 404).
    #[error("Zoho does not know this record or address ({code})")]
    NotFound {
        /// Zoho's error code.
        code: String,
        /// Zoho's sentence.
        message: String,
    },
    /// Zoho understood the call and refused it (HTTP 4xx).
    #[error("Zoho refused the call ({status} {code}): {message}")]
    Rejected {
        /// HTTP status.
        status: u16,
        /// Zoho's error code; empty when the body had none.
        code: String,
        /// Zoho's sentence.
        message: String,
        /// The fields or parameters it names.
        fields: Vec<FieldError>,
        /// The body as it came; null when it was no JSON.
        body: Box<Value>,
    },
    /// The request cannot be put into a URL safely; nothing was sent.
    #[error("{message}")]
    InvalidRequest {
        /// Which part, and why.
        message: String,
    },
    /// The answer is larger than a call may bring.
    #[error("Zoho's answer is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The limit, in bytes after decompression.
        limit_bytes: usize,
    },
    /// The tokens are refused for good, or Zoho takes none of them: the user has to connect again.
    #[error("Zoho no longer accepts this connection ({reason})")]
    ReconnectNeeded {
        /// Zoho's error code, or what is missing.
        reason: String,
    },
    /// The consent does not cover this call.
    #[error("the connection lacks a permission this call needs: {}", scopes.join(", "))]
    ScopeMissing {
        /// The OAuth scopes the call needs.
        scopes: Vec<String>,
    },
    /// No organization, or the wrong one, is set for this connection.
    #[error("{message}")]
    ChooseOrganization {
        /// What Zoho said of the organizations, naming those there are.
        message: String,
    },
    /// The account has no organization of Desk at all.
    #[error("Zoho Desk lists no organization for this account")]
    NoOrganization,
    /// A product turns down a token that Zoho issued only now: the account may be no user of it.
    #[error("Zoho {product} turned down a token that Zoho had just issued ({reason})")]
    NotAccepted {
        /// Which product.
        product: Product,
        /// Its error code.
        reason: String,
    },
    /// The connection is on another organization or consent than the call began with; nothing more was sent.
    #[error("the connection was moved to another organization or account during the call")]
    Moved,
    /// Zoho asks to wait.
    #[error("Zoho allows no more calls for now: wait {seconds} s ({reason})")]
    RateLimited {
        /// How long, in seconds.
        seconds: u64,
        /// Zoho's error code, or which limit it is.
        reason: String,
    },
    /// Zoho, or the way to it, is out of order; nothing happened and the call may be repeated.
    #[error("{message}")]
    Unavailable {
        /// What happened, without any URL.
        message: String,
        /// When to try again, in seconds, if that is known.
        seconds: Option<u64>,
    },
    /// The sandbox in use does not answer; nothing was sent.
    #[error("the sandbox at {url} does not answer ({cause})")]
    SandboxSilent {
        /// Its address.
        url: String,
        /// What kept the connection from standing.
        cause: String,
    },
    /// A write was sent and its answer never came, or says nothing about it: it may have happened.
    #[error("it is not known whether Zoho carried out this change ({message})")]
    OutcomeUnknown {
        /// What happened.
        message: String,
    },
    /// The row names a server no secret may be sent to.
    #[error("the connection names a server in {column} that {server}: nothing was sent")]
    HostRefused {
        /// The column of the row.
        column: &'static str,
        /// What the server is instead.
        server: Foreign,
    },
    /// The connection could not be read, locked or written.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// Something that should not happen; the text is for the log.
    #[error("{message}")]
    Internal {
        /// What happened.
        message: String,
    },
}

impl ZohoError {
    pub(super) fn unavailable(message: impl Into<String>) -> Self {
        Self::Unavailable {
            message: message.into(),
            seconds: None,
        }
    }
}
