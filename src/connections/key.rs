//! A key as people write it, and the file it lies in.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use secrecy::{ExposeSecret, SecretString};
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use super::error::ConnectionError;
use super::seal::{self, Place, SealKey, random};

/// Longest key file, in bytes.
const LONGEST_FILE: u64 = 4096;

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
            keys: read_files(path)?,
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
            keys: read_files(path)?,
            source: KeySource::Generated(path.to_owned()),
        }))
    }

    /// Makes the key file beside the database. The caller holds the lock of the database and has seen that no
    /// row is sealed.
    pub(crate) fn generate(path: &Path) -> Result<Self, ConnectionError> {
        let key = new_key()?;
        write_file(path, &key)?;
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
    ConnectionError::seal(
        format!("the stored tokens are sealed by key {needed}, {held}"),
        "give the key they were sealed with (--key-file, ZOHO_MCP_KEY_FILE or ZOHO_MCP_KEY)",
    )
}

/// Whether the permission bits of a key file let others than its owner read it.
pub(crate) fn readable_by_others(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// Where a new key waits until every row is sealed with it.
pub(crate) fn next_to(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
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

fn read_files(path: &Path) -> Result<Vec<SealKey>, ConnectionError> {
    let own = read_file(path)?;
    // What a change of key left half written keeps nobody from a key that is whole.
    let next = match read_file(&next_to(path)) {
        Err(error) if own.is_some() => {
            tracing::warn!(%error, "passed over");
            None
        }
        next => next?,
    };
    let keys: Vec<SealKey> = own.into_iter().chain(next).collect();
    if keys.is_empty() {
        return Err(ConnectionError::seal(
            format!("the key file {} does not exist", path.display()),
            "name the right file; a new one would not open the stored tokens",
        ));
    }
    if readable_by_others(path) {
        tracing::warn!(file = %path.display(), "the key file can be read by others: chmod 600 it");
    }
    Ok(keys)
}

fn read_file(path: &Path) -> Result<Option<SealKey>, ConnectionError> {
    let text = match read_small(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            return Err(ConnectionError::seal(
                format!("the key file {} holds no key", path.display()),
                FORM,
            ));
        }
        Err(error) => {
            return Err(ConnectionError::seal(
                format!("the key file {} cannot be read ({error})", path.display()),
                "give this user the right to read it",
            ));
        }
    };
    let key = parse(&text).ok_or_else(|| {
        ConnectionError::seal(format!("the key file {} holds no key", path.display()), FORM)
    })?;
    Ok(Some(key))
}

/// The text of a regular file that is no longer than a key with its line ends; a pipe is not waited for, a disk not read.
fn read_small(path: &Path) -> io::Result<String> {
    let about = fs::metadata(path)?;
    if !about.is_file() || about.len() > LONGEST_FILE {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut text = String::new();
    File::open(path)?.take(LONGEST_FILE).read_to_string(&mut text)?;
    Ok(text)
}

/// Makes a file with a new key, for a database that will be thrown away together with it.
///
/// # Errors
/// The file cannot be written.
pub fn make_key_file(path: &Path) -> Result<(), ConnectionError> {
    write_file(path, &new_key()?)
}

/// Writes a key to a file only its owner may read, whole or not at all: the draft is made under a name nobody can have
/// taken before, readable by its owner alone.
pub(crate) fn write_file(path: &Path, key: &SealKey) -> Result<(), ConnectionError> {
    let text = Zeroizing::new(format!("{}\n", written(key).as_str()));
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let written = NamedTempFile::new_in(directory.unwrap_or(Path::new("."))).and_then(|mut draft| {
        draft.write_all(text.as_bytes())?;
        draft.as_file().sync_all()?;
        draft.persist(path).map(drop).map_err(|error| error.error)
    });
    written.map_err(|error| {
        ConnectionError::seal(
            format!("the key file {} cannot be written ({error})", path.display()),
            "make its directory writable, or name a key with --key-file",
        )
    })
}
