//! Plain rows of another program become sealed ones.

use sqlx::{Connection as _, SqliteConnection};
use zoho_mcp::clock::Clock;
use zoho_mcp::connections::{Caller, ImportClient, Imported, NewConnection, OrgSource};
use zoho_mcp::database::Database;
use zoho_mcp::zoho::DataCenter;

use super::fake::{NOW, open, text};

const OLD: &str = "CREATE TABLE zoho_connections (id INTEGER PRIMARY KEY, user_id TEXT, access_token TEXT, refresh_token TEXT, \
    token_expires_at REAL, api_domain TEXT, dc TEXT, desk_org_id TEXT, desk_portal TEXT, created_at TIMESTAMP); \
    INSERT INTO zoho_connections VALUES \
    (1, 'ada', 'old-access', 'old-refresh', 1799999999.5, 'https://www.zohoapis.in', 'IN', '4001', 'aurora', '2026-01-02 03:04:05'), \
    (2, 'ada', 'a2', 'r2', NULL, NULL, 'com.moon', '', NULL, NULL), \
    (3, 'bob', 'a3', NULL, NULL, NULL, 'us', NULL, NULL, NULL)";

pub(crate) fn complete(new: &mut NewConnection) -> Result<(), String> {
    let center = DataCenter::by_code(&new.account.data_center).ok_or("has an unknown data center")?;
    new.account.accounts_url = center.accounts_url();
    new.account.desk_url = center.desk_url();
    new.account.api_domain = center.api_url(&new.account.environment);
    Ok(())
}

#[tokio::test]
async fn plain_rows_are_sealed_once() {
    let directory = tempfile::tempdir().unwrap();
    let old = directory.path().join("old.db");
    let mut connection = SqliteConnection::connect(&format!("sqlite://{}?mode=rwc", old.display()))
        .await
        .unwrap();
    sqlx::raw_sql(OLD).execute(&mut connection).await.unwrap();
    let before = std::fs::read(&old).unwrap();
    let connections = open(&directory, &Clock::fixed(NOW));
    let client = ImportClient {
        client_id: "1000.OLD".to_owned(),
        client_secret: "old-secret".into(),
    };
    let source = Database::SqliteFile(old.clone());
    let outcome = connections
        .import(&source, Some(&client), complete)
        .await
        .unwrap();
    let name = || ("ada".to_owned(), "imported-1".to_owned());
    assert_eq!(
        outcome[0],
        Imported::Added {
            user_id: name().0,
            name: name().1
        }
    );
    assert_eq!(
        outcome[1],
        Imported::Skipped {
            row: "2".into(),
            reason: "has an unknown data center".into()
        }
    );
    assert_eq!(
        outcome[2],
        Imported::Skipped {
            row: "3".into(),
            reason: "has no refresh_token: connect again".into()
        }
    );
    let row = connections.find(&Caller::Only, None).await.unwrap();
    assert_eq!(text(&row.refresh_token), "old-refresh");
    assert_eq!(
        (row.account.accounts_url.as_str(), row.account.client_id.as_str()),
        ("https://accounts.zoho.in", "1000.OLD")
    );
    assert_eq!(
        (row.token_expires_at, row.created_at),
        (Some(1_799_999_999), 1_767_323_045)
    );
    assert_eq!(
        (row.desk_org_id.as_deref(), row.desk_org_source),
        (Some("4001"), Some(OrgSource::User))
    );
    let again = connections
        .import(&source, Some(&client), complete)
        .await
        .unwrap();
    assert_eq!(
        again[0],
        Imported::Known {
            user_id: name().0,
            name: name().1
        }
    );
    assert_eq!(connections.list(&Caller::Only).await.unwrap().len(), 1);
    assert_eq!(
        std::fs::read(&old).unwrap(),
        before,
        "the other database is not touched"
    );
    let without = connections
        .import(
            &Database::SqliteFile(directory.path().join("none.db")),
            None,
            complete,
        )
        .await;
    assert!(without.is_err());
}
