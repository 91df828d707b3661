//! The ground floor: one SQLite file or one PostgreSQL database, opened when it is first used and brought up to date, and
//! spoken to with statements that are the same for both. No other room is below it.

mod barred;
mod beside;
mod door;
mod error;
mod explain;
mod health;
mod lock;
mod migrations;
mod plain_rows;
mod postgres;
mod sqlite;
mod statement;
mod tx;

use std::path::PathBuf;
use std::sync::Arc;

pub(crate) use barred::barred;
pub(crate) use beside::{OPEN_LOCK_FILE, beside};
pub(crate) use door::Door;
pub use error::DatabaseError;
use health::Health;
pub(crate) use lock::lock_file;
pub(crate) use plain_rows::PlainRow;
use postgres::{ANSWER, on_time};
use secrecy::SecretString;
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool};
pub(crate) use statement::{Record, Statement};
pub(crate) use tx::{Locked, Tx};

/// Where everything is kept that outlives a call.
#[derive(Debug, Clone)]
pub enum Database {
    /// A SQLite file, made with its directory when it is missing.
    SqliteFile(PathBuf),
    /// A PostgreSQL URL; its password may come from `PGPASSWORD` or `PGPASSFILE`.
    Postgres(SecretString),
}

impl Database {
    /// Whether it is its owner's own: all in it may be shown to whoever can read it.
    pub fn is_own(&self) -> bool {
        matches!(self, Database::SqliteFile(_))
    }
}

/// An open database of the current schema.
pub(crate) struct Opened {
    pool: Pool,
    health: Arc<Health>,
    file: Option<sqlite::FileIdentity>,
}

#[derive(Clone)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Opened {
    /// Opens the database and brings its schema up to date, one process at a time.
    pub(crate) async fn open(database: &Database) -> Result<Self, DatabaseError> {
        match database {
            Database::SqliteFile(path) => {
                let (pool, identity) = sqlite::open(path).await?;
                Ok(Self {
                    pool: Pool::Sqlite(pool),
                    health: Arc::new(Health::new(path.display().to_string())),
                    file: Some(identity),
                })
            }
            Database::Postgres(url) => {
                let (pool, label) = postgres::open(url).await?;
                Ok(Self {
                    pool: Pool::Postgres(pool),
                    health: Arc::new(Health::new(label)),
                    file: None,
                })
            }
        }
    }

    /// Opens a database of another program to read its rows; neither its schema nor its rows are touched.
    pub(crate) async fn open_to_read(database: &Database) -> Result<Self, DatabaseError> {
        match database {
            Database::SqliteFile(path) => {
                let pool = sqlite::open_to_read(path).await?;
                Ok(Self {
                    pool: Pool::Sqlite(pool),
                    health: Arc::new(Health::new(path.display().to_string())),
                    file: None,
                })
            }
            Database::Postgres(url) => {
                let (pool, label) = postgres::open_to_read(url).await?;
                Ok(Self {
                    pool: Pool::Postgres(pool),
                    health: Arc::new(Health::new(label)),
                    file: None,
                })
            }
        }
    }

    /// Every row a statement gives.
    pub(crate) async fn fetch_all<T: Record>(&self, statement: Statement) -> Result<Vec<T>, DatabaseError> {
        let rows = match &self.pool {
            Pool::Sqlite(pool) => statement.rows::<Sqlite, T>(pool).await,
            Pool::Postgres(pool) => on_time(ANSWER, statement.rows::<Postgres, T>(pool)).await,
        };
        rows.map_err(|error| self.explain(&error))
    }

    /// The one row a statement gives, if it gives one.
    pub(crate) async fn fetch_optional<T: Record>(
        &self,
        statement: Statement,
    ) -> Result<Option<T>, DatabaseError> {
        Ok(self.fetch_all(statement).await?.into_iter().next())
    }

    /// Carries out a statement; answers how many rows it touched.
    pub(crate) async fn execute(&self, statement: Statement) -> Result<u64, DatabaseError> {
        let touched = match &self.pool {
            Pool::Sqlite(pool) => {
                let done = statement.carry_out::<Sqlite, ()>(pool).await;
                done.map(|(_, done)| done.rows_affected())
            }
            Pool::Postgres(pool) => {
                let done = on_time(ANSWER, statement.carry_out::<Postgres, ()>(pool)).await;
                done.map(|(_, done)| done.rows_affected())
            }
        };
        touched.map_err(|error| self.explain(&error))
    }

    /// Whether it can go on being used: the driver works, and the file opened is still the one at its path.
    pub(crate) fn still_serves(&self) -> bool {
        !self.health.is_spent() && self.still_there()
    }

    /// Whether the file that was opened is still the one at its path; always true for PostgreSQL.
    pub(crate) fn still_there(&self) -> bool {
        self.file.as_ref().is_none_or(sqlite::FileIdentity::still_there)
    }

    /// Closes every connection of the pool, so that a file that was replaced is let go.
    pub(crate) async fn close(&self) {
        match &self.pool {
            Pool::Sqlite(pool) => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
        }
    }

    fn explain(&self, error: &sqlx::Error) -> DatabaseError {
        self.health.explain(error)
    }
}
