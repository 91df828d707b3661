//! The operating system's keyring as a place for the key.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use keyring::{Entry, Error};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Mutex, oneshot};

use super::key::{FORM, encode, parse};
use super::keys::Keys;
use super::seal::SealKey;
use super::{ConnectionError, KeySource};

/// What entries of this program are called where a person sees them.
pub const KEYRING_SERVICE: &str = "zoho-mcp";

/// A keyring that is locked waits for a person, who may not be there.
const LIMIT: Duration = Duration::from_secs(2);

/// The entries of a keyring, each a short secret text by its name. Every call may block for as long as it likes;
/// a failure is told as the end of a sentence about the keyring, without any secret.
pub trait KeyringEntries: Send + Sync {
    /// The text of an entry; `None` when there is no such entry.
    ///
    /// # Errors
    /// The keyring cannot be asked.
    fn read(&self, entry: &str) -> Result<Option<SecretString>, String>;
    /// Makes an entry, or replaces its text.
    ///
    /// # Errors
    /// The keyring takes nothing.
    fn write(&self, entry: &str, text: &SecretString) -> Result<(), String>;
    /// Removes an entry; one that does not exist is as good as removed.
    ///
    /// # Errors
    /// The keyring cannot be asked.
    fn remove(&self, entry: &str) -> Result<(), String>;
}

/// A keyring that may keep the key of a SQLite database, in an entry named by the database's path; none keeps
/// that of a PostgreSQL database, which people on other machines, with other keyrings, share. It is asked
/// in a thread of its own, one question at a time, and given up when it takes too long.
#[derive(Clone)]
pub struct Keyring {
    entries: Arc<dyn KeyringEntries>,
    limit: Duration,
    turn: Arc<Mutex<()>>,
}

impl Keyring {
    /// The operating system's: Keychain, Credential Manager or Secret Service. It is not touched yet.
    pub fn system() -> Self {
        Self::of(System, LIMIT)
    }

    /// One with these entries, which is given up after `limit`.
    pub fn of(entries: impl KeyringEntries + 'static, limit: Duration) -> Self {
        Self {
            entries: Arc::new(entries),
            limit,
            turn: Arc::default(),
        }
    }

    /// The key of that entry, and the one a change of key left behind when it was cut short.
    pub(crate) async fn read(&self, entry: &str) -> Result<Option<Keys>, ConnectionError> {
        let (name, next) = (entry.to_owned(), next_to(entry));
        let texts = self
            .ask(move |entries| Ok([entries.read(&name)?, entries.read(&next)?]))
            .await?;
        let [named, waiting] = texts.map(|text| text.map(|text| parse(text.expose_secret())));
        if named.as_ref().or(waiting.as_ref()).is_some_and(Option::is_none) {
            return Err(ConnectionError::seal(
                format!("the keyring entry {entry} holds no key"),
                FORM,
            ));
        }
        let keys: Vec<SealKey> = [named, waiting].into_iter().flatten().flatten().collect();
        Ok((!keys.is_empty()).then(|| Keys::of(keys, KeySource::Keyring(entry.to_owned()))))
    }

    /// Puts a key into an entry.
    pub(crate) async fn write(&self, entry: &str, key: &SealKey) -> Result<(), ConnectionError> {
        let (name, text) = (entry.to_owned(), SecretString::from(encode(key).as_str()));
        self.ask(move |entries| entries.write(&name, &text)).await
    }

    /// Puts a key next to an entry, where it waits until every row is sealed with it.
    pub(crate) async fn write_next(&self, entry: &str, key: &SealKey) -> Result<(), ConnectionError> {
        self.write(&next_to(entry), key).await
    }

    /// Makes the key that waited the key of the entry; the one before is kept.
    pub(crate) async fn take_place(&self, entry: &str, key: &SealKey) -> Result<(), ConnectionError> {
        let (name, text) = (entry.to_owned(), SecretString::from(encode(key).as_str()));
        let id = key.id().to_owned();
        self.ask(move |entries| {
            if let Some(before) = entries.read(&name)?
                && let Some(key) = parse(before.expose_secret()).filter(|key| key.id() != id)
            {
                entries.write(&past_key_at(&name, key.id()), &before)?;
            }
            entries.write(&name, &text)?;
            entries.remove(&next_to(&name))
        })
        .await
    }

