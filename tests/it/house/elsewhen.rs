//! What `.ci/run` does to the tests that read the machine's clock: it finds the same ones as the walls do, and passes
//! only when something of each of them has run.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use super::{clocks, files_below, repository};

fn script() -> String {
    fs::read_to_string(repository().join(".ci/run")).unwrap()
}

/// Runs lines of bash at the top of the repository: whether they ended well, and what they wrote.
fn bash(lines: &str) -> (bool, String) {
    let mut command = Command::new("bash");
    let output = command
        .args(["-euo", "pipefail", "-c", lines])
        .current_dir(repository())
        .output();
    let output = output.unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.success(), text)
}

/// `elsewhen` of the script with tests that print these lines, in this world's time.
fn elsewhen(readers: &str, printed: &str) -> (bool, String) {
    let script = script();
    let function = script.split_once("elsewhen() {").unwrap().1;
    let body = function.split_once("\n}\n").unwrap().0;
    bash(&format!(
        "scratch=$(mktemp -d); trap 'rm -rf \"$scratch\"' EXIT\n\
         die() {{ echo \"$*\"; exit 1; }}\n\
         tests=$scratch/tests preload= readers=({readers})\n\
         printf '#!/bin/sh\ncat <<END\n%s\nEND\n' '{printed}' >\"$tests\"; chmod +x \"$tests\"\n\
         elsewhen() {{{body}\n}}\n\
         elsewhen Asia/Kathmandu '40 days'"
    ))
}

#[test]
fn both_find_the_same_tests_that_read_the_machines_clock() {
    let script = script();
    let search = script.lines().find(|line| line.starts_with("mapfile -t readers"));
    let search = search.expect("a line that finds the readers");
    let (found, listed) = bash(&format!("{search}\nprintf '%s\\n' \"${{readers[@]}}\""));
    assert!(found, "{listed}");
    let listed: BTreeSet<String> = listed.lines().map(str::to_owned).collect();
    let files = files_below("tests/it", &["rs", "py", "mjs", "sh"]);
    let said = files.iter().filter(|file| clocks::says_so(file));
    let said: BTreeSet<String> = said
        .map(|file| format!("{}::", clocks::module_of(file).join("::")))
        .collect();
    assert_eq!(listed, said);
}

#[test]
fn another_day_is_passed_only_by_tests_that_ran() {
    let all = "test present::a ... ok\ntest zone::b ... ok\ntest result: ok. 2 passed";
    assert!(elsewhen("present:: zone::", all).0);
    for (printed, missing) in [
        (
            "running 0 tests\n\ntest result: ok. 0 passed; 2000 filtered out",
            "present::",
        ),
        ("test present::a ... ok\ntest result: ok. 1 passed", "zone::"),
        (
            "test present::a ... ok\ntest zone::b ... ignored\ntest result: ok. 1 passed",
            "zone::",
        ),
    ] {
        let (passed, told) = elsewhen("present:: zone::", printed);
        assert!(
            !passed && told.contains(&format!("nothing of {missing}")),
            "{told}"
        );
    }
}
