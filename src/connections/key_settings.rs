//! Where the operator says the key is.

use std::path::PathBuf;

use secrecy::SecretString;

use super::error::ConnectionError;
use super::keys::Keys;
use super::os_keyring::Keyring;

/// Where the key that seals secrets may come from, in this order; without any of them, a file beside the database.
#[derive(Debug, Clone, Default)]
pub struct KeySettings {
    /// A file that holds the key.
    pub key_file: Option<PathBuf>,
    /// The key itself, from the environment.
    pub key: Option<SecretString>,
    /// The keyring asked for a key that stored rows need; without it none is asked.
    pub keyring: Option<Keyring>,
    /// Whether the first key is made in the keyring instead of a file.
    pub make_in_keyring: bool,
}

impl KeySettings {
    /// Reads the key that was named; `None` when none was.
    pub(super) fn read_key(&self) -> Result<Option<Keys>, ConnectionError> {
        match (&self.key_file, &self.key) {
            (Some(path), _) => Keys::in_file(path).map(Some),
            (None, Some(value)) => Keys::from_text(value).map(Some),
            (None, None) => Ok(None),
        }
    }
}
