//! Whatever the doctor finds wrong, what mends it ends with a line that can be pasted, and spans of time are said as people say
//! them.

use serde_json::{Value, json};

use super::healthy;
use crate::bed::Bed;
use crate::commands::finished;

/// What commands begin with.
const PROGRAMS: [&str; 6] = ["zoho-mcp ", "unset ", "chmod ", "sudo ", "mkdir ", "install "];

fn findings(bed: &Bed, unknown: &str) -> Vec<Value> {
    let mut doctor = bed.command(&["doctor"]);
    if !unknown.is_empty() {
        doctor.env(unknown, "1");
    }
    let report = finished(doctor, "").json();
    let general = report["findings"].as_array().unwrap().iter();
    let connections = report["connections"].as_array().unwrap().iter();
    let all = general.chain(connections.flat_map(|one| one["findings"].as_array().unwrap()));
    all.cloned().collect()
}

#[track_caller]
fn all_end_with_a_command(findings: &[Value]) -> usize {
    let wrong = findings.iter().filter(|one| one["state"] != "ok");
    let mut seen = 0;
    for finding in wrong {
        let mend = finding["mend"].as_str().unwrap_or_default();
        let last = mend.lines().last().unwrap_or_default();
        // A command among words is put into a line of its own where a person reads it.
        let is_pasted = PROGRAMS.iter().any(|program| last.starts_with(program));
        assert!(is_pasted || mend.contains(": run `"), "{finding}");
        let found = finding["found"].as_str().unwrap();
        let counts = |text: &str| {
            text.split_whitespace()
                .zip(text.split_whitespace().skip(1))
                .any(|(number, unit)| {
                    let unit = unit.trim_matches(|sign: char| !sign.is_alphanumeric());
                    unit == "s" && number.parse::<u64>().is_ok_and(|number| number >= 120)
                })
        };
        assert!(!counts(found) && !counts(mend), "{finding}");
        seen += 1;
    }
    seen
}

#[tokio::test]
async fn every_fault_ends_with_a_line_to_paste() {
    let bed = healthy().await;
    assert_eq!(all_end_with_a_command(&findings(&bed, "")), 0);
    assert!(all_end_with_a_command(&findings(&bed, "ZOHO_MCP_NOPE")) > 0);
    for (fault, path) in [
        (json!({ "kind": "503", "count": 99 }), "/api/v1/tickets"),
        (json!({ "kind": "429", "count": 99 }), "/api/v1/tickets"),
        (
            json!({ "kind": "answer", "body": { "data": [] } }),
            "/api/v1/organizations",
        ),
        (json!({ "kind": "503", "count": 99 }), "/crm/v8/org"),
    ] {
        let mut fault = fault;
        fault["path"] = json!(path);
        bed.admin(json!({ "faults": [fault.clone()] })).await;
        assert!(all_end_with_a_command(&findings(&bed, "")) > 0, "{fault}");
    }
    bed.admin(json!({ "faults": [] })).await;
    for wrong in [
        "desk_portal = 'elsewhere'",
        "desk_portal = NULL",
        "desk_org_id = NULL, desk_org_source = NULL",
        "token_expires_at = 0, refresh_token = NULL",
        "accounts_url = 'https://accounts.zoho.com'",
    ] {
        bed.sql(&format!("UPDATE zoho_connections SET {wrong}")).await;
        assert!(all_end_with_a_command(&findings(&bed, "")) > 0, "{wrong}");
    }
}
