//! What a caller means is taken, and what could be meant in two ways is refused with both: names of fields that are words
//! of their own, times side by side, words for no value, words too short to be searched for.

use serde_json::{Value, json};

use crate::bed::{Bed, Wire};

async fn count(wire: &mut Wire, module: &str, filters: Value) -> Value {
    let app_type = if module == "Deals" || module == "Leads" {
        "crm"
    } else {
        "desk"
    };
    let call = json!({ "module": module, "app_type": app_type, "filters": filters });
    wire.call("count_records", call).await
}

/// `account` is two letters from `Amount`, and no slip of it.
#[tokio::test]
async fn a_word_of_its_own_is_no_slip_of_another() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let by_name = json!({ "Account_Name": "Baobab Ledger Systems" });
    let right = count(&mut wire, "Deals", by_name).await;
    assert!(right["count"].as_u64() > Some(0), "{right:#}");
    for key in ["account", "Account", "accounts"] {
        let told = count(&mut wire, "Deals", json!({ key: "Baobab Ledger Systems" })).await;
        assert_eq!(told["count"], right["count"], "{key}: {told:#}");
        assert!(told["repairs"].to_string().contains("Account_Name"), "{told:#}");
    }
    let slip = count(&mut wire, "Deals", json!({ "Amuont": { "gt": 1 } })).await;
    assert!(slip["repairs"].to_string().contains("Amount"), "{slip:#}");
    let sorted = json!({ "module": "Deals", "app_type": "crm", "fields": ["account"], "limit": 1 });
    let rows = wire.call("search_records", sorted).await;
    assert!(!rows.to_string().contains("Amount"), "{rows:#}");
    let archived = json!({ "module": "Cases", "filters": { "archived": true, "departmentId": "Billing" } });
    let rows = wire.call("get_records", archived).await;
    assert!(!rows["repairs"].to_string().contains("isArchived"), "{rows:#}");
}

#[tokio::test]
async fn two_times_are_a_span_also_where_they_are_left_out() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let days = json!(["2026-11-01", "2026-11-10"]);
    for (module, field) in [("Cases", "createdTime"), ("Leads", "Created_Time")] {
        let span = json!({ "from": days[0], "to": days[1] });
        let outside = count(&mut wire, module, json!({ field: { "not": span } })).await;
        let told = count(&mut wire, module, json!({ field: { "not": days } })).await;
        assert_eq!(told["count"], outside["count"], "{field}: {told:#}");
        assert!(told["notes"].to_string().contains("leaves out each"), "{told:#}");
        for value in [
            json!([days[0], days[1], null]),
            json!({ "not": [days[0], days[1], null] }),
        ] {
            let told = count(&mut wire, module, json!({ field: value })).await;
            let next = told["next"].as_str().unwrap();
            // CRM's settings do not list this one: its rows show it.
            let ways = match module {
                "Cases" => ["{\"in\":", "{\"from\":"],
                _ => ["get_records", "`fields`"],
            };
            assert!(ways.iter().all(|way| next.contains(way)), "{told:#}");
        }
    }
    let with_null = count(&mut wire, "Cases", json!({ "priority": ["High", null] })).await;
    let in_words = count(&mut wire, "Cases", json!({ "priority": ["High", "is_empty"] })).await;
    assert_eq!(with_null["count"], in_words["count"], "{in_words:#}");
    let left_out = json!({ "Last_Activity_Time": { "not": "2026-11-01" } });
    let told = count(&mut wire, "Leads", left_out).await;
    let on_it = count(&mut wire, "Leads", json!({ "Last_Activity_Time": "2026-11-01" })).await;
    let all = count(&mut wire, "Leads", json!({})).await["count"]
        .as_u64()
        .unwrap();
    assert_eq!(told["count"], all - on_it["count"].as_u64().unwrap(), "{told:#}");
}

#[tokio::test]
async fn certain_words_are_taken_and_told() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (field, words, meant) in [
        ("priority", json!("none"), json!(null)),
        (
            "createdTime",
            json!("Q3 2026"),
            json!({ "from": "2026-07-01", "to": "2026-09-30" }),
        ),
        (
            "createdTime",
            json!("2026-W44"),
            json!({ "from": "2026-10-26", "to": "2026-11-01" }),
        ),
        (
            "dueDate",
            json!({ "from": "today", "to": "in 3 days" }),
            json!({ "from": "2026-11-20", "to": "2026-11-23" }),
        ),
    ] {
        let right = count(&mut wire, "Cases", json!({ field: meant })).await;
        let told = count(&mut wire, "Cases", json!({ field: words })).await;
        assert!(right["count"].is_u64(), "{right:#}");
        assert_eq!(told["count"], right["count"], "{field} {words}: {told:#}");
        assert!(told["repairs"].is_array(), "{told:#}");
    }
    for text in ["nan", "infinity"] {
        let told = count(&mut wire, "Cases", json!({ "threadCount": { "gt": text } })).await;
        assert_eq!(told["code"], "invalid_arguments", "{told:#}");
    }
}

#[tokio::test]
async fn a_refusal_says_what_to_send() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for call in [
        json!({ "module": "Cases", "query": "发票" }),
        json!({ "module": "Cases", "filters": { "subject": "发票" } }),
    ] {
        let told = wire.call("search_records", call).await;
        assert!(told["next"].as_str().unwrap().contains("*发票*"), "{told:#}");
    }
    let told = count(&mut wire, "Cases", json!({ "reopened": true })).await;
    let next = told["next"].as_str().unwrap();
    assert!(next.contains("get_modules") && next.len() < 400, "{told:#}");
    let shown = json!({ "module": "Cases", "fields": ["account"] });
    let told = wire.call("get_records", shown).await;
    assert!(!told["next"].to_string().contains("accountName"), "{told:#}");
}

/// A language has several names; the picklist of Desk has one of them, which Zoho compares letter by letter.
#[tokio::test]
async fn a_language_is_meant_by_any_of_its_names() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let told = count(&mut wire, "Cases", json!({ "language": "Deutsch" })).await;
    let all = count(&mut wire, "Cases", json!({})).await["count"].as_u64();
    let want = told["count"].as_u64();
    assert!(want > Some(0), "{told:#}");
    for name in ["German", "german", "de", "DEUTSCH"] {
        let told = count(&mut wire, "Cases", json!({ "language": name })).await;
        assert_eq!(told["count"].as_u64(), want, "{name}: {told:#}");
        assert!(
            told["repairs"].to_string().contains("Deutsch"),
            "{name}: {told:#}"
        );
        let told = count(&mut wire, "Cases", json!({ "language": { "not": name } })).await;
        let others = all.zip(want).map(|(all, want)| all - want);
        assert_eq!(told["count"].as_u64(), others, "{name}: {told:#}");
    }
}
