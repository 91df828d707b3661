//! Conditions on custom fields of Desk, which no parameter checks: a value of another kind than its field is refused or told
//! on every route, and never an answer of none or all.

use serde_json::{Value, json};

use crate::bed::Bed;

#[tokio::test]
async fn a_value_of_another_kind_than_its_field_finds_neither_none_nor_all() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let wrong = [
        json!({"cf_callback_wanted": "yes"}),
        json!({"cf_callback_wanted": 1}),
        json!({"cf_callback_wanted": {"not": "yes"}}),
        json!({"cf_purchase_date": "27.05.2026"}),
        json!({"cf_purchase_date": ["2026-05-27", "27.05.2026"]}),
        json!({"cf_purchase_date": {"not": "2026-05-27T00:00:00Z"}}),
    ];
    for filters in &wrong {
        for tool in ["count_records", "get_records", "search_records"] {
            let answer = wire
                .call(tool, json!({"module": "Cases", "filters": filters}))
                .await;
            let name = filters.as_object().unwrap().keys().next().unwrap();
            let told = [&answer["problems"], &answer["notes"], &answer["repairs"]]
                .map(Value::to_string)
                .concat();
            assert!(
                told.contains(&format!("/filters/{name}")),
                "{tool} {filters}: {answer}"
            );
        }
    }
    let right = [
        (json!({"cf_callback_wanted": true}), 1),
        (json!({"cf_callback_wanted": "False"}), 1),
        (json!({"cf_callback_wanted": null}), 0),
        (json!({"cf_purchase_date": null}), 1),
        (
            json!({"cf_purchase_date": {"from": "2026-05-01", "to": "2026-11-20"}}),
            1,
        ),
    ];
    for (filters, least) in &right {
        let answer = wire
            .call("count_records", json!({"module": "Cases", "filters": filters}))
            .await;
        assert!(answer["count"].as_u64() >= Some(*least), "{filters}: {answer}");
    }
}
