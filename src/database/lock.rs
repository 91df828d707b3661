//! Locks on files beside a SQLite database, against other processes.

use std::fmt::Display;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use super::beside::lock_directory;
use super::{DatabaseError, explain};
use crate::regular;

/// Between two attempts at a lock file; waiting in a blocking thread would hold up the end of the process.
const POLL: Duration = Duration::from_millis(5);

/// Locks the file of this name, which belongs to a database, against other processes, waiting at most `wait`; the failure
/// passes when it is still held then. The kernel lets go of the lock when its holder dies. A file that was removed while it
/// was waited for locks nobody out: the one in its place counts.
pub(crate) async fn lock_file(database: &Path, name: &str, wait: Duration) -> Result<File, DatabaseError> {
    let (directory, deadline) = (lock_directory(database), Instant::now() + wait);
    let path = directory.join(name);
    let failed = |file: &Path, error: &dyn Display, mend: &str| {
        let problem = format!("cannot be locked ({}: {error})", file.display());
        explain::database(&database.display().to_string(), problem, mend)
    };
    let unusable = |file: &Path, error: &io::Error| {
        let mend = "make it a file this user may write in a directory this user may write, or remove it: it is made anew";
        explain::barring(database, failed(file, error, mend))
    };
    regular::make_directory(&directory).map_err(|error| unusable(&directory, &error))?;
    loop {
        let file = regular::open(OpenOptions::new().write(true).create(true), &path)
            .map_err(|error| unusable(&path, &error))?;
        while let Err(error) = file.try_lock() {
            match error {
                TryLockError::WouldBlock if Instant::now() < deadline => tokio::time::sleep(POLL).await,
                TryLockError::WouldBlock => {
                    let held = failed(
                        &path,
                        &"another process holds it",
                        "try again, or end that process",
                    );
                    return Err(DatabaseError { passes: true, ..held });
                }
                TryLockError::Error(error) => return Err(unusable(&path, &error)),
            }
        }
        if regular::is_at(&file, &path) {
            return Ok(file);
        }
    }
}
