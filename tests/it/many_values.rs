//! More values than Zoho CRM takes in one call (Search Records API, v8: 100 of `in`): they are spread over several calls
//! where no record can be in two of them, and refused where one could be.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::bed::{Bed, Wire, ids};
use crate::exports;

/// The ids of the newest calls of CRM, the newest first.
async fn newest(wire: &mut Wire, wanted: usize) -> Vec<String> {
    let mut call = json!({ "module": "Calls", "app_type": "crm", "limit": 99, "fields": ["id"], "sort_by": "Created_Time" });
    let mut all = Vec::new();
    while all.len() < wanted {
        let page = wire.call("get_records", call.clone()).await;
        all.extend(ids(&page));
        call["cursor"] = page["next_cursor"].clone();
    }
    all.truncate(wanted);
    all
}

/// A call for these ids, in another order and one of them twice.
fn asked(all: &[String]) -> Value {
    let mut mixed: Vec<&String> = all.iter().rev().collect();
    mixed.extend(all.first());
    json!({ "module": "Calls", "app_type": "crm", "filters": { "id": mixed } })
}

#[tokio::test]
async fn they_are_counted_each_once() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let all = newest(&mut wire, 240).await;
    bed.forget().await;
    let counted = wire.call("count_records", asked(&all)).await;
    assert_eq!(counted["count"], all.len(), "{:?}", counted["error"]);
    assert!(
        counted["notes"].to_string().contains("3 calls were made"),
        "{counted:#}"
    );
    let seen = bed.seen().await;
    let counts = seen.iter().filter(|line| line.contains("/actions/count"));
    assert_eq!(counts.count(), 3, "{seen:#?}");
}

#[tokio::test]
async fn they_are_listed_in_the_order_of_the_whole() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let all = newest(&mut wire, 240).await;
    for tool in ["get_records", "search_records"] {
        let mut call = asked(&all);
        call["limit"] = json!(50);
        call["fields"] = json!(["id", "Created_Time"]);
        let mut rows: Vec<Value> = Vec::new();
        loop {
            let page = wire.call(tool, call.clone()).await;
            assert!(page["data"].is_array(), "{page:#}");
            rows.extend(page["data"].as_array().unwrap().clone());
            if page["has_more"] == false {
                break;
            }
            call["cursor"] = page["next_cursor"].clone();
        }
        let listed: HashSet<&str> = rows.iter().filter_map(|row| row["id"].as_str()).collect();
        assert_eq!((rows.len(), listed.len()), (all.len(), all.len()), "{tool}");
        let time = |row: &Value| {
            row["Created_Time"]
                .as_str()
                .unwrap()
                .parse::<jiff::Timestamp>()
                .unwrap()
        };
        assert!(
            rows.windows(2).all(|two| time(&two[0]) >= time(&two[1])),
            "{tool}"
        );
    }
    let mut sorted = asked(&all);
    sorted["sort_by"] = json!("Subject");
    let told = wire.call("get_records", sorted).await;
    assert_eq!(told["code"], "invalid_arguments", "{told:#}");
    assert!(told.to_string().contains("so many values"), "{told:#}");
}

#[tokio::test]
async fn they_are_exported_each_once() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(exports::tools(&bed).await).await;
    let all = newest(&mut wire, 240).await;
    let answer = wire.call("export_records", asked(&all)).await;
    assert_eq!(answer["complete"], true, "{answer:#}");
    let written = exports::ids(answer["data"]["path"].as_str().unwrap());
    let wanted: HashSet<&String> = all.iter().collect();
    assert_eq!(written.len(), all.len());
    assert_eq!(written.iter().collect::<HashSet<_>>(), wanted);
}

/// A text is found by a part of it: a record could be counted by several.
#[tokio::test]
async fn texts_are_refused_with_how_many_fit() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let names: Vec<String> = (0..150).map(|number| format!("{number}")).collect();
    let call = json!({ "module": "Contacts", "app_type": "crm", "filters": { "Last_Name": names } });
    let told = wire.call("count_records", call).await;
    assert_eq!(told["code"], "invalid_arguments", "{told:#}");
    assert!(
        told["next"].as_str().unwrap().contains("the first 100"),
        "{told:#}"
    );
}

/// What leaves out is no sum of calls, and a search takes few of it: a query takes more. How many values a list of arguments
/// has at most bounds the calls for one.
#[tokio::test]
async fn what_a_search_leaves_out_has_an_end() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let ids: Vec<String> = (0..501).map(|number| format!("55{number:016}")).collect();
    bed.forget().await;
    for (filters, told) in [
        (json!({ "id": ids }), "at most 500 items"),
        (
            json!({ "id": { "not": ids.get(..500) } }),
            "not in (...), at most 50",
        ),
        (
            json!({ "Subject": { "not": ids.get(..11) } }),
            "not in (...), at most 50",
        ),
    ] {
        let call = json!({ "module": "Calls", "app_type": "crm", "filters": filters });
        let refused = wire.call("count_records", call).await;
        assert_eq!(refused["code"], "invalid_arguments", "{refused:#}");
        assert!(refused.to_string().contains(told), "{refused:#}");
    }
    let seen = bed.seen().await;
    assert!(!seen.iter().any(|line| line.contains("/Calls")), "{seen:#?}");
}
