//! A signal ends the server in two seconds whatever runs, and nothing that is thrown away stays behind (hostile input 2, 22,
//! 23, 27).
//! REAL CLOCK: how long an end takes is what these look at, and `--sandbox` lives in the present.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::{Connection as _, Row as _, SqliteConnection};

use crate::bed::{Bed, USER};
use crate::commands::bare;
use crate::processes::Process;

/// The promise is two seconds; a machine that does much else may add to it.
const SOON: Duration = Duration::from_millis(4_500);

fn tell(child: &Child, signal: &str) {
    let told = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status();
    assert!(told.unwrap().success());
}

/// How a process ended, and how long that took.
fn ended(child: &mut Child) -> (ExitStatus, Duration) {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return (status, begun.elapsed());
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "it does not end");
        std::thread::yield_now();
    }
}

#[track_caller]
fn ends_soon(what: &str, server: &mut Process) {
    tell(&server.child, "-TERM");
    let (status, took) = ended(&mut server.child);
    assert_eq!(status.code(), Some(0), "{what}");
    assert!(took < SOON, "{what}: {took:?}");
}

fn serving(bed: &Bed) -> Process {
    let mut server = Process::start(bed.command(&["stdio"]));
    server.shake_hands();
    server
}

fn ask(server: &mut Process, arguments: &Value) {
    let params = json!({ "name": "get_records", "arguments": arguments });
    server.send(&json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params }));
}

/// Until a request has come to the sandbox, whether it is answered or not.
async fn until_asked(bed: &Bed) {
    let asked = async { while bed.seen().await.is_empty() {} };
    tokio::time::timeout(Duration::from_secs(60), asked)
        .await
        .expect("it asks");
}

#[tokio::test]
async fn the_server_ends_whatever_it_computes() {
    let bed = Bed::connected().await;
    let filters = |count: usize| {
        (0..count)
            .map(|number| (format!("key{number}"), json!("x")))
            .collect::<serde_json::Map<_, _>>()
    };
    let long = "a".repeat(1 << 20);
    let list = json!(vec!["x"; 100_000]).to_string();
    for arguments in [
        json!({ "module": "Cases", "filters": filters(10_000) }),
        json!({ "module": "Cases", "filters": filters(100_000) }),
        json!({ "module": "Cases", "sort_by": long }),
        json!({ "module": "Cases", "filters": { long.as_str(): 1 } }),
        json!({ "module": "Cases", "fields": list }),
        json!({ "module": "a".repeat(15 << 20) }),
    ] {
        let mut server = serving(&bed);
        ask(&mut server, &arguments);
        ends_soon(&arguments.to_string()[..60], &mut server);
    }
}

#[tokio::test]
async fn the_server_ends_whatever_it_waits_for() {
    let bed = Bed::connected().await;
    let cases = json!({ "module": "Cases", "limit": 1 });

    bed.admin(json!({ "latency_ms": 60_000 })).await;
    let mut server = serving(&bed);
    bed.forget().await;
    ask(&mut server, &cases);
    until_asked(&bed).await;
    ends_soon("a call that hangs", &mut server);

    bed.admin(json!({ "latency_ms": 0, "token_latency_ms": 60_000 }))
        .await;
    bed.sql("UPDATE zoho_connections SET token_expires_at = NOW - 10")
        .await;
    let mut server = serving(&bed);
    bed.forget().await;
    ask(&mut server, &cases);
    until_asked(&bed).await;
    ends_soon("a token that is not given", &mut server);

    let mut holder = SqliteConnection::connect(&bed.database_url()).await.unwrap();
    for held in ["PRAGMA locking_mode = EXCLUSIVE", "BEGIN EXCLUSIVE"] {
        sqlx::query(held).execute(&mut holder).await.unwrap();
    }
    let mut server = serving(&bed);
    ask(&mut server, &cases);
    ends_soon("a database that is held", &mut server);
}

