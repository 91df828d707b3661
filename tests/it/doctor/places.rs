//! Places that cannot be written or read as they are, and a sandbox that is somewhere else now: each with what mends that one.
//!
//! REAL CLOCK: what is pasted is run as a person runs it, who knows of no bed.

use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;

use serde_json::Value;

use super::healthy;
use super::shown::give_away;
use crate::bed::standing;
use crate::commands::{as_arguments, finished};

/// A place of another user is not opened by `chmod`, nor one that is mounted for reading alone (only root may try that here).
#[tokio::test]
async fn a_place_that_no_mode_opens() {
    let bed = healthy().await;
    bed.forget().await;
    if !give_away(bed.home.path()) {
        return;
    }
    let (database, files) = (bed.database(), bed.home.path().join("files"));
    std::fs::create_dir(&files).unwrap();
    let of = |check: &str| {
        let mut doctor = bed.command(&["doctor", "--offline", "--files", files.to_str().unwrap()]);
        doctor.uid(54_321);
        let report = finished(doctor, "").json();
        let findings = report["findings"].as_array().unwrap();
        findings
            .iter()
            .find(|finding| finding["check"] == check)
            .unwrap()
            .clone()
    };
    for (check, path) in [("files", &files), ("database", &database)] {
        std::os::unix::fs::chown(path, Some(0), None).unwrap();
        let mode = if path.is_dir() { 0o755 } else { 0o644 };
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        let finding = of(check);
        let command = format!("sudo chown 54321 {}", path.display());
        assert_eq!(finding["mend"], command.as_str(), "{finding}");
        assert!(
            finding["found"].to_string().contains("another user (uid 0)"),
            "{finding}"
        );
        bed.run_told(command.strip_prefix("sudo ").unwrap());
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode & 0o700)).unwrap();
        assert_eq!(of(check)["state"], "ok", "{}", of(check));
    }
    // Open to others and another's: closed alone, it would be closed to this user, too.
    std::os::unix::fs::chown(&database, Some(0), None).unwrap();
    std::fs::set_permissions(&database, std::fs::Permissions::from_mode(0o666)).unwrap();
    let shown = database.display();
    assert_eq!(
        of("database")["mend"],
        format!("sudo chown 54321 {shown} && sudo chmod 600 {shown}")
    );
}

#[tokio::test]
async fn a_place_that_is_mounted_for_reading_alone() {
    let bed = healthy().await;
    bed.forget().await;
    let files = bed.home.path().join("files");
    std::fs::create_dir(&files).unwrap();
    let doctor = bed.command(&["doctor", "--offline", "--files", files.to_str().unwrap()]);
    let mut apart = std::process::Command::new("unshare");
    let mount = "mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\" && exec env \"$@\"";
    apart
        .args(["-m", "sh", "-c", mount])
        .arg(&files)
        .args(as_arguments(&doctor));
    let output = apart.output();
    let Some(report) = output
        .ok()
        .and_then(|ran| serde_json::from_slice::<Value>(&ran.stdout).ok())
    else {
        println!("left out: nothing can be mounted here");
        return;
    };
    let finding = &report["findings"][2];
    let command = format!("sudo mount -o remount,rw {}", files.display());
    assert_eq!(finding["mend"], command.as_str(), "{finding}");
    assert!(
        finding["found"]
            .to_string()
            .contains("--files names another place"),
        "{finding}"
    );
}

/// A sandbox that was started anew is at another port, and what it knows of is gone.
#[tokio::test]
async fn a_sandbox_that_has_moved() {
    let (bed, other) = (healthy().await, standing(Default::default()));
    let there = |words: &[&str]| {
        let mut command = bed.command(words);
        command.env("ZOHO_MCP_SANDBOX_URL", &other.url);
        finished(command, "")
    };
    let report = there(&["doctor"]).json();
    let findings = report["connections"][0]["findings"].as_array().unwrap();
    let failed = findings.iter().find(|one| one["state"] == "fail").unwrap();
    let command = "zoho-mcp connect --user anna --name default --replace";
    assert_eq!(failed["mend"], command, "{report}");
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    assert!(there(&words).ok);
    assert!(there(&["doctor"]).ok);
}
