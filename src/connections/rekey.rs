//! Sealing every row with another key.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use super::error::ConnectionError;
use super::key::{self, new_key};
use super::key_file::{self, next_to, past_key_at};
use super::keys::{KeySource, unknown_key};
use super::seal::{CONNECTIONS, Place, SealKey};
use super::store::{SealedSecrets, StoredRow};
use super::{Connections, Keys, Opened, os_keyring};

/// What changing the key did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rekeyed {
    /// Id of the key the rows were sealed with.
    pub from: String,
    /// Id of the key they are sealed with now.
    pub to: String,
    /// How many rows were sealed anew.
    pub rows: usize,
    /// Where the key belongs; a file or the keyring holds the new key by now, a value has to be changed by its
    /// owner.
    pub source: KeySource,
    /// Where the key before stays: backups are sealed with it.
    pub kept: KeySource,
}

/// The key to seal with from now on.
#[derive(Debug, Clone)]
pub enum NewKey {
    /// Written as in a key file.
    Text(SecretString),
    /// In a file.
    File(PathBuf),
}

impl Connections {
    /// Seals every row with another key: the one given, or a new random one. A key file or keyring entry is changed
    /// along and the key before is kept; until every row is written, the new key waits beside it as `<name>.new`, which
    /// is read as well. A key file that was named is left alone when the new key has a file of its own. Where keys are
    /// to be kept in the keyring, one generated beside the database gives way to an entry there.
    ///
    /// # Errors
    /// The new key is the one in use or cannot be kept, or a row cannot be opened with the key before: then none is changed.
    pub async fn rekey(&self, new: Option<&NewKey>) -> Result<Rekeyed, ConnectionError> {
        let opened = self.opened().await?;
        let (kept, _lock) = self.keys_to_seal(&opened).await?;
        let source = self.place_of_key(kept.source());
        let fresh = next_key(new, &source)?;
        if kept.sealing()?.id() == fresh.id() && kept.waiting().is_none() {
            return Err(ConnectionError::seal(
                "the new key is the key in use",
                "give another one: nothing was changed",
            ));
        }
        match (&source, new) {
            (KeySource::File(_), Some(NewKey::File(path))) => change_file(&opened, kept, path, &fresh).await,
            _ => self.change_in_place(&opened, kept, source, &fresh).await,
        }
    }

    async fn change_in_place(
        &self,
        opened: &Opened,
        kept: Arc<Keys>,
        source: KeySource,
        fresh: &SealKey,
    ) -> Result<Rekeyed, ConnectionError> {
        let mut from = kept.sealing()?.id().to_owned();
        let held = match source == *kept.source() {
            true => Some(Arc::clone(&kept)),
            false => self.read_again(opened, &source).await?,
        };
        let mut old = vec![Arc::clone(&kept)];
        old.extend(held.clone());
        for id in opened.store.key_ids().await? {
            if old.iter().all(|keys| keys.by_id(&id).is_none()) {
                return Err(unknown_key(&id, Some(&kept), None));
            }
        }
        if let Some(waiting) = held.as_ref().and_then(|keys| keys.waiting()) {
            opened.store.reseal(|row| reseal(row, &old, waiting)).await?;
            self.take_place(&source, waiting).await?;
            waiting.id().clone_into(&mut from);
            old.extend(self.read_again(opened, &source).await?);
        }
        match held {
            Some(_) => self.put_next(&source, fresh).await?,
            // Nothing there can be needed by a row, and nothing waits whose place the next change could take.
            None => self.take_place(&source, fresh).await?,
        }
        let rows = opened.store.reseal(|row| reseal(row, &old, fresh)).await?;
        self.take_place(&source, fresh).await?;
        self.read_again(opened, &source).await?;
        if let (KeySource::Generated(left), KeySource::Keyring(entry), Some((keyring, _))) =
            (kept.source(), &source, self.keyring())
        {
            keyring.keep(entry, kept.all()).await?;
            key_file::remove(left)?;
            self.reload_keys(opened)?;
        }
        Ok(Rekeyed {
            kept: kept_place(&source, &from),
            from,
            to: fresh.id().to_owned(),
            rows,
            source,
        })
    }

