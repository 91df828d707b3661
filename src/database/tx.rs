//! Several statements that happen together or not at all, and rows that stay another's until they are let go.

use std::sync::Arc;
use std::time::Duration;

use sqlx::{Postgres, Sqlite, Transaction};

use super::health::Health;
use super::postgres::{ANSWER, ROW, on_time};
use super::{DatabaseError, Opened, Pool, Record, Statement};

/// What PostgreSQL says when a lock was waited for in vain.
const LOCK_NOT_AVAILABLE: &str = "55P03";

const WAIT: &str = "SELECT set_config('lock_timeout', $1, true), \
     set_config('idle_in_transaction_session_timeout', '30s', true)";

/// A transaction, undone unless it is committed. In SQLite it is the only one that writes.
pub(crate) struct Tx {
    on: On,
    health: Arc<Health>,
}

enum On {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// What reading a row to be written comes to.
pub(crate) enum Locked<T> {
    /// The row, and what keeps others from writing it meanwhile: nothing in SQLite, where a lock file does it.
    Ours(Option<Tx>, Option<T>),
    /// Somebody else has held it for the whole waiting time.
    Busy,
}

impl Opened {
    /// Begins a transaction.
    pub(crate) async fn begin(&self) -> Result<Tx, DatabaseError> {
        let on = match &self.pool {
            Pool::Sqlite(pool) => pool.begin_with("BEGIN IMMEDIATE").await.map(On::Sqlite),
            Pool::Postgres(pool) => on_time(ANSWER, pool.begin()).await.map(On::Postgres),
        };
        on.map(|on| self.tx(on)).map_err(|error| self.explain(&error))
    }

    /// Reads a row that will be written; in PostgreSQL it stays locked until the transaction that comes with it ends.
    pub(crate) async fn lock_row<T: Record>(
        &self,
        statement: Statement,
        wait: Duration,
    ) -> Result<Locked<T>, DatabaseError> {
        let Pool::Postgres(pool) = &self.pool else {
            return Ok(Locked::Ours(None, self.fetch_optional(statement).await?));
        };
        let locked = async {
            let mut tx = pool.begin().await?;
            let wait = Statement::new(WAIT).bind(format!("{}ms", wait.as_millis().max(1)));
            wait.carry_out::<Postgres, ()>(&mut *tx).await?;
            let rows = statement.for_update().rows::<Postgres, T>(&mut *tx).await?;
            Ok((tx, rows.into_iter().next()))
        };
        match locked.await {
            Ok((tx, row)) => Ok(Locked::Ours(Some(self.tx(On::Postgres(tx))), row)),
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(LOCK_NOT_AVAILABLE) => {
                Ok(Locked::Busy)
            }
            Err(error) => Err(self.explain(&error)),
        }
    }

    fn tx(&self, on: On) -> Tx {
        Tx {
            on,
            health: Arc::clone(&self.health),
        }
    }
}

impl Tx {
    /// Every row a statement gives; nobody else writes them before this transaction ends.
    pub(crate) async fn fetch_to_write<T: Record>(
        &mut self,
        statement: Statement,
    ) -> Result<Vec<T>, DatabaseError> {
        let statement = match &self.on {
            On::Sqlite(_) => statement,
            On::Postgres(_) => statement.for_update(),
        };
        self.fetch_all(statement).await
    }

    /// Every row a statement gives.
    pub(crate) async fn fetch_all<T: Record>(
        &mut self,
        statement: Statement,
    ) -> Result<Vec<T>, DatabaseError> {
        let rows = match &mut self.on {
            On::Sqlite(tx) => statement.rows::<Sqlite, T>(&mut **tx).await,
            On::Postgres(tx) => on_time(ROW, statement.rows::<Postgres, T>(&mut **tx)).await,
        };
        rows.map_err(|error| self.health.explain(&error))
    }

    /// The one row a statement gives, if it gives one.
    pub(crate) async fn fetch_optional<T: Record>(
        &mut self,
        statement: Statement,
    ) -> Result<Option<T>, DatabaseError> {
        Ok(self.fetch_all(statement).await?.into_iter().next())
    }

    /// The one row a statement always gives.
    pub(crate) async fn fetch_one<T: Record>(&mut self, statement: Statement) -> Result<T, DatabaseError> {
        let row = self.fetch_optional(statement).await?;
        row.ok_or_else(|| self.health.explain(&sqlx::Error::RowNotFound))
    }

    /// Carries out a statement; answers how many rows it touched.
    pub(crate) async fn execute(&mut self, statement: Statement) -> Result<u64, DatabaseError> {
        let touched = match &mut self.on {
            On::Sqlite(tx) => {
                let done = statement.carry_out::<Sqlite, ()>(&mut **tx).await;
                done.map(|(_, done)| done.rows_affected())
            }
            On::Postgres(tx) => {
                let done = on_time(ROW, statement.carry_out::<Postgres, ()>(&mut **tx)).await;
                done.map(|(_, done)| done.rows_affected())
            }
        };
        touched.map_err(|error| self.health.explain(&error))
    }

    /// Makes it happen.
    pub(crate) async fn commit(self) -> Result<(), DatabaseError> {
        let committed = match self.on {
            On::Sqlite(tx) => tx.commit().await,
            On::Postgres(tx) => on_time(ANSWER, tx.commit()).await,
        };
        committed.map_err(|error| self.health.explain(&error))
    }
}
