//! The process that reads one document for the server, and may be ended by it: what such a file does to its reader, it does
//! to nobody else.

use std::io::{Read as _, stdin};
use std::process::ExitCode;

use serde_json::json;

use super::terminal;
use crate::documents;
use crate::names::{clean, clip};

/// Bytes of memory for the reader and what it unpacks.
#[cfg(unix)]
const MOST_MEMORY: u64 = 768 * 1024 * 1024;
/// Seconds of processor time, should nobody be left to end this process.
#[cfg(unix)]
const MOST_TIME: u64 = 30;

/// Prints `{"text", "left_out"}`, or `{"unread"}` with the reason.
pub(super) fn run(most: usize) -> ExitCode {
    #[cfg(unix)]
    be_bounded();
    end_with_parent();
    let mut bytes = Vec::new();
    if let Err(error) = stdin().lock().read_to_end(&mut bytes) {
        return terminal::fail(&error);
    }
    let told = match documents::read(&bytes) {
        Ok(text) => {
            let text = clean(text);
            let left_out = text.chars().count().saturating_sub(most);
            json!({ "text": clip(&text, most), "left_out": left_out })
        }
        Err(unread) => json!({ "unread": unread.to_string() }),
    };
    terminal::print(&told.to_string());
    ExitCode::SUCCESS
}

/// A server that is killed ends nobody itself; where the system does not do it, the limit of time does.
fn end_with_parent() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
}

/// What the system cannot hold to (not every one knows these limits) the server's patience does.
#[cfg(unix)]
fn be_bounded() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    for (what, most) in [
        (Resource::Data, MOST_MEMORY),
        (Resource::Cpu, MOST_TIME),
        (Resource::Core, 0),
    ] {
        let Rlimit { maximum, .. } = getrlimit(what);
        let current = Some(maximum.map_or(most, |maximum| maximum.min(most)));
        let _ = setrlimit(
            what,
            Rlimit {
                current,
                maximum: current,
            },
        );
    }
}
