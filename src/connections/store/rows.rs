use std::time::Duration;

use sqlx::{Postgres, Sqlite, Transaction};

use super::{Pool, SealedSecrets, Store, StoredRow, on_pool};
use crate::connections::connection::{DeskOrganization, NewConnection};
use crate::connections::error::ConnectionError;

const OF_USER: &str = "SELECT * FROM zoho_connections WHERE user_id = $1 \
     ORDER BY is_default DESC, created_at DESC, id DESC LIMIT 1";
const OF_ONLY_USER: &str = "SELECT * FROM zoho_connections \
     WHERE user_id = (SELECT MIN(user_id) FROM zoho_connections) \
       AND user_id = (SELECT MAX(user_id) FROM zoho_connections) \
     ORDER BY is_default DESC, created_at DESC, id DESC LIMIT 1";
const OF_NEWEST_USER: &str = "SELECT * FROM zoho_connections \
     WHERE user_id = (SELECT user_id FROM zoho_connections ORDER BY created_at DESC, id DESC LIMIT 1) \
     ORDER BY is_default DESC, created_at DESC, id DESC LIMIT 1";
const NEWEST_NAMED: &str =
    "SELECT * FROM zoho_connections WHERE name = $1 ORDER BY created_at DESC, id DESC LIMIT 1";
const NAMED: &str = "SELECT * FROM zoho_connections WHERE user_id = $1 AND name = $2";
const NAMES: &str = "SELECT name FROM zoho_connections WHERE user_id = $1 ORDER BY created_at DESC, id DESC";
const BY_ID: &str = "SELECT * FROM zoho_connections WHERE id = $1";
const LOCKED: &str = "SELECT * FROM zoho_connections WHERE id = $1 FOR UPDATE";
const ALL: &str = "SELECT * FROM zoho_connections ORDER BY user_id, created_at DESC, id DESC";
const USERS: &str = "SELECT DISTINCT user_id FROM zoho_connections ORDER BY user_id LIMIT 2";
const KEY_IDS: &str = "SELECT DISTINCT key_id FROM zoho_connections";
const INSERT: &str = "INSERT INTO zoho_connections (user_id, name, dc, environment, accounts_url, api_domain, desk_url, \
     client_id, key_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, $9) \
     RETURNING id";
const REPLACE: &str = "UPDATE zoho_connections SET dc = $3, environment = $4, accounts_url = $5, api_domain = $6, \
     desk_url = $7, client_id = $8, updated_at = $9, status = 'active', status_reason = NULL, \
     refresh_not_before = NULL, forced_refreshes = '', crm_org_name = NULL WHERE user_id = $1 AND name \
     = $2 RETURNING id";
const FILL: &str = "UPDATE zoho_connections SET client_secret = $2, access_token = $3, refresh_token = $4, key_id = \
     $5, token_expires_at = $6, scopes = $7, desk_org_id = $8, desk_org_source = $9, desk_portal = $10, \
     desk_org_name = $11, crm_org_id = $12 WHERE id = $1";
const RESEAL: &str = "UPDATE zoho_connections SET client_secret = $2, access_token = $3, refresh_token = $4, key_id = $5 \
     WHERE id = $1";
const MARK_DEFAULT: &str = "UPDATE zoho_connections SET is_default = (id = $2), updated_at = $3 \
     WHERE user_id = $1 AND is_default <> (id = $2)";
const RENAME: &str = "UPDATE zoho_connections SET name = $3, updated_at = $4 WHERE user_id = $1 AND id = $2";
const REMOVE: &str = "DELETE FROM zoho_connections WHERE user_id = $1 AND id = $2";
const CHOOSE_DESK_ORG: &str = "UPDATE zoho_connections SET desk_org_id = $2, desk_org_source = $3, desk_portal = $4, \
     desk_org_name = $5, updated_at = $6 WHERE id = $1";
const FIND_DESK_ORG: &str = "UPDATE zoho_connections SET desk_org_id = $2, desk_org_source = $3, desk_portal = $4, \
     desk_org_name = $5, updated_at = $6 WHERE id = $1 AND COALESCE(desk_org_id, '') = ''";
const SET_CRM_ORG: &str =
    "UPDATE zoho_connections SET crm_org_id = $2, crm_org_name = $3, updated_at = $4 WHERE id = $1";

/// A row to write, still without its number and its sealed columns.
pub(crate) struct NewRow<'a> {
    pub(crate) new: &'a NewConnection,
    pub(crate) now: i64,
    /// When the row was first made; `now` unless it comes from another database.
    pub(crate) created_at: i64,
}

/// What keeps other processes from writing a row meanwhile: nothing in SQLite, where a lock file does it.
pub(crate) enum RowLock {
    Sqlite,
    Postgres(Transaction<'static, Postgres>),
}

impl Store {
    pub(crate) async fn of_user(&self, user: &str) -> Result<Option<StoredRow>, ConnectionError> {
        on_pool!(self, pool => sqlx::query_as(OF_USER).bind(user).fetch_optional(pool).await)
    }

