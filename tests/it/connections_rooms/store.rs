//! The rows in SQLite.

use secrecy::SecretString;
use sqlx::migrate::Migrator;
use sqlx::{Connection as _, SqliteConnection};
use zoho_mcp::clock::Clock;
use zoho_mcp::connections::{Caller, ConnectionError, Connections, KeySettings};
use zoho_mcp::database::Database;

use super::fake::{NOW, consent, open, text};

/// What both databases must do alike.
pub(crate) async fn behaves(connections: &Connections, clock: &Clock) {
    let ada = Caller::User("ada".to_owned());
    assert_eq!(
        connections
            .find(&Caller::Only, None)
            .await
            .unwrap_err()
            .to_string(),
        "No Zoho connection found"
    );
    assert_eq!(
        connections.resolve(&ada, None).await.unwrap_err(),
        ConnectionError::NoConnection
    );
    assert!(connections.list(&Caller::Only).await.unwrap().is_empty());

    let work = connections.save(&consent("ada", "work", NOW)).await.unwrap();
    clock.advance(5);
    let home = connections.save(&consent("ada", "home", NOW)).await.unwrap();
    assert_eq!(
        connections.find(&ada, None).await.unwrap().name,
        "home",
        "the newest"
    );
    assert_eq!(connections.find(&Caller::Only, None).await.unwrap().name, "home");
    assert_eq!(
        connections.find(&Caller::Only, Some("work")).await.unwrap().id,
        work.id
    );
    connections.set_default("ada", work.id).await.unwrap();
    assert_eq!(
        connections.find(&ada, None).await.unwrap().name,
        "work",
        "the marked one"
    );
    connections.set_default("ada", home.id).await.unwrap();
    let marked: Vec<_> = connections.list(&ada).await.unwrap();
    assert_eq!(
        marked
            .iter()
            .filter(|entry| entry.connection.as_ref().unwrap().is_default)
            .count(),
        1
    );

    assert_eq!(
        connections.find(&ada, Some("nothing")).await.unwrap_err(),
        ConnectionError::UnknownConnection {
            name: "nothing".into(),
            names: vec!["home".into(), "work".into()]
        }
    );
    assert_eq!(
        connections.rename("ada", work.id, "home").await.unwrap_err(),
        ConnectionError::NameTaken { name: "home".into() }
    );
    connections.rename("ada", work.id, "office").await.unwrap();
    assert_eq!(connections.find(&ada, Some("office")).await.unwrap().id, work.id);

    clock.advance(5);
    connections.save(&consent("bob", "home", NOW)).await.unwrap();
    for name in [None, Some("home")] {
        let error = connections.find(&Caller::Only, name).await.unwrap_err();
        assert!(matches!(error, ConnectionError::ChooseUser { .. }), "{error}");
    }
    for foreign in [
        "' OR 1=1 --",
        "bob'; DROP TABLE zoho_connections; --",
        "ada\0bob",
        "ADA",
        "1",
        "",
    ] {
        let user = Caller::User(foreign.to_owned());
        let outcome = connections.find(&user, None).await;
        // PostgreSQL takes no NUL in text; that is refused as well, only by the database.
        assert!(outcome.is_err(), "{foreign:?}");
        assert!(
            connections.find(&ada, Some(foreign)).await.is_err(),
            "{foreign:?}"
        );
    }
    assert!(!connections.remove("bob", home.id).await.unwrap(), "not his");
    connections.set_default("bob", home.id).await.unwrap();
    connections.rename("bob", home.id, "stolen").await.unwrap();
    let kept = connections.get(home.id).await.unwrap();
    assert_eq!((kept.name.as_str(), kept.is_default), ("home", true));
    assert!(connections.remove("ada", home.id).await.unwrap());
    assert_eq!(connections.find(&ada, None).await.unwrap().id, work.id);
    assert_eq!(connections.list_all().await.unwrap().len(), 2);

    let again = connections
        .save(&consent("ada", "office", NOW + 9))
        .await
        .unwrap();
    assert_eq!(
        (again.id, again.token_expires_at),
        (work.id, Some(NOW + 9)),
        "the same name is the same row"
    );
    assert_eq!(again.created_at, NOW);
}

