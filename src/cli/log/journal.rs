//! The calls that the files of a log tell of, and how many of their lines could not be read.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::Path;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::logging::{self, LOST, OF_CALLS, OF_ITSELF};
use crate::regular;

/// No line of a log is longer.
const LONGEST: u64 = 64 * 1024;

/// What a line says of a call; beside them stands the id of its request.
const SAID: [&str; 9] = [
    "tool",
    "module",
    "outcome",
    "write",
    "rows",
    "ms",
    "requests",
    "repairs",
    "connection",
];

/// What happened at a moment: a call, or lines of the log were lost.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) when: Timestamp,
    members: Map<String, Value>,
}

impl Entry {
    /// What is said under a name.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    /// How many lines were lost, where it is no call.
    pub(super) fn lost(&self) -> Option<u64> {
        self.get("lost")?.as_u64()
    }

    /// Whether it is a call that has ended well, or in a question.
    pub(super) fn is_well(&self) -> bool {
        let outcome = self.get("outcome").and_then(Value::as_str);
        outcome.is_some_and(|outcome| ["ok", "asked"].contains(&outcome))
    }

    /// For programs.
    pub(super) fn as_json(&self) -> Value {
        let mut members = Map::from_iter([("time".to_owned(), json!(self.when.to_string()))]);
        members.extend(self.members.clone());
        Value::Object(members)
    }
}

/// How many of them are calls.
pub(super) fn calls(entries: &[Entry]) -> usize {
    entries.iter().filter(|entry| entry.lost().is_none()).count()
}

/// The newest calls, so many at most, with what was lost from the first of them on.
pub(super) fn newest(mut entries: Vec<Entry>, most: Option<usize>) -> Vec<Entry> {
    let surplus = calls(&entries).saturating_sub(most.unwrap_or(usize::MAX));
    let places = entries.iter().enumerate();
    let mut calls = places.filter(|(_, entry)| entry.lost().is_none());
    let first = calls.nth(surplus).map_or(0, |(place, _)| place);
    match surplus {
        0 => entries,
        _ => entries.split_off(first),
    }
}

/// What was found in the files of a log.
#[derive(Debug, Default)]
pub(super) struct Journal {
    /// The oldest first.
    pub(super) entries: Vec<Entry>,
    /// What could not be read, a sentence each.
    pub(super) unread: Vec<String>,
    /// Whether a whole file is among it.
    pub(super) failed: bool,
}

impl Journal {
    /// Reads the files of the log of this name.
    ///
    /// # Errors
    /// Their folder cannot be listed.
    pub(super) fn read(named: &Path) -> Result<Self, String> {
        let files = logging::day_files(named).map_err(|error| format!("{}: {error}", named.display()))?;
        let mut journal = Journal::default();
        for path in files {
            let opened = regular::open(OpenOptions::new().read(true), &path);
            let mut unread = Unread::default();
            let read = opened.and_then(|file| journal.add(file, &mut unread));
            journal.unread.extend(unread.told(&path));
            if let Err(error) = read {
                journal.failed = true;
                let told = format!("{} cannot be read: {error}", path.display());
                journal.unread.push(told);
            }
        }
        // Several processes write to one.
        journal.entries.sort_by_key(|entry| entry.when);
        Ok(journal)
    }

    fn add(&mut self, file: File, unread: &mut Unread) -> io::Result<()> {
        let mut file = BufReader::new(file);
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            let length = file.by_ref().take(LONGEST).read_until(b'\n', &mut line)?;
            if length == 0 {
                break;
            }
            if !line.ends_with(b"\n") && length as u64 == LONGEST {
                file.skip_until(b'\n')?;
            }
            match read(&line) {
                Read::Entry(entry) => self.entries.push(entry),
                Read::Other => {}
                Read::Nothing => unread.add(number),
            }
        }
        Ok(())
    }
}

/// Lines of one file that could not be read.
#[derive(Default)]
struct Unread {
    count: usize,
    first: usize,
}

impl Unread {
    fn add(&mut self, number: usize) {
        self.count += 1;
        if self.count == 1 {
            self.first = number;
        }
    }

    fn told(&self, path: &Path) -> Option<String> {
        let lines = match self.count {
            0 => return None,
            1 => "1 line".to_owned(),
            count => format!("{count} lines"),
        };
        let (path, first) = (path.display(), self.first);
        Some(format!(
            "{lines} of {path} could not be read, line {first} first: text, half written, or another program's"
        ))
    }
}

/// What a line is.
enum Read {
    Entry(Entry),
    /// One of a log that tells of something else, or an empty one.
    Other,
    Nothing,
}

fn read(line: &[u8]) -> Read {
    if line.trim_ascii().is_empty() {
        return Read::Other;
    }
    let Ok(line) = serde_json::from_slice::<Map<String, Value>>(line) else {
        return Read::Nothing;
    };
    let text = |name: &str| line.get(name).and_then(Value::as_str);
    let when = text("timestamp").and_then(|when| when.parse().ok());
    let (Some(when), Some(target), Some(_)) = (when, text("target"), text("level")) else {
        return Read::Nothing;
    };
    let kept = |name: &str, value: Option<&Value>| {
        let value = value.filter(|value| value.is_string() || value.is_u64())?;
        Some((name.to_owned(), value.clone()))
    };
    let members = match (target, text("message")) {
        (OF_CALLS, Some("call")) => {
            let said = SAID.iter().filter_map(|name| kept(name, line.get(*name)));
            said.chain(kept("id", line.get("span").and_then(|span| span.get("id"))))
                .collect()
        }
        (OF_ITSELF, Some(LOST)) => kept("lost", line.get("lines")).into_iter().collect(),
        _ => return Read::Other,
    };
    Read::Entry(Entry { when, members })
}
