//! How a record looks from outside: the fields that were asked for, or all of them.

use serde_json::{Map, Value, json};

use super::schema::{Field, Module, Row};
use super::seeds;

/// The asked fields of a record and its id; names CRM does not know are left out.
pub(crate) fn select(module: &Module, row: &Row, fields: &[String]) -> Value {
    let mut shown = Map::new();
    for name in fields {
        match module.field(name) {
            Some(field) if field.data_type == "subform" => {}
            Some(field) => drop(shown.insert(name.clone(), value(field, row.get(name)))),
            None => {
                if let Some(value) = extra(module, row, name) {
                    shown.insert(name.clone(), value);
                }
            }
        }
    }
    shown.insert("id".to_owned(), row["id"].clone());
    Value::Object(shown)
}

/// A record in full, as a single read gives it; or with `fields` only those, line items included.
pub(crate) fn full(module: &Module, row: &Row, fields: Option<&[String]>) -> Value {
    if let Some(fields) = fields {
        let mut shown = select(module, row, fields);
        for field in module
            .fields
            .iter()
            .filter(|field| field.data_type == "subform" && fields.contains(&field.api_name))
        {
            shown[&field.api_name] = row.get(&field.api_name).cloned().unwrap_or_else(|| json!([]));
        }
        return shown;
    }
    let mut shown = Map::new();
    for field in &module.fields {
        shown.insert(field.api_name.clone(), value(field, row.get(&field.api_name)));
    }
    for name in EXTRAS {
        if let Some(value) = extra(module, row, name) {
            shown.insert((*name).to_owned(), value);
        }
    }
    Value::Object(shown)
}

/// Characters of it.
const BEGINNING: usize = 500;

const EXTRAS: &[&str] = &[
    "Layout",
    "$approval_state",
    "$approved",
    "$approval",
    "$review_process",
    "$review",
    "$process_flow",
    "$orchestration",
    "$in_merge",
    "$editable",
    "$currency_symbol",
    "$field_states",
    "$locked_for_me",
    "$sharing_permission",
    "$has_more",
    "$se_module",
    "$converted",
    "$converted_detail",
];

fn extra(module: &Module, row: &Row, name: &str) -> Option<Value> {
    Some(match name {
        "Layout" => {
            json!({ "name": "Standard", "display_label": "Standard", "id": seeds::layout_id(module) })
        }
        "$approval_state" => json!("approved"),
        "$approved" | "$editable" => json!(true),
        "$approval" => {
            json!({ "delegate": false, "takeover": false, "approve": false, "reject": false, "resubmit": false })
        }
        "$review_process" => json!({ "approve": false, "reject": false, "resubmit": false }),
        "$review" | "$field_states" => Value::Null,
        "$process_flow" | "$orchestration" | "$in_merge" | "$locked_for_me" => json!(false),
        "$currency_symbol" => json!("$"),
        "$sharing_permission" => json!("full_access"),
        "$has_more" => {
            let lists = module.fields.iter().filter(|field| field.data_type == "subform");
            Value::Object(
                lists
                    .map(|field| (field.api_name.clone(), json!(false)))
                    .collect(),
            )
        }
        "$se_module" => row.get("$se_module")?.clone(),
        "$converted" if module.convertable => row.get("Converted__s").cloned().unwrap_or(json!(false)),
        "$converted_detail" if module.convertable => {
            row.get("$converted_detail").cloned().unwrap_or_else(|| json!({}))
        }
        _ => return row.get(name).filter(|_| name.starts_with('$')).cloned(),
    })
}

fn value(field: &Field, value: Option<&Value>) -> Value {
    match (field.data_type.as_str(), value) {
        ("tag" | "multiselectpicklist" | "subform", None) => json!([]),
        (_, None) => Value::Null,
        (_, Some(Value::String(text))) if field.rich => json!(beginning(text)),
        (_, Some(value)) => value.clone(),
    }
}

/// What records show of rich text; all of it is had by `fetch_full_data`.
pub(crate) fn beginning(text: &str) -> String {
    text.chars().take(BEGINNING).collect()
}
