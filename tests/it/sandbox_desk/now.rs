//! Desk at any moment: the same organizations, and times that lead up to it.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::Value;

use super::tester::{Tester, id, options};
use crate::bed::NOW;
use crate::timeless::timeless;

const ALL: &str = "limit=100&createdTimeRange=1900-01-01T00:00:00.000Z,2200-01-01T00:00:00.000Z";

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What the lists, the searches and the newest tickets show.
fn everything(now: Timestamp) -> Vec<Value> {
    let mut tester = Tester::at(options(1, 60, 1), now);
    let mut rows = Vec::new();
    for module in [
        "contacts", "accounts", "tasks", "calls", "events", "products", "articles", "tickets",
    ] {
        rows.extend(tester.rows(&format!("/{module}/search?{}", ALL.replace("100", "50"))));
    }
    for list in ["agents", "departments", "teams", "contracts"] {
        rows.extend(tester.rows(&format!("/{list}")));
    }
    for ticket in tester.rows("/tickets?limit=12") {
        for side in [
            "threads",
            "comments",
            "attachments",
            "timeEntry",
            "resolutionHistory",
        ] {
            let side = tester.rows(&format!("/tickets/{}/{side}", id(&ticket)));
            rows.extend(side);
        }
    }
    rows
}

/// A mail without what its program wrote below, whose date is in the words of a language, and without how long it took.
fn unquoted(mut row: Value) -> Value {
    for key in ["content", "description"] {
        let marks = ["gmail_quote", "divRplyFwdMsg", "type=\"cite\"", "zmail_extra"];
        let own = row[key].as_str().map(|text| {
            let end = marks.iter().filter_map(|mark| text.find(mark)).min();
            text[..end.unwrap_or(text.len())].to_owned()
        });
        if let Some(own) = own {
            row[key] = own.into();
        }
    }
    // The beginning of a short mail reaches into what it quotes.
    if row["summary"].is_string() {
        row["summary"] = "*".into();
    }
    // Nights and weekends lie at other distances from now.
    for key in ["isOverDue", "isResponseOverdue"] {
        if row[key].is_boolean() {
            row[key] = "*".into();
        }
    }
    // What is recent is answered sooner than what had time.
    if row["respondedIn"].is_string() {
        row["respondedIn"] = "*".into();
    }
    row
}

#[test]
fn only_times_depend_on_now() {
    let told = |rows: &[Value]| {
        rows.iter()
            .map(|row| timeless(&unquoted(row.clone()).to_string()))
            .collect::<Vec<_>>()
    };
    let wanted = everything(NOW);
    for now in [
        "2026-11-20T04:00:00Z",
        "2028-02-29T23:59:59.9Z",
        "1999-12-31T23:59:59Z",
        "2027-01-01T00:10:00+14:00",
    ] {
        let found = everything(moment(now));
        for (found, wanted) in told(&found).iter().zip(told(&wanted)) {
            assert_eq!(*found, wanted, "{now}");
        }
        assert_eq!(found.len(), wanted.len(), "{now}");
        assert_ne!(found, wanted, "{now}: nothing moved");
    }
}

#[test]
fn whatever_the_time_of_day_some_cases_are_due_today_some_late_and_the_newest_is_new() {
    let zones = [
        "UTC",
        "Pacific/Kiritimati",
        "America/St_Johns",
        "Europe/Amsterdam",
    ]
    .map(|name| TimeZone::get(name).unwrap());
    for (seed, tickets, hour) in [(1, 500), (2, 60), (3, 12)]
        .into_iter()
        .flat_map(|(s, t)| (0..24).map(move |h| (s, t, h)))
    {
        let now = moment("2028-02-29T00:10:00Z") + SignedDuration::from_hours(hour);
        let mut tester = Tester::at(options(seed, tickets, 1), now);
        let rows = tester.rows(&format!("/tickets/search?{ALL}"));
        let open = rows.iter().filter(|row| row["statusType"] != "Closed");
        let due: Vec<Timestamp> = open
            .filter_map(|row| row["dueDate"].as_str())
            .map(moment)
            .collect();
        for zone in &zones {
            let day = |time: Timestamp| time.to_zoned_datetime(zone.clone()).date();
            assert!(
                due.iter().any(|due| day(*due) == day(now)),
                "{now}: nothing is due today in {zone:?}"
            );
        }
        assert!(due.iter().any(|due| *due < now), "{now}: nothing is late");
        assert!(due.iter().any(|due| *due > now), "{now}: everything is late");
        let newest = rows
            .iter()
            .map(|row| moment(row["createdTime"].as_str().unwrap()))
            .max()
            .unwrap();
        let age = newest.duration_until(now);
        assert!(
            (SignedDuration::ZERO..SignedDuration::from_hours(2)).contains(&age),
            "{now}: the newest is {age} old"
        );
    }
}

#[test]
fn nothing_seeded_has_happened_in_the_future() {
    const PLANNED: &[&str] = &[
        "dueDate",
        "responseDueDate",
        "startTime",
        "endTime",
        "activityTime",
        "endDate",
    ];
    let now = moment("2027-01-01T00:10:00Z");
    for row in everything(now) {
        for (key, value) in row
            .as_object()
            .unwrap()
            .iter()
            .filter(|(key, _)| !PLANNED.contains(&key.as_str()))
        {
            let time = value.as_str().and_then(|text| text.parse::<Timestamp>().ok());
            assert!(time.is_none_or(|time| time <= now), "{key} of {row}");
        }
    }
}
