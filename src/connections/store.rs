//! Reading and writing the rows of `zoho_connections`, secrets sealed.

mod row;
mod sql;
mod tokens;

use std::sync::Arc;
use std::time::Duration;

use super::connection::{DeskOrganization, NewConnection};
use super::error::ConnectionError;
use crate::database::{Locked, Opened, Statement, Tx};
use sql::*;

pub(crate) use row::SealedSecrets;
pub(crate) use sql::StoredRow;
pub(crate) use tokens::{Outcome, TokenWrite};

/// The table in an open database.
pub(crate) struct Store {
    database: Arc<Opened>,
}

/// A row to write, still without its number and its sealed columns.
pub(crate) struct NewRow<'a> {
    pub(crate) new: &'a NewConnection,
    pub(crate) now: i64,
    /// When the row was first made; `now` unless it comes from another database.
    pub(crate) created_at: i64,
}

impl Store {
    /// The table in this database.
    pub(crate) fn new(database: Arc<Opened>) -> Self {
        Self { database }
    }

    /// Whether this is the table in that very database.
    pub(crate) fn is_in(&self, database: &Arc<Opened>) -> bool {
        Arc::ptr_eq(&self.database, database)
    }

    pub(crate) async fn of_user(&self, user: &str) -> Result<Option<StoredRow>, ConnectionError> {
        self.one(Statement::new(OF_USER).bind(user)).await
    }

    /// The default row of the only user; `None` when there is no user or more than one.
    pub(crate) async fn of_only_user(&self) -> Result<Option<StoredRow>, ConnectionError> {
        self.one(Statement::new(OF_ONLY_USER)).await
    }

    /// The row that calls of whoever connected last use, or the newest of that name.
    pub(crate) async fn newest(&self, name: Option<&str>) -> Result<Option<StoredRow>, ConnectionError> {
        match name {
            None => self.one(Statement::new(OF_NEWEST_USER)).await,
            Some(name) => self.one(Statement::new(NEWEST_NAMED).bind(name)).await,
        }
    }

    pub(crate) async fn named(&self, user: &str, name: &str) -> Result<Option<StoredRow>, ConnectionError> {
        self.one(Statement::new(NAMED).bind(user).bind(name)).await
    }

    /// The names of one user's rows, newest first.
    pub(crate) async fn names(&self, user: &str) -> Result<Vec<String>, ConnectionError> {
        self.texts(Statement::new(NAMES).bind(user)).await
    }

    pub(crate) async fn by_id(&self, id: i64) -> Result<Option<StoredRow>, ConnectionError> {
        self.one(Statement::new(BY_ID).bind(id)).await
    }

    pub(crate) async fn all(&self) -> Result<Vec<StoredRow>, ConnectionError> {
        Ok(self.database.fetch_all(Statement::new(ALL)).await?)
    }

    /// At most two user ids: enough to tell nobody, one and several apart.
    pub(crate) async fn users(&self) -> Result<Vec<String>, ConnectionError> {
        self.texts(Statement::new(USERS)).await
    }

    pub(crate) async fn key_ids(&self) -> Result<Vec<String>, ConnectionError> {
        self.texts(Statement::new(KEY_IDS)).await
    }

