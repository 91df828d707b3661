//! Which keys a database is sealed with, and where they are looked for.

use std::fs::File;
use std::path::Path;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use super::error::ConnectionError;
use super::key::{FORM, new_key};
use super::keys::{Keys, unknown_key};
use super::os_keyring::{Keyring, entry_of};
use super::{Connections, KeySource, Opened};
use crate::database::{OPEN_LOCK_FILE, beside, lock_file};

const SEAL_LOCK: Duration = Duration::from_secs(30);

impl Opened {
    /// The keys read before, if the one of that id is among them.
    pub(super) fn holding(&self, id: &str) -> Option<Arc<Keys>> {
        [&self.keys, &self.keyring_keys]
            .into_iter()
            .filter_map(|keys| keys.read().unwrap_or_else(PoisonError::into_inner).clone())
            .find(|keys| keys.by_id(id).is_some())
    }
}

impl Connections {
    /// Where the key in use comes from, and its id; `None` while nothing has been sealed yet.
    ///
    /// # Errors
    /// The database cannot be read, or the key of its rows is not to be had.
    pub async fn key(&self) -> Result<Option<(KeySource, String)>, ConnectionError> {
        let opened = self.opened().await?;
        let keys = match self.keys(&opened)? {
            Some(keys) => keys,
            None => {
                let ids = opened.store.key_ids().await?;
                match ids.first() {
                    Some(id) => self.keys_for(&opened, id).await?,
                    None => match self.keys_of_first_use(&opened).await? {
                        Some(keys) => keys,
                        None => return Ok(None),
                    },
                }
            }
        };
        Ok(Some((keys.source().clone(), keys.sealing()?.id().to_owned())))
    }

    /// Takes the key out of the keyring that rows of before were opened with, once none is sealed any more: the entry, or
    /// `None` where nothing was there or something still needs it. Processes that hold the key look for it anew before they
    /// seal.
    ///
    /// # Errors
    /// The database cannot be read, or the keyring does not answer.
    pub async fn forget_unneeded_key(&self) -> Result<Option<String>, ConnectionError> {
        let opened = self.opened().await?;
        let was_there = || {
            opened
                .keyring_keys
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .is_some()
        };
        let (Some((keyring, entry)), Some(path)) =
            (self.keyring().filter(|_| was_there()), self.sqlite_file())
        else {
            return Ok(None);
        };
        let _lock = lock_file(path, OPEN_LOCK_FILE, SEAL_LOCK).await?;
        if !opened.store.key_ids().await?.is_empty() {
            return Ok(None);
        }
        keyring.forget(&entry).await?;
        *opened
            .keyring_keys
            .write()
            .unwrap_or_else(PoisonError::into_inner) = None;
        Ok(Some(entry))
    }

    /// What the keyring holds for this database, where the first key is to be made there: that it cannot be asked is known
    /// before anybody consents.
    async fn keys_of_first_use(&self, opened: &Opened) -> Result<Option<Arc<Keys>>, ConnectionError> {
        match self.keyring().filter(|_| self.key.make_in_keyring) {
            Some((keyring, entry)) => self.ask_keyring(opened, keyring, &entry).await,
            None => Ok(None),
        }
    }

    /// The keys among which is the one of that id: those read before, those of the files read anew, and only
    /// then those of the keyring.
    pub(super) async fn keys_for(&self, opened: &Opened, id: &str) -> Result<Arc<Keys>, ConnectionError> {
        if let Some(keys) = opened.holding(id) {
            return Ok(keys);
        }
        let files = self.reload_keys(opened)?;
        if let Some(keys) = files.as_ref().filter(|keys| keys.by_id(id).is_some()) {
            return Ok(Arc::clone(keys));
        }
        let made_at = self.sqlite_file().map(|file| beside(file, ".key"));
        let Some((keyring, entry)) = self.keyring() else {
            return Err(unknown_key(id, files.as_deref(), made_at.as_deref()));
        };
        match self.ask_keyring(opened, keyring, &entry).await {
            Ok(Some(keys)) if keys.by_id(id).is_some() => Ok(keys),
            Ok(keys) => Err(unknown_key(id, files.or(keys).as_deref(), made_at.as_deref())),
            Err(error) => Err(unknown_key(id, files.as_deref(), made_at.as_deref()).because(&error)),
        }
    }