#[tokio::test]
async fn sqlite_behaves() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(NOW);
    behaves(&open(&directory, &clock), &clock).await;
}

#[tokio::test]
async fn nothing_is_opened_before_it_is_used() {
    let directory = tempfile::tempdir().unwrap();
    let connections = open(&directory, &Clock::fixed(NOW));
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
    assert_eq!(
        connections.find(&Caller::Only, None).await.unwrap_err(),
        ConnectionError::NoConnection
    );
    assert!(directory.path().join("zoho.db").exists());
    assert!(
        !directory.path().join("zoho.db.key").exists(),
        "no key before there is something to seal"
    );
}

#[tokio::test]
async fn the_directory_is_made_when_it_is_missing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("deep/down/zoho.db");
    let connections = Connections::new(
        Database::SqliteFile(path.clone()),
        KeySettings::default(),
        Clock::fixed(NOW),
    );
    connections.save(&consent("ada", "default", NOW)).await.unwrap();
    assert!(path.exists());
}

#[test]
fn fifty_at_once_on_a_missing_database_all_succeed() {
    let directory = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for number in 0..50 {
            let directory = &directory;
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap();
                runtime.block_on(async {
                    let connections = open(directory, &Clock::fixed(NOW));
                    connections
                        .save(&consent("ada", &format!("c{number}"), NOW))
                        .await
                        .unwrap();
                });
            });
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let entries = runtime
        .block_on(open(&directory, &Clock::fixed(NOW)).list(&Caller::Only))
        .unwrap();
    assert_eq!(
        entries.iter().filter(|entry| entry.connection.is_ok()).count(),
        50,
        "one key, one schema"
    );
}

fn problem(error: ConnectionError, path: &std::path::Path) -> String {
    let text = error.to_string();
    assert!(matches!(error, ConnectionError::Database { .. }), "{error:?}");
    assert!(text.contains(&path.display().to_string()), "{text}");
    text
}

#[tokio::test]
async fn a_broken_database_is_named_with_its_mend_and_recovers() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("zoho.db");
    std::fs::write(
        &path,
        "this is no database, whatever its name says; it is long enough to be taken for one".repeat(20),
    )
    .unwrap();
    let connections = open(&directory, &Clock::fixed(NOW));
    let text = problem(connections.find(&Caller::Only, None).await.unwrap_err(), &path);
    assert!(text.contains("damaged") && text.contains("backup"), "{text}");
    std::fs::remove_file(&path).unwrap();
    connections.save(&consent("ada", "default", NOW)).await.unwrap();

    let aside = directory.path().join("aside");
    std::fs::rename(&path, &aside).unwrap();
    let text = problem(connections.find(&Caller::Only, None).await.unwrap_err(), &path);
    assert!(text.contains("is gone"), "{text}");
    problem(connections.find(&Caller::Only, None).await.unwrap_err(), &path);
    std::fs::rename(&aside, &path).unwrap();
    connections.find(&Caller::Only, None).await.unwrap();
}

#[tokio::test]
async fn a_path_that_cannot_be_is_named() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("file"), "").unwrap();
    for path in [directory.path().join("file/zoho.db"), directory.path().to_owned()] {
        let connections = Connections::new(
            Database::SqliteFile(path.clone()),
            KeySettings::default(),
            Clock::fixed(NOW),
        );
        problem(connections.find(&Caller::Only, None).await.unwrap_err(), &path);
    }
}

async fn raw(directory: &tempfile::TempDir) -> SqliteConnection {
    SqliteConnection::connect(&format!(
        "sqlite://{}?mode=rwc",
        directory.path().join("zoho.db").display()
    ))
    .await
    .unwrap()
}

