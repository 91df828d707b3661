//! Bulk write: the rows of an uploaded CSV become records, and a CSV tells what became of each.

use std::collections::BTreeSet;

use serde_json::{Number, Value, json};

use super::mapping::{Column, Operation, Part, key_missing, part};
use super::{check_callback, made, told_module};
use crate::crm::answer::{self, Answer};
use crate::crm::call::Call;
use crate::crm::jobs::Job;
use crate::crm::schema::{self, Module, Row};
use crate::crm::state::{Crm, ZGID};
use crate::crm::{time, write};
use crate::http::Reply;
use crate::multipart;
use crate::sheet;

/// `POST /crm/v8/upload`: a file for a job.
pub(crate) fn upload(crm: &mut Crm, call: &Call<'_>) -> Answer {
    if call.request.header("feature") != Some("bulk-write") {
        let message = "check if headers [feature, X-CRM-ORG] are present and valid";
        return Err(answer::refuse(400, "NOT_SUPPORTED_FEATURE", &json!({}), message));
    }
    if call.request.header("x-crm-org") != Some(ZGID) {
        let message = "check if headers [feature, X-CRM-ORG] are present and valid";
        return Err(answer::refuse(400, "INVALID_DATA", &json!({}), message));
    }
    let parts = multipart::parts(
        call.request.header("content-type").unwrap_or(""),
        &call.request.body,
    );
    let file = parts.into_iter().find(|part| part.name == "file");
    let file = file.ok_or_else(|| answer::mandatory("file", "$.file"))?;
    if sheet::unzip(&file.content).is_none() {
        let message = "invalid file format. only zip format is supported";
        return Err(answer::refuse(400, "INVALID_FILE_FORMAT", &json!({}), message));
    }
    let id = crm.new_id().to_string();
    crm.bulk.uploads.insert(id.clone(), file.content);
    let details = json!({ "file_id": id, "created_time": time::iso(crm.now) });
    let told = json!({ "status": "success", "code": "FILE_UPLOAD_SUCCESS", "message": "file uploaded.", "details": details });
    Ok(Reply::json(200, &told))
}

/// `POST /crm/bulk/v8/write`.
pub(crate) fn create(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let body = call.body()?;
    check_callback(body.get("callback"))?;
    let operation = match body.get("operation").and_then(Value::as_str) {
        Some("insert") => Operation::Insert,
        Some("update") => Operation::Update,
        Some("upsert") => Operation::Upsert,
        Some(_) => return Err(answer::invalid("text", "operation", "$.operation")),
        None => return Err(key_missing("operation")),
    };
    let resources = body
        .get("resource")
        .and_then(Value::as_array)
        .filter(|list| !list.is_empty());
    let resources = resources.ok_or_else(|| key_missing("resource"))?;
    let ignore_empty = body.get("ignore_empty") == Some(&json!(true));
    let mut parts = Vec::new();
    for resource in resources {
        parts.push(part(crm, call, resource, operation, ignore_empty)?);
    }
    let named = |part: &Part| format!("{}-{}", part.module.api_name, part.file);
    let names: BTreeSet<String> = parts.iter().map(named).collect();
    if names.len() < parts.len() {
        return Err(answer::invalid("jsonobject", "file", "$.resource"));
    }
    let id = crm.new_id().to_string();
    let (mut told, mut files) = (Vec::new(), Vec::new());
    for (part, resource) in parts.iter().zip(resources) {
        let (rows, counts) = carry_out(crm, part, operation);
        let mut resource = resource.clone();
        resource["module"] = told_module(part.module, call.version.plain_bulk_module);
        resource["file"] = json!({ "name": part.file, "added_count": counts[0], "updated_count": counts[1], "skipped_count": counts[2], "total_count": part.rows.len() });
        told.push(resource);
        files.push((named(part), sheet::csv(&rows)));
    }
    let (by, at) = made(crm);
    let address = format!("{}/v2/crm/{ZGID}/bulk-write/{id}/{id}.zip", call.request.base_url);
    let details = json!({ "character_encoding": body.get("character_encoding").unwrap_or(&json!("UTF-8")), "resource": told, "id": id,
        "callback": body.get("callback"), "created_by": by, "operation": body.get("operation"), "created_time": at });
    let result = json!({ "download_url": address });
    crm.bulk
        .add(&id, Job::new(false, &details, result, sheet::zip(&files)));
    let told = json!({ "status": "success", "code": "SUCCESS", "message": "success", "details": { "id": id, "created_by": by } });
    Ok(Reply::json(201, &told))
}

/// `GET /crm/bulk/v8/write/{job}`.
pub(crate) fn status(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let job = crm.bulk.look(call.parts[0], false)?;
    let mut told = Value::Object(job.told.clone());
    let state = json!(job.advance(["ADDED", "IN PROGRESS"]));
    for resource in told["resource"].as_array_mut().into_iter().flatten() {
        resource["status"] = state.clone();
        resource["file"]["status"] = state.clone();
        if !job.is_done() {
            for count in ["added_count", "updated_count", "skipped_count", "total_count"] {
                resource["file"][count] = json!(0);
            }
        }
    }
    told["status"] = state;
    if job.is_done() {
        told["result"] = job.result.clone();
    }
    Ok(Reply::json(200, &told))
}

