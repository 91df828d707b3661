//! Key files: what is read as one, how one is written, and that no key is lost that something may still need.
//!
//! REAL CLOCK: some of it is about a program that knows of no sandbox.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

use zoho_mcp::sandbox::Options;

use crate::bed::Bed;
use crate::commands::{Ran, bare, finished};

const CASES: &str = r#"{"module":"Cases","limit":1}"#;

fn key_of(bed: &Bed) -> PathBuf {
    bed.home.path().join("zoho-mcp.db.key")
}

fn mode(path: &std::path::Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn a_draft_that_somebody_made_beforehand_is_not_taken() {
    let bed = Bed::empty(Options::default()).await;
    let key = key_of(&bed);
    // The shell becomes the program: the process id in the name is the program's.
    let script = r#"printf mine > "$1.$$"; chmod 666 "$1.$$"; shift; exec "$@""#;
    let connect = bed.command(&["connect"]);
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", script, "sh"])
        .arg(&key)
        .arg(connect.get_program())
        .args(connect.get_args())
        .env_clear()
        .envs(
            connect
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    finished(command, "").succeeded();
    assert_eq!(mode(&key), 0o600);
    let beside = std::fs::read_dir(bed.home.path()).unwrap();
    let mut names: Vec<String> = beside
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("key"))
        .collect();
    names.sort();
    assert_eq!(names.len(), 2, "the key and the file of somebody else: {names:?}");
    let theirs = std::fs::read_to_string(bed.home.path().join(&names[1])).unwrap();
    assert_eq!(theirs, "mine");
}

/// Runs a command that must not wait for ever.
fn soon(bed: &Bed, arguments: &[&str]) -> Ran {
    let program = bed.command(arguments);
    let mut command = Command::new("timeout");
    command
        .arg("60")
        .arg(program.get_program())
        .args(program.get_args())
        .env_clear()
        .envs(
            program
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    finished(command, "")
}

#[tokio::test]
async fn what_is_no_file_of_a_keys_size_is_not_read() {
    let bed = Bed::connected().await;
    let (pipe, large) = (bed.home.path().join("pipe"), bed.home.path().join("large"));
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let file = std::fs::File::create(&large).unwrap();
    file.set_len(1 << 30).unwrap();
    let folder = bed.home.path().to_owned();
    for path in [&pipe, &large, &folder] {
        let path = path.to_str().unwrap();
        let named = soon(&bed, &["--key-file", path, "connections", "show"]);
        assert!(named.failed().contains("is no key file"), "{named:?}");
        let new = soon(&bed, &["connections", "rekey", "--yes", "--new-key-file", path]);
        assert!(new.failed().contains("is no key file"), "{new:?}");
    }
    bed.run(&["call", "get_records", CASES]).succeeded();
}

/// Neither settings nor a database are waited for in a pipe.
#[tokio::test]
async fn a_pipe_is_no_database_and_no_settings() {
    let bed = Bed::connected().await;
    let pipe = bed.home.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for place in [pipe.to_str().unwrap(), "/dev/zero"] {
        let url = format!("sqlite:{place}");
        let ran = soon(&bed, &["--database-url", &url, "connections", "list"]);
        assert!(ran.failed().contains("is no regular file"), "{ran:?}");
    }
    let settings = bed.home.path().join("zoho-mcp");
    std::fs::create_dir(&settings).unwrap();
    std::fs::rename(&pipe, settings.join("config.toml")).unwrap();
    let mut command = Command::new("timeout");
    command
        .arg("60")
        .arg(bare(bed.home.path(), &[]).get_program())
        .args(["connections", "list"]);
    command
        .env_clear()
        .env("XDG_CONFIG_HOME", bed.home.path())
        .env("HOME", bed.home.path());
    command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let ran = finished(command, "");
    assert!(ran.failed().contains("it is not a regular file"), "{ran:?}");
}

#[tokio::test]
async fn a_broken_draft_of_a_new_key_stops_nobody_while_the_key_opens_the_rows() {
    let bed = Bed::connected().await;
    let next = bed.home.path().join("zoho-mcp.db.key.new");
    let broken: [fn(&std::path::Path); 3] = [
        |path| std::fs::write(path, "half a k").unwrap(),
        |path| std::fs::create_dir(path).unwrap(),
        |path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success()),
    ];
    for make in broken {
        make(&next);
        soon(&bed, &["call", "get_records", CASES]).succeeded();
        if next.is_dir() {
            std::fs::remove_dir(&next).unwrap();
        } else {
            std::fs::remove_file(&next).unwrap();
        }
    }
    std::fs::write(&next, "half a k").unwrap();
    soon(&bed, &["connections", "rekey", "--yes"]).succeeded();
    bed.run(&["call", "get_records", CASES]).succeeded();
    // Without the key it is what has to be mended.
    std::fs::rename(key_of(&bed), &next).unwrap();
    bed.run(&["call", "get_records", CASES]).succeeded();
    std::fs::write(&next, "half a k").unwrap();
    let lost = soon(&bed, &["connections", "show"]);
    assert!(lost.failed().contains("zoho-mcp.db.key.new"), "{lost:?}");
}

#[tokio::test]
async fn the_key_before_is_kept_and_opens_a_backup() {
    let bed = Bed::connected().await;
    let before = bed.run(&["connections", "show"]).succeeded()["key_id"].clone();
    let (key, backup) = (key_of(&bed), bed.home.path().join("backup.db"));
    let old = std::fs::read_to_string(&key).unwrap();
    let statement = format!("VACUUM INTO '{}'", backup.display());
    let mut database = <sqlx::SqliteConnection as sqlx::Connection>::connect(&bed.database_url())
        .await
        .unwrap();
    let statement: &'static str = statement.leak();
    sqlx::query(statement).execute(&mut database).await.unwrap();
    sqlx::Connection::close(database).await.unwrap();

    let done = bed.run(&["connections", "rekey", "--yes"]).succeeded();
    let kept = PathBuf::from(done["kept"].as_str().unwrap());
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), old, "{done}");
    let name = kept.file_name().unwrap().to_str().unwrap();
    assert!(
        name.contains(before.as_str().unwrap()) && name.ends_with(".old"),
        "{name}"
    );
    assert_eq!(mode(&kept), 0o600);
    assert_ne!(std::fs::read_to_string(&key).unwrap(), old);

    let restored = |arguments: &[&str]| {
        let mut command = bed.command(arguments);
        command.env("ZOHO_MCP_DATABASE_URL", format!("sqlite:{}", backup.display()));
        finished(command, "")
    };
    restored(&["--key-file", kept.to_str().unwrap(), "call", "get_records", CASES]).succeeded();
    // Put in its place, the backup names the key it needs and where that lies.
    for rest in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{rest}", bed.database().display()));
    }
    std::fs::copy(&backup, bed.database()).unwrap();
    let shown = bed.run(&["connections", "show"]);
    assert!(shown.failed().contains(kept.to_str().unwrap()), "{shown:?}");
}

