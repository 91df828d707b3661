//! What lies beside a SQLite database, by name.

use std::path::{Path, PathBuf};

/// The lock of whoever makes the tables or the key of a database.
pub(crate) const OPEN_LOCK_FILE: &str = "open.lock";

/// Where the lock files of a SQLite database are kept.
pub(super) fn lock_directory(database: &Path) -> PathBuf {
    beside(database, ".locks")
}

/// A path beside the database: its name with `suffix` appended.
pub(crate) fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
