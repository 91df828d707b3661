use std::fmt;

use url::{Host, Url};

use super::data_center::DataCenter;
use super::error::ZohoError;

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
    fn column(self) -> &'static str {
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

/// Which servers a secret may be sent to: Zoho's own, or one local sandbox and nothing else.
#[derive(Debug, Clone, Default)]
pub struct HostPolicy {
    sandbox: Option<Url>,
}

impl HostPolicy {
    /// Zoho's own servers only.
    pub fn zoho_only() -> Self {
        Self::default()
    }

    /// The sandbox at `url` and no other server, which must be plain HTTP on a loopback address; its path is
    /// ignored.
    pub fn with_sandbox(url: &str) -> Result<Self, ZohoError> {
        let refused = || ZohoError::Internal {
            message: "the sandbox must be an http URL of this machine".to_owned(),
        };
        let url = Url::parse(url).map_err(|_| refused())?;
        if is_sandbox_url(&url) {
            Ok(Self { sandbox: Some(url) })
        } else {
            Err(refused())
        }
    }

    /// The sandbox's address without a slash at the end, if there is one.
    pub(super) fn sandbox(&self) -> Option<String> {
        let origin = self.sandbox.as_ref()?.origin();
        Some(origin.ascii_serialization())
    }

    /// Whether an address is the sandbox's.
    pub(super) fn is_sandbox(&self, address: &str) -> bool {
        let url = Url::parse(address).ok();
        let origin = url.map(|url| url.origin());
        origin.is_some() && origin == self.sandbox.as_ref().map(Url::origin)
    }

    /// Whether rows of the accounts server at `address` may be changed: beside a sandbox only those of sandboxes, also
    /// of one that was at another port.
    pub fn may_change(&self, address: &str) -> bool {
        self.sandbox.is_none() || matches!(Foreign::of(address), Foreign::Sandbox { .. })
    }

    /// The server at `address`, when something of that kind may be sent to it. Neither user name nor path may be in
    /// it; the sandbox is taken by its origin, and without one exactly the known hosts over `https`.
    pub fn check(&self, address: &str, kind: HostKind) -> Result<Url, ZohoError> {
        let refused = || ZohoError::HostRefused {
            column: kind.column(),
            server: Foreign::of(address),
        };
        let url = Url::parse(address).map_err(|_| refused())?;
        let bare = has_no_user(&url)
            && url.query().is_none()
            && url.fragment().is_none()
            && matches!(url.path(), "" | "/");
        let known = match &self.sandbox {
            Some(sandbox) => sandbox.origin() == url.origin(),
            None => {
                let known = url.host_str().is_some_and(|host| is_zoho(host, kind));
                url.scheme() == "https" && url.port().is_none() && known
            }
        };
        if bare && known { Ok(url) } else { Err(refused()) }
    }

    /// The CRM API server that a token reply names, if it names one that may be used. Zoho may have servers this
    /// program does not know, which are passed over; a sandbox that names another server is mistaken.
    pub fn api_domain_of_reply<'a>(&self, named: Option<&'a str>) -> Result<Option<&'a str>, ZohoError> {
        let Some(address) = named else {
            return Ok(None);
        };
        match self.check(address, HostKind::Api) {
            Ok(_) => Ok(Some(address.trim_end_matches('/'))),
            Err(error) if self.sandbox.is_some() => Err(error),
            Err(_) => Ok(None),
        }
    }
}

fn has_no_user(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none()
}

fn is_sandbox_url(url: &Url) -> bool {
    is_loopback(url) && url.scheme() == "http" && has_no_user(url)
}

fn is_any_zoho(url: &Url) -> bool {
    let kinds = [HostKind::Accounts, HostKind::Api, HostKind::Desk];
    let host = url.host_str().unwrap_or_default();
    has_no_user(url) && kinds.into_iter().any(|kind| is_zoho(host, kind))
}

fn is_zoho(host: &str, kind: HostKind) -> bool {
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
