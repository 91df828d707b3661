//! The key in the keyring of the system, in files, and told by the operator.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;
use zoho_mcp::clock::Clock;
use zoho_mcp::connections::{
    Caller, Connection, ConnectionError, Connections, KeySettings, KeySource, Keyring, KeyringEntries,
};
use zoho_mcp::database::Database;

use super::fake::{NOW, consent, text};

/// Longer than any test takes.
const PATIENCE: Duration = Duration::from_secs(120);

/// A keyring in memory that counts how often it is asked for an entry, and may fail from some change on.
#[derive(Clone, Default)]
struct Memory {
    entries: Arc<Mutex<HashMap<String, String>>>,
    reads: Arc<AtomicUsize>,
    changes_left: Arc<Mutex<Option<usize>>>,
}

impl Memory {
    fn change(&self) -> Result<(), String> {
        match &mut *self.changes_left.lock().unwrap() {
            Some(0) => Err("was taken away".to_owned()),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }
}

impl Memory {
    /// Takes out the keys that are only kept, by their ids.
    fn take_kept(&self) -> Vec<String> {
        let mut kept = Vec::new();
        self.entries.lock().unwrap().retain(|entry, _| {
            let id = entry
                .strip_suffix(".old")
                .and_then(|rest| rest.rsplit('.').next());
            kept.extend(id.map(str::to_owned));
            id.is_none()
        });
        kept
    }
}

impl KeyringEntries for Memory {
    fn read(&self, entry: &str) -> Result<Option<SecretString>, String> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        let entries = self.entries.lock().unwrap();
        Ok(entries.get(entry).map(|text| text.as_str().into()))
    }

    fn write(&self, entry: &str, text: &SecretString) -> Result<(), String> {
        self.change()?;
        let text = text.expose_secret().to_owned();
        self.entries.lock().unwrap().insert(entry.to_owned(), text);
        Ok(())
    }

    fn remove(&self, entry: &str) -> Result<(), String> {
        self.change()?;
        self.entries.lock().unwrap().remove(entry);
        Ok(())
    }
}

/// A locked keyring: it answers nothing until the other end of the channel is gone.
struct Locked {
    until: Mutex<mpsc::Receiver<()>>,
    asked: Arc<AtomicUsize>,
}

impl Locked {
    fn wait<T>(&self) -> Result<T, String> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let _ = self.until.lock().unwrap().recv();
        Err("was not unlocked".to_owned())
    }
}

impl KeyringEntries for Locked {
    fn read(&self, _: &str) -> Result<Option<SecretString>, String> {
        self.wait()
    }

    fn write(&self, _: &str, _: &SecretString) -> Result<(), String> {
        self.wait()
    }

    fn remove(&self, _: &str) -> Result<(), String> {
        self.wait()
    }
}

fn open(directory: &TempDir, keyring: Keyring, make_in_keyring: bool) -> Connections {
    let key = KeySettings {
        keyring: Some(keyring),
        make_in_keyring,
        ..KeySettings::default()
    };
    let database = Database::SqliteFile(directory.path().join("zoho.db"));
    Connections::new(database, key, Clock::fixed(NOW))
}

fn with(directory: &TempDir, memory: &Memory, make_in_keyring: bool) -> Connections {
    open(directory, Keyring::of(memory.clone(), PATIENCE), make_in_keyring)
}

async fn ada(connections: &Connections) -> Result<Connection, ConnectionError> {
    connections.find(&Caller::User("ada".to_owned()), None).await
}

/// A database whose key was made in the keyring, and the id of that key.
async fn made_in(memory: &Memory) -> (TempDir, String) {
    let directory = tempfile::tempdir().unwrap();
    let connections = with(&directory, memory, true);
    let row = connections.save(&consent("ada", "default", NOW)).await.unwrap();
    (directory, row.key_id)
}

fn key_file(directory: &TempDir) -> std::path::PathBuf {
    directory.path().join("zoho.db.key")
}

