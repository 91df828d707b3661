//! What Zoho calls the fields of an answer's records: people at a terminal read that, programs and models read API names.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value};

use super::invocation::Invocation;
use super::modules::{self, Subject};
use crate::connections::Product;
use crate::names::{clean_line, fold};

/// The labels by API names, of fields whose label is another word than their name. Zoho is asked only where a record has
/// fields that no file of modules names, and what it has told before is remembered.
pub(super) async fn of(invocation: &Invocation<'_>, body: &Map<String, Value>) -> HashMap<String, String> {
    known(invocation, body).await.unwrap_or_default()
}

async fn known(invocation: &Invocation<'_>, body: &Map<String, Value>) -> Option<HashMap<String, String>> {
    let product = match body.get("app_type")?.as_str()? {
        "crm" => Product::Crm,
        _ => Product::Desk,
    };
    let subject = modules::subject(body.get("module")?.as_str()?, Some(product)).ok()?;
    let mut keys = BTreeSet::new();
    add_keys(body.get("data")?, &mut keys);
    let settings = &invocation.equipment().settings.fields;
    let asks = keys.iter().any(|key| is_own(&subject, key));
    if !asks && settings.is_empty() {
        return None;
    }
    let session = invocation.session(product).await.ok()?;
    let fields = match asks {
        true => invocation.fields(session, &subject, false).await.ok()?.0,
        false => settings.recall(session, &subject)?,
    };
    let labels = fields.iter().filter(|field| {
        let is_other = fold(&field.label) != fold(&field.api_name);
        is_other
            && !is_id(&field.api_name)
            && !field.label.is_empty()
            && keys.contains(field.api_name.as_str())
    });
    let labels = labels.map(|field| (field.api_name.clone(), clean_line(field.label.as_str())));
    Some(labels.collect())
}

/// Whether a member is a field that the file of its module does not name: one of the organization's own in Desk, in CRM any.
fn is_own(subject: &Subject, key: &str) -> bool {
    match subject.product {
        Product::Desk => key.starts_with("cf_"),
        Product::Crm => {
            key.starts_with(char::is_uppercase) && !subject.module.fields.iter().any(|field| field == key)
        }
    }
}

/// The label of an id is that of whom it names.
fn is_id(name: &str) -> bool {
    name == "id" || name.ends_with("Id")
}

/// The members of records, whatever they stand in, and the columns of a table.
fn add_keys<'v>(value: &'v Value, keys: &mut BTreeSet<&'v str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| add_keys(item, keys)),
        Value::Object(members) => {
            for (key, value) in members {
                keys.insert(key);
                match (key.as_str(), value) {
                    ("columns", Value::Array(columns)) => {
                        keys.extend(columns.iter().filter_map(Value::as_str))
                    }
                    _ => add_keys(value, keys),
                }
            }
        }
        _ => {}
    }
}
