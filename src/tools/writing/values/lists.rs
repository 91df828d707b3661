//! Values of lists: those that Zoho's settings name, as they are shown or stored.

use serde_json::{Value, json};

use super::refused;
use crate::connections::Product;
use crate::names::{clip, letters, only_meant};
use crate::repair::Problem;
use crate::tools::settings::fields::Field;
use crate::tools::writing::plain;

/// Characters of a list of accepted values that are told.
const MOST_LISTED: usize = 400;

/// A value of a list, or several where the field takes several.
pub(super) fn chosen(product: Product, field: &Field, value: &Value) -> Result<Value, Box<Problem>> {
    let is_many = letters(&field.kind).contains("multi");
    let one = |item: &Value| {
        let text = plain(item).unwrap_or_default();
        accepted(field, &text).map(Value::from).ok_or_else(|| {
            let names = field.values.iter().map(|one| (one.as_str(), one.as_str()));
            let near = only_meant(&text, names).map(|near| format!("`{near}`"));
            refused(
                format!("one of: {}", listed(field).unwrap_or_default()),
                format!("`{}`", clip(&text, 60)),
                near,
            )
        })
    };
    match value {
        Value::Array(items) if is_many => {
            let values = items.iter().map(one).collect::<Result<Vec<Value>, _>>()?;
            Ok(match product {
                Product::Crm => Value::Array(values),
                Product::Desk => {
                    let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
                    json!(texts.join(";"))
                }
            })
        }
        Value::String(text) if is_many && text.contains(';') => {
            let parts: Vec<Value> = text.split(';').map(|part| json!(part.trim())).collect();
            chosen(product, field, &Value::Array(parts))
        }
        Value::String(_) | Value::Number(_) | Value::Bool(_) => {
            let value = one(value)?;
            Ok(if is_many && product == Product::Crm {
                json!([value])
            } else {
                value
            })
        }
        _ => Err(refused(
            "one of the values of the list",
            "something else than a text",
            None,
        )),
    }
}

/// The values of a list; none of a field without one.
pub fn listed(field: &Field) -> Option<String> {
    (!field.values.is_empty()).then(|| clip(&field.values.join(", "), MOST_LISTED))
}

/// The member of the list that a text is, or that is shown so; case and separators do not count where one only is meant.
fn accepted<'f>(field: &'f Field, text: &str) -> Option<&'f str> {
    if let Some(value) = field.values.iter().find(|value| *value == text) {
        return Some(value);
    }
    let shown = field.shown.iter().filter(|(label, _)| label == text);
    let shown: Vec<&str> = shown.map(|(_, value)| value.as_str()).collect();
    if let [value] = shown.as_slice() {
        return Some(value);
    }
    let wanted = letters(text);
    let same: Vec<&String> = field
        .values
        .iter()
        .filter(|value| letters(value) == wanted)
        .collect();
    match same.as_slice() {
        [value] if !wanted.is_empty() => Some(value),
        _ => None,
    }
}