/// A client that reads nothing any more: its pipe is full, and further answers wait for room in it.
#[tokio::test]
async fn the_server_ends_although_nobody_reads_it() {
    let bed = Bed::connected().await;
    for signal in ["-TERM", "-INT", "-HUP"] {
        let mut server = serving(&bed);
        bed.forget().await;
        server.ask(60);
        // Each answer is of two kilobytes at least, with the same as text again; a pipe holds 64 of Linux.
        let all_asked = async { while bed.seen().await.len() < 60 {} };
        let in_time = tokio::time::timeout(Duration::from_secs(60), all_asked);
        in_time.await.expect("they ask");
        tell(&server.child, signal);
        let (status, took) = ended(&mut server.child);
        assert_eq!(status.code(), Some(0), "{signal}");
        assert!(took < SOON, "{signal}: {took:?}");
    }
}

/// The folders for throw-away things of a program, and the program.
struct ThrowAway {
    home: tempfile::TempDir,
}

impl ThrowAway {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("tmp")).unwrap();
        ThrowAway { home }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = bare(self.home.path(), arguments);
        command.env("TMPDIR", self.folder()).env("ZOHO_MCP_USER", USER);
        command
    }

    fn folder(&self) -> PathBuf {
        self.home.path().join("tmp")
    }

    fn left(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.folder()).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    /// Until a folder is there.
    fn begun(&self) -> PathBuf {
        let begun = Instant::now();
        loop {
            if let Some(folder) = self.left().pop() {
                return folder;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "no folder is made");
            std::thread::yield_now();
        }
    }
}

#[test]
fn no_throw_away_folder_outlives_a_server() {
    for end in ["-TERM", "-INT", "-HUP", "-QUIT", "eof"] {
        let place = ThrowAway::new();
        let mut server = Process::start(place.command(&["--sandbox"]));
        server.shake_hands();
        let [folder] = &place.left()[..] else {
            panic!("{end}")
        };
        let mode = std::fs::metadata(folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{end}");
        match end {
            "eof" => server.leave(),
            signal => tell(&server.child, signal),
        }
        assert_eq!(ended(&mut server.child).0.code(), Some(0), "{end}");
        assert_eq!(place.left(), Vec::<PathBuf>::new(), "{end}");
    }
}

#[test]
fn no_throw_away_folder_outlives_a_command() {
    for arguments in [
        &["--sandbox", "doctor"][..],
        &["--sandbox", "connections", "list"],
        &["--sandbox"],
        &["demo"],
    ] {
        let place = ThrowAway::new();
        let mut command = place.command(arguments);
        let spawned = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let mut child = spawned.unwrap();
        place.begun();
        tell(&child, "-TERM");
        ended(&mut child);
        assert_eq!(place.left(), Vec::<PathBuf>::new(), "{arguments:?}");
    }
}

/// The end that does not wait for the serving thread takes the folder along.
#[tokio::test]
async fn a_forced_end_leaves_no_throw_away_folder() {
    let place = ThrowAway::new();
    let mut server = Process::start(place.command(&["--sandbox"]));
    server.shake_hands();
    let database = database_in(&place.begun());
    let mut database = SqliteConnection::connect(&database).await.unwrap();
    let row = sqlx::query("UPDATE zoho_connections SET token_expires_at = 1 RETURNING accounts_url");
    let sandbox: String = row.fetch_one(&mut database).await.unwrap().get(0);
    database.close().await.unwrap();
    let http = crate::bed::http().build().unwrap();
    let admin = http.post(format!("{sandbox}/__sandbox/admin"));
    admin
        .body(json!({ "token_latency_ms": 60_000 }).to_string())
        .send()
        .await
        .unwrap();
    ask(&mut server, &json!({ "module": "Cases", "limit": 1 }));
    let asked = async {
        loop {
            let stats = http
                .get(format!("{sandbox}/__sandbox/stats"))
                .send()
                .await
                .unwrap();
            let stats: Value = serde_json::from_slice(&stats.bytes().await.unwrap()).unwrap();
            if stats["token_calls"].as_u64().unwrap() > 1 {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), asked)
        .await
        .expect("it asks for a token");
    ends_soon("a token that is not given", &mut server);
    assert_eq!(place.left(), Vec::<PathBuf>::new());
}

fn database_in(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("zoho-mcp.db").display())
}
