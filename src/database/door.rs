//! The way in: the database is opened when somebody first comes, and again when it does not serve any more.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use super::{Database, DatabaseError, Opened};

/// Leads all rooms to the same open database. What could not be opened is tried again next time.
pub(crate) struct Door {
    database: Database,
    current: RwLock<Option<Arc<Opened>>>,
    opening: tokio::sync::Mutex<()>,
}

impl Door {
    /// Takes where the database is; touches neither the disk nor the network.
    pub(crate) fn new(database: Database) -> Self {
        Self {
            database,
            current: RwLock::new(None),
            opening: tokio::sync::Mutex::new(()),
        }
    }

    /// The open database, opened now if it is not, if its driver has ended, or if the file at its path is another one.
    pub(crate) async fn open(&self) -> Result<Arc<Opened>, DatabaseError> {
        if let Some(opened) = self.current().filter(|opened| opened.still_serves()) {
            return Ok(opened);
        }
        let _turn = self.opening.lock().await;
        let before = self.current();
        if let Some(opened) = &before {
            if opened.still_serves() {
                return Ok(Arc::clone(opened));
            }
            if let Some(path) = self.file().filter(|path| !path.exists()) {
                return Err(DatabaseError {
                    database: path.display().to_string(),
                    problem: "is gone".to_owned(),
                    mend: "put it back, or connect again".to_owned(),
                    remedy: None,
                    passes: false,
                });
            }
        }
        let opened = Arc::new(Opened::open(&self.database).await?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&opened));
        if let Some(before) = before {
            before.close().await;
        }
        Ok(opened)
    }

    fn current(&self) -> Option<Arc<Opened>> {
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The SQLite file; `None` for PostgreSQL.
    pub(crate) fn file(&self) -> Option<&PathBuf> {
        match &self.database {
            Database::SqliteFile(path) => Some(path),
            Database::Postgres(_) => None,
        }
    }

    /// Whether the database is its owner's own.
    pub(crate) fn is_own(&self) -> bool {
        self.database.is_own()
    }
}
