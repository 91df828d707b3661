//! A row of `zoho_connections`, and what is written into one.

use std::fmt;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// The two Zoho products this server speaks with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Product {
    /// Zoho Desk: cases (tickets), contacts, accounts, agents.
    Desk,
    /// Zoho CRM: leads, deals and every other module.
    Crm,
}

impl Product {
    /// The word used in answers and arguments (`app_type`).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Crm => "crm",
        }
    }
}

impl fmt::Display for Product {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Whose connection a call means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// This user: `--user`, or the authenticated principal of HTTP.
    User(String),
    /// The only user of the database; refused when there are several.
    Only,
}

/// Whether the tokens of a connection may still be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The tokens work, as far as anybody knows.
    Active,
    /// Zoho refused the refresh token or the client for good.
    Unusable,
}

impl Status {
    /// The word stored in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Unusable => "unusable",
        }
    }
}

/// How the Desk organization of a connection was found, which decides whether another may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrgSource {
    /// Zoho listed one organization.
    Only,
    /// Zoho listed several and the first was taken.
    FirstOfMany,
    /// A person chose it.
    User,
}

impl OrgSource {
    /// The word stored in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Only => "only",
            Self::FirstOfMany => "first_of_many",
            Self::User => "user",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Only, Self::FirstOfMany, Self::User]
            .into_iter()
            .find(|source| source.as_str() == text)
    }
}

/// Where a Zoho account lives, and the OAuth client its consent was given to.
#[derive(Debug, Clone)]
pub struct Account {
    /// Data center code in lower case, for example `us`, `eu`, `ca`.
    pub data_center: String,
    /// `production`, or a CRM `sandbox` or `developer` environment.
    pub environment: String,
    /// Where tokens come from, for example `https://accounts.zoho.eu`, without a trailing slash.
    pub accounts_url: String,
    /// Where CRM answers, for example `https://www.zohoapis.eu`, without a trailing slash.
    pub api_domain: String,
    /// Where Desk answers, for example `https://desk.zoho.eu`, without a trailing slash.
    pub desk_url: String,
    /// OAuth client id.
    pub client_id: String,
    /// OAuth client secret; empty for a public client.
    pub client_secret: SecretString,
}

/// One row of `zoho_connections`, with its secrets opened: one person's consent to one Zoho account.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Number of the row.
    pub id: i64,
    /// The person this row belongs to.
    pub user_id: String,
    /// The name the person calls it by; unique per user.
    pub name: String,
    /// Marked by `connections use`.
    pub is_default: bool,
    /// Where Zoho keeps the data, and the client it was shared with.
    pub account: Account,
    /// The current access token.
    pub access_token: Option<SecretString>,
    /// The token new access tokens are made from.
    pub refresh_token: Option<SecretString>,
    /// When the access token ends, in epoch seconds.
    pub token_expires_at: Option<i64>,
    /// The scopes Zoho granted; empty when it did not say.
    pub scopes: Vec<String>,
    /// Desk organization id, once known.
    pub desk_org_id: Option<String>,
    /// How the Desk organization was found.
    pub desk_org_source: Option<OrgSource>,
    /// Desk portal name, the path segment of record links.
    pub desk_portal: Option<String>,
    /// Desk organization name, for people.
    pub desk_org_name: Option<String>,
    /// CRM organization number (`zgid`); empty when Zoho refused to tell.
    pub crm_org_id: Option<String>,
    /// CRM company name, for people.
    pub crm_org_name: Option<String>,
    /// Whether the tokens may still be tried.
    pub status: Status,
    /// Why the row is unusable or cooling down, in Zoho's words.
    pub status_reason: Option<String>,
    /// No refresh is tried before this time, in epoch seconds.
    pub refresh_not_before: Option<i64>,
    /// When a refresh was forced by a refused token, in epoch seconds, oldest first, the last ten minutes
    /// only.
    pub forced_refreshes: Vec<i64>,
    /// Which key seals the secrets of this row.
    pub key_id: String,
    /// When the row was made, in epoch seconds.
    pub created_at: i64,
    /// When the row was last written, in epoch seconds.
    pub updated_at: i64,
    /// A random text, another one after every consent, the same after a refresh or with another key: what was read under
    /// one does not answer for the next.
    pub(crate) consent: String,
    /// The access token as it is stored: tells whether somebody wrote another one meanwhile.
    pub(crate) sealed_access_token: Option<String>,
}

