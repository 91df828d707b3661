//! A condition finds the same records whichever call of Zoho's answers it: a search, a list, or the list of a view that has
//! them all. What it has to find the rows say that all of them were read for; nothing of the server's is asked for it.

mod own_fields;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::bed::{Bed, Wire, ids};
use crate::exports;

/// A module, its product, its view of all records, and fields that conditions are on, each compared as a whole.
const MODULES: [(&str, &str, &str, &[&str]); 8] = [
    (
        "Cases",
        "desk",
        "All Cases",
        &[
            "email",
            "category",
            "classification",
            "language",
            "cf_severity",
            "cf_order_number",
            "cf_purchase_date",
            "accountId",
            "threadCount",
        ],
    ),
    (
        "Contacts",
        "desk",
        "All Contacts",
        &["email", "title", "country", "mobile", "accountId"],
    ),
    (
        "Accounts",
        "desk",
        "All Accounts",
        &["industry", "country", "ownerId", "website"],
    ),
    ("Tasks", "desk", "All Tasks", &["category", "ownerId", "ticketId"]),
    (
        "Contracts",
        "desk",
        "All Contracts",
        &["contractStatus", "slaName", "accountId"],
    ),
    (
        "Leads",
        "crm",
        "All Leads",
        &["Tag", "Email", "Company", "Demo_Date", "Annual_Revenue"],
    ),
    (
        "Deals",
        "crm",
        "All Deals",
        &[
            "Tag",
            "Type",
            "Amount",
            "Contract_Length",
            "Closing_Date",
            "Account_Name",
        ],
    ),
    (
        "Products",
        "crm",
        "All Products",
        &["Sales_Start_Date", "Unit_Price"],
    ),
];
/// Conditions that are tried at least.
const LEAST: usize = 100;

async fn all_rows(wire: &mut Wire, about: &Value) -> Vec<Value> {
    let (mut call, mut rows) = (about.clone(), Vec::new());
    call["limit"] = json!(99);
    loop {
        let page = wire.call("get_records", call.clone()).await;
        let got = page["data"].as_array();
        rows.extend(got.unwrap_or_else(|| panic!("{call}: {page:#}")).iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => call["cursor"] = json!(next),
            None => return rows,
        }
    }
}

/// What a row has there, as a condition names it: of another record its id, of several the first.
fn value_of<'r>(row: &'r Value, field: &str) -> Option<&'r Value> {
    let value = match &row[field] {
        Value::Array(items) => items.first()?,
        one => one,
    };
    let value = match (field, value) {
        ("Tag", Value::Object(tag)) => tag.get("name")?,
        (_, Value::Object(other)) => other.get("id")?,
        _ => value,
    };
    (!value.is_null() && value != "").then_some(value)
}

fn call_of(about: &Value, more: &Value) -> Value {
    let mut call = about.as_object().unwrap().clone();
    call.extend(more.as_object().unwrap().clone());
    call.shift_remove("fields");
    Value::Object(call)
}

