//! What says nothing inside a condition or in place of a name: an end is open, a value is none of several, and that is told.

use serde_json::{Value, json};

use crate::bed::{Bed, Wire, ids};
use crate::crm_client::Crm;

const BEGUN: &str = "2026-11-10";

async fn counted(wire: &mut Wire, module: &str, filters: Value) -> Value {
    let call = json!({ "module": module, "filters": filters });
    let answer = wire.call("count_records", call).await;
    assert!(answer["count"].is_u64(), "{module} {filters}: {answer:#}");
    answer
}

/// Two ways to ask for the same; the first of them has a receipt.
async fn same(wire: &mut Wire, module: &str, name: &str, blank: Value, plain: Value) {
    let told = counted(wire, module, json!({ name: blank })).await;
    let wanted = counted(wire, module, json!({ name: plain })).await;
    assert_eq!(
        told["count"], wanted["count"],
        "{module} {name} {blank}: {told:#}"
    );
    let place = format!("/filters/{name}");
    assert!(told["repairs"].to_string().contains(&place), "{blank}: {told:#}");
    assert!(wanted["repairs"].is_null(), "{plain}: {wanted:#}");
}

#[tokio::test]
async fn an_end_that_says_nothing_is_open() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for nothing in [json!("null"), json!("N/A"), json!("none"), json!(null), json!("")] {
        for (module, name) in [
            ("Cases", "createdTime"),
            ("Deals", "Created_Time"),
            ("Cases", "dueDate"),
        ] {
            let (from, to) = (json!({ "from": BEGUN }), json!({ "to": BEGUN }));
            let blank = json!({ "from": BEGUN, "to": nothing });
            same(&mut wire, module, name, blank, from.clone()).await;
            let blank = json!({ "from": nothing, "to": BEGUN });
            same(&mut wire, module, name, blank, to.clone()).await;
            let blank = json!({ "between": [BEGUN, nothing] });
            same(&mut wire, module, name, blank, from.clone()).await;
            let is_null = nothing.as_str().is_none_or(|text| !text.is_empty());
            if name == "dueDate" && is_null {
                continue; // a case may have no due date: null beside a day is "or none"
            }
            same(&mut wire, module, name, json!([BEGUN, nothing]), from.clone()).await;
            same(&mut wire, module, name, json!([nothing, BEGUN]), to.clone()).await;
            let not = (json!({ "not": [BEGUN, nothing] }), json!({ "not": from }));
            same(&mut wire, module, name, not.0, not.1).await;
        }
        let blank = json!({ "gt": 3, "lt": nothing });
        same(&mut wire, "Cases", "threadCount", blank, json!({ "gt": 3 })).await;
    }
    let due = counted(&mut wire, "Cases", json!({ "dueDate": [BEGUN, null] })).await;
    let day = counted(&mut wire, "Cases", json!({ "dueDate": BEGUN })).await;
    let none = counted(&mut wire, "Cases", json!({ "dueDate": null })).await;
    let both = day["count"].as_u64().zip(none["count"].as_u64());
    assert_eq!(
        due["count"].as_u64(),
        both.map(|(day, none)| day + none),
        "{due:#}"
    );
}

#[tokio::test]
async fn a_blank_among_values_is_none_of_them() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (module, name, value) in [
        ("Cases", "status", "Open"),
        ("Cases", "priority", "High"),
        ("Cases", "cf_severity", "Major"),
        ("Deals", "Stage", "Closed Won"),
    ] {
        for blank in [
            json!([value, ""]),
            json!([" ", value]),
            json!({ "in": ["", value] }),
        ] {
            same(&mut wire, module, name, blank, json!([value])).await;
        }
        let blank = json!({ "not": [value, ""] });
        same(&mut wire, module, name, blank, json!({ "not": value })).await;
    }
    same(&mut wire, "Cases", "status", json!(["Open", null]), json!("Open")).await;
    same(&mut wire, "Cases", "priority", json!(["", null]), json!(null)).await;
    let either = counted(&mut wire, "Cases", json!({ "priority": ["High", null] })).await;
    assert!(either["repairs"].is_null(), "{either:#}");
}

/// What a search of CRM makes of a blank at the end of a text, its reference does not say: the rows do.
#[tokio::test]
async fn a_blank_at_the_end_of_a_beginning_is_one_of_its_letters() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let crm = Crm::of(&bed).await;
    let names = ["Annandale", "Ann Arbor Marine"].map(|name| json!({ "Account_Name": name }));
    crm.create("Accounts", names.into()).await;
    for (field, start) in [
        ("Account_Name", "Ann "),
        ("Phone", "+1 "),
        ("Account_Name", "Ann"),
    ] {
        let module = json!({ "name": "Accounts", "fields": [field] });
        let rows = crm.rows(&module).await;
        let begins = |row: &&Value| row[field].as_str().is_some_and(|text| text.starts_with(start));
        let met = rows.iter().filter(begins).count();
        let begins = json!({ "starts_with": start });
        for (condition, wanted) in [
            (begins.clone(), met),
            (json!({ "not": begins }), rows.len() - met),
        ] {
            let filters = json!({ field: condition });
            let call = json!({ "module": "Accounts", "app_type": "crm", "filters": filters });
            let told = wire.call("count_records", call).await;
            assert_eq!(told["count"], wanted, "{filters}: {told:#}");
        }
    }
}

