//! Sentinels: with everything logged that can be, no secret leaves the process but to Zoho.

use std::process::Command;

use serde_json::json;
use sqlx::{Connection as _, SqliteConnection};
use zoho_mcp::sandbox::Options;

use crate::bed::Bed;
use crate::commands::{Ran, Waiting};
use crate::processes::Process;
use crate::visitor::{Visitor, back_from};

/// The first text of the form of Zoho's tokens and codes: `1000.`, 32 hexadecimal digits, a full stop, 32 more.
fn token_in(text: &str) -> Option<&str> {
    text.match_indices("1000.").find_map(|(place, _)| {
        let token = text.get(place..place + 70)?;
        let (one, other) = token[5..].split_once('.')?;
        let hex = |part: &str| part.len() == 32 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        (hex(one) && hex(other)).then_some(token)
    })
}

struct Sentinels(Vec<String>);

impl Sentinels {
    #[track_caller]
    fn are_not_in(&self, what: &str, text: &str) {
        for secret in &self.0 {
            assert!(!text.contains(secret.as_str()), "a secret in {what}: {text}");
        }
        assert_eq!(token_in(text), None, "a token or code in {what}: {text}");
    }

    #[track_caller]
    fn are_not_told_by(&self, ran: &Ran) {
        self.are_not_in("standard output", &ran.out);
        self.are_not_in("standard error", &ran.told);
    }
}

fn loudest(bed: &Bed, arguments: &[&str]) -> Command {
    let mut command = bed.command(arguments);
    command
        .env(
            "ZOHO_MCP_LOG_LEVEL",
            "trace,rmcp=trace,reqwest=trace,hyper_util=trace,sqlx=trace",
        )
        .env("RUST_BACKTRACE", "full")
        .env("ZOHO_MCP_CLIENT_ID", &bed.sandbox.client_id)
        .env("ZOHO_MCP_CLIENT_SECRET", &bed.sandbox.client_secret)
        .env("ZOHO_MCP_KEY", "5f".repeat(32));
    command
}

fn run(bed: &Bed, arguments: &[&str]) -> Ran {
    crate::commands::finished(loudest(bed, arguments), "")
}

#[tokio::test]
async fn no_secret_is_logged_answered_or_given_on() {
    let bed = Bed::empty(Options::default()).await;
    let sentinels = Sentinels(vec![
        bed.sandbox.client_secret.clone(),
        "5f".repeat(32),
        "6e".repeat(32),
    ]);
    assert!(
        token_in(&bed.sandbox.refresh_token).is_some(),
        "the form of a token is known here"
    );

    let mut connecting = Waiting::start(loudest(&bed, &["connect", "--no-browser", "--port", "0"]));
    let page = connecting.consent_page();
    let line = std::fs::read_to_string(format!("/proc/{}/cmdline", connecting.id())).unwrap();
    sentinels.are_not_in("the command line", &line);
    let visitor = Visitor::new();
    let back = visitor.allow(&page).await;
    let shown = visitor.open(back.as_str()).await;
    sentinels.are_not_in("the page a consent returns to", &shown);
    let ran = connecting.end();
    assert!(ran.ok, "{ran:?}");
    sentinels.are_not_told_by(&ran);

    let calls: [&[&str]; 5] = [
        &["call", "get_records", r#"{"module":"Cases","limit":1}"#],
        &["call", "get_connection_status", r#"{"ask_zoho":true}"#],
        &["doctor"],
        &["connections", "list"],
        &["connections", "show", "default"],
    ];
    let troubles = [
        json!({}),
        json!({ "faults": [{ "kind": "401" }] }),
        json!({ "faults": [{ "kind": "html200", "path": "/oauth/v2/token" }, { "kind": "500" }] }),
        json!({ "faults": [{ "kind": "reset" }, { "kind": "truncated" }] }),
        json!({ "refresh_limit": 0 }),
        json!({ "revoked": true }),
    ];
    let mut logged = String::new();
    for trouble in troubles {
        bed.forget().await;
        bed.admin(trouble.clone()).await;
        let mut database = SqliteConnection::connect(&bed.database_url()).await.unwrap();
        sqlx::query("UPDATE zoho_connections SET token_expires_at = 0, refresh_not_before = NULL")
            .execute(&mut database)
            .await
            .unwrap();
        for arguments in calls {
            let ran = run(&bed, arguments);
            sentinels.are_not_told_by(&ran);
            logged.push_str(&ran.told);
        }
    }
    assert!(
        logged.contains("refreshing the access token"),
        "nothing was logged: {logged}"
    );
    bed.forget().await;
    let file = bed.home.path().join("new.key");
    std::fs::write(&file, "6e".repeat(32)).unwrap();
    let rekey = [
        "connections",
        "rekey",
        "--yes",
        "--new-key-file",
        file.to_str().unwrap(),
    ];
    let mut remove = loudest(&bed, &["connections", "remove", "default", "--yes"]);
    remove.env("ZOHO_MCP_KEY", "6e".repeat(32));
    for ran in [run(&bed, &rekey), crate::commands::finished(remove, "")] {
        assert!(ran.ok, "{ran:?}");
        sentinels.are_not_told_by(&ran);
    }
}

#[tokio::test]
async fn a_browser_is_told_the_page_and_no_secret() {
    use std::os::unix::fs::PermissionsExt as _;
    let bed = Bed::empty(Options::default()).await;
    let sentinels = Sentinels(vec![
        bed.sandbox.client_secret.clone(),
        "5f".repeat(32),
        "postgres-sentinel".to_owned(),
    ]);
    let browser = bed.home.path().join("lynx");
    let script = "#!/bin/sh\ncat /proc/$$/environ > \"$0.environment\"\ncat /proc/$$/cmdline > \"$0.line\"\n\
                  cat /proc/$PPID/environ /proc/$PPID/cmdline > \"$0.parent\"\ntouch \"$0.done\"\n";
    std::fs::write(&browser, script).unwrap();
    std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = loudest(&bed, &["connect", "--browser", "--port", "0"]);
    command
        .env("BROWSER", &browser)
        .env("PGPASSWORD", "postgres-sentinel")
        .env("PATH", std::env::var_os("PATH").unwrap());
    let mut connecting = Waiting::start(command);
    let page = connecting.consent_page();
    connecting.line(|line| line.starts_with("Waiting for Zoho").then_some(()));

    let done = bed.home.path().join("lynx.done");
    let ended = async {
        while !done.exists() {
            tokio::task::yield_now().await
        }
    };
    let ended = tokio::time::timeout(std::time::Duration::from_secs(60), ended).await;
    ended.expect("the browser is started");
    let seen = |of: &str| std::fs::read_to_string(format!("{}.{of}", browser.display())).unwrap();
    assert!(seen("line").contains("http://127.0.0.1:"), "{}", seen("line"));
    let state = back_from(&page, &[]);
    let state = state.split_once("state=").unwrap().1;
    for of in ["line", "environment", "parent"] {
        assert!(!seen(of).contains(state), "{of}: {}", seen(of));
    }
    let environment = seen("environment");
    let home = format!("HOME={}", bed.home.path().display());
    assert!(environment.contains(&home), "{environment}");
    for of in ["line", "environment", "parent"] {
        sentinels.are_not_in(of, &seen(of));
    }
    for of in ["environment", "parent"] {
        assert!(!seen(of).contains("ZOHO_MCP_"), "{of}: {}", seen(of));
    }
    Visitor::new()
        .open(Visitor::new().allow(&page).await.as_str())
        .await;
    assert!(connecting.end().ok);
}

/// Hostile input 33: what is in memory when a program crashes is secrets, too.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_crash_leaves_no_picture_of_the_memory() {
    let bed = Bed::connected().await;
    let mut server = Process::start(bed.command(&["stdio"]));
    server.shake_hands();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.child.id())).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    let core: Vec<&str> = core.split_whitespace().collect();
    assert_eq!(core[4], "0", "{limits}");
}

