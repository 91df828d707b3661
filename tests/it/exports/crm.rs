//! Exports of Zoho CRM beyond what its lists and searches give.

use std::collections::HashSet;

use serde_json::{Value, json};
use zoho_mcp::tools::handlers::HANDLERS;

use super::{bed, ids, tools};
use crate::bed::{Bed, Wire};

const ROWS: usize = 2_350;

/// The ids in an export's file; each stands there once.
fn distinct(body: &Value) -> HashSet<String> {
    let all = ids(body["data"]["path"].as_str().unwrap_or_else(|| panic!("{body}")));
    let distinct: HashSet<String> = all.iter().cloned().collect();
    assert_eq!(all.len(), distinct.len(), "{body}");
    assert_eq!(body["data"]["records"], all.len(), "{body}");
    distinct
}

fn calls(filters: Value) -> Value {
    json!({ "module": "Calls", "app_type": "crm", "filters": filters })
}

fn plain() -> Value {
    json!({ "module": "Calls", "app_type": "crm" })
}

#[tokio::test]
async fn a_crm_export_crosses_the_border_of_page_numbers() {
    let bed = bed(10).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let body = wire.call("export_records", plain()).await;
    assert_eq!(distinct(&body).len(), ROWS);
    assert_eq!(body["complete"], true, "{body}");
    let seen = bed.seen().await;
    let lists = seen.iter().filter(|line| line.contains("/Calls?"));
    // Pages of 200 that overlap by a row: eleven up to the border of 2,000 rows, two by token.
    assert_eq!(lists.clone().count(), 13, "{seen:?}");
    let asked = lists.clone().map(|line| {
        let size = line
            .split("per_page=")
            .nth(1)
            .unwrap()
            .split(['&', ' '])
            .next()
            .unwrap();
        size.parse::<usize>().unwrap()
    });
    assert!(asked.sum::<usize>() < ROWS + 500, "{seen:?}");
    // No document says what becomes of a token when rows go: nobody can see that pages by token join.
    assert!(
        body["notes"].to_string().contains("leads on by a token"),
        "{body}"
    );
}

/// An export that breaks off after its first page, and is taken up when these rows of it are gone.
async fn taken_up_without(
    gone: std::ops::Range<usize>,
    filters: &Value,
) -> (Value, HashSet<String>, HashSet<String>) {
    let bed = bed(10).await;
    let crm = crate::crm_client::Crm::of(&bed).await;
    // Behind the first page the records are counted.
    let (path, second) = match filters.as_object().unwrap().is_empty() {
        true => ("/crm/v8/Calls", 3),
        false => ("/crm/v8/Calls/search", 2),
    };
    let mut wire = Wire::start(tools(&bed).await).await;
    let whole = wire.call("export_records", calls(filters.clone())).await;
    let all = ids(whole["data"]["path"].as_str().unwrap());
    let second = json!([{ "kind": "403", "path": path, "every": second, "count": 1 }]);
    bed.admin(json!({ "faults": second })).await;
    let broken = wire.call("export_records", calls(filters.clone())).await;
    assert_eq!(broken["code"], "rejected", "{broken}");
    crm.delete("Calls", &all[gone.clone()]).await;
    let body = wire.call("export_records", calls(filters.clone())).await;
    let exported = distinct(&body);
    let gone: HashSet<String> = all[gone].iter().cloned().collect();
    let stayed = all.into_iter().filter(|id| !gone.contains(id)).collect();
    (body, exported, stayed)
}

#[tokio::test]
async fn rows_that_go_between_two_pages_push_no_other_out_of_an_export() {
    let missed = json!({ "Call_Type": "Missed" });
    for filters in [json!({}), missed] {
        for gone in [0..1, 10..15, 160..199] {
            let (body, exported, stayed) = taken_up_without(gone.clone(), &filters).await;
            assert!(stayed.is_subset(&exported), "{gone:?} {filters}: {body}");
            assert_eq!(body["complete"], true, "{gone:?} {filters}: {body}");
        }
        // Without the last row nobody knows where it goes on.
        for gone in [199..200, 0..200, 150..300] {
            let (body, ..) = taken_up_without(gone.clone(), &filters).await;
            assert_eq!(body["complete"], false, "{gone:?} {filters}: {body}");
            assert!(
                body["notes"].to_string().contains("changed while it was paged"),
                "{body}"
            );
        }
    }
}

#[tokio::test]
async fn a_search_goes_on_beyond_its_ceiling() {
    let bed = bed(10).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let filters = json!({ "Call_Type": ["Outbound", "Inbound", "Missed"] });
    let body = wire.call("export_records", calls(filters)).await;
    assert_eq!(distinct(&body).len(), ROWS);
    assert_eq!(body["complete"], true, "{body}");
}

