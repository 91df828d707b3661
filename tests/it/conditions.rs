//! Conditions mean what they say: ids are compared with ids, what nothing can be is refused, an order alone is one.

use serde_json::{Value, json};

use crate::bed::{Bed, Wire};
use crate::desk_client::Desk;

async fn count(wire: &mut Wire, module: &str, filters: Value) -> Value {
    let arguments = json!({ "module": module, "app_type": "desk", "filters": filters });
    wire.call("count_records", arguments).await
}

/// All rows of a Desk list, past the server, whatever number its first row has.
pub(crate) async fn rows(desk: &Desk, list: &str) -> Vec<Value> {
    const MOST: usize = 100;
    let mut all: Vec<Value> = Vec::new();
    loop {
        let from = match all.len() {
            0 => String::new(), // some begin at 0, others at 1
            known => format!("&from={known}"),
        };
        let page = desk.get(&format!("/{list}?limit={MOST}{from}")).await;
        let data = page["data"].as_array().or(page["teams"].as_array());
        let page = data.cloned().unwrap_or_default();
        let is_last = page.len() < MOST;
        let new = page
            .into_iter()
            .filter(|row| !all.iter().any(|known| known["id"] == row["id"]));
        let new: Vec<Value> = new.collect();
        all.extend(new);
        if is_last {
            return all;
        }
    }
}

fn holding(rows: &[Value], field: &str, id: &Value) -> usize {
    rows.iter().filter(|row| row[field] == *id).count()
}

/// A name was compared with the digits of ids: none was it, and all were not it.
#[tokio::test]
async fn a_name_stands_for_its_id_or_is_refused_wherever_an_id_is_compared() {
    let bed = Bed::connected().await;
    let desk = Desk::of(&bed).await;
    let mut wire = bed.client().await;
    let contacts = rows(&desk, "contacts").await;
    let owned = contacts.iter().find(|row| row["accountId"].is_string()).unwrap();
    let account = desk
        .get(&format!("/accounts/{}", owned["accountId"].as_str().unwrap()))
        .await;
    let theirs = holding(&contacts, "accountId", &account["id"]);
    for name in ["account", "accountId"] {
        let told = count(&mut wire, "Contacts", json!({ name: account["accountName"] })).await;
        assert_eq!(told["count"], theirs, "{told:#}");
    }
    let others = count(
        &mut wire,
        "Contacts",
        json!({ "accountId": { "not": account["accountName"] } }),
    )
    .await;
    assert_eq!(others["count"], contacts.len() - theirs, "{others:#}");
    for (module, filters) in [
        ("Tasks", json!({ "ticketId": "a case" })),
        ("Cases", json!({ "layoutId": "Tickets" })),
        ("Cases", json!({ "department": { "starts_with": "Sup" } })),
        ("Cases", json!({ "assignee": { "starts_with": "Noor" } })),
        ("Tasks", json!({ "statusType": "Nonsense" })),
    ] {
        let told = count(&mut wire, module, filters.clone()).await;
        assert_eq!(told["code"], "invalid_arguments", "{filters}: {told:#}");
    }
}

/// `isRead` is in rows only where `include=isRead` asks for it (zoho-desk.md, section 10; OAS of listTickets).
#[tokio::test]
async fn what_rows_show_only_when_asked_is_asked_for_to_be_compared() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let all = count(&mut wire, "Cases", json!({})).await["count"]
        .as_u64()
        .unwrap();
    let read = count(&mut wire, "Cases", json!({ "isRead": true })).await["count"]
        .as_u64()
        .unwrap();
    let unread = count(&mut wire, "Cases", json!({ "isRead": false })).await["count"]
        .as_u64()
        .unwrap();
    assert!(
        read > 0 && unread > 0 && read + unread == all,
        "{read} {unread} {all}"
    );
    let arguments =
        json!({ "module": "Cases", "filters": { "isRead": false }, "limit": 3, "fields": ["subject"] });
    let listed = wire.call("get_records", arguments).await;
    assert_eq!(listed["count"], 3, "{listed:#}");
    // Rows of a search never show it: 0 of them fitted.
    for beside in [
        json!({ "statusType": "Open" }),
        json!({ "account": "Fjordlys Energi AS" }),
    ] {
        let mut filters = beside;
        filters["isRead"] = json!(false);
        for tool in ["get_records", "count_records"] {
            let told = wire
                .call(tool, json!({ "module": "Cases", "filters": filters }))
                .await;
            assert_eq!(told["problems"][0]["path"], "/filters/isRead", "{tool}: {told:#}");
        }
    }
    assert!(
        listed["data"][0]["isRead"].is_null(),
        "nobody asked to see it: {listed:#}"
    );
}