#[tokio::test]
async fn a_condition_finds_the_same_records_by_every_route() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let (mut tried, mut wrong) = (0, Vec::new());
    for (module, product, view, fields) in MODULES {
        let about = json!({ "module": module, "app_type": product, "fields": fields });
        let rows = all_rows(&mut wire, &about).await;
        for field in fields {
            let has = |row: &&Value| value_of(row, field).is_some();
            let Some(value) = rows.iter().find_map(|row| value_of(row, field)) else {
                panic!("no row of {module} has {field}");
            };
            let same = |row: &&Value| value_of(row, field) == Some(value);
            let (with, so) = (rows.iter().filter(has).count(), rows.iter().filter(same).count());
            let mut conditions = vec![(value.clone(), so), (json!({ "not": value }), rows.len() - so)];
            if with < rows.len() {
                conditions.push((Value::Null, rows.len() - with));
                conditions.push((json!({ "not": null }), with));
            }
            for (condition, number) in conditions {
                let filters = json!({ *field: condition });
                for beside in [json!({}), json!({ "view": view })] {
                    let mut more = beside.clone();
                    more["filters"] = filters.clone();
                    let answer = wire.call("count_records", call_of(&about, &more)).await;
                    tried += 1;
                    if answer["count"] != number || answer["at_least"] == true {
                        wrong.push(format!("{module} {more}: {number}, not {answer}"));
                    }
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {tried}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(tried >= LEAST, "{tried} tried");
}

/// What a search of Desk alone takes is searched for beside a view, and what its words mean is the same.
#[tokio::test]
async fn what_only_a_search_takes_is_found_in_a_view() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(exports::tools(&bed).await).await;
    for filters in [
        json!({ "tag": "refund" }),
        json!({ "accountName": "Brindlemoor Freight Ltd" }),
        json!({ "productName": "Harbor Sync", "status": "Open" }),
        json!({ "description": "invoice" }),
        json!({ "hasAttachments": true, "category": { "not": "Billing" } }),
        json!({ "subject": "Request*" }),
    ] {
        let mut numbers = Vec::new();
        for beside in [json!({}), json!({ "view": "All Cases" })] {
            let mut call = json!({ "module": "Cases", "filters": filters });
            call.as_object_mut()
                .unwrap()
                .extend(beside.as_object().unwrap().clone());
            let answer = wire.call("count_records", call.clone()).await;
            numbers.push(
                answer["count"]
                    .as_u64()
                    .unwrap_or_else(|| panic!("{call}: {answer:#}")),
            );
            if beside["view"].is_string() {
                let file = wire.call("export_records", call).await;
                numbers.push(
                    file["data"]["records"]
                        .as_u64()
                        .unwrap_or_else(|| panic!("{file:#}")),
                );
            }
        }
        assert!(
            numbers[0] > 0 && numbers.iter().all(|one| *one == numbers[0]),
            "{filters}: {numbers:?}"
        );
    }
}

/// No call of the archive takes an address, and none of a view.
#[tokio::test]
async fn a_file_has_the_records_of_the_address_alone() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(exports::tools(&bed).await).await;
    let cases = json!({ "module": "Cases", "fields": ["email"], "limit": 1, "filters": { "email": { "not": null } } });
    let cases = wire.call("get_records", cases).await;
    let address = cases["data"][0]["email"].as_str().unwrap();
    for beside in [json!({}), json!({ "view": "All Cases" })] {
        let mut call = json!({ "module": "Cases", "fields": ["email"], "filters": { "email": address } });
        call.as_object_mut()
            .unwrap()
            .extend(beside.as_object().unwrap().clone());
        let file = wire.call("export_records", call).await;
        let rows = std::fs::read_to_string(file["data"]["path"].as_str().unwrap()).unwrap();
        let rows: Vec<Value> = rows
            .lines()
            .map(|row| serde_json::from_str(row).unwrap())
            .collect();
        assert!(!rows.is_empty(), "{beside}: {file:#}");
        assert!(
            rows.iter().all(|row| row["email"] == address),
            "{beside}: {rows:?}"
        );
    }
}

/// Desk OAS: `status` of agents, `accountId` of contracts, `ownerId` of products, `authorId` and `categoryId` of articles are
/// one value; many others are several, separated by commas.
#[tokio::test]
async fn several_values_are_all_found_where_zoho_takes_one() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (module, field, names) in [
        ("Agents", "status", ""),
        ("Contracts", "accountId", ""),
        ("Products", "ownerId", "fields"),
        ("Articles", "authorId", ""),
        ("Articles", "categoryId", ""),
    ] {
        let mut about = json!({ "module": module, "app_type": "desk" });
        if names == "fields" {
            about["fields"] = json!([field]);
        }
        let rows = all_rows(&mut wire, &about).await;
        let values: BTreeSet<String> = rows
            .iter()
            .filter_map(|row| Some(row[field].as_str()?.to_owned()))
            .take(2)
            .collect();
        let wanted: BTreeSet<String> = rows
            .iter()
            .filter(|row| row[field].as_str().is_some_and(|value| values.contains(value)))
            .map(|row| row["id"].as_str().unwrap().to_owned())
            .collect();
        let mut both: Vec<&str> = values.iter().map(String::as_str).collect();
        both.push(if field == "status" {
            "IMPORTED"
        } else {
            "489731000000000001"
        });
        let filters = json!({ "filters": { field: both }, "limit": 99 });
        for tool in ["get_records", "search_records"] {
            let answer = wire.call(tool, call_of(&about, &filters)).await;
            let found: BTreeSet<String> = ids(&answer).into_iter().collect();
            assert_eq!(found, wanted, "{tool} {module} {filters}: {answer:#}");
        }
        assert!(!wanted.is_empty(), "{module} {field}");
    }
}

