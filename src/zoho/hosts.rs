//! Which servers secrets may be sent to.

use url::Url;

use super::error::ZohoError;
use super::host::{Foreign, HostKind, has_no_user, is_sandbox_url, is_zoho};

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
    ///
    /// # Errors
    /// It is no such URL.
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
    pub fn sandbox(&self) -> Option<String> {
        let origin = self.sandbox.as_ref()?.origin();
        Some(origin.ascii_serialization())
    }

    /// Whether an address is the sandbox's.
    pub(super) fn is_sandbox(&self, address: &str) -> bool {
        let url = Url::parse(address).ok();
        let origin = url.map(|url| url.origin());
        origin.is_some() && origin == self.sandbox.as_ref().map(Url::origin)
    }

    /// Whether rows of the accounts server at `address` may be changed: with a sandbox none of Zoho's own, but those of
    /// a sandbox that was at another port, and those that nobody can use.
    pub fn may_change(&self, address: &str) -> bool {
        self.sandbox.is_none() || Foreign::of(address) != Foreign::Zoho
    }

    /// The server at `address`, when something of that kind may be sent to it. Neither user name nor path may be in
    /// it; the sandbox is taken by its origin, and without one exactly the known hosts over `https`.
    ///
    /// # Errors
    /// `HostRefused`: nothing may be sent there.
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
    ///
    /// # Errors
    /// `HostRefused`, with a sandbox only.
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