    /// Where the next key goes: to where the last one is, but from beside the database to the keyring when keys
    /// are to be kept there.
    fn place_of_key(&self, source: &KeySource) -> KeySource {
        match (source, self.keyring().filter(|_| self.key.make_in_keyring)) {
            (KeySource::Generated(_), Some((_, entry))) => KeySource::Keyring(entry),
            _ => source.clone(),
        }
    }

    async fn put_next(&self, source: &KeySource, key: &SealKey) -> Result<(), ConnectionError> {
        match (source, self.keyring()) {
            (KeySource::File(path) | KeySource::Generated(path), _) => key_file::write(&next_to(path), key),
            (KeySource::Keyring(entry), Some((keyring, _))) => keyring.write_next(entry, key).await,
            _ => Ok(()),
        }
    }

    /// Every row is sealed with the key that waits: it becomes the key.
    async fn take_place(&self, source: &KeySource, key: &SealKey) -> Result<(), ConnectionError> {
        match (source, self.keyring()) {
            (KeySource::File(path) | KeySource::Generated(path), _) => key_file::take_place(path),
            (KeySource::Keyring(entry), Some((keyring, _))) => keyring.take_place(entry, key).await,
            _ => Ok(()),
        }
    }

    async fn read_again(
        &self,
        opened: &Opened,
        source: &KeySource,
    ) -> Result<Option<Arc<Keys>>, ConnectionError> {
        match (source, self.keyring()) {
            (KeySource::Value, _) => Ok(None),
            (KeySource::Keyring(entry), Some((keyring, _))) => self.ask_keyring(opened, keyring, entry).await,
            _ => self.reload_keys(opened),
        }
    }
}

fn next_key(given: Option<&NewKey>, place: &KeySource) -> Result<SealKey, ConnectionError> {
    match (given, place) {
        (Some(NewKey::File(path)), _) => key_file::read_new(path),
        (Some(NewKey::Text(text)), _) => key::parse(text.expose_secret())
            .ok_or_else(|| ConnectionError::seal("the new key is no key", key::FORM)),
        (None, KeySource::Value) => Err(ConnectionError::seal(
            "the key comes from the environment, and a new one was not given",
            "give the new key, then put it in place of the old one",
        )),
        (None, _) => new_key(),
    }
}

/// Where the key before stays.
fn kept_place(source: &KeySource, id: &str) -> KeySource {
    match source {
        KeySource::File(path) | KeySource::Generated(path) => KeySource::File(past_key_at(path, id)),
        KeySource::Keyring(entry) => KeySource::Keyring(os_keyring::past_key_at(entry, id)),
        KeySource::Value => KeySource::Value,
    }
}

/// Both keys have a file of their own: neither file is written.
async fn change_file(
    opened: &Opened,
    kept: Arc<Keys>,
    path: &Path,
    fresh: &SealKey,
) -> Result<Rekeyed, ConnectionError> {
    let mut old = vec![Arc::clone(&kept)];
    let ids = opened.store.key_ids().await?;
    // Beside rows of a backup there may be some that the new key has sealed since.
    if ids.iter().any(|id| kept.by_id(id).is_some()) {
        old.push(Arc::new(Keys::in_file(path)?));
    }
    let rows = opened.store.reseal(|row| reseal(row, &old, fresh)).await?;
    Ok(Rekeyed {
        from: kept.sealing()?.id().to_owned(),
        to: fresh.id().to_owned(),
        rows,
        source: KeySource::File(path.to_owned()),
        kept: kept.source().clone(),
    })
}

fn reseal(row: &StoredRow, old: &[Arc<Keys>], fresh: &SealKey) -> Result<SealedSecrets, ConnectionError> {
    let old = old
        .iter()
        .find(|keys| keys.by_id(&row.key_id).is_some())
        .ok_or_else(|| unknown_key(&row.key_id, old.first().map(Arc::as_ref), None))?;
    let again = |column, sealed: &str| {
        let place = Place {
            table: &CONNECTIONS,
            row: &row.id,
            user_id: &row.user_id,
            column,
        };
        fresh.seal(&place, &old.open(&place, sealed)?)
    };
    let again_some =
        |column, sealed: &Option<String>| sealed.as_deref().map(|text| again(column, text)).transpose();
    Ok(SealedSecrets {
        key_id: fresh.id().to_owned(),
        client_secret: again("client_secret", &row.client_secret)?,
        access_token: again_some("access_token", &row.access_token)?,
        refresh_token: again_some("refresh_token", &row.refresh_token)?,
    })
}
