//! Territories that are added, changed and taken away. Source: the OpenAPI set of 2026 (what must be there, the values of
//! `permission_type`, the codes). (Assumed: the words of success; that one which others report to is not allowed to go.)

use serde_json::{Value, json};

use super::answer::{self, Answer, failure, results_as, success};
use super::call::Call;
use super::schema::Row;
use super::state::Crm;
use crate::http::Reply;

/// Territories of one call.
const MOST: usize = 100;
/// The longest name, in characters.
const LONGEST: usize = 50;
const KEY: &str = "territories";

const PERMISSIONS: [&str; 2] = ["read_write_delete", "read_only"];

/// What may be given of one as it stands.
const KEPT: [&str; 6] = [
    "name",
    "permission_type",
    "description",
    "account_rule_criteria",
    "deal_rule_criteria",
    "lead_rule_criteria",
];

/// `POST settings/territories`.
pub(crate) fn add(crm: &mut Crm, call: &Call<'_>) -> Answer {
    each(crm, call, 201, |crm, given, path| {
        for name in ["name", "reporting_to", "permission_type"] {
            if given.get(name).is_none_or(Value::is_null) {
                return Err(wrong("MANDATORY_NOT_FOUND", name, path));
            }
        }
        check(crm, given, None, path)?;
        let id = crm.new_id().to_string();
        let name = given["name"].as_str().unwrap_or_default();
        let mut row = json!({ "id": id, "name": name, "api_name": name.replace(' ', "_"), "description": null, "reporting_to": null,
            "account_rule_criteria": null, "deal_rule_criteria": null, "lead_rule_criteria": null });
        put(crm, &mut row, given);
        crm.company.entry(KEY.to_owned()).or_default().push(row);
        Ok(success(&json!({ "id": id }), "Territory added successfully"))
    })
}

/// `PUT settings/territories`: each names its id.
pub(crate) fn update_many(crm: &mut Crm, call: &Call<'_>) -> Answer {
    each(crm, call, 200, |crm, given, path| {
        let id = given
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        match id.is_empty() {
            true => Err(wrong("MANDATORY_NOT_FOUND", "id", path)),
            false => change(crm, &id, given, path),
        }
    })
}

/// `PUT settings/territories/{territory}`.
pub(crate) fn update(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let id = known(crm, call)?;
    each(crm, call, 200, |crm, given, path| change(crm, &id, given, path))
}

/// `DELETE settings/territories`.
pub(crate) fn delete_many(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let ids = call.ids("ids", MOST)?;
    let ids = ids.ok_or_else(|| answer::parameter_missing("ids"))?;
    let done = ids.iter().map(|id| remove(crm, &id.to_string()));
    let done = done.collect();
    Ok(results_as(KEY, 200, done))
}

/// `DELETE settings/territories/{territory}`.
pub(crate) fn delete(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let id = known(crm, call)?;
    Ok(results_as(KEY, 200, vec![remove(crm, &id)]))
}

fn known(crm: &Crm, call: &Call<'_>) -> Result<String, Reply> {
    let id = json!(call.parts[0]);
    match crm.company_row(KEY, &id) {
        Some(_) => Ok(call.parts[0].to_owned()),
        None => Err(answer::id_invalid(2)),
    }
}

fn each(
    crm: &mut Crm,
    call: &Call<'_>,
    good: u16,
    mut carry_out: impl FnMut(&mut Crm, &Row, &str) -> Result<Value, Value>,
) -> Answer {
    let given = call.objects(&call.body()?, KEY, MOST)?;
    let mut done = Vec::new();
    for (index, given) in given.iter().enumerate() {
        let path = format!("$.{KEY}[{index}]");
        done.push(carry_out(crm, given, &path).unwrap_or_else(|error| error));
    }
    Ok(results_as(KEY, good, done))
}

