//! What is remembered stays small however many lists a server reads.

use serde_json::{Value, json};

use super::moved::client;
use crate::connections_rooms::fake::{House, json as scripted};

/// A hundred modules that no file describes, and how many that is.
fn custom_modules(house: &House) -> usize {
    let own = |number| json!({ "api_name": format!("Custom{number}"), "api_supported": true, "generated_type": "custom" });
    let modules = json!({ "modules": (0..100).map(own).collect::<Vec<_>>() });
    let answers = vec![scripted(200, &modules.to_string()); 5];
    house.fake.script("/crm/v8/settings/modules", answers);
    let none = vec![scripted(200, r#"{"fields":[]}"#); 500];
    house.fake.script("/crm/v8/settings/fields", none);
    100
}

/// A call whose module's fields have to be looked up.
fn of(connection: &str, number: usize) -> Value {
    json!({
        "module": format!("Custom{number}"), "app_type": "crm", "connection": connection, "limit": 1,
        "fields": ["Own_Field"]
    })
}

#[tokio::test]
async fn of_many_lists_the_oldest_are_forgotten() {
    let house = House::new().await;
    house.connect(3_000_000_000).await;
    custom_modules(&house);
    let mut wire = client(&house).await;
    let fields = || house.fake.count("/crm/v8/settings/fields");
    for number in 0..100 {
        wire.call("get_records", of("default", number)).await;
    }
    assert_eq!(fields(), 100);
    wire.call("get_records", of("default", 99)).await;
    assert_eq!(fields(), 100, "the newest is remembered");
    wire.call("get_records", of("default", 0)).await;
    assert_eq!(fields(), 101, "the oldest is not");
}

#[tokio::test]
async fn who_reads_many_lists_pushes_out_nobody_elses() {
    let house = House::new().await;
    let modules = custom_modules(&house);
    for name in ["a", "b", "c", "d", "e"] {
        let consent = house.consent("ada", name, 3_000_000_000);
        house.connections.save(&consent).await.unwrap();
    }
    let mut wire = client(&house).await;
    let fields = || house.fake.count("/crm/v8/settings/fields");
    wire.call("get_records", of("a", 0)).await;
    for name in ["b", "c", "d", "e"] {
        for number in 0..modules {
            wire.call("get_records", of(name, number)).await;
        }
    }
    let all = 1 + 4 * modules;
    assert_eq!(fields(), all);
    wire.call("get_records", of("a", 0)).await;
    assert_eq!(
        fields(),
        all,
        "what one has read is pushed out by none of the others"
    );
}
