//! What a person or a host has said: blank and unfilled settings, names from nowhere, whose setting an error is about, and
//! commands that mean the same database as the process that tells them.
//! REAL CLOCK: programs are started with nothing in their environment but what a test says, so without a time.

use std::net::TcpListener;

use serde_json::{Value, json};
use zoho_mcp::sandbox::Options;

use crate::bed::{Bed, USER};
use crate::commands::{bare, finished};
use crate::postgres::fresh_database;
use crate::processes::Process;

const CASES: &str = r#"{"module":"Cases","limit":1}"#;

/// The users of the rows in the default database of a home.
fn users(bed: &Bed) -> Vec<String> {
    let mut list = bare(bed.home.path(), &["connections", "list", "--json"]);
    list.env("ZOHO_MCP_SANDBOX_URL", &bed.sandbox.url);
    let rows = finished(list, "").succeeded();
    let user = |row: &Value| row["user"].as_str().unwrap_or_default().to_owned();
    rows.as_array().unwrap().iter().map(user).collect()
}

/// Writes a file of settings, as a command takes it.
fn settings(bed: &Bed, text: &str) -> String {
    let file = bed.home.path().join("config.toml");
    std::fs::write(&file, text).unwrap();
    file.display().to_string()
}

#[tokio::test]
async fn a_blank_flag_a_blank_key_and_an_unfilled_one_count_as_not_given() {
    let bed = Bed::empty(Options::default()).await;
    let keys = [
        "user = ''",
        "user = '  '",
        "user = '${user_config.user}'\ncallback-port = '${PORT}'\nkeyring = ''",
    ];
    let runs = [
        ("--user=", ""),
        ("--user= ", ""),
        ("", keys[0]),
        ("", keys[1]),
        ("", keys[2]),
    ];
    for (flag, key) in runs {
        let mut arguments = vec!["connect", "--json"];
        arguments.extend((!flag.is_empty()).then_some(flag));
        let mut connect = bare(bed.home.path(), &arguments);
        connect
            .env("ZOHO_MCP_SANDBOX_URL", &bed.sandbox.url)
            .env("ZOHO_MCP_CONFIG", settings(&bed, key));
        finished(connect, "").succeeded();
        assert_eq!(users(&bed), ["me"], "{flag:?} {key:?}");
    }
    let mut connect = bare(bed.home.path(), &["connect", "--user", "", "--json"]);
    connect.env("ZOHO_MCP_SANDBOX_URL", &bed.sandbox.url);
    finished(connect, "").succeeded();
    assert_eq!(users(&bed), ["me"]);
}

#[tokio::test]
async fn a_list_on_the_command_line_is_read_as_one_in_a_variable() {
    let bed = Bed::empty(Options::default()).await;
    let written = " get_views , get_fields,";
    let names = |ran: crate::commands::Ran| -> Vec<String> {
        let listed = ran.succeeded();
        let name = |tool: &Value| tool["name"].as_str().unwrap().to_owned();
        listed.as_array().unwrap().iter().map(name).collect()
    };
    let flag = names(finished(
        bare(bed.home.path(), &["tools", "--tools", written]),
        "",
    ));
    let mut command = bare(bed.home.path(), &["tools"]);
    command.env("ZOHO_MCP_TOOLS", written);
    assert_eq!(flag, names(finished(command, "")));
    assert_eq!(flag.len(), 2);
}

#[tokio::test]
async fn an_error_names_the_file_and_key_or_the_variable_that_said_it() {
    let bed = Bed::connected().await;
    let wrong = [
        ("timezone = 'Nowhere/At_All'", "timezone"),
        ("now = 'yesterday'", "now"),
        ("files = 'exports'", "files"),
        ("log-level = 'loud'", "log-level"),
        ("database-url = 'mysql://x'", "database-url"),
        ("database-url = 'sqlite:rel.db'", "database-url"),
        ("read-only = 'perhaps'", "read-only"),
    ];
    for (text, key) in wrong {
        let file = settings(&bed, text);
        let mut call = bare(bed.home.path(), &["call", "get_records", CASES]);
        call.env("ZOHO_MCP_CONFIG", &file)
            .env("ZOHO_MCP_SANDBOX_URL", &bed.sandbox.url);
        if key != "database-url" {
            call.env("ZOHO_MCP_DATABASE_URL", bed.database_url());
        } else {
            call.env_remove("ZOHO_MCP_SANDBOX_URL");
        }
        let ran = finished(call, "");
        let told = ran.failed();
        assert!(told.contains(&file) && told.contains(key), "{text}: {told}");
        assert!(!told.contains("--"), "{text}: {told}");
    }
    let mut call = bed.command(&["call", "get_records", CASES]);
    call.env("ZOHO_MCP_TIMEZONE", "Nowhere/At_All");
    let ran = finished(call, "");
    assert!(ran.failed().contains("ZOHO_MCP_TIMEZONE:"), "{ran:?}");
}

#[tokio::test]
async fn a_connection_that_a_setting_names_is_no_argument_of_the_model() {
    let bed = Bed::connected().await;
    let mut call = bed.command(&["call", "get_records", CASES]);
    call.env("ZOHO_MCP_CONNECTION", "gone");
    let told = finished(call, "").json();
    assert!(
        told["error"].as_str().unwrap().contains("ZOHO_MCP_CONNECTION"),
        "{told}"
    );
    assert_eq!(told["code"], "no_connection", "{told}");
    assert!(told.get("problems").is_none(), "{told}");
    let named = r#"{"module":"Cases","connection":"gone"}"#;
    let told = finished(bed.command(&["call", "get_records", named]), "").json();
    assert_eq!(told["problems"][0]["path"], "/connection", "{told}");
}

