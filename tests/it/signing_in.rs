//! Signing in as people do it: in their data center, with the right client, from another machine, with mistakes.
//!
//! REAL CLOCK: some of it is about a program that knows of no sandbox.

use std::process::Stdio;

use serde_json::json;
use zoho_mcp::sandbox::Options;

use crate::bed::Bed;
use crate::commands::{Waiting, bare, finished};
use crate::terminals::{report, talk, talk_with};
use crate::visitor::{Visitor, back_from};

#[test]
fn the_scopes_are_printed_to_be_pasted() {
    let home = tempfile::tempdir().unwrap();
    let scopes = |arguments: &[&str]| {
        let ran = finished(bare(home.path(), arguments), "");
        assert!(ran.ok && ran.told.is_empty(), "{ran:?}");
        ran.out
    };
    let all = scopes(&["connect", "--scopes"]);
    let lines: Vec<&str> = all.lines().collect();
    let (last, before) = lines.split_last().unwrap();
    assert!(before.iter().all(|line| line.ends_with(',')), "{all}");
    assert!(!last.ends_with(',') && lines.len() > 1, "{all}");
    // Who pastes all lines into the one line of a page pastes one list.
    let list = lines.concat();
    let list: Vec<&str> = list.split(',').collect();
    assert!(list.iter().all(|scope| scope.split('.').count() >= 3), "{list:?}");
    for scope in ["Desk.tickets.READ", "ZohoCRM.coql.READ"] {
        assert!(list.contains(&scope), "{list:?}");
    }
    for line in &lines {
        let product = line.split('.').next().unwrap();
        let is_its = |scope: &str| scope.starts_with(&format!("{product}."));
        assert!(line.trim_end_matches(',').split(',').all(is_its), "{line}");
    }
    let few = scopes(&["--toolsets", "account", "connect", "--scopes"]);
    assert!(
        !few.contains("Desk.tickets") && few.contains("Desk.basic.READ"),
        "{few}"
    );
    assert_eq!(scopes(&["--sandbox", "connect", "--scopes"]), all);
}

/// A client of one data center is unknown to the others: A5 of what newcomers met.
#[test]
fn the_data_center_is_asked_for_first() {
    let home = tempfile::tempdir().unwrap();
    let ask = |arguments: &[&str], answers: &[(&str, &str)]| {
        talk_with(&bare(home.path(), arguments), 120, answers).map(|(_, screen)| screen)
    };
    let (center, client) = ("Which one [1]: ", "Client id: ");
    let answers = [(center, "12"), (center, "Europe"), (client, "abc")];
    let Some(screen) = ask(&["connect"], &answers) else {
        return;
    };
    for part in [
        "zoho.com.au",
        "zohocloud.ca",
        "none of 1 to 11",
        "https://api-console.zoho.eu,",
        "\"abc\" is none",
        "next:  Run the command again",
    ] {
        assert!(screen.contains(part), "{part}: {screen}");
    }
    let canada = ask(&["connect", "--dc", "ca", "--device"], &[(client, "")]).unwrap();
    assert!(canada.contains("https://api-console.zohocloud.ca"), "{canada}");
    assert!(
        !canada.contains(center) && canada.contains("Non-browser"),
        "{canada}"
    );
    // It is found with what the person has already.
    let code = ask(&["connect", "--self-client"], &[(client, "")]).unwrap();
    assert!(
        !code.contains(center) && code.contains("connect --scopes"),
        "{code}"
    );
}

#[test]
fn what_cannot_be_had_is_told_before_a_secret_is_asked_for() {
    let home = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for (arguments, told) in [
        (&["--dc", "us", "--port", &port][..], "--callback-port"),
        (&["--self-client-file", "/no/such/code"], "/no/such/code"),
        (&["--refresh-token-file", "/no/such/token"], "/no/such/token"),
    ] {
        let command = bare(home.path(), &[&["connect"], arguments].concat());
        let Some((ok, screen)) = talk_with(&command, 120, &[("Client id: ", "")]) else {
            return;
        };
        assert!(!ok && screen.contains(told), "{screen}");
        assert!(!screen.contains("Client id"), "{screen}");
    }
}

fn waiting(bed: &Bed) -> (Waiting, String) {
    let mut command = bed.command(&["connect", "--no-browser", "--port", "0", "--json"]);
    command.stdin(Stdio::piped());
    let mut waiting = Waiting::start(command);
    let page = waiting.consent_page();
    waiting.line(|line| line.contains("10 minutes").then_some(()));
    (waiting, page)
}

