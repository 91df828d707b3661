//! Conditions on custom fields of Desk, which no parameter checks: a value of another kind than its field is refused or told
//! on every route, and never an answer of none or all.

use serde_json::{Value, json};

use crate::bed::{Bed, Wire};

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

/// Zoho compares a number field with whatever text it is given and finds nothing: a word is refused on every route, and
/// Zoho's own refusal in CRM is told by the argument.
#[tokio::test]
async fn a_field_of_numbers_is_compared_with_numbers_alone() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(crate::exports::tools(&bed).await).await;
    let tools = ["count_records", "get_records", "search_records", "export_records"];
    for value in [
        json!("three"),
        json!(["many", 3]),
        json!(["many", null]),
        json!({ "not": "many" }),
        json!({ "not": { "gt": "many" } }),
        json!({ "starts_with": "m" }),
    ] {
        for tool in tools {
            let call = json!({ "module": "cm_service_vehicles", "filters": { "cf_seats": value } });
            let told = wire.call(tool, call).await;
            assert_eq!(told["code"], "invalid_arguments", "{tool} {value}: {told:#}");
            assert!(
                told["error"].as_str().unwrap().contains("expected a number"),
                "{told:#}"
            );
        }
    }
    for tool in tools {
        let call = json!({ "module": "Deals", "filters": { "Amount": "three" } });
        let told = wire.call(tool, call).await;
        let problem = &told["problems"][0];
        assert_eq!(problem["path"], "/filters/Amount", "{tool}: {told:#}");
        assert_eq!(problem["expected"], "a number", "{tool}: {told:#}");
    }
    let call = json!({ "module": "cm_service_vehicles", "filters": { "cf_seats": [3, "4"] } });
    let found = wire.call("count_records", call).await;
    assert!(found["count"].as_u64() > Some(0), "{found:#}");
}

/// What Zoho says of a field decides whether it holds days: `cf_next_inspection` says it by no word of its name.
#[tokio::test]
async fn a_day_is_called_by_a_word_where_the_field_holds_days() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let count = async |wire: &mut Wire, value: Value| {
        let call = json!({ "module": "cm_service_vehicles", "filters": { "cf_next_inspection": value } });
        wire.call("count_records", call).await
    };
    let span = json!({ "from": "2026-01-01", "to": "2026-12-31" });
    let by_days = count(&mut wire, span).await;
    assert!(by_days["count"].as_u64() > Some(0), "{by_days:#}");
    let by_word = count(&mut wire, json!("this year")).await;
    assert_eq!(by_word["count"], by_days["count"], "{by_word:#}");
    assert_eq!(by_word["repairs"][0]["rule"], "day", "{by_word:#}");
    let call = json!({ "module": "cm_service_vehicles", "filters": { "cf_plate": "today" } });
    let text = wire.call("count_records", call).await;
    assert!(text["repairs"].is_null(), "{text:#}");
}

/// Zoho compares a flag with `true` and `false` alone; what people say has one reading.
#[tokio::test]
async fn yes_and_no_are_what_a_flag_is() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (said, meant) in [("yes", true), ("No", false)] {
        let of = |value: Value| json!({ "module": "Leads", "filters": { "Email_Opt_Out": value } });
        let right = wire.call("count_records", of(json!(meant))).await;
        assert!(right["count"].as_u64() > Some(0), "{right:#}");
        for tool in ["count_records", "get_records", "search_records"] {
            let answer = wire.call(tool, of(json!(said))).await;
            let told = answer["repairs"].to_string();
            assert!(
                told.contains("/filters/Email_Opt_Out") && told.contains(said),
                "{answer:#}"
            );
            assert!(
                tool != "count_records" || answer["count"] == right["count"],
                "{answer:#}"
            );
        }
    }
    let maybe = json!({ "module": "Leads", "filters": { "Email_Opt_Out": "maybe" } });
    let maybe = wire.call("count_records", maybe).await;
    assert_eq!(maybe["code"], "invalid_arguments", "{maybe:#}");
}

/// Desk OAS: `/products`, `/articles`, `/agents` and `/departments` take no condition on these, and their rows have them.
#[tokio::test]
async fn what_rows_of_a_list_have_is_a_condition() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (module, filters, field) in [
        ("Products", json!({ "unitPrice": { "gt": 100 } }), "unitPrice"),
        (
            "Products",
            json!({ "unitPrice": { "from": 10, "to": 700 } }),
            "unitPrice",
        ),
        ("Articles", json!({ "viewCount": { "gt": 10 } }), "viewCount"),
        (
            "Departments",
            json!({ "createdTime": { "from": "2020-01-01" } }),
            "createdTime",
        ),
        ("Teams", json!({ "name": { "starts_with": "S" } }), "name"),
    ] {
        let all = json!({ "module": module, "app_type": "desk", "limit": 99, "fields": ["id", field] });
        let all = wire.call("get_records", all).await;
        let all = all["data"].as_array().unwrap_or_else(|| panic!("{all:#}"));
        let (_, wanted) = filters.as_object().unwrap().iter().next().unwrap();
        let fits = |row: &&Value| {
            let text = row[field]
                .as_str()
                .map_or_else(|| row[field].to_string(), str::to_owned);
            let number: f64 = text.parse().unwrap_or_default();
            match field {
                "name" => text.starts_with('S'),
                "createdTime" => text.as_str() > "2020-01-01",
                _ => {
                    let above = wanted["gt"].as_f64().is_none_or(|least| number > least);
                    let from = wanted["from"].as_f64().is_none_or(|least| number >= least);
                    above && from && wanted["to"].as_f64().is_none_or(|most| number <= most)
                }
            }
        };
        let number = all.iter().filter(fits).count();
        assert!(number > 0, "{module} {filters}: {all:#?}");
        let call = json!({ "module": module, "app_type": "desk", "filters": filters, "limit": 99 });
        let listed = wire.call("get_records", call.clone()).await;
        assert_eq!(listed["count"], number, "{call}: {listed:#}");
        let mut call = call;
        call.as_object_mut().unwrap().remove("limit");
        let counted = wire.call("count_records", call.clone()).await;
        assert_eq!(counted["count"], number, "{call}: {counted:#}");
    }
}

/// Desk OAS: `dueDate` of `/tasks` and `startTime` of `/calls` and `/events` take Overdue, Today, Tomorrow, CurrentWeek and
/// CurrentMonth, and no day.
#[tokio::test]
async fn a_day_is_a_condition_on_what_is_due() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (module, field) in [
        ("Tasks", "dueDate"),
        ("Calls", "startTime"),
        ("Events", "startTime"),
    ] {
        let all = json!({ "module": module, "app_type": "desk", "limit": 99, "fields": ["id", field] });
        let all = wire.call("get_records", all).await;
        let days = all["data"].as_array().unwrap().iter();
        let days: Vec<String> = days
            .filter_map(|row| Some(row[field].as_str()?[..10].to_owned()))
            .collect();
        let day = days.first().unwrap();
        let number = days.iter().filter(|one| *one == day).count();
        let call = json!({ "module": module, "app_type": "desk", "filters": { field: day } });
        for tool in ["get_records", "search_records", "count_records"] {
            let answer = wire.call(tool, call.clone()).await;
            assert_eq!(answer["count"], number, "{tool} {call}: {answer:#}");
        }
        for words in ["tomorrow", "today", "this month"] {
            let call = json!({ "module": module, "app_type": "desk", "filters": { field: words } });
            let answer = wire.call("count_records", call.clone()).await;
            assert!(answer["count"].is_u64(), "{call}: {answer:#}");
        }
    }
}
