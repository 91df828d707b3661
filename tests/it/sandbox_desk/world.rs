//! What the seeded organizations hold.

use serde_json::Value;

use super::tester::{Tester, id, options};

#[test]
fn the_same_seed_makes_the_same_world() {
    let page = |seed: u64| {
        Tester::with(options(seed, 80, 1))
            .read("/tickets?limit=100&include=contacts,assignee")
            .to_string()
    };
    assert_eq!(page(5), page(5));
    assert_ne!(page(5), page(6));
}

#[test]
fn ids_are_long_and_grow_with_time() {
    let mut tester = Tester::new(60);
    let rows = tester.rows("/tickets?limit=100");
    for pair in rows.windows(2) {
        let (newer, older) = (&pair[0], &pair[1]);
        assert_eq!(id(newer).len(), 18);
        assert!(id(newer) > id(older));
        assert!(newer["createdTime"].as_str() > older["createdTime"].as_str());
    }
    let web_url = rows[0]["webUrl"].as_str().unwrap();
    let expected = format!(
        "https://desk.zoho.com/support/brightharbor/ShowHomePage.do#Cases/dv/{}",
        id(&rows[0])
    );
    assert_eq!(web_url, expected);
}

#[test]
fn one_department_is_empty_and_one_ticket_has_sixty_threads() {
    let mut tester = Tester::new(120);
    let departments = tester.rows("/departments");
    assert!(departments.len() >= 3);
    let empty = departments
        .iter()
        .filter(|row| tester.get(&format!("/tickets?departmentId={}", id(row))).0 == 204)
        .count();
    assert_eq!(empty, 1);
    let long: Vec<Value> = tester
        .rows("/tickets?limit=100")
        .into_iter()
        .filter(|row| row["threadCount"] == "60")
        .collect();
    assert_eq!(long.len(), 1);
    let threads = tester.rows(&format!("/tickets/{}/threads?limit=100", id(&long[0])));
    assert_eq!(threads.len(), 60);
    assert!(threads[0]["createdTime"].as_str() > threads[59]["createdTime"].as_str());
    assert_eq!(
        threads
            .iter()
            .filter(|row| row["isDescriptionThread"] == true)
            .count(),
        1
    );
}

#[test]
fn texts_are_those_of_many_people() {
    let mut tester = Tester::new(120);
    let rows = tester
        .rows("/tickets/search?limit=100&createdTimeRange=2000-01-01T00:00:00.000Z,2100-01-01T00:00:00.000Z");
    let all: String = rows
        .iter()
        .map(|row| {
            format!(
                "{}{}",
                row["subject"].as_str().unwrap(),
                row["description"].as_str().unwrap_or_default()
            )
        })
        .collect();
    let is_in = |from: char, to: char| all.chars().any(|letter| (from..=to).contains(&letter));
    assert!(
        is_in('\u{5d0}', '\u{5ea}') || is_in('\u{627}', '\u{64a}'),
        "no right-to-left text"
    );
    assert!(is_in('\u{4e00}', '\u{9fff}'), "no CJK text");
    assert!(all.contains("<blockquote"), "no quoted history");
    for trap in [
        "Ignore previous instructions",
        "\u{200b}",
        "\u{202e}",
        "\u{e0065}",
        "SYSTEM:",
    ] {
        assert!(all.contains(trap), "no injection with {trap:?}");
    }
    assert!(
        rows.iter().any(|row| row["priority"].is_null()
            && row["assigneeId"].is_null()
            && row["description"].is_null())
    );
}

#[test]
fn filters_find_what_the_records_say() {
    let mut tester = Tester::new(90);
    let all = tester
        .rows("/tickets/search?limit=100&createdTimeRange=2000-01-01T00:00:00.000Z,2100-01-01T00:00:00.000Z");
    // One is spam.
    assert_eq!(all.len(), 89);
    for field in [
        "id",
        "ticketNumber",
        "status",
        "priority",
        "channel",
        "departmentId",
        "contactId",
        "accountId",
        "productId",
        "assigneeId",
        "category",
    ] {
        let mut values: Vec<&str> = all.iter().filter_map(|row| row[field].as_str()).collect();
        values.sort_unstable();
        values.dedup();
        for value in values.into_iter().take(6) {
            let expected = all.iter().filter(|row| row[field] == value).count();
            let found = tester.read(&format!("/tickets/search?{field}={value}"));
            assert_eq!(found["count"], expected, "{field}={value}");
        }
    }
    for (time, range) in [
        ("createdTime", "createdTimeRange"),
        ("modifiedTime", "modifiedTimeRange"),
        ("dueDate", "dueDateRange"),
        ("customerResponseTime", "customerResponseTimeRange"),
    ] {
        let mut times: Vec<&str> = all.iter().filter_map(|row| row[time].as_str()).collect();
        times.sort_unstable();
        let (from, to) = (times[times.len() / 4], times[times.len() / 2]);
        let expected = times.iter().filter(|time| (from..=to).contains(*time)).count();
        assert_eq!(
            tester.read(&format!("/tickets/search?{range}={from},{to}"))["count"],
            expected,
            "{range}"
        );
    }
    let subject = all[3]["subject"].as_str().unwrap();
    let found = tester.rows(&format!(
        "/tickets/search?subject={}",
        subject.replace(['&', '=', '?'], "*")
    ));
    assert!(found.iter().any(|row| row["id"] == all[3]["id"]));
}
