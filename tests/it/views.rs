//! Views beside conditions and words: no call of Zoho takes a view of CRM with either, nor one of Desk with words. What is
//! found has to be what both alone have in common.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::bed::{Bed, Wire};
use crate::exports;

/// Modules of CRM, and conditions of each kind on their fields.
fn conditions() -> Vec<(&'static str, Value)> {
    let deals = [
        json!({ "Stage": "Closed Won" }),
        json!({ "Stage": ["Closed Won", "Qualification"] }),
        json!({ "Stage": { "not": "Closed Won" } }),
        json!({ "Amount": { "gt": 20_000 } }),
        json!({ "Amount": { "from": 1_000, "to": 30_000 }, "Stage": { "not": "Closed Lost" } }),
        json!({ "Closing_Date": { "from": "2026-10-01", "to": "2026-12-31" } }),
        json!({ "Created_Time": { "from": "2026-09-01" } }),
        json!({ "Owner": "me" }),
        json!({ "Deal_Name": { "starts_with": "A" } }),
        json!({ "Contact_Name": null }),
        json!({ "Account_Name": { "not": null } }),
    ];
    let leads = [
        json!({ "Lead_Source": "Web Research" }),
        json!({ "Lead_Status": ["Contacted", "Not Contacted"] }),
        json!({ "Email": null }),
        json!({ "Annual_Revenue": { "lt": 100_000 } }),
        json!({ "Email_Opt_Out": true }),
        json!({ "Owner": { "not": "me" } }),
    ];
    let of = |module, all: Vec<Value>| all.into_iter().map(move |one| (module, one));
    of("Deals", deals.into())
        .chain(of("Leads", leads.into()))
        .collect()
}

/// The ids of all that a query lists.
async fn ids(wire: &mut Wire, tool: &str, arguments: &Value) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut arguments = arguments.clone();
    arguments["limit"] = json!(99);
    arguments["fields"] = json!(["id"]);
    loop {
        let answer = wire.call(tool, arguments.clone()).await;
        let rows = answer["data"]
            .as_array()
            .unwrap_or_else(|| panic!("{arguments}: {answer:#}"));
        all.extend(rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()));
        match answer["next_cursor"].as_str() {
            Some(next) => arguments["cursor"] = json!(next),
            None => return all,
        }
    }
}

async fn views(wire: &mut Wire, module: &str, product: &str) -> Vec<Value> {
    let of = json!({ "module": module, "app_type": product });
    let views = wire.call("get_views", of).await;
    let views = views["data"].as_array().unwrap().clone();
    assert!(!views.is_empty(), "{module}");
    views
}

/// CRM OAS of 2026, getRecords: `cvid` without criteria; searchRecords: criteria without `cvid`.
#[tokio::test]
async fn a_view_of_crm_takes_conditions() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let mut found = 0;
    for (module, filters) in conditions() {
        let fitting = json!({ "module": module, "app_type": "crm", "filters": filters });
        let fitting = ids(&mut wire, "get_records", &fitting).await;
        for view in views(&mut wire, module, "crm").await {
            let listed = json!({ "module": module, "app_type": "crm", "view": view["id"] });
            let listed = ids(&mut wire, "get_records", &listed).await;
            let both = json!({ "module": module, "app_type": "crm", "view": view["id"], "filters": filters });
            let wanted: BTreeSet<String> = listed.intersection(&fitting).cloned().collect();
            for tool in ["get_records", "search_records"] {
                let got = ids(&mut wire, tool, &both).await;
                assert_eq!(got, wanted, "{tool} {both}");
            }
            let counted = wire.call("count_records", both.clone()).await;
            assert_eq!(counted["count"], wanted.len(), "{both}: {counted:#}");
            found += wanted.len();
        }
    }
    assert!(found > 100, "{found}");
}

#[tokio::test]
async fn a_view_takes_words() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let either = json!({ "any": ["invoice", "gateway"] });
    let words = [
        ("Cases", "desk", json!({ "query": "invoice" })),
        ("Cases", "desk", either),
        (
            "Cases",
            "desk",
            json!({ "query": "invoice", "filters": { "priority": "High" } }),
        ),
        ("Contacts", "crm", json!({ "query": "GmbH" })),
        ("Deals", "crm", json!({ "any": ["Renewal", "License"] })),
    ];
    let mut found = 0;
    for (module, product, asked) in words {
        let of = |more: &[(&str, &Value)]| {
            let mut arguments = json!({ "module": module, "app_type": product });
            arguments
                .as_object_mut()
                .unwrap()
                .extend(asked.as_object().unwrap().clone());
            let more = more
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).clone()));
            arguments.as_object_mut().unwrap().extend(more);
            arguments
        };
        let fitting = ids(&mut wire, "search_records", &of(&[])).await;
        for view in views(&mut wire, module, product).await {
            let listed = json!({ "module": module, "app_type": product, "view": view["id"] });
            let listed = ids(&mut wire, "get_records", &listed).await;
            let wanted: BTreeSet<String> = listed.intersection(&fitting).cloned().collect();
            let both = of(&[("view", &view["id"])]);
            let got = ids(&mut wire, "search_records", &both).await;
            assert_eq!(got, wanted, "{both}");
            let counted = wire.call("count_records", both.clone()).await;
            assert_eq!(counted["count"], wanted.len(), "{both}: {counted:#}");
            found += wanted.len();
        }
    }
    assert!(found > 20, "{found}");
}

