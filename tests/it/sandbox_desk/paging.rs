//! Paging shows every row once, whatever the page size and the base that lists count from.

use std::collections::HashSet;

use super::tester::{Tester, options};

fn collect(tester: &mut Tester, list: &str, size: usize, start: usize) -> Vec<String> {
    let mut seen = Vec::new();
    let mut from = start;
    let mark = if list.contains('?') { '&' } else { '?' };
    loop {
        let rows = tester.rows(&format!("{list}{mark}from={from}&limit={size}"));
        assert!(rows.len() <= size);
        if rows.is_empty() {
            return seen;
        }
        from += rows.len();
        seen.extend(rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()));
    }
}

#[test]
fn every_row_is_seen_once() {
    for base in [0, 1] {
        let mut tester = Tester::with(options(3, 60, base));
        let long = tester
            .rows("/tickets?limit=100")
            .into_iter()
            .find(|row| row["threadCount"] == "60")
            .unwrap();
        let threads = format!("/tickets/{}/threads", long["id"].as_str().unwrap());
        let lists: Vec<(&str, usize)> = vec![
            ("/tickets", 60),
            ("/tickets?sortBy=dueDate", 60),
            ("/tickets?sortBy=-recentThread", 60),
            ("/contacts", 40),
            ("/accounts?sortBy=accountName", 40),
            ("/tasks?sortBy=-subject", 48),
            ("/agents", 8),
            (&threads, 60),
        ];
        for (list, count) in lists {
            for size in [1, 7, 25, 100] {
                let mut seen = collect(&mut tester, list, size, base.into());
                assert_eq!(seen.len(), count, "{list} in pages of {size} from {base}");
                seen.sort();
                seen.dedup();
                assert_eq!(
                    seen.len(),
                    count,
                    "{list} in pages of {size} from {base}: a row came twice"
                );
            }
        }
    }
}

#[test]
fn search_counts_from_zero_in_both() {
    for base in [0, 1] {
        let mut tester = Tester::with(options(3, 30, base));
        for size in [1, 7, 100] {
            let all = "/tickets/search?createdTimeRange=2000-01-01T00:00:00.000Z,2100-01-01T00:00:00.000Z";
            assert_eq!(collect(&mut tester, all, size, 0).len(), 30);
        }
    }
}

#[test]
fn zero_is_accepted_as_one_where_lists_count_from_one() {
    let mut one = Tester::with(options(3, 30, 1));
    assert_eq!(
        one.rows("/tickets?from=0&limit=5"),
        one.rows("/tickets?from=1&limit=5")
    );
    assert_eq!(one.rows("/tickets?limit=5"), one.rows("/tickets?from=1&limit=5"));
    let mut zero = Tester::with(options(3, 30, 0));
    assert_eq!(
        zero.rows("/tickets?limit=5"),
        zero.rows("/tickets?from=0&limit=5")
    );
    assert_ne!(
        zero.rows("/tickets?from=0&limit=5"),
        zero.rows("/tickets?from=1&limit=5")
    );
}

#[test]
fn a_hundred_thousand_tickets_page_to_the_ceiling() {
    let mut tester = Tester::with(options(1, 100_000, 1));
    let newest = tester.rows("/tickets?limit=100");
    assert_eq!(newest.len(), 100);
    assert_eq!(newest[0]["ticketNumber"], "100100");
    let last = tester.rows("/tickets?from=4999&limit=100");
    // One in 71 is spam, which lists leave out.
    assert_eq!(last[0]["ticketNumber"], "95031");
    let (status, error) = tester.get("/tickets?from=5000&limit=100");
    assert_eq!(
        (status, error["errorCode"].as_str()),
        (422, Some("UNPROCESSABLE_ENTITY"))
    );
    assert_eq!(
        error["message"],
        "The value passed for field 'from' exceeds the range of '0-4999'."
    );
    let mut archived = HashSet::new();
    for department in tester.rows("/departments?limit=100") {
        let path = format!(
            "/tickets/archivedTickets?limit=100&departmentId={}",
            department["id"].as_str().unwrap()
        );
        for from in (0..).step_by(100) {
            let rows = tester.rows(&format!("{path}&from={from}"));
            assert!(
                rows.iter()
                    .all(|row| row["isArchived"] == true && row["closedTime"].is_string())
            );
            archived.extend(rows.iter().map(|row| row["id"].to_string()));
            if rows.len() < 100 {
                break;
            }
        }
    }
    assert_eq!(tester.read("/ticketsCount")["count"], 98_592 - archived.len());
    assert!(archived.len() > 400, "{}", archived.len());
    let (status, error) = tester.get("/tickets/search?from=4999&_all=sensor");
    assert_eq!(
        (status, error["message"].as_str()),
        (422, Some("Max search result iterable is 5000"))
    );
    let oldest = tester.read("/tickets/search?ticketNumber=101");
    assert_eq!(oldest["count"], 1);
}
