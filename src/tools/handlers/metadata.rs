//! `get_modules`, `get_fields`: what can be asked for.

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
use crate::tools::request::{self, operation};
use crate::zoho::Session;
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
    let rows = members(session, "modules", &Map::new()).await?;
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
    Ok(members(session, "fields", &of_module(subject))
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
    let views = members(session, "views", &of_module(subject)).await?;
    Ok(views
        .iter()
        .map(|view| Named {
            id: text(view, "id"),
            name: text(view, "name"),
            email: String::new(),
        })
        .collect())
}

/// The arguments of a lookup about a module.
fn of_module(subject: &Subject) -> Map<String, Value> {
    let module = ("module".to_owned(), Value::from(subject.address()));
    std::iter::once(module).collect()
}

/// The rows a lookup of the session's product lists.
async fn members(
    session: &Session,
    lookup: &str,
    arguments: &Map<String, Value>,
) -> Result<Vec<Value>, ToolError> {
    let call = modules::lookup(session.product(), lookup)?;
    let response = session.read(&operation::read(call, arguments)?).await?;
    if response.body.is_empty() {
        return Ok(Vec::new());
    }
    let body: Value =
        serde_json::from_slice(&response.body).map_err(|error| ToolError::unreadable(&error))?;
    Ok(body
        .get(call.list_key())
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default())
}
