//! CRM at any moment: the same organization, and times that lead up to it.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::World;
use crate::timeless::timeless;

/// The newest and the oldest records of each module, whole.
fn everything(now: Timestamp) -> Vec<Value> {
    let mut world = World::at(now);
    let modules = world.good("GET settings/modules");
    let names = modules["modules"].as_array().unwrap().iter();
    let names: Vec<String> = names
        .map(|module| module["api_name"].as_str().unwrap().to_owned())
        .collect();
    let mut records = vec![
        modules,
        world.good("GET users?type=AllUsers"),
        world.good("GET org"),
    ];
    for module in names {
        for order in ["asc", "desc"] {
            let line = format!("GET {module}?fields=id&sort_by=Created_Time&sort_order={order}&per_page=8");
            for id in crate::bed::ids(&world.call(&line).1) {
                records.push(world.record(&module, &id));
            }
        }
    }
    assert!(records.len() > 150, "only {} records", records.len());
    records
}

#[test]
fn only_times_depend_on_now() {
    let told = |records: &[Value]| {
        records
            .iter()
            .map(|record| timeless(&record.to_string()))
            .collect::<Vec<_>>()
    };
    let first = "2026-03-04T10:20:30Z".parse().unwrap();
    let wanted = everything(first);
    for now in [
        "2028-02-29T23:59:59.9Z",
        "1999-12-31T23:59:59Z",
        "2027-01-01T00:10:00+14:00",
    ] {
        let found = everything(now.parse().unwrap());
        assert_eq!(told(&found), told(&wanted), "{now}");
        assert_ne!(found, wanted, "{now}: nothing moved");
    }
}

#[test]
fn nothing_seeded_has_happened_in_the_future_and_the_newest_is_new() {
    for now in ["2027-01-01T00:10:00Z", "2028-02-29T23:50:00Z"] {
        let now: Timestamp = now.parse().unwrap();
        let mut newest = Timestamp::MIN;
        for record in everything(now) {
            for key in [
                "Created_Time",
                "Modified_Time",
                "Last_Activity_Time",
                "Call_Start_Time",
            ] {
                let Some(time) = record[key].as_str() else {
                    continue;
                };
                let time: Timestamp = time.parse().unwrap();
                assert!(time <= now, "{key} of {record}");
                newest = newest.max(time);
            }
        }
        let age = newest.duration_until(now);
        assert!(
            age < SignedDuration::from_hours(2),
            "{now}: the newest is {age} old"
        );
    }
}
