//! Days in conditions: a set is a set, a pair a span and told to be one, and a day that is none is said to be none.

use serde_json::{Value, json};

use crate::bed::{Bed, NOW, Wire};

async fn asked(wire: &mut Wire, tool: &str, module: &str, filters: Value) -> Value {
    let arguments = json!({ "module": module, "filters": filters });
    wire.call(tool, arguments).await
}

async fn count(wire: &mut Wire, module: &str, filters: Value) -> u64 {
    let answer = asked(wire, "count_records", module, filters).await;
    answer["count"].as_u64().unwrap_or_else(|| panic!("{answer:#}"))
}

/// The days of a field of some records, the first and the last of three different ones.
async fn first_and_last(wire: &mut Wire, module: &str, field: &str) -> [String; 2] {
    let arguments = json!({ "module": module, "fields": [field], "limit": 99 });
    let answer = wire.call("get_records", arguments).await;
    let rows = answer["data"].as_array().unwrap_or_else(|| panic!("{answer:#}"));
    let mut days: Vec<String> = rows
        .iter()
        .filter_map(|row| Some(row[field].as_str()?[..10].to_owned()))
        .collect();
    days.sort();
    days.dedup();
    assert!(days.len() > 2, "{days:?}");
    [days[0].clone(), days[days.len() - 1].clone()]
}

/// The times of Desk that a list takes no condition on, those a search has a span for, and the dates and times of CRM.
#[tokio::test]
async fn a_set_of_days_is_a_set_and_a_pair_is_a_span() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (module, field) in [
        ("Cases", "createdTime"),
        ("Cases", "closedTime"),
        ("Cases", "dueDate"),
        ("Deals", "Closing_Date"),
        ("Deals", "Created_Time"),
    ] {
        let [first, last] = first_and_last(&mut wire, module, field).await;
        let days = json!([first, last]);
        let alone = [
            count(&mut wire, module, json!({ field: first })).await,
            count(&mut wire, module, json!({ field: last })).await,
        ];
        let span = count(&mut wire, module, json!({ field: { "from": first, "to": last } })).await;
        assert!(
            alone.iter().all(|rows| *rows > 0) && alone[0] + alone[1] < span,
            "{field}"
        );
        for set in [
            json!({ "in": days }),
            json!({ "any": days }),
            json!({ "is": days }),
        ] {
            for tool in ["count_records", "get_records", "search_records"] {
                let answer = asked(&mut wire, tool, module, json!({ field: set })).await;
                let most = if tool == "count_records" { u64::MAX } else { 25 };
                assert_eq!(
                    answer["count"],
                    (alone[0] + alone[1]).min(most),
                    "{tool} {field} {set}: {answer:#}"
                );
                assert!(!answer["notes"].to_string().contains("as a span"), "{answer:#}");
            }
        }
        let written = format!("{first},{last}");
        for (pair, told) in [
            (days.clone(), true),
            (json!({ "between": days }), false),
            (json!(written), false),
        ] {
            let answer = asked(&mut wire, "count_records", module, json!({ field: pair })).await;
            assert_eq!(answer["count"], span, "{field} {pair}: {answer:#}");
            let notes = answer["notes"].to_string();
            assert_eq!(
                notes.contains("was read as a span"),
                told,
                "{field} {pair}: {answer:#}"
            );
        }
    }
}

/// A day that is left out is all of its times.
#[tokio::test]
async fn not_a_day_leaves_out_all_of_it() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let all = count(&mut wire, "Cases", json!({})).await;
    for field in ["createdTime", "dueDate"] {
        let [first, last] = first_and_last(&mut wire, "Cases", field).await;
        let on = count(&mut wire, "Cases", json!({ field: { "in": [first, last] } })).await;
        let off = count(
            &mut wire,
            "Cases",
            json!({ field: { "not": { "in": [first, last] } } }),
        )
        .await;
        assert_eq!(on + off, all, "{field}");
    }
}

