//! What `zoho-mcp log` shows of what assistants did, and what it says where nothing can be shown.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::PathBuf;
use std::thread;

use serde_json::{Value, json};
use zoho_mcp::sandbox::Options;

use crate::bed::Bed;
use crate::commands::{Ran, finished};

const GREETING: [&str; 2] = [
    r#"{"jsonrpc":"2.0","id":"hello","method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}"#,
    r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
];

fn call(id: &str, tool: &str, arguments: &Value) -> String {
    let params = json!({ "name": tool, "arguments": arguments });
    json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params }).to_string()
}

/// A line of the log about a call that came minutes before [`crate::bed::NOW`].
fn line(minutes: i64, members: Value) -> String {
    let when = crate::bed::NOW - jiff::SignedDuration::from_mins(minutes);
    let mut line = json!({ "timestamp": when.to_string(), "level": "INFO", "message": "call", "target": "zoho_mcp::tools::logged" });
    line.as_object_mut()
        .unwrap()
        .extend(members.as_object().unwrap().clone());
    format!("{line}\n")
}

/// The file of a day of a log named `zoho.log`.
fn day(bed: &Bed, day: &str) -> PathBuf {
    bed.home.path().join(format!("zoho.{day}.log"))
}

fn log(bed: &Bed, arguments: &[&str]) -> Ran {
    let file = bed.home.path().join("zoho.log");
    bed.run(&[&["--log-file", file.to_str().unwrap(), "log"], arguments].concat())
}

