//! Every SQL statement of the server, on SQLite and on PostgreSQL alike.

mod explain;
mod import;
mod migrations;
mod postgres;
mod repair_counts;
mod row;
mod rows;
mod sqlite;
mod tokens;

use std::path::{Path, PathBuf};

use secrecy::SecretString;
use sqlx::{PgPool, SqlitePool};

use super::error::ConnectionError;

pub(crate) use import::PlainRow;
pub use repair_counts::RepairCount;
pub(crate) use row::{SealedSecrets, StoredRow};
pub(crate) use rows::{NewRow, RowLock};
pub(crate) use sqlite::make_directory;
pub(crate) use tokens::{Outcome, TokenWrite};

/// Where `zoho_connections` lives.
#[derive(Debug, Clone)]
pub enum Database {
    /// A SQLite file, made with its directory when it is missing.
    SqliteFile(PathBuf),
    /// A PostgreSQL URL; its password may come from `PGPASSWORD` or `PGPASSFILE`.
    Postgres(SecretString),
}

/// An open database of the current schema.
pub(crate) struct Store {
    pool: Pool,
    label: String,
    file: Option<sqlite::FileIdentity>,
}

#[derive(Clone)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Runs one piece of code with the pool of either database; sqlx takes the database from the type.
macro_rules! on_pool {
    ($store:expr, $pool:ident => $body:expr) => {
        match &$store.pool {
            $crate::connections::store::Pool::Sqlite($pool) => $body,
            $crate::connections::store::Pool::Postgres($pool) => $body,
        }
        .map_err(|error| $store.explain(&error))
    };
}
pub(crate) use on_pool;

impl Store {
    /// Opens the database and brings its schema up to date, one process at a time.
    pub(crate) async fn open(database: &Database) -> Result<Self, ConnectionError> {
        match database {
            Database::SqliteFile(path) => {
                let (pool, identity) = sqlite::open(path).await?;
                Ok(Self {
                    pool: Pool::Sqlite(pool),
                    label: path.display().to_string(),
                    file: Some(identity),
                })
            }
            Database::Postgres(url) => {
                let (pool, label) = postgres::open(url).await?;
                Ok(Self {
                    pool: Pool::Postgres(pool),
                    label,
                    file: None,
                })
            }
        }
    }

    /// Opens a database of another program to read its rows; neither its schema nor its rows are touched.
    pub(crate) async fn open_to_read(database: &Database) -> Result<Self, ConnectionError> {
        match database {
            Database::SqliteFile(path) => {
                let pool = sqlite::open_to_read(path).await?;
                Ok(Self {
                    pool: Pool::Sqlite(pool),
                    label: path.display().to_string(),
                    file: None,
                })
            }
            Database::Postgres(url) => {
                let (pool, label) = postgres::pool(url)?;
                Ok(Self {
                    pool: Pool::Postgres(pool),
                    label,
                    file: None,
                })
            }
        }
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

    fn explain(&self, error: &sqlx::Error) -> ConnectionError {
        explain::explain(&self.label, error)
    }
}

/// Where the lock files of a SQLite database are kept.
pub(crate) fn lock_directory(database: &Path) -> PathBuf {
    beside(database, ".locks")
}

/// A path beside the database: its name with `suffix` appended.
pub(crate) fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