    /// The keyring and the entry for this database, where a key may lie when none was named.
    pub(super) fn keyring(&self) -> Option<(&Keyring, String)> {
        let named = self.key.key_file.is_some() || self.key.key.is_some();
        let keyring = self.key.keyring.as_ref().filter(|_| !named)?;
        Some((keyring, entry_of(self.sqlite_file()?)))
    }

    pub(super) async fn ask_keyring(
        &self,
        opened: &Opened,
        keyring: &Keyring,
        entry: &str,
    ) -> Result<Option<Arc<Keys>>, ConnectionError> {
        let keys = keyring.read(entry).await?.map(Arc::new);
        opened
            .keyring_keys
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .clone_from(&keys);
        Ok(keys)
    }

    /// The keys to seal with where no file holds one: those the rows are sealed by, else what the keyring holds
    /// for this database, else a new one.
    async fn keys_without_file(&self, opened: &Opened, path: &Path) -> Result<Arc<Keys>, ConnectionError> {
        if let Some(needed) = opened.store.key_ids().await?.first() {
            return self.keys_for(opened, needed).await;
        }
        if let Some((keyring, entry)) = self.keyring().filter(|_| self.key.make_in_keyring) {
            if let Some(keys) = self.ask_keyring(opened, keyring, &entry).await? {
                return Ok(keys);
            }
            let key = new_key()?;
            keyring.write(&entry, &key).await?;
            let keys = Arc::new(Keys::of(vec![key], KeySource::Keyring(entry)));
            *opened
                .keyring_keys
                .write()
                .unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&keys));
            return Ok(keys);
        }
        let keys = Arc::new(Keys::generate(&beside(path, ".key"))?);
        *opened.keys.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&keys));
        Ok(keys)
    }

    /// The keys of a name or a file, read on first use; `None` when none is named and none was generated yet.
    pub(super) fn keys(&self, opened: &Opened) -> Result<Option<Arc<Keys>>, ConnectionError> {
        let known = opened.keys.read().unwrap_or_else(PoisonError::into_inner).clone();
        match known {
            Some(keys) => Ok(Some(keys)),
            None => self.reload_keys(opened),
        }
    }

    /// Reads the keys anew: another process may have changed the key meanwhile.
    pub(super) fn reload_keys(&self, opened: &Opened) -> Result<Option<Arc<Keys>>, ConnectionError> {
        let keys = match (self.key.read_key()?, self.sqlite_file()) {
            (Some(keys), _) => Some(keys),
            (None, Some(path)) => Keys::beside(&beside(path, ".key"))?,
            (None, None) => {
                return Err(ConnectionError::seal(
                    "a PostgreSQL database needs a key that all who share it are given, and none was given here",
                    "name a key file (--key-file, ZOHO_MCP_KEY_FILE) or set ZOHO_MCP_KEY; a keyring is one machine's",
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

    /// The keys to seal with, one made for a SQLite database that has none; never while rows are
    /// sealed by another. The lock that comes with them keeps every process from changing the key until the
    /// rows are written.
    pub(super) async fn keys_to_seal(
        &self,
        opened: &Opened,
    ) -> Result<(Arc<Keys>, Option<File>), ConnectionError> {
        let Some(path) = self.sqlite_file() else {
            let keys = self
                .reload_keys(opened)?
                .ok_or_else(|| ConnectionError::seal("there is no key", FORM))?;
            return Ok((keys, None));
        };
        let lock = lock_file(path, OPEN_LOCK_FILE, SEAL_LOCK).await?;
        if let Some(keys) = self.reload_keys(opened)? {
            return Ok((keys, Some(lock)));
        }
        Ok((self.keys_without_file(opened, path).await?, Some(lock)))
    }
}
