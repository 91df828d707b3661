//! What lies around the row: files, key, credits, clocks; and the tool that tells the same.
//!
//! REAL CLOCK: what is pasted is run as a person runs it, who knows of no bed.

use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;

use serde_json::{Value, json};

use super::shown::give_away;
use super::{found, healthy, in_use, is_mended};
use crate::commands::{bare, finished};

#[tokio::test]
async fn files_that_others_can_read() {
    let bed = healthy().await;
    for (check, file) in [
        ("database", bed.database()),
        ("key", bed.home.path().join("zoho-mcp.db.key")),
    ] {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        let command = format!("chmod 600 {}", file.display());
        is_mended(&bed, check, "warn", "can be read by others", &command);
    }
}

/// A token that cannot be kept is renewed by every process anew (only root may become another user here).
#[tokio::test]
async fn a_database_that_may_not_be_written() {
    let bed = healthy().await;
    bed.forget().await;
    if !give_away(bed.home.path()) {
        return;
    }
    let found = || {
        let mut doctor = bed.command(&["doctor", "--offline"]);
        doctor.uid(54_321);
        finished(doctor, "").json()["findings"][0].clone()
    };
    assert_eq!(found()["state"], "ok", "{}", found());
    // Where SQLite finds no log beside a file and can put none there, it does not read it either.
    for (path, mode, states) in [
        (bed.database(), 0o400, &["warn"][..]),
        (bed.home.path().to_owned(), 0o500, &["warn", "fail"]),
    ] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let finding = found();
        assert_eq!(finding["check"], "database", "{finding}");
        let state = finding["state"].as_str().unwrap();
        assert!(states.contains(&state), "{finding}");
        let command = format!("chmod u+w {}", path.display());
        assert_eq!(finding["mend"], command.as_str(), "{finding}");
        bed.run_told(&command);
        assert_eq!(found()["state"], "ok", "{}", found());
    }
}