#[tokio::test]
async fn an_export_of_a_set_of_days_has_these_days_only() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(crate::exports::tools(&bed).await).await;
    for (module, field) in [("Cases", "createdTime"), ("Deals", "Created_Time")] {
        let [first, last] = first_and_last(&mut wire, module, field).await;
        let filters = json!({ field: { "in": [first, last] } });
        let listed = asked(&mut wire, "search_records", module, filters.clone()).await;
        assert!(!listed.to_string().contains("contradict"), "{listed:#}");
        let wanted = count(&mut wire, module, filters.clone()).await;
        let answer = asked(&mut wire, "export_records", module, filters).await;
        assert_eq!(answer["data"]["records"], wanted, "{module}: {answer:#}");
        assert_eq!(answer["complete"], true, "{module}: {answer:#}");
    }
}

/// Nothing is found on a day that is none, and that looks like an answer.
#[tokio::test]
async fn a_day_that_does_not_exist_is_said_not_to() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(crate::exports::tools(&bed).await).await;
    bed.forget().await;
    for (module, filters) in [
        ("Cases", json!({ "createdTime": "2026-02-31" })),
        ("Cases", json!({ "closedTime": { "from": "2026-02-31" } })),
        ("Cases", json!({ "closedTime": ["2026-02-01", "2026-02-31"] })),
        (
            "Cases",
            json!({ "dueDate": { "in": ["2026-02-01", "2026-02-31", "2026-03-01"] } }),
        ),
        ("Cases", json!({ "dueDate": { "not": "2026-02-31" } })),
        ("Cases", json!({ "createdTime": "2026-02-31T10:00:00Z" })),
        ("Cases", json!({ "cf_severity": "2026-02-31" })),
        ("Deals", json!({ "Closing_Date": "2026-02-31" })),
        ("Deals", json!({ "Closing_Date": { "gt": "2026-02-31" } })),
        (
            "Deals",
            json!({ "Created_Time": { "from": "2026-01-01", "to": "2026-02-31" } }),
        ),
    ] {
        for tool in ["get_records", "count_records", "search_records", "export_records"] {
            let answer = asked(&mut wire, tool, module, filters.clone()).await;
            assert_eq!(
                answer["code"], "invalid_arguments",
                "{tool} {filters}: {answer:#}"
            );
            assert!(
                answer["error"]
                    .to_string()
                    .contains("2026-02-31, which it does not have"),
                "{tool} {filters}: {answer:#}"
            );
            assert!(
                answer["next"].to_string().contains("2026-02-28"),
                "{tool} {filters}: {answer:#}"
            );
        }
    }
    for filters in [
        json!({ "closedTime": "soon" }),
        json!({ "closedTime": { "in": ["2026-02-01", "later"] } }),
    ] {
        let answer = asked(&mut wire, "get_records", "Cases", filters.clone()).await;
        assert_eq!(answer["code"], "invalid_arguments", "{filters}: {answer:#}");
    }
    assert!(!bed.seen().await.iter().any(|line| line.contains("/tickets?")));
}

/// A day by its word, in the zone of the call, told as what it became.
#[tokio::test]
async fn today_is_a_day() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let day = "2026-11-20";
    for (app, module, field) in [
        ("desk", "Cases", "createdTime"),
        ("desk", "Cases", "closedTime"),
        ("crm", "Deals", "Created_Time"),
    ] {
        let mut count = async |value: Value| {
            let call = json!({ "module": module, "app_type": app, "filters": { field: value } });
            wire.call("count_records", call).await
        };
        for (word, same) in [
            (json!("today"), json!(day)),
            (json!({ "from": "Yesterday" }), json!({ "from": "2026-11-19" })),
            (json!({ "lt": "tomorrow" }), json!({ "lt": "2026-11-21" })),
            (json!("2 days ago"), json!("2026-11-18")),
            (
                json!("this month"),
                json!({ "from": "2026-11-01", "to": "2026-11-30" }),
            ),
            (
                json!("${LAST_MONTH}"),
                json!({ "from": "2026-10-01", "to": "2026-10-31" }),
            ),
            (
                json!({ "not": "this month" }),
                json!({ "not": { "from": "2026-11-01", "to": "2026-11-30" } }),
            ),
            (json!({ "from": "this year" }), json!({ "from": "2026-01-01" })),
            (json!({ "to": "last month" }), json!({ "to": "2026-10-31" })),
            (json!({ "lt": "this month" }), json!({ "lt": "2026-11-01" })),
            (json!({ "gt": "last month" }), json!({ "from": "2026-11-01" })),
            (json!({ "lt": "now" }), json!({ "lt": NOW.to_string() })),
        ] {
            let (by_word, by_day) = (count(word.clone()).await, count(same).await);
            assert!(by_day["count"].is_u64(), "{by_day:#}");
            assert_eq!(by_word["count"], by_day["count"], "{word}: {by_word:#}");
            assert_eq!(by_word["repairs"][0]["rule"], "day", "{by_word:#}");
        }
    }
}

