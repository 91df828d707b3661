//! Queries beside plain conditions: words, views, and facts that no filter of Zoho's knows.

use serde_json::{Value, json};

use crate::bed::{Bed, NOW, Wire};
use crate::connections_rooms::fake::{House, json as scripted};

/// The tickets of the sandbox as its API lists them.
async fn tickets(bed: &Bed) -> Vec<Value> {
    let mut wire = bed.client().await;
    let mut all = Vec::new();
    let mut arguments = json!({
        "module": "Cases", "limit": 99,
        "fields": ["ticketNumber", "status", "statusType", "dueDate", "responseDueDate", "createdTime"],
    });
    loop {
        let page = wire.call("get_records", arguments.clone()).await;
        all.extend(page["data"].as_array().unwrap().clone());
        if page["has_more"] == false {
            return all;
        }
        arguments["cursor"] = page["next_cursor"].clone();
    }
}

/// How many records a list gives, all its pages together.
async fn listed(wire: &mut Wire, mut arguments: Value) -> u64 {
    arguments["limit"] = json!(99);
    let mut rows = 0;
    loop {
        let page = wire.call("get_records", arguments.clone()).await;
        rows += page["count"].as_u64().unwrap();
        if page["has_more"] == false {
            return rows;
        }
        arguments["cursor"] = page["next_cursor"].clone();
    }
}

