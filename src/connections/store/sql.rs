//! The statements about `zoho_connections`, and how its rows are read.

use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

/// Reads whole rows, their columns named: a column that a later version adds, or somebody else, changes nothing here.
macro_rules! rows {
    ($which:literal) => {
        concat!(
            "SELECT id, user_id, name, is_default, dc, environment, accounts_url, api_domain, desk_url, client_id, \
             client_secret, access_token, refresh_token, token_expires_at, scopes, desk_org_id, desk_org_source, \
             desk_portal, desk_org_name, crm_org_id, crm_org_name, status, status_reason, refresh_not_before, \
             forced_refreshes, key_id, created_at, updated_at, consent FROM zoho_connections ",
            $which
        )
    };
}

pub(super) const OF_USER: &str = rows!(
    "WHERE user_id = $1 \
     ORDER BY RTRIM(accounts_url, '/') LIKE $2 DESC, is_default DESC, created_at DESC, id DESC LIMIT 1"
);
pub(super) const OF_ONLY_USER: &str = rows!(
    "WHERE user_id = (SELECT MIN(user_id) FROM zoho_connections) \
       AND user_id = (SELECT MAX(user_id) FROM zoho_connections) \
     ORDER BY RTRIM(accounts_url, '/') LIKE $1 DESC, is_default DESC, created_at DESC, id DESC LIMIT 1"
);
pub(super) const NAMED: &str = rows!("WHERE user_id = $1 AND name = $2");
pub(super) const NAMES: &str =
    "SELECT name FROM zoho_connections WHERE user_id = $1 ORDER BY created_at DESC, id DESC";
pub(super) const BY_ID: &str = rows!("WHERE id = $1");
pub(super) const ALL: &str = rows!("ORDER BY user_id, created_at DESC, id DESC");
pub(super) const ALL_OF_USER: &str = rows!("WHERE user_id = $1 ORDER BY created_at DESC, id DESC");
pub(super) const USERS: &str = "SELECT DISTINCT user_id FROM zoho_connections ORDER BY user_id LIMIT $1";
pub(super) const KEY_IDS: &str = "SELECT DISTINCT key_id FROM zoho_connections";
pub(super) const SERVERS: &str = "SELECT DISTINCT accounts_url FROM zoho_connections";
pub(super) const INSERT: &str = "INSERT INTO zoho_connections (user_id, name, dc, environment, accounts_url, api_domain, desk_url, \
     client_id, consent, key_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', $10, $10) \
     ON CONFLICT (user_id, name) DO NOTHING RETURNING id";
pub(super) const REPLACE: &str = "UPDATE zoho_connections SET dc = $3, environment = $4, accounts_url = $5, api_domain = $6, \
     desk_url = $7, client_id = $8, consent = $9, updated_at = $10, status = 'active', status_reason = NULL, \
     refresh_not_before = NULL, forced_refreshes = '', crm_org_name = NULL WHERE user_id = $1 AND name = $2 RETURNING id";
pub(super) const NAME_CONSENT: &str =
    "UPDATE zoho_connections SET consent = $2 WHERE id = $1 AND consent = ''";
pub(super) const FILL: &str = "UPDATE zoho_connections SET client_secret = $2, access_token = $3, refresh_token = $4, key_id = \
     $5, token_expires_at = $6, scopes = $7, desk_org_id = $8, desk_org_source = $9, desk_portal = $10, \
     desk_org_name = $11, crm_org_id = $12 WHERE id = $1";
pub(super) const RESEAL: &str = "UPDATE zoho_connections SET client_secret = $2, access_token = $3, refresh_token = $4, key_id = $5 \
     WHERE id = $1";
pub(super) const MARK_DEFAULT: &str = "UPDATE zoho_connections SET is_default = (id = $2), updated_at = $3 \
     WHERE user_id = $1 AND is_default <> (id = $2)";
pub(super) const RENAME: &str =
    "UPDATE zoho_connections SET name = $3, updated_at = $4 WHERE user_id = $1 AND id = $2";
pub(super) const REMOVE: &str = "DELETE FROM zoho_connections WHERE user_id = $1 AND id = $2";
pub(super) const CHOOSE_DESK_ORG: &str = "UPDATE zoho_connections SET desk_org_id = $2, desk_org_source = $3, desk_portal = $4, \
     desk_org_name = $5, updated_at = $6 WHERE id = $1";
pub(super) const STORE_FOUND_DESK_ORG: &str = "UPDATE zoho_connections SET desk_org_id = $2, desk_org_source = $3, desk_portal = $4, \
     desk_org_name = $5, updated_at = $6 WHERE id = $1 AND consent = $7 \
     AND COALESCE(desk_org_id, '') = $8 AND COALESCE(desk_org_source, '') = $9";
/// Changes nothing, and is refused to whoever may change nothing.
pub(super) const TRY_WRITING: &str = "UPDATE zoho_connections SET updated_at = updated_at WHERE 1 = 0";
pub(super) const SET_CRM_ORG: &str = "UPDATE zoho_connections SET crm_org_id = $2, crm_org_name = $3, updated_at = $4 \
     WHERE id = $1 AND consent = $5 AND crm_org_id IS NULL";
pub(super) const SET_TOKENS: &str = "UPDATE zoho_connections SET access_token = $3, refresh_token = COALESCE($4, refresh_token), \
     token_expires_at = $5, scopes = COALESCE($6, scopes), api_domain = COALESCE($7, api_domain), \
     forced_refreshes = $8, status = 'active', status_reason = NULL, refresh_not_before = NULL, \
     refreshing_by = NULL, updated_at = $9 WHERE id = $1 AND access_token IS NOT DISTINCT FROM $2";
pub(super) const SET_FAILURE: &str = "UPDATE zoho_connections SET status = $3, status_reason = $4, refresh_not_before = $5, \
     forced_refreshes = $6, refreshing_by = NULL, updated_at = $7 WHERE id = $1 AND access_token IS NOT DISTINCT FROM $2";
pub(super) const CLAIM_REFRESH: &str = "UPDATE zoho_connections SET refreshing_by = $2, refreshing_until = $4 WHERE id = $1 \
     AND (refreshing_by IS NULL OR refreshing_by = $2 OR refreshing_until <= $3 OR refreshing_until > $4 + ($4 - $3))";
pub(super) const END_CLAIM: &str =
    "UPDATE zoho_connections SET refreshing_by = NULL WHERE id = $1 AND refreshing_by = $2";

/// One row as it lies in the table, secrets still sealed.
pub(crate) struct StoredRow {
    pub(crate) id: i64,
    pub(crate) user_id: String,
    pub(crate) name: String,
    pub(crate) is_default: bool,
    pub(super) dc: String,
    pub(super) environment: String,
    pub(crate) accounts_url: String,
    pub(super) api_domain: String,
    pub(super) desk_url: String,
    pub(super) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) access_token: Option<String>,
    pub(crate) refresh_token: Option<String>,
    pub(super) token_expires_at: Option<i64>,
    pub(super) scopes: String,
    pub(super) desk_org_id: Option<String>,
    pub(super) desk_org_source: Option<String>,
    pub(super) desk_portal: Option<String>,
    pub(super) desk_org_name: Option<String>,
    pub(super) crm_org_id: Option<String>,
    pub(super) crm_org_name: Option<String>,
    pub(super) status: String,
    pub(super) status_reason: Option<String>,
    pub(super) refresh_not_before: Option<i64>,
    pub(super) forced_refreshes: String,
    pub(crate) key_id: String,
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
    pub(crate) consent: String,
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
            consent: row.try_get("consent")?,
        })
    }
}
