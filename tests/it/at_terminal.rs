//! Small things that people type and read at a terminal, and the same in a pipe.
//!
//! REAL CLOCK: some of it is about a program that knows of no sandbox.

use serde_json::{Value, json};

use crate::bed::Bed;
use crate::commands::{Ran, bare, finished};
use crate::terminals::{report, talk_at};

fn run(arguments: &[&str]) -> Ran {
    let home = tempfile::tempdir().unwrap();
    finished(bare(home.path(), arguments), "")
}

#[test]
fn what_is_typed_otherwise_is_told_how_it_is_meant() {
    for (words, told) in [
        (&["call", "get_records", "--limit", "5"][..], "limit=5"),
        (&["call", "get_records", "--sort-order=asc"], "sort_order=asc"),
        (&["list"], "`zoho-mcp status`"),
        (&["version"], "`zoho-mcp --version`"),
        (&["call", "get_recodrs", "--help"], "nearest: get_records"),
        (&["call", "nope", "--help"], "`zoho-mcp tools`"),
    ] {
        let ran = run(words);
        assert!(ran.failed().contains(told), "{words:?}: {ran:?}");
        assert!(!ran.told.contains("-- --"), "{words:?}: {ran:?}");
        assert!(!ran.told.contains("tip:\n"), "a tip that says nothing: {ran:?}");
        assert_eq!(ran.out, "", "{words:?}");
    }
}

/// A person has no `tools/list`.
#[tokio::test]
async fn a_person_is_told_where_the_names_of_tools_are() {
    let bed = Bed::connected().await;
    let json = bed.run(&["call", "x"]);
    let Some((ok, screen)) = talk_at(&bed, 100, &["call", "x"]) else {
        return;
    };
    assert!(!ok);
    for told in [json.out.as_str(), &screen] {
        assert!(
            told.contains("`zoho-mcp tools`") && !told.contains("tools/list"),
            "{told}"
        );
    }
}

/// What is pasted reaches what was reached.
#[tokio::test]
async fn an_example_carries_the_options_in_use() {
    let bed = Bed::connected().await;
    let wrong = [
        "call",
        "get_records",
        "module=Cases",
        "limit=many",
        "--output",
        "table",
    ];
    let (url, sandbox) = (bed.database_url(), bed.sandbox.url.clone());
    let named = ["--database-url", &url, "--sandbox-url", &sandbox];
    let told = bed.run(&[&wrong[..], &named].concat()).told;
    let example = told.lines().find_map(|line| line.strip_prefix("example: "));
    let example = example.unwrap_or_else(|| panic!("{told}"));
    assert!(named.iter().all(|word| example.contains(word)), "{example}");
    bed.run_told(example);
    let own = run(&[&["--sandbox"][..], &wrong].concat()).told;
    let example = own.lines().find(|line| line.starts_with("example: ")).unwrap();
    assert!(
        example.contains(" --sandbox") && !example.contains("127.0.0.1"),
        "{example}"
    );
    assert!(!own.contains("JSON object"), "{own}");
}

#[tokio::test]
async fn every_command_that_prints_a_table_prints_it_into_a_pipe_too() {
    let bed = Bed::connected().await;
    for command in [
        &["status"][..],
        &["tools"],
        &["connections"],
        &["connections", "show"],
        &["config", "show"],
    ] {
        let run = |more: &[&str]| bed.run(&[command, more].concat());
        for form in [&["--json"][..], &["--output", "json"]] {
            assert_eq!(run(form).succeeded(), run(&[]).succeeded(), "{command:?}");
        }
        let table = run(&["--output", "table"]);
        assert!(
            table.ok && serde_json::from_str::<Value>(&table.out).is_err(),
            "{table:?}"
        );
        let painted = run(&["--output", "table", "--color", "always"]);
        assert!(painted.out.contains("\u{1b}["), "{painted:?}");
    }
    let status = bed.run(&["status", "--output", "table", "--color", "always"]).out;
    // As the table paints it: SGR 38;5;2, the second of the 256 colours.
    assert!(
        status.contains("\u{1b}[38;5;2m") && status.contains("active"),
        "{status:?}"
    );
}