impl Connection {
    /// Seconds the access token still lives at `now` (epoch seconds); `None` without a token, or when its end
    /// is unknown.
    pub fn seconds_left(&self, now: i64) -> Option<i64> {
        self.access_token.as_ref()?;
        self.token_expires_at.map(|end| end.saturating_sub(now))
    }
}

/// What `connect` knows when a consent is given; everything else of the row is found later.
#[derive(Debug, Clone)]
pub struct NewConnection {
    /// The person the row will belong to.
    pub user_id: String,
    /// The name to call it by; a row of this user with the same name is replaced.
    pub name: String,
    /// Where Zoho keeps the data, and the client it was shared with.
    pub account: Account,
    /// First access token, when there is one.
    pub access_token: Option<SecretString>,
    /// Refresh token, when there is one.
    pub refresh_token: Option<SecretString>,
    /// End of the access token, in epoch seconds.
    pub token_expires_at: Option<i64>,
    /// The scopes granted.
    pub scopes: Vec<String>,
    /// Desk organization, when it is known already.
    pub desk_org: Option<DeskOrganization>,
    /// CRM organization number, when it is known already.
    pub crm_org_id: Option<String>,
}

impl NewConnection {
    /// The row that this would become: what Zoho lists of it is asked for before anything is kept.
    pub fn unsaved(&self) -> Connection {
        Connection {
            id: 0,
            user_id: self.user_id.clone(),
            name: self.name.clone(),
            is_default: false,
            account: self.account.clone(),
            access_token: self.access_token.clone(),
            refresh_token: self.refresh_token.clone(),
            token_expires_at: self.token_expires_at,
            scopes: self.scopes.clone(),
            desk_org_id: None,
            desk_org_source: None,
            desk_portal: None,
            desk_org_name: None,
            crm_org_id: None,
            crm_org_name: None,
            status: Status::Active,
            status_reason: None,
            refresh_not_before: None,
            forced_refreshes: Vec::new(),
            key_id: String::new(),
            created_at: 0,
            updated_at: 0,
            consent: String::new(),
            sealed_access_token: None,
        }
    }
}

/// A Desk organization as it is written into a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskOrganization {
    /// Organization id, the value of the `orgId` header.
    pub id: String,
    /// Organization name.
    pub name: Option<String>,
    /// Portal name.
    pub portal: Option<String>,
    /// How it was found.
    pub source: OrgSource,
}

/// The tokens of one successful refresh.
#[derive(Debug, Clone)]
pub struct NewTokens {
    /// The new access token.
    pub access_token: SecretString,
    /// A new refresh token, when Zoho rotates it.
    pub refresh_token: Option<SecretString>,
    /// End of the access token, in epoch seconds.
    pub token_expires_at: i64,
    /// The scopes Zoho named, when it did.
    pub scopes: Option<Vec<String>>,
    /// The CRM API server Zoho named, when it is a known one.
    pub api_domain: Option<String>,
    /// Whether a refused token forced this refresh, which counts against the budget of the row.
    pub forced: bool,
}

/// A refresh that brought no token, as the next caller shall read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefreshFailure {
    /// Zoho refused for good: the row becomes unusable.
    Unusable {
        /// Zoho's error code.
        reason: String,
    },
    /// Nobody asks again before `until` (epoch seconds); the row stays active.
    CoolDown {
        /// Zoho's error, or what broke.
        reason: String,
        /// First moment of the next attempt, in epoch seconds.
        until: i64,
        /// Whether a refused token forced this attempt.
        forced: bool,
    },
}