/// `GET /v2/crm/{organization}/bulk-write/{job}/{file}`: what became of each row.
pub(crate) fn result(crm: &mut Crm, call: &Call<'_>) -> Answer {
    crm.bulk.download(call.parts[1], false)
}

/// Writes the rows: what is told of each, and how many were added, updated and skipped.
fn carry_out(crm: &mut Crm, part: &Part, operation: Operation) -> (Vec<Vec<String>>, [usize; 3]) {
    let shown = |texts: &mut dyn Iterator<Item = String>| texts.take(3).collect::<Vec<String>>();
    let mut header = shown(&mut part.columns.iter().map(|column| column.header.clone()));
    header.extend(["STATUS", "RECORD_ID", "ERRORS"].map(str::to_owned));
    let (mut told, mut counts) = (vec![header], [0; 3]);
    for row in &part.rows {
        let (state, outcome) = write_row(crm, part, operation, row);
        let (count, state) = match state {
            _ if outcome["status"] == "error" => (2, "SKIPPED"),
            Operation::Update => (1, "UPDATED"),
            _ => (0, "ADDED"),
        };
        counts[count] += 1;
        let mut line = shown(&mut part.columns.iter().map(|column| given(row, column)));
        line.push(state.to_owned());
        line.push(
            outcome["details"]["id"]
                .as_str()
                .filter(|_| count < 2)
                .unwrap_or("")
                .to_owned(),
        );
        line.push(if count == 2 {
            errors(part, &outcome)
        } else {
            String::new()
        });
        told.push(line);
    }
    (told, counts)
}

fn write_row(crm: &mut Crm, part: &Part, operation: Operation, row: &[String]) -> (Operation, Value) {
    let input = input(crm, part, row);
    let found = part
        .find_by
        .as_ref()
        .filter(|_| operation != Operation::Insert)
        .and_then(|name| {
            let wanted = part
                .columns
                .iter()
                .find(|column| column.field.api_name == *name)?;
            find(crm, part.module, name, &given(row, wanted))
        });
    match found {
        Some(id) => (
            Operation::Update,
            write::change(crm, part.module, id, &input, "$", None),
        ),
        None if operation == Operation::Update => {
            let details = json!({ "api_name": part.find_by });
            (
                Operation::Update,
                answer::failure("RESOURCE_NOT_FOUND", &details, "not found"),
            )
        }
        None => (Operation::Insert, write::add(crm, part.module, &input, "$")),
    }
}

/// The cell of a column.
fn given(row: &[String], column: &Column) -> String {
    let cell = row
        .get(column.index)
        .map(|cell| cell.trim())
        .filter(|cell| !cell.is_empty());
    cell.or(column.default.as_deref()).unwrap_or_default().to_owned()
}

fn find(crm: &mut Crm, module: &'static Module, name: &str, wanted: &str) -> Option<u64> {
    let wanted = wanted.to_lowercase();
    let is_it = |row: &Row| {
        row.get(name)
            .and_then(Value::as_str)
            .is_some_and(|value| value.to_lowercase() == wanted)
    };
    let rows = &crm.table(module).rows;
    rows.iter()
        .find(|(_, row)| !wanted.is_empty() && is_it(row))
        .map(|(id, _)| *id)
}

/// The record a row stands for; a cell that is not of its field's type stays text, and is refused as such.
fn input(crm: &mut Crm, part: &Part, row: &[String]) -> Row {
    let mut input = Row::new();
    for column in &part.columns {
        let text = given(row, column);
        if text.is_empty() {
            if !part.ignore_empty {
                input.insert(column.field.api_name.clone(), Value::Null);
            }
            continue;
        }
        let target = column.field.lookup.as_deref().and_then(schema::module);
        let value = match column.field.data_type.as_str() {
            "integer" | "double" | "currency" | "percent" => {
                let number = serde_json::from_str::<Number>(&text);
                number.map_or_else(|_| json!(text), Value::Number)
            }
            "boolean" => text
                .to_lowercase()
                .parse()
                .map_or(json!(text), |flag: bool| json!(flag)),
            "multiselectpicklist" => text.split(';').map(|item| json!(item.trim())).collect(),
            "lookup" | "ownerlookup" => match target.filter(|_| column.find_by != "id") {
                Some(target) => {
                    json!({ "id": find(crm, target, &column.find_by, &text).unwrap_or(0).to_string() })
                }
                None => json!({ "id": text }),
            },
            _ => json!(text),
        };
        input.insert(column.field.api_name.clone(), value);
    }
    input
}

/// `CODE-Header`, those of one code with a comma between, codes with a colon.
fn errors(part: &Part, outcome: &Value) -> String {
    let one = [outcome.clone()];
    let list = outcome["details"]["errors"]
        .as_array()
        .map_or(&one[..], Vec::as_slice);
    let mut told: Vec<(String, Vec<String>)> = Vec::new();
    for error in list {
        let name = error["details"]["api_name"].as_str().unwrap_or("id");
        let column = part.columns.iter().find(|column| column.field.api_name == name);
        let header = column.map_or(name, |column| &column.header).to_owned();
        let code = error["code"].as_str().unwrap_or("INVALID_DATA");
        match told.iter_mut().find(|(known, _)| known == code) {
            Some((_, headers)) => headers.push(header),
            None => told.push((code.to_owned(), vec![header])),
        }
    }
    let told = told
        .iter()
        .map(|(code, headers)| format!("{code}-{}", headers.join(",")));
    told.collect::<Vec<String>>().join(":")
}
