//! Names that Zoho compares as a whole, texts that it does not: neither happens in silence.

use serde_json::{Value, json};

use crate::bed::Bed;
use crate::desk_client::Desk;

/// Desk OAS, searchTickets: `accountName` is the name, `x*` and `*x*` a part of one (measured: exact without).
#[tokio::test]
async fn nothing_found_by_a_part_of_a_name_says_how_it_is_compared() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (module, field) in [
        ("Cases", "accountName"),
        ("Contacts", "accountName"),
        ("Accounts", "accountName"),
    ] {
        let asked = json!({ "module": module, "filters": { field: "Harbourlight" }, "app_type": "desk" });
        for tool in ["count_records", "get_records", "search_records"] {
            let answer = wire.call(tool, asked.clone()).await;
            assert_eq!(answer["count"], 0, "{answer:#}");
            let notes = answer["notes"].to_string();
            assert!(
                notes.contains("compared as a whole") && notes.contains("starts_with"),
                "{tool} {module}: {answer:#}"
            );
        }
        let begun = json!({ "module": module, "app_type": "desk", "filters": { field: { "starts_with": "Harbourlight" } } });
        let begun = wire.call("count_records", begun).await;
        assert!(begun["count"].as_u64().unwrap() > 0, "{begun:#}");
    }
    let refused = json!({ "module": "Cases", "filters": { "account": "Harbourlight" } });
    let refused = wire.call("count_records", refused).await;
    assert!(
        refused.to_string().contains("Harbourlight Dental Group"),
        "{refused:#}"
    );
}

/// Contacts search measured (zoho-desk.md, section 11): subject, firstName and fullName are found by what they hold, and
/// `*` stands for any letters (OAS).
#[tokio::test]
async fn what_is_found_by_a_part_is_told() {
    let bed = Bed::connected().await;
    let desk = Desk::of(&bed).await;
    desk.create("Parcel is late again", "Words").await;
    desk.post("/accounts", json!({ "accountName": "Star West Tech" }))
        .await;
    let mut wire = bed.client().await;
    let told = |answer: &Value, words: &str| answer["notes"].to_string().contains(words);
    for tool in ["count_records", "get_records"] {
        let parts = json!({ "module": "Cases", "filters": { "subject": "Parcel is late" } });
        let parts = wire.call(tool, parts).await;
        assert_eq!(parts["count"], 1, "{parts:#}");
        assert!(
            told(&parts, "subject is compared by what it holds"),
            "{tool}: {parts:#}"
        );
        let wild =
            json!({ "module": "Accounts", "app_type": "desk", "filters": { "accountName": "Star*Tech" } });
        let wild = wire.call(tool, wild).await;
        assert!(told(&wild, "`*`"), "{tool}: {wild:#}");
    }
}
