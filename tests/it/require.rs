//! What a test needs beside Rust. Missing, the test is skipped with a printed line; with `ZOHO_MCP_REQUIRE_ALL=1`
//! it fails.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

/// A program from outside that some tests need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    Python,
    Node,
    PostgreSql,
    Chromium,
}

/// The program of `tool` (for PostgreSQL the folder of its programs, for Chromium its WebDriver), or `None` after
/// a printed line that says what is missing.
pub(crate) fn require(tool: Tool) -> Option<PathBuf> {
    let found = find(tool);
    if found.is_none() {
        skip(
            tool,
            env::var("ZOHO_MCP_REQUIRE_ALL").is_ok_and(|value| value == "1"),
        );
    }
    found
}

/// A program that is not ours. Where the tests run under `faketime` it keeps the true clock, of which nothing is asked
/// but timeouts; a false one stops it, and that is faketime's own doing:
/// - PostgreSQL waits for a lock as long as the clock is off: inside `epoll_wait` libfaketime shows the true time, so
///   the alarm of `lock_timeout`, set by the false one, takes itself for too early and sets itself again, 40 days on;
/// - Chromium's threads spin, because their timed waits end at once, and no window ever opens;
/// - Python's `time.sleep` is refused as an invalid argument.
pub(crate) fn foreign(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_remove("LD_PRELOAD");
    command
}

fn skip(tool: Tool, fail: bool) {
    let name = match tool {
        Tool::Python => "Python 3",
        Tool::Node => "Node.js",
        Tool::PostgreSql => "PostgreSQL",
        Tool::Chromium => "Chromium and chromedriver",
    };
    let test = thread::current().name().unwrap_or("a test").to_owned();
    assert!(
        !fail,
        "{test} needs {name}, and ZOHO_MCP_REQUIRE_ALL=1 allows no skipping"
    );
    let line = format!("{test} skipped: needs {name} (set ZOHO_MCP_REQUIRE_ALL=1 to fail instead)\n");
    // Written past the test harness, which keeps what passing tests print to itself.
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

fn find(tool: Tool) -> Option<PathBuf> {
    match tool {
        Tool::Python => on_path("python3"),
        Tool::Node => on_path("node"),
        Tool::Chromium => on_path("chromedriver").filter(|_| chromium().is_some()),
        Tool::PostgreSql => installed_postgres().or_else(|| {
            let initdb = fs::canonicalize(on_path("initdb")?).ok()?;
            initdb
                .parent()
                .filter(|folder| folder.join("postgres").exists())
                .map(Path::to_owned)
        }),
    }
}

/// The browser that chromedriver drives.
pub(crate) fn chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(on_path)
}

fn on_path(program: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}

fn installed_postgres() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut folders: Vec<(u32, PathBuf)> = versions
        .filter_map(|version| {
            let version = version.ok()?;
            let number = version.file_name().to_str()?.parse().ok()?;
            Some((number, version.path().join("bin")))
        })
        .filter(|(_, folder)| folder.join("initdb").exists() && folder.join("postgres").exists())
        .collect();
    folders.sort();
    folders.pop().map(|(_, folder)| folder)
}

#[test]
#[should_panic(expected = "needs PostgreSQL, and ZOHO_MCP_REQUIRE_ALL=1 allows no skipping")]
fn a_required_tool_that_is_missing_fails_the_test() {
    skip(Tool::PostgreSql, true);
}
