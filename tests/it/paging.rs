//! Lists walked to their end through the server's own cursor, over HTTP: every row once, whatever base Zoho counts
//! from, whatever the size of a page.
//!
//! Assumed: rows that come or go between two pages move the others; no document of Zoho's says what its pages do then.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use zoho_mcp::sandbox::Options;

use crate::bed::{Bed, USER, Wire};
use crate::desk_client::Desk;

/// A connected desk of so many tickets, whose rows count from 0 or from 1.
pub(crate) async fn bed(tickets: u64, from_base: u8) -> Bed {
    let bed = Bed::empty(Options {
        tickets,
        from_base,
        ..Options::default()
    })
    .await;
    bed.connect(USER).await;
    bed
}

/// The answers from the first page to the one without a cursor.
async fn walk(wire: &mut Wire, arguments: &Value) -> Vec<Value> {
    let mut pages = Vec::new();
    let mut arguments = arguments.clone();
    loop {
        let page = wire.call("get_records", arguments.clone()).await;
        assert!(page["data"].is_array(), "{arguments}: {page}");
        let cursor = page["next_cursor"].clone();
        assert_eq!(page["has_more"], cursor.is_string(), "{arguments}: {page}");
        pages.push(page);
        if cursor.is_null() {
            return pages;
        }
        arguments["cursor"] = cursor;
        assert!(pages.len() < 3000, "no end");
    }
}

fn ids(pages: &[Value]) -> Vec<String> {
    pages.iter().flat_map(crate::bed::ids).collect()
}

#[track_caller]
fn once_each(pages: &[Value], count: usize, what: &str) {
    let ids = ids(pages);
    let different: BTreeSet<&String> = ids.iter().collect();
    assert_eq!((ids.len(), different.len()), (count, count), "{what}");
    for page in pages {
        assert!(
            page["notes"].as_array().is_none_or(|notes| !notes
                .iter()
                .any(|note| note.as_str().unwrap().contains("changed"))),
            "{what}: {page}"
        );
    }
}

/// Calls of this path since the last `forget`.
async fn calls(bed: &Bed, path: &str) -> usize {
    let seen = bed.seen().await;
    let wanted = format!("GET {path}");
    seen.iter().filter(|line| line.starts_with(&wanted)).count()
}

#[tokio::test]
async fn every_case_comes_once_and_a_page_costs_one_call() {
    for base in [0, 1] {
        let bed = bed(60, base).await;
        let mut wire = bed.client().await;
        wire.call("get_records", json!({ "module": "Cases", "limit": 1 }))
            .await;
        // 12, 20, 30 and 60 divide the rows: the last page is a full one.
        for limit in [1, 7, 12, 20, 25, 30, 59, 60, 61, 99] {
            bed.forget().await;
            let what = format!("pages of {limit} counted from {base}");
            let arguments = json!({ "module": "Cases", "limit": limit, "fields": ["subject"] });
            let pages = walk(&mut wire, &arguments).await;
            once_each(&pages, 60, &what);
            assert_eq!(pages.len(), 60_usize.div_ceil(limit), "{what}");
            // A short page of 50 rows or more may have been cut there (amp-labs/connectors#1223 has 50 a request).
            let asked_behind = usize::from(limit >= 60);
            let asked = calls(&bed, "/api/v1/tickets?").await;
            assert_eq!(asked, pages.len() + asked_behind, "{what}");
        }
    }
}

#[tokio::test]
async fn sorted_lists_searches_and_lists_that_always_count_from_one_are_walked_too() {
    for base in [0, 1] {
        let bed = bed(60, base).await;
        let mut wire = bed.client().await;
        for (arguments, count) in [
            (
                json!({ "module": "Cases", "sort_by": "dueDate", "fields": ["subject"] }),
                60,
            ),
            (json!({ "module": "Contacts", "fields": ["lastName"] }), 40),
            (json!({ "module": "agents" }), 8),
            (
                json!({ "module": "Cases", "fields": ["subject"],
                    "filters": { "createdTime": { "from": "2000-01-01", "to": "2100-01-01" } } }),
                60,
            ),
        ] {
            for limit in [1, 3, 4, 25] {
                let mut arguments = arguments.clone();
                arguments["limit"] = json!(limit);
                let pages = walk(&mut wire, &arguments).await;
                once_each(&pages, count, &format!("{arguments} counted from {base}"));
            }
        }
    }
}

