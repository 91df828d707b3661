//! What Zoho's answer to a call says of each of its records.

use serde_json::{Value, json};

use super::Failed;
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::writing::steps::Touched;
use crate::zoho::ZohoError;

/// The id of what a call made, as Zoho answers it.
pub(in crate::tools::writing) fn made_id(product: Product, body: &Value) -> Option<&str> {
    let made = match product {
        Product::Desk => body.get("id"),
        Product::Crm => body.pointer("/data/0/details/id"),
    };
    made?.as_str().filter(|id| !id.is_empty())
}

/// Whether an answer of CRM says of something that it went well.
pub(super) fn says_success(body: &Value) -> bool {
    let is = |row: &Value| {
        row.get("status") == Some(&json!("success")) || row.get("code") == Some(&json!("SUCCESS"))
    };
    let lists = body.as_object().into_iter().flat_map(|members| members.values());
    is(body) || lists.filter_map(Value::as_array).any(|rows| rows.iter().any(is))
}

/// The records of a call that Zoho says were not changed: CRM answers a row for each, in their order, Desk by id.
pub(super) fn failed_of(product: Product, records: &[Touched], body: &Value) -> Vec<Failed> {
    let Some(rows) = body.as_object().and_then(|members| {
        let lists = members.values().filter_map(Value::as_array);
        lists.into_iter().find(|rows| is_by_record(product, rows))
    }) else {
        return Vec::new();
    };
    let by_place = rows.len() == records.len();
    let mut failed = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let (is_failed, refusal) = match product {
            Product::Crm => (row.get("status") == Some(&json!("error")), ZohoError::of_row(row)),
            Product::Desk => {
                let errors = row.get("errors").unwrap_or(&Value::Null);
                (
                    row.get("success") == Some(&json!(false)),
                    ZohoError::of_row(errors),
                )
            }
        };
        let named = row.pointer("/details/id").or_else(|| row.get("id"));
        let by_id = named.and_then(Value::as_str);
        let of_place = records.get(place).filter(|_| by_place).map(|one| one.id.as_str());
        let of_id = by_id.filter(|id| records.iter().any(|one| one.id == *id));
        if let (true, Some(id)) = (is_failed, of_id.or(of_place)) {
            failed.push(Failed {
                id: id.to_owned(),
                why: told(&refusal),
                next: ToolError::from(refusal).next,
            });
        }
    }
    failed
}

pub(super) fn is_by_record(product: Product, rows: &[Value]) -> bool {
    let has = |row: &Value, name: &str, is: fn(&Value) -> bool| row.get(name).is_some_and(is);
    let is_one = |row: &Value| match product {
        Product::Crm => has(row, "code", Value::is_string) && has(row, "status", Value::is_string),
        Product::Desk => has(row, "success", Value::is_boolean) && has(row, "id", Value::is_string),
    };
    !rows.is_empty() && rows.iter().all(is_one)
}

/// What Zoho says of one record, without the words around it.
fn told(refusal: &ZohoError) -> String {
    let ZohoError::Rejected {
        code,
        message,
        fields,
        ..
    } = refusal
    else {
        return refusal.to_string();
    };
    let fields = fields.iter().map(|field| match &field.message {
        Some(message) => format!("{}: {message}", field.field),
        None => field.field.clone(),
    });
    let fields: Vec<String> = fields.collect();
    let said = [code.as_str(), message.as_str()];
    let said: Vec<&str> = said.into_iter().filter(|text| !text.is_empty()).collect();
    match fields.as_slice() {
        [] => said.join(": "),
        fields => format!("{} ({})", said.join(": "), fields.join("; ")),
    }
}
