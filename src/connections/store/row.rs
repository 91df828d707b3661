use sha2::{Digest as _, Sha256};
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

use crate::connections::connection::{Connection, OrgSource, Status};
use crate::connections::error::ConnectionError;
use crate::connections::key::Keys;
use crate::connections::seal::Place;
use crate::connections::secrets::Secrets;

/// One row as it lies in the table, secrets still sealed.
pub(crate) struct StoredRow {
    pub(crate) id: i64,
    pub(crate) user_id: String,
    pub(crate) name: String,
    pub(crate) is_default: bool,
    dc: String,
    environment: String,
    accounts_url: String,
    api_domain: String,
    desk_url: String,
    client_id: String,
    pub(crate) client_secret: String,
    pub(crate) access_token: Option<String>,
    pub(crate) refresh_token: Option<String>,
    token_expires_at: Option<i64>,
    scopes: String,
    desk_org_id: Option<String>,
    desk_org_source: Option<String>,
    desk_portal: Option<String>,
    desk_org_name: Option<String>,
    crm_org_id: Option<String>,
    crm_org_name: Option<String>,
    status: String,
    status_reason: Option<String>,
    refresh_not_before: Option<i64>,
    forced_refreshes: String,
    pub(crate) key_id: String,
    created_at: i64,
    updated_at: i64,
}

/// Both databases give the columns by name.
impl<'r, R: Row> FromRow<'r, R> for StoredRow
where
    for<'name> &'name str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    bool: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    Option<i64>: Decode<'r, R::Database> + Type<R::Database>,
    Option<String>: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        Ok(StoredRow {
            id: row.try_get("id")?,
            user_id: row.try_get("user_id")?,
            name: row.try_get("name")?,
            is_default: row.try_get("is_default")?,
            dc: row.try_get("dc")?,
            environment: row.try_get("environment")?,
            accounts_url: row.try_get("accounts_url")?,
            api_domain: row.try_get("api_domain")?,
            desk_url: row.try_get("desk_url")?,
            client_id: row.try_get("client_id")?,
            client_secret: row.try_get("client_secret")?,
            access_token: row.try_get("access_token")?,
            refresh_token: row.try_get("refresh_token")?,
            token_expires_at: row.try_get("token_expires_at")?,
            scopes: row.try_get("scopes")?,
            desk_org_id: row.try_get("desk_org_id")?,
            desk_org_source: row.try_get("desk_org_source")?,
            desk_portal: row.try_get("desk_portal")?,
            desk_org_name: row.try_get("desk_org_name")?,
            crm_org_id: row.try_get("crm_org_id")?,
            crm_org_name: row.try_get("crm_org_name")?,
            status: row.try_get("status")?,
            status_reason: row.try_get("status_reason")?,
            refresh_not_before: row.try_get("refresh_not_before")?,
            forced_refreshes: row.try_get("forced_refreshes")?,
            key_id: row.try_get("key_id")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

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
                    id: self.id,
                    user_id: &self.user_id,
                    column,
                },
                sealed,
            )
        };
        let open_some =
            |column, sealed: &Option<String>| sealed.as_deref().map(|text| open(column, text)).transpose();
        let consent = consent(&self.client_secret);
        let client_secret = open("client_secret", &self.client_secret)?;
        let access_token = open_some("access_token", &self.access_token)?;
        let refresh_token = open_some("refresh_token", &self.refresh_token)?;
        // Rows written by earlier versions may name a secret here.
        let hidden = |reason: String| {
            let tokens = [&access_token, &refresh_token].into_iter().flatten();
            Secrets::of(tokens.chain([&client_secret])).hide(&reason)
        };
        Ok(Connection {
            consent,
            status_reason: self.status_reason.map(hidden),
            client_secret,
            access_token,
            refresh_token,
            id: self.id,
            is_default: self.is_default,
            data_center: self.dc,
            environment: self.environment,
            accounts_url: self.accounts_url,
            api_domain: self.api_domain,
            desk_url: self.desk_url,
            client_id: self.client_id,
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

/// A mark of the consent a row holds: every consent seals the client's secret anew, and nothing else does but another
/// key.
fn consent(sealed: &str) -> String {
    let digest = Sha256::digest(sealed);
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn times(text: &str) -> Vec<i64> {
    text.split(',').filter_map(|time| time.parse().ok()).collect()
}
