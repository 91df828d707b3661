//! A throw-away PostgreSQL: one cluster for the whole test binary, a fresh database for each caller.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::require::{Tool, foreign, require};

/// The URL of a new, empty database, or `None` (told) where PostgreSQL is not installed. It carries no password:
/// the cluster listens on loopback only and trusts it.
pub(crate) fn fresh_database() -> Option<String> {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let programs = require(Tool::PostgreSql)?;
    let cluster = CLUSTER.get_or_init(|| Cluster::start(programs));
    let name = format!("zoho_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let port = cluster.port.to_string();
    cluster.run(
        "createdb",
        &[
            "-h",
            "127.0.0.1",
            "-p",
            &port,
            "-U",
            USER,
            "-T",
            "template0",
            &name,
        ],
    );
    Some(format!("postgres://{USER}@127.0.0.1:{port}/{name}"))
}

const USER: &str = "zoho";

struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    owner: Option<(u32, u32)>,
}

impl Cluster {
    fn start(programs: PathBuf) -> Cluster {
        let folder = tempfile::Builder::new()
            .prefix("zoho-mcp-postgres-")
            .tempdir()
            .unwrap()
            .keep();
        let owner = (fs::metadata(&folder).unwrap().uid() == 0).then(unprivileged);
        if let Some((user, group)) = owner {
            chown(&folder, Some(user), Some(group)).unwrap();
        }
        let mut cluster = Cluster {
            programs,
            folder,
            port: 0,
            owner,
        };
        let data = cluster.data();
        let fixed = [
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--no-instructions",
        ];
        cluster.run("initdb", &[&["-D", &data, "-U", USER], &fixed[..]].concat());
        cluster.guard();
        // Somebody else may take the free port before PostgreSQL does: three tries.
        for _ in 0..3 {
            cluster.port = TcpListener::bind("127.0.0.1:0")
                .unwrap()
                .local_addr()
                .unwrap()
                .port();
            if cluster.listen() {
                return cluster;
            }
        }
        panic!(
            "PostgreSQL does not start: {}",
            fs::read_to_string(cluster.log()).unwrap_or_default()
        );
    }

    fn data(&self) -> String {
        self.folder.join("data").to_str().unwrap().to_owned()
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    fn listen(&self) -> bool {
        let settings = format!(
            "-c port={} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=700 \
             -c fsync=off -c synchronous_commit=off -c full_page_writes=off",
            self.port
        );
        let (data, log) = (self.data(), self.log());
        let mut start = self.command("pg_ctl");
        start
            .args(["-D", &data, "-w", "-t", "60", "-o", &settings, "-l"])
            .arg(log)
            .arg("start");
        start.stdout(Stdio::null()).stderr(Stdio::null());
        start.status().unwrap().success()
    }

    /// A shell that outlives this process: its standard input closes when the process ends, however it ends, and
    /// then it stops the cluster and removes its folder.
    fn guard(&self) {
        let script =
            "trap '' INT TERM HUP; read -r _; \"$1\" -D \"$2/data\" -m immediate stop; rm -rf \"$2\"";
        let mut shell = self.as_owner(Path::new("/bin/sh"));
        shell
            .args(["-c", script, "guard"])
            .arg(self.programs.join("pg_ctl"))
            .arg(&self.folder);
        shell
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        std::mem::forget(shell.spawn().unwrap());
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let output = self.command(program).args(arguments).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{program}: {told}");
    }

    fn command(&self, program: &str) -> Command {
        let mut command = self.as_owner(&self.programs.join(program));
        command.stdin(Stdio::null());
        command
    }

    fn as_owner(&self, program: &Path) -> Command {
        let mut command = foreign(program);
        command
            .current_dir(&self.folder)
            .env_remove("PGPASSFILE")
            .env_remove("PGOPTIONS")
            .env("LC_ALL", "C");
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command
    }
}

/// User and group that PostgreSQL runs as when the tests run as root, which it refuses.
fn unprivileged() -> (u32, u32) {
    let accounts = fs::read_to_string("/etc/passwd").unwrap();
    let numbers = |name: &str| {
        let line = accounts
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    numbers("postgres")
        .or_else(|| numbers("nobody"))
        .expect("an unprivileged user, postgres or nobody")
}

#[tokio::test]
async fn each_caller_gets_a_database_of_its_own() {
    use sqlx::{Connection, PgConnection};

    let Some(first) = fresh_database() else { return };
    let second = fresh_database().unwrap();
    let mut one = PgConnection::connect(&first).await.unwrap();
    let mut other = PgConnection::connect(&second).await.unwrap();
    let tables = "select count(*) from pg_tables where schemaname = 'public'";
    sqlx::raw_sql("create table cases (id bigint)")
        .execute(&mut one)
        .await
        .unwrap();
    let (mine,): (i64,) = sqlx::query_as(tables).fetch_one(&mut one).await.unwrap();
    let (theirs,): (i64,) = sqlx::query_as(tables).fetch_one(&mut other).await.unwrap();
    assert_eq!((mine, theirs), (1, 0));
}