#[tokio::test]
async fn the_address_that_a_browser_elsewhere_ends_at_is_pasted() {
    let bed = Bed::empty(Options::default()).await;
    let (mut whole, page) = waiting(&bed);
    let back = Visitor::new().allow(&page).await;
    whole.types("what do you want?");
    whole.line(|line| line.contains("no address with a code in it").then_some(()));
    whole.types(&back.as_str().replace("state=", "state=x"));
    whole.line(|line| line.contains("another sign-in").then_some(()));
    assert_eq!(bed.get("/__sandbox/stats").await["token_calls"], 0);
    whole.types(back.as_str());
    assert_eq!(whole.end().succeeded()["connection"]["has_refresh_token"], true);

    let (mut code_alone, page) = waiting(&bed);
    let back = Visitor::new().allow(&page).await;
    let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1;
    code_alone.types(&code);
    code_alone.end().succeeded();

    // The end of the input is no answer: the browser may still come back by itself.
    let (ended, page) = {
        let command = bed.command(&["connect", "--no-browser", "--port", "0", "--json"]);
        let mut waiting = Waiting::start(command);
        let page = waiting.consent_page();
        (waiting, page)
    };
    let visitor = Visitor::new();
    visitor.open(visitor.allow(&page).await.as_str()).await;
    ended.end().succeeded();
}

/// What follows is asked of whoever pasted.
#[tokio::test]
async fn after_a_paste_the_organization_is_asked_for() {
    let bed = Bed::empty(Options::default()).await;
    let answers = [
        ("paste that address here.", "{allowed}"),
        ("Which one [1]: ", "nine"),
        ("Which one [1]: ", "2"),
    ];
    let connect = ["connect", "--no-browser", "--port", "0"];
    let Some((ok, screen)) = talk(&bed, &answers, &connect) else {
        return;
    };
    assert!(ok, "{screen}");
    let shown = bed.run(&["connections", "show"]).succeeded();
    assert_eq!(shown["desk_org_id"], bed.sandbox.desk_organizations[1].0.as_str());
}

/// `access_denied` comes back to the client (Zoho's OAuth document). That the others do is assumed: Zoho shows most of them on a
/// page of its own, and `redirect_uri_mismatch` and `unauthorized_client` are words of RFC 6749 and of other servers.
#[tokio::test]
async fn what_zoho_refuses_is_said_in_words_with_what_to_do_next() {
    let bed = Bed::empty(Options::default()).await;
    for (word, meaning, next) in [
        (
            "invalid_client",
            "knows no client of this id",
            "Server-based Applications",
        ),
        ("access_denied", "not allowed to share your data", "choose Accept"),
        ("invalid_redirect_uri", "another redirect URI", "/callback at "),
        ("redirect_uri_mismatch", "another redirect URI", "--callback-port"),
        ("invalid_scope", "does not exist", "zoho-mcp connect --scopes"),
        (
            "unauthorized_client",
            "of another kind",
            "Server-based Applications",
        ),
    ] {
        let (waiting, page) = waiting(&bed);
        Visitor::new().open(&back_from(&page, &[("error", word)])).await;
        let ran = waiting.end();
        let told = ran.failed();
        let (says, do_next) = told.split_once("next:").unwrap_or_else(|| panic!("{ran:?}"));
        assert!(says.contains(meaning) && says.contains(word), "{told}");
        assert!(do_next.contains(next) && !told.contains('{'), "{told}");
    }
    for (way, next) in [
        ("--self-client", "zoho-mcp sandbox self_client"),
        ("--refresh-token", "zoho-mcp sandbox client"),
    ] {
        let ran = bed.run_with(&["connect", way], "1000.no.such");
        let told = ran.failed();
        let (says, do_next) = told.split_once("next:").unwrap_or_else(|| panic!("{ran:?}"));
        assert!(says.contains("invalid_code") && do_next.contains(next), "{told}");
    }
    bed.admin(json!({ "revoked": false })).await;
    let mut command = bed.command(&["connect", "--refresh-token-file", "-"]);
    command
        .env("ZOHO_MCP_CLIENT_ID", &bed.sandbox.client_id)
        .env("ZOHO_MCP_CLIENT_SECRET", "not the secret");
    let ran = finished(command, &bed.sandbox.refresh_token);
    assert!(ran.failed().contains("next:  Copy it anew from"), "{ran:?}");
}

/// Whoever types blind afterwards has to close the terminal.
#[test]
fn a_terminal_shows_what_is_typed_whatever_ends_a_question_for_a_secret() {
    let home = tempfile::tempdir().unwrap();
    for end in ["{ctrl-c}", "{terminate}"] {
        let answers = [("Client id: ", "1000.AB"), ("Client secret (not shown): ", end)];
        let command = bare(home.path(), &["connect", "--dc", "us", "--device"]);
        let Some(report) = report(&command, 120, &answers) else {
            return;
        };
        assert_eq!(report["exit"], 130, "{end}: {report}");
        assert_eq!(report["echo"], true, "{end}: {report}");
    }
}

