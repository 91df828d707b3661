//! The rows in PostgreSQL.

use std::time::Duration;

use secrecy::SecretString;
use sqlx::migrate::Migrator;
use sqlx::{Connection as _, PgConnection};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::timeout;
use zoho_mcp::clock::Clock;
use zoho_mcp::connections::{Caller, ConnectionError, Connections, KeySettings, NewKey, Refresh};
use zoho_mcp::database::Database;

use super::fake::{NOW, consent, text};
use crate::postgres::fresh_database;

/// How long a listener waits for another word.
const WAIT: Duration = Duration::from_secs(2);

fn connections(url: &str, clock: &Clock) -> Connections {
    let key = KeySettings {
        key_file: None,
        key: Some(SecretString::from("5e".repeat(32))),
        ..KeySettings::default()
    };
    Connections::new(Database::Postgres(url.into()), key, clock.clone())
}

#[tokio::test]
async fn postgresql_behaves() {
    let Some(url) = fresh_database() else {
        return;
    };
    let clock = Clock::fixed(NOW);
    super::store::behaves(&connections(&url, &clock), &clock).await;
    let keyless = Connections::new(
        Database::Postgres(url.as_str().into()),
        KeySettings::default(),
        clock,
    );
    let error = keyless
        .find(&Caller::User("ada".to_owned()), None)
        .await
        .unwrap_err();
    assert!(matches!(&error, ConnectionError::Seal { .. }), "{error:?}");
    assert!(
        error.to_string().contains("PostgreSQL database needs a key"),
        "{error}"
    );
}

#[tokio::test]
async fn an_organization_that_was_found_behaves_on_postgresql() {
    let Some(url) = fresh_database() else {
        return;
    };
    let clock = Clock::fixed(NOW);
    let consent = consent("ada", "default", NOW);
    super::organization::behaves(&connections(&url, &clock), &consent).await;
}

/// Until somebody waits for a lock of this database.
async fn until_one_waits(url: &str) {
    let mut watching = PgConnection::connect(url).await.unwrap();
    let waiting = "SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid) \
         WHERE NOT granted AND datname = current_database())";
    let until = async {
        while !sqlx::query_scalar::<_, bool>(waiting)
            .fetch_one(&mut watching)
            .await
            .unwrap()
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), until)
        .await
        .expect("nobody waits for a lock");
}

/// What a row is good for is looked at in the transaction that replaces it.
#[tokio::test]
async fn a_row_that_becomes_one_of_another_server_meanwhile_is_not_replaced() {
    let Some(url) = fresh_database() else {
        return;
    };
    let clock = Clock::fixed(NOW);
    let connections = connections(&url, &clock);
    connections.save(&consent("ada", "there", NOW)).await.unwrap();
    for (name, change) in [
        (
            "there",
            "UPDATE zoho_connections SET accounts_url = 'https://accounts.zoho.in' WHERE name = 'there'",
        ),
        (
            "new",
            "INSERT INTO zoho_connections (user_id, name, dc, accounts_url, api_domain, desk_url, client_id, key_id, created_at, \
             updated_at) VALUES ('ada', 'new', 'in', 'https://accounts.zoho.in', '', '', '', '', 1, 1)",
        ),
    ] {
        let mut other = PgConnection::connect(&url).await.unwrap();
        let mut changing = other.begin().await.unwrap();
        sqlx::query(change).execute(&mut *changing).await.unwrap();
        let consent = consent("ada", name, NOW);
        let (saved, ()) = tokio::join!(connections.save(&consent), async {
            until_one_waits(&url).await;
            changing.commit().await.unwrap();
        });
        assert!(
            matches!(saved, Err(ConnectionError::OtherServer { .. })),
            "{name}: {saved:?}"
        );
        let held = connections.accounts_server("ada", name).await.unwrap();
        assert_eq!(held.as_deref(), Some("https://accounts.zoho.in"));
    }
}

#[tokio::test]
async fn a_held_row_is_waited_for_and_a_dead_holder_replaced() {
    let Some(url) = fresh_database() else {
        return;
    };
    let clock = Clock::fixed(NOW);
    let (one, two) = (connections(&url, &clock), connections(&url, &clock));
    let row = one.save(&consent("ada", "default", NOW)).await.unwrap();
    let held = one
        .lock_refresh(row.id, Duration::from_secs(1), |_| false)
        .await
        .unwrap();
    let outcome = two
        .lock_refresh(row.id, Duration::from_millis(100), |_| false)
        .await;
    assert!(matches!(outcome, Err(ConnectionError::RefreshBusy { .. })));
    two.get(row.id).await.expect("reading is never held up");
    drop(held);
    let outcome = two.lock_refresh(row.id, Duration::from_secs(5), |_| false).await;
    assert!(matches!(outcome, Ok(Refresh::Yours(_))));
}

