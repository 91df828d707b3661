//! What users of PostgreSQL may do there, and what is said to one who may not: since version 15 nobody may make tables in
//! `public` but its owner, a table is its maker's, and only its owner may alter it (PostgreSQL's documents, "Schemas" and "ALTER
//! TABLE"). And what is said to whoever names no user where several share a database.

use sqlx::{Connection as _, Executor as _, PgConnection};
use zoho_mcp::sandbox::Options;

use crate::bed::Bed;
use crate::commands::{Ran, finished};
use crate::postgres::fresh_database;

fn run(bed: &Bed, url: &str, user: Option<&str>, arguments: &[&str]) -> Ran {
    let mut command = bed.command(arguments);
    command
        .env("ZOHO_MCP_DATABASE_URL", url)
        .env("ZOHO_MCP_KEY", "5f".repeat(32));
    match user {
        Some(user) => command.env("ZOHO_MCP_USER", user),
        None => command.env_remove("ZOHO_MCP_USER"),
    };
    finished(command, "")
}

#[tokio::test]
async fn who_lacks_a_right_is_told_which_one_and_who_can_give_it() {
    let Some(owner) = fresh_database() else {
        return;
    };
    let newcomer = owner.replace("postgres://zoho@", "postgres://newcomer@");
    let bed = Bed::empty(Options::default()).await;
    let list = |url: &str| run(&bed, url, Some("anna"), &["connections", "list"]);
    let mut database = PgConnection::connect(&owner).await.unwrap();
    database.execute("CREATE ROLE newcomer LOGIN").await.unwrap();
    let first = list(&newcomer);
    assert!(
        first.failed().contains("GRANT USAGE, CREATE ON SCHEMA"),
        "{first:?}"
    );

    assert!(list(&owner).ok);
    let later = list(&newcomer);
    assert!(later.failed().contains("GRANT SELECT"), "{later:?}");
    let rights = "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO newcomer";
    database.execute(rights).await.unwrap();
    let usual = run(&bed, &newcomer, Some("anna"), &["connect"]);
    assert!(usual.ok, "what was told is enough: {usual:?}");

    for back in [
        include_str!("../../migrations/postgres/0006_writes.down.sql"),
        include_str!("../../migrations/postgres/0005_refreshing.down.sql"),
    ] {
        database.execute(back).await.unwrap();
    }
    let forgotten = "DELETE FROM _sqlx_migrations WHERE version >= 5";
    database.execute(forgotten).await.unwrap();
    let upgrade = list(&newcomer);
    assert!(upgrade.failed().contains("GRANT owner TO user"), "{upgrade:?}");
    assert!(list(&owner).ok);
    assert!(list(&newcomer).ok, "once the owner has started this version");
}

/// Nobody is told who else there is, and the mend is a command all the same.
#[tokio::test]
async fn whoever_names_nobody_is_told_where_to_name_one() {
    let Some(url) = fresh_database() else {
        return;
    };
    let bed = Bed::empty(Options::default()).await;
    for user in ["anna", "berta"] {
        let connected = run(&bed, &url, Some(user), &["connect"]);
        assert!(connected.ok, "{connected:?}");
    }
    let lost = run(&bed, &url, None, &["doctor"]);
    assert!(!lost.ok && !lost.out.contains("berta"), "{lost:?}");
    let report = lost.json();
    let mut findings = report["findings"].as_array().unwrap().iter();
    let failed = findings.find(|finding| finding["state"] == "fail").unwrap();
    assert_eq!(failed["mend"], "zoho-mcp config set user NAME", "{failed}");
    let refused = run(&bed, &url, None, &["call", "count_records", "module=Cases"]);
    assert!(
        refused.out.contains("zoho-mcp config set user NAME"),
        "{refused:?}"
    );
    name_in_file(&bed);
    let found = run(&bed, &url, None, &["doctor"]);
    assert!(found.ok, "{found:?}");
}

/// What is told where nobody is named.
fn name_in_file(bed: &Bed) {
    bed.run_told("zoho-mcp config set user anna");
}
