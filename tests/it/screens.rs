//! What people see, kept: the help of every command, an answer of every tool, connecting in each way and the doctor, on screens of
//! 80, 100 and 200 columns.
//!
//! REAL CLOCK: some of it is about a program that knows of no sandbox.

mod agreeing;
mod connect;
mod doctor;

use std::fmt::Write as _;

use zoho_mcp::tools::catalog::{Catalog, Selection};

use crate::bed::Bed;
use crate::commands::bare;
use crate::log_command::keep_a_log;
use crate::own_help::{every_command, plain};
use crate::terminals::{talk_at, talk_with};

const WIDTHS: [u16; 3] = [80, 100, 200];

const CALLS: [(&str, &[&str]); 38] = [
    ("get_records", &["module=Cases", "limit=5"]),
    ("get_records", &["module=Leads", "app_type=crm", "limit=\"3\""]),
    ("get_record", &["module=Cases", "ticket_number=600"]),
    ("search_records", &["module=Cases", "query=printer", "limit=3"]),
    (
        "get_related_records",
        &["module=Cases", "id=600", "related=threads"],
    ),
    (
        "get_related_records",
        &["module=Cases", "id=600", "related=attachments"],
    ),
    ("get_ticket_context", &["ticket_number=600"]),
    (
        "get_attachment",
        &["module=Cases", "id=ID", "attachment_id=FILE", "--files", "files"],
    ),
    (
        "export_records",
        &["module=Cases", "filters.status=Escalated", "--files", "files"],
    ),
    ("find_customer", &["email=selam.tesfaye56@copperfern.example"]),
    ("count_records", &["module=Cases"]),
    ("get_modules", &["app_type=desk"]),
    ("get_fields", &["module=Cases"]),
    ("get_views", &["module=Cases"]),
    (
        "run_coql_query",
        &["query=select Last_Name, Email, Owner from Contacts limit 3"],
    ),
    ("get_connection_status", &[]),
    ("get_all_organizations", &[]),
    (
        "get_records",
        &["module=Cases", "limit=many", "sort_order=sideways"],
    ),
    (
        "update_record",
        &["module=Cases", "ticket_number=600", "values.status=Gone"],
    ),
    ("create_record", &["module=Tasks", "values.priority=High"]),
    ("add_comment", &["ticket_number=600"]),
    ("draft_reply", &["ticket_number=600"]),
    (
        "send_reply",
        &["ticket_number=600", "content=Done.", "to=somebody"],
    ),
    ("add_note", &["module=Leads"]),
    ("log_time", &["ticket_number=600", "minutes=0"]),
    ("follow", &["ticket_number=600", "agents=Lena Brandt"]),
    ("tag_records", &["ticket_number=600", "tags=ok"]),
    ("perform_transition", &["module=Cases", "ticket_number=590"]),
    ("convert_lead", &["id=none"]),
    (
        "add_attachment",
        &[
            "module=Cases",
            "ticket_number=600",
            "file=none.txt",
            "--files",
            "files",
        ],
    ),
    ("confirm_write", &["token=none"]),
    ("undo_write", &["id=w000000000000"]),
    ("update_cases", &["ticket_numbers=600", "status=Gone"]),
    ("mass_update", &["module=Leads", "values.Phone=1"]),
    ("delete_records", &["module=Agents", "ids=1"]),
    ("restore_records", &["ids=1"]),
    ("mark_spam", &["ticket_numbers=999999"]),
    ("merge_records", &["module=Tasks", "id=1", "ids=2"]),
];

/// A screen as it is read: a link as `text <address>`, nothing painted, and nothing in it that is another each time.
fn read(screen: &str, bed: Option<&Bed>) -> String {
    let mut read = String::new();
    let screen = screen.replace("\r\n", "\n");
    // Said of calls that last, which no two machines agree on.
    let lines = screen
        .lines()
        .filter(|line| !line.starts_with("Calling Zoho tool: "));
    for line in lines {
        // A bar goes where the next thing is written.
        let line = line.rsplit('\r').next().unwrap_or(line);
        let mut rest = plain(line);
        while let Some((before, after)) = rest.split_once("\u{1b}]8;;") {
            let (address, after) = after.split_once("\u{1b}\\").unwrap();
            let mark = if address.is_empty() { "»" } else { "«" };
            rest = format!("{before}{mark}{after}");
        }
        if let Some((before, _)) = rest.split_once("cursor=") {
            rest = format!("{before}cursor=...");
        }
        // What a file of an export is called goes by where its records come from.
        if let Some((before, after)) = rest.split_once("/Cases-") {
            let (_, kind) = after.split_once('.').unwrap();
            rest = format!("{before}/Cases-....{kind}");
        }
        if let Some(bed) = bed {
            rest = rest.replace(&bed.sandbox.url, "http://SANDBOX");
            rest = rest.replace(bed.home.path().to_str().unwrap(), "HOME");
        }
        let _ = writeln!(read, "{}", rest.trim_end());
    }
    read
}

