//! Whose row: nobody reaches another one's, whatever they are called and whatever stands in the database.

use serde_json::Value;
use zoho_mcp::sandbox::Options;

use crate::bed::Bed;
use crate::commands::{Ran, finished};
use crate::processes::Ground;

const CASES: &str = r#"{"module":"Cases","limit":1}"#;

fn as_user(ground: &Ground, user: &str, arguments: &[&str]) -> Ran {
    let mut command = ground.command(arguments);
    command.env("ZOHO_MCP_USER", user);
    finished(command, "")
}

/// Anna's connection `hers` and Berta's `mine`.
async fn two_users() -> Vec<Ground> {
    let grounds = Ground::both().await;
    for ground in &grounds {
        as_user(ground, "anna", &["connect", "--name", "hers"]).succeeded();
        as_user(ground, "berta", &["connect", "--name", "mine"]).succeeded();
        ground.bed.forget().await;
    }
    grounds
}

#[tokio::test]
async fn no_spelling_of_a_user_or_a_connection_reaches_another_row() {
    for ground in two_users().await {
        let strangers = [
            "Anna",
            "anna ",
            " anna",
            "ann",
            "anna%",
            "%",
            "_nna",
            "*",
            "1",
            "anna' OR '1'='1",
            "' OR 1=1 --",
            "anna\" OR \"\"=\"",
            "anna'; DROP TABLE zoho_connections; --",
            "ａｎｎａ",
            "anna,berta",
        ];
        for stranger in strangers {
            let ran = as_user(&ground, stranger, &["call", "get_records", CASES]);
            assert!(!ran.ok, "{stranger:?}: {ran:?}");
            assert_eq!(ran.json()["error"], "No Zoho connection found", "{stranger:?}");
            assert_eq!(
                as_user(&ground, stranger, &["connections", "list"]).succeeded(),
                serde_json::json!([])
            );
        }
        let names = [
            "hers",
            "1",
            "' OR 1=1 --",
            "mine' OR name = 'hers",
            "%",
            "her_",
            "MINE",
        ];
        for name in names {
            let arguments = serde_json::json!({ "module": "Cases", "connection": name }).to_string();
            let ran = as_user(&ground, "berta", &["call", "get_records", &arguments]);
            assert!(!ran.ok, "{name:?}: {ran:?}");
            assert!(!ran.out.contains("anna"), "{name:?}: {ran:?}");
            for action in ["use", "remove", "show"] {
                let ran = as_user(&ground, "berta", &["connections", action, name, "--yes"]);
                assert!(!ran.ok, "{action} {name:?}: {ran:?}");
            }
        }
        assert_eq!(ground.bed.seen().await, Vec::<String>::new(), "{}", ground.name());
        for user in ["anna", "berta"] {
            assert_eq!(
                as_user(&ground, user, &["call", "get_records", CASES]).succeeded()["count"],
                1
            );
        }
    }
}

#[tokio::test]
async fn a_row_edited_in_the_database_does_not_open() {
    let edits = [
        "UPDATE zoho_connections SET user_id = 'berta', name = 'stolen' WHERE user_id = 'anna'",
        "UPDATE zoho_connections SET refresh_token = (SELECT access_token FROM zoho_connections WHERE user_id = 'anna') WHERE user_id = 'berta'",
        "UPDATE zoho_connections SET access_token = (SELECT access_token FROM zoho_connections WHERE user_id = 'anna') WHERE user_id = 'berta'",
        "UPDATE zoho_connections SET client_secret = refresh_token WHERE user_id = 'berta'",
        "UPDATE zoho_connections SET id = 77 WHERE user_id = 'berta'",
        "UPDATE zoho_connections SET access_token = substr(access_token, 1, 40) WHERE user_id = 'berta'",
        "UPDATE zoho_connections SET access_token = '1000.plain.text' WHERE user_id = 'berta'",
    ];
    for (number, edit) in edits.into_iter().enumerate() {
        for ground in two_users().await {
            ground.sql(edit).await;
            // In the first edit, the stolen row is the one to be used.
            let arguments = if number == 0 {
                r#"{"module":"Cases","connection":"stolen"}"#
            } else {
                CASES
            };
            let ran = as_user(&ground, "berta", &["call", "get_records", arguments]);
            assert!(!ran.ok, "{edit}: {ran:?}");
            assert!(ran.json()["data"].is_null(), "{edit}: {ran:?}");
            assert_eq!(ground.bed.seen().await, Vec::<String>::new(), "{edit}");
        }
    }
}

