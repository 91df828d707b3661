//! What is sealed in the rows, and what opens it.

use proptest::prelude::*;
use secrecy::ExposeSecret;
use sqlx::{Connection as _, Row as _};
use zoho_mcp::clock::Clock;
use zoho_mcp::connections::{Caller, ConnectionError, Connections, KeySettings, KeySource};
use zoho_mcp::database::Database;

use super::fake::{House, NOW, consent, open, text};
use super::refresh::sql;

const COLUMNS: [&str; 3] = ["client_secret", "access_token", "refresh_token"];

async fn stored(house: &House, column: &str, user: &str) -> String {
    let url = format!("sqlite://{}", house.database().display());
    let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let row = sqlx::query("SELECT * FROM zoho_connections WHERE user_id = $1")
        .bind(user)
        .fetch_one(&mut connection)
        .await;
    row.unwrap().get(column)
}

async fn write(house: &House, column: &'static str, user: &str, value: &str) {
    let url = format!("sqlite://{}", house.database().display());
    let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let statement = match column {
        "client_secret" => "UPDATE zoho_connections SET client_secret = $1 WHERE user_id = $2",
        "access_token" => "UPDATE zoho_connections SET access_token = $1 WHERE user_id = $2",
        _ => "UPDATE zoho_connections SET refresh_token = $1 WHERE user_id = $2",
    };
    sqlx::query(statement)
        .bind(value)
        .bind(user)
        .execute(&mut connection)
        .await
        .unwrap();
}

async fn find(house: &House, user: &str) -> Result<zoho_mcp::connections::Connection, ConnectionError> {
    house.connections.find(&Caller::User(user.to_owned()), None).await
}

