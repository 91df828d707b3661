//! What lies beside the connections on this machine, and who may read it.

use std::path::{Path, PathBuf};

use super::error::ConnectionError;
use super::key_file::readable_by_others;
use super::{Connections, KeySource};
use crate::regular::open_directory;

/// A file that only its owner should read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateFile {
    /// Where it is.
    pub path: PathBuf,
    /// Whether its permission bits let others in.
    pub open_to_others: bool,
    /// Its directory, where others may put another file in its place.
    pub open_directory: Option<PathBuf>,
}

impl PrivateFile {
    fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            open_to_others: readable_by_others(path),
            open_directory: open_directory(path),
        }
    }
}

/// What keeps a renewed token from being stored, so that every process renews it anew until Zoho allows no more.
#[derive(Debug)]
pub enum Unwritable {
    /// This user may not write this file or directory.
    Path(PathBuf),
    /// The database says so itself.
    Refused(ConnectionError),
}

impl Connections {
    /// Whether rows can be changed; what lies only in the way for a moment is no answer.
    pub async fn unwritable(&self) -> Option<Unwritable> {
        let opened = self.opened().await.ok()?;
        match opened.store.try_writing().await {
            Err(ConnectionError::Database(error)) if error.passes => None,
            Err(error) => Some(match (self.unwritable_path(), self.sqlite_file()) {
                (Some(path), _) => Unwritable::Path(path),
                (None, Some(file)) => Unwritable::Path(file.clone()),
                (None, None) => Unwritable::Refused(error),
            }),
            Ok(()) => self.unwritable_path().map(Unwritable::Path),
        }
    }

    /// The file of the table where this user may not write it, or its directory: SQLite writes its log beside the file.
    /// Of a file that cannot be made, the directory that stands in the way.
    pub fn unwritable_path(&self) -> Option<PathBuf> {
        let file = self.sqlite_file()?;
        let there = file.ancestors().find(|path| path.exists())?;
        if there != file {
            let refused = there.is_dir() && tempfile::tempfile_in(there).is_err();
            return refused.then(|| there.to_owned());
        }
        if file.is_dir() {
            return None; // another name mends that, and no right
        }
        if std::fs::OpenOptions::new().write(true).open(file).is_err() {
            return Some(file.clone());
        }
        let directory = file.parent()?;
        let refused = tempfile::tempfile_in(directory).is_err();
        refused.then(|| directory.to_owned())
    }

    /// The file of the table; `None` when it lies in PostgreSQL.
    pub fn database_file(&self) -> Option<PrivateFile> {
        self.sqlite_file().map(|path| PrivateFile::at(path))
    }
}

impl KeySource {
    /// The file the key was read from; `None` when it came as a value or from the keyring.
    pub fn file(&self) -> Option<PrivateFile> {
        match self {
            Self::File(path) | Self::Generated(path) => Some(PrivateFile::at(path)),
            Self::Value | Self::Keyring(_) => None,
        }
    }
}