#[tokio::test]
async fn a_newer_schema_and_a_foreign_table_are_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    open(&directory, &Clock::fixed(NOW))
        .save(&consent("ada", "default", NOW))
        .await
        .unwrap();
    let mut connection = raw(&directory).await;
    sqlx::raw_sql("INSERT INTO _sqlx_migrations SELECT 9000, 'later', installed_on, success, checksum, execution_time FROM _sqlx_migrations LIMIT 1")
        .execute(&mut connection)
        .await
        .unwrap();
    let error = open(&directory, &Clock::fixed(NOW))
        .find(&Caller::Only, None)
        .await
        .unwrap_err();
    let text = problem(error, &directory.path().join("zoho.db"));
    assert!(
        text.contains("newer zoho-mcp (schema 9000)") && text.contains("update zoho-mcp"),
        "{text}"
    );

    let directory = tempfile::tempdir().unwrap();
    let mut connection = raw(&directory).await;
    sqlx::raw_sql("CREATE TABLE zoho_connections (id INTEGER, user_id TEXT)")
        .execute(&mut connection)
        .await
        .unwrap();
    let error = open(&directory, &Clock::fixed(NOW))
        .find(&Caller::Only, None)
        .await
        .unwrap_err();
    let text = problem(error, &directory.path().join("zoho.db"));
    assert!(text.contains("connections import"), "{text}");
}

#[tokio::test]
async fn a_busy_database_is_waited_for() {
    let directory = tempfile::tempdir().unwrap();
    let connections = open(&directory, &Clock::fixed(NOW));
    let row = connections.save(&consent("ada", "default", NOW)).await.unwrap();
    let mut holder = raw(&directory).await;
    sqlx::raw_sql("BEGIN IMMEDIATE")
        .execute(&mut holder)
        .await
        .unwrap();
    connections
        .find(&Caller::Only, None)
        .await
        .expect("reading goes on while another writes");
    let (written, ()) = tokio::join!(connections.set_default("ada", row.id), async {
        sqlx::raw_sql("SELECT 1; COMMIT")
            .execute(&mut holder)
            .await
            .unwrap();
    });
    written.unwrap();
}

#[tokio::test]
async fn migrations_go_down_and_up_again() {
    let directory = tempfile::tempdir().unwrap();
    let mut connection = raw(&directory).await;
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
    let migrator = Migrator::new(path).await.unwrap();
    for _ in 0..2 {
        migrator.run(&mut connection).await.unwrap();
        migrator.undo(&mut connection, 0).await.unwrap();
        let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master WHERE name LIKE 'zoho%'")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(left, 0);
    }
}

#[tokio::test]
async fn a_row_of_the_version_before_is_read_and_made_anew() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(NOW);
    let new = consent("ada", "default", NOW);
    open(&directory, &clock).save(&new).await.unwrap();
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
    let migrator = Migrator::new(path).await.unwrap();
    let last = migrator.iter().map(|migration| migration.version).max().unwrap();
    let mut connection = raw(&directory).await;
    migrator.undo(&mut connection, last - 1).await.unwrap();
    connection.close().await.unwrap();
    let connections = open(&directory, &clock);
    let row = connections.find(&Caller::Only, None).await.unwrap();
    assert_eq!(text(&row.refresh_token), "the-refresh-token");
    assert_eq!(connections.save(&new).await.unwrap().id, row.id);
}

#[tokio::test]
async fn postgresql_needs_an_explicit_key_and_a_server() {
    let url: SecretString = "postgres://nobody:hidden-password@127.0.0.1:1/zoho".into();
    let connections = Connections::new(Database::Postgres(url), KeySettings::default(), Clock::fixed(NOW));
    let error = connections.find(&Caller::Only, None).await.unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, ConnectionError::Database { .. }), "{text}");
    assert!(
        text.contains("127.0.0.1:1") && !text.contains("hidden-password"),
        "{text}"
    );
}
