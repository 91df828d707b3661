//! Files that stand in the way of the connections: what the doctor tells of each is pasted line by line, and mends it.
//!
//! REAL CLOCK: what is pasted is run as a person runs it, who knows of no bed.

use std::os::unix::process::CommandExt as _;
use std::path::Path;

use serde_json::Value;

use super::healthy;
use super::shown::give_away;
use crate::bed::Bed;
use crate::commands::finished;

/// What is not content of this machine and of the connections.
fn complaints(bed: &Bed, options: &[&str]) -> Vec<Value> {
    let report = bed.run(&[&["doctor", "--offline"], options].concat()).json();
    let general = report["findings"].as_array().unwrap().iter();
    let connections = report["connections"].as_array().unwrap().iter();
    let all = general.chain(connections.flat_map(|one| one["findings"].as_array().unwrap()));
    all.filter(|one| one["state"] == "fail").cloned().collect()
}

/// The lines of a mend that are commands.
fn commands(finding: &Value) -> Vec<String> {
    let mend = finding["mend"].as_str().unwrap_or_else(|| panic!("{finding}"));
    let programs = ["zoho-mcp ", "mkdir ", "install ", "sudo ", "chmod "];
    let lines = mend
        .lines()
        .filter(|line| programs.iter().any(|program| line.starts_with(program)));
    lines.map(str::to_owned).collect()
}

/// Pastes the commands of the first complaint that has some, until there is none; says how often.
#[track_caller]
fn paste_until_sound(bed: &Bed, options: &[&str]) -> usize {
    for round in 0..5 {
        let all = complaints(bed, options);
        if all.is_empty() {
            return round;
        }
        let first = all.iter().find(|one| !commands(one).is_empty());
        let first = first.unwrap_or_else(|| panic!("no command: {all:?}"));
        for command in commands(first) {
            match command.starts_with("zoho-mcp doctor") {
                true => drop(complaints(bed, options)),
                // In a pipe nobody says yes.
                false if command.contains(" connections re") => bed.run_told(&format!("{command} --yes")),
                false => bed.run_told(&command),
            }
        }
    }
    panic!("{:?}", complaints(bed, options));
}

/// A copy of the database as it is now.
fn back_up(bed: &Bed) -> impl Fn() + use<> {
    let file = bed.database();
    let beside = |suffix: &str| Path::new(&format!("{}{suffix}", file.display())).to_owned();
    let files = ["", "-wal", "-shm"].map(beside);
    let kept = files.clone().map(|file| std::fs::read(file).ok());
    move || {
        for (file, kept) in files.iter().zip(&kept) {
            let _ = std::fs::remove_file(file);
            if let Some(kept) = kept {
                std::fs::write(file, kept).unwrap();
            }
        }
    }
}

