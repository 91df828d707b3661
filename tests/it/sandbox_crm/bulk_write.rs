//! Tables that become records in bulk. Sources: api/v2 to v8 `bulk-write/*`, the OpenAPI set of August 2026, and the codes
//! and messages in the official SDKs' `json_details.json`.

use std::io::{Cursor, Write};

use bytes::Bytes;
use serde_json::{Value, json};

use super::bulk::{followed, unpacked};
use super::{World, ZGID};

fn packed(name: &str, text: &str) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer
        .start_file(name, zip::write::SimpleFileOptions::default())
        .unwrap();
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap().into_inner()
}

fn uploaded(world: &mut World, content: &[u8]) -> (u16, Value) {
    let mut body =
        b"--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"leads.zip\"\r\n\r\n".to_vec();
    body.extend(content);
    body.extend(b"\r\n--edge--\r\n");
    for (name, value) in [
        ("feature", "bulk-write"),
        ("x-crm-org", ZGID),
        ("content-type", "multipart/form-data; boundary=edge"),
    ] {
        world.headers.push((name, value.to_owned()));
    }
    let reply = world.send("POST upload", Bytes::from(body));
    world.headers.clear();
    super::read(&reply)
}

/// Uploads a table and has it written; the job's last look and the told rows.
fn written(world: &mut World, text: &str, operation: &str, resource: Value) -> (Value, Vec<Vec<String>>) {
    let (status, body) = uploaded(world, &packed("leads.csv", text));
    assert_eq!(
        (status, &body["code"]),
        (200, &json!("FILE_UPLOAD_SUCCESS")),
        "{body}"
    );
    let mut resource = resource;
    resource["type"] = json!("data");
    resource["module"] = json!({ "api_name": "Leads" });
    resource["file_id"] = body["details"]["file_id"].clone();
    let asked = json!({ "operation": operation, "resource": [resource] });
    let (status, body) = world.put("POST bulk/v8/write", asked);
    assert_eq!((status, &body["message"]), (201, &json!("success")), "{body}");
    let id = body["details"]["id"].as_str().unwrap().to_owned();
    let (states, job) = followed(world, &format!("GET bulk/v8/write/{id}"));
    assert_eq!(states, ["ADDED", "IN PROGRESS", "COMPLETED"]);
    let address = job["result"]["download_url"].as_str().unwrap();
    let path = address.strip_prefix("http://127.0.0.1:1/").unwrap();
    let reply = world.send(&format!("GET {path}"), Bytes::new());
    assert_eq!(reply.status, 200, "{path}");
    let (name, rows) = unpacked(&reply.body);
    // download-result: "The filename would be in the modulename-filename format."
    assert_eq!(name, "Leads-leads.csv");
    (job, rows)
}

/// download-result of bulk write: three columns, STATUS, RECORD_ID and ERRORS as `CODE-Header`.
pub(crate) fn rows_become_records_and_each_is_told_of(world: &mut World) {
    let before = world.count("Leads");
    let text = "Last_Name,Company,Email,Annual_Revenue\n\"Voss, Ada\",Nordlicht,ada@nordlicht.example,1200\nVoss,,nothing,many\n";
    let (job, rows) = written(world, text, "insert", json!({}));
    let file = &job["resource"][0]["file"];
    assert_eq!(
        [
            &file["added_count"],
            &file["updated_count"],
            &file["skipped_count"],
            &file["total_count"]
        ],
        [1, 0, 1, 2]
    );
    assert_eq!(
        rows[0],
        ["Last_Name", "Company", "Email", "STATUS", "RECORD_ID", "ERRORS"]
    );
    assert_eq!(
        (rows[1][0].as_str(), rows[1][3].as_str(), rows[1][5].as_str()),
        ("Voss, Ada", "ADDED", "")
    );
    let record = world.record("Leads", &rows[1][4]);
    assert_eq!(record["Last_Name"], "Voss, Ada");
    assert_eq!(record["Annual_Revenue"].as_f64(), Some(1200.0));
    assert_eq!((rows[2][3].as_str(), rows[2][4].as_str()), ("SKIPPED", ""));
    assert!(
        rows[2][5].contains("INVALID_DATA-") && rows[2][5].contains("Annual_Revenue"),
        "{:?}",
        rows[2]
    );
    assert_eq!(world.count("Leads"), before + 1);
}

