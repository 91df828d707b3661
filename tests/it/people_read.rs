//! What people read where programs read API names and ids: the labels of Zoho, names, links, commands that can be pasted.
//!
//! REAL CLOCK: some of it is about a program that knows of no sandbox.

use serde_json::{Value, json};
use zoho_mcp::sandbox::Options;

use crate::bed::{Bed, USER};
use crate::commands::{Waiting, bare, finished};
use crate::terminals::{talk_at, talk_with};

const CASE: [&str; 4] = ["call", "get_record", "module=Cases", "ticket_number=600"];

fn page(bed: &Bed, words: &[&str]) -> String {
    let ran = finished(bed.command(&[words, &["--output", "table"]].concat()), "");
    assert!(ran.ok, "{words:?}: {ran:?}");
    ran.out
}

/// Whether a word is written as APIs write names: `createdTime`, `Created_Time`, `cf_order_number`.
fn is_api_name(word: &str) -> bool {
    let word = word.trim_matches(|sign: char| !sign.is_alphanumeric());
    let signs: Vec<char> = word.chars().collect();
    let has_hump = signs
        .windows(2)
        .any(|two| matches!(two, [before, after] if before.is_lowercase() && after.is_uppercase()));
    word.contains('_') || has_hump
}

/// Zoho's settings call it `Callback wanted`, and people know no other name of it.
#[tokio::test]
async fn fields_are_called_as_zoho_calls_them() {
    let bed = Bed::connected().await;
    let shown = page(&bed, &CASE);
    assert!(
        shown.contains("Callback wanted") && !shown.contains("cf_callback_wanted"),
        "{shown}"
    );
    let answer = bed.run(&CASE).succeeded();
    assert_eq!(answer["data"]["cf"]["cf_callback_wanted"], "true", "{answer}");
    let list = [
        "call",
        "get_records",
        "module=Cases",
        "fields=[\"subject\",\"cf_callback_wanted\"]",
        "limit=3",
    ];
    let table = page(&bed, &list);
    assert!(
        table.lines().next().unwrap().contains("CALLBACK WANTED"),
        "{table}"
    );
    let csv = finished(bed.command(&[&list[..], &["--output", "csv"]].concat()), "").out;
    assert!(
        csv.lines().next().unwrap().contains("cf_callback_wanted"),
        "{csv}"
    );
    // One that Zoho calls by another word than its name says.
    let deals = [
        "call",
        "get_records",
        "module=Deals",
        "app_type=crm",
        "fields=[\"Deal_Name\",\"Probability\"]",
        "limit=2",
    ];
    let table = page(&bed, &deals);
    assert!(
        table.lines().next().unwrap().contains("PROBABILITY (%)"),
        "{table}"
    );
}

/// What is told below a page is read by the same people.
#[tokio::test]
async fn no_line_below_a_page_names_fields_as_apis_do() {
    let bed = Bed::connected().await;
    for words in [
        &CASE[..],
        &["call", "get_records", "module=Deals", "app_type=crm", "limit=3"],
        &[
            "call",
            "get_records",
            "module=Cases",
            "include=[\"contacts\",\"assignee\"]",
            "limit=3",
        ],
        &["call", "get_ticket_context", "ticket_number=600"],
        &[
            "call",
            "find_customer",
            "email=selam.tesfaye56@copperfern.example",
        ],
    ] {
        let shown = page(&bed, words);
        let mut told = String::new();
        for line in shown.lines() {
            let begins = line.starts_with("not shown: ") || line.starts_with("written by others: ");
            if begins || line.starts_with("  ") && !told.is_empty() && !told.ends_with('\n') {
                told.push_str(line);
            } else if !told.is_empty() && !told.ends_with('\n') {
                told.push('\n');
            }
        }
        assert!(!told.is_empty(), "{words:?}: {shown}");
        let names: Vec<&str> = told.split_whitespace().filter(|word| is_api_name(word)).collect();
        assert!(names.is_empty(), "{words:?}: {names:?}: {shown}");
    }
}

