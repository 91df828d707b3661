//! What one tool shows, filters or sorts by, the others do, too, or name the one that does.

use serde_json::{Value, json};

use crate::bed::{Bed, Wire};

async fn first(wire: &mut Wire, module: &str) -> Option<String> {
    let page = wire
        .call(
            "get_records",
            json!({ "module": module, "limit": 1, "app_type": "desk" }),
        )
        .await;
    page["data"][0]["id"].as_str().map(str::to_owned)
}

/// getTagsByTicket and getTicketFollowers take no `limit`: Zoho refuses what an operation does not take.
#[tokio::test]
async fn every_related_list_of_desk_can_be_asked_for() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let modules = wire.call("get_modules", json!({ "app_type": "desk" })).await;
    let mut asked = 0;
    for module in modules["data"].as_array().unwrap() {
        let name = module["module"].as_str().unwrap();
        let related = module["related"].as_array().cloned().unwrap_or_default();
        if related.is_empty() {
            continue;
        }
        let Some(id) = first(&mut wire, name).await else {
            continue;
        };
        for list in related {
            let call = json!({ "module": name, "app_type": "desk", "id": id, "related": list });
            let answer = wire.call("get_related_records", call).await;
            assert!(answer["data"].is_array(), "{name}/{list}: {answer:#}");
            asked += 1;
        }
    }
    assert!(asked > 15, "{asked}");
}

/// Rows of getTickets have these only with `include`.
#[tokio::test]
async fn a_field_of_somebody_brings_its_include() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let fields = json!(["ticketNumber", "assignee", "contact", "department"]);
    for (tool, filters) in [
        ("get_records", json!({})),
        ("search_records", json!({ "status": "Open" })),
    ] {
        let call = json!({ "module": "Cases", "fields": fields, "filters": filters, "limit": 40 });
        let page = wire.call(tool, call).await;
        let rows = page["data"].as_array().unwrap();
        for field in ["assignee", "contact", "department"] {
            assert!(
                rows.iter().any(|row| row[field].is_object()),
                "{tool} {field}: {page:#}"
            );
        }
    }
    let call = json!({
        "module": "Cases", "fields": fields, "include": ["assignee", "contacts"], "limit": 40, "format": "table",
    });
    let page = wire.call("get_records", call).await;
    assert_eq!(
        page["data"]["columns"],
        json!(["id", "ticketNumber", "assignee", "contact", "department"]),
        "{page:#}"
    );
    let rows = page["data"]["rows"].as_array().unwrap();
    assert!(
        rows.iter().all(|row| !row[2].is_object() && row[3].is_string()),
        "{page:#}"
    );
}

/// A filter that only a search takes: its rows have people and departments by themselves.
#[tokio::test]
async fn an_include_beside_a_filter_of_a_search_is_filled() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let mut call = json!({
        "module": "Cases", "filters": { "createdTime": { "from": "2000-01-01" } }, "include": ["contacts", "departments"],
        "fields": ["ticketNumber"], "limit": 5,
    });
    let page = wire.call("get_records", call.clone()).await;
    assert!(page["data"][0]["contact"].is_object(), "{page:#}");
    assert!(page["data"][0]["department"].is_object(), "{page:#}");
    call["include"] = json!(["parrots"]);
    let refused = wire.call("get_records", call).await;
    assert!(
        refused["error"].as_str().unwrap().contains("departments"),
        "{refused:#}"
    );
}

/// `lastThread` is in TicketListItem, not in Ticket (desk-entities).
#[tokio::test]
async fn a_field_of_lists_only_is_sent_to_the_tool_that_shows_it() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let id = first(&mut wire, "Cases").await.unwrap();
    let one = json!({ "module": "Cases", "id": id, "fields": ["lastThread"] });
    let one = wire.call("get_record", one).await;
    assert!(one["notes"].to_string().contains("get_records"), "{one:#}");
    let searched = json!({ "module": "Cases", "fields": ["lastThread"], "filters": { "createdTime": { "from": "2000-01-01" } } });
    let searched = wire.call("search_records", searched).await;
    let notes = searched["notes"].to_string();
    assert!(
        notes.contains("get_records") && !notes.contains("get_record shows"),
        "{searched:#}"
    );
    // Beside a search the condition would fit no row.
    let both = json!({
        "module": "Cases", "filters": { "lastThread.direction": "in", "createdTime": { "from": "2000-01-01" } },
    });
    let refused = wire.call("count_records", both).await;
    assert_eq!(refused["code"], "invalid_arguments", "{refused:#}");
    let alone = json!({ "module": "Cases", "filters": { "lastThread.direction": "in" } });
    let searched = wire.call("search_records", alone).await;
    assert!(searched["count"].as_u64().unwrap() > 0, "{searched:#}");
}