/// The signs of other searches are words to Zoho's: `refund OR invoice` found 9 of 11, `refund | invoice` none
/// (agent-trial, task 8).
#[tokio::test]
async fn signs_of_other_searches_are_refused_with_the_way_round() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    bed.forget().await;
    for (words, told) in [
        ("refund OR invoice", r#"any:[\"refund\",\"invoice\"]"#),
        ("refund | invoice", r#"any:[\"refund\",\"invoice\"]"#),
        ("Acme | Refund", r#"query:\"Acme Refund\""#),
        (
            "late refund|invoice OR credit",
            r#"any:[\"late refund\",\"invoice\",\"credit\"]"#,
        ),
        ("refund AND invoice", r#"query:\"refund invoice\""#),
        ("refund NOT invoice", r#"query:\"refund\""#),
        ("refund AND NOT invoice", r#"query:\"refund\""#),
        ("refund OR -late", r#"query:\"refund\""#),
        ("\"credit note\"", r#"query:\"credit note\""#),
        ("late “credit note”", r#"query:\"late credit note\""#),
    ] {
        for (tool, module, product) in [
            ("search_records", "Cases", "desk"),
            ("count_records", "Cases", "desk"),
            ("search_records", "Leads", "crm"),
            ("count_records", "Leads", "crm"),
        ] {
            let arguments = json!({ "module": module, "app_type": product, "query": words });
            let answer = wire.call(tool, arguments).await;
            assert_eq!(answer["code"], "invalid_arguments", "{tool} {words}: {answer:#}");
            assert!(answer["next"].to_string().contains(told), "{words}: {answer:#}");
        }
    }
    assert!(
        !bed.seen()
            .await
            .iter()
            .any(|line| line.contains("search") || line.contains("count"))
    );
    for words in [
        "refund or invoice",
        "REFUND NOT RECEIVED",
        "5\" screen",
        "AT&T - refund",
    ] {
        let arguments = json!({ "module": "Cases", "query": words });
        let answer = wire.call("search_records", arguments).await;
        assert!(answer["count"].is_u64(), "{words}: {answer:#}");
    }
}

#[tokio::test]
async fn a_view_counts_and_searches_as_it_lists() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let views = wire.call("get_views", json!({ "module": "Cases" })).await;
    let views = views["data"].as_array().unwrap().clone();
    assert!(!views.is_empty());
    let since = json!({ "createdTime": { "from": "2026-11-10" } });
    for view in &views {
        for filters in [json!({}), since.clone()] {
            let arguments = json!({ "module": "Cases", "view": view["id"], "filters": filters });
            let rows = listed(&mut wire, arguments.clone()).await;
            let counted = wire.call("count_records", arguments.clone()).await;
            assert_eq!(counted["count"], rows, "{view} {filters}: {counted:#}");
            let searched = wire.call("search_records", arguments).await;
            assert_eq!(searched["count"], rows.min(25), "{view} {filters}: {searched:#}");
        }
    }
}

/// Zoho Desk, getTickets: rows carry `statusType`, `dueDate`, `responseDueDate`; no parameter asks for what is late.
#[tokio::test]
async fn what_is_late_is_found_in_the_rows() {
    let bed = Bed::connected().await;
    let all = tickets(&bed).await;
    let mut wire = bed.client().await;
    for name in ["overdue", "isOverDue"] {
        let field = "dueDate";
        let late = |row: &&Value| {
            let due = row[field]
                .as_str()
                .and_then(|due| due.parse::<jiff::Timestamp>().ok());
            row["statusType"] != "Closed" && due.is_some_and(|due| due < NOW)
        };
        let wanted = all.iter().filter(late).count();
        assert!(
            wanted > 0 && wanted < all.len(),
            "{name}: {wanted} of {}",
            all.len()
        );
        for (flag, number) in [(true, wanted), (false, all.len() - wanted)] {
            let arguments = json!({ "module": "Cases", "filters": { name: flag } });
            let counted = wire.call("count_records", arguments).await;
            assert_eq!(counted["count"], number, "{name} {flag}: {counted:#}");
            assert_eq!(counted["as_of"], NOW.to_string(), "{counted:#}");
        }
        let arguments = json!({ "module": "Cases", "filters": { name: true }, "fields": ["ticketNumber"] });
        let listed = wire.call("get_records", arguments).await;
        assert_eq!(listed["as_of"], NOW.to_string(), "{listed:#}");
        assert_eq!(listed["count"], wanted.min(25), "{listed:#}");
        assert!(
            listed["data"][0][field].is_null(),
            "a member nobody asked for: {listed:#}"
        );
        assert!(
            listed["notes"]
                .to_string()
                .contains("records were looked through"),
            "{listed:#}"
        );
    }
    let unclear = json!({ "module": "Cases", "filters": { "overdue": "yesterday" } });
    let unclear = wire.call("count_records", unclear).await;
    assert_eq!(unclear["code"], "invalid_arguments", "{unclear:#}");
}

/// The sandbox promises nobody a response by a time: rows as Zoho Desk, getTickets, has them.
#[tokio::test]
async fn a_late_response_is_one_to_a_case_that_is_not_closed() {
    let (house, mut wire) = House::served().await;
    let rows = json!({ "data": [
        { "id": "1", "statusType": "Open", "responseDueDate": "2020-01-01T00:00:00.000Z" },
        { "id": "2", "statusType": "On Hold", "responseDueDate": "2020-01-01T00:00:00.000Z" },
        { "id": "3", "statusType": "Closed", "responseDueDate": "2020-01-01T00:00:00.000Z" },
        { "id": "4", "statusType": "Open", "responseDueDate": "2099-01-01T00:00:00.000Z" },
        { "id": "5", "statusType": "Open", "responseDueDate": null },
    ] });
    for (name, flag, ids) in [
        ("responseOverdue", true, json!(["1", "2"])),
        ("is_response_overdue", false, json!(["3", "4", "5"])),
    ] {
        house
            .fake
            .script("/api/v1/tickets", [scripted(200, &rows.to_string())]);
        let arguments = json!({ "module": "Cases", "filters": { name: flag }, "fields": ["id"] });
        let answer = wire.call("get_records", arguments).await;
        let found: Vec<Value> = answer["data"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|row| row["id"].clone())
            .collect();
        assert_eq!(json!(found), ids, "{name}: {answer:#}");
    }
}

/// Zoho Desk, searchTickets: its rows are whole tickets, with `attachmentCount`; those of the list are not.
#[tokio::test]
async fn cases_with_files_are_found_among_the_rows_of_a_search() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let count = |filters: Value| json!({ "module": "Cases", "filters": filters });
    let all = wire.call("count_records", json!({ "module": "Cases" })).await;
    let with = wire
        .call("count_records", count(json!({ "hasAttachments": true })))
        .await;
    let without = wire
        .call("count_records", count(json!({ "has_attachments": false })))
        .await;
    let number = |answer: Value| answer["count"].as_u64().unwrap_or_else(|| panic!("{answer:#}"));
    let (with, without) = (number(with), number(without));
    assert!(with > 0 && without > 0, "{with} {without}");
    assert_eq!(all["count"], with + without);
    let listed = wire
        .call("get_records", count(json!({ "hasAttachments": true })))
        .await;
    let id = &listed["data"][0]["id"];
    let files = json!({ "module": "Cases", "id": id, "related": "attachments" });
    let files = wire.call("get_related_records", files).await;
    assert!(files["count"].as_u64().unwrap() > 0, "{files:#}");
}

#[tokio::test]
async fn rows_that_no_list_has_are_refused_and_not_counted_as_none() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for name in ["isSpam", "isTrashed", "deleted"] {
        for tool in ["count_records", "get_records", "search_records"] {
            let arguments = json!({ "module": "Cases", "filters": { name: true } });
            let answer = wire.call(tool, arguments).await;
            assert_eq!(answer["code"], "invalid_arguments", "{tool} {name}: {answer:#}");
            assert!(
                answer["error"].to_string().contains("leaves out"),
                "{tool} {name}: {answer:#}"
            );
        }
    }
}

/// OAS, searchTickets: `_all` has at least 3 characters; what a case says stands in its threads, which have no search.
#[tokio::test]
async fn what_words_do_not_find_is_told() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for short in ["at", "订单", "🙂"] {
        let refused = wire
            .call("search_records", json!({ "module": "Cases", "query": short }))
            .await;
        let error = refused["error"].as_str().unwrap();
        assert!(
            error.contains("query: expected at least 3 characters"),
            "{short}: {refused:#}"
        );
        assert!(!error.contains("_all"), "{short}: {refused:#}");
    }
    let refused = wire
        .call(
            "search_records",
            json!({ "module": "Cases", "query": "syncing, doesn't" }),
        )
        .await;
    assert!(
        refused["next"]
            .as_str()
            .unwrap()
            .contains(r#"{"subject":"syncing, doesn't"}"#),
        "{refused:#}"
    );
    for tool in ["search_records", "count_records"] {
        let nothing = wire
            .call(tool, json!({ "module": "Cases", "query": "zzqx:" }))
            .await;
        assert_eq!(nothing["count"], 0, "{nothing:#}");
        let notes = nothing["notes"].to_string();
        assert!(
            notes.contains("messages") && notes.contains(r#"query:\"zzqx\""#),
            "{tool}: {nothing:#}"
        );
    }
    let nothing = wire
        .call(
            "search_records",
            json!({ "module": "Contacts", "query": "(618) 555-9999" }),
        )
        .await;
    assert!(
        nothing["notes"].to_string().contains("find_customer"),
        "{nothing:#}"
    );
}