fn rows(ran: &Ran) -> Vec<Value> {
    let lines = ran.out.lines();
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A log of two days in which everything has happened once.
pub(crate) fn keep_a_log(bed: &Bed) -> PathBuf {
    let made = |minutes, tool, module: &str, outcome, rows, id: &str| {
        let said = json!({
            "tool": tool, "module": module, "outcome": outcome, "rows": rows, "ms": 12 * minutes, "requests": 3,
            "repairs": 1, "connection": "default", "span": { "id": id, "name": "request" },
        });
        line(minutes, said)
    };
    let before = made(60 * 24, "get_records", "Cases", "ok", 50, "1");
    fs::write(day(bed, "2026-11-19"), before).unwrap();
    let lost = line(
        7,
        json!({ "message": "lost", "lines": 12, "target": "zoho_mcp::logging" }),
    );
    let today = [
        made(90, "get_ticket_context", "Cases", "ok", 1, "2"),
        line(
            89,
            json!({ "message": "asked Zoho", "target": "zoho_mcp::zoho::session", "ms": 3 }),
        ),
        made(60, "search_records", "Contacts", "rate_limited", 0, "3"),
        lost,
        made(
            5,
            "get_records",
            "Leads",
            "invalid_arguments",
            0,
            "0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0",
        ),
        line(
            1,
            json!({ "tool": "delete_everything", "outcome": "unknown_tool", "rows": 0, "ms": 1, "requests": 0, "repairs": 0 }),
        ),
    ];
    fs::write(day(bed, "2026-11-20"), today.concat()).unwrap();
    bed.home.path().join("zoho.log")
}

#[tokio::test]
async fn what_an_assistant_did_is_shown() {
    let bed = Bed::connected().await;
    let file = bed.home.path().join("zoho.log");
    let calls = [
        call("good", "get_records", &json!({ "module": "cases", "limit": "2" })),
        call(
            "refused",
            "get_records",
            &json!({ "module": "Cases", "limit": "plenty" }),
        ),
        call(
            "failed",
            "get_record",
            &json!({ "module": "Cases", "ticket_number": "99999" }),
        ),
        call("unknown", "order_pizza", &json!({})),
    ];
    let lines = [&GREETING.map(str::to_owned)[..], &calls].concat();
    let command = bed.command(&["--log-file", file.to_str().unwrap(), "stdio"]);
    let ran = finished(command, &format!("{}\n", lines.join("\n")));
    assert!(ran.ok, "{ran:?}");

    let shown = log(&bed, &[]);
    assert!(shown.ok && shown.told.is_empty(), "{shown:?}");
    let all = rows(&shown);
    assert_eq!(all.len(), 4, "{shown:?}");
    let of = |id: &str| all.iter().find(|row| row["id"] == id).unwrap();
    let good = of("good");
    for (key, value) in [
        ("tool", json!("get_records")),
        ("module", json!("Cases")),
        ("rows", json!(2)),
        ("outcome", json!("ok")),
        ("connection", json!("default")),
    ] {
        assert_eq!(good[key], value, "{good}");
    }
    assert!(
        good["repairs"].as_u64() > Some(0) && good["requests"].as_u64() > Some(0),
        "{good}"
    );
    assert!(good["time"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok() && good["ms"].is_u64());
    assert_eq!(of("refused")["outcome"], "invalid_arguments");
    assert_eq!(of("failed")["outcome"], "not_found");
    assert_eq!(of("unknown")["outcome"], "unknown_tool");
    // Nothing of what was written.
    assert!(
        !shown.out.contains("99999") && !shown.out.contains("plenty"),
        "{shown:?}"
    );

    let failed = rows(&log(&bed, &["--failed"]));
    assert_eq!(failed.len(), 3, "{failed:?}");
    let json = log(&bed, &["--output", "json"]).succeeded();
    assert_eq!(json.as_array().map(Vec::len), Some(4), "{json}");
    assert_eq!(log(&bed, &["--json"]).succeeded(), json);
    let table = log(&bed, &["--output", "table"]);
    for part in ["Tool", "get_record", "not_found", "default", "4 calls"] {
        assert!(table.ok && table.out.contains(part), "{part}: {table:?}");
    }
}

#[tokio::test]
async fn a_part_of_it_is_shown() {
    let bed = Bed::empty(Options::default()).await;
    keep_a_log(&bed);
    let tools = |arguments: &[&str]| -> Vec<String> {
        let shown = log(&bed, arguments);
        assert!(shown.ok && shown.told.is_empty(), "{shown:?}");
        let name = |row: &Value| {
            row["tool"]
                .as_str()
                .map_or_else(|| row["lost"].to_string(), str::to_owned)
        };
        rows(&shown).iter().map(name).collect()
    };
    let all = [
        "get_records",
        "get_ticket_context",
        "search_records",
        "12",
        "get_records",
        "delete_everything",
    ];
    assert_eq!(tools(&[]), all);
    assert_eq!(tools(&["--tail", "5"]), all);
    assert_eq!(tools(&["--tail", "3"]), all[2..]);
    assert_eq!(tools(&["--tail", "1"]), all[5..]);
    assert_eq!(tools(&["--since", "2026-11-20"]), all[1..]);
    assert_eq!(tools(&["--since", "1h"]), all[2..]);
    assert_eq!(tools(&["--since", "2026-11-20T18:00:00Z"]), all[3..]);
    assert_eq!(tools(&["--failed", "--since", "1d"]), all[2..]);
    for when in ["yesterdayish", "-2h", "2h ago ago"] {
        let refused = log(&bed, &[&format!("--since={when}")]);
        assert!(refused.failed().contains("expected a"), "{refused:?}");
    }
    let none = log(&bed, &["--since", "30s"]);
    assert!(
        none.ok && none.out.is_empty() && none.told.contains("None of the 5 calls"),
        "{none:?}"
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_counted() {
    let bed = Bed::empty(Options::default()).await;
    keep_a_log(&bed);
    let today = day(&bed, "2026-11-20");
    let text = fs::read_to_string(&today).unwrap();
    let half = text.len() - 40;
    fs::write(&today, &text[..half]).unwrap();
    let shown = log(&bed, &[]);
    assert!(shown.ok && rows(&shown).len() == 5, "{shown:?}");
    assert!(
        shown.told.contains("1 line of ") && shown.told.contains("line 6 first"),
        "{shown:?}"
    );
    // Another program's: JSON without a time, text, bytes of no text, a line without an end.
    let others = [
        &b"{\"msg\":\"hi\"}\n\nstarted\n\xff\xfe\n[]\n"[..],
        &[b'x'; 200_000],
    ]
    .concat();
    fs::write(day(&bed, "2026-11-18"), others).unwrap();
    let shown = log(&bed, &[]);
    assert!(shown.ok && rows(&shown).len() == 5, "{shown:?}");
    assert!(
        shown.told.contains("5 lines of ") && shown.told.contains("line 1 first"),
        "{shown:?}"
    );
    // A file that is none is not left out in silence.
    fs::create_dir(day(&bed, "2026-11-17")).unwrap();
    let shown = log(&bed, &[]);
    assert_eq!(rows(&shown).len(), 5, "{shown:?}");
    assert!(
        shown.failed().contains("2026-11-17.log cannot be read"),
        "{shown:?}"
    );
    // Nor is a folder.
    let below = today.join("zoho.log");
    let refused = bed.run(&["--log-file", below.to_str().unwrap(), "log"]);
    assert!(refused.failed().contains("zoho.log: "), "{refused:?}");
}

#[tokio::test]
async fn where_nothing_is_kept_it_says_what_changes_that() {
    let bed = Bed::connected().await;
    let unnamed = bed.run(&["log"]);
    assert!(unnamed.out.is_empty(), "{unnamed:?}");
    for part in [
        "no log file is named",
        "next:  zoho-mcp config set log-file ~/zoho-mcp.log",
        "--log-file ~/zoho-mcp.log",
    ] {
        assert!(unnamed.failed().contains(part), "{part}: {unnamed:?}");
    }
    let none = log(&bed, &[]);
    assert!(
        none.ok && none.out.is_empty() && none.told.contains("No call is in the log"),
        "{none:?}"
    );
    assert!(
        fs::read_dir(bed.home.path())
            .unwrap()
            .flatten()
            .all(|entry| entry.path().extension() != Some("log".as_ref()))
    );
    let quiet = log(&bed, &["--log-level", "warn"]);
    assert!(
        quiet.failed().contains("--log-level is `warn`") && quiet.told.contains("--log-file"),
        "{quiet:?}"
    );
    let unclear = log(&bed, &["--log-level", "loud"]);
    assert!(unclear.failed().contains("loud"), "{unclear:?}");
    // Lines for people.
    let file = bed.home.path().join("zoho.log");
    let as_text = ["--log-file", file.to_str().unwrap(), "--log-format", "text"];
    bed.run(&[&as_text[..], &["call", "count_records", "module=Cases"]].concat())
        .succeeded();
    let text = log(&bed, &["--log-format", "text"]);
    assert!(
        text.out.is_empty() && text.told.contains("could not be read"),
        "{text:?}"
    );
    assert!(text.told.contains("--log-format is `text`"), "{text:?}");
}

/// Nobody reads standard error meanwhile: a pipe and the lines that wait are full.
#[tokio::test]
async fn lines_that_are_lost_are_counted() {
    const CALLS: usize = 3_000;
    let bed = Bed::connected().await;
    let level = "--log-level=zoho_mcp::tools::logged=info";
    let mut command = bed.command(&[level, "--log-format=json", "stdio"]);
    command.stdin(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    let (mut input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let speaking = thread::spawn(move || {
        let calls = (0..CALLS).map(|id| call(&id.to_string(), "order_pizza", &json!({})));
        for line in GREETING.map(str::to_owned).into_iter().chain(calls) {
            writeln!(input, "{line}").unwrap();
        }
        input
    });
    let answers = BufReader::new(output).lines().map(Result::unwrap);
    let answers = answers.filter(|line| line.contains("order_pizza"));
    assert_eq!(answers.take(CALLS).count(), CALLS);
    let mut told = child.stderr.take().unwrap();
    let input = speaking.join().unwrap();
    let reading = thread::spawn(move || {
        let mut text = String::new();
        told.read_to_string(&mut text).unwrap();
        text
    });
    drop(input);
    assert!(child.wait().unwrap().success());
    fs::write(day(&bed, "2026-11-20"), reading.join().unwrap()).unwrap();
    let shown = log(&bed, &[]);
    assert!(shown.ok && shown.told.is_empty(), "{}", shown.told);
    let rows = rows(&shown);
    let lost: u64 = rows.iter().filter_map(|row| row["lost"].as_u64()).sum();
    let calls = rows.iter().filter(|row| row["outcome"] == "unknown_tool").count();
    assert!(lost > 0, "{calls}");
    assert_eq!(calls + usize::try_from(lost).unwrap(), CALLS);
}

/// An operator finds the act of an assistant, and what takes it back.
#[tokio::test]
async fn an_act_is_told_with_the_id_that_takes_it_back() {
    let bed = Bed::empty(Options::default()).await;
    bed.run(&["connect", "--org", "7048213351"]).succeeded();
    let file = bed.home.path().join("zoho.log");
    let act = [
        "call",
        "add_comment",
        "ticket_number=600",
        "content=Looked into it.",
    ];
    let told = bed.run(&[&["--log-file", file.to_str().unwrap()], &act[..]].concat());
    let id = told.succeeded()["write"]["id"].clone();
    assert!(id.is_string(), "{told:?}");
    let rows = rows(&log(&bed, &[]));
    assert_eq!(rows.last().unwrap()["write"], id, "{rows:?}");
    let shown = log(&bed, &["--output", "table"]).out;
    assert!(
        shown.contains(id.as_str().unwrap()) && !shown.contains("Looked"),
        "{shown}"
    );
}
