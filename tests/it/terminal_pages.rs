//! What an answer shows on a terminal: all that it gives a pipe or the name of what has no room, readable at any width.
//!
//! REAL CLOCK: some of it is about a program that knows of no sandbox.

mod screen;

use std::process::Stdio;

use screen::{Looked, Screen, altered, flat, plain};

use crate::bed::Bed;
use crate::commands::{as_arguments, bare, finished};
use crate::terminals::{talk_at, talk_with};

const CALLS: [(&str, &str); 11] = [
    ("count_records", r#"{"module":"Cases"}"#),
    ("get_ticket_context", r#"{"ticket_number":"600"}"#),
    (
        "find_customer",
        r#"{"email":"selam.tesfaye56@copperfern.example"}"#,
    ),
    ("get_connection_status", "{}"),
    ("get_all_organizations", "{}"),
    ("get_records", r#"{"module":"Cases","limit":5}"#),
    ("get_record", r#"{"module":"Cases","ticket_number":"600"}"#),
    ("get_modules", "{}"),
    ("get_fields", r#"{"module":"Cases"}"#),
    ("get_views", r#"{"module":"Cases"}"#),
    (
        "run_coql_query",
        r#"{"query":"select Last_Name, Email, Owner from Contacts limit 5"}"#,
    ),
];

#[tokio::test]
async fn a_terminal_shows_what_a_pipe_gets_or_names_what_it_does_not_show() {
    let bed = Bed::connected().await;
    // What is noted once, when the organization is found, is said.
    bed.run(&["call", "count_records", r#"{"module":"Cases"}"#])
        .succeeded();
    for (tool, arguments) in CALLS {
        let call = ["call", tool, arguments];
        let mut answer = bed.run(&call).succeeded();
        // One is another each time, the others are told in words.
        for apart in ["next_cursor", "app_type", "organization", "repairs", "untrusted"] {
            answer.as_object_mut().unwrap().remove(apart);
        }
        // A person reads the names that stand beside these.
        for named in ["createdBy", "modifiedBy"] {
            answer["data"].as_object_mut().map(|row| row.remove(named));
        }
        for columns in [50, 80, 120, 240] {
            let Some((ok, screen)) = talk_at(&bed, columns, &call) else {
                return;
            };
            assert!(ok, "{screen}");
            let read = Screen::of(&screen, bed.clock.now());
            let (mut looked, mut others) = (Looked::new(), Looked::new());
            read.look_for("", &answer, &mut looked);
            let missed: Vec<&str> = looked
                .iter()
                .filter(|one| !one.1)
                .map(|one| one.0.as_str())
                .collect();
            assert!(missed.is_empty(), "{tool} at {columns}: {missed:#?}: {screen}");
            // Of an answer that says something else everything is missed.
            read.look_for("", &altered(&answer), &mut others);
            let found: Vec<&str> = others
                .iter()
                .filter(|one| one.1)
                .map(|one| one.0.as_str())
                .collect();
            assert!(found.is_empty(), "{tool} at {columns}: {found:#?}: {screen}");
            assert!(!looked.is_empty(), "{tool} at {columns}: {screen}");
        }
    }
}

/// An id is shown in every row or in none: what is said not to be shown is not there.
#[tokio::test]
async fn ids_are_shown_where_one_has_no_name() {
    let bed = Bed::connected().await;
    let row = |id: &str, account: &str, name: Option<&str>| {
        let named = name.map(|name| serde_json::json!({ "id": account, "accountName": name }));
        serde_json::json!({ "id": id, "lastName": "Moss", "accountId": account, "account": named, "webUrl": "https://desk.zoho.com/x" })
    };
    let rows = [
        row("4000701", "4000801", Some("Fernworks")),
        row("4000702", "4000802", None),
    ];
    let body = serde_json::json!({ "data": rows });
    bed.admin(
        serde_json::json!({ "faults": [{ "kind": "answer", "path": "/api/v1/contacts", "body": body }] }),
    )
    .await;
    let call = [
        "call",
        "get_records",
        r#"{"module":"Contacts","app_type":"desk","fields":["lastName","accountId"]}"#,
    ];
    let Some((ok, screen)) = talk_at(&bed, 120, &call) else {
        return;
    };
    assert!(ok && screen.contains("Fernworks"), "{screen}");
    assert!(
        screen.contains("4000801") && screen.contains("4000802"),
        "{screen}"
    );
    assert!(!screen.contains("4000701"), "{screen}");
    assert!(
        flat(&plain(&screen)).contains("not shown: ids beside a name or link"),
        "{screen}"
    );
}

/// Two texts of a case, each under who wrote it and when.
#[tokio::test]
async fn a_case_is_read_message_by_message() {
    let bed = Bed::connected().await;
    let call = ["call", "get_ticket_context", r#"{"ticket_number":"600"}"#];
    let answer = bed.run(&call).succeeded();
    let Some((_, screen)) = talk_at(&bed, 80, &call) else {
        return;
    };
    let read = flat(&plain(&screen));
    assert!(read.contains(" (customer) · 58 min ago · "), "{read}");
    let mut rest = read.as_str();
    for message in answer["data"]["conversation"].as_array().unwrap() {
        for key in ["from", "content"] {
            let text = flat(message[key].as_str().unwrap());
            let found = rest
                .find(&text)
                .unwrap_or_else(|| panic!("{key} {text}: {screen}"));
            rest = &rest[found + text.len()..];
        }
    }
}

#[tokio::test]
async fn tables_are_tables_where_they_have_room() {
    let bed = Bed::connected().await;
    let call = [
        "call",
        "get_records",
        r#"{"module":"Cases","limit":3,"fields":["ticketNumber","status"]}"#,
    ];
    let Some((_, screen)) = talk_at(&bed, 80, &call) else {
        return;
    };
    assert_eq!(screen.matches("STATUS").count(), 1, "{screen}");
    let (_, narrow) = talk_at(&bed, 30, &call).unwrap();
    assert_eq!(narrow.matches("Status").count(), 3, "{narrow}");
}

#[test]
fn what_cannot_be_written_is_no_success() {
    let home = tempfile::tempdir().unwrap();
    let case = r#"{"tool":"get_all_organizations"}"#;
    for (arguments, input) in printing(case) {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let mut command = bare(home.path(), arguments);
        command.stdout(full);
        let ran = finished(command, input);
        assert!(
            ran.failed().contains("could not be written"),
            "{arguments:?}: {ran:?}"
        );
    }
}

#[tokio::test]
async fn a_server_whose_answers_cannot_be_written_says_so() {
    let bed = Bed::connected().await;
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = bed.command(&["stdio"]);
    command.stdout(full);
    let hello = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}"#;
    let ran = finished(command, &format!("{hello}\n"));
    assert!(ran.failed().contains("no answer can be written"), "{ran:?}");
}

/// Commands that print something, and what they read.
fn printing(case: &str) -> [(&[&str], &str); 15] {
    [
        (&["tools"], ""),
        (
            &["--sandbox", "call", "count_records", r#"{"module":"Cases"}"#],
            "",
        ),
        (&["--sandbox", "connections", "list"], ""),
        (&["--sandbox", "doctor"], ""),
        (&["demo"], ""),
        (&["repair"], case),
        (&["--help"], ""),
        (&["-h"], ""),
        (&["help"], ""),
        (&["help", "call"], ""),
        (&["--version"], ""),
        (&["call", "--help"], ""),
        (&["connections", "list", "--help"], ""),
        (&["sandbox", "-h"], ""),
        (&["connect", "--help"], ""),
    ]
}

/// The runtime opens `/dev/null` in the place of what is closed, and every write to that succeeds.
#[cfg(unix)]
#[test]
fn a_closed_output_is_none() {
    let home = tempfile::tempdir().unwrap();
    let through = |shell: &str, arguments: &[&str], input: &str| {
        // A clock that is put before the program opens a file of its own in the place of what is closed.
        let mut program = bare(home.path(), arguments);
        program.env_remove("LD_PRELOAD");
        let mut command = std::process::Command::new("/bin/sh");
        command.env_remove("LD_PRELOAD");
        command.args(["-c", &format!(r#"exec env -i "$@" {shell}"#), "sh"]);
        command.args(as_arguments(&program));
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        finished(command, input)
    };
    for (arguments, input) in printing(r#"{"tool":"get_all_organizations"}"#) {
        let ran = through(">&-", arguments, input);
        assert!(
            ran.failed().contains("could not be written"),
            "{arguments:?}: {ran:?}"
        );
    }
    let served = through(">&-", &["--sandbox"], "");
    assert!(
        served.failed().contains("standard output is closed"),
        "{served:?}"
    );
    // Who starts a program quietly opens the same file for reading and writing, as the runtime does.
    for silenced in [">/dev/null", "1<>/dev/null", ">/dev/null <&-", ">/dev/null 2>&-"] {
        for arguments in [&["tools"][..], &["--help"], &["repair"]] {
            let ran = through(silenced, arguments, "");
            assert!(ran.ok && ran.out.is_empty(), "{silenced} {arguments:?}: {ran:?}");
        }
    }
}

#[test]
fn a_reader_that_has_gone_is_no_failure() {
    let home = tempfile::tempdir().unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    for arguments in [&["tools"][..], &["--help"], &["--version"]] {
        let mut command = bare(home.path(), arguments);
        command.stdout(writer.try_clone().unwrap());
        let ran = finished(command, "");
        assert!(ran.ok && ran.told.is_empty(), "{arguments:?}: {ran:?}");
    }
}

/// A user of a container that has no entry among the users, and no home (only root may become another one).
#[cfg(unix)]
#[test]
fn what_keeps_no_database_needs_no_home() {
    use std::os::unix::process::CommandExt as _;
    let homeless = |arguments: &[&str]| {
        let mut command = bare("/".as_ref(), arguments);
        command.env_remove("HOME").uid(54_321).stdin(Stdio::null());
        command.output()
    };
    let Ok(tools) = homeless(&["tools"]) else {
        println!("left out: nobody else can be run as");
        return;
    };
    assert!(tools.status.success(), "{tools:?}");
    for arguments in [
        &["--sandbox", "call", "count_records", r#"{"module":"Cases"}"#][..],
        &["demo"],
        &["--sandbox", "doctor"],
    ] {
        let ran = homeless(arguments).unwrap();
        assert!(ran.status.success(), "{arguments:?}: {ran:?}");
    }
    let kept = homeless(&["connections", "list"]).unwrap();
    let told = String::from_utf8(kept.stderr).unwrap();
    assert!(
        !kept.status.success() && told.contains("--database-url"),
        "{told}"
    );
}

/// Typed first by whoever has just installed it.
#[test]
fn what_waits_for_input_says_so_at_a_terminal() {
    let home = tempfile::tempdir().unwrap();
    for (arguments, question) in [(&[][..], "Ctrl-C ends it."), (&["repair"], "Ctrl-D ends it.")] {
        let Some((ok, screen)) = talk_with(&bare(home.path(), arguments), 120, &[(question, "\u{4}")]) else {
            return;
        };
        assert!(ok && screen.contains(question), "{screen}");
        let ran = finished(bare(home.path(), arguments), "");
        assert!(!ran.told.contains(question), "{ran:?}");
    }
}

/// No command could change what ends with it.
#[test]
fn a_sandbox_of_its_own_needs_no_mending() {
    let home = tempfile::tempdir().unwrap();
    for arguments in [
        &["--sandbox", "doctor"][..],
        &["--sandbox", "call", "get_connection_status", "{}"],
    ] {
        let ran = finished(bare(home.path(), arguments), "");
        assert!(ran.ok && !ran.out.contains("zoho-mcp connections"), "{ran:?}");
        assert!(
            !ran.out.contains("\"warn\"") && !ran.out.contains("\"mend\""),
            "{ran:?}"
        );
        let read = ran.out.contains("read case #");
        assert_eq!(read, arguments[1] == "doctor", "{ran:?}");
    }
}
