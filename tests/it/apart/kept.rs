//! What is remembered stays small however many lists a server reads.

use super::moved::client;
use crate::connections_rooms::fake::{House, json as scripted};
use serde_json::json;

#[tokio::test]
async fn of_many_lists_the_oldest_are_forgotten() {
    let house = House::new().await;
    house.connect(3_000_000_000).await;
    let own = |number| json!({ "api_name": format!("Custom{number}"), "api_supported": true, "generated_type": "custom" });
    let modules = json!({ "modules": (0..100).map(own).collect::<Vec<_>>() });
    house
        .fake
        .script("/crm/v8/settings/modules", [scripted(200, &modules.to_string())]);
    let mut wire = client(&house).await;
    let module = |number: usize| json!({ "module": format!("Custom{number}"), "app_type": "crm", "limit": 1, "fields": ["Own_Field"] });
    let fields = || house.fake.count("/crm/v8/settings/fields");
    for number in 0..100 {
        wire.call("get_records", module(number)).await;
    }
    assert_eq!(fields(), 100);
    wire.call("get_records", module(99)).await;
    assert_eq!(fields(), 100, "the newest is remembered");
    wire.call("get_records", module(0)).await;
    assert_eq!(fields(), 101, "the oldest is not");
}
