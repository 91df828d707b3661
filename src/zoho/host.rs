//! What a server is: one of Zoho's, a sandbox on this machine, or a stranger.

use std::fmt;

use url::{Host, Url};

use super::data_center::DataCenter;

/// What a server is asked for, which decides what may be sent to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostKind {
    /// OAuth: receives client secrets and refresh tokens.
    Accounts,
    /// The CRM API: receives access tokens.
    Api,
    /// The Desk API: receives access tokens.
    Desk,
}

impl HostKind {
    pub(super) fn column(self) -> &'static str {
        match self {
            Self::Accounts => "accounts_url",
            Self::Api => "api_domain",
            Self::Desk => "desk_url",
        }
    }
}

/// A server that no secret may be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Foreign {
    /// Neither Zoho's nor a sandbox.
    Unknown,
    /// A server of this machine that is not the sandbox in use.
    Sandbox {
        /// Its address, to be given as the sandbox's.
        url: String,
    },
    /// Zoho's own, while a sandbox is in use.
    Zoho,
}

impl Foreign {
    /// What kind of stranger an address is.
    pub(super) fn of(address: &str) -> Self {
        match Url::parse(address) {
            Ok(url) if is_sandbox_url(&url) => Self::Sandbox {
                url: url.origin().ascii_serialization(),
            },
            Ok(url) if is_any_zoho(&url) => Self::Zoho,
            _ => Self::Unknown,
        }
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => formatter.write_str("is not one of Zoho's"),
            Self::Sandbox { url } => {
                write!(
                    formatter,
                    "is a sandbox, which is reached with --sandbox-url {url} only"
                )
            }
            Self::Zoho => {
                formatter.write_str("is Zoho's own, and with --sandbox-url the sandbox alone is reached")
            }
        }
    }
}

pub(super) fn has_no_user(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none()
}

pub(super) fn is_sandbox_url(url: &Url) -> bool {
    is_loopback(url) && url.scheme() == "http" && has_no_user(url)
}

fn is_any_zoho(url: &Url) -> bool {
    let kinds = [HostKind::Accounts, HostKind::Api, HostKind::Desk];
    let host = url.host_str().unwrap_or_default();
    has_no_user(url) && kinds.into_iter().any(|kind| is_zoho(host, kind))
}

pub(super) fn is_zoho(host: &str, kind: HostKind) -> bool {
    DataCenter::ALL.iter().any(|center| match kind {
        HostKind::Accounts => host == center.accounts_host,
        HostKind::Desk => host == center.desk_host,
        HostKind::Api => ["www.", "sandbox.", "developer."].iter().any(|label| {
            host.strip_prefix(label)
                .is_some_and(|domain| domain == center.api_domain)
        }),
    })
}

/// Whether a URL leads to this very machine: `localhost`, 127.0.0.0/8 or `::1`.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
