//! What mends a file or directory that stands in the way: data where it is found, words where it is known who reads them.

use std::path::PathBuf;

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