/// Hostile input 15: however the URL is written or broken, and wherever, the password in it is not shown; a parameter
/// with a secret that no database reads is refused before the driver sees it, which would write it to the log.
#[tokio::test]
async fn the_password_in_a_database_url_is_shown_nowhere() {
    const PASSWORD: &str = "S3CRETxyz";
    const ON_THE_LINE: &str = "holds a password";
    const UNREACHED: &str = "is not reachable";
    let bed = Bed::empty(Options::default()).await;
    let config = bed.home.path().join("config.toml");
    let told = "a parameter no database reads";
    for (url, elsewhere) in [
        ("postgres://u:S3CRETxyz@127.0.0.1:1/db", UNREACHED),
        ("postgres://u:a/S3CRETxyz@h/db", "%2F"),
        ("postgres://u:a#S3CRETxyz@h/db", "%2F"),
        ("postgres://u:a?S3CRETxyz@h/db", "%2F"),
        ("postgres://u:S3CRETxyz@h:99999/db", "%2F"),
        ("postgres://u:1/S3CRETxyz@h/db", "%2F"),
        ("postgres://u@server:pa/S3CRETxyz@h/db", "%2F"),
        ("postgres://u@127.0.0.1:1/db?password=S3CRETxyz", UNREACHED),
        ("postgres://u@127.0.0.1:1/db?PASSWORD=S3CRETxyz", told),
        ("postgres://u@127.0.0.1:1/db?sslpassword=S3CRETxyz", told),
        (
            "postgres://u@127.0.0.1:1/db?sslmode=prefer&ssl%70assword=S3CRETxyz",
            told,
        ),
        ("postgres://u@127.0.0.1:1/db?auth_token=S3CRETxyz", told),
        ("postgres://u@127.0.0.1:1/db?pass=S3CRETxyz", told),
        ("postgres://u%3AS3CRETxyz@127.0.0.1:1/db", UNREACHED),
    ] {
        let flag = run(&bed, &["--database-url", url, "connections", "list"]);
        assert!(flag.failed().contains(ON_THE_LINE), "{url}: {flag:?}");
        let mut variable = loudest(&bed, &["connections", "list"]);
        variable.env("ZOHO_MCP_DATABASE_URL", url);
        let variable = crate::commands::finished(variable, "");
        std::fs::write(&config, format!("database-url = \"{url}\"\n")).unwrap();
        let mut file = loudest(&bed, &["connections", "list"]);
        file.env("ZOHO_MCP_CONFIG", &config)
            .env_remove("ZOHO_MCP_DATABASE_URL")
            .env_remove("ZOHO_MCP_SANDBOX_URL")
            .env_remove("ZOHO_MCP_NOW");
        let file = crate::commands::finished(file, "");
        for ran in [&flag, &variable, &file] {
            let shown = format!("{}{}", ran.out, ran.told);
            assert!(!shown.contains(PASSWORD), "{url}: {shown}");
        }
        for ran in [&variable, &file] {
            assert!(ran.failed().contains(elsewhere), "{url}: {ran:?}");
        }
    }
}

/// The parameters of a file's name begin at `?` alone.
#[tokio::test]
async fn a_file_may_be_named_like_a_secret() {
    let bed = Bed::empty(Options::default()).await;
    let url = format!("sqlite:{}/a;token=1#password=2.db", bed.home.path().display());
    bed.run(&["--database-url", &url, "connect"]).succeeded();
}
