//! Null and words for it in conditions: where records may be without a value they ask for those, where none is they say
//! nothing, and are told to.

use serde_json::{Value, json};

use crate::bed::{Bed, Wire};
use crate::connections_rooms::fake::{House, json as scripted};

async fn counted(wire: &mut Wire, app: &str, module: &str, filters: Value) -> Value {
    let call = json!({ "module": module, "app_type": app, "filters": filters });
    let answer = wire.call("count_records", call).await;
    assert!(answer["count"].is_u64(), "{app} {module} {filters}: {answer:#}");
    answer
}

/// Some clients send every key they know (langchain `strict`, openai-agents#404, cursor#3614).
#[tokio::test]
async fn null_where_every_record_has_a_value_says_nothing() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (app, module, beside, filters) in [
        (
            "desk",
            "Cases",
            json!({ "priority": "High" }),
            json!({ "status": null, "createdTime": null, "subject": null, "department": null }),
        ),
        (
            "desk",
            "Cases",
            json!({ "priority": "High" }),
            json!({ "status": "N/A", "departmentId": "none", "createdTime": "null" }),
        ),
        (
            "desk",
            "Cases",
            json!({ "priority": "High" }),
            json!({ "modifiedTime": "", "ticketNumber": "undefined" }),
        ),
        (
            "desk",
            "Cases",
            json!({ "priority": "High" }),
            json!({ "receivedInDays": null, "viewId": null }),
        ),
        (
            "desk",
            "Contacts",
            json!({ "createdTime": { "from": "2026-06-01" } }),
            json!({ "lastName": null }),
        ),
        (
            "desk",
            "Tasks",
            json!({ "createdTime": { "from": "2026-06-01" } }),
            json!({ "status": null }),
        ),
        (
            "crm",
            "Leads",
            json!({ "Company": "a" }),
            json!({ "Owner": null, "Created_Time": null, "Last_Name": null }),
        ),
        (
            "crm",
            "Leads",
            json!({ "Company": "a" }),
            json!({ "Owner": "N/A", "Modified_Time": "" }),
        ),
        (
            "crm",
            "Deals",
            json!({ "Stage": "Closed Won" }),
            json!({ "Deal_Name": null }),
        ),
    ] {
        let wanted = counted(&mut wire, app, module, beside.clone()).await["count"].clone();
        let mut both = beside.clone();
        for (name, value) in filters.as_object().unwrap() {
            both[name] = value.clone();
        }
        let answer = counted(&mut wire, app, module, both).await;
        assert_eq!(answer["count"], wanted, "{module} {filters}: {answer:#}");
        let repairs = answer["repairs"].as_array().unwrap().iter();
        let told: Vec<&Value> = repairs
            .filter(|repair| repair["rule"] == "absent_optional")
            .collect();
        assert_eq!(told.len(), 1, "{module} {filters}: {answer:#}");
        for name in filters.as_object().unwrap().keys() {
            assert!(told[0].to_string().contains(name.as_str()), "{name}: {answer:#}");
        }
        // By themselves they ask for nothing: neither for none nor for all.
        for tool in ["count_records", "get_records"] {
            let call = json!({ "module": module, "app_type": app, "filters": filters });
            let alone = wire.call(tool, call).await;
            assert_eq!(alone["code"], "invalid_arguments", "{tool} {filters}: {alone:#}");
            assert!(
                alone["next"].to_string().contains("all records"),
                "{tool} {filters}: {alone:#}"
            );
        }
    }
    let all = counted(&mut wire, "desk", "Cases", json!({})).await["count"].clone();
    for field in ["priority", "assignee", "category", "dueDate", "product"] {
        let none = counted(&mut wire, "desk", "Cases", json!({ field: null })).await;
        assert!(none["repairs"].is_null(), "{field} may be empty: {none:#}");
        assert_ne!(none["count"], all, "{field}");
    }
    // A text may be such a word.
    let none = counted(&mut wire, "desk", "Cases", json!({ "subject": "N/A" })).await;
    assert_eq!(none["count"], 0, "{none:#}");
}