/// CRM OAS, searchRecords: `word` and `criteria` are ways to search, one a call.
#[tokio::test]
async fn words_take_conditions_in_crm() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let words = json!({ "module": "Deals", "query": "Renewal" });
    let words = ids(&mut wire, "search_records", &words).await;
    let mut found = 0;
    for filters in [
        json!({ "Stage": "Closed Won" }),
        json!({ "Amount": { "gt": 10_000 } }),
    ] {
        let fitting = json!({ "module": "Deals", "filters": filters });
        let fitting = ids(&mut wire, "search_records", &fitting).await;
        let both = json!({ "module": "Deals", "query": "Renewal", "filters": filters });
        let wanted: BTreeSet<String> = words.intersection(&fitting).cloned().collect();
        assert_eq!(ids(&mut wire, "search_records", &both).await, wanted, "{both}");
        let counted = wire.call("count_records", both.clone()).await;
        assert_eq!(counted["count"], wanted.len(), "{counted:#}");
        found += wanted.len();
    }
    assert!(found > 0);
}

/// What the field cannot have is refused beside a view as without one, before anything is asked.
#[tokio::test]
async fn a_condition_that_means_nothing_is_refused_beside_a_view() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for filters in [
        json!({ "Amount": "plenty" }),
        json!({ "Closing_Date": "soonish" }),
        json!({ "Stage": "Wonderful" }),
        json!({ "No_Such_Field": "x" }),
        json!({ "Owner": "Nobody Inparticular" }),
    ] {
        let call = json!({ "module": "Deals", "view": "All Deals", "filters": filters });
        for tool in ["get_records", "count_records"] {
            let refused = wire.call(tool, call.clone()).await;
            assert_eq!(refused["code"], "invalid_arguments", "{tool} {call}: {refused:#}");
        }
    }
}

/// CRM OAS, getRecords with `cvid`: no order beside a view (AMBIGUITY_DURING_PROCESSING).
#[tokio::test]
async fn a_view_of_crm_has_its_own_order_and_number() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for view in views(&mut wire, "Deals", "crm").await {
        let arguments = json!({ "module": "Deals", "view": view["id"] });
        let counted = wire.call("count_records", arguments.clone()).await;
        let rows = ids(&mut wire, "get_records", &arguments).await.len();
        assert_eq!(counted["count"], rows, "{arguments}: {counted:#}");
    }
    let sorted = json!({ "module": "Deals", "view": "All Deals", "sort_by": "Created_Time" });
    let sorted = wire.call("get_records", sorted).await;
    assert_eq!(sorted["code"], "invalid_arguments", "{sorted:#}");
}

/// What a view lists is what its export has.
#[tokio::test]
async fn a_view_can_be_exported() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(exports::tools(&bed).await).await;
    let mut modules: Map<String, Value> = Map::new();
    for (module, product, filters) in [
        ("Cases", "desk", json!({})),
        ("Cases", "desk", json!({ "priority": "High" })),
        ("Contacts", "desk", json!({})),
        ("Deals", "crm", json!({})),
        ("Deals", "crm", json!({ "Amount": { "gt": 20_000 } })),
    ] {
        for view in views(&mut wire, module, product).await {
            let mut call = json!({ "module": module, "app_type": product, "view": view["id"] });
            if filters != json!({}) {
                call["filters"] = filters.clone();
            }
            let listed = ids(&mut wire, "get_records", &call).await;
            call["fields"] = json!(["id"]);
            let answer = wire.call("export_records", call.clone()).await;
            assert_eq!(answer["data"]["records"], listed.len(), "{call}: {answer:#}");
            assert_eq!(answer["complete"], true, "{call}: {answer:#}");
            let path = answer["data"]["path"].as_str().unwrap();
            let rows = std::fs::read_to_string(path).unwrap();
            let rows = rows
                .lines()
                .map(|line| serde_json::from_str::<Value>(line).unwrap());
            let got: BTreeSet<String> = rows.map(|row| row["id"].as_str().unwrap().to_owned()).collect();
            assert_eq!(got, listed, "{call}");
            modules.insert(module.to_owned(), json!(true));
        }
    }
    assert_eq!(modules.len(), 3);
}