#[tokio::test]
async fn answers_cut_by_the_budget_go_on_at_the_next_row() {
    let bed = bed(60, 0).await;
    let mut wire = bed.client().await;
    let arguments = json!({ "module": "Cases", "limit": 60,
        "fields": ["subject", "email", "webUrl", "contactId", "createdTime", "departmentId", "customerResponseTime",
            "ticketNumber", "status", "priority", "channel", "threadCount", "commentCount", "assigneeId", "dueDate"] });
    let pages = walk(&mut wire, &arguments).await;
    assert!(
        pages[0]["count"].as_u64().unwrap() < 60,
        "the budget cuts the first page"
    );
    once_each(&pages, 60, "cut pages");
}

#[tokio::test]
async fn crm_records_come_once_across_the_border_of_two_thousand() {
    let bed = bed(5, 0).await;
    let mut wire = bed.client().await;
    // 100 and 200 reach the border exactly, 7 and 60 within a page.
    for limit in [7, 60, 100] {
        bed.forget().await;
        let arguments =
            json!({ "module": "Calls", "app_type": "crm", "limit": limit, "fields": ["Subject"] });
        let pages = walk(&mut wire, &arguments).await;
        once_each(&pages, 2350, &format!("pages of {limit}"));
        let stats = bed.get("/__sandbox/stats").await;
        assert_eq!(
            stats["counts"]["GET /crm/v8/Calls"],
            pages.len(),
            "pages of {limit}"
        );
    }
}

/// Where the size changes at the border, its last page by number is another one.
#[tokio::test]
async fn the_border_of_two_thousand_is_crossed_in_pages_of_any_size() {
    let bed = bed(5, 0).await;
    let mut wire = bed.client().await;
    for (large, small, border) in [
        (99, 7, 1900),
        (99, 7, 1985),
        (60, 99, 1950),
        (50, 1, 1990),
        (25, 2, 1999),
        (7, 99, 1985),
        (11, 99, 1979),
    ] {
        let mut arguments = json!({ "module": "Calls", "app_type": "crm", "fields": ["Subject"] });
        let (mut pages, mut rows) = (Vec::new(), 0);
        loop {
            arguments["limit"] = json!(if (border..2_010).contains(&rows) {
                small
            } else {
                large
            });
            let page = wire.call("get_records", arguments.clone()).await;
            rows += ids(std::slice::from_ref(&page)).len();
            arguments["cursor"] = page["next_cursor"].clone();
            pages.push(page);
            if arguments["cursor"].is_null() {
                break;
            }
        }
        once_each(&pages, 2350, &format!("{large}, then {small} from {border} on"));
    }
}

#[tokio::test]
async fn a_search_gives_all_the_rows_up_to_its_ceiling_once() {
    let bed = bed(5, 0).await;
    let mut wire = bed.client().await;
    for limit in [25, 60, 99] {
        let arguments = json!({ "module": "Calls", "app_type": "crm", "limit": limit, "fields": ["Subject"],
            "filters": { "Created_Time": { "from": "2000-01-01", "to": "2100-01-01" } } });
        let pages = walk_to_ceiling(&mut wire, arguments).await;
        once_each(&pages, 2000, &format!("pages of {limit}"));
        let last = pages.last().unwrap();
        assert_eq!(last["has_more"], true, "{last}");
        assert!(last["notes"].to_string().contains("2,000 rows at most"), "{last}");
    }
}

#[tokio::test]
async fn small_crm_modules_are_walked_in_pages_of_any_size() {
    let bed = bed(5, 0).await;
    let mut wire = bed.client().await;
    let count = wire.call("count_records", json!({ "module": "Leads" })).await;
    let count = usize::try_from(count["count"].as_u64().unwrap()).unwrap();
    for limit in [1, 7, 25, count / 2, count, 99] {
        let arguments = json!({ "module": "Leads", "limit": limit, "fields": ["Last_Name"] });
        let pages = walk(&mut wire, &arguments).await;
        once_each(&pages, count, &format!("pages of {limit}"));
        assert_eq!(pages.len(), count.div_ceil(limit));
    }
}