    /// Inserts a row, or replaces the one of the same user and name; its number is known only then, so
    /// sealing happens inside.
    pub(crate) async fn upsert(
        &self,
        row: &NewRow<'_>,
        seal: impl Fn(i64) -> Result<SealedSecrets, ConnectionError>,
    ) -> Result<i64, ConnectionError> {
        let new = row.new;
        let account = &new.account;
        let statement = |sql, time| {
            Statement::new(sql)
                .bind(&new.user_id)
                .bind(&new.name)
                .bind(&account.data_center)
                .bind(&account.environment)
                .bind(&account.accounts_url)
                .bind(&account.api_domain)
                .bind(&account.desk_url)
                .bind(&account.client_id)
                .bind(time)
        };
        let mut tx = self.database.begin().await?;
        let (id,): (i64,) = match tx.fetch_optional(statement(REPLACE, row.now)).await? {
            Some(row) => row,
            None => tx.fetch_one(statement(INSERT, row.created_at)).await?,
        };
        let sealed = seal(id)?;
        let desk = new.desk_org.as_ref();
        let fill = Statement::new(FILL)
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
            .bind(new.crm_org_id.as_deref());
        tx.execute(fill).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Seals every row anew in one transaction; nothing changes unless all rows could be opened.
    pub(crate) async fn reseal(
        &self,
        reseal: impl Fn(&StoredRow) -> Result<SealedSecrets, ConnectionError>,
    ) -> Result<usize, ConnectionError> {
        let mut tx = self.database.begin().await?;
        let rows: Vec<StoredRow> = tx.fetch_to_write(Statement::new(ALL)).await?;
        for row in &rows {
            let sealed = reseal(row)?;
            let statement = Statement::new(RESEAL)
                .bind(row.id)
                .bind(sealed.client_secret)
                .bind(sealed.access_token)
                .bind(sealed.refresh_token)
                .bind(sealed.key_id);
            tx.execute(statement).await?;
        }
        tx.commit().await?;
        Ok(rows.len())
    }

    /// Makes one row the user's default and unmarks the others.
    pub(crate) async fn mark_default(&self, user: &str, id: i64, now: i64) -> Result<(), ConnectionError> {
        let statement = Statement::new(MARK_DEFAULT).bind(user).bind(id).bind(now);
        self.write(statement).await.map(drop)
    }

    pub(crate) async fn rename(
        &self,
        user: &str,
        id: i64,
        name: &str,
        now: i64,
    ) -> Result<(), ConnectionError> {
        let statement = Statement::new(RENAME).bind(user).bind(id).bind(name).bind(now);
        self.write(statement).await.map(drop)
    }

    pub(crate) async fn remove(&self, user: &str, id: i64) -> Result<bool, ConnectionError> {
        let removed = self.write(Statement::new(REMOVE).bind(user).bind(id)).await?;
        Ok(removed > 0)
    }

    /// Writes the Desk organization; one that was found never replaces one that is there already.
    pub(crate) async fn set_desk_org(
        &self,
        id: i64,
        org: &DeskOrganization,
        replace: bool,
        now: i64,
    ) -> Result<(), ConnectionError> {
        let statement = Statement::new(if replace { CHOOSE_DESK_ORG } else { FIND_DESK_ORG })
            .bind(id)
            .bind(&org.id)
            .bind(org.source.as_str())
            .bind(org.portal.as_deref())
            .bind(org.name.as_deref())
            .bind(now);
        self.write(statement).await.map(drop)
    }

    pub(crate) async fn set_crm_org(
        &self,
        id: i64,
        org: &str,
        name: Option<&str>,
        now: i64,
    ) -> Result<(), ConnectionError> {
        let statement = Statement::new(SET_CRM_ORG)
            .bind(id)
            .bind(org)
            .bind(name)
            .bind(now);
        self.write(statement).await.map(drop)
    }

    /// Reads a row for a refresh; in PostgreSQL it stays locked until the transaction ends.
    pub(crate) async fn lock_row(
        &self,
        id: i64,
        wait: Duration,
    ) -> Result<(Option<Tx>, Option<StoredRow>), ConnectionError> {
        match self
            .database
            .lock_row(Statement::new(BY_ID).bind(id), wait)
            .await?
        {
            Locked::Ours(tx, row) => Ok((tx, row)),
            Locked::Busy => Err(ConnectionError::RefreshBusy {
                seconds: wait.as_secs(),
            }),
        }
    }

    async fn one(&self, statement: Statement) -> Result<Option<StoredRow>, ConnectionError> {
        Ok(self.database.fetch_optional(statement).await?)
    }

    async fn texts(&self, statement: Statement) -> Result<Vec<String>, ConnectionError> {
        let rows: Vec<(String,)> = self.database.fetch_all(statement).await?;
        Ok(rows.into_iter().map(|(text,)| text).collect())
    }

    async fn write(&self, statement: Statement) -> Result<u64, ConnectionError> {
        Ok(self.database.execute(statement).await?)
    }
}
