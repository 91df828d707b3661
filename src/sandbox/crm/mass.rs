//! One change on many records: mass update and change of owner.

use serde_json::{Value, json};

use super::answer::{self, Answer, failure, results, success};
use super::call::Call;
use super::check::{self, Place};
use super::schema::{Module, Row};
use super::state::Crm;
use super::{change, tags, views, write};
use crate::http::Reply;

/// `POST /{module}/actions/mass_update`: at once for ids, as a job for a custom view.
pub(crate) fn update(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = call.module();
    let body = call.body()?;
    let values = call.objects(&body, "data", 1)?.remove(0);
    let replace = body.get("over_write") != Some(&json!(false));
    if let Some(cvid) = body.get("cvid").and_then(Value::as_str) {
        let view = views::filter(crm, module, cvid)?;
        let ids: Vec<u64> = crm
            .table(module)
            .rows
            .iter()
            .filter(|(_, row)| view.holds(row))
            .map(|(id, _)| *id)
            .collect();
        let failed = ids
            .iter()
            .filter(|id| change(crm, module, **id, &values, replace)["status"] == "error")
            .count();
        let job = crm.new_id().to_string();
        let status = json!({ "Status": "COMPLETED", "Failed_Count": failed, "Updated_Count": ids.len() - failed, "Not_Updated_Count": failed, "Total_Count": ids.len() });
        crm.jobs.insert(job.clone(), status);
        let scheduled = json!({ "code": "SCHEDULED", "details": { "job_id": job }, "message": "mass update scheduled successfully", "status": "success" });
        return Ok(Reply::json(202, &json!({ "data": [scheduled] })));
    }
    let ids = tags::ids_of(&body)?;
    Ok(results(
        200,
        ids.into_iter()
            .map(|id| change(crm, module, id, &values, replace))
            .collect(),
    ))
}

fn change(crm: &mut Crm, module: &'static Module, id: u64, values: &Row, replace: bool) -> Value {
    let mut values = values.clone();
    if let Some(row) = crm.row(module, id).filter(|_| !replace) {
        for field in module
            .fields
            .iter()
            .filter(|field| field.data_type == "multiselectpicklist")
        {
            if let (Some(Value::Array(before)), Some(Value::Array(given))) =
                (row.get(&field.api_name), values.get_mut(&field.api_name))
            {
                given.extend(before.iter().cloned());
                given.dedup();
            }
        }
    }
    write::change(crm, module, id, &values, "$.data[0]", None)
}

/// `GET /{module}/actions/mass_update`.
pub(crate) fn status(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let job = call
        .query("job_id")
        .ok_or_else(|| answer::parameter_missing("job_id"))?;
    let status = crm
        .jobs
        .get(job)
        .ok_or_else(|| answer::parameter_invalid("job_id", json!({})))?;
    Ok(Reply::json(200, &json!({ "data": [status] })))
}

/// `POST /{module}/actions/change_owner`.
pub(crate) fn change_owners(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let ids = tags::ids_of(&call.body()?)?;
    hand_over(crm, call, &ids)
}

/// `POST /{module}/{id}/actions/change_owner`.
pub(crate) fn change_owner(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let id = call.find(crm, call.module(), 0)?;
    hand_over(crm, call, &[id])
}

fn hand_over(crm: &mut Crm, call: &Call<'_>, ids: &[u64]) -> Answer {
    let module = call.module();
    let body = call.body()?;
    let owner = body
        .get("owner")
        .cloned()
        .ok_or_else(|| answer::mandatory("owner", "$.owner"))?;
    if owner["id"].is_null() {
        return Err(answer::mandatory("id", "$.owner.id"));
    }
    if !owner["id"]
        .as_str()
        .and_then(|id| crm.user(id))
        .is_some_and(|user| user["status"] == "active")
    {
        let details = json!({ "api_name": "id", "json_path": "$.owner.id" });
        return Err(answer::refuse(
            400,
            "INVALID_DATA",
            &details,
            "the id given seems to be invalid",
        ));
    }
    let mut input = Row::new();
    input.insert("Owner".to_owned(), owner);
    let mut done = Vec::new();
    for id in ids {
        let details = json!({ "id": id.to_string() });
        let place = Place {
            id: Some(*id),
            path: "$".to_owned(),
        };
        done.push(if crm.row(module, *id).is_none() {
            failure("INVALID_DATA", &details, "the id given seems to be invalid")
        } else {
            match check::record(crm, module, &input, &place) {
                Ok(values) => {
                    change::apply(crm, module, *id, values, "owner_reassigned");
                    success(&details, "owner updated successfully")
                }
                Err(error) => error,
            }
        });
    }
    Ok(results(200, done))
}
