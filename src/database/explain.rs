//! What a failure of a database means, and what mends it.

use std::path::Path;

use sqlx::migrate::MigrateError;
use sqlx::sqlite::SqliteError;

use super::DatabaseError;
use super::barred::barred;
use crate::regular::remedy::Remedy;
use crate::regular::rights::foreign_owner;

/// What PostgreSQL says of a statement prepared for columns that are others by now.
pub(super) const STALE_PLAN: &str = "0A000";

/// What PostgreSQL says to one who may not.
const NO_RIGHT: &str = "42501";

/// Tables of PostgreSQL are altered by their owner alone, whatever is granted on them.
const OWNER_UPGRADES: &str = "only the owner of the tables may bring them up to date: let that user start this version once, \
                              or make this one a member: GRANT owner TO user";

const SQLITE_PERM: u32 = 3;
const SQLITE_BUSY: u32 = 5;
const SQLITE_LOCKED: u32 = 6;
const SQLITE_READONLY: u32 = 8;
const SQLITE_IOERR: u32 = 10;
const SQLITE_CORRUPT: u32 = 11;
const SQLITE_FULL: u32 = 13;
const SQLITE_CANTOPEN: u32 = 14;
const SQLITE_AUTH: u32 = 23;
const SQLITE_NOTADB: u32 = 26;

/// Turns a database error into one that names the database, what is wrong and what mends it.
pub(super) fn explain(label: &str, error: &sqlx::Error) -> DatabaseError {
    let (problem, mend) = reason(error);
    let explained = DatabaseError {
        passes: passes(error),
        ..database(label, problem, mend)
    };
    match sqlite_code(error) {
        Some(code) => remedied(Path::new(label), explained, code),
        None => explained,
    }
}

/// The code of an error that is SQLite's.
fn sqlite_code(error: &sqlx::Error) -> Option<u32> {
    let error = error.as_database_error()?;
    error.try_downcast_ref::<SqliteError>()?;
    error.code()?.parse().ok()
}

/// Whether a failure may be gone the next time: a server that is starting, a lock, a connection that broke.
fn passes(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(cause) => {
            if let Some(extended) = sqlite_code(error) {
                return [SQLITE_BUSY, SQLITE_LOCKED, SQLITE_IOERR].contains(&(extended & 0xff));
            }
            let code = cause.code().unwrap_or_default();
            let class = code.get(..2).unwrap_or_default();
            ["08", "40", "53", "55", "57"].contains(&class) || code == STALE_PLAN
        }
        sqlx::Error::PoolTimedOut
        | sqlx::Error::Io(_)
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Protocol(_) => true,
        _ => false,
    }
}

/// The same for an error of the schema update.
pub(super) fn explain_migration(label: &str, error: &MigrateError) -> DatabaseError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            if is_foreign_table(error) {
                return database(
                    label,
                    "holds a `zoho_connections` table of another program".to_owned(),
                    "name another database and bring the rows over with `connections import`",
                );
            }
            explain(label, error)
        }
        MigrateError::VersionMissing(version) => newer(label, *version),
        MigrateError::VersionMismatch(_) | MigrateError::Dirty(_) => database(
            label,
            format!("has a schema that was changed by hand or left half done ({error})"),
            "restore it from a backup",
        ),
        other => database(
            label,
            format!("could not be brought up to date ({other})"),
            "see the log",
        ),
    }
}

/// The same for an update of tables that are there: whoever has no right to it lacks it as one who is not their owner, whatever
/// right the server looks at first.
pub(super) fn explain_upgrade(label: &str, error: &MigrateError) -> DatabaseError {
    let explained = explain_migration(label, error);
    match error {
        MigrateError::Execute(sqlx::Error::Database(cause))
        | MigrateError::ExecuteMigration(sqlx::Error::Database(cause), _)
            if cause.code().as_deref() == Some(NO_RIGHT) =>
        {
            database(label, explained.problem, OWNER_UPGRADES)
        }
        _ => explained,
    }
}

/// The database was written by a later version of this program.
pub(super) fn newer(label: &str, version: i64) -> DatabaseError {
    database(
        label,
        format!("was made by a newer zoho-mcp (schema {version})"),
        "update zoho-mcp",
    )
}

/// A table of the name of ours that nobody of us has made.
fn is_foreign_table(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| {
        let is_sqlite = error.try_downcast_ref::<SqliteError>().is_some();
        error.message().contains("already exists") && (is_sqlite || error.code().as_deref() == Some("42P07"))
    })
}

/// A database error that stays, from its parts.
pub(super) fn database(label: &str, problem: String, mend: &str) -> DatabaseError {
    DatabaseError {
        database: label.to_owned(),
        problem,
        mend: mend.to_owned(),
        remedy: None,
        passes: false,
    }
}

