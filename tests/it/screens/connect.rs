//! Connecting in each way, as a person sees it, and what is said to one who gives what cannot be right.
//! REAL CLOCK: some of it is about a program that knows of no sandbox.

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use serde_json::{Value, json};
use zoho_mcp::sandbox::Options;

use super::{WIDTHS, read};
use crate::bed::Bed;
use crate::commands::bare;
use crate::terminals::talk_with;

/// Questions with what is typed at each.
type Answers<'a> = &'a [(&'a str, &'a str)];

const MENU: (&str, &str) = ("Which one [1]: ", "2");

/// A screen without what is another each time: ports, codes, states, and where the program lies.
fn kept(screen: &str, bed: &Bed) -> String {
    let mut kept = String::new();
    let screen = read(screen, Some(bed)).replace(env!("CARGO_BIN_EXE_zoho-mcp"), "zoho-mcp");
    for line in screen.lines() {
        let line = without_port(&cut_behind(&cut_behind(line, "/oauth/v2/auth?"), "/callback?"));
        let is_code = line.starts_with("    ")
            && !line.trim().is_empty()
            && line
                .trim()
                .chars()
                .all(|sign| sign == '-' || sign.is_ascii_uppercase() || sign.is_ascii_digit());
        let _ = writeln!(kept, "{}", if is_code { "    CODE" } else { &line });
    }
    kept
}

fn cut_behind(line: &str, mark: &str) -> String {
    match line.split_once(mark) {
        Some((before, _)) => format!("{before}{mark}..."),
        None => line.to_owned(),
    }
}

fn without_port(line: &str) -> String {
    const HERE: &str = "127.0.0.1:";
    match line.split_once(HERE) {
        Some((before, after)) if after.starts_with(|sign: char| sign.is_ascii_digit()) => {
            let after = after.trim_start_matches(|sign: char| sign.is_ascii_digit());
            format!("{before}{HERE}PORT{after}")
        }
        _ => line.to_owned(),
    }
}

/// A browser in which somebody allows everything at once.
fn browser(bed: &Bed) -> String {
    let file = bed.home.path().join("browser");
    let allow = "import sys, urllib.request as r\n\
                 open = r.build_opener(r.ProxyHandler({})).open\n\
                 class Stay(r.HTTPRedirectHandler):\n    redirect_request = lambda *all: None\n\
                 try: r.build_opener(r.ProxyHandler({}), Stay).open(sys.argv[1])\n\
                 except OSError as led: open(led.headers['Location'] + '&auto_approve=true')\n";
    std::fs::write(&file, format!("#!/usr/bin/env python3\n{allow}")).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    file.display().to_string()
}

async fn code(bed: &Bed) -> String {
    let asked = json!({ "scope": "Desk.tickets.READ,Desk.basic.READ,Desk.settings.READ" });
    let page = format!("{}/__sandbox/self_client", bed.sandbox.url);
    let answer = crate::bed::http()
        .build()
        .unwrap()
        .post(page)
        .body(asked.to_string());
    let answer: Value = serde_json::from_slice(&answer.send().await.unwrap().bytes().await.unwrap()).unwrap();
    answer["code"].as_str().unwrap().to_owned()
}

fn connect(bed: &Bed, arguments: &[&str]) -> Command {
    let mut command = bed.command(&[&["connect", "--port", "0"], arguments].concat());
    command
        .env("ZOHO_MCP_KEY", "5f".repeat(32))
        .env("BROWSER", browser(bed));
    command
}

async fn in_each_way(columns: u16) {
    let bed = Bed::empty(Options::default()).await;
    let (code, token) = (code(&bed).await, bed.sandbox.refresh_token.clone());
    let again = ("Which one [1]: ", "nine");
    let ways: [(&str, Vec<(&str, &str)>); 8] = [
        ("", vec![again, MENU]),
        ("--browser", vec![MENU]),
        (
            "--no-browser",
            vec![("paste that address here.\r\n", "{allowed}"), again, MENU],
        ),
        ("--device", vec![("Waiting until", "{typed}"), MENU]),
        ("--self-client", vec![("(not shown): ", &code), MENU]),
        ("--self-client", vec![("(not shown): ", "1000.no.such")]),
        ("--refresh-token", vec![("(not shown): ", &token), MENU]),
        ("--refresh-token", vec![("(not shown): ", "")]),
    ];
    let mut all = String::new();
    for (number, (way, answers)) in ways.iter().enumerate() {
        let name = format!("way-{number}");
        let way: Vec<&str> = way.split_whitespace().collect();
        let command = connect(&bed, &[&way[..], &["--name", &name]].concat());
        let Some((_, screen)) = talk_with(&command, columns, answers) else {
            return;
        };
        let _ = writeln!(
            all,
            "$ zoho-mcp connect {}\n{}",
            way.join(" "),
            kept(&screen, &bed)
        );
    }
    insta::assert_snapshot!(format!("connect_{columns}"), all);
}

#[tokio::test]
async fn every_way_at_80_columns() {
    in_each_way(WIDTHS[0]).await;
}

#[tokio::test]
async fn every_way_at_100_columns() {
    in_each_way(WIDTHS[1]).await;
}

#[tokio::test]
async fn every_way_at_200_columns() {
    in_each_way(WIDTHS[2]).await;
}

/// At Zoho itself, of which nothing is asked: whatever is refused is refused before a secret is asked for.
#[tokio::test]
async fn what_cannot_be_right_is_refused() {
    let bed = Bed::empty(Options::default()).await;
    let home = tempfile::tempdir().unwrap();
    let (center, client) = ("Which one [1]: ", "Client id: ");
    let refused: [(&[&str], Answers<'_>); 11] = [
        (&[], &[(center, "12"), (center, "Europe"), (client, "abc")]),
        (&["--dc", "ca", "--device"], &[(client, "")]),
        (&["--self-client"], &[(client, "YOUR_CLIENT_ID")]),
        (
            &["--refresh-token"],
            &[(client, "1000.ABCDEFGHIJKLMNOP"), ("(not shown): ", "")],
        ),
        (
            &["--self-client", "--dc", "us"],
            &[
                (client, "1000.ABCDEFGHIJKLMNOP"),
                ("(not shown): ", "0123456789 abcdef"),
            ],
        ),
        (&["--dc", "us", "--timezone", "Foo/Bar"], &[]),
        (&["--dc", "xx"], &[]),
        (&["--org", "abc"], &[]),
        (&["--environment", "test"], &[]),
        (&["--device", "--browser"], &[]),
        (&["--self-client-file", "/no/such/code"], &[]),
    ];
    for columns in WIDTHS {
        let mut all = String::new();
        for (arguments, answers) in refused {
            let words = [&["connect"], arguments].concat();
            let Some((ok, screen)) = talk_with(&bare(home.path(), &words), columns, answers) else {
                return;
            };
            assert!(!ok, "{screen}");
            let _ = writeln!(all, "$ zoho-mcp {}\n{}", words.join(" "), kept(&screen, &bed));
        }
        insta::assert_snapshot!(format!("connect_refused_{columns}"), all);
    }
}