    /// The default row of the only user; `None` when there is no user or more than one.
    pub(crate) async fn of_only_user(&self) -> Result<Option<StoredRow>, ConnectionError> {
        on_pool!(self, pool => sqlx::query_as(OF_ONLY_USER).fetch_optional(pool).await)
    }

    /// The row that calls of whoever connected last use, or the newest of that name.
    pub(crate) async fn newest(&self, name: Option<&str>) -> Result<Option<StoredRow>, ConnectionError> {
        match name {
            None => on_pool!(self, pool => sqlx::query_as(OF_NEWEST_USER).fetch_optional(pool).await),
            Some(name) => {
                on_pool!(self, pool => sqlx::query_as(NEWEST_NAMED).bind(name).fetch_optional(pool).await)
            }
        }
    }

    pub(crate) async fn named(&self, user: &str, name: &str) -> Result<Option<StoredRow>, ConnectionError> {
        on_pool!(self, pool => sqlx::query_as(NAMED).bind(user).bind(name).fetch_optional(pool).await)
    }

    /// The names of one user's rows, newest first.
    pub(crate) async fn names(&self, user: &str) -> Result<Vec<String>, ConnectionError> {
        on_pool!(self, pool => sqlx::query_scalar(NAMES).bind(user).fetch_all(pool).await)
    }

    pub(crate) async fn by_id(&self, id: i64) -> Result<Option<StoredRow>, ConnectionError> {
        on_pool!(self, pool => sqlx::query_as(BY_ID).bind(id).fetch_optional(pool).await)
    }

    pub(crate) async fn all(&self) -> Result<Vec<StoredRow>, ConnectionError> {
        on_pool!(self, pool => sqlx::query_as(ALL).fetch_all(pool).await)
    }

    /// At most two user ids: enough to tell nobody, one and several apart.
    pub(crate) async fn users(&self) -> Result<Vec<String>, ConnectionError> {
        on_pool!(self, pool => sqlx::query_scalar(USERS).fetch_all(pool).await)
    }

    pub(crate) async fn key_ids(&self) -> Result<Vec<String>, ConnectionError> {
        on_pool!(self, pool => sqlx::query_scalar(KEY_IDS).fetch_all(pool).await)
    }

    /// Inserts a row, or replaces the one of the same user and name; its number is known only then, so
    /// sealing happens inside.
    pub(crate) async fn upsert(
        &self,
        row: &NewRow<'_>,
        seal: impl Fn(i64) -> Result<SealedSecrets, ConnectionError>,
    ) -> Result<i64, ConnectionError> {
        macro_rules! within {
            ($tx:ident) => {{
                let new = row.new;
                let mut id = None;
                for (statement, time) in [(REPLACE, row.now), (INSERT, row.created_at)] {
                    if id.is_none() {
                        id = sqlx::query_scalar::<_, i64>(statement)
                            .bind(&new.user_id)
                            .bind(&new.name)
                            .bind(&new.data_center)
                            .bind(&new.environment)
                            .bind(&new.accounts_url)
                            .bind(&new.api_domain)
                            .bind(&new.desk_url)
                            .bind(&new.client_id)
                            .bind(time)
                            .fetch_optional(&mut *$tx)
                            .await
                            .map_err(|error| self.explain(&error))?;
                    }
                }
                let id = id.ok_or_else(|| self.explain(&sqlx::Error::RowNotFound))?;
                let sealed = seal(id)?;
                let desk = new.desk_org.as_ref();
                sqlx::query(FILL)
                    .bind(id)
                    .bind(sealed.client_secret)
                    .bind(sealed.access_token)
                    .bind(sealed.refresh_token)
                    .bind(sealed.key_id)
                    .bind(new.token_expires_at)
                    .bind(new.scopes.join(" "))
                    .bind(desk.map(|org| org.id.as_str()))
                    .bind(desk.map(|org| org.source.as_str()))
                    .bind(desk.and_then(|org| org.portal.as_deref()))
                    .bind(desk.and_then(|org| org.name.as_deref()))
                    .bind(&new.crm_org_id)
                    .execute(&mut *$tx)
                    .await
                    .map_err(|error| self.explain(&error))?;
                $tx.commit().await.map_err(|error| self.explain(&error))?;
                Ok(id)
            }};
        }
        match &self.pool {
            Pool::Sqlite(_) => {
                let mut tx = self.begin_immediate().await?;
                within!(tx)
            }
            Pool::Postgres(pool) => {
                let mut tx = pool.begin().await.map_err(|error| self.explain(&error))?;
                within!(tx)
            }
        }
    }

