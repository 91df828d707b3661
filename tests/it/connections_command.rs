//! `zoho-mcp connections`, through the real binary, on SQLite and on PostgreSQL.

mod removing;

use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};
use zoho_mcp::sandbox::Options;

use crate::bed::{Bed, USER};
use crate::commands::{Ran, finished};

/// A bed with the connections `home` and, newer, `work`.
async fn two_connections() -> Bed {
    let bed = Bed::empty(Options::default()).await;
    bed.run(&["connect", "--name", "home"]).succeeded();
    // `created_at` counts whole seconds; the row number tells two of the same second apart.
    bed.run(&["connect", "--name", "work"]).succeeded();
    bed
}

fn names(list: &Value) -> Vec<&str> {
    let rows = list.as_array().unwrap().iter();
    rows.map(|row| row["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn they_are_listed_shown_chosen_and_renamed() {
    let bed = two_connections().await;
    assert_eq!(
        names(&bed.run(&["connections", "list"]).succeeded()),
        ["work", "home"]
    );
    assert_eq!(bed.run(&["connections", "show"]).succeeded()["name"], "work");
    bed.run(&["connections", "use", "home"]).succeeded();
    let shown = bed.run(&["connections", "show"]).succeeded();
    assert_eq!(
        (&shown["name"], &shown["is_default"]),
        (&json!("home"), &json!(true))
    );
    bed.run(&["connections", "rename", "home", "family"]).succeeded();
    assert_eq!(bed.run(&["connections", "show"]).succeeded()["name"], "family");
    let taken = bed.run(&["connections", "rename", "family", "work"]);
    assert!(taken.failed().contains("already"), "{taken:?}");
    let unknown = bed.run(&["connections", "use", "nowhere"]);
    assert!(
        unknown.failed().contains("family") && unknown.failed().contains("work"),
        "{unknown:?}"
    );
    let empty = bed.run(&["connections", "rename", "work", " "]);
    empty.failed();
}

#[tokio::test]
async fn no_secret_is_ever_shown() {
    let bed = two_connections().await;
    for arguments in [&["connections", "list"][..], &["connections", "show", "work"]] {
        let ran = bed.run(arguments);
        for secret in [&bed.sandbox.client_secret, &bed.sandbox.refresh_token] {
            assert!(!ran.out.contains(secret.as_str()), "{ran:?}");
        }
        assert!(
            !ran.out.contains("v1."),
            "sealed text is no business of anybody: {ran:?}"
        );
        assert!(!ran.out.contains("access_token\""), "{ran:?}");
    }
}

#[tokio::test]
async fn the_organization_is_chosen_among_those_of_the_account() {
    let bed = two_connections().await;
    let second = bed.sandbox.desk_organizations[1].0.clone();
    let shown = bed.run(&["connections", "set-org", "work", &second]).succeeded();
    assert_eq!(shown["desk_org_id"], second.as_str());
    assert_eq!(shown["desk_org_source"], "user");
    assert!(shown["desk_portal"].is_string(), "{shown}");
    let refused = bed.run(&["connections", "set-org", "work", "12345"]);
    assert!(refused.failed().contains(&second), "{refused:?}");
    let nobody = bed.run(&["connections", "set-org", "work"]);
    assert!(nobody.failed().contains("no terminal"), "{nobody:?}");
}

#[tokio::test]
async fn another_key_opens_the_same_rows() {
    let bed = two_connections().await;
    let before = bed.run(&["connections", "show"]).succeeded()["key_id"].clone();
    let unsure = bed.run(&["connections", "rekey"]);
    assert!(unsure.failed().contains("--yes"), "{unsure:?}");
    let done = bed.run(&["connections", "rekey", "--yes"]).succeeded();
    assert_eq!((&done["rows"], &done["from"]), (&json!(2), &before));
    let shown = bed.run(&["connections", "show"]).succeeded();
    assert_eq!(shown["key_id"], done["to"]);
    assert_ne!(shown["key_id"], before);
    let given = bed.home.path().join("new.key");
    std::fs::write(&given, "5f".repeat(32)).unwrap();
    let rekey = [
        "connections",
        "rekey",
        "--yes",
        "--new-key-file",
        given.to_str().unwrap(),
    ];
    assert_eq!(bed.run(&rekey).succeeded()["rows"], 2);
    let same = bed.run(&rekey);
    assert!(same.failed().contains("the key in use"), "{same:?}");
    bed.run(&["call", "get_records", r#"{"module":"Cases","limit":1}"#])
        .succeeded();
}

/// A table as another program wrote it, tokens in plain text.
async fn plain_table(bed: &Bed) -> String {
    let url = format!("sqlite:{}", bed.home.path().join("old.db").display());
    let mut old = SqliteConnection::connect(&format!("{url}?mode=rwc"))
        .await
        .unwrap();
    let rows = [
        (USER, bed.sandbox.refresh_token.as_str(), bed.sandbox.url.as_str()),
        ("berta", "", bed.sandbox.url.as_str()),
        ("carla", "1000.c.c", "https://accounts.zoho.com.evil.example"),
    ];
    sqlx::raw_sql("CREATE TABLE zoho_connections (id INTEGER PRIMARY KEY, user_id TEXT, refresh_token TEXT, accounts_url TEXT, \
        dc TEXT, api_domain TEXT, desk_org_id TEXT, created_at TEXT)")
        .execute(&mut old)
        .await
        .unwrap();
    for (user, token, server) in rows {
        sqlx::query(
            "INSERT INTO zoho_connections (user_id, refresh_token, accounts_url, dc, created_at) VALUES (?, ?, ?, 'us', '2024-01-01 10:00:00')",
        )
        .bind(user)
        .bind(token)
        .bind(server)
        .execute(&mut old)
        .await
        .unwrap();
    }
    url
}

async fn imports(bed: &Bed, command: impl Fn(&[&str]) -> Ran) {
    let source = plain_table(bed).await;
    let outcome = command(&["connections", "import", &source]).succeeded();
    let outcomes: Vec<&str> = outcome
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(outcomes, ["added", "skipped", "skipped"], "{outcome}");
    assert!(
        outcome[1]["reason"].as_str().unwrap().contains("refresh_token"),
        "{outcome}"
    );
    assert!(
        outcome[2]["reason"]
            .as_str()
            .unwrap()
            .contains("not one of Zoho's"),
        "{outcome}"
    );
    let again = command(&["connections", "import", &source]).succeeded();
    assert_eq!(again[0]["outcome"], "known", "{again}");
    let answer = command(&["call", "get_records", r#"{"module":"Cases","limit":2}"#]).succeeded();
    assert_eq!(answer["count"], 2, "{answer}");
}

fn with_client(bed: &Bed, arguments: &[&str]) -> std::process::Command {
    let mut command = bed.command(arguments);
    command
        .env("ZOHO_MCP_CLIENT_ID", &bed.sandbox.client_id)
        .env("ZOHO_MCP_CLIENT_SECRET", &bed.sandbox.client_secret);
    command
}

#[tokio::test]
async fn plain_rows_of_another_table_are_sealed_and_used_on_sqlite() {
    let bed = Bed::empty(Options::default()).await;
    imports(&bed, |arguments| finished(with_client(&bed, arguments), "")).await;
    let file = std::fs::read(bed.database()).unwrap();
    let token = bed.sandbox.refresh_token.as_bytes();
    assert!(
        !file.windows(token.len()).any(|part| part == token),
        "a token in plain text"
    );
}

#[tokio::test]
async fn plain_rows_of_another_table_are_sealed_and_used_on_postgresql() {
    let Some(url) = crate::postgres::fresh_database() else {
        return;
    };
    let bed = Bed::empty(Options::default()).await;
    imports(&bed, |arguments| {
        let mut command = with_client(&bed, arguments);
        command
            .env("ZOHO_MCP_DATABASE_URL", &url)
            .env("ZOHO_MCP_KEY", "5f".repeat(32));
        finished(command, "")
    })
    .await;
}

#[tokio::test]
async fn a_password_in_the_source_is_refused_on_the_command_line() {
    let bed = Bed::empty(Options::default()).await;
    let ran = bed.run(&["connections", "import", "postgres://zoho:hush@localhost/old"]);
    assert!(ran.failed().contains("PGPASSFILE"), "{ran:?}");
    assert!(!ran.failed().contains("hush"), "{ran:?}");
}

/// The organization that a call without a connection goes to: of `zoho-mcp call` and of the server, with a user and
/// without.
async fn organizations_used(bed: &Bed) -> Vec<String> {
    let arguments = json!({ "module": "Cases", "limit": 1 });
    let written = arguments.to_string();
    let mut nobody = bed.command(&["call", "get_records", &written]);
    nobody.env_remove("ZOHO_MCP_USER");
    let mut used = vec![
        bed.run(&["call", "get_records", &written]).succeeded(),
        finished(nobody, "").succeeded(),
    ];
    for user in [Some(USER.to_owned()), None] {
        let mut config = bed.config(USER);
        config.said.user = user;
        let served = zoho_mcp::cli::assemble::calling(&config, &bed.clock).unwrap();
        let mut wire = crate::bed::Wire::serving(served).await;
        used.push(wire.call("get_records", arguments.clone()).await);
    }
    let id = |answer: &Value| answer["organization"]["id"].as_str().unwrap().to_owned();
    used.iter().map(id).collect()
}

fn marked(bed: &Bed) -> Vec<(String, String)> {
    let list = bed.run(&["connections", "list"]).succeeded();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let used = list
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["in_use"] == true);
    used.map(|row| (text(row, "name"), text(row, "desk_org_id")))
        .collect()
}

#[tokio::test]
async fn call_and_server_use_the_connection_that_the_list_marks() {
    let bed = two_connections().await;
    for (name, place) in [("home", 0), ("work", 1)] {
        let organization = bed.sandbox.desk_organizations[place].0.clone();
        bed.run(&["connections", "set-org", name, &organization])
            .succeeded();
    }
    for (chosen, expected) in [(None, "work"), (Some("home"), "home"), (Some("work"), "work")] {
        if let Some(name) = chosen {
            bed.run(&["connections", "use", name]).succeeded();
        }
        let used = marked(&bed);
        assert_eq!(used.len(), 1, "{used:?}");
        assert_eq!(used[0].0, expected);
        assert_eq!(
            organizations_used(&bed).await,
            vec![used[0].1.clone(); 4],
            "{chosen:?}"
        );
        assert_eq!(bed.run(&["connections", "show"]).succeeded()["name"], expected);
    }
}

#[tokio::test]
async fn what_a_consent_covers_does_not_choose_another_connection() {
    let bed = Bed::empty(Options::default()).await;
    bed.run(&["connect", "--name", "older"]).succeeded();
    bed.connect_with_scopes(USER, &["ZohoCRM.modules.ALL", "ZohoCRM.org.READ"])
        .await;
    let used = bed.run(&["connections", "list"]).succeeded();
    let used: Vec<&Value> = used
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["in_use"] == true)
        .collect();
    assert_eq!(used.len(), 1);
    assert_eq!(used[0]["name"], "default");
    let ran = bed.run(&["call", "get_records", r#"{"module":"Cases","limit":1}"#]);
    assert_eq!(ran.json()["code"], "scope_missing", "{ran:?}");
}

#[tokio::test]
async fn a_call_tells_which_of_several_connections_it_takes() {
    let bed = Bed::empty(Options::default()).await;
    bed.run(&["connect", "--name", "home"]).succeeded();
    let arguments = r#"{"module":"Cases","limit":1}"#;
    let alone = bed.run(&["call", "get_records", arguments]);
    alone.succeeded();
    assert!(!alone.told.contains("home"), "{alone:?}");
    bed.run(&["connect", "--name", "work"]).succeeded();
    let newest = bed.run(&["call", "get_records", arguments]);
    newest.succeeded();
    assert!(
        newest.told.contains("`work`") && newest.told.contains("connections use"),
        "{newest:?}"
    );
    bed.run(&["connections", "use", "home"]).succeeded();
    let marked = bed.run(&["call", "get_records", arguments]);
    assert!(marked.told.contains("`home`"), "{marked:?}");
    for arguments in [
        r#"{"module":"Cases","limit":1,"connection":"work"}"#,
        r#"{"module":"Cases","limit":1,"conection":"work"}"#,
        r#"{"arguments":{"module":"Cases","limit":1,"connection":"work"}}"#,
    ] {
        let named = bed.run(&["call", "get_records", arguments]);
        named.succeeded();
        assert!(!named.told.contains("home"), "{named:?}");
    }
    let given = bed.run(&["--connection", "work", "call", "get_records", arguments]);
    given.succeeded();
    assert!(!given.told.contains("is taken"), "{given:?}");
    let list = bed
        .run(&["--connection", "work", "connections", "list"])
        .succeeded();
    let used = |row: &Value| (row["name"] == "work") == (row["in_use"] == true);
    assert!(list.as_array().unwrap().iter().all(used), "{list}");
}

#[tokio::test]
async fn a_name_is_one_that_can_be_seen_and_typed_again() {
    let bed = Bed::connected().await;
    let long = "w".repeat(65);
    for name in ["", " ", "work ", "a\u{7}b", "a\u{200b}b", long.as_str()] {
        for arguments in [
            ["connections", "rename", "default", name],
            ["connect", "--yes", "--name", name],
        ] {
            let refused = bed.run(&arguments);
            assert!(
                refused.failed().contains("1 to 64 characters"),
                "{name:?}: {refused:?}"
            );
        }
    }
    bed.run(&["connections", "rename", "default", &long[1..]])
        .succeeded();
}
