//! A row and its secrets: sealed as it lies in the table, opened for who may use it.

use super::StoredRow;
use crate::connections::connection::{Account, Connection, OrgSource, Status};
use crate::connections::error::ConnectionError;
use crate::connections::keys::Keys;
use crate::connections::seal::{CONNECTIONS, Place};
use crate::connections::secrets::Secrets;

/// The three sealed columns of one row.
pub(crate) struct SealedSecrets {
    pub(crate) key_id: String,
    pub(crate) client_secret: String,
    pub(crate) access_token: Option<String>,
    pub(crate) refresh_token: Option<String>,
}

impl StoredRow {
    /// Opens the secrets; fails when a key is missing or a secret was not sealed for this very row.
    pub(crate) fn open(self, keys: &Keys) -> Result<Connection, ConnectionError> {
        let open = |column: &'static str, sealed: &str| {
            keys.open(
                &Place {
                    table: &CONNECTIONS,
                    row: &self.id,
                    user_id: &self.user_id,
                    column,
                },
                sealed,
            )
        };
        let open_some =
            |column, sealed: &Option<String>| sealed.as_deref().map(|text| open(column, text)).transpose();
        let client_secret = open("client_secret", &self.client_secret)?;
        let access_token = open_some("access_token", &self.access_token)?;
        let refresh_token = open_some("refresh_token", &self.refresh_token)?;
        // Rows written by earlier versions may name a secret here.
        let hidden = |reason: String| {
            let tokens = [&access_token, &refresh_token].into_iter().flatten();
            Secrets::of(tokens.chain([&client_secret])).hide(&reason)
        };
        Ok(Connection {
            consent: self.consent_number,
            status_reason: self.status_reason.map(hidden),
            account: Account {
                client_secret,
                data_center: self.dc,
                environment: self.environment,
                accounts_url: self.accounts_url,
                api_domain: self.api_domain,
                desk_url: self.desk_url,
                client_id: self.client_id,
            },
            access_token,
            refresh_token,
            id: self.id,
            is_default: self.is_default,
            token_expires_at: self.token_expires_at,
            scopes: self.scopes.split_whitespace().map(str::to_owned).collect(),
            desk_org_id: self.desk_org_id.filter(|id| !id.is_empty()),
            desk_org_source: self.desk_org_source.as_deref().and_then(OrgSource::parse),
            desk_portal: self.desk_portal,
            desk_org_name: self.desk_org_name,
            crm_org_id: self.crm_org_id,
            crm_org_name: self.crm_org_name,
            status: if self.status == Status::Active.as_str() {
                Status::Active
            } else {
                Status::Unusable
            },
            refresh_not_before: self.refresh_not_before,
            forced_refreshes: times(&self.forced_refreshes),
            key_id: self.key_id,
            created_at: self.created_at,
            updated_at: self.updated_at,
            sealed_access_token: self.access_token,
            user_id: self.user_id,
            name: self.name,
        })
    }
}

fn times(text: &str) -> Vec<i64> {
    text.split(',').filter_map(|time| time.parse().ok()).collect()
}