/// A name that no field has says nothing of what was meant: with null it is refused as with any value. What rows show only
/// where they include it is refused by every tool alike, and the way round is taken.
#[tokio::test]
async fn a_condition_that_nobody_can_check_is_refused_by_every_tool() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (module, filters) in [
        ("Cases", json!({ "status": "Open", "assigned_to": null })),
        ("Cases", json!({ "banana": null })),
        ("Cases", json!({ "banana": "" })),
        ("Contacts", json!({ "cf_no_such_field": null })),
        (
            "Cases",
            json!({ "assignee.email": "samuel@brightharbor.example" }),
        ),
        ("Cases", json!({ "department.name": "Billing" })),
        ("Cases", json!({ "contact.email": null })),
        ("Cases", json!({ "priority": ">=High" })),
    ] {
        for tool in ["get_records", "search_records", "count_records"] {
            let asked = json!({ "module": module, "app_type": "desk", "filters": filters });
            let answer = wire.call(tool, asked).await;
            assert_eq!(
                answer["code"], "invalid_arguments",
                "{tool} {filters}: {answer:#}"
            );
            assert!(answer["next"].is_string(), "{tool} {filters}: {answer:#}");
        }
    }
    let billing = counted(&mut wire, "desk", "Cases", json!({ "department": "Billing" })).await;
    assert!(billing["count"].as_u64() > Some(0), "{billing:#}");
}

/// `empty` in any spelling is null.
#[tokio::test]
async fn the_word_for_none_is_null_in_every_field() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (app, module, field) in [
        ("desk", "Cases", "cf_order_number"),
        ("desk", "Cases", "cf_purchase_date"),
        ("desk", "Cases", "resolution"),
        ("desk", "Cases", "priority"),
        ("desk", "Cases", "product"),
        ("desk", "Cases", "dueDate"),
        ("desk", "Contacts", "phone"),
    ] {
        let none = counted(&mut wire, app, module, json!({ field: null })).await;
        for word in ["empty", "is empty", "IS_EMPTY", "${EMPTY}"] {
            let so = counted(&mut wire, app, module, json!({ field: word })).await;
            assert_eq!(so["count"], none["count"], "{field} {word}: {so:#}");
        }
        let not = counted(&mut wire, app, module, json!({ field: { "not": null } })).await;
        let word = counted(&mut wire, app, module, json!({ field: "not empty" })).await;
        assert_eq!(word["count"], not["count"], "{field}: {word:#}");
    }
}

/// Zoho's word for nobody is one of tickets alone (OAS, getTickets); the owner of an activity is told by its row.
#[tokio::test]
async fn nobody_is_asked_for_in_activities_by_either_name() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for module in ["Tasks", "Calls", "Events", "Activities"] {
        let all = counted(&mut wire, "desk", module, json!({})).await["count"].as_u64();
        let nobody = counted(&mut wire, "desk", module, json!({ "ownerId": null })).await["count"].as_u64();
        assert!(nobody > Some(0) && nobody < all, "{module}");
        for (field, words) in [
            ("assignee", "unassigned"),
            ("assigneeId", "none"),
            ("owner", "nobody"),
        ] {
            for none in [json!(null), json!(words)] {
                let so = counted(&mut wire, "desk", module, json!({ field: none })).await["count"].as_u64();
                assert_eq!(so, nobody, "{module} {field} {none}");
                let not = json!({ field: { "not": none } });
                let not = counted(&mut wire, "desk", module, not).await["count"].as_u64();
                assert_eq!(
                    not,
                    all.zip(nobody).map(|(all, nobody)| all - nobody),
                    "{module} {field} {none}"
                );
            }
        }
        let mine = counted(&mut wire, "desk", module, json!({ "assignee": "me" })).await["count"].as_u64();
        let either = counted(&mut wire, "desk", module, json!({ "assignee": ["me", null] })).await;
        assert_eq!(
            either["count"].as_u64(),
            mine.zip(nobody).map(|(mine, nobody)| mine + nobody),
            "{module}"
        );
    }
}