/// getTickets sorts by dueDate, searchTickets by modifiedTime.
#[tokio::test]
async fn an_order_of_one_call_is_kept_or_sent_there() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (tool, field) in [("get_records", "modifiedTime"), ("search_records", "dueDate")] {
        let call = json!({ "module": "Cases", "sort_by": field, "fields": [field], "filters": { "status": "Open" } });
        let page = wire.call(tool, call).await;
        let times: Vec<&str> = page["data"]
            .as_array()
            .unwrap_or_else(|| panic!("{tool}: {page:#}"))
            .iter()
            .filter_map(|row| row[field].as_str())
            .collect();
        assert!(
            times.len() > 5 && times.is_sorted_by(|one, next| one >= next),
            "{tool}: {page:#}"
        );
    }
    let call = json!({ "module": "Cases", "sort_by": "dueDate", "query": "printer" });
    let refused = wire.call("search_records", call).await;
    assert!(
        refused["next"].as_str().unwrap().contains("get_records"),
        "{refused:#}"
    );
}

#[tokio::test]
async fn what_a_row_of_a_search_shows_is_filtered_by_and_the_nearest_are_told() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let count = async |wire: &mut Wire, filters: Value| {
        wire.call("count_records", json!({ "module": "Cases", "filters": filters }))
            .await
    };
    let all = count(&mut wire, json!({})).await["count"].as_u64().unwrap();
    let yes = count(&mut wire, json!({ "isEscalated": true })).await;
    let no = count(&mut wire, json!({ "isEscalated": false })).await;
    assert!(yes["count"].as_u64().unwrap() > 0, "{yes:#}");
    assert_eq!(
        yes["count"].as_u64().unwrap() + no["count"].as_u64().unwrap(),
        all,
        "{no:#}"
    );
    let refused = count(&mut wire, json!({ "colour": "red" })).await;
    let error = refused["next"].as_str().unwrap();
    for told in ["What rows show can be a filter", "get_modules"] {
        assert!(error.contains(told), "{told}: {error}");
    }
    for (slip, name) in [("escalated at", "isEscalated"), ("thread counter", "threadCount")] {
        let refused = count(&mut wire, json!({ slip: true })).await;
        assert!(refused.to_string().contains(name), "{slip}: {refused:#}");
    }
}

/// getTickets: receivedInDays is one of 15, 30, 90, -1.
#[tokio::test]
async fn a_parameter_of_few_values_names_them() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let call = json!({ "module": "Cases", "filters": { "receivedInDays": 7 } });
    let refused = wire.call("get_records", call).await;
    assert!(
        refused["error"].as_str().unwrap().contains("15, 30, 90, -1"),
        "{refused:#}"
    );
}

/// Users of CRM are no module (GET /users): other people than Desk's agents.
#[tokio::test]
async fn people_of_crm_are_not_those_of_desk() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let call = json!({ "module": "Users", "app_type": "crm" });
    let refused = wire.call("get_records", call).await;
    assert!(refused["next"].as_str().unwrap().contains("Owner"), "{refused:#}");
}

#[tokio::test]
async fn having_a_value_is_said_in_any_spelling() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let count = async |wire: &mut Wire, filters: Value| {
        let counted = wire
            .call("count_records", json!({ "module": "Cases", "filters": filters }))
            .await;
        counted["count"]
            .as_u64()
            .unwrap_or_else(|| panic!("{filters}: {counted:#}"))
    };
    let closed = count(&mut wire, json!({ "closedTime": { "not": null } })).await;
    assert!(closed > 0);
    for spelling in [
        json!("not_empty"),
        json!({ "empty": false }),
        json!("${notempty}"),
        json!("is_not_empty"),
    ] {
        assert_eq!(
            count(&mut wire, json!({ "closedTime": spelling })).await,
            closed,
            "{spelling}"
        );
    }
    let nobody = count(&mut wire, json!({ "assignee": null })).await;
    assert!(nobody > 0);
    assert_eq!(count(&mut wire, json!({ "assignee": "none" })).await, nobody);
}