#[tokio::test]
async fn a_named_key_file_is_left_alone_when_a_new_one_is_named() {
    let bed = Bed::empty(Options::default()).await;
    let (old, new) = (bed.home.path().join("old.key"), bed.home.path().join("new.key"));
    std::fs::write(&old, "5f".repeat(32)).unwrap();
    std::fs::write(&new, "6e".repeat(32)).unwrap();
    let (old_path, new_path) = (old.to_str().unwrap(), new.to_str().unwrap());
    bed.run(&["--key-file", old_path, "connect"]).succeeded();
    let rekey = [
        "--key-file",
        old_path,
        "connections",
        "rekey",
        "--new-key-file",
        new_path,
    ];
    let unsure = bed.run(&rekey);
    assert!(unsure.failed().contains("--yes"), "{unsure:?}");
    let done = bed.run(&[&rekey[..], &["--yes"]].concat()).succeeded();
    assert_eq!(done["kept"], old_path);
    assert!(done["next"].as_str().unwrap().contains(new_path), "{done}");
    assert_eq!(std::fs::read_to_string(&old).unwrap(), "5f".repeat(32));
    assert_eq!(std::fs::read_to_string(&new).unwrap(), "6e".repeat(32));
    bed.run(&["--key-file", new_path, "call", "get_records", CASES])
        .succeeded();
    let outdated = bed.run(&["--key-file", old_path, "connections", "show"]);
    assert!(outdated.failed().contains("sealed by key"), "{outdated:?}");

    // A random key goes to the file that is named, whose key is kept beside it.
    let random = ["--key-file", new_path, "connections", "rekey", "--yes"];
    let done = bed.run(&random).succeeded();
    let kept = std::fs::read_to_string(done["kept"].as_str().unwrap()).unwrap();
    assert_ne!(std::fs::read_to_string(&new).unwrap(), "6e".repeat(32));
    std::fs::write(&old, kept).unwrap();
    let shown = bed.run(&[
        "--key-file",
        old_path,
        "connections",
        "rekey",
        "--yes",
        "--new-key-file",
        new_path,
    ]);
    shown.failed();
    bed.run(&["--key-file", new_path, "call", "get_records", CASES])
        .succeeded();
}

#[test]
fn a_directory_that_others_may_write_is_warned_about() {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join("shared");
    std::fs::create_dir(&place).unwrap();
    std::fs::set_permissions(&place, std::fs::Permissions::from_mode(0o777)).unwrap();
    std::fs::write(place.join("k"), "5f".repeat(32)).unwrap();
    std::fs::set_permissions(place.join("k"), std::fs::Permissions::from_mode(0o600)).unwrap();
    let database = format!("sqlite:{}", home.path().join("z.db").display());
    let key = place.join("k").display().to_string();
    let ran = finished(
        bare(
            home.path(),
            &[
                "--database-url",
                &database,
                "--key-file",
                &key,
                "connections",
                "rekey",
                "--yes",
            ],
        ),
        "",
    );
    assert!(ran.told.contains("others can replace"), "{ran:?}");
}

#[tokio::test]
async fn a_new_key_file_that_is_missing_is_called_a_new_one() {
    let bed = Bed::connected().await;
    let missing = bed.home.path().join("missing.key").display().to_string();
    let refused = bed.run(&["connections", "rekey", "--yes", "--new-key-file", &missing]);
    let told = refused.failed();
    assert!(
        told.contains("new key file") && !told.contains("would not open"),
        "{told}"
    );
}