/// Left out, a word that no picklist has leaves out nobody: everything was counted.
#[tokio::test]
async fn what_nothing_can_be_is_refused_where_it_is_to_be_left_out() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let told = count(&mut wire, "Cases", json!({ "priority": { "not": "Hgh" } })).await;
    assert_eq!(told["problems"][0]["path"], "/filters/priority/not", "{told:#}");
    let told = count(
        &mut wire,
        "Cases",
        json!({ "status": { "not": ["Open", "Nonsense"] } }),
    )
    .await;
    assert_eq!(told["code"], "invalid_arguments", "{told:#}");
    let leads =
        json!({ "module": "Leads", "app_type": "crm", "filters": { "Lead_Status": { "not": "Contated" } } });
    let told = wire.call("count_records", leads).await;
    assert_eq!(
        told["problems"][0]["path"], "/filters/Lead_Status/not",
        "{told:#}"
    );
    let listed = json!({ "module": "Cases", "limit": 1, "filters": { "priority": { "not": "Hgh" } } });
    let listed = wire.call("get_records", listed).await;
    assert_eq!(
        listed["problems"][0]["path"], "/filters/priority/not",
        "{listed:#}"
    );
    let known = count(&mut wire, "Cases", json!({ "priority": { "not": "High" } })).await;
    assert!(
        known["count"].as_u64().is_some_and(|count| count > 0),
        "{known:#}"
    );
}

/// "None" is nobody where people stand, and a word like any other elsewhere.
#[tokio::test]
async fn none_is_nobody_only_where_people_stand() {
    let bed = Bed::connected().await;
    let desk = Desk::of(&bed).await;
    let mut wire = bed.client().await;
    let contacts = rows(&desk, "contacts").await;
    let without = holding(&contacts, "mobile", &Value::Null);
    assert!(without > 0, "all contacts have a mobile");
    let named = count(&mut wire, "Contacts", json!({ "mobile": "None" })).await;
    assert_eq!(named["count"], 0, "{named:#}");
    let others = count(&mut wire, "Contacts", json!({ "mobile": { "not": "None" } })).await;
    assert_eq!(others["count"], contacts.len(), "{others:#}");
}

/// People write `#600`; the number has no sign.
#[tokio::test]
async fn a_number_of_a_case_may_have_its_sign() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (number, wanted) in [
        (json!("#600"), 1),
        (json!("600"), 1),
        (json!(["#600", "# 599"]), 2),
    ] {
        let told = count(&mut wire, "Cases", json!({ "ticketNumber": number })).await;
        assert_eq!(told["count"], wanted, "{told:#}");
    }
}

/// An order without a field to go by was left out in silence: the newest came for `asc`, too.
#[tokio::test]
async fn an_order_alone_goes_by_the_time_of_creation() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (module, app, time) in [("Cases", "desk", "createdTime"), ("Leads", "crm", "Created_Time")] {
        let mut of = async |order: &str, by: Option<&str>| {
            let mut arguments = json!({ "module": module, "app_type": app, "limit": 3, "fields": [time], "sort_order": order });
            if let Some(by) = by {
                arguments["sort_by"] = json!(by);
            }
            wire.call("get_records", arguments).await["data"].clone()
        };
        for order in ["asc", "desc"] {
            assert_eq!(
                of(order, None).await,
                of(order, Some(time)).await,
                "{module} {order}"
            );
        }
        assert_ne!(of("asc", None).await, of("desc", None).await, "{module}");
    }
    let united = json!({ "module": "Leads", "app_type": "crm", "any": ["an", "er"], "sort_order": "asc" });
    let told = wire.call("search_records", united).await;
    assert_eq!(told["problems"][0]["path"], "/sort_order", "{told:#}");
}

#[tokio::test]
async fn a_word_to_be_left_out_is_refused_and_days_from_now_are_told_with_now() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let told = wire
        .call(
            "search_records",
            json!({ "module": "Cases", "query": "late -invoice" }),
        )
        .await;
    assert_eq!(told["problems"][0]["path"], "/query", "{told:#}");
    let recent = json!({ "module": "Cases", "filters": { "receivedInDays": "15" }, "limit": 1 });
    let told = wire.call("get_records", recent).await;
    assert!(told["as_of"].is_string(), "{told:#}");
}
