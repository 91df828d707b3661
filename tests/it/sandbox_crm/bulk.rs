//! Bulk jobs: made, looked at, and their files. Sources: api/v2 to v8 `bulk-read/*`, the OpenAPI
//! set of August 2026, and the codes and messages in the official SDKs' `json_details.json`.

use std::io::{Cursor, Read};

use bytes::Bytes;
use serde_json::{Value, json};

use super::World;

/// Looks until the job is done; the states on the way, and the last look.
pub(super) fn followed(world: &mut World, line: &str) -> (Vec<String>, Value) {
    let mut states = Vec::new();
    loop {
        let body = world.good(line);
        let job = if body["data"].is_array() {
            body["data"][0].clone()
        } else {
            body
        };
        let state = job["state"]
            .as_str()
            .or(job["status"].as_str())
            .unwrap()
            .to_owned();
        assert!(states.len() < 5, "{line} is never done: {states:?}");
        states.push(state.clone());
        if state == "COMPLETED" {
            return (states, job);
        }
        assert_eq!(job["result"], Value::Null, "a job that is not done has no result");
    }
}

/// The only file of a ZIP, as rows.
pub(super) fn unpacked(content: &[u8]) -> (String, Vec<Vec<String>>) {
    let mut archive = zip::ZipArchive::new(Cursor::new(content)).unwrap();
    assert_eq!(archive.len(), 1);
    let mut file = archive.by_index(0).unwrap();
    let name = file.name().unwrap().into_owned();
    let mut text = String::new();
    file.read_to_string(&mut text).unwrap();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    let rows = reader
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect());
    (name, rows.collect())
}

/// Makes a read job in a version; its id.
fn reading(world: &mut World, version: &str, query: Value) -> String {
    let (status, body) = world.put(&format!("POST bulk/{version}/read"), json!({ "query": query }));
    assert_eq!(status, 201, "{body}");
    let added = &body["data"][0];
    assert_eq!(
        (&added["code"], &added["message"], &added["details"]["state"]),
        (
            &json!("ADDED_SUCCESSFULLY"),
            &json!("Added successfully."),
            &json!("ADDED")
        )
    );
    added["details"]["id"].as_str().unwrap().to_owned()
}

/// job-details shows ADDED, QUEUED, IN PROGRESS and COMPLETED, the last with page, count, per_page and download_url.
#[test]
fn a_read_job_is_queued_then_works_then_has_its_result() {
    let mut world = World::new();
    for version in ["v2", "v2.1", "v3", "v4", "v5", "v6", "v7", "v8"] {
        let query = json!({ "module": { "api_name": "Accounts" }, "fields": ["Account_Name"] });
        let id = reading(&mut world, version, query);
        let result = format!("GET bulk/{version}/read/{id}/result");
        assert_eq!(world.call(&result).0, 404, "a result before the job is done");
        let (states, job) = followed(&mut world, &format!("GET bulk/{version}/read/{id}"));
        assert_eq!(states, ["QUEUED", "IN PROGRESS", "COMPLETED"]);
        assert_eq!(
            job["result"]["download_url"],
            format!("/crm/bulk/{version}/read/{id}/result")
        );
        assert_eq!(
            (&job["result"]["page"], &job["result"]["per_page"]),
            (&json!(1), &json!(200_000))
        );
        assert_eq!(job["result"]["more_records"], false);
        assert_eq!(job["result"]["count"], world.count("Accounts"));
        // The SDK of 2.0 reads the module of a job as text, the later ones as an object.
        let module = &job["query"]["module"];
        let name = if version == "v2" {
            module
        } else {
            &module["api_name"]
        };
        assert_eq!(name, "Accounts", "{version}");
    }
    let (status, body) = world.call("GET v8/bulk/read/1");
    assert_eq!((status, &body["code"]), (404, &json!("INVALID_URL_PATTERN")));
}

/// download-result: the id column is there by default, fields keep their order, lookups go through the dot.
#[test]
fn the_file_has_every_record_with_the_fields_asked_for() {
    let mut world = World::new();
    let fields = json!([
        "Last_Name",
        "Account_Name",
        "Account_Name.Account_Name",
        "Created_Time"
    ]);
    let id = reading(
        &mut world,
        "v8",
        json!({ "module": { "api_name": "Contacts" }, "fields": fields }),
    );
    followed(&mut world, &format!("GET bulk/v8/read/{id}"));
    let reply = world.send(&format!("GET bulk/v8/read/{id}/result"), Bytes::new());
    assert_eq!(reply.header("content-type"), Some("application/zip"));
    // The official Node SDK reads the file's name only from this form.
    let named = format!("attachment;filename*=UTF-8''{id}.zip");
    assert_eq!(reply.header("content-disposition"), Some(named.as_str()));
    let (name, rows) = unpacked(&reply.body);
    assert_eq!(name, format!("{id}.csv"));
    assert_eq!(
        rows[0],
        [
            "id",
            "Last_Name",
            "Account_Name",
            "Account_Name.Account_Name",
            "Created_Time"
        ]
    );
    assert_eq!(rows.len() as u64 - 1, world.count("Contacts"));
    for row in rows[1..].iter().step_by(17) {
        let record = world.record("Contacts", &row[0]);
        let account = &record["Account_Name"];
        let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
        let wanted = [
            &record["id"],
            &record["Last_Name"],
            &account["id"],
            &account["name"],
            &record["Created_Time"],
        ];
        assert_eq!(*row, wanted.map(text));
    }
}