#[tokio::test]
async fn a_database_that_holds_nothing() {
    let bed = healthy().await;
    let rubbish = "this is no database, however long it may be".repeat(40);
    let spoil = || {
        // Without the log beside it, from which SQLite would bring the pages back.
        for suffix in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", bed.database().display()));
        }
        std::fs::write(bed.database(), &rubbish).unwrap();
    };
    spoil();
    let told = bed
        .run(&["call", "get_records", r#"{"module":"Cases","limit":1}"#])
        .json();
    let next = told["next"].as_str().unwrap();
    assert!(
        next.contains(": run `mkdir ") && next.contains("`zoho-mcp connect`"),
        "{told}"
    );
    assert!(
        !told["error"].as_str().unwrap().contains("backup"),
        "said once: {told}"
    );
    assert_eq!(paste_until_sound(&bed, &[]), 1);
    let kept = format!("{}.aside/zoho-mcp.db", bed.database().display());
    assert_eq!(
        std::fs::read_to_string(kept).unwrap(),
        rubbish,
        "what was there is kept"
    );
    spoil();
    assert_eq!(paste_until_sound(&bed, &[]), 1, "and what is kept stays");
}

#[tokio::test]
async fn a_directory_where_the_database_is_to_be() {
    let bed = healthy().await;
    let folder = bed.home.path().join("folder");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(bed.home.path().join("file"), "").unwrap();
    let below_a_file = bed.home.path().join("file").join("zoho.db");
    for (named, holds) in [(&folder, &folder), (&below_a_file, &bed.home.path().to_owned())] {
        let options = ["--database-url", &format!("sqlite:{}", named.display())];
        let finding = complaints(&bed, &options)[0].clone();
        let told = commands(&finding);
        let file = holds.join("zoho-mcp.db");
        let command = format!("zoho-mcp connect --database-url sqlite:{}", file.display());
        assert_eq!(told, std::slice::from_ref(&command), "{finding}");
        bed.run_told(&command);
        let options = ["--database-url", &format!("sqlite:{}", file.display())];
        assert_eq!(complaints(&bed, &options), Vec::<Value>::new());
    }
}

#[tokio::test]
async fn a_key_of_no_use_that_was_made_beside_the_database() {
    let bed = healthy().await;
    let key = bed.home.path().join("zoho-mcp.db.key");
    std::fs::write(&key, "no key at all").unwrap();
    let told = bed
        .run(&["call", "get_records", r#"{"module":"Cases","limit":1}"#])
        .json();
    assert!(told["next"].as_str().unwrap().contains(": run `mkdir "), "{told}");
    assert_eq!(paste_until_sound(&bed, &[]), 1, "the key and the connection");
}

#[tokio::test]
async fn a_key_of_no_use_that_somebody_named() {
    let bed = healthy().await;
    let key = bed.home.path().join("key");
    let options = ["--key-file", key.to_str().unwrap()];
    assert_eq!(paste_until_sound(&bed, &options), 1, "there is none");
    std::fs::write(&key, "no key at all").unwrap();
    assert_eq!(paste_until_sound(&bed, &options), 1, "there is one of no use");
}

/// A first key is made where no row is sealed by another: what ends them all stands before what makes the first anew.
#[tokio::test]
async fn a_key_that_is_lost_with_several_connections() {
    let bed = healthy().await;
    let names = ["default", "second", "third"];
    for name in &names[1..] {
        bed.run(&["connect", "--name", name, "--yes"]).succeeded();
    }
    let key = bed.home.path().join("zoho-mcp.db.key");
    for is_garbled in [false, true] {
        match is_garbled {
            false => std::fs::remove_file(&key).unwrap(),
            true => std::fs::write(&key, "no key at all").unwrap(),
        }
        let pasted: Vec<String> = complaints(&bed, &[]).iter().flat_map(commands).collect();
        // What looks again is content when all is done.
        for command in pasted.iter().filter(|command| !command.ends_with(" doctor")) {
            match command.contains(" connections re") || command.contains("zoho-mcp connect ") {
                true => bed.run_told(&format!("{command} --yes")),
                false => bed.run_told(command),
            }
        }
        assert_eq!(complaints(&bed, &[]), Vec::<Value>::new(), "{pasted:?}");
        let there = bed.run(&["connections", "list"]).succeeded();
        assert_eq!(there.as_array().unwrap().len(), names.len(), "{there} {pasted:?}");
        let ends = pasted
            .iter()
            .filter(|command| command.contains(" remove "))
            .count();
        assert_eq!(ends, names.len(), "each once: {pasted:?}");
    }
}

/// A backup was sealed by the key before, which a change of key has kept; rows made since are sealed by the new one.
#[tokio::test]
async fn a_backup_of_the_key_before() {
    let bed = healthy().await;
    let restore = back_up(&bed);
    bed.run(&["connections", "rekey", "--yes"]).succeeded();
    restore();
    bed.run(&["connect", "--name", "since"]).succeeded();
    let told = complaints(&bed, &[]);
    assert!(
        commands(&told[0])[0].starts_with("zoho-mcp connections rekey --key-file "),
        "{told:?}"
    );
    assert_eq!(paste_until_sound(&bed, &[]), 1);
    let ran = bed.run(&[
        "--connection",
        "default",
        "call",
        "count_records",
        r#"{"module":"Cases"}"#,
    ]);
    ran.succeeded();
}

#[tokio::test]
async fn a_file_where_files_are_to_go() {
    let bed = healthy().await;
    let place = bed.home.path().join("file");
    std::fs::write(&place, "mine").unwrap();
    let of_files = || {
        let report = bed
            .run(&["doctor", "--offline", "--files", place.to_str().unwrap()])
            .json();
        report["findings"][2].clone()
    };
    let before = of_files();
    assert_eq!(before["state"], "warn", "{before}");
    bed.run_told(before["mend"].as_str().unwrap());
    assert_eq!(of_files()["state"], "ok", "{}", of_files());
    assert_eq!(
        std::fs::read_to_string(bed.home.path().join("file.aside/file")).unwrap(),
        "mine"
    );
}

/// Whoever ran it as another user once has left files beside the database (only root may become another user here).
#[tokio::test]
async fn what_another_user_has_left() {
    let bed = healthy().await;
    bed.forget().await;
    if !give_away(bed.home.path()) {
        return;
    }
    let found = |database: &str| {
        let mut doctor = bed.command(&["doctor", "--offline", "--database-url", database]);
        doctor.uid(54_321);
        let report = finished(doctor, "").json();
        let findings = report["findings"].as_array().unwrap();
        let bad = findings.iter().find(|one| one["state"] != "ok");
        bad.filter(|one| one["check"] != "connection").cloned()
    };
    let own = bed.database_url();
    assert_eq!(found(&own), None);
    let named = |suffix: &str| format!("{}{suffix}", bed.database().display());
    let (log, index, locks, key) = (named("-wal"), named("-shm"), named(".locks"), named(".key"));
    for (left, told) in [
        (vec![&log, &index], vec![&log, &index]),
        (vec![&index], vec![&index]),
        (vec![&locks], vec![&locks]),
        (vec![&key], vec![&key]),
    ] {
        for file in left {
            if !Path::new(file).exists() {
                std::fs::write(file, "").unwrap();
            }
            std::os::unix::fs::chown(file, Some(0), Some(0)).unwrap();
            let mode = if Path::new(file).is_dir() { "700" } else { "600" };
            bed.run_told(&format!("chmod {mode} {file}"));
        }
        let finding = found(&own).unwrap_or_else(|| panic!("nothing is said of {told:?}"));
        let told: Vec<&str> = told.into_iter().map(String::as_str).collect();
        let command = format!("sudo chown 54321 {}", told.join(" "));
        assert_eq!(finding["mend"], command.as_str(), "{finding}");
        bed.run_told(command.strip_prefix("sudo ").unwrap());
        assert_eq!(found(&own), None);
    }
    // A directory that others use stays theirs.
    let theirs = bed.home.path().join("theirs");
    std::fs::create_dir(&theirs).unwrap();
    std::fs::write(theirs.join("of-others"), "").unwrap();
    let shown = theirs.display();
    for (database, made) in [("zoho.db", "zoho-mcp"), ("no/such/zoho.db", "no/such")] {
        let finding = found(&format!("sqlite:{shown}/{database}")).unwrap();
        let command = format!("sudo mkdir -p {shown}/{made} && sudo chown 54321 {shown}/{made}");
        assert_eq!(finding["mend"], command.as_str(), "{finding}");
        bed.run_told(&command.replace("sudo ", ""));
        assert_eq!(found(&format!("sqlite:{shown}/{made}/zoho.db")), None);
    }
}