#[tokio::test]
async fn the_callers_own_span_keeps_its_end() {
    let bed = bed(10).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let mut timed = plain();
    timed["fields"] = json!(["Created_Time"]);
    let whole = wire.call("export_records", timed).await;
    let text = std::fs::read_to_string(whole["data"]["path"].as_str().unwrap()).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let wanted = |line: &Value| line["id"].as_str().unwrap().to_owned();
    bed.admin(json!({ "crm_ceilings": { "search": 400 } })).await;
    let span =
        json!({ "created_time": { "from": lines[300]["Created_Time"], "to": lines[1_700]["Created_Time"] } });
    let body = wire.call("export_records", calls(span)).await;
    assert_eq!(body["complete"], true, "{body}");
    assert_eq!(distinct(&body), lines[300..=1_700].iter().map(wanted).collect());
}

#[tokio::test]
async fn a_list_goes_on_by_search_where_its_page_token_ends() {
    let bed = bed(10).await;
    bed.admin(json!({ "crm_ceilings": { "token": 2_200, "search": 400 } }))
        .await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let body = wire.call("export_records", plain()).await;
    assert_eq!(distinct(&body).len(), ROWS);
    assert_eq!(body["complete"], true, "{body}");
    let seen = bed.seen().await;
    assert!(seen.iter().any(|line| line.contains("/Calls/search")), "{seen:?}");
}

#[tokio::test]
async fn an_export_that_broke_off_among_the_spans_goes_on_there() {
    let bed = bed(10).await;
    bed.admin(json!({
        "crm_ceilings": { "token": 2_000, "search": 200 },
        "faults": [{ "kind": "403", "path": "/crm/v8/Calls/search", "every": 3 }]
    }))
    .await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let broken = wire.call("export_records", plain()).await;
    assert_eq!(broken["code"], "rejected", "{broken}");
    bed.forget().await;
    let body = wire.call("export_records", plain()).await;
    assert_eq!(distinct(&body).len(), ROWS);
    assert_eq!(body["complete"], true, "{body}");
    let seen = bed.seen().await;
    assert!(
        !seen.iter().any(|line| line.contains("/Calls?")),
        "the export began anew: {seen:?}"
    );
}

#[tokio::test]
async fn an_export_taken_up_after_its_page_token_expired_goes_on_by_search() {
    let bed = bed(10).await;
    let eleven_pages = json!([{ "kind": "403", "path": "/crm/v8/Calls", "every": 13 }]);
    bed.admin(json!({ "faults": eleven_pages })).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let broken = wire.call("export_records", plain()).await;
    assert_eq!(broken["code"], "rejected", "{broken}");
    bed.forget().await;
    bed.set_clock(json!({ "advance_s": 25 * 3600 })).await;
    let body = wire.call("export_records", plain()).await;
    assert_eq!(distinct(&body).len(), ROWS);
    assert_eq!(body["complete"], true, "{body}");
    let seen = bed.seen().await;
    let listed = seen.iter().filter(|line| line.contains("/Calls?")).count();
    let searched = seen.iter().filter(|line| line.contains("/Calls/search")).count();
    assert!(listed <= 2 && searched > 0, "{seen:?}");
}

/// Creates calls until so many of them share one instant.
async fn at_one_instant(bed: &Bed, wanted: usize) {
    let token = "1000.exports.test";
    bed.admin(json!({ "live_add": token })).await;
    let http = crate::bed::http().build().unwrap();
    let post = |path: &str, body: Value| {
        http.post(format!("{}{path}", bed.sandbox.url))
            .header("Authorization", format!("Zoho-oauthtoken {token}"))
            .body(body.to_string())
            .send()
    };
    let call = json!({
        "Subject": "At one instant", "Call_Type": "Missed", "Call_Start_Time": "2026-01-02T10:00:00+05:30",
        "Call_Duration": "01:00"
    });
    let mut instants: Vec<String> = Vec::new();
    let most = |instants: &[String]| {
        let same = |one: &String| instants.iter().filter(|other| *other == one).count();
        instants.iter().map(same).max().unwrap_or(0)
    };
    let start = bed.get("/__sandbox/clock").await["now"].clone();
    // The sandbox's clock runs on between the calls: it is put back until enough of them fell on one second.
    for _ in 0..100 {
        if most(&instants) >= wanted {
            return;
        }
        bed.set_clock(json!({ "set": start })).await;
        let rows = vec![call.clone(); 100];
        let answer = post("/crm/v8/Calls", json!({ "data": rows })).await.unwrap();
        let body: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        let made = body["data"].as_array().unwrap_or_else(|| panic!("{body}"));
        instants.extend(made.iter().map(|one| one["details"]["Created_Time"].to_string()));
    }
    panic!("no second holds {wanted} calls");
}

