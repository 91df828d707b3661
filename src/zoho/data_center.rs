//! The data centers of Zoho and their hosts.

/// One Zoho data center and its hosts; a token of one is unknown to the others.
#[derive(Debug, PartialEq, Eq)]
pub struct DataCenter {
    /// Zoho's location code in lower case, as in the `location` of an OAuth callback.
    pub code: &'static str,
    /// Host of the OAuth endpoints.
    pub accounts_host: &'static str,
    /// Domain of the CRM API, served under `www.`, and under `sandbox.` and `developer.` for those
    /// environments.
    pub api_domain: &'static str,
    /// Host of the CRM pages people look at, in production.
    pub crm_host: &'static str,
    /// Host of the Desk API and of the Desk pages.
    pub desk_host: &'static str,
}

impl DataCenter {
    /// Every data center known, the largest first.
    pub const ALL: &'static [Self] = &[
        center(
            "us",
            "accounts.zoho.com",
            "zohoapis.com",
            "crm.zoho.com",
            "desk.zoho.com",
        ),
        center(
            "eu",
            "accounts.zoho.eu",
            "zohoapis.eu",
            "crm.zoho.eu",
            "desk.zoho.eu",
        ),
        center(
            "in",
            "accounts.zoho.in",
            "zohoapis.in",
            "crm.zoho.in",
            "desk.zoho.in",
        ),
        center(
            "au",
            "accounts.zoho.com.au",
            "zohoapis.com.au",
            "crm.zoho.com.au",
            "desk.zoho.com.au",
        ),
        center(
            "jp",
            "accounts.zoho.jp",
            "zohoapis.jp",
            "crm.zoho.jp",
            "desk.zoho.jp",
        ),
        center(
            "ca",
            "accounts.zohocloud.ca",
            "zohoapis.ca",
            "crm.zohocloud.ca",
            "desk.zohocloud.ca",
        ),
        center(
            "sa",
            "accounts.zoho.sa",
            "zohoapis.sa",
            "crm.zoho.sa",
            "desk.zoho.sa",
        ),
        center(
            "cn",
            "accounts.zoho.com.cn",
            "zohoapis.com.cn",
            "crm.zoho.com.cn",
            "desk.zoho.com.cn",
        ),
        center(
            "uk",
            "accounts.zoho.uk",
            "zohoapis.uk",
            "crm.zoho.uk",
            "desk.zoho.uk",
        ),
        center(
            "ae",
            "accounts.zoho.ae",
            "zohoapis.ae",
            "crm.zoho.ae",
            "desk.zoho.ae",
        ),
        center(
            "sg",
            "accounts.zoho.sg",
            "zohoapis.sg",
            "crm.zoho.sg",
            "desk.zoho.sg",
        ),
    ];

    /// By location code, in any case.
    pub fn by_code(code: &str) -> Option<&'static Self> {
        Self::ALL
            .iter()
            .find(|center| center.code.eq_ignore_ascii_case(code))
    }

    /// By accounts server: a host, or a URL such as the `accounts-server` of an OAuth callback.
    pub fn by_accounts_host(server: &str) -> Option<&'static Self> {
        let host = server
            .strip_prefix("https://")
            .unwrap_or(server)
            .trim_end_matches('/');
        Self::ALL.iter().find(|center| center.accounts_host == host)
    }

    /// `https://` and the accounts host.
    pub fn accounts_url(&self) -> String {
        format!("https://{}", self.accounts_host)
    }

    /// The CRM API server of an environment: `production`, `sandbox` or `developer`.
    pub fn api_url(&self, environment: &str) -> String {
        format!("https://{}.{}", api_label(environment), self.api_domain)
    }

    /// The host of the CRM pages of an environment; nobody tells that of `developer`.
    pub fn crm_web_host(&self, environment: &str) -> Option<String> {
        match environment {
            "production" => Some(self.crm_host.to_owned()),
            "sandbox" => Some(self.crm_host.replacen("crm.", "crmsandbox.", 1)),
            _ => None,
        }
    }

    /// `https://` and the Desk host.
    pub fn desk_url(&self) -> String {
        format!("https://{}", self.desk_host)
    }
}

/// The CRM environment that an API server belongs to, by its host or URL.
pub(super) fn environment_of(server: &str) -> &'static str {
    let host = server.strip_prefix("https://").unwrap_or(server);
    match host.split('.').next() {
        Some("sandbox") => "sandbox",
        Some("developer") => "developer",
        _ => "production",
    }
}

/// The first label of the CRM API host of an environment.
pub(super) fn api_label(environment: &str) -> &'static str {
    match environment {
        "sandbox" => "sandbox",
        "developer" => "developer",
        _ => "www",
    }
}

const fn center(
    code: &'static str,
    accounts_host: &'static str,
    api_domain: &'static str,
    crm_host: &'static str,
    desk_host: &'static str,
) -> DataCenter {
    DataCenter {
        code,
        accounts_host,
        api_domain,
        crm_host,
        desk_host,
    }
}