    /// Keeps keys that were an entry's or made way for it: backups are sealed with them.
    pub(crate) async fn keep(&self, entry: &str, keys: &[SealKey]) -> Result<(), ConnectionError> {
        for key in keys {
            self.write(&past_key_at(entry, key.id()), key).await?;
        }
        Ok(())
    }

    /// Takes an entry out, and what waited to take its place.
    pub(crate) async fn forget(&self, entry: &str) -> Result<(), ConnectionError> {
        let (name, next) = (entry.to_owned(), next_to(entry));
        self.ask(move |entries| {
            entries.remove(&next)?;
            entries.remove(&name)
        })
        .await
    }

    /// The thread keeps the turn until the keyring has answered, so that one that hangs holds one thread only.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn KeyringEntries) -> Result<T, String> + Send + 'static,
    ) -> Result<T, ConnectionError> {
        let answered = async {
            let turn = Arc::clone(&self.turn).lock_owned().await;
            let entries = Arc::clone(&self.entries);
            let (tell, told) = oneshot::channel();
            thread::Builder::new()
                .name("keyring".to_owned())
                .spawn(move || {
                    let answer = question(entries.as_ref());
                    drop(turn);
                    let _ = tell.send(answer);
                })
                .map_err(|error| format!("could not be asked ({error})"))?;
            told.await
                .unwrap_or_else(|_| Err("broke off without an answer".to_owned()))
        };
        let answer = tokio::time::timeout(self.limit, answered).await;
        answer
            .unwrap_or_else(|_| {
                let seconds = self.limit.as_secs_f32();
                Err(format!("did not answer within {seconds} s; it may be locked"))
            })
            .map_err(|why| {
                ConnectionError::seal(
                    format!("the keyring {why}"),
                    "start or unlock it, leave --keyring out, or name a key (--key-file, ZOHO_MCP_KEY_FILE or ZOHO_MCP_KEY)",
                )
            })
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Keyring")
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

/// The entry for the key of a database: its path, the same from every working directory.
pub(crate) fn entry_of(database: &Path) -> String {
    let path = database
        .canonicalize()
        .or_else(|_| std::path::absolute(database))
        .unwrap_or_else(|_| database.to_owned());
    path.display().to_string()
}

fn next_to(entry: &str) -> String {
    format!("{entry}.new")
}

/// The entry where the key of that id stays after another has taken its place.
pub(crate) fn past_key_at(entry: &str, id: &str) -> String {
    format!("{entry}.{id}.old")
}

struct System;

impl KeyringEntries for System {
    fn read(&self, entry: &str) -> Result<Option<SecretString>, String> {
        match named(entry)?.get_password() {
            Ok(text) => Ok(Some(text.into())),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(explained(&error)),
        }
    }

    fn write(&self, entry: &str, text: &SecretString) -> Result<(), String> {
        named(entry)?
            .set_password(text.expose_secret())
            .map_err(|error| explained(&error))
    }

    fn remove(&self, entry: &str) -> Result<(), String> {
        match named(entry)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(explained(&error)),
        }
    }
}

fn named(entry: &str) -> Result<Entry, String> {
    if let Err(error) = Entry::store_status() {
        return Err(explained(error));
    }
    Entry::new(KEYRING_SERVICE, entry).map_err(|error| explained(&error))
}

fn explained(error: &Error) -> String {
    match error {
        // What the system says is about sockets and buses.
        Error::PlatformFailure(cause) if cfg!(target_os = "linux") => {
            tracing::debug!(%cause, "the keyring cannot be asked");
            "of this machine does not answer: no keyring service (GNOME Keyring, KWallet) runs for this user"
                .to_owned()
        }
        error => format!("cannot be used ({error})"),
    }
}