#[tokio::test]
async fn more_rows_of_one_instant_than_a_span_holds_are_told() {
    let bed = bed(10).await;
    at_one_instant(&bed, 300).await;
    bed.admin(json!({ "crm_ceilings": { "search": 200 } })).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let body = wire
        .call("export_records", calls(json!({ "Call_Type": "Missed" })))
        .await;
    assert!(distinct(&body).len() > 200, "{body}");
    assert_eq!(body["complete"], false, "{body}");
    assert!(
        body["notes"][0].as_str().unwrap().contains("one instant"),
        "{body}"
    );
}

#[tokio::test]
async fn words_and_views_end_at_the_ceiling() {
    let bed = bed(10).await;
    bed.admin(json!({ "crm_ceilings": { "token": 2_000, "search": 400 } }))
        .await;
    let own = include_str!("../../../tool-schemas/export/export_records.json");
    let mut file: Value = serde_json::from_str(own).unwrap();
    file["inputSchema"]["properties"]["query"] = json!({ "type": "string" });
    let text = file.to_string();
    let files = [("export/export_records.json", text.as_str())];
    let tools = bed.tools_of(&files, HANDLERS, &bed.clock);
    let mut wire = Wire::start(tools).await;
    let by = |name: &str, value: &str| json!({ "module": "Calls", "app_type": "crm", name: value });
    // Zoho's own ceiling is a multiple of its pages; where they overlap, the last page that ends before 400 ends at 398.
    for (name, value, rows) in [("query", "the", 398), ("view", "All Calls", 2_000)] {
        let body = wire.call("export_records", by(name, value)).await;
        assert_eq!(distinct(&body).len(), rows, "{name}");
        assert_eq!(body["complete"], false, "{body}");
        assert!(body["notes"][0].as_str().unwrap().contains("`filters`"), "{body}");
    }
    bed.forget().await;
    let body = wire.call("export_records", by("view", "All Calls")).await;
    assert_eq!(distinct(&body).len(), ROWS);
    assert_eq!(body["complete"], true, "{body}");
}

/// A view can be gone on with by its page token alone.
#[tokio::test]
async fn a_view_whose_page_token_expired_is_begun_anew() {
    let bed = bed(10).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let twelfth = json!([{ "kind": "403", "path": "/crm/v8/Calls", "every": 12, "count": 1 }]);
    bed.admin(json!({ "faults": twelfth })).await;
    let arguments = json!({ "module": "Calls", "app_type": "crm", "view": "All Calls" });
    let broken = wire.call("export_records", arguments.clone()).await;
    assert_eq!(broken["code"], "rejected", "{broken}");
    bed.set_clock(json!({ "advance_s": 25 * 3600 })).await;
    let body = wire.call("export_records", arguments).await;
    assert_eq!(distinct(&body).len(), ROWS);
    assert_eq!(body["complete"], true, "{body}");
    assert!(
        body["notes"][0].as_str().unwrap().contains("begun anew"),
        "{body}"
    );
}

#[tokio::test]
async fn progress_rises_to_the_total() {
    let bed = bed(10).await;
    bed.admin(json!({ "crm_ceilings": { "token": 2_000, "search": 200 } }))
        .await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let body = wire.call("export_records", plain()).await;
    assert_eq!(body["complete"], true, "{body}");
    let steps: Vec<&Value> = wire.notifications.iter().map(|one| &one["params"]).collect();
    let done: Vec<f64> = steps
        .iter()
        .map(|step| step["progress"].as_f64().unwrap())
        .collect();
    assert!(done.is_sorted_by(|one, next| one < next), "{done:?}");
    assert!(steps.len() > 10, "{steps:?}");
    let exporting = steps.iter().skip(1);
    assert!(
        exporting.clone().all(|step| step["total"] == json!(2_350.0)),
        "{steps:?}"
    );
    assert!(
        exporting.clone().all(|step| step["message"].is_string()),
        "{steps:?}"
    );
    assert_eq!(done.last(), Some(&2_350.0));
    let counts = bed
        .seen()
        .await
        .iter()
        .filter(|line| line.contains("/actions/count"))
        .count();
    assert_eq!(counts, 1);
}

#[tokio::test]
async fn an_export_that_cannot_be_counted_has_no_total() {
    let bed = bed(10).await;
    bed.admin(json!({ "faults": [{ "kind": "403", "path": "/crm/v8/Calls/actions/count" }] }))
        .await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let body = wire.call("export_records", plain()).await;
    assert_eq!((distinct(&body).len(), &body["complete"]), (ROWS, &json!(true)));
    let steps: Vec<&Value> = wire.notifications.iter().map(|one| &one["params"]).collect();
    assert!(steps.iter().all(|step| step.get("total").is_none()), "{steps:?}");
    assert!(
        steps.iter().any(|step| step["progress"] == json!(2_350.0)),
        "{steps:?}"
    );
}
