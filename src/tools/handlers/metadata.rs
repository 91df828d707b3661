//! `get_modules`, `get_fields`, `get_views`: what can be asked for.

use super::{Context, about};
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::modules;
use crate::tools::modules::Subject;
use crate::tools::output::Answer;
use crate::tools::references::Named;
use crate::tools::request;
use crate::zoho::{Session, ZohoRequest};
use serde_json::{Map, Value, json};

/// Lists the modules of a product: Desk's are known, CRM is asked.
pub(super) async fn modules(context: Context<'_>) -> Result<Answer, ToolError> {
    let product = request::app_type(context.arguments).unwrap_or(Product::Desk);
    let data: Vec<Value> = match product {
        Product::Desk => modules::all(product).iter().map(desk_module).collect(),
        Product::Crm => {
            let session = context.session(product).await?;
            let request = ZohoRequest::get(product, ["settings", "modules"]);
            let request = request.with_scopes(vec!["ZohoCRM.settings.modules.READ".to_owned()]);
            members(&session, request, "modules")
                .await?
                .iter()
                .filter_map(crm_module)
                .collect()
        }
    };
    let count = data.len();
    Ok(Answer::default()
        .with("data", data)
        .with("count", count)
        .with("app_type", product.as_str()))
}

fn desk_module(module: &modules::Module) -> Value {
    let mut shown = Map::new();
    shown.insert("module".to_owned(), json!(module.name));
    let filters: Vec<&String> = module
        .list
        .filters
        .keys()
        .chain(module.search.iter().flat_map(|search| search.filters.keys()))
        .collect();
    let mut unique = Vec::new();
    for filter in filters {
        if !unique.contains(&filter) {
            unique.push(filter);
        }
    }
    shown.insert("filters".to_owned(), json!(unique));
    if !module.related.is_empty() {
        shown.insert(
            "related".to_owned(),
            json!(module.related.keys().collect::<Vec<_>>()),
        );
    }
    Value::Object(shown)
}

fn crm_module(module: &Value) -> Option<Value> {
    let flag = |key: &str| module.get(key).and_then(Value::as_bool).unwrap_or(false);
    if !flag("api_supported") {
        return None;
    }
    let custom = module.get("generated_type").and_then(Value::as_str) == Some("custom");
    let mut shown = Map::new();
    shown.insert(
        "module".to_owned(),
        module.get("api_name").cloned().unwrap_or_default(),
    );
    shown.insert(
        "label".to_owned(),
        module.get("plural_label").cloned().unwrap_or_default(),
    );
    if custom {
        shown.insert("custom".to_owned(), Value::Bool(true));
    }
    Some(Value::Object(shown))
}

/// Lists the fields of a module: API name, label, type, whether it must be given, what it accepts.
pub(super) async fn fields(context: Context<'_>) -> Result<Answer, ToolError> {
    let subject = request::subject(context.arguments)?;
    let session = context.session(subject.product).await?;
    let fields = listed_fields(&session, &subject).await?;
    let wanted = request::texts(context.arguments, "fields");
    let named = |field: &Value| {
        let is = |key: &str| {
            let value = field.get(key).and_then(Value::as_str).unwrap_or_default();
            wanted
                .iter()
                .any(|name| modules::fold(name) == modules::fold(value))
        };
        wanted.is_empty() || is("name") || is("label")
    };
    let data: Vec<Value> = fields.into_iter().filter(named).collect();
    let count = data.len();
    Ok(about(
        Answer::default().with("data", data).with("count", count),
        &subject,
        &session,
    ))
}

/// The fields of a module in one form for both products.
pub(in crate::tools) async fn listed_fields(
    session: &Session,
    subject: &Subject,
) -> Result<Vec<Value>, ToolError> {
    let (request, key) = match subject.product {
        Product::Desk => {
            let request =
                ZohoRequest::get(Product::Desk, ["fields"]).with_query("module", &subject.module.path);
            (request.with_scopes(vec!["Desk.basic.READ".to_owned()]), "data")
        }
        Product::Crm => {
            let request = ZohoRequest::get(Product::Crm, ["settings", "fields"]);
            let request = request.with_query("module", &subject.module.name);
            (
                request.with_scopes(vec!["ZohoCRM.settings.fields.READ".to_owned()]),
                "fields",
            )
        }
    };
    Ok(members(session, request, key)
        .await?
        .iter()
        .map(|field| shown_field(field, subject.product))
        .collect())
}