#[tokio::test]
async fn what_a_sandbox_does_not_take_over_is_told() {
    let bed = Bed::empty(Options::default()).await;
    let mut connect = bare(
        bed.home.path(),
        &["connect", "--json", "--sandbox-url", &bed.sandbox.url],
    );
    for row in ["KEY_FILE", "CLIENT_FILE"] {
        connect.env(format!("ZOHO_MCP_{row}"), bed.home.path().join("file"));
    }
    let ran = finished(connect, "");
    ran.succeeded();
    for (row, flag) in [
        ("KEY_FILE", "--database-url (and --key-file)"),
        ("CLIENT_FILE", "--client-file"),
    ] {
        let told = ran.told.lines().find(|line| line.contains(row));
        let told = told.unwrap_or_else(|| panic!("{row}: {ran:?}"));
        assert!(
            told.contains("is left out") && told.contains(&format!("give {flag} to")),
            "{told}"
        );
    }
}

/// The hint that a host's model reads out is followed in a terminal, which has nothing of the host's environment.
#[tokio::test]
async fn a_hint_names_the_database_of_its_host_without_a_password() {
    let bed = Bed::empty(Options::default()).await;
    let mut hosts = vec![];
    if let Some(url) = fresh_database() {
        let secret = url.replace("zoho@", "zoho:S3cret@");
        hosts.push((
            [
                ("ZOHO_MCP_DATABASE_URL", secret),
                ("ZOHO_MCP_KEY", "5f".repeat(32)),
            ],
            url,
        ));
    }
    let own = bed.home.path().join("elsewhere");
    let there = format!("sqlite:{}", own.join("zoho-mcp").join("sandbox.db").display());
    let own = [
        ("XDG_DATA_HOME", own.display().to_string()),
        ("ZOHO_MCP_KEYRING", "1".to_owned()),
    ];
    hosts.push((own, there));
    for (variables, database) in hosts {
        let mut command = bare(bed.home.path(), &["stdio"]);
        command
            .envs(variables)
            .env("ZOHO_MCP_SANDBOX_URL", &bed.sandbox.url);
        let mut host = Process::start(command);
        host.shake_hands();
        let told = host.call("get_records", &json!({ "module": "Cases" }));
        let next = told["next"].as_str().unwrap();
        assert!(next.contains(&format!("--database-url {database}")), "{next}");
        assert!(!next.contains("S3cret"), "{next}");
        assert_eq!(
            next.contains("--keyring=1"),
            !database.starts_with("postgres"),
            "{next}"
        );
    }
}

#[tokio::test]
async fn what_no_repetition_mends_is_not_to_be_repeated() {
    let bed = Bed::connected().await;
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let home = bed.home.path();
    std::fs::write(
        home.join("damaged.db"),
        "no database at all, really none\n".repeat(50),
    )
    .unwrap();
    let mut urls = vec![
        (format!("sqlite:{}", home.display()), "is a directory", false),
        (
            format!("sqlite:{}/damaged.db", home.display()),
            "no SQLite database",
            false,
        ),
        (format!("postgres://x@{closed}/y"), "refused", true),
        (
            "postgres://x@127.0.0.1:99999/y".to_owned(),
            "cannot be read",
            false,
        ),
        (
            format!("postgres://x@{closed}/y?sslmode=odd"),
            "cannot be read",
            false,
        ),
    ];
    if let Some(url) = fresh_database() {
        urls.push((format!("{url}_gone"), "does not exist", false));
        urls.push((url.replace("zoho@", "nobody@"), "does not exist", false));
    }
    for (url, told, retryable) in urls {
        let mut call = bed.command(&["call", "get_records", CASES]);
        call.env("ZOHO_MCP_DATABASE_URL", &url)
            .env("ZOHO_MCP_KEY", "5f".repeat(32));
        let answer = finished(call, "").json();
        assert!(
            answer["error"].as_str().unwrap().contains(told),
            "{url}: {answer}"
        );
        assert_eq!(answer["retryable"], retryable, "{url}: {answer}");
    }
    bed.sql(
        "INSERT INTO _sqlx_migrations SELECT 99, description, installed_on, success, checksum, execution_time \
         FROM _sqlx_migrations LIMIT 1",
    )
    .await;
    let newer = finished(bed.command(&["call", "get_records", CASES]), "").json();
    assert_eq!(newer["retryable"], false, "{newer}");
}

#[tokio::test]
async fn a_database_in_memory_is_refused() {
    let bed = Bed::empty(Options::default()).await;
    for url in ["sqlite::memory:", "sqlite:", "sqlite:/tmp/one.db?mode=ro"] {
        let mut call = bed.command(&["call", "get_records", CASES]);
        call.env("ZOHO_MCP_DATABASE_URL", url);
        let ran = finished(call, "");
        assert!(
            ran.failed()
                .contains("ZOHO_MCP_DATABASE_URL: expected the name of a file"),
            "{url}: {ran:?}"
        );
    }
}

#[tokio::test]
async fn a_refused_word_is_told_where_it_was_written() {
    let bed = Bed::connected().await;
    let told = bed
        .client()
        .await
        .call("search_records", json!({ "module": "Leads", "query": "a" }))
        .await;
    assert_eq!(told["problems"][0]["path"], "/query", "{USER}: {told}");
    assert_eq!(told["problems"][0]["got"], "\"a\"", "{told}");
}