/// The same, of a file that this user is kept from where anything keeps them.
pub(super) fn barring(file: &Path, error: DatabaseError) -> DatabaseError {
    let barred = barred(file);
    let directory = file.parent().filter(|directory| !directory.exists());
    let is_foreign = barred.first().and_then(|path| foreign_owner(path)).is_some();
    let remedy = match directory {
        Some(directory) if is_foreign => Some(Remedy::MakeDirectory(directory.to_owned())),
        _ => Some(barred)
            .filter(|barred| !barred.is_empty())
            .map(Remedy::Unlock),
    };
    DatabaseError {
        remedy: remedy.map(Box::new),
        ..error
    }
}

/// What a command can do about an error of SQLite.
fn remedied(file: &Path, error: DatabaseError, extended: u32) -> DatabaseError {
    match extended & 0xff {
        SQLITE_CORRUPT | SQLITE_NOTADB => DatabaseError {
            remedy: Some(Box::new(Remedy::ReplaceDatabase(file.to_owned()))),
            ..error
        },
        SQLITE_PERM | SQLITE_READONLY | SQLITE_CANTOPEN | SQLITE_AUTH => barring(file, error),
        _ => error,
    }
}

fn reason(error: &sqlx::Error) -> (String, &'static str) {
    match error {
        sqlx::Error::Database(cause) => match sqlite_code(error) {
            Some(code) => sqlite_reason(code, cause.message()),
            None => postgres_reason(cause.code().as_deref().unwrap_or_default(), cause.message()),
        },
        sqlx::Error::PoolTimedOut => (
            "did not answer in time".to_owned(),
            "check that it is running and reachable, then try again",
        ),
        sqlx::Error::Io(error) => (
            format!("is not reachable ({error})"),
            "check that it is running, then try again",
        ),
        sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
            ("was closed".to_owned(), "try again: it is opened anew")
        }
        sqlx::Error::ColumnDecode { index, .. } => (
            format!("holds a value that cannot be read in column {index}"),
            "correct that row, or connect again",
        ),
        sqlx::Error::Tls(error) => (
            format!("refused a TLS connection ({error})"),
            "let the server offer TLS and check its certificate, or write `?sslmode=disable` behind the URL where nobody can \
             read on the way",
        ),
        other => (format!("failed ({other})"), "try again; if it stays, see the log"),
    }
}

fn sqlite_reason(extended: u32, message: &str) -> (String, &'static str) {
    let (problem, mend) = match extended & 0xff {
        SQLITE_BUSY | SQLITE_LOCKED => (
            "is locked by another program",
            "close what holds it, or try again",
        ),
        SQLITE_READONLY => (
            "is read-only",
            "make the file and its directory writable for this user",
        ),
        SQLITE_PERM | SQLITE_AUTH => (
            "may not be opened by this user",
            "give this user the right to read and write it",
        ),
        SQLITE_IOERR => (
            "could not be read or written by the disk",
            "check that the disk works and has space, then try again",
        ),
        SQLITE_CORRUPT | SQLITE_NOTADB => (
            "is damaged or no SQLite database",
            "restore it from a backup, or move it away and connect again",
        ),
        SQLITE_FULL => ("is on a full disk", "free some space, then try again"),
        SQLITE_CANTOPEN => (
            "cannot be opened",
            "check that the path exists and this user may read and write it",
        ),
        _ => ("failed", "try again; if it stays, see the log"),
    };
    (format!("{problem} ({message})"), mend)
}

fn postgres_reason(state: &str, message: &str) -> (String, &'static str) {
    if ["26000", "42P05"].contains(&state) {
        return (
            format!("is reached through a pooler that gives each statement to another server ({message})"),
            "name PostgreSQL itself, or a pooler in session mode: PgBouncer in transaction mode is not supported",
        );
    }
    let mend = match state {
        "28P01" | "28000" => "check the user and the password (PGPASSWORD or PGPASSFILE)",
        STALE_PLAN => "try again: it is opened anew",
        "3D000" => "create that database first",
        NO_RIGHT if message.contains("schema") => {
            "give this user a schema to make tables in: GRANT USAGE, CREATE ON SCHEMA name TO user, or a database of its own"
        }
        NO_RIGHT => {
            "tables that another user has made need rights: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA name \
             TO user"
        }
        "53100" => "free some disk space on the server",
        "53300" => "raise max_connections or close other clients",
        "55P03" | "40001" | "40P01" | "57014" => "try again",
        "25006" => "connect to the primary server: this one is read-only",
        _ => "try again; if it stays, see the log",
    };
    (format!("failed ({message})"), mend)
}
