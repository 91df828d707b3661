//! Opening a SQLite file, and telling whether it is still the same.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::SqliteConnection;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use super::DatabaseError;
use super::beside::{OPEN_LOCK_FILE, beside};
use super::explain::{barring, database, explain, explain_migration, newer};
use super::lock::lock_file;
use super::migrations;
use crate::regular;
use crate::regular::remedy::Remedy;

const BUSY: Duration = Duration::from_secs(5);
const OPEN_LOCK: Duration = Duration::from_secs(30);

/// Which file a path led to when it was opened.
pub(super) struct FileIdentity {
    path: PathBuf,
    number: Option<(u64, u64)>,
}

impl FileIdentity {
    fn of(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            number: number(path),
        }
    }

    /// Whether the path still leads to that file.
    pub(super) fn still_there(&self) -> bool {
        number(&self.path) == self.number
    }
}

#[cfg(unix)]
fn number(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|meta| (meta.dev(), meta.ino()))
}

#[cfg(not(unix))]
fn number(path: &Path) -> Option<(u64, u64)> {
    path.exists().then_some((0, 0))
}

pub(super) async fn open(path: &Path) -> Result<(SqlitePool, FileIdentity), DatabaseError> {
    let label = path.display().to_string();
    check_kind(path, &label)?;
    make_file(path).map_err(|error| {
        let explained = database(
            &label,
            format!("cannot be made or opened ({error})"),
            "make its directory, or make it writable for this user, or name another file with --database-url",
        );
        // A file stands where a directory is meant.
        let stands = path.ancestors().skip(1).find(|above| above.is_file());
        match stands.and_then(Path::parent) {
            Some(directory) => DatabaseError {
                remedy: Some(Box::new(Remedy::NameFileIn(directory.to_owned()))),
                ..explained
            },
            None => barring(path, explained),
        }
    })?;
    free_journal(path);
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .busy_timeout(BUSY)
        .pragma("cache_size", "-512")
        .disable_statement_logging();
    let pool = SqlitePoolOptions::new()
        .max_connections(4)
        .acquire_timeout(BUSY + Duration::from_secs(1))
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_lazy_with(options);
    let identity = FileIdentity::of(path);
    match update(path, &label, &pool).await {
        Ok(()) => {
            regular::warn_of_open_directory(path);
            Ok((pool, identity))
        }
        Err(error) => {
            pool.close().await;
            Err(error)
        }
    }
}

/// A pipe would be waited for, and a device has no end.
fn check_kind(path: &Path, label: &str) -> Result<(), DatabaseError> {
    let (problem, mend, remedy) = match path.metadata() {
        Ok(found) if found.is_dir() => {
            let named = Remedy::NameFileIn(path.to_owned());
            ("is a directory", "name a file in it", Some(named))
        }
        Ok(found) if !found.is_file() => ("is no regular file", "name one that is, or a new one", None),
        _ => return Ok(()),
    };
    Err(DatabaseError {
        remedy: remedy.map(Box::new),
        ..database(label, problem.to_owned(), mend)
    })
}

pub(super) async fn open_to_read(path: &Path) -> Result<SqlitePool, DatabaseError> {
    check_kind(path, &path.display().to_string())?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .busy_timeout(BUSY);
    SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options.disable_statement_logging())
        .await
        .map_err(|error| explain(&path.display().to_string(), &error))
}

/// A database holds secrets: its file, and with it the files SQLite puts beside it, belong to one user alone.
fn make_file(path: &Path) -> io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    if let Some(parent) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty() && !parent.exists())
    {
        regular::make_directory(parent)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path).map(drop)
}

/// Whoever reads a file that may not be written leaves a log beside it that may not be either (SQLite gives it the rights of the
/// file): it has to follow when the file may be written again.
fn free_journal(path: &Path) {
    let Ok(rights) = path.metadata().map(|file| file.permissions()) else {
        return;
    };
    for ending in ["-wal", "-shm"] {
        let log = beside(path, ending);
        let is_closed =
            fs::symlink_metadata(&log).is_ok_and(|file| file.is_file() && file.permissions().readonly());
        if is_closed && !rights.readonly() {
            let _ = fs::set_permissions(&log, rights.clone()); // only their owner can
        }
    }
}

/// Brings the schema up to date. The lock is needed only then: WAL mode and the schema stay in the file.
async fn update(path: &Path, label: &str, pool: &SqlitePool) -> Result<(), DatabaseError> {
    let migrations = migrations::of("sqlite");
    let latest = migrations::latest(&migrations);
    let mut connection = pool.acquire().await.map_err(|error| explain(label, &error))?;
    let mut found = schema(&mut connection, label).await?;
    if found < latest {
        let _lock = lock_file(path, OPEN_LOCK_FILE, OPEN_LOCK).await?;
        if schema(&mut connection, label).await? < latest {
            let wal = sqlx::query("PRAGMA journal_mode = WAL")
                .execute(&mut *connection)
                .await;
            wal.map_err(|error| explain(label, &error))?;
            migrations
                .run(pool)
                .await
                .map_err(|error| explain_migration(label, &error))?;
        }
        found = schema(&mut connection, label).await?;
    }
    drop(connection);
    // The pool takes it back in a task of its own; whoever comes before that opens the file a second time.
    tokio::task::yield_now().await;
    if found > latest {
        Err(newer(label, found))
    } else {
        Ok(())
    }
}

/// The newest migration the file has seen; 0 for a new file.
async fn schema(connection: &mut SqliteConnection, label: &str) -> Result<i64, DatabaseError> {
    let tables: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'",
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(|error| explain(label, &error))?;
    if tables == 0 {
        return Ok(0);
    }
    sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations")
        .fetch_one(&mut *connection)
        .await
        .map_err(|error| explain(label, &error))
}