#[tokio::test]
async fn a_pipe_is_as_wide_as_it_says() {
    let bed = Bed::connected().await;
    for columns in [60, 90] {
        for words in [
            &[
                "call",
                "get_records",
                "module=Cases",
                "limit=3",
                "--output",
                "table",
            ][..],
            &["tools", "--output", "table"],
        ] {
            let mut command = bed.command(words);
            command.env("COLUMNS", columns.to_string());
            let ran = finished(command, "");
            let widest = ran
                .out
                .lines()
                .filter(|line| !line.starts_with("more: "))
                .map(|line| line.chars().count())
                .max()
                .unwrap();
            assert!(
                ran.ok && widest <= columns && widest > columns - 20,
                "{widest}: {ran:?}"
            );
        }
    }
}

#[tokio::test]
async fn an_error_is_painted_where_that_is_asked_for() {
    let bed = Bed::connected().await;
    let wrong = ["connections", "show", "nobody"];
    assert!(!bed.run(&wrong).failed().contains('\u{1b}'));
    let painted = bed.run(&[&["--color", "always"][..], &wrong].concat());
    assert!(
        painted.failed().contains("\u{1b}[1m\u{1b}[31merror:"),
        "{painted:?}"
    );
}

#[tokio::test]
async fn no_line_is_wider_than_the_screen() {
    let bed = Bed::connected().await;
    let arabic = format!("sort_order={}", "لا ".repeat(40).trim_end());
    for columns in [62, 72, 80] {
        for words in [
            &["call", "get_records", "module=Agents", "limit=3"][..],
            &["call", "get_records", "module=Deals", "app_type=crm", "limit=3"],
            // Each of these two letters takes a column.
            &["call", "get_records", "module=Cases", &arabic],
        ] {
            let mut command = bed.command(&[words, &["--output", "table"]].concat());
            command.env("COLUMNS", columns.to_string());
            let ran = finished(command, "");
            let screen = format!("{}{}", ran.out, ran.told);
            for line in screen
                .lines()
                .filter(|line| !line.starts_with("example: ") && !line.starts_with("more: "))
            {
                assert!(line.trim_end().chars().count() <= columns, "{columns}: {line}");
            }
        }
    }
}

/// `5 -> 5` says nothing.
#[tokio::test]
async fn a_repair_of_a_text_shows_the_text() {
    let bed = Bed::connected().await;
    let ran = bed.run(&[
        "call",
        "get_records",
        "module=Cases",
        "limit=\"3\"",
        "--output",
        "table",
    ]);
    assert!(ran.out.contains("limit: \"3\" -> 3"), "{ran:?}");
}

#[tokio::test]
async fn what_people_look_for_first_has_room_and_words() {
    let bed = Bed::connected().await;
    let page = |words: &[&str], columns: &str| {
        let mut command = bed.command(&[&["call"], words, &["--output", "table"]].concat());
        command.env("COLUMNS", columns);
        finished(command, "").out
    };
    let deals = page(&["get_records", "module=Deals", "app_type=crm", "limit=3"], "80");
    let head = deals.lines().next().unwrap();
    assert!(
        head.contains("AMOUNT") && head.contains("CLOSING DATE"),
        "{deals}"
    );
    let modules = page(&["get_modules", "app_type=desk"], "200");
    let row = modules.lines().find(|line| line.starts_with("Tasks")).unwrap();
    assert!(row.contains("time_entries"), "{modules}");
    let lead = page(
        &[
            "search_records",
            "module=Leads",
            "app_type=crm",
            "query=a",
            "limit=1",
        ],
        "80",
    );
    assert!(!lead.contains("  s  ") && !lead.contains('$'), "{lead}");
    let history = page(&["get_ticket_context", "ticket_number=600"], "100");
    let (_, history) = history.split_once("History").unwrap();
    assert!(
        history.contains("min ago) ") && !history.contains("T17:"),
        "{history}"
    );
}

/// What was exported stays, and a person who stops has to know.
#[tokio::test]
async fn who_stops_an_export_is_told_how_it_goes_on() {
    let bed = Bed::connected().await;
    bed.admin(json!({ "latency_ms": 400 })).await;
    let files = bed.home.path().join("files").display().to_string();
    let words = [
        "--files",
        &files,
        "call",
        "export_records",
        "module=Calls",
        "app_type=crm",
    ];
    let Some(report) = report(&bed.command(&words), 120, &[("/2350, ", "{ctrl-c}")]) else {
        return;
    };
    let screen = report["screen"].as_str().unwrap();
    assert_eq!(report["exit"], 130, "{screen}");
    assert!(screen.contains("goes on where this one stopped"), "{screen}");
}

