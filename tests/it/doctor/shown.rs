//! What the doctor shows a person: findings that are read at a glance, and commands that are pasted as they stand.
//!
//! REAL CLOCK: what terminals show is about a program that knows of no sandbox, too.

use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use zoho_mcp::sandbox::Options;

use super::{healthy, in_use};
use crate::bed::Bed;
use crate::commands::finished;
use crate::own_help::plain;
use crate::terminals::talk_at;

/// A command that a screen breaks is pasted as another: without `--sandbox-url` it is about the real Zoho.
#[tokio::test]
async fn a_command_that_mends_stands_on_one_line_however_narrow_the_screen() {
    let bed = healthy().await;
    bed.sql("UPDATE zoho_connections SET desk_portal = 'elsewhere'")
        .await;
    let in_use = in_use(&bed);
    let words: Vec<&str> = ["doctor"]
        .into_iter()
        .chain(in_use.iter().map(String::as_str))
        .collect();
    let report = bed.run(&words).json();
    let findings = report["connections"][0]["findings"].as_array().unwrap();
    let mends: Vec<&str> = findings.iter().filter_map(|one| one["mend"].as_str()).collect();
    assert!(!mends.is_empty(), "{report}");
    for columns in [60, 80, 200] {
        let Some((_, screen)) = talk_at(&bed, columns, &words) else {
            return;
        };
        let screen = plain(&screen);
        for mend in &mends {
            assert!(
                screen.lines().any(|line| line.trim() == *mend),
                "{mend}: {screen}"
            );
        }
        for line in screen.lines().map(str::trim_end) {
            let is_copied = line.trim_start().starts_with("zoho-mcp ");
            let is_path = line.contains('/');
            let fits = line.chars().count() <= columns.into();
            assert!(is_copied || is_path || fits, "{columns}: {line}");
        }
    }
}

#[tokio::test]
async fn a_pipe_is_shown_the_same_where_that_is_asked_for() {
    let bed = healthy().await;
    bed.sql("UPDATE zoho_connections SET desk_portal = NULL, refresh_token = NULL")
        .await;
    let page = |words: &[&str]| finished(bed.command(words), "").out;
    let bare = page(&["doctor", "--offline", "--output", "table"]);
    assert!(
        bare.starts_with("This machine\n") && !bare.contains('\u{1b}'),
        "{bare}"
    );
    let painted = page(&["doctor", "--offline", "--output", "table", "--color", "always"]);
    for (word, colour) in [("FAIL", 31), ("warning", 33), ("ok", 32)] {
        assert!(
            painted.contains(&format!("\u{1b}[{colour}m{word}")),
            "{word}: {painted:?}"
        );
    }
    assert_eq!(plain(&painted), bare);
    let json: Value = serde_json::from_str(&page(&["doctor", "--offline", "--output", "json"])).unwrap();
    assert!(json["findings"].is_array(), "{json}");
}

/// Another user's; false (told) where this one may not give files away.
pub(super) fn give_away(path: &Path) -> bool {
    let owned = Command::new("chown").args(["-R", "54321"]).arg(path).status();
    let done = owned.unwrap().success();
    if !done {
        println!("left out: nobody else can be run as");
    }
    done
}

/// The file itself may be as missing as the directory above it: what stands in the way is named.
#[tokio::test]
async fn what_stands_in_the_way_of_a_database_is_named() {
    let bed = healthy().await;
    bed.forget().await;
    if !give_away(bed.home.path()) {
        return;
    }
    let folder = bed.home.path().join("mine");
    std::fs::create_dir(&folder).unwrap();
    give_away(&folder);
    let missing = folder.join("below").join("zoho.db");
    let closed = bed.home.path().join("closed");
    std::fs::create_dir(&closed).unwrap();
    give_away(&closed);
    let behind = closed.join("zoho.db");
    let of = |database: &Path| {
        let url = format!("sqlite:{}", database.display());
        let mut doctor = bed.command(&["doctor", "--offline", "--database-url", &url]);
        doctor.uid(54_321);
        finished(doctor, "").json()["findings"][0].clone()
    };
    for (path, mode, database, rights) in [
        (folder.clone(), 0o500, missing, "u+w"),
        (closed.clone(), 0o000, behind.clone(), "u+rwx"),
        (closed.clone(), 0o200, behind, "u+rwx"),
        (bed.database(), 0o000, bed.database(), "u+rw"),
        (bed.database(), 0o200, bed.database(), "u+rw"),
    ] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let finding = of(&database);
        let command = format!("chmod {rights} {}", path.display());
        assert_eq!(
            (&finding["check"], &finding["mend"]),
            (&"database".into(), &command.clone().into()),
            "{finding}"
        );
        bed.run_told(&command);
        assert_eq!(of(&database)["state"], "ok");
    }
}

/// Nobody consents in vain: that there is no keyring is known before.
#[tokio::test]
async fn a_keyring_that_is_not_there_is_told_before_the_consent() {
    let bed = Bed::empty(Options::default()).await;
    let run = |words: &[&str]| {
        let mut command = bed.command(words);
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/no/such/bus");
        finished(command, "")
    };
    let doctor = run(&["--keyring", "doctor", "--offline"]).json();
    let findings = doctor["findings"].as_array().unwrap();
    let key = findings.iter().find(|finding| finding["check"] == "key").unwrap();
    assert_eq!(key["state"], "fail", "{key}");
    let connect = run(&["--keyring", "connect"]);
    for told in [&key.to_string(), connect.failed()] {
        assert!(
            told.contains("no keyring service") && !told.contains("zbus"),
            "{told}"
        );
    }
    assert_eq!(bed.get("/__sandbox/stats").await["token_calls"], 0);
}