/// Hostile input 17: who may write the directory may put another key or database there.
#[tokio::test]
async fn a_directory_that_others_can_write() {
    let bed = healthy().await;
    let apart = bed.home.path().join("keys");
    std::fs::create_dir(&apart).unwrap();
    let key = apart.join("key");
    std::fs::copy(bed.home.path().join("zoho-mcp.db.key"), &key).unwrap();
    let named = ["--key-file", key.to_str().unwrap()];
    let run = |arguments: &[&str]| bed.run(&[&named[..], arguments].concat());
    let of = |check: &str| {
        let report = run(&["doctor", "--offline"]).json();
        let findings = report["findings"].as_array().unwrap();
        findings
            .iter()
            .find(|finding| finding["check"] == check)
            .unwrap()
            .clone()
    };
    for (check, directory) in [("database", bed.home.path()), ("key", apart.as_path())] {
        for (mode, is_open) in [(0o777, true), (0o1777, false), (0o755, false), (0o757, true)] {
            std::fs::set_permissions(directory, std::fs::Permissions::from_mode(mode)).unwrap();
            let finding = of(check);
            assert_eq!(finding["state"] == "warn", is_open, "{mode:o}: {finding}");
            let told = run(&["call", "get_records", r#"{"module":"Cases","limit":1}"#]).told;
            let command = format!("chmod go-w {}", directory.display());
            assert_eq!(
                told.matches(&command).count(),
                usize::from(is_open),
                "{mode:o}: {told}"
            );
            if is_open {
                assert_eq!(finding["mend"], command.as_str(), "{finding}");
                bed.run_told(&command);
                assert_eq!(of(check)["state"], "ok");
            }
        }
    }
}

#[tokio::test]
async fn where_the_key_comes_from_and_one_that_is_lost() {
    let bed = healthy().await;
    let file = bed.home.path().join("zoho-mcp.db.key");
    assert!(
        found(&bed, "key")["found"]
            .as_str()
            .unwrap()
            .contains("made beside the database")
    );
    let key = std::fs::read_to_string(&file).unwrap();
    let mut named = bed.command(&["doctor", "--offline"]);
    named.env("ZOHO_MCP_KEY", key.trim());
    let told = finished(named, "").json()["findings"][1]["found"].clone();
    assert!(told.as_str().unwrap().contains("ZOHO_MCP_KEY"), "{told}");
    assert!(!told.as_str().unwrap().contains(key.trim()), "{told}");

    std::fs::rename(&file, bed.home.path().join("elsewhere.key")).unwrap();
    let lost = found(&bed, "connection");
    assert_eq!(lost["state"], "fail", "{lost}");
    let mend = lost["mend"].as_str().unwrap();
    for part in [
        "--key-file",
        file.to_str().unwrap(),
        "from a backup",
        "\nzoho-mcp connections remove --user anna default\nzoho-mcp connect --user anna --name default",
    ] {
        assert!(mend.contains(part), "{part}: {lost}");
    }
    assert!(
        !lost["found"].as_str().unwrap().contains("backup"),
        "said once: {lost}"
    );
    let path = bed.home.path().join("elsewhere.key");
    assert!(bed.run(&["doctor", "--key-file", path.to_str().unwrap()]).ok);
}

/// A consent could not be sealed by that key either.
#[tokio::test]
async fn a_key_that_is_none() {
    let bed = healthy().await;
    let file = bed.home.path().join("zoho-mcp.db.key");
    let key = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, "no key at all").unwrap();
    let (about_key, about_row) = (found(&bed, "key"), found(&bed, "connection"));
    assert_eq!(
        (&about_key["state"], &about_row["state"]),
        (&json!("fail"), &json!("fail"))
    );
    let (of_key, of_row) = (
        about_key["mend"].as_str().unwrap(),
        about_row["mend"].as_str().unwrap(),
    );
    assert!(
        of_key.ends_with("\nzoho-mcp connect --user anna --name default"),
        "{about_key}"
    );
    assert!(
        !of_row.contains("zoho-mcp") && of_row.contains("key"),
        "said once: {about_row}"
    );
    std::fs::write(&file, key).unwrap();
    assert_eq!(found(&bed, "connection")["state"], "ok");
}

/// What is pasted elsewhere means the same database, sandbox and user.
#[tokio::test]
async fn a_mend_repeats_the_options_in_use() {
    let bed = healthy().await;
    let in_use = in_use(&bed);
    let in_use: Vec<&str> = in_use.iter().map(String::as_str).collect();
    let elsewhere = tempfile::tempdir().unwrap();
    let doctor = || {
        let ran = finished(bare(elsewhere.path(), &[&in_use[..], &["doctor"]].concat()), "");
        let findings = ran.json()["connections"][0]["findings"]
            .as_array()
            .unwrap()
            .clone();
        findings
            .into_iter()
            .filter(|finding| finding["state"] != "ok")
            .collect::<Vec<_>>()
    };
    for broken in [
        "UPDATE zoho_connections SET desk_org_id = NULL, desk_org_source = NULL",
        "UPDATE zoho_connections SET desk_portal = 'elsewhere'",
        "UPDATE zoho_connections SET refresh_token = NULL",
        "UPDATE zoho_connections SET dc = 'eu'",
    ] {
        bed.sql(broken).await;
        let findings = doctor();
        let mend = findings[0]["mend"]
            .as_str()
            .unwrap_or_else(|| panic!("{broken}: {findings:?}"));
        let words: Vec<&str> = mend.strip_prefix("zoho-mcp ").unwrap().split(' ').collect();
        assert!(in_use.iter().all(|word| words.contains(word)), "{mend}");
        let ran = finished(bare(elsewhere.path(), &words), "");
        assert!(ran.ok, "{mend}: {ran:?}");
        assert_eq!(doctor(), Vec::<serde_json::Value>::new(), "{broken}");
    }
}

#[tokio::test]
async fn a_name_that_nobody_has_given() {
    let bed = healthy().await;
    let mut berta = bed.command(&["connect", "--name", "hers"]);
    berta.env("ZOHO_MCP_USER", "berta");
    finished(berta, "").succeeded();
    let mut doctor = bed.command(&["--connection", "typo", "doctor"]);
    doctor.env_remove("ZOHO_MCP_USER");
    let report = finished(doctor, "").json();
    let findings = report["findings"].as_array().unwrap();
    let finding = findings
        .iter()
        .find(|finding| finding["check"] == "connection")
        .unwrap();
    let told = finding["found"].as_str().unwrap();
    for part in ["`typo`", "`default` of anna", "`hers` of berta"] {
        assert!(told.contains(part), "{finding}");
    }
    assert!(!told.contains("several users"), "{finding}");
    let mend = finding["mend"].as_str().unwrap();
    assert!(mend.starts_with("zoho-mcp connect --name typo"), "{finding}");
}

/// Sound rows are no use where every call is refused.
#[tokio::test]
async fn several_users_and_none_named() {
    let bed = healthy().await;
    let mut berta = bed.command(&["connect", "--name", "hers"]);
    berta.env("ZOHO_MCP_USER", "berta");
    finished(berta, "").succeeded();
    let nobodys = |arguments: &[&str]| {
        let mut command = bed.command(arguments);
        command.env_remove("ZOHO_MCP_USER");
        finished(command, "")
    };
    let ran = nobodys(&["doctor"]);
    assert!(!ran.ok, "{ran:?}");
    let findings = ran.json()["findings"].as_array().unwrap().clone();
    let finding = findings
        .iter()
        .find(|finding| finding["check"] == "user")
        .unwrap();
    assert_eq!(finding["state"], "fail", "{finding}");
    let mend = finding["mend"].as_str().unwrap();
    assert_eq!(mend, "zoho-mcp config set user berta", "{finding}");
    assert!(
        finding["found"].as_str().unwrap().contains("anna, berta"),
        "{finding}"
    );
    let refused = nobodys(&["install", "cursor", "--yes"]);
    assert!(refused.failed().contains("anna, berta"), "{refused:?}");
    assert!(!bed.home.path().join(".cursor/mcp.json").exists());
    assert!(nobodys(&["install", "cursor", "--yes", "--user", "anna"]).ok);
    let text = std::fs::read_to_string(bed.home.path().join(".cursor/mcp.json")).unwrap();
    assert!(text.contains("--user=anna"), "{text}");
    assert!(nobodys(&["doctor", "--user", "anna"]).ok);
    bed.run_told(mend);
    assert!(nobodys(&["doctor"]).ok);
}

#[tokio::test]
async fn where_files_are_to_go() {
    let bed = healthy().await;
    let here = bed.home.path();
    for (place, state, mend) in [
        ("new", "ok", Value::Null),
        (".", "ok", Value::Null),
        (
            "no/such",
            "warn",
            json!(format!("mkdir -p {}", here.join("no/such").display())),
        ),
    ] {
        let place = here.join(place);
        let report = bed
            .run(&["doctor", "--offline", "--files", place.to_str().unwrap()])
            .json();
        let finding = &report["findings"][2];
        assert_eq!(finding["check"], "files", "{report}");
        assert_eq!(
            (&finding["state"], &finding["mend"]),
            (&json!(state), &mend),
            "{finding}"
        );
    }
}

#[tokio::test]
async fn few_credits() {
    let bed = healthy().await;
    bed.admin(json!({ "desk_credits": 90 })).await;
    let finding = found(&bed, "credits");
    assert_eq!(finding["state"], "warn", "{finding}");
    assert!(
        finding["found"]
            .as_str()
            .unwrap()
            .contains("credits are left today"),
        "{finding}"
    );
    assert_eq!(
        finding["mend"],
        "wait: Zoho renews them daily; then:\nzoho-mcp doctor"
    );
    // The next day, as Zoho counts them.
    bed.admin(json!({ "desk_credits": 100_000 })).await;
    assert_eq!(found(&bed, "credits")["state"], "ok");
}

#[tokio::test]
async fn a_clock_that_is_wrong() {
    let bed = healthy().await;
    for (advance, direction) in [(600, "behind the sandbox's"), (-1200, "ahead of the sandbox's")] {
        bed.set_clock(json!({ "advance_s": advance })).await;
        let command = format!("zoho-mcp sandbox clock advance_s={}", -advance);
        is_mended(&bed, "clock", "warn", direction, &command);
    }
}

#[tokio::test]
async fn the_tool_tells_the_same_and_asks_zoho_only_when_told_to() {
    let bed = healthy().await;
    bed.sql("UPDATE zoho_connections SET desk_portal = NULL").await;
    bed.forget().await;
    let mut client = bed.client().await;
    let local = client.call("get_connection_status", json!({})).await;
    let portal = &local["data"][0]["findings"][0];
    assert_eq!(
        (&portal["check"], &portal["state"]),
        (&json!("portal"), &json!("warn")),
        "{local}"
    );
    let mend = portal["mend"].as_str().unwrap();
    assert!(mend.starts_with("zoho-mcp connections set-org"), "{portal}");
    assert_eq!(local["machine"]["checks_passed"], json!(["database", "key"]));
    assert!(
        !local["data"][0]["checks_passed"].to_string().contains("case"),
        "{local}"
    );
    assert_eq!(bed.seen().await, Vec::<String>::new());
    let asked = client
        .call("get_connection_status", json!({ "ask_zoho": true }))
        .await;
    assert!(
        asked["data"][0]["checks_passed"].to_string().contains("case"),
        "{asked}"
    );
}