/// create-job of bulk write: `find_by` names the field that tells which record is meant; an update makes none.
#[test]
fn rows_change_the_records_they_are_found_by() {
    let mut world = World::new();
    let lead = world.insert(
        "Leads",
        json!({ "Last_Name": "Voss", "Company": "Nordlicht", "Email": "ada@nordlicht.example" }),
    );
    let before = world.count("Leads");
    let mapping = json!({ "find_by": "Email", "ignore_empty": true, "field_mappings": [
        { "api_name": "Email", "index": 1 }, { "api_name": "City", "index": 0 }, { "api_name": "Company", "index": 2 } ] });
    let text = "Town;Mail;Firm\nKiel;ADA@nordlicht.example;\nBonn;nobody@nordlicht.example;Firma\n";
    let (_, rows) = written(&mut world, text, "update", mapping.clone());
    assert_eq!(
        rows[1],
        ["ADA@nordlicht.example", "Kiel", "", "UPDATED", &lead, ""]
    );
    assert_eq!(
        (rows[2][3].as_str(), rows[2][5].as_str()),
        ("SKIPPED", "RESOURCE_NOT_FOUND-Mail")
    );
    let record = world.record("Leads", &lead);
    assert_eq!(
        (&record["City"], &record["Company"]),
        (&json!("Kiel"), &json!("Nordlicht"))
    );
    assert_eq!(world.count("Leads"), before);
    let mut named = mapping;
    named["field_mappings"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "api_name": "Last_Name", "default_value": { "value": "Unknown" } }));
    let (_, rows) = written(&mut world, text, "upsert", named);
    assert_eq!((rows[1][3].as_str(), rows[2][3].as_str()), ("UPDATED", "ADDED"));
    assert_eq!(world.count("Leads"), before + 1);
}

/// The messages are those of the SDK's enumeration.
#[test]
fn a_write_that_cannot_be_is_refused_by_its_code() {
    let mut world = World::new();
    let (status, body) = uploaded(&mut world, b"no zip");
    assert_eq!((status, &body["code"]), (400, &json!("INVALID_FILE_FORMAT")));
    assert_eq!(
        body["message"],
        "invalid file format. only zip format is supported"
    );
    let (status, body) = world.call("POST upload");
    assert_eq!((status, &body["code"]), (400, &json!("NOT_SUPPORTED_FEATURE")));
    let (_, body) = uploaded(
        &mut world,
        &packed("leads.csv", "Last_Name,Company\nVoss,Nordlicht\n"),
    );
    let file = body["details"]["file_id"].clone();
    let resource = |name: &str, file: &Value, mapping: Value| json!({ "type": "data", "module": { "api_name": name }, "file_id": file, "field_mappings": mapping });
    let insert = |resource: Value| json!({ "operation": "insert", "resource": [resource] });
    for (body, code) in [
        (json!({ "resource": [] }), "MISSING_REQUIRED_KEY"),
        (json!({ "operation": "insert" }), "MISSING_REQUIRED_KEY"),
        (insert(resource("asdf", &file, json!([]))), "MODULE_NOT_AVAILABLE"),
        (
            insert(resource("Leads", &json!("12"), json!([]))),
            "INVALID_FILE_ID",
        ),
        (
            insert(resource(
                "Leads",
                &file,
                json!([{ "api_name": "ast_Name", "index": 0 }]),
            )),
            "INVALID_FIELD",
        ),
        (
            insert(resource("Leads", &file, json!([{ "api_name": "Company" }]))),
            "COLUMN_INDEX_NOT_FOUND",
        ),
        (
            insert(resource(
                "Leads",
                &file,
                json!([{ "api_name": "Company", "index": 1 }]),
            )),
            "MANDATORY_FIELDS_NOT_MAPPED",
        ),
    ] {
        let (status, answer) = world.put("POST bulk/v8/write", body.clone());
        assert_eq!((status, &answer["code"]), (400, &json!(code)), "{body}");
    }
}