/// Nothing is left: beside another it is none, by itself no question, whatever the field.
#[tokio::test]
async fn a_condition_of_blanks_is_none() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let open = counted(&mut wire, "Cases", json!({ "status": "Open" })).await;
    for (name, blank) in [
        ("priority", json!(["", " "])),
        ("cf_severity", json!([""])),
        ("assignee", json!({ "not": [""] })),
        ("assignee", json!("")),
        ("assignee", json!("\u{200b}")),
        ("email", json!("")),
        ("email", json!(" \u{feff}")),
        ("contactId", json!("")),
        ("category", json!("")),
        ("subject", json!({ "not": "" })),
        ("dueDate", json!({ "from": "null", "to": "" })),
        ("createdTime", json!({ "between": [null, "N/A"] })),
    ] {
        let told = counted(&mut wire, "Cases", json!({ name: blank, "status": "Open" })).await;
        assert_eq!(told["count"], open["count"], "{name} {blank}: {told:#}");
        let place = format!("\"/filters/{name}\"");
        assert!(told["repairs"].to_string().contains(&place), "{told:#}");
        for tool in ["count_records", "get_records", "search_records"] {
            let call = json!({ "module": "Cases", "filters": { name: blank } });
            let alone = wire.call(tool, call).await;
            assert_eq!(
                alone["code"], "invalid_arguments",
                "{tool} {name} {blank}: {alone:#}"
            );
        }
    }
    for blank in [json!([""]), json!([null]), json!(""), json!("\u{2060}")] {
        let call = json!({ "module": "Cases", "filters": { "status": blank } });
        let alone = wire.call("count_records", call).await;
        assert_eq!(alone["code"], "invalid_arguments", "{blank}: {alone:#}");
        assert!(alone["next"].to_string().contains("all records"), "{alone:#}");
    }
}

/// A word for null is null where no word can be a value, whatever the field.
#[tokio::test]
async fn a_word_for_null_is_null() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (module, name) in [
        ("Cases", "assignee"),
        ("Cases", "contactId"),
        ("Cases", "email"),
        ("Cases", "dueDate"),
        ("Cases", "product"),
    ] {
        let call = |value: Value| json!({ "module": module, "filters": { name: value } });
        let null = wire.call("count_records", call(json!(null))).await;
        for word in ["null", "N/A"] {
            let told = wire.call("count_records", call(json!(word))).await;
            assert_eq!(told["count"], null["count"], "{name} {word}: {told:#}");
            assert_eq!(told["code"], null["code"], "{name} {word}: {told:#}");
        }
    }
}

/// Words to look for that say nothing are none beside others and beside conditions; by themselves they are looked for.
#[tokio::test]
async fn words_that_say_nothing_are_none_beside_others() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let mut count = async |call: Value| {
        let mut call = call;
        call["module"] = json!("Cases");
        wire.call("count_records", call).await
    };
    let open = count(json!({ "filters": { "status": "Open" } })).await;
    let found = count(json!({ "query": "invoice" })).await;
    for (call, wanted) in [
        (json!({ "query": "null", "filters": { "status": "Open" } }), &open),
        (
            json!({ "query": "\u{200b}", "filters": { "status": "Open" } }),
            &open,
        ),
        (json!({ "any": ["null"], "filters": { "status": "Open" } }), &open),
        (json!({ "any": ["null", "\u{200b}"], "query": "invoice" }), &found),
        (json!({ "any": ["invoice", "N/A"] }), &found),
        (json!({ "view": "\u{200b}", "query": "invoice" }), &found),
    ] {
        let told = count(call.clone()).await;
        assert_eq!(told["count"], wanted["count"], "{call}: {told:#}");
        assert!(told["repairs"].is_array(), "{call}: {told:#}");
    }
    let word = count(json!({ "query": "null" })).await;
    assert!(word["repairs"].is_null() && word["count"].is_u64(), "{word:#}");
}

/// No field, view, order or cursor is called so: one receipt, and the answer of the call without it.
#[tokio::test]
async fn a_word_for_null_in_place_of_a_name_is_none() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let plain = wire
        .call("get_records", json!({ "module": "Cases", "limit": 3 }))
        .await;
    for (name, words) in [
        ("fields", json!(["null"])),
        ("fields", json!(["N/A"])),
        ("fields", json!(["none", "n/a"])),
        ("fields", json!("N/A")),
        ("include", json!(["null"])),
        ("view", json!("N/A")),
        ("cursor", json!("N/A")),
        ("sort_by", json!("n/a")),
        ("sort_order", json!("N/A")),
        ("app_type", json!("N/A")),
        ("format", json!("n/a")),
        ("connection", json!("N/A")),
    ] {
        let mut call = json!({ "module": "Cases", "limit": 3 });
        call[name] = words.clone();
        let told = wire.call("get_records", call).await;
        assert_eq!(ids(&told), ids(&plain), "{name} {words}: {told:#}");
        assert_eq!(
            told["repairs"].as_array().map(Vec::len),
            Some(1),
            "{name}: {told:#}"
        );
        assert_eq!(told["repairs"][0]["path"], format!("/{name}"), "{told:#}");
    }
    let mixed = json!({ "module": "Cases", "limit": 3, "fields": ["subject", "null"] });
    let told = wire.call("get_records", mixed).await;
    assert!(told["data"][0]["subject"].is_string(), "{told:#}");
    assert_eq!(told["repairs"].as_array().map(Vec::len), Some(1), "{told:#}");
    // Words are searched for as they are.
    let words = json!({ "module": "Cases", "query": "null" });
    let told = wire.call("count_records", words).await;
    assert!(told["count"].is_u64() && told["repairs"].is_null(), "{told:#}");
}
