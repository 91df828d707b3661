//! Why the database cannot be used, for the person who has to act.

use thiserror::Error;

use crate::regular::remedy::Remedy;

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
    pub remedy: Option<Box<Remedy>>,
    /// Whether time alone may mend it.
    pub passes: bool,
}

impl DatabaseError {
    /// What is wrong, without what to do about it.
    pub fn found(&self) -> String {
        format!("the connection database {} {}", self.database, self.problem)
    }
}
