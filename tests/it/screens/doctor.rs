//! What the doctor finds of what is broken on this machine, with what mends it.
//! REAL CLOCK: some of it is about a program that knows of no sandbox.

use std::fmt::Write as _;
use std::process::Command;

use super::{WIDTHS, read};
use crate::commands::bare;
use crate::terminals::talk_with;

/// What is broken, by which script in the home directory, and what is said besides; `HOME` is that directory.
const FAULTS: [(&str, &str, &[&str]); 9] = [
    ("no connection", "", &["doctor", "--offline"]),
    (
        "a database that is none",
        "yes 'no database at all' | head -n 50 > zoho.db",
        &["--database-url", "sqlite:HOME/zoho.db", "doctor", "--offline"],
    ),
    (
        "a directory in the place of the database",
        "mkdir -p folder",
        &["--database-url", "sqlite:HOME/folder", "doctor", "--offline"],
    ),
    (
        "a key that is none",
        "echo short > key; chmod 600 key",
        &["--key-file", "HOME/key", "doctor", "--offline"],
    ),
    (
        "a key that others can read",
        "printf '5f%.0s' $(seq 32) > key; chmod 644 key",
        &["--key-file", "HOME/key", "doctor", "--offline"],
    ),
    (
        "a client that others can read",
        "echo '{\"client_id\":\"1000.ABCDEFGHIJKLMNOP\",\"client_secret\":\"0123456789abcdef\"}' > client.json; chmod 644 client.json",
        &["--client-file", "HOME/client.json", "doctor", "--offline"],
    ),
    (
        "no place for files",
        "echo > file",
        &["--files", "HOME/file", "doctor", "--offline"],
    ),
    ("no keyring", "", &["--keyring", "doctor", "--offline"]),
    (
        "no sandbox",
        "",
        &["--sandbox-url", "http://127.0.0.1:9", "doctor"],
    ),
];

/// The home directory has as many letters wherever a test runs: paths are broken at the same place.
#[test]
fn what_is_broken_on_this_machine() {
    for columns in WIDTHS {
        let mut all = String::new();
        for (fault, script, words) in FAULTS {
            let home = tempfile::Builder::new()
                .prefix("zoho-")
                .tempdir_in("/tmp")
                .unwrap();
            let path = home.path().to_str().unwrap();
            let done = Command::new("sh").args(["-c", script]).current_dir(path).status();
            assert!(done.unwrap().success(), "{fault}");
            let words: Vec<String> = words.iter().map(|word| word.replace("HOME", path)).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let mut doctor = bare(home.path(), &words);
            doctor.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/no/such/bus");
            let Some((_, screen)) = talk_with(&doctor, columns, &[]) else {
                return;
            };
            let _ = writeln!(all, "# {fault}\n{}", read(&screen, None).replace(path, "HOME"));
        }
        insta::assert_snapshot!(format!("doctor_machine_{columns}"), all);
    }
}
