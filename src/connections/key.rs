//! A key as people write it, and the keys at hand.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::error::ConnectionError;
use super::key_file::{self, kept_at, next_to};
use super::seal::{self, Place, SealKey, random};

/// How a key is written, for the errors about one that is not.
pub(crate) const FORM: &str =
    "a key is 32 random bytes as base64 or 64 hexadecimal digits, for example from `openssl rand -base64 32`";

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
    pub(crate) fn given(value: &SecretString) -> Result<Self, ConnectionError> {
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
        let key = self.by_id(named).ok_or_else(|| unknown_key(named, Some(self)))?;
        key.open(place, sealed)
    }

    pub(crate) fn by_id(&self, id: &str) -> Option<&SealKey> {
        self.keys.iter().find(|key| key.id() == id)
    }
}

/// Rows are sealed by a key that is not among those at hand.
pub(crate) fn unknown_key(needed: &str, keys: Option<&Keys>) -> ConnectionError {
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
            "give the key they were sealed with (--key-file, ZOHO_MCP_KEY_FILE or ZOHO_MCP_KEY)".to_owned()
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
    Some(kept_at(path, id)).filter(|file| is_id && file.is_file())
}

/// A new key of 32 random bytes.
pub(crate) fn new_key() -> Result<SealKey, ConnectionError> {
    let mut bytes = Zeroizing::new([0u8; 32]);
    random(bytes.as_mut_slice())?;
    Ok(SealKey::new(bytes))
}

/// Reads a key as people write it: base64 (either alphabet, padded or not) or hexadecimal.
pub(crate) fn parse(text: &str) -> Option<SealKey> {
    let engine = |alphabet| {
        GeneralPurpose::new(
            alphabet,
            GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
        )
    };
    let text = text.trim();
    let bytes = if text.len() == 64 {
        let digits: Option<Vec<u8>> = text
            .as_bytes()
            .chunks_exact(2)
            .map(|pair| {
                std::str::from_utf8(pair)
                    .ok()
                    .and_then(|pair| u8::from_str_radix(pair, 16).ok())
            })
            .collect();
        digits?
    } else {
        engine(&alphabet::STANDARD)
            .decode(text)
            .or_else(|_| engine(&alphabet::URL_SAFE).decode(text))
            .ok()?
    };
    let bytes = Zeroizing::new(bytes);
    <[u8; 32]>::try_from(bytes.as_slice())
        .ok()
        .map(|bytes| SealKey::new(Zeroizing::new(bytes)))
}

/// A key as `parse` reads it.
pub(crate) fn written(key: &SealKey) -> Zeroizing<String> {
    Zeroizing::new(STANDARD.encode(key.bytes()))
}
