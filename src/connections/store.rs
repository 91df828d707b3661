//! Reading and writing the rows of `zoho_connections`, secrets sealed.

mod row;
mod sql;
mod tokens;

use std::sync::Arc;
use std::time::Duration;

pub(crate) use row::SealedSecrets;
pub(crate) use sql::StoredRow;
use sql::*;
pub(crate) use tokens::{Outcome, TokenWrite};

use super::connection::{Connection, DeskOrganization, NewConnection, OrgSource};
use super::error::ConnectionError;
use crate::database::{Locked, Opened, Statement, Tx};

/// The table in an open database.
pub(crate) struct Store {
    database: Arc<Opened>,
}

/// A row to write, still without its number and its sealed columns.
pub(crate) struct NewRow<'a> {
    pub(crate) new: &'a NewConnection,
    /// What tells this consent from every other one.
    pub(crate) consent: String,
    pub(crate) now: i64,
    /// When the row was first made; `now` unless it comes from another database.
    pub(crate) created_at: i64,
    /// Whether it may take the place of a row of another accounts server.
    pub(crate) of_any_server: bool,
}

impl NewRow<'_> {
    /// Fails where the row held would be lost for one of another server.
    fn may_replace(&self, held: StoredRow) -> Result<(), ConnectionError> {
        let new = &self.new.account.accounts_url;
        if self.of_any_server || held.accounts_url.trim_end_matches('/') == new {
            return Ok(());
        }
        Err(ConnectionError::OtherServer {
            name: held.name,
            held: held.accounts_url,
            new: new.clone(),
        })
    }
}

/// A statement that writes the Desk organization of a row.
fn desk_org_statement(sql: &'static str, id: i64, org: &DeskOrganization, now: i64) -> Statement {
    Statement::new(sql)
        .bind(id)
        .bind(&org.id)
        .bind(org.source.as_str())
        .bind(org.portal.as_deref())
        .bind(org.name.as_deref())
        .bind(now)
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

    /// The user's row for calls that name none; one of a server like `near` before all others.
    pub(crate) async fn of_user(&self, user: &str, near: &str) -> Result<Option<StoredRow>, ConnectionError> {
        self.one(Statement::new(OF_USER).bind(user).bind(near)).await
    }

    /// The same of the only user; `None` when there is no user or more than one.
    pub(crate) async fn of_only_user(&self, near: &str) -> Result<Option<StoredRow>, ConnectionError> {
        self.one(Statement::new(OF_ONLY_USER).bind(near)).await
    }

    pub(crate) async fn by_name(&self, user: &str, name: &str) -> Result<Option<StoredRow>, ConnectionError> {
        self.one(Statement::new(NAMED).bind(user).bind(name)).await
    }

    /// The names of one user's rows, newest first.
    pub(crate) async fn names(&self, user: &str) -> Result<Vec<String>, ConnectionError> {
        self.texts(Statement::new(NAMES).bind(user)).await
    }

    pub(crate) async fn by_id(&self, id: i64) -> Result<Option<StoredRow>, ConnectionError> {
        self.one(Statement::new(BY_ID).bind(id)).await
    }

    /// Every row of a user, or of everybody.
    pub(crate) async fn all(&self, user: Option<&str>) -> Result<Vec<StoredRow>, ConnectionError> {
        let statement = match user {
            Some(user) => Statement::new(ALL_OF_USER).bind(user),
            None => Statement::new(ALL),
        };
        Ok(self.database.fetch_all(statement).await?)
    }

    /// User ids, at most so many: two are enough to tell nobody, one and several apart.
    pub(crate) async fn users(&self, most: i64) -> Result<Vec<String>, ConnectionError> {
        self.texts(Statement::new(USERS).bind(most)).await
    }

    pub(crate) async fn key_ids(&self) -> Result<Vec<String>, ConnectionError> {
        self.texts(Statement::new(KEY_IDS)).await
    }

    pub(crate) async fn servers(&self) -> Result<Vec<String>, ConnectionError> {
        self.texts(Statement::new(SERVERS)).await
    }

    /// Inserts a row, or replaces the one of the same user and name, if that may be; its number is known only then,
    /// so sealing happens inside.
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
                .bind(&row.consent)
                .bind(time)
        };
        let mut tx = self.database.begin().await?;
        let (id,): (i64,) = loop {
            let named = Statement::new(NAMED).bind(&new.user_id).bind(&new.name);
            let held: Vec<StoredRow> = tx.fetch_to_write(named).await?;
            if let Some(held) = held.into_iter().next() {
                row.may_replace(held)?;
                break tx.fetch_one(statement(REPLACE, row.now)).await?;
            }
            // Nothing comes back where another process has just made the row: then that one is looked at.
            if let Some(made) = tx.fetch_optional(statement(INSERT, row.created_at)).await? {
                break made;
            }
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

    /// Names the consent of a row that a version before has written, once.
    pub(crate) async fn name_consent(&self, id: i64, consent: &str) -> Result<(), ConnectionError> {
        let statement = Statement::new(NAME_CONSENT).bind(id).bind(consent);
        self.write(statement).await.map(drop)
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

    /// Writes the Desk organization, whichever is there.
    pub(crate) async fn set_desk_org(
        &self,
        id: i64,
        org: &DeskOrganization,
        now: i64,
    ) -> Result<(), ConnectionError> {
        self.write(desk_org_statement(CHOOSE_DESK_ORG, id, org, now))
            .await
            .map(drop)
    }

    /// Writes the Desk organization while the row is on the consent and organization it had before.
    pub(crate) async fn store_found_desk_org(
        &self,
        before: &Connection,
        org: &DeskOrganization,
        now: i64,
    ) -> Result<(), ConnectionError> {
        let statement = desk_org_statement(STORE_FOUND_DESK_ORG, before.id, org, now)
            .bind(&before.consent)
            .bind(before.desk_org_id.as_deref().unwrap_or_default())
            .bind(before.desk_org_source.map_or("", OrgSource::as_str));
        self.write(statement).await.map(drop)
    }

    /// Writes the CRM organization of the consent that the row had before, once.
    pub(crate) async fn set_crm_org(
        &self,
        before: &Connection,
        org: &str,
        name: Option<&str>,
        now: i64,
    ) -> Result<(), ConnectionError> {
        let statement = Statement::new(SET_CRM_ORG)
            .bind(before.id)
            .bind(org)
            .bind(name)
            .bind(now)
            .bind(&before.consent);
        self.write(statement).await.map(drop)
    }

    /// Fails where no row may be changed.
    pub(crate) async fn try_writing(&self) -> Result<(), ConnectionError> {
        self.write(Statement::new(TRY_WRITING)).await.map(drop)
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
