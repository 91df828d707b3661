use std::fs::File;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use super::error::ConnectionError;
use super::key::{FORM, Keys, unknown_key};
use super::refresh_lock::lock_file;
use super::store::beside;
use super::{Connections, Opened};

const SEAL_LOCK: Duration = Duration::from_secs(30);

impl Connections {
    /// The keys at hand, read on first use; `None` when none is named and none was generated yet.
    pub(super) fn keys(&self, opened: &Opened) -> Result<Option<Arc<Keys>>, ConnectionError> {
        let known = opened.keys.read().unwrap_or_else(PoisonError::into_inner).clone();
        match known {
            Some(keys) => Ok(Some(keys)),
            None => self.reload_keys(opened),
        }
    }

    /// Reads the keys anew: another process may have changed the key meanwhile.
    pub(super) fn reload_keys(&self, opened: &Opened) -> Result<Option<Arc<Keys>>, ConnectionError> {
        let keys = match (Keys::named(&self.key)?, self.sqlite_file()) {
            (Some(keys), _) => Some(keys),
            (None, Some(path)) => Keys::beside(&beside(path, ".key"))?,
            (None, None) => {
                return Err(ConnectionError::seal(
                    "a PostgreSQL database needs a key for the stored tokens, and none was given",
                    "name a key file (--key-file, ZOHO_MCP_KEY_FILE) or set ZOHO_MCP_KEY",
                ));
            }
        };
        let keys = keys.map(Arc::new);
        opened
            .keys
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .clone_from(&keys);
        Ok(keys)
    }

    /// The keys to seal with, one generated beside a SQLite database that has none; never while rows are
    /// sealed by another. The lock that comes with them keeps every process from changing the key until the
    /// rows are written.
    pub(super) async fn keys_to_seal(
        &self,
        opened: &Opened,
    ) -> Result<(Arc<Keys>, Option<File>), ConnectionError> {
        let (Some(path), Some(locks)) = (self.sqlite_file(), self.lock_directory()) else {
            let keys = self
                .reload_keys(opened)?
                .ok_or_else(|| ConnectionError::seal("there is no key", FORM))?;
            return Ok((keys, None));
        };
        let lock = lock_file(&locks.join("open.lock"), SEAL_LOCK)
            .await
            .map_err(|error| {
                ConnectionError::seal(
                    format!(
                        "{} cannot be locked to seal its secrets ({error})",
                        path.display()
                    ),
                    "make its directory writable, or try again",
                )
            })?;
        if let Some(keys) = self.reload_keys(opened)? {
            return Ok((keys, Some(lock)));
        }
        if let Some(needed) = opened.store.key_ids().await?.first() {
            return Err(unknown_key(needed, None));
        }
        let keys = Arc::new(Keys::generate(&beside(path, ".key"))?);
        *opened.keys.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&keys));
        Ok((keys, Some(lock)))
    }
}