/// OSC 8: a title leads to its record on a page of lines as it does in a table.
#[tokio::test]
async fn a_page_of_lines_leads_to_the_record() {
    let bed = Bed::connected().await;
    let link = bed.run(&CASE).succeeded()["data"]["link"]
        .as_str()
        .unwrap()
        .to_owned();
    let Some((ok, screen)) = talk_at(&bed, 100, &CASE) else {
        return;
    };
    assert!(ok, "{screen}");
    let leads = |text: &str| screen.contains(&format!("\u{1b}]8;;{link}\u{1b}\\{text}"));
    assert!(leads("600") && leads(&link), "{screen:?}");
    // Where each record stands under a head, that leads there.
    let customer = [
        "call",
        "find_customer",
        "email=selam.tesfaye56@copperfern.example",
    ];
    let (_, screen) = talk_at(&bed, 100, &customer).unwrap();
    let heads = screen
        .lines()
        .filter(|line| line.contains("Desk accounts: ") || line.contains("CRM accounts: "));
    let heads: Vec<&str> = heads.collect();
    assert!(
        heads.len() == 2 && heads.iter().all(|head| head.contains("\u{1b}]8;;https://")),
        "{heads:?}"
    );
}

/// An id says nothing to anybody.
#[tokio::test]
async fn ids_have_their_names_beside_them() {
    let bed = Bed::connected().await;
    let case = bed.run(&CASE).succeeded();
    assert_eq!(case["data"]["product"], "Harbor Sync", "{case}");
    let context = bed
        .run(&["call", "get_ticket_context", "ticket_number=600"])
        .succeeded();
    let case = &context["data"]["case"];
    assert_eq!(case["layoutDetails"]["layoutName"], "Tickets", "{case}");
    assert_eq!(case["layoutId"], Value::Null, "{case}");
    let customer = bed.run(&[
        "call",
        "find_customer",
        "email=selam.tesfaye56@copperfern.example",
    ]);
    let customer = customer.succeeded();
    let person = &customer["data"]["desk"]["contacts"][0];
    assert_eq!(person["account"], "Copperfern Analytics Inc.", "{person}");
    assert!(person["accountId"].is_string(), "{person}");
    let article = bed
        .run(&["call", "get_records", "module=Articles", "limit=1"])
        .succeeded();
    let id = format!("id={}", article["data"][0]["id"].as_str().unwrap());
    let article = bed
        .run(&["call", "get_record", "module=Articles", &id])
        .succeeded();
    assert!(article["data"]["rootCategory"].is_string(), "{article}");
}

/// Whoever knows only what stands in the browser finds the data center by it.
#[test]
fn a_data_center_is_found_by_the_end_of_its_addresses() {
    let home = tempfile::tempdir().unwrap();
    for typed in [
        ".eu",
        "eu",
        "zoho.eu",
        "https://desk.zoho.eu/agent/me/all",
        "crm.zoho.eu",
        "Europe",
    ] {
        let answers = [("Which one [1]: ", typed), ("Client id: ", "abc")];
        let Some((_, screen)) = talk_with(&bare(home.path(), &["connect"]), 100, &answers) else {
            return;
        };
        assert!(
            screen.contains("https://api-console.zoho.eu"),
            "{typed}: {screen}"
        );
    }
    // Where a machine stands in Europe, that is offered first.
    for (zone, number) in [("Europe/Vienna", 2), ("America/New_York", 1), ("Asia/Kolkata", 3)] {
        let mut connect = bare(home.path(), &["connect"]);
        connect.env("TZ", zone);
        let question = format!("Which one [{number}]: ");
        let (_, screen) = talk_with(&connect, 100, &[(&question, "{ctrl-c}")]).unwrap();
        assert!(screen.contains(&question), "{zone}: {screen}");
    }
}

/// A port that is another each time is registered nowhere.
#[test]
fn a_port_that_nobody_registered_is_refused_before_anything_is_asked() {
    let home = tempfile::tempdir().unwrap();
    let refused = finished(
        bare(home.path(), &["connect", "--dc", "eu", "--callback-port", "0"]),
        "",
    );
    assert!(
        refused.failed().contains("registered") && refused.told.contains("8976"),
        "{refused:?}"
    );
    // Nothing comes back there.
    let device = finished(
        bare(home.path(), &["connect", "--dc", "eu", "--port", "0", "--device"]),
        "",
    );
    assert!(!device.failed().contains("callback-port"), "{device:?}");
}

