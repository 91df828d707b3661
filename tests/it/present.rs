//! What nobody said when to live lives in the present: its cases are fresh, and its clock runs.
//!
//! REAL CLOCK: that is what is tested.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use zoho_mcp::sandbox::{self, Options, Sandbox};

use crate::bed::http;
use crate::commands::{bare, finished};

const NEWEST: SignedDuration = SignedDuration::from_hours(2);

async fn now_of(sandbox: &Sandbox) -> Timestamp {
    let url = format!("{}/__sandbox/clock", sandbox.url);
    let answer = http().build().unwrap().get(url).send().await.unwrap();
    let told: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
    told["now"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn the_clock_of_a_sandbox_runs_with_that_of_the_machine() {
    let sandbox = sandbox::start(Options::default()).unwrap();
    let mut seen = Timestamp::now();
    for _ in 0..3 {
        let told = now_of(&sandbox).await;
        assert!(seen <= told && told <= Timestamp::now(), "{seen} {told}");
        seen = told;
    }
}

#[test]
fn the_newest_records_came_in_a_little_ago() {
    let home = tempfile::tempdir().unwrap();
    for (app_type, module, field) in [("desk", "Cases", "createdTime"), ("crm", "Leads", "Created_Time")] {
        let arguments = json!({
            "app_type": app_type, "module": module, "fields": [field], "sort_by": field, "sort_order": "desc", "limit": 1,
        });
        let call = ["--sandbox", "call", "get_records", &arguments.to_string()];
        let mut command = bare(home.path(), &call);
        // A clock that is set for both is read in one zone by both.
        std::env::var_os("TZ").iter().for_each(|zone| {
            command.env("TZ", zone);
        });
        let answer = finished(command, "").succeeded();
        let newest: Timestamp = answer["data"][0][field].as_str().unwrap().parse().unwrap();
        let age = newest.duration_until(Timestamp::now());
        assert!((SignedDuration::ZERO..NEWEST).contains(&age), "{answer}");
    }
}