#[test]
fn the_help_of_every_command() {
    let home = tempfile::tempdir().unwrap();
    let mut commands = every_command();
    commands.insert(0, Vec::new());
    for columns in WIDTHS {
        let mut all = String::new();
        for command in &commands {
            // The short one is the same on wider screens.
            let flags = if columns == WIDTHS[0] {
                &["-h", "--help"][..]
            } else {
                &["--help"]
            };
            for flag in flags {
                let words: Vec<&str> = command.iter().map(String::as_str).chain([*flag]).collect();
                let Some((ok, screen)) = talk_with(&bare(home.path(), &words), columns, &[]) else {
                    return;
                };
                assert!(ok, "{screen}");
                let screen = read(&screen, None);
                // What is to be copied is not broken.
                for line in screen.lines().filter(|line| !line.contains("zoho-mcp ")) {
                    assert!(line.chars().count() <= columns.into(), "{command:?}: {line}");
                }
                let _ = writeln!(all, "$ zoho-mcp {}\n{screen}", words.join(" "));
            }
        }
        insta::assert_snapshot!(format!("help_{columns}"), all);
    }
}

#[test]
fn the_help_of_every_tool_is_no_wider_than_the_screen() {
    let home = tempfile::tempdir().unwrap();
    for (tool, _) in CALLS {
        let Some((ok, screen)) = talk_with(&bare(home.path(), &["call", tool, "--help"]), WIDTHS[0], &[])
        else {
            return;
        };
        assert!(ok, "{screen}");
        for line in read(&screen, None)
            .lines()
            .filter(|line| !line.contains("zoho-mcp "))
        {
            assert!(line.chars().count() <= WIDTHS[0].into(), "{tool}: {line}");
        }
    }
}

#[tokio::test]
async fn an_answer_of_every_tool() {
    let bed = Bed::connected().await;
    // What is noted once, when the organization is found, is said.
    bed.run(&["call", "count_records", "module=Cases"]).succeeded();
    let called: Vec<&str> = CALLS.map(|(tool, _)| tool).to_vec();
    let with_files = Selection {
        files: true,
        ..Selection::default()
    };
    for tool in Catalog::embedded(&with_files).unwrap().names() {
        assert!(called.contains(&tool), "{tool} is not among the screens");
    }
    let ids = a_file(&bed);
    for columns in WIDTHS {
        let mut all = String::new();
        for (tool, arguments) in CALLS {
            let words = [&["call", tool], arguments].concat();
            let named: Vec<String> = words.iter().map(|word| ids(word)).collect();
            let named: Vec<&str> = named.iter().map(String::as_str).collect();
            let Some((_, screen)) = talk_at(&bed, columns, &named) else {
                return;
            };
            let _ = writeln!(
                all,
                "$ zoho-mcp {}\n{}",
                words.join(" "),
                read(&screen, Some(&bed))
            );
        }
        insta::assert_snapshot!(format!("calls_{columns}"), all);
    }
}

/// Puts the ids of a file into words, and where files are to go.
fn a_file(bed: &Bed) -> impl Fn(&str) -> String {
    let of_case = ["module=Cases", "id=600", "related=attachments"];
    let files = bed
        .run(&[&["call", "get_related_records"][..], &of_case].concat())
        .succeeded();
    let file = files["data"][0]["id"].as_str().unwrap().to_owned();
    let case = bed
        .run(&["call", "get_record", "module=Cases", "ticket_number=600"])
        .succeeded();
    let case = case["data"]["id"].as_str().unwrap().to_owned();
    let place = bed.home.path().join("files").display().to_string();
    std::fs::create_dir_all(&place).unwrap();
    move |word| match word {
        "files" => place.clone(),
        "id=ID" => format!("id={case}"),
        "attachment_id=FILE" => format!("attachment_id={file}"),
        word => word.to_owned(),
    }
}

