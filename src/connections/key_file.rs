//! A key in a file: read from a short regular file and nothing else, written whole or not at all, and kept beside it
//! when another key takes its place.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use super::error::ConnectionError;
use super::key::{FORM, encode, new_key, parse};
use super::seal::SealKey;
use crate::regular::remedy::Remedy;
use crate::regular::{directory_of, warn_of_open_directory};

/// No key is written longer, with whatever a person may have put around it.
const MOST_BYTES: u64 = 4096;

/// Where a new key waits until every row is sealed with it.
pub(crate) fn next_to(path: &Path) -> PathBuf {
    with(path, ".new")
}

/// Where the key of that id stays after another has taken its place: backups need it.
pub(crate) fn past_key_at(path: &Path, id: &str) -> PathBuf {
    with(path, &format!(".{id}.old"))
}

fn with(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// The key of a file, and the one a change of key left beside it when it was cut short. One that cannot be read there
/// counts only when there is no other.
pub(crate) fn read_both(path: &Path) -> Result<Vec<SealKey>, ConnectionError> {
    let mut keys = Vec::from_iter(read(path)?);
    match read(&next_to(path)) {
        Ok(next) => keys.extend(next),
        Err(error) if keys.is_empty() => return Err(error),
        Err(error) => {
            tracing::warn!(%error, "a change of key was cut short and has left nothing that can be used")
        }
    }
    if keys.is_empty() {
        return Err(missing(path));
    }
    if readable_by_others(path) {
        tracing::warn!(file = %path.display(), "the key file can be read by others: chmod 600 it");
    }
    warn_of_open_directory(path);
    Ok(keys)
}

/// The new key, in a file that has to be there.
pub(crate) fn read_new(path: &Path) -> Result<SealKey, ConnectionError> {
    read(path)?.ok_or_else(|| {
        ConnectionError::seal(
            format!("the new key file {} does not exist", path.display()),
            "write a key into it first, or leave it out for a new random one: nothing was changed",
        )
    })
}

/// The key of a file; `None` when there is no such file.
pub(crate) fn read(path: &Path) -> Result<Option<SealKey>, ConnectionError> {
    let unreadable = |error: io::Error| {
        let refused = ConnectionError::seal(
            format!("the key file {} cannot be read ({error})", path.display()),
            "give this user the right to read it",
        );
        match error.kind() {
            io::ErrorKind::PermissionDenied => refused.remedied(Remedy::Unlock(vec![path.to_owned()])),
            _ => refused,
        }
    };
    let about = match fs::metadata(path) {
        Ok(about) => about,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    // A pipe would be waited for, and a large file read to its end.
    if !about.is_file() || about.len() > MOST_BYTES {
        return Err(ConnectionError::seal(
            format!(
                "{} is no key file: it is no regular file of {MOST_BYTES} bytes at most",
                path.display()
            ),
            FORM,
        ));
    }
    let mut text = Zeroizing::new(String::new());
    let opened = File::open(path).map_err(unreadable)?;
    let read = opened.take(MOST_BYTES).read_to_string(&mut text);
    read.map_err(unreadable)?;
    let key = parse(&text).ok_or_else(|| {
        ConnectionError::seal(
            format!("the key file {} holds no key", path.display()),
            format!(
                "where tokens are sealed already, restore it from a backup: no new key opens them ({FORM})"
            ),
        )
    })?;
    Ok(Some(key))
}

fn missing(path: &Path) -> ConnectionError {
    ConnectionError::seal(
        format!("the key file {} does not exist", path.display()),
        "name the right file; a new one would not open the stored tokens",
    )
}

/// Makes a file with a new key, for a database that will be thrown away together with it.
///
/// # Errors
/// The file cannot be written.
pub fn make_key_file(path: &Path) -> Result<(), ConnectionError> {
    write(path, &new_key()?)
}

/// Writes a key to a file only its owner may read, in place of what was there.
pub(crate) fn write(path: &Path, key: &SealKey) -> Result<(), ConnectionError> {
    let drafted = draft(path, key).and_then(|draft| Ok(draft.persist(path)?));
    drafted.map(drop).map_err(|error| unwritable(path, &error))
}

/// Writes a key to a file that is not there yet; whoever made one meanwhile keeps it.
pub(crate) fn write_first(path: &Path, key: &SealKey) -> Result<(), ConnectionError> {
    let drafted = draft(path, key).and_then(|draft| Ok(draft.persist_noclobber(path)?));
    drafted.map(drop).map_err(|error| unwritable(path, &error))
}

/// A file of its own name in the directory of `path`, which nobody can have made beforehand.
fn draft(path: &Path, key: &SealKey) -> io::Result<NamedTempFile> {
    let mut draft = NamedTempFile::new_in(directory_of(path))?;
    let text = Zeroizing::new(format!("{}\n", encode(key).as_str()));
    draft.write_all(text.as_bytes())?;
    draft.as_file().sync_all()?;
    Ok(draft)
}

fn unwritable(path: &Path, error: &io::Error) -> ConnectionError {
    ConnectionError::seal(
        format!("the key file {} cannot be written ({error})", path.display()),
        "make its directory writable, or name a key with --key-file",
    )
}

/// The key that waits beside a file takes its place; the one before is kept.
pub(crate) fn take_place(path: &Path) -> Result<(), ConnectionError> {
    if let Some(before) = read(path)? {
        write(&past_key_at(path, before.id()), &before)?;
    }
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

/// Removes a generated file whose keys are in no row any more, and are kept elsewhere.
pub(crate) fn remove(path: &Path) -> Result<(), ConnectionError> {
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

/// Whether the permission bits of a file let others than its owner read it.
pub(crate) fn readable_by_others(path: &Path) -> bool {
    mode(path) & 0o077 != 0
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).map_or(0, |about| about.permissions().mode())
}

#[cfg(not(unix))]
fn mode(_: &Path) -> u32 {
    0
}