/// create-job: criteria are one condition or a group of them; a search by the same words finds the same.
#[test]
fn criteria_choose_what_is_read() {
    let mut world = World::new();
    let mut read = |criteria: Value| {
        let query =
            json!({ "module": { "api_name": "Leads" }, "fields": ["Last_Name"], "criteria": criteria });
        let id = reading(&mut world, "v8", query);
        let (_, job) = followed(&mut world, &format!("GET bulk/v8/read/{id}"));
        job["result"]["count"].as_u64().unwrap()
    };
    let source = |comparator: &str, value: Value| json!({ "field": { "api_name": "Lead_Source" }, "comparator": comparator, "value": value });
    let (cold, not_cold) = (
        read(source("equal", json!("Cold Call"))),
        read(source("not_equal", json!("Cold Call"))),
    );
    let both = read(
        json!({ "group_operator": "or", "group": [source("equal", json!("Cold Call")), source("not_equal", json!("Cold Call"))] }),
    );
    let neither = read(
        json!({ "group_operator": "AND", "group": [source("equal", json!("Cold Call")), source("in", json!(["Advertisement"]))] }),
    );
    let plain = read(json!({ "api_name": "Lead_Source", "comparator": "equal", "value": "Cold Call" }));
    assert!(cold > 0 && not_cold > 0);
    assert_eq!((both, neither, plain), (cold + not_cold, 0, cold));
    assert_eq!(
        cold,
        world
            .found(
                "Leads",
                "criteria=(Lead_Source:equals:Cold%20Call)&per_page=200&converted=both"
            )
            .len() as u64
    );
}

#[test]
fn a_job_that_cannot_be_is_refused_by_its_code() {
    let mut world = World::new();
    let leads = |more: Value| {
        let mut query = json!({ "module": { "api_name": "Leads" } });
        for (key, value) in more.as_object().unwrap() {
            query[key] = value.clone();
        }
        json!({ "query": query })
    };
    let criterion = |field: &str, comparator: &str, value: &str| {
        leads(
            json!({ "criteria": { "field": { "api_name": field }, "comparator": comparator, "value": value } }),
        )
    };
    for (body, code) in [
        (
            json!({ "query": { "module": { "api_name": "Bogus" } } }),
            "MODULE_NOT_AVAILABLE",
        ),
        (
            json!({ "query": { "module": { "api_name": "Notes" } } }),
            "MODULE_NOT_SUPPORTED",
        ),
        (leads(json!({ "fields": ["Bogus"] })), "FIELD_NOT_AVAILABLE"),
        (leads(json!({ "page": 501 })), "PAGE_RANGE_EXCEEDED"),
        (leads(json!({ "cvid": "12" })), "CVID_NOT_SUPPORTED"),
        (
            criterion("Bogus", "equal", "a"),
            "FIELD_IN_CRITERIA_NOT_AVAILABLE",
        ),
        (
            criterion("Last_Name", "like", "a"),
            "FIELD_AND_COMPARATOR_IN_CRITERIA_NOT_COMPATIBLE",
        ),
        (
            criterion("Annual_Revenue", "equal", "a"),
            "FIELD_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE",
        ),
        (
            leads(json!({ "criteria": { "group": [], "group_operator": "xor" } })),
            "GROUP_OPERATOR_NOT_SUPPORTED",
        ),
        (
            json!({ "callback": { "method": "get", "url": "https://a.example" } }),
            "INVALID_CALLBACK_METHOD",
        ),
    ] {
        let (status, answer) = world.put("POST bulk/v8/read", body.clone());
        assert_eq!((status, &answer["code"]), (400, &json!(code)), "{body}");
    }
    let (status, body) = world.call("GET bulk/v8/read/12");
    assert_eq!((status, &body["code"]), (404, &json!("RESOURCE_NOT_FOUND")));
    world.scopes = vec!["ZohoCRM.bulk.READ".to_owned()];
    let (status, body) = world.put("POST bulk/v8/read", leads(json!({})));
    assert_eq!((status, &body["code"]), (401, &json!("OAUTH_SCOPE_MISMATCH")));
}