    /// Seals every row anew in one transaction; nothing changes unless all rows could be opened.
    pub(crate) async fn reseal(
        &self,
        reseal: impl Fn(&StoredRow) -> Result<SealedSecrets, ConnectionError>,
    ) -> Result<usize, ConnectionError> {
        macro_rules! within {
            ($tx:ident, $read:expr) => {{
                let rows: Vec<StoredRow> = sqlx::query_as($read)
                    .fetch_all(&mut *$tx)
                    .await
                    .map_err(|error| self.explain(&error))?;
                for row in &rows {
                    let sealed = reseal(row)?;
                    sqlx::query(RESEAL)
                        .bind(row.id)
                        .bind(sealed.client_secret)
                        .bind(sealed.access_token)
                        .bind(sealed.refresh_token)
                        .bind(sealed.key_id)
                        .execute(&mut *$tx)
                        .await
                        .map_err(|error| self.explain(&error))?;
                }
                $tx.commit().await.map_err(|error| self.explain(&error))?;
                Ok(rows.len())
            }};
        }
        match &self.pool {
            Pool::Sqlite(_) => {
                let mut tx = self.begin_immediate().await?;
                within!(tx, ALL)
            }
            Pool::Postgres(pool) => {
                let mut tx = pool.begin().await.map_err(|error| self.explain(&error))?;
                within!(tx, "SELECT * FROM zoho_connections FOR UPDATE")
            }
        }
    }

    /// Makes one row the user's default and unmarks the others.
    pub(crate) async fn mark_default(&self, user: &str, id: i64, now: i64) -> Result<(), ConnectionError> {
        on_pool!(self, pool => sqlx::query(MARK_DEFAULT)
            .bind(user)
            .bind(id)
            .bind(now)
            .execute(pool)
            .await
            .map(drop))
    }

    pub(crate) async fn rename(
        &self,
        user: &str,
        id: i64,
        name: &str,
        now: i64,
    ) -> Result<(), ConnectionError> {
        on_pool!(self, pool => sqlx::query(RENAME)
            .bind(user)
            .bind(id)
            .bind(name)
            .bind(now)
            .execute(pool)
            .await
            .map(drop))
    }

    pub(crate) async fn remove(&self, user: &str, id: i64) -> Result<bool, ConnectionError> {
        on_pool!(self, pool => sqlx::query(REMOVE)
            .bind(user)
            .bind(id)
            .execute(pool)
            .await
            .map(|done| done.rows_affected() > 0))
    }

    /// Writes the Desk organization; one that was found never replaces one that is there already.
    pub(crate) async fn set_desk_org(
        &self,
        id: i64,
        org: &DeskOrganization,
        replace: bool,
        now: i64,
    ) -> Result<(), ConnectionError> {
        let statement = if replace { CHOOSE_DESK_ORG } else { FIND_DESK_ORG };
        on_pool!(self, pool => sqlx::query(statement)
            .bind(id)
            .bind(&org.id)
            .bind(org.source.as_str())
            .bind(&org.portal)
            .bind(&org.name)
            .bind(now)
            .execute(pool)
            .await
            .map(drop))
    }

    pub(crate) async fn set_crm_org(
        &self,
        id: i64,
        org: &str,
        name: Option<&str>,
        now: i64,
    ) -> Result<(), ConnectionError> {
        on_pool!(self, pool => sqlx::query(SET_CRM_ORG)
            .bind(id)
            .bind(org)
            .bind(name)
            .bind(now)
            .execute(pool)
            .await
            .map(drop))
    }

    /// Reads a row for a refresh; in PostgreSQL it stays locked until the `RowLock` ends.
    pub(crate) async fn lock_row(
        &self,
        id: i64,
        wait: Duration,
    ) -> Result<(RowLock, Option<StoredRow>), ConnectionError> {
        let Pool::Postgres(pool) = &self.pool else {
            return Ok((RowLock::Sqlite, self.by_id(id).await?));
        };
        let locked = async {
            let mut tx = pool.begin().await?;
            sqlx::query(
                "SELECT set_config('lock_timeout', $1, true), set_config('idle_in_transaction_session_timeout', '30s', true)",
            )
            .bind(format!("{}ms", wait.as_millis().max(1)))
            .execute(&mut *tx)
            .await?;
            let row = sqlx::query_as(LOCKED).bind(id).fetch_optional(&mut *tx).await?;
            Ok((RowLock::Postgres(tx), row))
        };
        locked.await.map_err(|error: sqlx::Error| match &error {
            sqlx::Error::Database(inner) if inner.code().as_deref() == Some("55P03") => {
                ConnectionError::RefreshBusy {
                    seconds: wait.as_secs(),
                }
            }
            _ => self.explain(&error),
        })
    }

    async fn begin_immediate(&self) -> Result<Transaction<'static, Sqlite>, ConnectionError> {
        match &self.pool {
            Pool::Sqlite(pool) => pool
                .begin_with("BEGIN IMMEDIATE")
                .await
                .map_err(|error| self.explain(&error)),
            Pool::Postgres(_) => Err(self.explain(&sqlx::Error::PoolClosed)),
        }
    }
}