fn shown_field(field: &Value, product: Product) -> Value {
    let names = match product {
        Product::Desk => [
            "apiName",
            "displayLabel",
            "type",
            "isMandatory",
            "isCustomField",
            "allowedValues",
            "value",
        ],
        Product::Crm => [
            "api_name",
            "field_label",
            "data_type",
            "system_mandatory",
            "custom_field",
            "pick_list_values",
            "actual_value",
        ],
    };
    let [name, label, kind, mandatory, custom, values, value] = names;
    let mut shown = Map::new();
    for (key, source) in [("name", name), ("label", label), ("type", kind)] {
        if let Some(text) = field.get(source).filter(|text| !text.is_null()) {
            shown.insert(key.to_owned(), text.clone());
        }
    }
    for (key, source) in [("mandatory", mandatory), ("custom", custom)] {
        if field.get(source).and_then(Value::as_bool) == Some(true) {
            shown.insert(key.to_owned(), Value::Bool(true));
        }
    }
    let accepted: Vec<Value> = field
        .get(values)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|one| {
            if one.is_string() {
                Some(one.clone())
            } else {
                one.get(value).cloned()
            }
        })
        .collect();
    if !accepted.is_empty() {
        shown.insert("values".to_owned(), Value::Array(accepted));
    }
    Value::Object(shown)
}

/// Lists the views of a module, by which lists can be narrowed.
pub(super) async fn views(context: Context<'_>) -> Result<Answer, ToolError> {
    let subject = request::subject(context.arguments)?;
    let session = context.session(subject.product).await?;
    let data = listed_views(&session, &subject).await?;
    let count = data.len();
    Ok(about(
        Answer::default().with("data", data).with("count", count),
        &subject,
        &session,
    ))
}

/// The views of a module, to look one up by its name.
pub(in crate::tools) async fn named_views(
    session: &Session,
    subject: &Subject,
) -> Result<Vec<Named>, ToolError> {
    let text = |view: &Value, key: &str| {
        view.get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let views = listed_views(session, subject).await?;
    Ok(views
        .iter()
        .map(|view| Named {
            id: text(view, "id"),
            name: text(view, "name"),
            email: String::new(),
        })
        .collect())
}

/// The views of a module: id and name.
pub(super) async fn listed_views(session: &Session, subject: &Subject) -> Result<Vec<Value>, ToolError> {
    let (request, key) = match subject.product {
        Product::Desk => {
            let request =
                ZohoRequest::get(Product::Desk, ["views"]).with_query("module", &subject.module.path);
            (request.with_scopes(vec!["Desk.basic.READ".to_owned()]), "data")
        }
        Product::Crm => {
            let request = ZohoRequest::get(Product::Crm, ["settings", "custom_views"]);
            let request = request.with_query("module", &subject.module.name);
            (
                request.with_scopes(vec!["ZohoCRM.settings.custom_views.READ".to_owned()]),
                "custom_views",
            )
        }
    };
    let views = members(session, request, key).await?;
    let shown = |view: &Value| {
        let name = view
            .get("name")
            .or_else(|| view.get("display_value"))
            .cloned()
            .unwrap_or_default();
        json!({ "id": view.get("id").cloned().unwrap_or_default(), "name": name })
    };
    Ok(views.iter().map(shown).collect())
}

async fn members(session: &Session, request: ZohoRequest, key: &str) -> Result<Vec<Value>, ToolError> {
    let response = session.send(request).await?;
    if response.body.is_empty() {
        return Ok(Vec::new());
    }
    let body: Value =
        serde_json::from_slice(&response.body).map_err(|error| ToolError::unreadable(&error))?;
    Ok(body
        .get(key)
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default())
}
