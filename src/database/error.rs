//! Why the database cannot be used, for the person who has to act.

use thiserror::Error;

/// The database cannot be opened, read or written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the connection database {database}: {problem}; {mend}")]
pub struct DatabaseError {
    /// The file, or the PostgreSQL host and database name; never a password.
    pub database: String,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub mend: String,
    /// Whether time alone may mend it.
    pub passes: bool,
}
