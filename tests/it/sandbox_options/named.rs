//! A database that is named beside a sandbox, and has real connections.
//!
//! REAL CLOCK: some of it is about a program that knows of no sandbox.

use serde_json::Value;

use super::{REAL, Real, change};
use crate::commands::{bare, finished};

/// Every way to change rows.
const CHANGES: [&[&str]; 7] = [
    &["use", "default"],
    &["set-org", "second", "1"],
    &["rename", "second", "third"],
    &["remove", "second", "--yes"],
    &["rekey", "--yes"],
    &["import", "sqlite:old.db"],
    &["remove", "default", "--yes"],
];

#[tokio::test]
async fn a_database_that_is_named_keeps_its_real_rows() {
    let real = Real::new().await;
    let (database, url) = (real.database(), real.bed.sandbox.url.as_str());
    let rows = || {
        let list = finished(bare(real.home(), &["connections", "list"]), "").succeeded();
        let facts = [
            "name",
            "accounts_url",
            "desk_org_id",
            "key_id",
            "in_use",
            "updated_at",
        ];
        let row = |row: &Value| facts.map(|fact| row[fact].clone());
        list.as_array().unwrap().iter().map(row).collect::<Vec<_>>()
    };
    let before = rows();
    let connect: [&[&str]; 2] = [&["connect", "--name", "third"], &["connect", "--replace"]];
    let changes = CHANGES.map(|change| [&["connections"], change].concat());
    for arguments in changes.into_iter().chain(connect.map(<[&str]>::to_vec)) {
        let named = [&["--database-url", database.as_str()], arguments.as_slice()].concat();
        let mut far = bare(real.home(), &arguments);
        far.env("ZOHO_MCP_DATABASE_URL", &database)
            .env("ZOHO_MCP_SANDBOX_URL", url);
        let near = bare(real.home(), &[&["--sandbox-url", url], named.as_slice()].concat());
        for command in [near, far] {
            let refused = finished(command, "");
            assert!(
                refused.failed().contains("--sandbox-url"),
                "{arguments:?}: {refused:?}"
            );
            assert_eq!(rows(), before, "{arguments:?}");
        }
    }
}

#[tokio::test]
async fn beside_real_rows_one_of_a_sandbox_can_be_taken_away() {
    let real = Real::new().await;
    let database = real.database();
    let statement = "UPDATE zoho_connections SET accounts_url = 'http://127.0.0.1:9' WHERE name = 'default'";
    change(&database, statement).await;
    let run = |arguments: &[&str]| {
        let named = [&["--database-url", database.as_str(), "connections"], arguments].concat();
        real.against_sandbox(&named)
    };
    run(&["rename", "default", "old"]).succeeded();
    assert!(run(&["use", "old"]).failed().contains("--sandbox-url"));
    run(&["remove", "old", "--yes"]).succeeded();
    assert_eq!(real.names(), REAL[..1]);
}

#[tokio::test]
async fn a_database_named_farther_away_than_the_sandbox_is_not_its_own() {
    let real = Real::new().await;
    let (database, key) = (real.database(), real.data().join("zoho-mcp.db.key"));
    let before = real.files();
    let settings = real.home().join("far.toml");
    std::fs::write(
        &settings,
        format!("database-url = {database:?}\nkey-file = {key:?}\n"),
    )
    .unwrap();
    let url = real.bed.sandbox.url.as_str();
    let rekey = ["connections", "rekey", "--yes"];
    for arguments in [
        &["connect"][..],
        &rekey,
        &["connections", "remove", "default", "--yes"],
    ] {
        let flag = [&["--sandbox-url", url], arguments].concat();
        let mut command = bare(real.home(), &flag);
        command
            .env("ZOHO_MCP_DATABASE_URL", &database)
            .env("ZOHO_MCP_KEY_FILE", &key);
        finished(command, "").succeeded();
        if arguments == rekey {
            continue;
        }
        let mut command = bare(real.home(), &["connect", "--name", "far"]);
        command
            .env("ZOHO_MCP_SANDBOX_URL", url)
            .env("ZOHO_MCP_CONFIG", &settings);
        finished(command, "").succeeded();
    }
    assert_eq!(real.names(), REAL);
    let after = real.files();
    for (path, bytes) in &before {
        assert_eq!(after.get(path), Some(bytes), "{}", path.display());
    }
}