fn change(crm: &mut Crm, id: &str, given: &Row, path: &str) -> Result<Value, Value> {
    let row = crm.company_row(KEY, &json!(id));
    let mut row = row.ok_or_else(|| wrong("INVALID_DATA", "id", path))?;
    if row["reporting_to"].is_null() && given.contains_key("reporting_to") {
        return Err(wrong("NOT_ALLOWED", "reporting_to", path));
    }
    check(crm, given, Some(id), path)?;
    put(crm, &mut row, given);
    let rows = crm.company.entry(KEY.to_owned()).or_default();
    if let Some(old) = rows.iter_mut().find(|old| old["id"] == id) {
        *old = row;
    }
    Ok(success(&json!({ "id": id }), "Territory updated successfully"))
}

/// What is wrong with what is given, if anything.
fn check(crm: &Crm, given: &Row, id: Option<&str>, path: &str) -> Result<(), Value> {
    if let Some(name) = given.get("name") {
        let fits = name.as_str().is_some_and(|name| {
            let length = name.trim().chars().count();
            (1..=LONGEST).contains(&length)
        });
        if !fits {
            return Err(wrong("INVALID_DATA", "name", path));
        }
        let mut others = crm.company[KEY].iter().filter(|row| row["id"].as_str() != id);
        if others.any(|row| row["name"] == *name) {
            return Err(wrong("DUPLICATE_DATA", "name", path));
        }
    }
    let permission = given.get("permission_type");
    if permission.is_some_and(|value| !PERMISSIONS.iter().any(|known| value == known)) {
        let details = json!({ "api_name": "permission_type", "json_path": format!("{path}.permission_type"), "supported_values": PERMISSIONS });
        return Err(failure("INVALID_DATA", &details, "invalid data"));
    }
    if let Some(above) = given.get("reporting_to") {
        let above = &above["id"];
        let is_known = above.as_str() != id && crm.company_row(KEY, above).is_some();
        if !is_known {
            return Err(wrong("INVALID_DATA", "reporting_to.id", path));
        }
    }
    let manager = given.get("manager").filter(|manager| manager.is_object());
    if manager.is_some_and(|manager| crm.user(manager["id"].as_str().unwrap_or_default()).is_none()) {
        return Err(wrong("INVALID_DATA", "manager.id", path));
    }
    Ok(())
}

fn put(crm: &Crm, row: &mut Value, given: &Row) {
    for name in KEPT {
        if let Some(value) = given.get(name) {
            row[name] = value.clone();
        }
    }
    if let Some(above) = given.get("reporting_to") {
        let above = crm.company_row(KEY, &above["id"]).unwrap_or_default();
        row["reporting_to"] = json!({ "name": above["name"], "id": above["id"] });
    }
    if let Some(manager) = given.get("manager") {
        let user = crm.user(manager["id"].as_str().unwrap_or_default());
        row["manager"] = user.map_or(
            Value::Null,
            |user| json!({ "name": user["full_name"], "id": user["id"] }),
        );
    }
}

fn remove(crm: &mut Crm, id: &str) -> Value {
    let details = json!({ "id": id });
    let rows = crm.company.entry(KEY.to_owned()).or_default();
    let Some(at) = rows.iter().position(|row| row["id"] == id) else {
        return failure("INVALID_DATA", &details, "the id given seems to be invalid");
    };
    if rows[at]["reporting_to"].is_null() || rows.iter().any(|row| row["reporting_to"]["id"] == id) {
        return failure("NOT_ALLOWED", &details, "the territory cannot be deleted");
    }
    rows.remove(at);
    success(&details, "Territory deleted successfully")
}

fn wrong(code: &str, name: &str, path: &str) -> Value {
    let message = match code {
        "MANDATORY_NOT_FOUND" => "required field not found",
        "DUPLICATE_DATA" => "duplicate data",
        "NOT_ALLOWED" => "not allowed for the organization's territory",
        _ => "invalid data",
    };
    let last = name.rsplit('.').next().unwrap_or(name);
    let details = json!({ "api_name": last, "json_path": format!("{path}.{name}") });
    failure(code, &details, message)
}