/// A week begins on Monday or on Sunday, seven days have today in them or not: the days are told, not chosen.
#[tokio::test]
async fn words_for_days_with_two_readings_are_told_with_their_days() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (words, told) in [
        (json!("last 7 days"), r#"{"from":"2026-11-14"}"#),
        (
            json!({ "from": "next 2 days" }),
            r#"{"from":"2026-11-20","to":"2026-11-21"}"#,
        ),
        (json!("last 2 weeks"), r#"{"from":"2026-11-07"}"#),
        (json!("past 3 months"), r#"{"from":"2026-08-21"}"#),
        (json!("since October"), r#"{"from":"2026-10-01"}"#),
        (json!("since december"), r#"{"from":"2025-12-01"}"#),
        (json!("this week"), r#"{"from":"2026-11-16","to":"2026-11-22"}"#),
        (
            json!("last quarter"),
            r#"{"from":"2026-07-01","to":"2026-09-30"}"#,
        ),
        (
            json!({ "not": ["this month", "2026-01-01"] }),
            r#"{"not":{"from":"2026-11-01","to":"2026-11-30"}} alone"#,
        ),
    ] {
        for tool in ["get_records", "search_records", "count_records"] {
            let answer = asked(&mut wire, tool, "Cases", json!({ "createdTime": words })).await;
            assert_eq!(answer["code"], "invalid_arguments", "{tool} {words}: {answer:#}");
            let next = answer["next"].as_str().unwrap();
            assert!(next.contains(told), "{tool} {words}: {next}");
        }
    }
}

/// `Mandate` and `Candidate` end in letters that are a word elsewhere; a time is one in any spelling.
#[tokio::test]
async fn only_a_name_with_a_word_for_time_is_a_time() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (module, field, is_time) in [
        ("Deals", "Mandate", false),
        ("Deals", "candidate", false),
        ("Deals", "Closing_Date", true),
        ("Deals", "closing date", true),
        ("Deals", "closingdate", true),
        ("Cases", "createdTime", true),
        ("Cases", "created_time", true),
        ("Cases", "createdtime", true),
        ("Cases", "cf_due_date", true),
    ] {
        let answer = asked(&mut wire, "get_records", module, json!({ field: "last 7 days" })).await;
        let is_refused_as_days = answer["error"].to_string().contains("expected days");
        assert_eq!(is_refused_as_days, is_time, "{module} {field}: {answer:#}");
    }
}

#[tokio::test]
async fn a_month_and_a_year_are_all_of_their_days() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (module, field) in [
        ("Cases", "createdTime"),
        ("Deals", "Created_Time"),
        ("Deals", "Closing_Date"),
    ] {
        for (text, from, to) in [
            (json!("2026-10"), "2026-10-01", "2026-10-31"),
            (json!("2026"), "2026-01-01", "2026-12-31"),
            (json!(2026), "2026-01-01", "2026-12-31"),
            (
                json!({ "from": "2026-09", "to": "2026-10" }),
                "2026-09-01",
                "2026-10-31",
            ),
        ] {
            let span = json!({ field: { "from": from, "to": to } });
            let wanted = count(&mut wire, module, span).await;
            let told = asked(&mut wire, "count_records", module, json!({ field: text })).await;
            assert_eq!(told["count"], wanted, "{module} {text}: {told:#}");
            assert!(told["repairs"].to_string().contains(to), "{text}: {told:#}");
        }
    }
    for text in ["2026-13", "1026"] {
        let told = asked(
            &mut wire,
            "count_records",
            "Cases",
            json!({ "createdTime": text }),
        )
        .await;
        assert_eq!(told["code"], "invalid_arguments", "{text}: {told:#}");
    }
}
