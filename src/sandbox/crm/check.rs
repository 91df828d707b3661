//! What a write may put into a record: types, lengths, mandatory and unique fields, lookups that exist.

use serde_json::{Value, json};

use super::answer::failure;
use super::schema::{self, Field, Module, Row};
use super::state::Crm;
use super::{derive, seeds, tags, time};

/// Whether a record is new, and where it stands in the body.
pub(crate) struct Place {
    /// The record that is changed; `None` for a new one.
    pub(crate) id: Option<u64>,
    /// `$.data[0]` for the first record of a body.
    pub(crate) path: String,
}

/// The values to store (null clears a field), or the error of this record.
pub(crate) fn record(
    crm: &mut Crm,
    module: &'static Module,
    input: &Row,
    place: &Place,
) -> Result<Row, Value> {
    let mut changes = Row::new();
    let mut errors = Vec::new();
    if let Some(target) = input
        .get("$se_module")
        .filter(|target| target.as_str().and_then(schema::module).is_some())
    {
        changes.insert("$se_module".to_owned(), target.clone());
    }
    for field in module.fields.iter().filter(|field| !field.read_only) {
        let given = input.get(&field.api_name);
        let path = format!("{}.{}", place.path, field.api_name);
        let empty = given.is_some_and(is_empty) || (given.is_none() && place.id.is_none());
        match given {
            _ if empty && field.required => {
                errors.push(failure(
                    "MANDATORY_NOT_FOUND",
                    &json!({ "api_name": field.api_name, "json_path": path }),
                    "required field not found",
                ));
            }
            Some(value) if is_empty(value) => drop(changes.insert(field.api_name.clone(), Value::Null)),
            Some(value) => match accept(crm, module, field, value, input, place, &path) {
                Ok(value) => drop(changes.insert(field.api_name.clone(), value)),
                Err(error) => errors.push(error),
            },
            None => {}
        }
    }
    match errors.len() {
        0 => Ok(changes),
        1 => Err(errors.remove(0)),
        _ => Err(failure(
            "MULTIPLE_OR_MULTI_ERRORS",
            &json!({ "errors": errors }),
            "Multiple errors occurred in the given record",
        )),
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null()
        || value.as_str().is_some_and(|text| text.trim().is_empty())
        || value.as_array().is_some_and(Vec::is_empty)
}

fn accept(
    crm: &mut Crm,
    module: &'static Module,
    field: &Field,
    value: &Value,
    input: &Row,
    place: &Place,
    path: &str,
) -> Result<Value, Value> {
    let wrong = |expected: &str| {
        let details =
            json!({ "expected_data_type": expected, "api_name": field.api_name, "json_path": path });
        failure("INVALID_DATA", &details, "invalid data")
    };
    let stored = match field.data_type.as_str() {
        "lookup" | "ownerlookup" => return reference(crm, field, value, input, place, path),
        "integer" => value
            .as_i64()
            .map(|number| json!(number))
            .ok_or_else(|| wrong("integer"))?,
        "bigint" => whole(value).ok_or_else(|| wrong("bigint"))?,
        "double" | "currency" | "percent" => value
            .as_f64()
            .map(derive::amount)
            .ok_or_else(|| wrong("double"))?,
        "boolean" => value
            .as_bool()
            .map(|flag| json!(flag))
            .ok_or_else(|| wrong("boolean"))?,
        "date" => value
            .as_str()
            .filter(|text| time::is_date(text))
            .map(|text| json!(text))
            .ok_or_else(|| wrong("date"))?,
        "datetime" => value
            .as_str()
            .and_then(time::normal)
            .map(|text| json!(text))
            .ok_or_else(|| wrong("datetime"))?,
        "multiselectpicklist" => value
            .as_array()
            .filter(|list| list.iter().all(Value::is_string))
            .map(|list| json!(list))
            .ok_or_else(|| wrong("jsonarray"))?,
        "jsonarray" => value
            .as_array()
            .map(|list| json!(list))
            .ok_or_else(|| wrong("jsonarray"))?,
        "tag" => return named_tags(crm, module, value).ok_or_else(|| wrong("jsonarray")),
        "subform" => {
            return items(crm, value, path).map_err(|found| found.unwrap_or_else(|| wrong("jsonarray")));
        }
        "email" => value
            .as_str()
            .filter(|text| is_email(text))
            .map(|text| json!(text))
            .ok_or_else(|| wrong("email"))?,
        "picklist" => value
            .as_str()
            .map(|text| json!(text))
            .ok_or_else(|| wrong("text"))?,
        _ => value
            .as_str()
            .map(|text| json!(text))
            .ok_or_else(|| wrong("text"))?,
    };
    let length = stored
        .as_str()
        .map_or_else(|| digits(&stored), |text| text.chars().count());
    if let Some(longest) = field.longest().filter(|longest| length > *longest) {
        let details = json!({ "maximum_length": longest, "api_name": field.api_name, "json_path": path });
        return Err(failure("INVALID_DATA", &details, "invalid data"));
    }
    if field.unique
        && let Some((id, _)) = crm
            .table(module)
            .rows
            .iter()
            .find(|(id, row)| Some(**id) != place.id && row.get(&field.api_name) == Some(&stored))
    {
        let duplicate = json!({ "id": id.to_string(), "module": { "api_name": module.api_name, "id": seeds::module_id(module) } });
        let details = json!({ "id": id.to_string(), "api_name": field.api_name, "json_path": path, "duplicate_record": duplicate });
        return Err(failure("DUPLICATE_DATA", &details, "duplicate data"));
    }
    Ok(stored)
}

fn whole(value: &Value) -> Option<Value> {
    let number = value
        .as_i64()
        .or_else(|| value.as_str().and_then(|text| text.parse().ok()))?;
    Some(json!(number.to_string()))
}

/// The digits before the point.
fn digits(value: &Value) -> usize {
    value
        .as_f64()
        .map_or(0, |number| format!("{:.0}", number.abs().trunc()).len())
}

fn is_email(text: &str) -> bool {
    let mut parts = text.split('@');
    let (Some(name), Some(host), None) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let dotted = host
        .split_once('.')
        .is_some_and(|(before, after)| !before.is_empty() && !after.is_empty());
    !name.is_empty() && dotted && !text.contains(char::is_whitespace)
}

fn reference(
    crm: &mut Crm,
    field: &Field,
    value: &Value,
    input: &Row,
    place: &Place,
    path: &str,
) -> Result<Value, Value> {
    let fail = |expected: Option<&str>, path: &str| {
        let mut details = json!({ "api_name": field.api_name, "json_path": path });
        if let Some(expected) = expected {
            details["expected_data_type"] = json!(expected);
        }
        failure(
            "INVALID_DATA",
            &details,
            if expected.is_some() {
                "invalid data"
            } else {
                "the related id given seems to be invalid"
            },
        )
    };
    let id = value
        .as_str()
        .or_else(|| value["id"].as_str())
        .map(str::to_owned)
        .or_else(|| value["id"].as_u64().map(|id| id.to_string()));
    let id = id.ok_or_else(|| fail(Some("jsonobject"), path))?;
    let within = if value.is_object() {
        format!("{path}.id")
    } else {
        path.to_owned()
    };
    if field.data_type == "ownerlookup" {
        let user = crm.user(&id).filter(|user| user["status"] == "active");
        return user
            .map(|user| crm.user_reference(user))
            .ok_or_else(|| fail(None, &within));
    }
    let polymorphic = field.lookup.as_deref() == Some("se_module");
    let target = if polymorphic {
        se_module(crm, value, input, place)
    } else {
        field.lookup.clone()
    };
    let Some(target) = target else {
        let details = json!({ "api_name": "$se_module", "json_path": format!("{}.$se_module", place.path), "dependee": { "api_name": field.api_name, "json_path": path } });
        return Err(failure(
            "DEPENDENT_FIELD_MISSING",
            &details,
            "Required field not found",
        ));
    };
    let target = schema::module(&target).ok_or_else(|| fail(None, &within))?;
    let mut found = id
        .parse()
        .ok()
        .and_then(|id| crm.reference(target, id))
        .ok_or_else(|| fail(None, &within))?;
    if polymorphic && field.required {
        found["module"] = json!({ "api_name": target.api_name, "id": seeds::module_id(target) });
    }
    Ok(found)
}

/// The module a lookup that may point anywhere points at.
fn se_module(crm: &Crm, value: &Value, input: &Row, place: &Place) -> Option<String> {
    let told = value["module"]["api_name"]
        .as_str()
        .or_else(|| input.get("$se_module").and_then(Value::as_str));
    if let Some(name) = told {
        return Some(name.to_owned());
    }
    let id = place.id?;
    let rows = crm.tables.values().find_map(|table| table.rows.get(&id))?;
    rows.get("$se_module").and_then(Value::as_str).map(str::to_owned)
}

fn named_tags(crm: &mut Crm, module: &'static Module, value: &Value) -> Option<Value> {
    let names: Option<Vec<&str>> = value
        .as_array()?
        .iter()
        .map(|tag| tag["name"].as_str().or(tag.as_str()))
        .collect();
    Some(
        names?
            .into_iter()
            .map(|name| tags::find_or_create(crm, &module.api_name, name, None))
            .collect(),
    )
}

/// Line items with their totals; the inner error is `None` when it is not a list of objects at all.
fn items(crm: &mut Crm, value: &Value, path: &str) -> Result<Value, Option<Value>> {
    let products = schema::module("Products").ok_or(None)?;
    let lines = value.as_array().ok_or(None)?;
    let mut stored = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let mut line = line.as_object().ok_or(None)?.clone();
        let product = line
            .get("Product_Name")
            .map_or(&Value::Null, |product| product.get("id").unwrap_or(product));
        let id = product.as_str().and_then(|id| id.parse().ok());
        let found = id.and_then(|id| crm.reference(products, id)).ok_or_else(|| {
            let details = json!({ "api_name": "Product_Name", "json_path": format!("{path}[{index}].Product_Name.id") });
            Some(failure("INVALID_DATA", &details, "the related id given seems to be invalid"))
        })?;
        let price = id
            .and_then(|id| crm.row(products, id))
            .and_then(|row| row.get("Unit_Price"))
            .and_then(Value::as_f64);
        let price = line
            .get("List_Price")
            .and_then(Value::as_f64)
            .or(price)
            .unwrap_or(0.0);
        let quantity = line.get("Quantity").and_then(Value::as_f64).unwrap_or(1.0);
        line.insert("Product_Name".to_owned(), found);
        line.insert("Quantity".to_owned(), derive::amount(quantity));
        line.insert("List_Price".to_owned(), derive::amount(price));
        line.insert("Total".to_owned(), derive::amount(price * quantity));
        line.insert("Sequence_Number".to_owned(), json!(index + 1));
        line.entry("id")
            .or_insert_with(|| json!(crm.new_id().to_string()));
        stored.push(Value::Object(line));
    }
    Ok(Value::Array(stored))
}