/// Clients in strict mode send every argument (client failures W5).
#[tokio::test]
async fn a_word_for_null_beside_what_says_who_it_is_is_left_out() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let asked = json!({ "email": "nobody@nowhere.example", "name": "null", "phone": "null" });
    let answer = wire.call("find_customer", asked).await;
    assert!(answer["count"].is_u64(), "{answer:#}");
    assert!(answer["repairs"].to_string().contains("/name"), "{answer:#}");
    let alone = wire.call("find_customer", json!({ "name": "Nan" })).await;
    assert!(alone["count"].is_u64(), "{alone:#}");
}

#[tokio::test]
async fn a_tool_that_would_write_is_told_to_be_none() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for name in [
        "create_ticket",
        "CREATE_TICKET",
        "reply_to_ticket",
        "remove_records",
        "zoho_update_record",
        "addComment",
        "sendEmail",
    ] {
        let told = wire.call(name, json!({})).await.to_string();
        assert!(told.contains("No tool of this server changes"), "{told}");
    }
    let told = wire.call("update_records_now", json!({})).await.to_string();
    assert!(told.contains("No tool of this server changes"), "{told}");
    for name in ["update_record", "delete_records"] {
        let told = wire.call(name, json!({})).await.to_string();
        assert!(
            told.contains("started with writing among its --toolsets"),
            "{told}"
        );
    }
    for name in [
        "get_updates",
        "search_tickets",
        "ticket_comment_list",
        "ticket_change_history",
        "new_tickets",
        "import_status",
    ] {
        let told = wire.call(name, json!({})).await.to_string();
        assert!(!told.contains("No tool of this server changes"), "{told}");
    }
}

/// Zoho CRM searches notes (Search Records v8 and the OAS of 2026, searchRecords, name them) and counts none (the same OAS,
/// getCount): conditions find what is among all of them, and a count reads them.
#[tokio::test]
async fn notes_are_filtered_and_counted() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let all = json!({ "module": "Notes", "limit": 99, "fields": ["Note_Title", "Note_Content"] });
    let all = wire.call("get_records", all).await;
    let rows = all["data"].as_array().unwrap();
    let is_it = |row: &&Value| {
        row["Note_Title"]
            .as_str()
            .is_some_and(|title| title.contains("Call summary"))
    };
    let wanted = rows.iter().filter(is_it).count();
    assert!(
        all["has_more"] == false && 0 < wanted && wanted < rows.len(),
        "{all:#}"
    );
    let call = json!({ "module": "Notes", "limit": 99, "filters": { "Note_Title": "Call summary" } });
    for tool in ["get_records", "search_records", "count_records"] {
        let mut call = call.clone();
        if tool == "count_records" {
            call.as_object_mut().unwrap().remove("limit");
        }
        let told = wire.call(tool, call).await;
        assert_eq!(told["count"], wanted, "{tool}: {told:#}");
    }
    let counted = wire.call("count_records", json!({ "module": "Notes" })).await;
    assert_eq!(counted["count"], rows.len(), "{counted:#}");
    assert!(
        counted["notes"].to_string().contains("does not count"),
        "{counted:#}"
    );
}

/// Where a Zoho searches no notes all the same, what lists them is told.
#[tokio::test]
async fn notes_are_sent_to_what_lists_them() {
    let (house, mut wire) = House::served().await;
    let refused = r#"{"code":"NOT_SUPPORTED","details":{},"message":"not supported","status":"error"}"#;
    house
        .fake
        .script("/crm/v8/Notes/search", [scripted(400, refused)]);
    let call = json!({ "module": "Notes", "filters": { "Note_Title": "Call" } });
    let told = wire.call("get_records", call).await;
    assert_eq!(told["code"], "rejected", "{told:#}");
    let next = told["next"].as_str().unwrap();
    assert!(next.contains("get_related_records"), "{told:#}");
}