/// The default fields of a module are those that its rows have: no answer says that a person may not see one of them.
#[tokio::test]
async fn no_list_tells_of_fields_that_are_hidden_where_none_is() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let modules = wire.call("get_modules", json!({})).await;
    let mut tried = 0;
    for module in modules["data"].as_array().unwrap() {
        let call = json!({ "module": module["module"], "limit": 3 });
        let answer = wire.call("get_records", call).await;
        tried += usize::from(answer["count"].as_u64() > Some(0));
        let notes = answer["notes"].to_string();
        assert!(!notes.contains("Zoho shows this user no"), "{answer:#}");
    }
    assert!(tried >= 10, "{tried}");
}

/// Desk OAS: `contractName` of listing contracts finds names that start so.
#[tokio::test]
async fn a_name_that_is_compared_by_its_beginning_is_told_so() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (name, least) in [("Gold", 1), ("care", 0)] {
        let call = json!({ "module": "Contracts", "filters": { "contractName": name } });
        let answer = wire.call("count_records", call).await;
        assert!(answer["count"].as_u64() >= Some(least), "{answer:#}");
        let told = "contractName is compared by how it begins";
        assert!(answer["notes"].to_string().contains(told), "{answer:#}");
    }
}

/// `emailId` of an agent is an address.
#[tokio::test]
async fn agents_are_found_by_their_address() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let all = wire.call("get_records", json!({ "module": "Agents" })).await;
    let address = all["data"][0]["emailId"].as_str().unwrap();
    for name in ["emailId", "email"] {
        let call = json!({ "module": "Agents", "filters": { name: address } });
        let answer = wire.call("get_records", call).await;
        assert_eq!(
            ids(&answer),
            [all["data"][0]["id"].as_str().unwrap()],
            "{answer:#}"
        );
    }
}

/// Real rows of CRM have their layout (record entity: `Layout{name,id}`), and neither its settings nor its search know it.
#[tokio::test]
async fn the_layout_of_records_is_looked_for_in_rows() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let about = json!({ "module": "Deals", "app_type": "crm", "fields": ["Layout"] });
    let rows = all_rows(&mut wire, &about).await;
    let layout: &Map<String, Value> = rows.iter().find_map(|row| row["Layout"].as_object()).unwrap();
    let with = rows
        .iter()
        .filter(|row| row["Layout"]["id"] == layout["id"])
        .count();
    for (condition, number) in [
        (layout["name"].clone(), with),
        (layout["id"].clone(), with),
        (json!({ "not": layout["name"] }), rows.len() - with),
        (json!({ "not": null }), rows.len()),
    ] {
        let more = json!({ "filters": { "Layout": condition } });
        let answer = wire.call("count_records", call_of(&about, &more)).await;
        assert_eq!(answer["count"], number, "{more}: {answer:#}");
    }
}

/// Nothing says that criteria of CRM know signs for any letters; the rows are looked at.
#[tokio::test]
async fn a_star_stands_for_any_letters_in_every_route_of_crm() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (field, text) in [
        ("Company", "*alinas*"),
        ("Email", "*.example"),
        ("Phone", "*555*"),
        ("Description", "*call*"),
    ] {
        let mut numbers = Vec::new();
        for beside in [json!({}), json!({ "view": "All Leads" })] {
            for condition in [json!(text), json!([text, "nobody*"])] {
                let mut call =
                    json!({ "module": "Leads", "app_type": "crm", "filters": { field: condition } });
                call.as_object_mut()
                    .unwrap()
                    .extend(beside.as_object().unwrap().clone());
                let answer = wire.call("count_records", call.clone()).await;
                numbers.push(
                    answer["count"]
                        .as_u64()
                        .unwrap_or_else(|| panic!("{call}: {answer:#}")),
                );
            }
        }
        assert!(
            numbers[0] > 0 && numbers.iter().all(|one| *one == numbers[0]),
            "{field}: {numbers:?}"
        );
    }
}

/// Zoho CRM's own address of what was deleted is `Leads/deleted`; people call it many names.
#[tokio::test]
async fn whoever_asks_for_what_was_deleted_is_told_where_it_is() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for call in [
        json!({ "module": "Leads/deleted", "app_type": "crm" }),
        json!({ "module": "Leads", "app_type": "crm", "filters": { "deleted": true } }),
        json!({ "module": "Leads", "app_type": "crm", "filters": { "isTrashed": true } }),
        json!({ "module": "RecycleBin", "app_type": "crm" }),
    ] {
        let answer = wire.call("get_records", call.clone()).await;
        let next = answer["next"].as_str().unwrap();
        assert!(
            next.contains(r#"{"Record_Status__s":"Trash"}"#),
            "{call}: {answer:#}"
        );
    }
}