/// The keys belong to the pager as long as it has the screen (jj-vcs/jj#9974, sharkdp/bat#3376).
#[test]
fn a_key_that_ends_programs_is_the_pagers() {
    let home = tempfile::tempdir().unwrap();
    let pager = home.path().join("pager");
    // A shell that is about to wait for a key hears of a signal only behind it: this one looks first.
    let script = "#!/bin/sh\npressed=\ntrap 'pressed=1' INT\nhead -3\necho PAGED\n\
                  until [ \"$pressed\" ]; do sleep 0.05; done\necho interrupted\n\
                  read key </dev/tty\necho \"read $key\"\n";
    std::fs::write(&pager, script).unwrap();
    for words in [
        &["tools"][..],
        &["--sandbox", "call", "get_records", "module=Cases", "limit=60"],
    ] {
        let mut command = bare(home.path(), words);
        command.env("PAGER", format!("sh {}", pager.display()));
        let keys = [("PAGED", "{ctrl-c}"), ("interrupted", "enough")];
        let Some(report) = report(&command, 80, &keys) else {
            return;
        };
        let screen = report["screen"].as_str().unwrap();
        assert!(
            report["exit"] == 0 && screen.contains("read enough"),
            "{words:?}: {report}"
        );
    }
}

/// What waits for a terminal ends by its keys, whatever is to be tidied up behind it.
#[test]
fn what_is_read_from_a_terminal_can_be_ended() {
    let home = tempfile::tempdir().unwrap();
    for (words, told) in [
        (&["--sandbox", "call", "get_records", "-"][..], "Ctrl-D ends them"),
        (&["--sandbox", "repair"], "Ctrl-D ends it"),
    ] {
        for end in ["{ctrl-c}", "{terminate}"] {
            let Some(report) = report(&bare(home.path(), words), 100, &[(told, end)]) else {
                return;
            };
            let code = report["exit"].as_i64().unwrap();
            assert!(code == 130 || code < 0, "{words:?} {end}: {report}");
        }
    }
}

/// A line that is broken in one record leaves the others in their table.
#[tokio::test]
async fn a_break_in_one_record_keeps_the_table() {
    let bed = Bed::connected().await;
    let row = |number: &str, subject: &str| json!({ "id": number, "ticketNumber": number, "subject": subject, "status": "Open" });
    let body = json!({ "data": [row("601", "One line"), row("602", "Two\nlines"), row("603", "One more")] });
    bed.admin(json!({ "faults": [{ "kind": "answer", "path": "/api/v1/tickets", "body": body }] }))
        .await;
    let call = [
        "call",
        "get_records",
        "module=Cases",
        "fields=[\"ticketNumber\",\"subject\",\"status\"]",
        "--output",
        "table",
    ];
    let ran = bed.run(&call);
    assert!(ran.ok && ran.out.contains("Two ↵ lines"), "{ran:?}");
    assert_eq!(ran.out.matches("SUBJECT").count(), 1, "{ran:?}");
}

/// What a call sorts by and what it brings along is there, and how old a record is gives way to no long subject.
#[tokio::test]
async fn what_was_asked_for_has_a_column() {
    let bed = Bed::connected().await;
    let heads = |columns: &str, words: &[&str]| {
        let list = [
            "call",
            "get_records",
            "module=Cases",
            "limit=5",
            "--output",
            "table",
        ];
        let mut command = bed.command(&[&list[..], words].concat());
        command.env("COLUMNS", columns);
        let ran = finished(command, "");
        assert!(ran.ok, "{ran:?}");
        ran.out.lines().next().unwrap().to_owned()
    };
    for (columns, words, head) in [
        ("80", &["include=[\"contacts\"]"][..], "CONTACT"),
        ("80", &["sort_by=dueDate"], "DUE"),
        ("60", &[], "CREATED"),
    ] {
        let heads = heads(columns, words);
        assert!(
            heads.contains(head) && heads.contains("SUBJECT"),
            "{head}: {heads}"
        );
    }
}
