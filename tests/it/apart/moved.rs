//! Zoho says that a token is not for the organization in use, and the next one is taken: what was looked up in the
//! first is looked up again.

use serde_json::json;
use zoho_mcp::config::Settings;

use crate::bed::Wire;
use crate::connections_rooms::fake::{House, json as scripted};

pub(super) const TWO: &str = r#"{"data":[{"id":"4001","companyName":"Aurora","portalName":"aurora"},{"id":"4002","companyName":"Borealis","portalName":"boreal"}]}"#;

fn departments(id: &str) -> String {
    json!({ "data": [{ "id": id, "name": "Support" }] }).to_string()
}

/// A server on the house's database and its fake Zoho, whose days are those of UTC.
pub(super) async fn client(house: &House) -> Wire {
    serving(house, Some("UTC")).await
}

/// The same, where the operator named another zone or none.
pub(super) async fn serving(house: &House, zone: Option<&str>) -> Wire {
    house
        .serve(Settings {
            timezone: zone.map(str::to_owned),
            toolsets: Some(vec!["records".to_owned()]),
            ..house.settings()
        })
        .await
}

#[tokio::test]
async fn ids_of_the_organization_before_are_not_sent_to_the_next() {
    let house = House::new().await;
    house.connect(3_000_000_000).await;
    house.fake.organizations(TWO);
    let mut wire = client(&house).await;
    let by_name = json!({ "module": "Cases", "limit": 1, "filters": { "department": "Support" } });
    let path = "/api/v1/departments";
    house.fake.script(
        path,
        [
            scripted(200, &departments("11")),
            scripted(200, &departments("22")),
        ],
    );
    let answer = wire.call("get_records", by_name.clone()).await;
    assert!(answer["repairs"].to_string().contains("11"), "{answer}");
    house.fake.wrong_org("4001");
    let before = house.fake.seen().len();
    let answer = wire.call("get_records", by_name).await;
    assert!(answer["data"].is_array(), "{answer}");
    assert!(answer["repairs"].to_string().contains("22"), "{answer}");
    assert_eq!(answer["organization"]["id"], "4002", "{answer}");
    let seen = house.fake.seen().split_off(before);
    let strays = seen
        .iter()
        .filter(|call| call.org.as_deref() == Some("4002") && call.query.contains("departmentId=11"));
    assert_eq!(strays.count(), 0, "{seen:?}");
}

#[tokio::test]
async fn a_cursor_of_the_organization_before_is_refused() {
    let house = House::new().await;
    house.connect(3_000_000_000).await;
    house.fake.organizations(TWO);
    let mut wire = client(&house).await;
    let rows = json!({ "data": [{ "id": "1" }, { "id": "2" }] }).to_string();
    house.fake.script("/api/v1/tickets", [scripted(200, &rows)]);
    let mut page = json!({ "module": "Cases", "limit": 1 });
    let answer = wire.call("get_records", page.clone()).await;
    page["cursor"] = answer["next_cursor"].clone();
    assert!(page["cursor"].is_string(), "{answer}");
    house.fake.wrong_org("4001");
    let answer = wire.call("get_records", page).await;
    assert_eq!(answer["code"], "invalid_arguments", "{answer}");
    assert_eq!(answer["problems"][0]["path"], "/cursor", "{answer}");
}
