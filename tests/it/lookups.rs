//! Conditions on what refers to records of another CRM module: a name will do as well as an id, by every route.

use serde_json::{Value, json};

use crate::bed::{Bed, Wire};
use crate::exports;

fn ids(answer: &Value) -> Vec<&str> {
    let rows = answer["data"].as_array().unwrap_or_else(|| panic!("{answer:#}"));
    rows.iter().map(|row| row["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_name_stands_for_the_id_of_a_record_in_every_tool() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(exports::tools(&bed).await).await;
    let asked = |module: &str, field: &str, value: &Value| json!({ "module": module, "app_type": "crm", "filters": { field: value }, "limit": 100 });
    for (module, field) in [
        ("Contacts", "Account_Name"),
        ("Deals", "Account_Name"),
        ("Deals", "Contact_Name"),
        ("Purchase_Orders", "Vendor_Name"),
    ] {
        let fields = json!({ "module": module, "app_type": "crm", "fields": ["id", field], "limit": 50 });
        let rows = wire.call("get_records", fields).await;
        let one = rows["data"]
            .as_array()
            .unwrap()
            .iter()
            .find_map(|row| row[field].is_object().then(|| row[field].clone()))
            .unwrap();
        let by_id = wire.call("get_records", asked(module, field, &one["id"])).await;
        assert!(!ids(&by_id).is_empty(), "{by_id:#}");
        let name = one["name"].as_str().unwrap();
        for tool in ["get_records", "search_records"] {
            for value in [json!(name), json!(name.to_uppercase()), json!([name])] {
                let by_name = wire.call(tool, asked(module, field, &value)).await;
                assert_eq!(ids(&by_name), ids(&by_id), "{tool} {module} {field} {value}");
                assert!(
                    by_name["repairs"]
                        .to_string()
                        .contains(one["id"].as_str().unwrap()),
                    "{by_name:#}"
                );
            }
        }
        let mut counted = asked(module, field, &json!(name));
        counted.as_object_mut().unwrap().shift_remove("limit");
        let count = wire.call("count_records", counted.clone()).await;
        assert_eq!(count["count"], ids(&by_id).len(), "{count:#}");
        let export = wire.call("export_records", counted).await;
        assert_eq!(export["data"]["records"], ids(&by_id).len(), "{export:#}");
    }
}

#[tokio::test]
async fn a_name_that_nobody_has_is_refused_with_those_near_it() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let arguments =
        json!({ "module": "Contacts", "app_type": "crm", "filters": { "Account_Name": "Baobab" } });
    let answer = wire.call("count_records", arguments).await;
    assert_eq!(answer["code"], "invalid_arguments", "{answer:#}");
    assert!(
        answer["problems"].to_string().contains("Baobab Ledger Systems"),
        "{answer:#}"
    );
}

#[tokio::test]
async fn a_field_that_only_the_settings_describe_takes_a_name() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let campaigns = json!({ "module": "Campaigns", "app_type": "crm", "limit": 1 });
    let campaigns = wire.call("get_records", campaigns).await;
    let (id, name) = (
        &campaigns["data"][0]["id"],
        &campaigns["data"][0]["Campaign_Name"],
    );
    bed.forget().await;
    let arguments =
        json!({ "module": "Campaigns", "app_type": "crm", "filters": { "Parent_Campaign": name } });
    let answer = wire.call("get_records", arguments).await;
    assert!(answer["data"].is_array(), "{answer:#}");
    let asked = format!("Parent_Campaign%3Aequals%3A{}", id.as_str().unwrap());
    let seen = bed.seen().await;
    assert!(seen.iter().any(|line| line.contains(&asked)), "{seen:#?}");
}
