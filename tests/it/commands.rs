//! The real binary, with nothing of this machine's configuration, on a bed's database and sandbox.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::Value;

use crate::bed::{Bed, NOW, USER};

const PROGRAM: &str = env!("CARGO_BIN_EXE_zoho-mcp");

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) ok: bool,
    pub(crate) out: String,
    pub(crate) told: String,
}

impl Ran {
    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Standard output as JSON of a command that succeeded.
    #[track_caller]
    pub(crate) fn succeeded(&self) -> Value {
        assert!(self.ok, "{self:?}");
        self.json()
    }

    /// What a command that failed told.
    #[track_caller]
    pub(crate) fn failed(&self) -> &str {
        assert!(!self.ok, "{self:?}");
        &self.told
    }
}

/// What is left of the environment of whoever runs the tests: the clock, the time zone and the language. Not the lock of
/// libfaketime: a program that is killed while it starts would keep it from all others.
fn surroundings() -> impl Iterator<Item = (OsString, OsString)> {
    std::env::vars_os().filter(|(name, _)| {
        let name = name.to_string_lossy();
        ["LD_PRELOAD", "TZ", "LANG", "LC_ALL"].contains(&name.as_ref())
            || name.contains("FAKE") && name != "FAKETIME_SHARED"
    })
}

/// The binary, living in the present, with an empty environment but for a home.
pub(crate) fn bare(home: &std::path::Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .args(arguments)
        .env_clear()
        .envs(surroundings())
        .env("HOME", home)
        .env("ZOHO_MCP_KEYRING", "0")
        // Nobody turns the pages of a test.
        .env("PAGER", "cat")
        // Nor lives anywhere.
        .env("TZ", "UTC")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if arguments.first() == Some(&"connect") {
        // Whoever else waits for a consent on this machine is not in the way.
        let free = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
        command.env("ZOHO_MCP_CALLBACK_PORT", free.unwrap().port().to_string());
    }
    command
}

/// A command as `env` takes it: its environment, its program, its arguments.
pub(crate) fn as_arguments(command: &Command) -> Vec<OsString> {
    let set = command
        .get_envs()
        .filter_map(|(name, value)| Some((name, value?)));
    let set = set.map(|(name, value)| {
        let mut pair = name.to_owned();
        pair.push("=");
        pair.push(value);
        pair
    });
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    set.chain(words.map(OsString::from)).collect()
}

/// Runs a command to its end, with `input` on its standard input.
pub(crate) fn finished(mut command: Command, input: &str) -> Ran {
    command.stdin(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Ran {
        ok: output.status.success(),
        out: String::from_utf8(output.stdout).unwrap(),
        told: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Bed {
    /// The binary on this bed's database and sandbox, as [`USER`].
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = bare(self.home.path(), arguments);
        command
            .env("ZOHO_MCP_DATABASE_URL", self.database_url())
            .env("ZOHO_MCP_SANDBOX_URL", &self.sandbox.url)
            .env("ZOHO_MCP_NOW", NOW.to_string())
            .env("ZOHO_MCP_USER", USER);
        command
    }

    /// Runs the binary to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "")
    }

    /// The same, with something on standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        finished(self.command(arguments), input)
    }

    /// Runs a command as a message of the program tells it: `zoho-mcp ...`, or a program of the system.
    #[track_caller]
    pub(crate) fn run_told(&self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (program, arguments) = words.split_first().expect("a command");
        if *program == "zoho-mcp" {
            let ran = self.run(arguments);
            assert!(ran.ok, "`{line}` failed: {ran:?}");
        } else {
            let done = Command::new("sh").args(["-c", line]).status();
            assert!(done.is_ok_and(|status| status.success()), "`{line}` failed");
        }
    }
}

/// A command that waits for something outside, with what it tells meanwhile.
pub(crate) struct Waiting {
    child: Child,
    told: BufReader<ChildStderr>,
    lines: String,
}

impl Waiting {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let told = BufReader::new(child.stderr.take().unwrap());
        Waiting {
            child,
            told,
            lines: String::new(),
        }
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The first line it tells for which `wanted` gives something.
    #[track_caller]
    pub(crate) fn line<T>(&mut self, wanted: impl Fn(&str) -> Option<T>) -> T {
        loop {
            let mut line = String::new();
            let read = self.told.read_line(&mut line).unwrap();
            assert!(read > 0, "it ended after telling: {}", self.lines);
            self.lines.push_str(&line);
            if let Some(found) = wanted(line.trim_end()) {
                return found;
            }
        }
    }

    /// Types a line.
    #[track_caller]
    pub(crate) fn types(&mut self, line: &str) {
        let input = self.child.stdin.as_mut().unwrap();
        writeln!(input, "{line}").unwrap();
    }

    /// The address of the consent page it tells.
    #[track_caller]
    pub(crate) fn consent_page(&mut self) -> String {
        self.line(|line| line.contains("/oauth/v2/auth?").then(|| line.trim().to_owned()))
    }

    /// Waits for its end.
    pub(crate) fn end(mut self) -> Ran {
        for line in (&mut self.told).lines() {
            self.lines.push_str(&line.unwrap());
            self.lines.push('\n');
        }
        let output = self.child.wait_with_output().unwrap();
        Ran {
            ok: output.status.success(),
            out: String::from_utf8(output.stdout).unwrap(),
            told: self.lines,
        }
    }
}