#[tokio::test]
async fn what_assistants_did() {
    let bed = Bed::empty(zoho_mcp::sandbox::Options::default()).await;
    let file = keep_a_log(&bed);
    let words = ["--log-file", file.to_str().unwrap(), "log", "--tail", "4"];
    for columns in WIDTHS {
        let Some((_, screen)) = talk_at(&bed, columns, &words) else {
            return;
        };
        let screen = read(&screen, Some(&bed));
        for line in screen.lines() {
            assert!(line.chars().count() <= columns.into(), "{line}");
        }
        insta::assert_snapshot!(format!("log_{columns}"), screen);
    }
}

/// Each fault with what mends it.
#[tokio::test]
async fn what_the_doctor_finds_of_what_is_broken() {
    let mut all = String::new();
    let (here, at_zoho) = (&["doctor", "--offline"][..], &["doctor"][..]);
    for (words, broken) in [
        (at_zoho, "UPDATE zoho_connections SET desk_portal = 'elsewhere'"),
        (
            at_zoho,
            "UPDATE zoho_connections SET desk_org_id = '12345', desk_org_source = 'user'",
        ),
        (
            at_zoho,
            "UPDATE zoho_connections SET token_expires_at = 0, refresh_token = NULL",
        ),
        (
            here,
            "UPDATE zoho_connections SET accounts_url = 'https://accounts.zoho.com.evil.example'",
        ),
        (here, "UPDATE zoho_connections SET refresh_token = NULL"),
        (here, "UPDATE zoho_connections SET dc = 'eu'"),
        (
            here,
            "UPDATE zoho_connections SET scopes = 'Desk.basic.READ Desk.tickets.READ'",
        ),
        (
            here,
            "UPDATE zoho_connections SET token_expires_at = 0, status = 'unusable', status_reason = 'invalid_code'",
        ),
    ] {
        let bed = Bed::connected().await;
        bed.run(&["call", "count_records", "module=Cases"]).succeeded();
        bed.sql(broken).await;
        let Some((_, screen)) = talk_at(&bed, 80, words) else {
            return;
        };
        let (_, row) = screen.split_once("default of anna").unwrap();
        let (_, set) = broken.split_once(" SET ").unwrap();
        let _ = writeln!(all, "# {set}\n{}", read(row, Some(&bed)));
    }
    insta::assert_snapshot!("doctor_faults", all);
}

#[tokio::test]
async fn what_the_doctor_finds() {
    let bed = Bed::connected().await;
    for columns in WIDTHS {
        let Some((_, screen)) = talk_at(&bed, columns, &["doctor"]) else {
            return;
        };
        // What stands above is about files of this machine.
        let (_, about_zoho) = screen.split_once("default of anna").unwrap();
        insta::assert_snapshot!(format!("doctor_{columns}"), read(about_zoho, Some(&bed)));
    }
}

/// As many lines as the smallest terminal shows at once.
const SCREEN: usize = 24;

#[test]
fn the_demo_shows_each_part_on_one_screen() {
    let home = tempfile::tempdir().unwrap();
    let words = ["demo", "--now", "2026-11-20T18:10:00Z"];
    for columns in WIDTHS {
        let Some((ok, screen)) = talk_with(&bare(home.path(), &words), columns, &[]) else {
            return;
        };
        assert!(ok, "{screen}");
        let mut screen = read(&screen, None);
        let (before, after) = screen.split_once("127.0.0.1:").unwrap();
        screen = format!(
            "{before}127.0.0.1:PORT{}",
            after.trim_start_matches(|sign: char| sign.is_ascii_digit())
        );
        let mut part = 0;
        for line in screen.lines() {
            let begins = line
                .split_once(". ")
                .is_some_and(|(number, _)| number.parse::<u8>().is_ok());
            part = if begins { 0 } else { part + 1 };
            assert!(part < SCREEN, "{line}: {screen}");
        }
        insta::assert_snapshot!(format!("demo_{columns}"), screen);
    }
}
