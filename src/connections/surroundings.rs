//! What lies beside the connections on this machine, and who may read it.

use std::path::{Path, PathBuf};

use super::error::ConnectionError;
use super::key_file::readable_by_others;
use super::{Connections, KeySource};
use crate::database::barred;
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
    /// This user may not write these files or this directory.
    Paths(Vec<PathBuf>),
    /// The database says so itself.
    Refused(ConnectionError),
}

impl Connections {
    /// Whether rows can be changed; what lies only in the way for a moment is no answer.
    pub async fn unwritable(&self) -> Option<Unwritable> {
        let opened = self.opened().await.ok()?;
        match opened.store.try_writing().await {
            Err(ConnectionError::Database(error)) if error.passes => None,
            Err(error) => Some(match self.sqlite_file() {
                Some(file) => Unwritable::Paths(match barred(file) {
                    none if none.is_empty() => vec![file.clone()],
                    paths => paths,
                }),
                None => Unwritable::Refused(error),
            }),
            Ok(()) => {
                let paths = self.sqlite_file().map(|file| barred(file)).unwrap_or_default();
                (!paths.is_empty()).then_some(Unwritable::Paths(paths))
            }
        }
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
