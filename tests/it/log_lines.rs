//! What the log tells of calls, in which form and where.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::bed::Bed;
use crate::commands::{Ran, finished};

const CASES: &str = r#"{"module":"Cases","limit":"2"}"#;

/// The lines that tell of a call.
fn calls(ran: &Ran) -> Vec<&str> {
    let lines = ran.told.lines();
    lines
        .filter(|line| line.contains(" INFO ") && line.contains(" call "))
        .collect()
}

#[tokio::test]
async fn each_call_is_one_line() {
    let bed = Bed::connected().await;
    let run = |arguments: &[&str]| bed.run(&[&["--log-level", "info", "call"], arguments].concat());
    let ran = run(&["get_records", CASES]);
    let lines = calls(&ran);
    assert_eq!(lines.len(), 1, "{ran:?}");
    for part in [
        "tool=\"get_records\"",
        "module=\"Cases\"",
        "rows=2",
        "ms=",
        "repairs=1",
        "outcome=\"ok\"",
        "connection=\"default\"",
    ] {
        assert!(lines[0].contains(part), "{part}: {lines:?}");
    }
    let requests = |line: &str| {
        let (_, behind) = line.split_once("requests=").unwrap_or_else(|| panic!("{line}"));
        behind.split(' ').next().unwrap().parse::<u32>().unwrap()
    };
    bed.forget().await;
    let ran = run(&["get_records", CASES]);
    assert_eq!(
        requests(calls(&ran)[0]) as usize,
        bed.seen().await.len(),
        "{ran:?}"
    );
    for (arguments, outcome) in [
        (
            &["get_record", r#"{"module":"Cases","ticket_number":"99999"}"#][..],
            "not_found",
        ),
        (
            &["get_records", r#"{"Module":"Cases","limit":"many"}"#],
            "invalid_arguments",
        ),
        // Their arguments name no module.
        (
            &["get_ticket_context", r#"{"ticket_number":"99999"}"#],
            "not_found",
        ),
        (
            &["get_ticket_context", r#"{"colour":"many"}"#],
            "invalid_arguments",
        ),
        (
            &["add_comment", r#"{"ticket_number":"99999"}"#],
            "invalid_arguments",
        ),
    ] {
        let ran = run(arguments);
        let lines = calls(&ran);
        assert_eq!(lines.len(), 1, "{ran:?}");
        assert!(lines[0].contains("module=\"Cases\""), "{lines:?}");
        assert!(lines[0].contains(&format!("outcome=\"{outcome}\"")), "{lines:?}");
        assert!(
            !lines[0].contains("99999") && !lines[0].contains("many"),
            "{lines:?}"
        );
    }
    // What is no module may be anything.
    let ran = run(&["get_records", r#"{"module":"Ada Lovelace","limit":"many"}"#]);
    assert!(
        calls(&ran)[0].contains("outcome=\"invalid_arguments\""),
        "{ran:?}"
    );
    assert!(!calls(&ran)[0].contains("Ada"), "{ran:?}");
    // Nobody asked.
    let quiet = bed.run(&["call", "get_records", CASES]);
    assert!(calls(&quiet).is_empty(), "{quiet:?}");
}

#[tokio::test]
async fn a_call_of_a_client_is_told_with_the_id_the_client_knows() {
    let bed = Bed::connected().await;
    let lines = [
        r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
        r#"{"jsonrpc":"2.0","id":"seven","method":"tools/call","params":{"name":"count_records","arguments":{"module":"Cases"}}}"#,
    ];
    let command = bed.command(&["--log-level", "debug", "stdio"]);
    let ran = finished(command, &format!("{}\n", lines.join("\n")));
    let told = calls(&ran);
    assert_eq!(told.len(), 1, "{ran:?}");
    assert!(told[0].contains("request{id=\"seven\"}"), "{told:?}");
    let asked = ran.told.lines().filter(|line| line.contains("asked Zoho"));
    let asked: Vec<&str> = asked
        .filter(|line| line.contains("request{id=\"seven\"}"))
        .collect();
    assert!(!asked.is_empty(), "{ran:?}");
}

#[tokio::test]
async fn debug_tells_each_request_and_no_secret() {
    let bed = Bed::connected().await;
    let search = r#"{"module":"Cases","query":"printer","limit":1}"#;
    bed.forget().await;
    let ran = bed.run(&["--log-level", "debug", "call", "search_records", search]);
    // What only a sandbox is asked is no request of Zoho's.
    let asked = ran.told.lines().filter(|line| line.contains("asked Zoho"));
    let asked: Vec<&str> = asked.filter(|line| !line.contains("/__sandbox/")).collect();
    assert_eq!(asked.len(), bed.seen().await.len(), "{ran:?}");
    for line in &asked {
        for part in ["method=GET", "host=", "path=\"/", "status=200", "ms="] {
            assert!(line.contains(part), "{part}: {line}");
        }
        assert!(!line.contains('?') && !line.contains("printer"), "{line}");
    }
    for secret in [&bed.sandbox.refresh_token, &bed.sandbox.client_secret] {
        assert!(!ran.told.contains(secret.as_str()), "{ran:?}");
    }
    assert!(!ran.told.contains("1000."), "{ran:?}");
}

#[tokio::test]
async fn programs_read_json() {
    let bed = Bed::connected().await;
    let ran = bed.run(&[
        "--log-level=debug",
        "--log-format=json",
        "call",
        "get_records",
        CASES,
    ]);
    let read = |line: &str| serde_json::from_str::<Value>(line).unwrap_or_else(|_| panic!("{line}"));
    let logged: Vec<Value> = ran
        .told
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(read)
        .collect();
    let call = logged.iter().find(|line| line["message"] == "call").unwrap();
    assert_eq!(call["level"], "INFO", "{call}");
    let timed = logged.iter().filter(|line| line.get("ms").is_some());
    assert!(
        timed.clone().count() > 1 && timed.clone().all(|line| line["ms"].is_u64()),
        "{logged:?}"
    );
    assert_eq!(
        (&call["tool"], &call["rows"]),
        (&"get_records".into(), &2.into()),
        "{call}"
    );
    assert!(!ran.told.contains(" INFO "), "{ran:?}");
    let refused = bed.run(&["--log-format=xml", "tools"]);
    assert!(!refused.ok && refused.told.contains("json"), "{refused:?}");
}

#[tokio::test]
async fn a_file_a_day_for_its_owner_alone() {
    let bed = Bed::connected().await;
    let folder = bed.home.path().join("log");
    std::fs::create_dir(&folder).unwrap();
    for day in 10..30 {
        std::fs::write(folder.join(format!("zoho.2020-01-{day}.log")), "").unwrap();
    }
    std::fs::write(folder.join("other.2020-01-10.log"), "").unwrap();
    let file = folder.join("zoho.log");
    for _ in 0..2 {
        let ran = bed.run(&["--log-file", file.to_str().unwrap(), "call", "get_records", CASES]);
        ran.succeeded();
        assert!(calls(&ran).is_empty(), "{ran:?}");
    }
    let names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let ours: Vec<&String> = names.iter().filter(|name| name.starts_with("zoho.")).collect();
    assert!(ours.len() <= 14 && names.len() == ours.len() + 1, "{names:?}");
    let today = ours.iter().find(|name| !name.contains("2020")).unwrap();
    let today = folder.join(today);
    let text = std::fs::read_to_string(&today).unwrap();
    // As `zoho-mcp log` reads them.
    assert_eq!(text.matches("\"tool\":\"get_records\"").count(), 2, "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
    let mode = std::fs::metadata(&today).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let nowhere = file.join("below.log");
    std::fs::write(&file, "").unwrap();
    let refused = bed.run(&["--log-file", nowhere.to_str().unwrap(), "tools"]);
    assert!(refused.failed().contains("--log-file"), "{refused:?}");
    let device = bed.run(&["--log-file", "/dev/full", "tools"]);
    assert!(device.failed().contains("device"), "{device:?}");
}

/// tokio-rs/tracing#2999 has logs of others that begin alike taken for ours: only what bears a day between the two parts of our
/// own name is old, and what a link leads to is not written.
#[tokio::test]
async fn files_of_others_that_begin_alike_stay() {
    let bed = Bed::connected().await;
    let folder = bed.home.path().join("log");
    for (named, ending) in [("zoho", ""), ("zoho.log", ".log")] {
        std::fs::create_dir(&folder).unwrap();
        for day in 10..30 {
            std::fs::write(folder.join(format!("zoho.2020-01-{day}{ending}")), "").unwrap();
        }
        let others = [
            "zoho.db",
            "zoho.db.key",
            "zoho-letters.log",
            "zoho.2020-01-01.bak.log",
            "zoho.2020-01-1x.log",
            "zoho2020-01-01.log",
        ];
        for other in others {
            std::fs::write(folder.join(other), "").unwrap();
        }
        let file = folder.join(named);
        bed.run(&["--log-file", file.to_str().unwrap(), "call", "get_records", CASES])
            .succeeded();
        let names = std::fs::read_dir(&folder).unwrap();
        let names: Vec<String> = names
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        for other in others {
            assert!(names.iter().any(|name| name == other), "{other}: {names:?}");
        }
        assert_eq!(names.len(), others.len() + 14, "{names:?}");
        assert!(
            names
                .iter()
                .any(|name| *name == format!("zoho.2020-01-17{ending}"))
        );
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

/// Where nobody names a zone, times are told in that of whoever reads them.
#[tokio::test]
async fn times_are_told_in_the_zone_of_the_machine() {
    let bed = Bed::connected().await;
    let call = [
        "call",
        "get_record",
        r#"{"module":"Cases","ticket_number":"600"}"#,
    ];
    let answer = bed.run(&call).succeeded();
    let created: jiff::Timestamp = answer["data"]["createdTime"].as_str().unwrap().parse().unwrap();
    let shown = |zone: &str| {
        let mut command = bed.command(&[&call[..], &["--output", "table"]].concat());
        command.env_remove("ZOHO_MCP_TIMEZONE").env("TZ", zone);
        finished(command, "").out
    };
    for zone in ["Asia/Tokyo", "America/New_York"] {
        let there = jiff::tz::TimeZone::get(zone).unwrap().to_datetime(created);
        let there = there.strftime("%Y-%m-%d %H:%M").to_string();
        let page = shown(zone);
        assert!(page.contains(&there), "{there}: {page}");
    }
    let page = shown("UTC");
    let there = format!("{} UTC", created.strftime("%Y-%m-%d %H:%M"));
    assert!(page.contains(&there), "{there}: {page}");
}
