//! Upsert: update the record that has the same value in a duplicate check field, else insert.

use serde_json::{Value, json};

use super::answer::{self, Answer, results};
use super::call::Call;
use super::records::Converted;
use super::schema::{Field, Module, Row};
use super::state::Crm;
use super::write;

/// `POST /{module}/upsert`.
pub(crate) fn run(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = call.module();
    if module.no_upsert || module.is_attached() {
        return Err(answer::refuse(
            400,
            "NOT_SUPPORTED",
            &json!({ "resource_path_index": 0 }),
            "The given module is not supported in API",
        ));
    }
    let body = call.body()?;
    let records = call.objects(&body, "data", write::MOST)?;
    let checks = checks(module, &body)?;
    let unmodified = write::unmodified_since(call)?;
    let mut done = Vec::new();
    for (index, input) in records.iter().enumerate() {
        let path = format!("$.data[{index}]");
        let found = match write::given_id(input) {
            Some(id) => Some((id, None)),
            None => twin(crm, module, &checks, input),
        };
        let mut result = match found {
            Some((id, _)) => write::change(crm, module, id, input, &path, unmodified),
            None => write::add(crm, module, input, &path),
        };
        if result["status"] == "success" {
            result["duplicate_field"] = json!(found.and_then(|(_, field)| field));
            result["action"] = json!(if found.is_some() { "update" } else { "insert" });
        }
        done.push(result);
    }
    Ok(results(200, done))
}

/// The fields to compare, in order: those asked for, else the module's own, and always the unique ones.
fn checks(module: &'static Module, body: &Row) -> Result<Vec<&'static Field>, crate::http::Reply> {
    let mut names: Vec<String> = module.duplicate.clone();
    if let Some(list) = body.get("duplicate_check_fields").and_then(Value::as_array) {
        names = list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    }
    let mut fields = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let path = format!("$.duplicate_check_fields[{index}]");
        fields.push(
            module
                .field(name)
                .ok_or_else(|| answer::invalid("text", "duplicate_check_fields", &path))?,
        );
    }
    for field in module.fields.iter().filter(|field| field.unique) {
        if !fields.iter().any(|other| other.api_name == field.api_name) {
            fields.push(field);
        }
    }
    Ok(fields)
}

/// The record that agrees in a field, and the field's name.
fn twin(
    crm: &mut Crm,
    module: &'static Module,
    checks: &[&'static Field],
    input: &Row,
) -> Option<(u64, Option<&'static str>)> {
    let same = |one: &Value, other: &Value| match (one.as_str(), other.as_str()) {
        (Some(one), Some(other)) => one.to_lowercase() == other.to_lowercase(),
        _ => one == other,
    };
    for field in checks {
        let Some(value) = input.get(&field.api_name).filter(|value| !value.is_null()) else {
            continue;
        };
        let rows = &crm.table(module).rows;
        let found = rows
            .iter()
            .filter(|(_, row)| !Converted::Only.shows(row))
            .find(|(_, row)| row.get(&field.api_name).is_some_and(|other| same(value, other)));
        if let Some((id, _)) = found {
            return Some((*id, Some(&field.api_name)));
        }
    }
    None
}
