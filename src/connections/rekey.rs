//! Sealing every row with another key.

use std::path::Path;
use std::sync::Arc;
use std::{fs, io};

use secrecy::{ExposeSecret, SecretString};

use super::error::ConnectionError;
use super::key::{self, KeySource, new_key, next_to, write_file};
use super::seal::{CONNECTIONS, Place, SealKey};
use super::store::{SealedSecrets, StoredRow};
use super::{Connections, Keys, Opened};

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
}

impl Connections {
    /// Seals every row with another key: the one given (in the form of a key file), or a new random one. A
    /// key file or keyring entry is changed along; until every row is written, the new key waits beside it as
    /// `<name>.new`, which is read as well. Where keys are to be kept in the keyring, one generated beside the
    /// database gives way to an entry there.
    pub async fn rekey(&self, new: Option<&SecretString>) -> Result<Rekeyed, ConnectionError> {
        let opened = self.opened().await?;
        let (kept, _lock) = self.keys_to_seal(&opened).await?;
        let mut from = kept.sealing()?.id().to_owned();
        let source = self.place_of_key(kept.source());
        let fresh = next_key(new, &source)?;
        let held = match source == *kept.source() {
            true => Some(Arc::clone(&kept)),
            false => self.read_again(&opened, &source).await?,
        };
        let mut old = vec![Arc::clone(&kept)];
        old.extend(held.clone());
        if let Some(waiting) = held.as_ref().and_then(|keys| keys.waiting()) {
            opened.store.reseal(|row| reseal(row, &old, waiting)).await?;
            self.take_place(&source, waiting).await?;
            waiting.id().clone_into(&mut from);
            old.extend(self.read_again(&opened, &source).await?);
        }
        match held {
            Some(_) => self.put_next(&source, &fresh).await?,
            // Nothing there can be needed by a row, and nothing waits whose place the next change could take.
            None => self.take_place(&source, &fresh).await?,
        }
        let rows = opened.store.reseal(|row| reseal(row, &old, &fresh)).await?;
        self.take_place(&source, &fresh).await?;
        self.read_again(&opened, &source).await?;
        if let (KeySource::Generated(left), KeySource::Keyring(_)) = (kept.source(), &source) {
            remove_files(left)?;
            self.reload_keys(&opened)?;
        }
        Ok(Rekeyed {
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
            (KeySource::File(path) | KeySource::Generated(path), _) => write_file(&next_to(path), key),
            (KeySource::Keyring(entry), Some((keyring, _))) => keyring.write_next(entry, key).await,
            _ => Ok(()),
        }
    }

    /// Every row is sealed with the key that waits: it becomes the key.
    async fn take_place(&self, source: &KeySource, key: &SealKey) -> Result<(), ConnectionError> {
        match (source, self.keyring()) {
            (KeySource::File(path) | KeySource::Generated(path), _) => take_place(path),
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

fn next_key(given: Option<&SecretString>, place: &KeySource) -> Result<SealKey, ConnectionError> {
    match (given, place) {
        (Some(text), _) => key::parse(text.expose_secret())
            .ok_or_else(|| ConnectionError::seal("the new key is no key", key::FORM)),
        (None, KeySource::Value) => Err(ConnectionError::seal(
            "the key comes from the environment, and a new one was not given",
            "give the new key, then put it in place of the old one",
        )),
        (None, _) => new_key(),
    }
}

fn take_place(path: &Path) -> Result<(), ConnectionError> {
    fs::rename(next_to(path), path).map_err(|error| {
        ConnectionError::seal(
            format!(
                "the new key could not take the place of {} ({error})",
                path.display()
            ),
            "rename the file ending in `.new` to it: the rows are sealed with that one",
        )
    })
}

/// The keys of a generated file are in no row any more.
fn remove_files(path: &Path) -> Result<(), ConnectionError> {
    for file in [next_to(path), path.to_owned()] {
        match fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(ConnectionError::seal(
                    format!(
                        "the new key is in the keyring, and {} could not be removed ({error})",
                        file.display()
                    ),
                    "remove it: no row is sealed with its key any more",
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

fn reseal(row: &StoredRow, old: &[Arc<Keys>], fresh: &SealKey) -> Result<SealedSecrets, ConnectionError> {
    let old = old
        .iter()
        .find(|keys| keys.by_id(&row.key_id).is_some())
        .ok_or_else(|| key::unknown_key(&row.key_id, old.first().map(Arc::as_ref)))?;
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