/// What is pasted reaches the database and the sandbox that were looked at.
#[tokio::test]
async fn where_there_is_no_connection_the_next_command_has_the_options_in_use() {
    let bed = Bed::empty(Options::default()).await;
    let url = bed.sandbox.url.clone();
    let shown = page(&bed, &["status", "--sandbox-url", &url]);
    let (_, command) = shown.split_once("next: ").unwrap();
    assert!(command.contains(&format!("--sandbox-url {url}")), "{shown}");
    bed.run_told(&format!("{} --yes", command.trim()));
    assert!(page(&bed, &["status", "--sandbox-url", &url]).contains("active"));
}

/// Who pastes the address needs no port, at a terminal or not.
#[tokio::test]
async fn an_address_comes_through_a_pipe_where_the_port_is_taken() {
    let bed = Bed::empty(Options::default()).await;
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let mut command = bed.command(&["connect", "--no-browser", "--port", &port]);
    command.stdin(std::process::Stdio::piped());
    let mut waiting = Waiting::start(command);
    let page = waiting.consent_page();
    let back = crate::visitor::Visitor::new().allow(&page).await;
    waiting.types(back.as_str());
    let ran = waiting.end();
    assert_eq!(ran.succeeded()["connection"]["user"], USER);
}

/// The first by the alphabet is whoever it is.
#[tokio::test]
async fn of_several_users_the_one_who_was_served_last_is_named() {
    let bed = Bed::empty(Options::default()).await;
    for user in ["anna", "berta", "carla"] {
        let mut connect = bed.command(&["connect"]);
        connect.env("ZOHO_MCP_USER", user);
        finished(connect, "").succeeded();
    }
    for last in ["berta", "anna"] {
        bed.sql(&format!(
            "UPDATE zoho_connections SET updated_at = updated_at + 90 WHERE user_id = '{last}'"
        ))
        .await;
        let mut doctor = bed.command(&["doctor", "--offline"]);
        doctor.env_remove("ZOHO_MCP_USER");
        let report = finished(doctor, "").json();
        let findings = report["findings"].as_array().unwrap();
        let user = findings.iter().find(|one| one["check"] == "user").unwrap();
        assert!(
            user["found"]
                .as_str()
                .unwrap()
                .contains(&format!("`default` of {last}")),
            "{user}"
        );
        assert_eq!(user["mend"], format!("zoho-mcp config set user {last}"), "{user}");
        bed.sql(&format!(
            "UPDATE zoho_connections SET updated_at = updated_at - 90 WHERE user_id = '{last}'"
        ))
        .await;
    }
}

/// What was spent on a consent is not spent in vain.
#[tokio::test]
async fn an_organization_that_there_is_not_costs_no_second_consent() {
    let bed = Bed::empty(Options::default()).await;
    let ran = bed.run(&["connect", "--org", "999"]);
    assert!(!ran.ok, "{ran:?}");
    let organizations = &bed.sandbox.desk_organizations;
    assert!(
        organizations.iter().all(|(id, _)| ran.told.contains(id)),
        "{ran:?}"
    );
    let command = ran
        .told
        .lines()
        .map(str::trim)
        .find(|line| line.contains("set-org"));
    let (second, _) = &organizations[1];
    bed.run_told(&format!("{} {second}", command.unwrap()));
    let shown = bed.run(&["connections", "show"]).succeeded();
    assert_eq!(
        (&shown["desk_org_id"], &shown["desk_org_source"]),
        (&json!(second), &json!("user"))
    );
    // A person is asked which one, there and then.
    let wrong = ["connect", "--name", "other", "--org", "999"];
    let menu = [("Which one [1]: ", "2")];
    let Some((ok, screen)) = talk_with(&bed.command(&wrong), 100, &menu) else {
        return;
    };
    assert!(ok && screen.contains("no Desk organization 999"), "{screen}");
    let shown = bed.run(&["connections", "show", "other"]).succeeded();
    assert_eq!(shown["desk_org_id"], second.as_str());
}
