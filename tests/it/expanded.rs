//! A table that grows under running servers: a later version adds a column, or somebody else does.

use serde_json::{Value, json};

use crate::bed::USER;
use crate::processes::Ground;

#[tokio::test]
async fn a_column_added_meanwhile_changes_nothing() {
    for ground in Ground::both_connected().await {
        let mut servers = ground.servers(2);
        let cases = json!({ "module": "Cases", "limit": 1 });
        let mut all = |when: &str| {
            for server in &mut servers {
                for (tool, arguments) in [("get_records", &cases), ("get_connection_status", &json!({}))] {
                    let answer = server.call(tool, arguments);
                    assert!(
                        answer.get("error").is_none(),
                        "{} {when}: {answer}",
                        ground.name()
                    );
                }
            }
        };
        all("before");
        all("again");
        ground.expire_token().await;
        all("refreshed");
        for table in ["zoho_connections", "pending_consents", "repair_counts"] {
            ground
                .sql(&format!("ALTER TABLE {table} ADD COLUMN later text"))
                .await;
        }
        all("with the column");
        ground.expire_token().await;
        all("refreshed with the column");
        ground
            .run(&["connect", "--user", USER, "--name", "second"])
            .succeeded();
        all("connected with the column");
    }
}

/// PostgreSQL refuses a statement prepared for columns of another type: that call says so, the next one is well.
#[tokio::test]
async fn a_column_of_another_type_is_one_failure() {
    for ground in Ground::both_connected().await.into_iter().skip(1) {
        let mut server = ground.servers(1).remove(0);
        let mut ask = || server.call("get_records", &json!({ "module": "Cases", "limit": 1 }));
        for _ in 0..3 {
            let told = ask();
            assert!(told.get("error").is_none(), "{told}");
        }
        ground
            .sql("ALTER TABLE zoho_connections ALTER COLUMN name TYPE varchar(200)")
            .await;
        // Where the pool has the connection still that had read the row; another knows nothing of the old type.
        let all: Vec<Value> = (0..4).map(|_| ask()).collect();
        let failures = || all.iter().filter(|told| told.get("error").is_some());
        assert!(failures().count() <= 1, "{all:#?}");
        for told in failures() {
            assert_eq!(
                (&told["code"], &told["retryable"]),
                (&json!("unavailable"), &json!(true)),
                "{told}"
            );
            assert!(told["error"].as_str().unwrap().contains("database"), "{told}");
        }
        assert!(all.iter().any(|told| told["count"] == 1), "{all:#?}");
    }
}
