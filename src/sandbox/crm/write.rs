//! Insert, update and clone.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::answer::{self, Answer, already_converted, failure, results, success};
use super::call::Call;
use super::check::{self, Place};
use super::records::Converted;
use super::schema::{self, Module, Row};
use super::state::Crm;
use super::{blueprint, change, derive, time};
use crate::http::Reply;

/// How many records one call writes.
pub(crate) const MOST: usize = 100;

/// `POST /{module}`.
pub(crate) fn insert(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let records = call.objects(&call.body()?, "data", MOST)?;
    let module = call.module();
    let added = records
        .iter()
        .enumerate()
        .map(|(index, input)| add(crm, module, input, &format!("$.data[{index}]")));
    Ok(results(201, added.collect()))
}

/// `PUT /{module}`.
pub(crate) fn update_many(crm: &mut Crm, call: &Call<'_>) -> Answer {
    update_all(crm, call, call.module())
}

/// Updates the records of the body, each of which names its id.
pub(crate) fn update_all(crm: &mut Crm, call: &Call<'_>, module: &'static Module) -> Answer {
    let records = call.objects(&call.body()?, "data", MOST)?;
    let unmodified = unmodified_since(call)?;
    let mut done = Vec::new();
    for (index, input) in records.iter().enumerate() {
        let path = format!("$.data[{index}]");
        done.push(match given_id(input) {
            Some(id) => change(crm, module, id, input, &path, unmodified),
            None => failure(
                "MANDATORY_NOT_FOUND",
                &json!({ "api_name": "id", "json_path": format!("{path}.id") }),
                "required field not found",
            ),
        });
    }
    Ok(results(200, done))
}

/// `PUT /{module}/{id}`.
pub(crate) fn update_one(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let id = call.find(crm, call.module(), 0)?;
    update_single(crm, call, call.module(), id)
}

/// Updates one record from a body with one element.
pub(crate) fn update_single(crm: &mut Crm, call: &Call<'_>, module: &'static Module, id: u64) -> Answer {
    let records = call.objects(&call.body()?, "data", 1)?;
    let unmodified = unmodified_since(call)?;
    Ok(results(
        200,
        vec![change(crm, module, id, &records[0], "$.data[0]", unmodified)],
    ))
}

/// `POST /{module}/{id}/actions/clone`.
pub(crate) fn clone(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = call.module();
    let id = call.find(crm, module, 0)?;
    let mut input = crm.table(module).rows[&id].clone();
    for field in module.fields.iter().filter(|field| field.unique) {
        input.shift_remove(&field.api_name);
    }
    if !call.request.body.is_empty() {
        for (key, value) in call.objects(&call.body()?, "data", 1)?.remove(0) {
            input.insert(key, value);
        }
    }
    Ok(results(201, vec![add(crm, module, &input, "$.data[0]")]))
}

/// Adds a record and tells how it went.
pub(crate) fn add(crm: &mut Crm, module: &'static Module, input: &Row, path: &str) -> Value {
    let place = Place {
        id: None,
        path: path.to_owned(),
    };
    match check::record(crm, module, input, &place) {
        Ok(values) => {
            let id = store(crm, module, values);
            success(&details(&crm.table(module).rows[&id], true), "record added")
        }
        Err(error) => error,
    }
}

/// Makes a record of checked values; its id.
pub(crate) fn store(crm: &mut Crm, module: &'static Module, values: Row) -> u64 {
    let id = crm.new_id();
    let (me, now) = (crm.me(), json!(time::iso(crm.now)));
    let mut row = Row::new();
    row.insert("id".to_owned(), json!(id.to_string()));
    for name in ["Owner", "Created_By", "Modified_By"] {
        row.insert(name.to_owned(), me.clone());
    }
    for name in ["Created_Time", "Modified_Time", "Last_Activity_Time"] {
        row.insert(name.to_owned(), now.clone());
    }
    row.extend(values.into_iter().filter(|(_, value)| !value.is_null()));
    let module = schema::whole(module);
    for field in module
        .fields
        .iter()
        .filter(|field| field.data_type == "autonumber")
    {
        let number = 1_000 + module.rows + crm.table(module).rows.len() as u64;
        row.insert(field.api_name.clone(), json!(number.to_string()));
    }
    derive::fill(module, &mut row);
    if module.api_name == "Deals" {
        crm.staged(&row);
    }
    crm.table(module).rows.insert(id, row);
    crm.tell(module, id, "added", Value::Null);
    id
}

/// Changes a record and tells how it went.
pub(crate) fn change(
    crm: &mut Crm,
    module: &'static Module,
    id: u64,
    input: &Row,
    path: &str,
    unmodified: Option<Timestamp>,
) -> Value {
    let Some(row) = crm.row(module, id) else {
        return failure(
            "INVALID_DATA",
            &json!({ "id": id.to_string() }),
            "the id given seems to be invalid",
        );
    };
    if Converted::Only.shows(row) {
        return already_converted(id);
    }
    let changed = row
        .get("Modified_Time")
        .and_then(Value::as_str)
        .and_then(time::instant);
    if unmodified.is_some_and(|limit| changed.is_some_and(|changed| changed > limit)) {
        return failure(
            "ALREADY_MODIFIED",
            &json!({ "id": id.to_string() }),
            "Record updated time has already passed if-unmodified-since time",
        );
    }
    let place = Place {
        id: Some(id),
        path: path.to_owned(),
    };
    let checked = check::record(crm, module, input, &place);
    let held = |crm: &mut Crm, values: &Row| {
        crm.row(module, id)
            .and_then(|row| blueprint::refusal(module, row, values))
    };
    match checked {
        Ok(values) => {
            if let Some(held) = held(crm, &values) {
                return held;
            }
            change::apply(crm, module, id, values, "updated");
            success(&details(&crm.table(module).rows[&id], false), "record updated")
        }
        Err(error) => error,
    }
}

/// What a write tells about its record.
pub(crate) fn details(row: &Row, new: bool) -> Value {
    let person = |name: &str| json!({ "name": row[name]["name"], "id": row[name]["id"] });
    let mut details = json!({
        "Modified_Time": row["Modified_Time"], "Modified_By": person("Modified_By"), "Created_Time": row["Created_Time"],
        "id": row["id"], "Created_By": person("Created_By"),
    });
    if new {
        details["$approval_state"] = json!("approved");
    }
    details
}

/// The id a record of a body names.
pub(crate) fn given_id(input: &Row) -> Option<u64> {
    let id = input.get("id")?;
    id.as_u64().or_else(|| id.as_str().and_then(|id| id.parse().ok()))
}

/// The moment of `If-Unmodified-Since`.
pub(crate) fn unmodified_since(call: &Call<'_>) -> Result<Option<Timestamp>, Reply> {
    let Some(text) = call.request.header("if-unmodified-since") else {
        return Ok(None);
    };
    let details = json!({ "header": "If-Unmodified-Since", "expected_data_type": "datetime" });
    time::instant(text)
        .map(Some)
        .ok_or_else(|| answer::refuse(400, "INVALID_DATA", &details, "invalid data"))
}