/// A file is its owner's own, who is told whose rows there are; a database that many share names nobody.
#[tokio::test]
async fn without_a_user_several_are_refused() {
    for ground in two_users().await {
        let runs: [&[&str]; 3] = [
            &["connections", "show"],
            &["call", "get_records", CASES],
            &["call", "get_records", r#"{"module":"Cases","connection":"mine"}"#],
        ];
        for arguments in runs {
            let mut command = ground.command(arguments);
            command.env_remove("ZOHO_MCP_USER");
            let ran = finished(command, "");
            let told = format!("{}{}", ran.out, ran.failed());
            assert!(told.contains("--user"), "{told}");
            let named = ["anna", "berta"].map(|user| told.contains(user));
            assert_eq!(named, [ground.name() == "SQLite"; 2], "{told}");
            if arguments[0] == "call" {
                let failure = ran.json();
                assert_eq!(failure["code"], "choose_user", "{told}");
                assert!(
                    failure["next"].as_str().unwrap().contains("config set user NAME"),
                    "{told}"
                );
            }
        }
        assert_eq!(ground.bed.seen().await, Vec::<String>::new(), "{}", ground.name());
    }
}

#[tokio::test]
async fn hostile_hosts_in_a_row_are_sent_nothing() {
    let trap = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    trap.set_nonblocking(true).unwrap();
    let here = format!("http://{}", trap.local_addr().unwrap());
    let hosts = [
        here.as_str(),
        "http://169.254.169.254",
        "https://accounts.zoho.com.evil.example",
        "https://accounts.zoho.com:8443",
        "https://accounts.zoho.com@evil.example",
        "file:///etc/passwd",
        "",
    ];
    for ground in two_users().await {
        for column in ["accounts_url", "desk_url", "api_domain"] {
            for host in hosts {
                let statement = format!(
                    "UPDATE zoho_connections SET {column} = '{host}', token_expires_at = 0 WHERE user_id = 'berta'"
                );
                ground.sql(&statement).await;
                let calls: [&[&str]; 3] = [
                    &["call", "get_records", CASES],
                    &["call", "get_records", r#"{"module":"Leads","app_type":"crm"}"#],
                    &["doctor"],
                ];
                for arguments in calls {
                    let ran = as_user(&ground, "berta", arguments);
                    assert!(!ran.ok, "{column} {host} {arguments:?}: {ran:?}");
                }
            }
            let sound = &ground.bed.sandbox.url;
            let mended = format!("UPDATE zoho_connections SET {column} = '{sound}' WHERE user_id = 'berta'");
            ground.sql(&mended).await;
        }
        assert_eq!(ground.bed.seen().await, Vec::<String>::new(), "{}", ground.name());
    }
    let visitor = trap.accept().map(drop).map_err(|error| error.kind());
    assert_eq!(
        visitor,
        Err(std::io::ErrorKind::WouldBlock),
        "somebody came to the trap"
    );
}

/// Everybody who starts a sandbox anew has rows of the one before: it has another address.
#[tokio::test]
async fn a_call_takes_no_row_of_another_sandbox() {
    for ground in Ground::both().await {
        let other = Bed::empty(Options::default()).await;
        let at_other = |arguments: &[&str]| {
            let mut command = ground.command(arguments);
            command.env("ZOHO_MCP_SANDBOX_URL", &other.sandbox.url);
            finished(command, "")
        };
        let call = ["call", "get_records", CASES];
        ground.run(&["connect", "--name", "one"]).succeeded();
        ground.run(&["connections", "use", "one"]).succeeded();
        at_other(&["connect", "--name", "two"]).succeeded();
        assert_eq!(at_other(&call).succeeded()["count"], 1, "{}", ground.name());
        assert_eq!(ground.run(&call).succeeded()["count"], 1, "{}", ground.name());
        let used = |listed: Value| {
            let listed = listed.as_array().unwrap().clone();
            let used = listed.iter().filter(|one| one["in_use"] == true);
            used.map(|one| one["name"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(used(at_other(&["connections"]).succeeded()), ["two"]);
        assert_eq!(used(ground.run(&["connections"]).succeeded()), ["one"]);
        // Of several of this address the marked one, then the newest; the last one is said.
        let third = at_other(&["connect", "--name", "three"]);
        assert!(
            third
                .told
                .contains("take `three` from now on, and no longer `two`"),
            "{third:?}"
        );
        let told = at_other(&call);
        assert!(
            told.told.contains("`three`") && told.told.contains("of 2 there are"),
            "{told:?}"
        );
        let again = at_other(&["connect", "--name", "three"]);
        assert!(!again.told.contains("from now on"), "{again:?}");
        // Where there is none of this address, the refusal says of which one there are.
        let silent = Bed::empty(Options::default()).await;
        let mut command = ground.command(&call);
        command.env("ZOHO_MCP_SANDBOX_URL", &silent.sandbox.url);
        let refused = finished(command, "");
        assert_eq!(refused.json()["code"], "reconnect_needed", "{refused:?}");
    }
}
