//! The fields of a module as Zoho's settings list them, remembered per connection for a while.

use super::error::ToolError;
use super::modules::Module;
use crate::connections::Product;
use crate::zoho::{Session, ZohoRequest};
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

type Key = (i64, Product, String);

/// The lists remembered.
#[derive(Debug, Default)]
pub struct Metadata {
    lists: Mutex<HashMap<Key, (Instant, Arc<Vec<Field>>)>>,
}

impl Metadata {
    /// The fields of a module, and whether they were asked for just now; `anew` asks in any case.
    ///
    /// # Errors
    /// Zoho refused the list.
    pub async fn fields(
        &self,
        session: &Session,
        module: &Module,
        anew: bool,
    ) -> Result<(Arc<Vec<Field>>, bool), ToolError> {
        let product = session.product();
        let key = (session.connection().id, product, module.name.clone());
        if !anew {
            let lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((since, list)) = lists.get(&key)
                && since.elapsed() < LIFETIME
            {
                return Ok((Arc::clone(list), false));
            }
        }
        let list = Arc::new(listed(session, product, module).await?);
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        lists.insert(key, (Instant::now(), Arc::clone(&list)));
        Ok((list, true))
    }
}

async fn listed(session: &Session, product: Product, module: &Module) -> Result<Vec<Field>, ToolError> {
    let (request, key) = match product {
        Product::Desk => {
            let scopes = vec!["Desk.basic.READ".to_owned()];
            let request = ZohoRequest::get(product, ["fields"]).with_scopes(scopes);
            (request.with_query("module", module.path.as_str()), "data")
        }
        Product::Crm => {
            let scopes = vec!["ZohoCRM.settings.fields.READ".to_owned()];
            let request = ZohoRequest::get(product, ["settings", "fields"]).with_scopes(scopes);
            (request.with_query("module", module.name.as_str()), "fields")
        }
    };
    let response = session.send(&request).await?;
    let body: Value = match response.body.is_empty() {
        true => Value::Null,
        false => serde_json::from_slice(&response.body).map_err(|error| ToolError::unreadable(&error))?,
    };
    let rows = body.get(key).and_then(Value::as_array);
    let mut fields: Vec<Field> = rows.into_iter().flatten().filter_map(field).collect();
    for name in known(module) {
        if !fields.iter().any(|field| field.api_name == name) {
            fields.push(Field {
                api_name: name.to_owned(),
                label: String::new(),
                values: Vec::new(),
            });
        }
    }
    Ok(fields)
}

/// One row of Desk's or CRM's list; Zoho's value for "nothing chosen" is no value.
fn field(row: &Value) -> Option<Field> {
    let text = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| row.get(*name)?.as_str())
            .map(str::to_owned)
    };
    let values = ["allowedValues", "pick_list_values"];
    let values = values
        .iter()
        .find_map(|name| row.get(*name)?.as_array())
        .into_iter()
        .flatten()
        .filter_map(|one| one.get("actual_value").or_else(|| one.get("value"))?.as_str())
        .filter(|value| !matches!(*value, "" | "-None-"));
    Some(Field {
        api_name: text(&["apiName", "api_name"])?,
        label: text(&["displayLabel", "display_label", "field_label"]).unwrap_or_default(),
        values: values.map(str::to_owned).collect(),
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
    let system = [
        "id",
        "cf",
        "Owner",
        "Created_Time",
        "Modified_Time",
        "Created_By",
        "Modified_By",
        "Tag",
    ];
    own.map(String::as_str)
        .chain(named)
        .chain(system.into_iter().filter(move |_| module.path.is_empty()))
}
