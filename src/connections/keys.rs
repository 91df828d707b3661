//! The keys at hand.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use super::error::ConnectionError;
use super::key::{FORM, new_key, parse};
use super::key_file::{self, next_to, past_key_at};
use super::seal::{self, Place, SealKey};
use crate::regular::remedy::Remedy;

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
            keys: key_file::read_both(path).map_err(|error| replaced(error, path, true))?,
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
            keys: key_file::read_both(path).map_err(|error| replaced(error, path, false))?,
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

/// The same of a key file that holds none, with the way to another.
fn replaced(error: ConnectionError, path: &Path, is_named: bool) -> ConnectionError {
    let may_be_moved = path.is_file() || path.is_dir() || is_named && !path.exists();
    match error.remedy() {
        None if may_be_moved => error.remedied(Remedy::ReplaceKey {
            file: path.to_owned(),
            is_named,
        }),
        _ => error,
    }
}

/// Rows are sealed by a key that is not among those at hand.
pub(crate) fn unknown_key(needed: &str, keys: Option<&Keys>, made_at: Option<&Path>) -> ConnectionError {
    let held = match keys.and_then(|keys| keys.keys.first()) {
        Some(key) => format!("the key at hand is {}", key.id()),
        None => "there is no key at hand".to_owned(),
    };
    let remedy = keys.and_then(|keys| kept(keys, needed));
    let given = "give the key they were sealed with (--key-file, ZOHO_MCP_KEY_FILE or ZOHO_MCP_KEY)";
    let mend = match (&remedy, made_at) {
        (Some(_), _) => "that key is kept beside the one at hand: seal them anew".to_owned(),
        (None, Some(path)) if keys.is_none() && !path.exists() => format!(
            "restore the key file {}, which is missing, from a backup, or {given}",
            path.display()
        ),
        (None, _) => given.to_owned(),
    };
    ConnectionError::Seal {
        problem: format!("the stored tokens are sealed by key {needed}, {held}"),
        mend,
        remedy: remedy.map(Box::new),
        is_other_key: true,
    }
}

/// That a change of key has left the key of that id in a file beside the one in use.
fn kept(keys: &Keys, id: &str) -> Option<Remedy> {
    let (KeySource::File(in_use) | KeySource::Generated(in_use)) = &keys.source else {
        return None;
    };
    let is_id = !id.is_empty() && id.bytes().all(|sign| sign.is_ascii_hexdigit());
    let kept = past_key_at(in_use, id);
    (is_id && kept.is_file()).then(|| Remedy::SealAnew {
        kept,
        in_use: in_use.clone(),
    })
}
