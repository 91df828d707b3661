//! Why the database cannot be used, for the person who has to act.

use std::path::PathBuf;

use thiserror::Error;

/// The database cannot be opened, read or written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}; {mend}", self.found())]
pub struct DatabaseError {
    /// The file, or the PostgreSQL host and database name; never a password.
    pub database: String,
    /// What is wrong, as what is said of it.
    pub problem: String,
    /// What to do about it.
    pub mend: String,
    /// What a command can do about it.
    pub remedy: Option<Remedy>,
    /// Whether time alone may mend it.
    pub passes: bool,
}

impl DatabaseError {
    /// What is wrong, without what to do about it.
    pub fn found(&self) -> String {
        format!("the connection database {} {}", self.database, self.problem)
    }
}

/// What a command can do about a file or directory that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// This database holds nothing that can be read: kept elsewhere, it makes room for another.
    ReplaceDatabase(PathBuf),
    /// So does this key, or there is none.
    ReplaceKey {
        /// Where it is to be.
        file: PathBuf,
        /// Somebody has named it; else it is made anew beside the database.
        is_named: bool,
    },
    /// A file in this directory is to be the database.
    NameFileIn(PathBuf),
    /// This user may not use these.
    Unlock(Vec<PathBuf>),
    /// This directory is missing, and another user's is above it.
    MakeDirectory(PathBuf),
    /// The rows are sealed by the key that is kept in one file, and the key in use is that of another.
    SealAnew {
        /// Where the key of the rows is.
        kept: PathBuf,
        /// Where the key in use is.
        in_use: PathBuf,
    },
}
