//! The keys at hand.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use super::error::ConnectionError;
use super::key::{FORM, new_key, parse};
use super::key_file::{self, next_to, past_key_at};
use super::seal::{self, Place, SealKey};

/// Where the key in use came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// The file that was named.
    File(PathBuf),
    /// The value that was given.
    Value,
    /// The entry of that name in the keyring.
    Keyring(String),
    /// The file generated beside the database.
    Generated(PathBuf),
}

/// The keys at hand: the first one seals, all of them open.
pub(crate) struct Keys {
    keys: Vec<SealKey>,
    source: KeySource,
}

impl Keys {
    /// Reads the key file that was named.
    pub(crate) fn in_file(path: &Path) -> Result<Self, ConnectionError> {
        Ok(Self {
            keys: key_file::read_both(path)?,
            source: KeySource::File(path.to_owned()),
        })
    }

    /// Reads the key that was given itself.
    pub(crate) fn from_text(value: &SecretString) -> Result<Self, ConnectionError> {
        let key = parse(value.expose_secret())
            .ok_or_else(|| ConnectionError::seal("the key given is no key", FORM))?;
        Ok(Self {
            keys: vec![key],
            source: KeySource::Value,
        })
    }

    /// Reads the key file beside the database; `None` when there is none yet.
    pub(crate) fn beside(path: &Path) -> Result<Option<Self>, ConnectionError> {
        if !path.exists() && !next_to(path).exists() {
            return Ok(None);
        }
        Ok(Some(Self {
            keys: key_file::read_both(path)?,
            source: KeySource::Generated(path.to_owned()),
        }))
    }

    /// Makes the key file beside the database. The caller holds the lock of the database and has seen that no
    /// row is sealed.
    pub(crate) fn generate(path: &Path) -> Result<Self, ConnectionError> {
        let key = new_key()?;
        key_file::write_first(path, &key)?;
        tracing::warn!(
            file = %path.display(),
            "made a key for the stored tokens; whoever reads both this file and the database can read the tokens"
        );
        Ok(Self {
            keys: vec![key],
            source: KeySource::Generated(path.to_owned()),
        })
    }

    /// Keys that were read elsewhere, the one that seals first.
    pub(crate) fn of(keys: Vec<SealKey>, source: KeySource) -> Self {
        Self { keys, source }
    }

    pub(crate) fn source(&self) -> &KeySource {
        &self.source
    }

    pub(crate) fn sealing(&self) -> Result<&SealKey, ConnectionError> {
        self.keys
            .first()
            .ok_or_else(|| ConnectionError::seal("there is no key", FORM))
    }

    /// All of them.
    pub(crate) fn all(&self) -> &[SealKey] {
        &self.keys
    }

    /// The key a change of key left beside its file, when that was cut short.
    pub(crate) fn waiting(&self) -> Option<&SealKey> {
        self.keys.get(1)
    }

    /// Seals one secret with the key of that id.
    pub(crate) fn seal(
        &self,
        place: &Place<'_>,
        key_id: &str,
        plain: &SecretString,
    ) -> Result<String, ConnectionError> {
        let key = self
            .by_id(key_id)
            .ok_or_else(|| ConnectionError::seal(format!("there is no key {key_id}"), FORM))?;
        key.seal(place, plain)
    }

    /// Opens one secret, whichever of the keys sealed it.
    pub(crate) fn open(&self, place: &Place<'_>, sealed: &str) -> Result<SecretString, ConnectionError> {
        let named = seal::key_id(sealed).ok_or_else(|| {
            ConnectionError::seal(
                format!("{place} is not sealed"),
                "bring plain rows in with `connections import`",
            )
        })?;
        let key = self
            .by_id(named)
            .ok_or_else(|| unknown_key(named, Some(self), None))?;
        key.open(place, sealed)
    }

    pub(crate) fn by_id(&self, id: &str) -> Option<&SealKey> {
        self.keys.iter().find(|key| key.id() == id)
    }
}

/// Rows are sealed by a key that is not among those at hand.
pub(crate) fn unknown_key(needed: &str, keys: Option<&Keys>, made_at: Option<&Path>) -> ConnectionError {
    let held = match keys.and_then(|keys| keys.keys.first()) {
        Some(key) => format!("the key at hand is {}", key.id()),
        None => "there is no key at hand".to_owned(),
    };
    let mend = match keys.and_then(|keys| kept(keys, needed)) {
        Some(kept) => format!(
            "that key is kept in {0}: name it with --key-file {0}",
            kept.display()
        ),
        None => {
            let given = "give the key they were sealed with (--key-file, ZOHO_MCP_KEY_FILE or ZOHO_MCP_KEY)";
            match made_at.filter(|path| keys.is_none() && !path.exists()) {
                Some(path) => format!(
                    "restore the key file {}, which is missing, from a backup, or {given}",
                    path.display()
                ),
                None => given.to_owned(),
            }
        }
    };
    ConnectionError::seal(
        format!("the stored tokens are sealed by key {needed}, {held}"),
        mend,
    )
}

/// The file beside the one in use where a change of key has left the key of that id.
fn kept(keys: &Keys, id: &str) -> Option<PathBuf> {
    let (KeySource::File(path) | KeySource::Generated(path)) = &keys.source else {
        return None;
    };
    let is_id = !id.is_empty() && id.bytes().all(|sign| sign.is_ascii_hexdigit());
    Some(past_key_at(path, id)).filter(|file| is_id && file.is_file())
}