#[tokio::test]
async fn rekeying_and_importing_work_on_postgresql() {
    let Some(url) = fresh_database() else {
        return;
    };
    let clock = Clock::fixed(NOW);
    let one = connections(&url, &clock);
    one.save(&consent("ada", "default", NOW)).await.unwrap();
    let new = SecretString::from("6f".repeat(32));
    assert!(one.rekey(None).await.is_err(), "the new key must be given");
    assert_eq!(one.rekey(Some(&NewKey::Text(new.clone()))).await.unwrap().rows, 1);
    assert!(matches!(
        one.find(&Caller::Only, None).await,
        Err(ConnectionError::Seal { .. })
    ));
    let key = KeySettings {
        key_file: None,
        key: Some(new),
        ..KeySettings::default()
    };
    let renewed = Connections::new(Database::Postgres(url.as_str().into()), key, clock.clone());
    assert_eq!(
        text(&renewed.find(&Caller::Only, None).await.unwrap().refresh_token),
        "the-refresh-token"
    );

    let old = fresh_database().unwrap();
    let mut connection = PgConnection::connect(&old).await.unwrap();
    sqlx::raw_sql(
        "CREATE TABLE zoho_connections (id UUID, user_id INT, refresh_token TEXT, client_id TEXT, client_secret TEXT, \
         token_expires_at TIMESTAMPTZ, dc TEXT, scopes JSONB); \
         INSERT INTO zoho_connections VALUES (gen_random_uuid(), 7, 'r7', 'c7', 's7', '2027-01-15T08:00:00Z', 'eu', '[\"Desk.tickets.ALL\"]')",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    let source = Database::Postgres(old.as_str().into());
    renewed
        .import(&source, None, super::import::complete)
        .await
        .unwrap();
    let row = renewed.find(&Caller::User("7".to_owned()), None).await.unwrap();
    assert_eq!(
        (text(&row.refresh_token), row.token_expires_at),
        ("r7", Some(NOW))
    );
    assert_eq!(row.scopes, ["Desk.tickets.ALL"]);
}

#[tokio::test]
async fn migrations_go_down_and_up_again_on_postgresql() {
    let Some(url) = fresh_database() else {
        return;
    };
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    let migrator = Migrator::new(path).await.unwrap();
    for _ in 0..2 {
        migrator.run(&mut connection).await.unwrap();
        migrator.undo(&mut connection, 0).await.unwrap();
        let left: bool = sqlx::query_scalar("SELECT to_regclass('zoho_connections') IS NULL")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert!(left);
    }
}

/// Hostile input 24: each lock of the database alone may be waited for that long.
#[tokio::test]
async fn a_table_that_is_held_keeps_nobody_waiting_past_the_wait() {
    let Some(url) = fresh_database() else {
        return;
    };
    let connections = connections(&url, &Clock::fixed(NOW));
    let row = connections.save(&consent("ada", "default", NOW)).await.unwrap();
    let mut other = PgConnection::connect(&url).await.unwrap();
    let mut held = other.begin().await.unwrap();
    let lock = "LOCK TABLE zoho_connections IN ACCESS EXCLUSIVE MODE";
    sqlx::query(lock).execute(&mut *held).await.unwrap();
    let asked = connections.lock_refresh(row.id, Duration::from_millis(200), |_| false);
    let asked = tokio::time::timeout(Duration::from_secs(60), asked).await;
    let asked = asked.expect("the wait has an end");
    assert!(matches!(asked, Err(ConnectionError::RefreshBusy { .. })));
    let ada = Caller::User("ada".to_owned());
    let reading = tokio::time::timeout(Duration::from_secs(60), connections.find(&ada, None)).await;
    let error = reading.expect("so has a plain reading").unwrap_err().to_string();
    assert!(error.contains("did not answer in time"), "{error}");
    held.rollback().await.unwrap();
    let asked = connections.lock_refresh(row.id, Duration::from_secs(60), |_| false);
    assert!(matches!(asked.await, Ok(Refresh::Yours(_))));
}

/// Hostile input 33: PostgreSQL's default, `sslmode=prefer`, sends the password in plain text to whoever answers that it
/// has no TLS. On Linux 0.0.0.0 leads to this machine and is no loopback address.
#[tokio::test]
async fn another_machine_is_told_no_password_in_plain_text() {
    for (parameter, told) in [("", false), ("?sslmode=disable", true), ("?sslmode=prefer", true)] {
        let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = tokio::spawn(async move {
            let mut heard = Vec::new();
            for _ in 0..2 {
                let Ok(Ok((mut stream, _))) = timeout(WAIT, listener.accept()).await else {
                    break;
                };
                let mut part = [0; 4096];
                while let Ok(Ok(length @ 1..)) = timeout(WAIT, stream.read(&mut part)).await {
                    heard.extend_from_slice(&part[..length]);
                    // N: no TLS; R 3: the password in plain text, please (PostgreSQL, Message Formats).
                    let answer: &[u8] = match length {
                        8 => b"N",
                        _ => b"R\0\0\0\x08\0\0\0\x03",
                    };
                    let _ = stream.write_all(answer).await;
                }
            }
            heard
        });
        let url = format!("postgres://u:S3CRETxyz@0.0.0.0:{port}/db{parameter}");
        let error = connections(&url, &Clock::fixed(NOW))
            .find(&Caller::User("ada".to_owned()), None)
            .await
            .unwrap_err();
        let heard = heard.await.unwrap();
        let has_heard = heard.windows(9).any(|part| part == b"S3CRETxyz");
        assert_eq!(has_heard, told, "{parameter}: {error}");
        if !told {
            assert!(error.to_string().contains("?sslmode=disable"), "{error}");
        }
    }
}
