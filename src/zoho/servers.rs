//! The servers of one account, all of which follow from its accounts server.

use super::data_center::DataCenter;
use super::error::ZohoError;
use super::host::{Foreign, HostKind, is_loopback};
use super::hosts::HostPolicy;

/// The servers one account lives on; all follow from its accounts server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Servers {
    /// Location code in lower case.
    pub data_center: String,
    /// Where tokens come from.
    pub accounts_url: String,
    /// Where CRM answers.
    pub api_domain: String,
    /// Where Desk answers.
    pub desk_url: String,
}

impl HostPolicy {
    /// The servers that belong to an accounts server, by the fixed table; a sandbox is all of them at once. Fails with
    /// `HostRefused` when no secret may be sent to it.
    ///
    /// # Errors
    /// `HostRefused`.
    pub fn servers(&self, accounts_url: &str, environment: &str) -> Result<Servers, ZohoError> {
        let url = self.check(accounts_url, HostKind::Accounts)?;
        let refused = ZohoError::HostRefused {
            column: "accounts_url",
            server: Foreign::Unknown,
        };
        if is_loopback(&url) {
            let sandbox = url.as_str().trim_end_matches('/').to_owned();
            return Ok(Servers {
                data_center: "us".to_owned(),
                accounts_url: sandbox.clone(),
                api_domain: sandbox.clone(),
                desk_url: sandbox,
            });
        }
        let center = url
            .host_str()
            .and_then(DataCenter::by_accounts_host)
            .ok_or(refused)?;
        Ok(Servers {
            data_center: center.code.to_owned(),
            accounts_url: center.accounts_url(),
            api_domain: center.api_url(environment),
            desk_url: center.desk_url(),
        })
    }

    /// Where a consent starts: the accounts server of a data center, the sandbox if there is one, else the largest data
    /// centre, which sends people of the others on. Fails with the codes there are for an unknown one.
    ///
    /// # Errors
    /// There is no data center of this code; the text has those there are.
    pub fn accounts_server(&self, data_center: Option<&str>) -> Result<String, String> {
        let codes = || {
            DataCenter::ALL
                .iter()
                .map(|center| center.code)
                .collect::<Vec<_>>()
        };
        let named = |code: &str| {
            DataCenter::by_code(code)
                .ok_or_else(|| format!("there is no data center {code:?}: {}", codes().join(", ")))
        };
        match (self.sandbox(), data_center) {
            (Some(url), code) => {
                code.map(named).transpose()?;
                Ok(url)
            }
            (None, code) => Ok(named(code.unwrap_or("us"))?.accounts_url()),
        }
    }
}
