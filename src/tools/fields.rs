//! The fields of a module as Zoho's settings list them, remembered per connection for a while.

use super::error::ToolError;
use super::handlers::metadata;
use super::modules::{Module, Subject};
use crate::connections::Product;
use crate::zoho::Session;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a list of fields is believed.
const LIFETIME: Duration = Duration::from_secs(600);

/// A field of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// As requests name it.
    pub api_name: String,
    /// As people see it; empty when only the API name is known.
    pub label: String,
    /// The values of a picklist; empty for other fields.
    pub values: Vec<String>,
}

/// A list, and when it was read.
type Remembered = (Instant, Arc<Vec<Field>>);

/// The lists remembered.
#[derive(Debug, Default)]
pub struct KnownFields {
    lists: Mutex<HashMap<(i64, Product, String), Remembered>>,
}

impl KnownFields {
    /// The fields of a module, and whether they were asked for just now; `anew` asks in any case.
    ///
    /// # Errors
    /// Zoho refused the list.
    pub async fn of(
        &self,
        session: &Session,
        subject: &Subject,
        anew: bool,
    ) -> Result<(Arc<Vec<Field>>, bool), ToolError> {
        let key = (
            session.connection_id(),
            subject.product,
            subject.module.name.clone(),
        );
        if !anew {
            let lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((since, list)) = lists.get(&key)
                && since.elapsed() < LIFETIME
            {
                return Ok((Arc::clone(list), false));
            }
        }
        let rows = metadata::listed_fields(session, subject).await?;
        let mut fields: Vec<Field> = rows.iter().filter_map(field).collect();
        for name in known(&subject.module) {
            if !fields.iter().any(|field| field.api_name == name) {
                fields.push(Field {
                    api_name: name.to_owned(),
                    label: String::new(),
                    values: Vec::new(),
                });
            }
        }
        let list = Arc::new(fields);
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        lists.insert(key, (Instant::now(), Arc::clone(&list)));
        Ok((list, true))
    }
}

/// One field as `get_fields` shows it; Zoho's value for "nothing chosen" is no value.
fn field(row: &Value) -> Option<Field> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    let values = row.get("values").and_then(Value::as_array).into_iter().flatten();
    let chosen = values
        .filter_map(Value::as_str)
        .filter(|value| !matches!(*value, "" | "-None-"));
    Some(Field {
        api_name: text("name")?,
        label: text("label").unwrap_or_default(),
        values: chosen.map(str::to_owned).collect(),
    })
}

/// Names that are right although the settings do not list them as fields.
fn known(module: &Module) -> impl Iterator<Item = &str> {
    let listings = std::iter::once(&module.list).chain(&module.search);
    let named = listings.flat_map(|listing| {
        let filters = listing.filters.keys().map(String::as_str);
        filters.chain(listing.sort.iter().chain(&listing.row).map(String::as_str))
    });
    let own = module
        .fields
        .iter()
        .chain(&module.html)
        .chain(&module.list.include);
    let system: &[&str] = if module.path.is_empty() {
        &[
            "id",
            "Owner",
            "Created_Time",
            "Modified_Time",
            "Created_By",
            "Modified_By",
            "Tag",
        ]
    } else {
        &["id", "cf"]
    };
    own.map(String::as_str).chain(named).chain(system.iter().copied())
}
