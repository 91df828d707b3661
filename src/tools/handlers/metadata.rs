//! `get_modules`, `get_fields`, `get_views`: what can be asked for.

mod layouts;

use super::{Context, about};
use crate::connections::Product;
use crate::names::fold;
use crate::tools::error::ToolError;
use crate::tools::modules;
use crate::tools::modules::Subject;
use crate::tools::modules::live::Listed;
use crate::tools::output::Answer;
use crate::tools::references::Named;
use crate::tools::request;
use crate::zoho::{Session, ZohoRequest};
use serde_json::{Map, Value, json};

/// Lists the modules of a product: those of Desk with what their calls take, custom ones as Zoho lists them.
pub(super) async fn modules(context: Context<'_>) -> Result<Answer, ToolError> {
    let product = request::app_type(context.arguments).unwrap_or(Product::Desk);
    let session = context.session(product).await?;
    let (listed, _) = context.invocation.equipment().modules.of(session, true).await?;
    let data: Vec<Value> = match product {
        Product::Desk => {
            let known = modules::all(product).iter();
            let known = known.map(|module| desk_module(module, label_of(module, &listed)));
            let custom = listed.iter().filter(|module| module.custom);
            let custom = custom.map(|one| {
                let module = modules::Module::custom_of_desk(&one.api_name);
                desk_module(&module, one.labels.first().map(String::as_str))
            });
            known.chain(custom).collect()
        }
        Product::Crm => listed.iter().map(crm_module).collect(),
    };
    let count = data.len();
    Ok(Answer::default()
        .of_our_own()
        .with("data", data)
        .with("count", count)
        .with("app_type", product.as_str()))
}

/// The modules of the session's product as its settings list them, those the API serves.
pub(in crate::tools) async fn listed_modules(session: &Session) -> Result<Vec<Listed>, ToolError> {
    let product = session.product();
    let (path, scope) = match product {
        Product::Desk => (vec!["organizationModules"], "Desk.basic.READ"),
        Product::Crm => (vec!["settings", "modules"], "ZohoCRM.settings.modules.READ"),
    };
    let request = ZohoRequest::get(product, path).with_scopes(vec![scope.to_owned()]);
    let rows = members(session, request, "modules").await?;
    Ok(rows.iter().filter_map(|row| listed(row, product)).collect())
}

fn listed(row: &Value, product: Product) -> Option<Listed> {
    let text = |key: &str| row.get(key).and_then(Value::as_str).map(str::to_owned);
    let is = |key: &str| row.get(key).and_then(Value::as_bool).unwrap_or(false);
    let (api_name, labels, custom) = match product {
        Product::Desk => (
            text("apiName")?,
            ["displayLabel", "pluralLabel", "singularLabel"],
            is("isCustomModule"),
        ),
        Product::Crm if !is("api_supported") => return None,
        Product::Crm => (
            text("api_name")?,
            ["plural_label", "singular_label", "actual_plural_label"],
            text("generated_type").as_deref() == Some("custom"),
        ),
    };
    Some(Listed {
        api_name,
        labels: labels.into_iter().filter_map(text).collect(),
        custom,
        tab: text("module_name"),
    })
}

/// What the organization calls a module, where that is another word than its name here.
fn label_of<'l>(module: &modules::Module, listed: &'l [Listed]) -> Option<&'l str> {
    let row = listed.iter().find(|row| row.api_name == module.path)?;
    let label = row.labels.first()?;
    (fold(label) != fold(&module.name)).then_some(label)
}

fn desk_module(module: &modules::Module, label: Option<&str>) -> Value {
    let mut shown = Map::new();
    shown.insert("module".to_owned(), json!(module.name));
    shown.extend(label.map(|label| ("label".to_owned(), json!(label))));
    if module.custom {
        shown.insert("custom".to_owned(), Value::Bool(true));
    }
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

fn crm_module(module: &Listed) -> Value {
    let mut shown = Map::new();
    shown.insert("module".to_owned(), json!(module.api_name));
    shown.insert("label".to_owned(), json!(module.labels.first()));
    if module.custom {
        shown.insert("custom".to_owned(), Value::Bool(true));
    }
    Value::Object(shown)
}

/// Lists the fields of a module: API name, label, type, whether it must be given, what it accepts; of one layout when
/// that is asked, else the names of the layouts are told where there are several.
pub(super) async fn fields(context: Context<'_>) -> Result<Answer, ToolError> {
    let subject = request::subject(context.arguments)?;
    let session = context.session(subject.product).await?;
    let (fields, layout, note) = match request::text(context.arguments, "layout") {
        Some(asked) => {
            let layout = layouts::of(session, &subject, asked).await?;
            (layout.fields, Some(layout.about), None)
        }
        None => {
            let (fields, note) = tokio::join!(
                listed_fields(session, &subject),
                layouts::several(session, &subject)
            );
            (fields?, None, note)
        }
    };
    let wanted = request::texts(context.arguments, "fields");
    let named = |field: &Value| {
        let is = |key: &str| {
            let value = field.get(key).and_then(Value::as_str).unwrap_or_default();
            wanted.iter().any(|name| fold(name) == fold(value))
        };
        wanted.is_empty() || is("name") || is("label")
    };
    let data: Vec<Value> = fields.into_iter().filter(named).collect();
    let count = data.len();
    let mut answer = Answer::default()
        .of_our_own()
        .with("data", data)
        .with("count", count);
    if let Some(layout) = layout {
        answer = answer.with("layout", layout);
    }
    answer.notes.extend(note);
    Ok(about(answer, &subject, session))
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
    let data = listed_views(session, &subject).await?;
    let count = data.len();
    Ok(about(
        Answer::default()
            .of_our_own()
            .with("data", data)
            .with("count", count),
        &subject,
        session,
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