#[tokio::test]
async fn a_key_made_in_the_keyring_is_read_there_once_by_the_next_process() {
    let memory = Memory::default();
    let (directory, id) = made_in(&memory).await;
    assert!(!key_file(&directory).exists());
    let later = with(&directory, &memory, false);
    let before = memory.reads.load(Ordering::SeqCst);
    let row = ada(&later).await.unwrap();
    assert_eq!(
        (text(&row.refresh_token), &row.key_id),
        ("the-refresh-token", &id)
    );
    let read = memory.reads.load(Ordering::SeqCst);
    assert!(read > before);
    ada(&later).await.unwrap();
    later.save(&consent("bob", "default", NOW)).await.unwrap();
    assert_eq!(
        memory.reads.load(Ordering::SeqCst),
        read,
        "the key was known already"
    );
    assert!(!key_file(&directory).exists());
    let (source, shown) = later.key().await.unwrap().unwrap();
    let entry = directory.path().canonicalize().unwrap().join("zoho.db");
    assert_eq!(
        (source, shown),
        (KeySource::Keyring(entry.display().to_string()), id)
    );
}

#[tokio::test]
async fn without_being_told_the_first_key_goes_to_a_file_and_the_keyring_is_not_asked() {
    let memory = Memory::default();
    let directory = tempfile::tempdir().unwrap();
    let connections = with(&directory, &memory, false);
    let row = connections.save(&consent("ada", "default", NOW)).await.unwrap();
    ada(&connections).await.unwrap();
    assert!(key_file(&directory).exists());
    connections.remove("ada", row.id).await.unwrap();
    assert_eq!(connections.forget_unneeded_key().await.unwrap(), None);
    assert_eq!(memory.reads.load(Ordering::SeqCst), 0);
    assert!(memory.entries.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_explicit_key_comes_before_the_keyring() {
    let memory = Memory::default();
    let (directory, id) = made_in(&memory).await;
    let asked = memory.reads.load(Ordering::SeqCst);
    let key = KeySettings {
        key: Some("ab".repeat(32).into()),
        keyring: Some(Keyring::of(memory.clone(), PATIENCE)),
        make_in_keyring: true,
        ..KeySettings::default()
    };
    let database = Database::SqliteFile(directory.path().join("zoho.db"));
    let error = ada(&Connections::new(database, key, Clock::fixed(NOW))).await;
    assert!(error.unwrap_err().to_string().contains(&id));
    assert_eq!(memory.reads.load(Ordering::SeqCst), asked);
}

#[tokio::test]
async fn a_keyring_without_the_entry_gives_the_error_that_names_the_key_and_makes_none() {
    let memory = Memory::default();
    let (directory, id) = made_in(&memory).await;
    memory.entries.lock().unwrap().clear();
    let lost = with(&directory, &memory, true);
    for error in [
        ada(&lost).await.unwrap_err(),
        lost.save(&consent("bob", "default", NOW)).await.unwrap_err(),
    ] {
        assert!(matches!(error, ConnectionError::Seal { .. }), "{error:?}");
        assert!(
            error.to_string().contains(&format!("sealed by key {id}")),
            "{error}"
        );
    }
    assert!(lost.key().await.unwrap_err().to_string().contains(&id));
    assert!(memory.entries.lock().unwrap().is_empty());
    assert!(!key_file(&directory).exists());
}

#[tokio::test]
async fn a_locked_keyring_is_given_up_and_holds_one_thread_only() {
    let (directory, id) = made_in(&Memory::default()).await;
    let (unlock, until) = mpsc::channel();
    let asked = Arc::new(AtomicUsize::new(0));
    let locked = Locked {
        until: Mutex::new(until),
        asked: Arc::clone(&asked),
    };
    let keyring = Keyring::of(locked, Duration::from_millis(30));
    let connections = open(&directory, keyring.clone(), true);
    for _ in 0..3 {
        let message = ada(&connections).await.unwrap_err().to_string();
        assert!(message.contains(&format!("sealed by key {id}")), "{message}");
        assert!(message.contains("did not answer within"), "{message}");
    }
    let empty = tempfile::tempdir().unwrap();
    let refused = open(&empty, keyring, true)
        .save(&consent("ada", "default", NOW))
        .await;
    let message = refused.unwrap_err().to_string();
    assert!(
        message.contains("did not answer within") && message.contains("--key-file"),
        "{message}"
    );
    assert!(
        !key_file(&empty).exists(),
        "who asked for the keyring gets no file"
    );
    assert!(asked.load(Ordering::SeqCst) <= 1);
    drop(unlock);
}

#[tokio::test]
async fn changing_a_key_in_the_keyring_reaches_running_processes_and_survives_a_cut() {
    let memory = Memory::default();
    let (directory, id) = made_in(&memory).await;
    let (one, other) = (with(&directory, &memory, false), with(&directory, &memory, false));
    ada(&other).await.unwrap();
    let old = memory.entries.lock().unwrap().clone();
    let done = one.rekey(None).await.unwrap();
    assert_eq!((done.rows, &done.from), (1, &id));
    assert_ne!(done.to, id);
    assert_eq!(ada(&other).await.unwrap().key_id, done.to);
    assert_eq!(memory.take_kept(), [id], "a backup needs it");
    // As if the process had died between the last row and the change of the entry.
    let cut = {
        let mut entries = memory.entries.lock().unwrap();
        assert_eq!(entries.len(), 1, "nothing waits any more");
        let (entry, new) = entries.drain().next().unwrap();
        entries.insert(entry.clone(), old[&entry].clone());
        entries.insert(format!("{entry}.new"), new);
        with(&directory, &memory, false)
    };
    assert_eq!(text(&ada(&cut).await.unwrap().refresh_token), "the-refresh-token");
    let again = cut.rekey(None).await.unwrap();
    assert_eq!(again.from, done.to);
    assert_eq!(ada(&other).await.unwrap().key_id, again.to);
    assert_eq!(memory.take_kept().len(), 2);
    assert_eq!(memory.entries.lock().unwrap().len(), 1);
}

/// Whether there is a key file, and how many entries beside those that are only kept.
fn file_and_entry(directory: &TempDir, memory: &Memory) -> (bool, usize) {
    let entries = memory.entries.lock().unwrap();
    let in_use = entries.keys().filter(|entry| !entry.ends_with(".old"));
    (key_file(directory).exists(), in_use.count())
}

#[tokio::test]
async fn a_key_beside_the_database_moves_to_the_keyring_when_it_is_changed_there() {
    let memory = Memory::default();
    let directory = tempfile::tempdir().unwrap();
    let (before, running) = (with(&directory, &memory, false), with(&directory, &memory, false));
    let id = before.save(&consent("ada", "default", NOW)).await.unwrap().key_id;
    ada(&running).await.unwrap();
    let stays = before.rekey(None).await.unwrap();
    assert!(
        matches!(stays.source, KeySource::Generated(_)),
        "nobody asked for the keyring"
    );
    assert_eq!(file_and_entry(&directory, &memory), (true, 0));

    let moved = with(&directory, &memory, true).rekey(None).await.unwrap();
    assert!(matches!(moved.source, KeySource::Keyring(_)), "{moved:?}");
    assert_eq!((moved.rows, &moved.from), (1, &stays.to));
    assert_eq!(memory.take_kept(), [stays.to.as_str()], "a backup needs it");
    assert_ne!(moved.to, id);
    assert_eq!(file_and_entry(&directory, &memory), (false, 1));
    assert_eq!(ada(&running).await.unwrap().key_id, moved.to);
    let bob = running.save(&consent("bob", "default", NOW)).await.unwrap();
    assert_eq!(bob.key_id, moved.to);
    assert_eq!(file_and_entry(&directory, &memory), (false, 1));
}

#[tokio::test]
async fn a_move_to_the_keyring_that_was_cut_short_is_finished_by_the_next() {
    for entry_ends in ["", ".new"] {
        let memory = Memory::default();
        let directory = tempfile::tempdir().unwrap();
        let connections = with(&directory, &memory, false);
        connections.save(&consent("ada", "default", NOW)).await.unwrap();
        let file = std::fs::read_to_string(key_file(&directory)).unwrap();
        let moved = with(&directory, &memory, true).rekey(None).await.unwrap();
        memory.take_kept();
        // As if the process had died before the file was removed, or before the entry took its name.
        std::fs::write(key_file(&directory), &file).unwrap();
        {
            let mut entries = memory.entries.lock().unwrap();
            let (entry, key) = entries.drain().next().unwrap();
            entries.insert(format!("{entry}{entry_ends}"), key);
        }
        let later = with(&directory, &memory, true);
        assert_eq!(ada(&later).await.unwrap().key_id, moved.to);
        let bob = later.save(&consent("bob", "default", NOW)).await.unwrap();
        assert_ne!(bob.key_id, moved.to, "sealed with the file that was left");
        let again = later.rekey(None).await.unwrap();
        assert_eq!(again.rows, 2);
        assert_eq!(file_and_entry(&directory, &memory), (false, 1));
        let reader = with(&directory, &memory, false);
        assert_eq!(
            text(&ada(&reader).await.unwrap().refresh_token),
            "the-refresh-token"
        );
    }
}

#[tokio::test]
async fn a_change_of_key_that_fails_at_any_step_leaves_every_row_readable() {
    for begins_in_keyring in [false, true] {
        let mut failed = 0;
        for steps in 0.. {
            let memory = Memory::default();
            let directory = tempfile::tempdir().unwrap();
            let first = with(&directory, &memory, begins_in_keyring);
            first.save(&consent("ada", "default", NOW)).await.unwrap();
            *memory.changes_left.lock().unwrap() = Some(steps);
            let done = with(&directory, &memory, true).rekey(None).await;
            ada(&with(&directory, &memory, false)).await.unwrap();
            *memory.changes_left.lock().unwrap() = None;
            // Twice more, each change cut after its first step or not at all.
            for left in [Some(1), None] {
                *memory.changes_left.lock().unwrap() = left;
                let again = with(&directory, &memory, true).rekey(None).await;
                assert!(again.is_ok() || left.is_some(), "{again:?}");
                ada(&with(&directory, &memory, false)).await.unwrap();
            }
            assert_eq!(file_and_entry(&directory, &memory), (false, 1));
            if done.is_ok() {
                break;
            }
            failed += 1;
        }
        assert!(failed >= 2, "{failed} steps could fail");
    }
}

/// Who takes everything away leaves no key behind; a process that still holds it makes another one before it seals.
#[tokio::test]
async fn the_last_connection_takes_the_key_with_it() {
    let memory = Memory::default();
    let (directory, id) = made_in(&memory).await;
    let running = with(&directory, &memory, true);
    ada(&running).await.unwrap();
    let connections = with(&directory, &memory, true);
    connections.save(&consent("bob", "default", NOW)).await.unwrap();
    for (user, is_last) in [("ada", false), ("bob", true)] {
        let row = connections
            .find(&Caller::User(user.to_owned()), None)
            .await
            .unwrap();
        connections.remove(user, row.id).await.unwrap();
        let gone = connections.forget_unneeded_key().await.unwrap();
        assert_eq!(gone.is_some(), is_last, "{user}");
        assert_eq!(memory.entries.lock().unwrap().is_empty(), is_last, "{user}");
    }
    let row = running.save(&consent("ada", "default", NOW)).await.unwrap();
    assert_ne!(row.key_id, id);
    let (_, kept) = connections.key().await.unwrap().unwrap();
    assert_eq!(kept, row.key_id);
}
