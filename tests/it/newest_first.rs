//! The order that is promised is asked for.

use serde_json::json;

use crate::bed::Bed;

/// Desk lists the oldest first without `-` (simstudioai/sim#6699); CRM's search has an order of its own.
#[tokio::test]
async fn newest_first_is_asked_for_in_every_module_that_has_a_time() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (module, field, filters) in [
        ("Cases", "createdTime", json!({})),
        ("Cases", "createdTime", json!({ "priority": "High" })),
        (
            "Cases",
            "createdTime",
            json!({ "createdTime": { "from": "2020-01-01" } }),
        ),
        ("Contacts", "createdTime", json!({})),
        ("Accounts", "createdTime", json!({})),
        ("Tasks", "createdTime", json!({})),
        ("Calls", "createdTime", json!({})),
        ("Events", "createdTime", json!({})),
        ("Articles", "createdTime", json!({})),
        ("Leads", "Created_Time", json!({})),
        ("Contacts", "Created_Time", json!({})),
        ("Accounts", "Created_Time", json!({})),
        ("Deals", "Created_Time", json!({})),
        ("Tasks", "Created_Time", json!({})),
        ("Events", "Created_Time", json!({})),
        ("Deals", "Created_Time", json!({ "Amount": { "gt": 1 } })),
        ("Contacts", "Created_Time", json!({ "Email": { "not": null } })),
    ] {
        let product = if field == "createdTime" { "desk" } else { "crm" };
        let arguments = json!({ "module": module, "app_type": product, "limit": 20, "filters": filters, "fields": [field] });
        let answer = wire.call("get_records", arguments).await;
        let rows = answer["data"]
            .as_array()
            .unwrap_or_else(|| panic!("{module}: {answer:#}"));
        let times: Vec<&str> = rows.iter().filter_map(|row| row[field].as_str()).collect();
        assert!(times.len() > 1, "{module}: {answer:#}");
        assert!(
            times.is_sorted_by(|newer, older| newer >= older),
            "{module}: {times:?}"
        );
    }
}

/// Every search of Desk takes `sortBy` with `createdTime` (OAS); that of CRM takes none.
#[tokio::test]
async fn a_search_for_words_asks_for_the_newest_first_where_it_can() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (module, words) in [("Cases", "printer"), ("Tasks", "follow")] {
        let mut asked = json!({ "module": module, "app_type": "desk", "query": words, "limit": 20, "fields": ["createdTime"] });
        let answer = wire.call("search_records", asked.clone()).await;
        let rows = answer["data"].as_array().unwrap();
        let times: Vec<&str> = rows
            .iter()
            .filter_map(|row| row["createdTime"].as_str())
            .collect();
        assert!(times.len() > 1, "{module}: {answer:#}");
        assert!(
            times.is_sorted_by(|newer, older| newer >= older),
            "{module}: {times:?}"
        );
        assert!(
            !answer["notes"].to_string().contains("In the order"),
            "{answer:#}"
        );
        asked["sort_by"] = json!("relevance");
        let answer = wire.call("search_records", asked).await;
        assert!(answer["count"].as_u64() > Some(1), "{answer:#}");
    }
    let asked = json!({ "module": "Contacts", "app_type": "crm", "query": "Tisza", "limit": 1 });
    let answer = wire.call("search_records", asked).await;
    assert_eq!(answer["has_more"], true, "{answer:#}");
    assert!(
        answer["notes"]
            .to_string()
            .contains("In the order of Zoho's search"),
        "{answer:#}"
    );
}
