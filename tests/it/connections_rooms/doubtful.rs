//! What the row and the accounts server say that cannot be so, and is not taken (hostile input 14, 21, 29).

use serde_json::json as value;
use sqlx::Connection as _;
use zoho_mcp::connections::{FORCED_REFRESHES, Standing};

use super::fake::{House, NOW, json, text, tickets};

const TOKEN: &str = "/oauth/v2/token";
const YEAR: i64 = 365 * 24 * 3600;

async fn write(house: &House, statement: String) {
    let url = format!("sqlite:{}", house.database().display());
    let mut database = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let statement = sqlx::raw_sql(crate::bed::statement(&statement));
    statement.execute(&mut database).await.unwrap();
}

/// A clock that was a year ahead (a machine that was asleep, a dead battery) has left its marks.
#[tokio::test]
async fn what_was_written_by_a_clock_of_the_future_counts_for_nothing() {
    let house = House::new().await;
    house.connect(-10).await;
    let until = NOW + YEAR;
    write(
        &house,
        format!("UPDATE zoho_connections SET refresh_not_before = {until}"),
    )
    .await;
    let row = house.ada().await;
    let standing = row.standing(NOW);
    assert_eq!(standing, Standing::Renewable, "nor is it told");
    house.session().await.read(&tickets()).await.unwrap();
    assert_eq!(house.fake.count(TOKEN), 1);
    let marks = vec![until.to_string(); FORCED_REFRESHES].join(",");
    write(
        &house,
        format!("UPDATE zoho_connections SET forced_refreshes = '{marks}'"),
    )
    .await;
    house.fake.drop_tokens();
    house.session().await.read(&tickets()).await.unwrap();
    assert_eq!(
        house.ada().await.forced_refreshes,
        [NOW],
        "the marks of the future are gone"
    );
}

/// A token that lives two minutes or less: ten token calls and Zoho throttles for ten minutes.
#[tokio::test]
async fn a_short_lived_token_is_not_renewed_with_each_call() {
    for life in [120, 119, 61, 60, 0, -5] {
        let house = House::new().await;
        house.connect(-10).await;
        let reply = value!({ "access_token": "first-access", "token_type": "Bearer", "expires_in": life });
        house
            .fake
            .script(TOKEN, (0..5).map(|_| json(200, &reply.to_string())));
        for _ in 0..5 {
            house.session().await.read(&tickets()).await.unwrap();
            house.clock.advance(2);
        }
        assert_eq!(house.fake.count(TOKEN), 1, "{life}");
        if life == 60 {
            house.clock.advance(30);
            house.session().await.read(&tickets()).await.unwrap();
            assert_eq!(house.fake.count(TOKEN), 2, "in its second half it is renewed");
        }
    }
}

/// A token goes into a header of every call (RFC 6750, 2.1).
#[tokio::test]
async fn what_cannot_be_a_token_is_no_token() {
    let long = "a".repeat(20_000);
    for token in ["abc\r\nX: y", "a b", "é", long.as_str()] {
        let house = House::new().await;
        house.connect(-10).await;
        let reply = value!({ "access_token": token, "token_type": "Bearer", "expires_in": 3600 });
        house.fake.script(TOKEN, [json(200, &reply.to_string())]);
        let error = house.zoho.fresh(house.ada().await).await.unwrap_err();
        assert!(
            error.to_string().contains("without an access token"),
            "{token:.20}: {error}"
        );
        assert_eq!(
            text(&house.ada().await.access_token),
            "first-access",
            "{token:.20}"
        );
    }
}

/// The id of an organization goes into a header, too.
#[tokio::test]
async fn what_cannot_be_an_organization_is_not_stored() {
    for id in ["1\r\nX: y", "", "../x", "abc", "999999999999999999999999999999"] {
        let house = House::new().await;
        house.connect(3600).await;
        let list = value!({ "data": [{ "id": id, "companyName": "X", "portalName": "x" }] });
        house
            .fake
            .script("/api/v1/organizations", [json(200, &list.to_string())]);
        let connection = house.ada().await;
        let opened = house
            .zoho
            .session(connection, zoho_mcp::connections::Product::Desk)
            .await;
        let error = opened.err().unwrap_or_else(|| panic!("{id:?} was taken"));
        assert!(error.to_string().contains("no id of digits"), "{id:?}: {error}");
        assert_eq!(house.ada().await.desk_org_id, None, "{id:?}");
    }
}
