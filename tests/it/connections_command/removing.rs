//! `zoho-mcp connections remove`: one connection or all of a user's, at Zoho first.

use serde_json::json;
use sqlx::{Connection as _, SqliteConnection};
use zoho_mcp::sandbox::Options;

use super::{names, two_connections};
use crate::bed::{Bed, USER};

#[tokio::test]
async fn removing_revokes_at_zoho_first() {
    let bed = two_connections().await;
    let unsure = bed.run(&["connections", "remove", "home"]);
    assert!(unsure.failed().contains("--yes"), "{unsure:?}");
    bed.forget().await;
    let removed = bed.run(&["connections", "remove", "home", "--yes"]).succeeded();
    assert_eq!(
        (&removed["removed"], &removed["revoked"]),
        (&json!("home"), &json!(true))
    );
    assert_eq!(bed.seen().await, ["POST /oauth/v2/token/revoke -> 200"]);
    assert_eq!(bed.get("/__sandbox/stats").await["counts"]["revoked"], 1);
    assert_eq!(names(&bed.run(&["connections", "list"]).succeeded()), ["work"]);
    bed.run(&["connections", "remove", "home", "--yes"]).failed();
}

#[tokio::test]
async fn removing_names_the_connections_that_end_with_it() {
    let bed = Bed::empty(Options::default()).await;
    let token = bed.sandbox.refresh_token.clone();
    for name in ["one", "two"] {
        let connect = ["connect", "--name", name, "--refresh-token"];
        bed.run_with(&connect, &token).succeeded();
    }
    let unsure = bed.run(&["connections", "remove", "one"]);
    let told = unsure.failed();
    assert!(told.contains("held by two"), "{told}");
    assert!(!told.contains(&token), "{told}");
}

#[tokio::test]
async fn all_connections_of_a_user_end_at_once() {
    let bed = Bed::empty(Options::default()).await;
    let token = &bed.sandbox.refresh_token;
    for (name, user) in [("one", USER), ("two", USER), ("theirs", "somebody else")] {
        let connect = ["connect", "--name", name, "--refresh-token", "--user", user];
        bed.run_with(&connect, token).succeeded();
    }
    let unsure = bed.run(&["connections", "remove", "--all"]);
    assert!(unsure.failed().contains("two, one of"), "{unsure:?}");
    assert!(!unsure.told.contains("theirs"), "{unsure:?}");
    let neither = bed.run(&["connections", "remove", "--yes"]);
    assert!(neither.failed().contains("--all"), "{neither:?}");
    bed.forget().await;
    let removed = bed.run(&["connections", "remove", "--all", "--yes"]).succeeded();
    let ended = |name: &str| json!({ "removed": name, "user": USER, "revoked": true });
    assert_eq!(removed, json!({ "connections": [ended("two"), ended("one")] }));
    assert_eq!(bed.seen().await, ["POST /oauth/v2/token/revoke -> 200"]);
    let left = bed.run(&["connections", "list", "--user", "somebody else"]);
    assert_eq!(names(&left.succeeded()), ["theirs"]);
    let nothing = bed.run(&["connections", "remove", "--all", "--yes"]);
    assert!(
        nothing.failed().contains("No Zoho connection found"),
        "{nothing:?}"
    );
}

/// A database that refuses in the middle, as a full or read-only one does.
#[tokio::test]
async fn what_has_ended_is_told_where_the_rest_fails() {
    let bed = Bed::empty(Options::default()).await;
    let token = &bed.sandbox.refresh_token;
    for name in ["one", "two", "three"] {
        let connect = ["connect", "--name", name, "--refresh-token"];
        bed.run_with(&connect, token).succeeded();
    }
    bed.sql(
        "CREATE TRIGGER stay BEFORE DELETE ON zoho_connections WHEN old.name = 'two'
         BEGIN SELECT RAISE(ABORT, 'no'); END",
    )
    .await;
    let failed = bed.run(&["connections", "remove", "--all", "--yes"]);
    let told = failed.failed();
    assert!(
        told.contains("Not removed: two (its token has ended at Zoho), one"),
        "{failed:?}"
    );
    let ended: serde_json::Value = serde_json::from_str(&failed.out).unwrap();
    let three = json!({ "removed": "three", "user": USER, "revoked": true });
    assert_eq!(ended, json!({ "connections": [three] }), "{failed:?}");
    assert_eq!(
        names(&bed.run(&["connections", "list"]).succeeded()),
        ["two", "one"]
    );
}

#[tokio::test]
async fn a_connection_that_does_not_open_can_still_be_removed() {
    let bed = two_connections().await;
    let mut database = SqliteConnection::connect(&bed.database_url()).await.unwrap();
    sqlx::query("UPDATE zoho_connections SET refresh_token = 'v1.0.AAAA' WHERE name = 'home'")
        .execute(&mut database)
        .await
        .unwrap();
    let list = bed.run(&["connections", "list"]).succeeded();
    assert_eq!(list[1]["status"], "unreadable", "{list}");
    let ran = bed.run(&["connections", "remove", "home", "--yes"]);
    assert_eq!(ran.succeeded()["revoked"], false);
    assert!(ran.told.contains("not revoked"), "{ran:?}");
    assert_eq!(names(&bed.run(&["connections", "list"]).succeeded()), ["work"]);
}