/// A sandbox's page says what it does not like to a person alone.
#[tokio::test]
async fn a_client_that_is_not_the_sandboxs_is_told_with_what_to_do() {
    let bed = Bed::empty(Options::default()).await;
    let id = bed.sandbox.client_id.clone();
    for (id, word) in [
        ("1000.NOBODY", "invalid_client"),
        (id.as_str(), "invalid_client_secret"),
    ] {
        let mut command = bed.command(&["connect"]);
        command
            .env("ZOHO_MCP_CLIENT_ID", id)
            .env("ZOHO_MCP_CLIENT_SECRET", "another");
        let ran = finished(command, "");
        let told = ran.failed();
        assert!(
            told.contains(word) && told.contains("next:  Leave ZOHO_MCP_CLIENT_ID"),
            "{told}"
        );
    }
}

/// What the consent was given by is spent: it stays, reads alone until an organization is chosen, and what calls took before is
/// named.
#[tokio::test]
async fn an_organization_that_is_none_of_the_accounts_leaves_a_connection_without_a_choice() {
    let bed = Bed::empty(Options::default()).await;
    bed.run(&["connect"]).succeeded();
    let other = bed.run(&["connect", "--name", "second", "--org", "12"]);
    assert!(other.failed().contains("no Desk organization 12"), "{other:?}");
    assert!(
        other.told.contains("zoho-mcp connections use default"),
        "{other:?}"
    );
    let told = other.json();
    assert!(
        told["problem"].as_str().unwrap().contains("organization 12"),
        "{told}"
    );
    assert_eq!(told["connection"]["desk_org_source"], "first_of_many", "{told}");
    let no_id = bed.run(&["connect", "--name", "second", "--org", "abc"]);
    assert!(no_id.failed().contains("all digits"), "{no_id:?}");
}

/// A browser and a terminal tell the same, with what to do next.
#[tokio::test]
async fn a_browser_shows_what_the_terminal_says() {
    for (answer, says, next) in [
        (("error", "access_denied"), "was not allowed", "choose Accept"),
        (("error", "invalid_client"), "knows no client", "Compare the id"),
        (("code", "1000.a.b"), "came too late", "Run the command again"),
    ] {
        let bed = Bed::empty(Options::default()).await;
        let (waiting, page) = waiting(&bed);
        let shown = Visitor::new().open(&back_from(&page, &[answer])).await;
        let ran = waiting.end();
        for told in [shown.as_str(), ran.failed()] {
            assert!(told.contains(says) && told.contains(next), "{told}");
        }
    }
}

/// Who looks away longer than a code lives is told what to do.
#[tokio::test]
async fn a_code_of_a_device_that_nobody_typed_is_told_with_what_comes_next() {
    let bed = Bed::empty(Options::default()).await;
    let mut device = Waiting::start(bed.command(&["connect", "--device"]));
    device.line(|line| line.contains("Waiting until").then_some(()));
    bed.set_clock(json!({ "advance_s": 900 })).await;
    let ran = device.end();
    let told = ran.failed();
    assert!(
        told.contains("nobody typed the code") && told.contains("next:"),
        "{told}"
    );
}

/// The client of a token may be of any kind; and a sandbox has no console of Zoho's.
#[tokio::test]
async fn what_to_compare_fits_the_way_and_the_place() {
    let bed = Bed::empty(Options::default()).await;
    let mut command = bed.command(&["connect", "--refresh-token"]);
    command
        .env("ZOHO_MCP_CLIENT_ID", "1000.NOBODYS0CLIENT0ID0AT0ALL0")
        .env("ZOHO_MCP_CLIENT_SECRET", "0123456789abcdef");
    let ran = finished(command, "1000.a.b\n");
    let told = ran.failed();
    assert!(
        !told.contains("Server-based") && !told.contains("api-console"),
        "{told}"
    );
    let named = ["connect", "--refresh-token", "--sandbox-url", &bed.sandbox.url];
    let ran = finished(bed.command(&named), "1000.a.b\n");
    let told = ran.failed();
    assert!(
        told.contains("--sandbox-url") && told.contains("zoho-mcp sandbox client"),
        "{told}"
    );
}

/// Ctrl-D says nothing; no end of a file is the person's matter.
#[test]
fn no_secret_at_all_is_told_in_words() {
    let home = tempfile::tempdir().unwrap();
    let answers = [
        ("Client id: ", "1000.ABCDEFGHIJKLMNOP"),
        ("(not shown): ", "\u{4}"),
    ];
    let command = bare(home.path(), &["connect", "--dc", "us", "--device"]);
    let Some((ok, screen)) = talk_with(&command, 120, &answers) else {
        return;
    };
    assert!(!ok && screen.contains("nothing was given"), "{screen}");
    assert!(!screen.contains("end of file"), "{screen}");
}