/// Rows that come and go between two pages: as long as the last row given is still there and fewer than half of
/// Zoho's largest page came or went, every row that was there all the time comes once.
#[tokio::test]
async fn rows_that_come_and_go_between_pages_lose_and_double_no_other() {
    for (base, limit) in [(0, 1), (1, 1), (0, 7), (1, 25)] {
        // The last row given moves to every place near the end of the page that asks for it, and beyond.
        for came in [limit + 1, limit + 2, limit + 3] {
            let what = format!("{came} came, pages of {limit} from {base}");
            let bed = bed(60, base).await;
            let mut wire = bed.client().await;
            let arguments =
                json!({ "module": "Cases", "limit": limit, "sort_by": "createdTime", "fields": ["subject"] });
            let before = ids(&walk(&mut wire, &arguments).await);
            let first = wire.call("get_records", arguments.clone()).await;
            let given = ids(std::slice::from_ref(&first));

            let desk = Desk::of(&bed).await;
            let mut new = Vec::new();
            for _ in 0..came {
                new.push(desk.create("New", "").await);
            }
            let second = wire.call("get_records", with_cursor(&arguments, &first)).await;
            let more = ids(std::slice::from_ref(&second));
            assert!(!more.is_empty(), "{what}");
            assert_eq!(more, before[limit..limit + more.len()], "{what}");

            let gone: Vec<&String> = new.iter().chain(&given).take(45).collect();
            desk.trash(&gone).await;
            let rest = walk(&mut wire, &with_cursor(&arguments, &second)).await;
            assert_eq!(ids(&rest), before[limit + more.len()..], "then went, {what}");
        }
    }
}

/// Without the last row given nobody can say where the list goes on: the answer does, and tells that it is a guess.
#[tokio::test]
async fn a_lost_last_row_is_told() {
    let bed = bed(60, 0).await;
    let mut wire = bed.client().await;
    let arguments = json!({ "module": "Cases", "limit": 7, "sort_by": "createdTime", "fields": ["subject"] });
    let before = ids(&walk(&mut wire, &arguments).await);
    let first = wire.call("get_records", arguments.clone()).await;
    Desk::of(&bed).await.trash(&[&before[6]]).await;
    let second = wire.call("get_records", with_cursor(&arguments, &first)).await;
    assert_eq!(ids(std::slice::from_ref(&second)), before[7..14]);
    assert!(
        second["notes"][0]
            .as_str()
            .unwrap()
            .contains("changed while it was paged"),
        "{second}"
    );
}

#[tokio::test]
async fn desk_ends_at_its_ceiling_and_the_answer_says_so() {
    let bed = bed(6_000, 1).await;
    let mut wire = bed.client().await;
    for arguments in [
        json!({ "module": "Cases", "limit": 99, "fields": ["status"] }),
        json!({ "module": "Cases", "limit": 99, "fields": ["status"],
            "filters": { "createdTime": { "from": "2000-01-01", "to": "2100-01-01" } } }),
    ] {
        let pages = walk_to_ceiling(&mut wire, arguments).await;
        let ids = ids(&pages);
        let different: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(ids.len(), different.len());
        assert!(ids.len() >= 4990, "{}", ids.len());
        let last = pages.last().unwrap();
        assert_eq!(last["has_more"], true);
        assert!(last["notes"].to_string().contains("5,000 rows at most"), "{last}");
    }
}

/// The pages up to one without a cursor, although there is more.
async fn walk_to_ceiling(wire: &mut Wire, mut arguments: Value) -> Vec<Value> {
    let mut pages = vec![wire.call("get_records", arguments.clone()).await];
    while let Some(cursor) = pages[pages.len() - 1].get("next_cursor").cloned() {
        arguments["cursor"] = cursor;
        let page = wire.call("get_records", arguments.clone()).await;
        assert!(page["error"].is_null(), "{page}");
        pages.push(page);
        assert!(pages.len() < 200, "no end");
    }
    pages
}

fn with_cursor(arguments: &Value, page: &Value) -> Value {
    let mut arguments = arguments.clone();
    arguments["cursor"] = page["next_cursor"].clone();
    arguments
}
