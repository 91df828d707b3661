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

    /// The sandbox at `url` alone, which must be plain HTTP on a loopback address; its path is ignored.
    pub fn with_sandbox(url: &str) -> Result<Self, ZohoError> {
        let refused = || ZohoError::Internal {
            message: "the sandbox must be an http URL of this machine".to_owned(),
        };
        let url = Url::parse(url).map_err(|_| refused())?;
        let local = is_loopback(&url)
            && url.scheme() == "http"
            && url.username().is_empty()
            && url.password().is_none();
        if local {
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

    /// The server at `address`, when something of that kind may be sent to it: the
    /// sandbox where there is one, else `https` and exactly one of the known hosts, neither user name nor port nor path.
    pub fn check(&self, address: &str, kind: HostKind) -> Result<Url, ZohoError> {
        let refused = || ZohoError::HostRefused {
            column: kind.column(),
        };
        let url = Url::parse(address).map_err(|_| refused())?;
        if !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some()
        {
            return Err(refused());
        }
        let bare = matches!(url.path(), "" | "/");
        let allowed = match &self.sandbox {
            Some(sandbox) => sandbox.origin() == url.origin(),
            None => {
                let known = url.host_str().is_some_and(|host| is_zoho(host, kind));
                url.scheme() == "https" && url.port().is_none() && known
            }
        };
        if bare && allowed { Ok(url) } else { Err(refused()) }
    }
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
