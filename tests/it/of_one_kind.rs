//! A condition is compared with values of its own kind only, or refused: a comparison that can fit no row looks like a
//! count. Phone numbers are one number in any notation.

use serde_json::{Value, json};

use crate::bed::{Bed, Wire};
use crate::crm_client::Crm;

async fn count(wire: &mut Wire, app: &str, module: &str, filters: Value) -> Value {
    let arguments = json!({ "module": module, "app_type": app, "filters": filters });
    wire.call("count_records", arguments).await
}

/// All cases as Zoho lists them.
async fn cases(wire: &mut Wire, fields: Value) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let mut arguments = json!({ "module": "Cases", "fields": fields, "limit": 90 });
        if cursor.is_string() {
            arguments["cursor"] = cursor;
        }
        let page = wire.call("get_records", arguments).await;
        rows.extend(page["data"].as_array().unwrap().iter().cloned());
        cursor = page["next_cursor"].clone();
        if !cursor.is_string() {
            return rows;
        }
    }
}

/// `lastThread` and `source` are objects (TicketListItem): a text fits none, and `not` would fit all.
#[tokio::test]
async fn a_field_that_holds_members_is_filtered_by_one_of_them() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let rows = cases(&mut wire, json!(["lastThread", "source"])).await;
    let of = |direction: &str| {
        let theirs = rows
            .iter()
            .filter(|row| row["lastThread"]["direction"] == direction);
        theirs.count()
    };
    let none = rows.iter().filter(|row| row["lastThread"].is_null()).count();
    assert!(of("in") > 0 && none > 0);
    for (filters, names) in [
        (json!({ "lastThread": "in" }), "lastThread.direction"),
        (json!({ "source": "SYSTEM" }), "source.type"),
        (json!({ "source": { "not": "SYSTEM" } }), "source.type"),
        (
            json!({ "lastThread": { "starts_with": "i" } }),
            "lastThread.direction",
        ),
        (json!({ "source": ["SYSTEM", "FORUMS"] }), "source.type"),
    ] {
        let refused = count(&mut wire, "desk", "Cases", filters.clone()).await;
        let error = refused["error"]
            .as_str()
            .unwrap_or_else(|| panic!("{filters}: {refused:#}"));
        assert!(error.contains(names), "{filters}: {error}");
    }
    for (filters, wanted) in [
        (json!({ "lastThread.direction": "in" }), of("in")),
        (json!({ "lastThread": null }), none),
        (json!({ "lastThread": { "not": null } }), rows.len() - none),
        (
            json!({ "lastThread.direction": { "not": "in" } }),
            rows.len() - of("in"),
        ),
        (json!({ "lastThread.direction": null }), none),
    ] {
        let counted = count(&mut wire, "desk", "Cases", filters.clone()).await;
        assert_eq!(counted["count"], wanted, "{filters}: {counted:#}");
    }
}

/// Comparisons whose other side is no time, no number, neither yes nor no.
#[tokio::test]
async fn a_comparison_with_another_kind_is_refused() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for filters in [
        json!({ "subject": { "from": "2026-01-01" } }),
        json!({ "language": { "from": 1, "to": 9 } }),
        json!({ "isArchived": "maybe" }),
        json!({ "source.type": { "gt": 3 } }),
    ] {
        let refused = count(&mut wire, "desk", "Cases", filters.clone()).await;
        assert_eq!(refused["code"], "invalid_arguments", "{filters}: {refused:#}");
    }
}

#[tokio::test]
async fn a_phone_number_is_found_in_any_notation() {
    let bed = Bed::connected().await;
    let crm = Crm::of(&bed).await;
    for module in ["Contacts", "Leads"] {
        let person = json!({ "Last_Name": "Rufer", "Company": "Rufer & Co", "Mobile": "+49 151 234 56 789" });
        crm.create(module, vec![person]).await;
    }
    let mut wire = bed.client().await;
    for (app, module, fields) in [
        ("desk", "Contacts", ["phone", "mobile"]),
        ("desk", "Cases", ["phone", "phone"]),
        ("crm", "Contacts", ["Phone", "Mobile"]),
        ("crm", "Leads", ["Phone", "Mobile"]),
        ("crm", "Accounts", ["Phone", "Phone"]),
    ] {
        let listed = json!({ "module": module, "app_type": app, "fields": fields, "limit": 90 });
        let listed = wire.call("get_records", listed).await;
        for field in fields {
            let rows = listed["data"].as_array().unwrap().iter();
            let mut numbers = rows.filter_map(|row| Some((row["id"].as_str()?, row[field].as_str()?)));
            let Some((id, number)) = numbers.find(|(_, number)| number.starts_with('+')) else {
                assert_eq!(
                    (module, field),
                    ("Cases", "phone"),
                    "{app} {module} has no {field}"
                );
                continue;
            };
            let bare: String = number.chars().filter(char::is_ascii_digit).collect();
            for text in [
                number.to_owned(),
                format!("+{bare}"),
                format!("00{bare}"),
                number.replace(' ', "-"),
            ] {
                for tool in ["search_records", "get_records"] {
                    let asked = json!({ "module": module, "app_type": app, "filters": { field: text }, "fields": ["id"] });
                    let found = wire.call(tool, asked).await;
                    let found = found["data"].to_string();
                    assert!(
                        found.contains(id),
                        "{tool} {app} {module} {field} {text} of {number}: {found}"
                    );
                }
                // One customer may have several cases.
                let counted = count(&mut wire, app, module, json!({ field: text })).await;
                let number = counted["count"].as_u64().unwrap_or_default();
                assert!(
                    number == 1 || module == "Cases" && number > 0,
                    "{app} {module} {field} {text}: {counted:#}"
                );
            }
            let beside = json!({ field: format!("+{bare}"), "createdTime": { "from": "2000-01-01" } });
            let beside = match app {
                "crm" => json!({ field: format!("+{bare}"), "Created_Time": { "from": "2000-01-01" } }),
                _ => beside,
            };
            let counted = count(&mut wire, app, module, beside).await;
            let number = counted["count"].as_u64().unwrap_or_default();
            assert!(
                number == 1 || module == "Cases" && number > 0,
                "{app} {module} {field}: {counted:#}"
            );
        }
    }
}