fn is_seal<T: std::fmt::Debug>(outcome: Result<T, ConnectionError>) -> String {
    match outcome {
        Err(error @ ConnectionError::Seal { .. }) => error.to_string(),
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn secrets_are_sealed_in_the_file_and_differ_each_time() {
    let house = House::new().await;
    house.connect(3000).await;
    let bytes = std::fs::read(house.database()).unwrap();
    let wal = std::fs::read(house.directory.path().join("zoho.db-wal")).unwrap_or_default();
    for secret in ["client-secret", "first-access", "the-refresh-token"] {
        for file in [&bytes, &wal] {
            assert!(
                !file
                    .windows(secret.len())
                    .any(|window| window == secret.as_bytes()),
                "{secret} in the clear"
            );
        }
    }
    let first = stored(&house, "refresh_token", "ada").await;
    assert!(first.starts_with("v1.") && first.split('.').count() == 4);
    house.connect(3000).await;
    assert_ne!(stored(&house, "refresh_token", "ada").await, first);
    let row = house.ada().await;
    assert_eq!(text(&row.refresh_token), "the-refresh-token");
    assert_eq!(row.account.client_secret.expose_secret(), "client-secret");
    let shown = format!("{row:?} {:?}", house.consent("ada", "x", 1));
    for secret in ["client-secret", "first-access", "the-refresh-token"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn a_secret_opens_only_in_its_own_cell() {
    let house = House::new().await;
    house.connect(3000).await;
    house
        .connections
        .save(&house.consent("bob", "default", 3000))
        .await
        .unwrap();
    for from in COLUMNS {
        for into in COLUMNS {
            for user in ["ada", "bob"] {
                if (from, user) == (into, "ada") {
                    continue;
                }
                let kept = stored(&house, into, user).await;
                write(&house, into, user, &stored(&house, from, "ada").await).await;
                is_seal(find(&house, user).await);
                write(&house, into, user, &kept).await;
                find(&house, user).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn an_edited_user_id_opens_nothing() {
    let house = House::new().await;
    house.connect(3000).await;
    sql(&house, "UPDATE zoho_connections SET user_id = 'mallory'").await;
    let message = is_seal(find(&house, "mallory").await);
    assert!(message.contains("sealed for another row"), "{message}");
    assert_eq!(
        find(&house, "ada").await.unwrap_err(),
        ConnectionError::NoConnection
    );
    let entries = house
        .connections
        .list(&Caller::User("mallory".to_owned()))
        .await
        .unwrap();
    assert!(
        entries[0].connection.is_err(),
        "it is listed, so that it can be removed"
    );
    assert!(house.connections.remove("mallory", entries[0].id).await.unwrap());
}

#[test]
fn anything_cut_or_changed_is_refused() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let house = runtime.block_on(House::new());
    runtime.block_on(house.connect(3000));
    let sealed = runtime.block_on(stored(&house, "refresh_token", "ada"));
    let changes = (
        0..sealed.len(),
        prop_oneof![Just(None), any::<char>().prop_map(Some)],
    );
    proptest!(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() }, |((at, replacement) in changes)| {
        let mut changed: String = sealed.chars().take(at).collect();
        if let Some(sign) = replacement {
            changed.push(sign);
            changed.extend(sealed.chars().skip(at + 1));
        }
        prop_assume!(changed != sealed);
        runtime.block_on(write(&house, "refresh_token", "ada", &changed));
        let outcome = runtime.block_on(find(&house, "ada"));
        prop_assert!(matches!(outcome, Err(ConnectionError::Seal { .. })), "{}: {:?}", changed, outcome);
    });
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_belong_to_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let house = House::new().await;
    house.connect(3000).await;
    let mut seen = 0;
    for entry in std::fs::read_dir(house.directory.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode & 0o077, 0, "{:?} {mode:o}", entry.file_name());
        seen += 1;
    }
    assert!(seen >= 3, "database, key, locks");
}

fn with_key(house: &House, key: KeySettings) -> Connections {
    Connections::new(Database::SqliteFile(house.database()), key, Clock::fixed(NOW))
}

#[tokio::test]
async fn no_key_is_made_while_rows_are_sealed_by_an_unknown_one() {
    let house = House::new().await;
    let row = house.connect(3000).await;
    let key_file = house.directory.path().join("zoho.db.key");
    let aside = house.directory.path().join("aside");
    std::fs::rename(&key_file, &aside).unwrap();
    let (lost, _) = house.another();
    let message = is_seal(lost.find(&Caller::Only, None).await);
    assert!(message.contains(&row.key_id), "{message}");
    let message = is_seal(lost.save(&consent("bob", "default", NOW)).await);
    assert!(message.contains(&row.key_id), "{message}");
    assert!(!key_file.exists());
    let named = with_key(
        &house,
        KeySettings {
            key_file: Some(aside.clone()),
            key: None,
            ..KeySettings::default()
        },
    );
    assert_eq!(named.find(&Caller::Only, None).await.unwrap().id, row.id);
    assert_eq!(
        named.key().await.unwrap().unwrap().0,
        KeySource::File(aside.clone())
    );
    let value = std::fs::read_to_string(&aside).unwrap();
    let valued = with_key(
        &house,
        KeySettings {
            key_file: None,
            key: Some(value.into()),
            ..KeySettings::default()
        },
    );
    assert_eq!(valued.find(&Caller::Only, None).await.unwrap().id, row.id);
    let wrong = "ab".repeat(32);
    let wrong = with_key(
        &house,
        KeySettings {
            key_file: None,
            key: Some(wrong.into()),
            ..KeySettings::default()
        },
    );
    let message = is_seal(wrong.find(&Caller::Only, None).await);
    assert!(message.contains(&row.key_id), "{message}");
    for bad in ["", "short", "not base64 at all!", &"zz".repeat(32)] {
        is_seal(
            with_key(
                &house,
                KeySettings {
                    key_file: None,
                    key: Some(bad.into()),
                    ..KeySettings::default()
                },
            )
            .find(&Caller::Only, None)
            .await,
        );
    }
    let missing = KeySettings {
        key_file: Some(house.directory.path().join("nowhere")),
        key: None,
        ..KeySettings::default()
    };
    is_seal(with_key(&house, missing).find(&Caller::Only, None).await);
}

#[tokio::test]
async fn changing_the_key_keeps_every_secret_and_running_processes() {
    let house = House::new().await;
    let before = house.connect(3000).await;
    house
        .connections
        .save(&house.consent("bob", "default", 3000))
        .await
        .unwrap();
    let (other, _) = house.another();
    other.find(&Caller::User("bob".to_owned()), None).await.unwrap();
    let done = house.connections.rekey(None).await.unwrap();
    assert_eq!((done.rows, done.from.as_str()), (2, before.key_id.as_str()));
    assert_ne!(done.from, done.to);
    for connections in [&house.connections, &other] {
        let row = connections
            .find(&Caller::User("bob".to_owned()), None)
            .await
            .unwrap();
        assert_eq!(
            (text(&row.refresh_token), row.key_id.as_str()),
            ("the-refresh-token", done.to.as_str())
        );
    }
    let saved = other.save(&house.consent("eve", "default", 1)).await.unwrap();
    assert_eq!(saved.key_id, done.to);
    assert!(!house.directory.path().join("zoho.db.key.new").exists());
}

#[tokio::test]
async fn a_change_of_key_cut_short_is_carried_on() {
    let house = House::new().await;
    house.connect(3000).await;
    let key = house.directory.path().join("zoho.db.key");
    let old = std::fs::read(&key).unwrap();
    house.connections.rekey(None).await.unwrap();
    // As if the process had died between the last row and the renaming of the file.
    std::fs::rename(&key, house.directory.path().join("zoho.db.key.new")).unwrap();
    std::fs::write(&key, old).unwrap();
    let later = open(&house.directory, &house.clock);
    assert_eq!(
        text(&later.find(&Caller::Only, None).await.unwrap().refresh_token),
        "the-refresh-token"
    );
    later.rekey(None).await.unwrap();
    assert_eq!(
        text(&later.find(&Caller::Only, None).await.unwrap().refresh_token),
        "the-refresh-token"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_key_is_read_from_small_regular_files_only() {
    let house = House::new().await;
    house.connect(3000).await;
    let pipe = house.directory.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let large = house.directory.path().join("large");
    std::fs::File::create(&large).unwrap().set_len(1 << 40).unwrap();
    for file in [pipe, large, house.directory.path().to_owned()] {
        let settings = KeySettings {
            key_file: Some(file.clone()),
            ..KeySettings::default()
        };
        let message = is_seal(with_key(&house, settings).find(&Caller::Only, None).await);
        assert!(message.contains("is no key file"), "{file:?}: {message}");
    }
}

#[tokio::test]
async fn a_broken_new_key_keeps_nobody_from_the_good_one() {
    let house = House::new().await;
    let row = house.connect(3000).await;
    std::fs::write(house.directory.path().join("zoho.db.key.new"), "half a k").unwrap();
    let (again, _) = house.another();
    assert_eq!(again.find(&Caller::Only, None).await.unwrap().id, row.id);
    // Without the good one, what is broken is told.
    std::fs::remove_file(house.directory.path().join("zoho.db.key")).unwrap();
    let (lost, _) = house.another();
    let message = is_seal(lost.find(&Caller::Only, None).await);
    assert!(message.contains("zoho.db.key.new holds no key"), "{message}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_key_file_takes_over_nothing_that_lies_there_already() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    let aim = directory.path().join("aim");
    std::fs::write(&aim, "mine").unwrap();
    let key = directory.path().join("zoho.key");
    // The name that drafts once had, and the file itself: both lead elsewhere.
    let draft = directory.path().join(format!("zoho.key.{}", std::process::id()));
    std::os::unix::fs::symlink(&aim, &draft).unwrap();
    std::os::unix::fs::symlink(&aim, &key).unwrap();
    zoho_mcp::connections::make_key_file(&key).unwrap();
    assert_eq!(std::fs::read_to_string(&aim).unwrap(), "mine");
    let made = std::fs::symlink_metadata(&key).unwrap();
    assert!(
        made.is_file() && made.permissions().mode() & 0o777 == 0o600,
        "{made:?}"
    );
}
