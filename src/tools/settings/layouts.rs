//! The layouts of a module: which fields one has, which of them must be given, and which values it offers.

use serde::de::Error as _;
use serde_json::{Map, Value, json};

use super::fields::describe_field;
use super::rows::{members, of_module};
use crate::connections::Product;
use crate::names::{clip, fold};
use crate::tools::error::ToolError;
use crate::tools::modules::Subject;
use crate::tools::output::project::no_list;
use crate::tools::request::operation;
use crate::tools::unread;
use crate::zoho::Session;

/// Names of layouts told in a note.
const MOST_TOLD: usize = 20;

/// A layout's fields in the form of all fields.
pub struct Layout {
    /// Id and name.
    pub about: Value,
    /// In the order of the layout.
    pub fields: Vec<Value>,
}

/// The layout of this id or name.
///
/// # Errors
/// The module has no such layout, or several of the name.
pub async fn of(session: &Session, subject: &Subject, asked: &str) -> Result<Layout, ToolError> {
    let layouts = listed(session, subject).await?;
    let wanted = fold(asked);
    let is_it = |layout: &&Value| {
        text(layout, "id") == asked || !wanted.is_empty() && names(layout).any(|name| fold(name) == wanted)
    };
    let hits: Vec<&Value> = layouts.iter().filter(is_it).collect();
    let [layout] = hits.as_slice() else {
        let got = if hits.is_empty() {
            format!("`{}`, which no layout is called", clip(asked, 60))
        } else {
            format!("`{}`, which several layouts are called", clip(asked, 60))
        };
        let fix = format!("layouts of {}: {}", subject.module.name, told(&layouts));
        let expected = "the id or name of one layout of the module";
        return Err(ToolError::argument("/layout", expected, got, Some(fix)));
    };
    let whole = match subject.product {
        Product::Desk => one_of_desk(session, text(layout, "id")).await?,
        Product::Crm => (*layout).clone(),
    };
    let sections = whole.get("sections").and_then(Value::as_array);
    let mut fields = Vec::new();
    for section in sections.into_iter().flatten() {
        let own = fields_of(section)?.iter();
        fields.extend(own.map(|field| placed(field, subject.product)));
    }
    Ok(Layout {
        about: json!({ "id": text(layout, "id"), "name": names(layout).next() }),
        fields,
    })
}

/// The fields of a section; where one of them is no object none is believed.
fn fields_of(section: &Value) -> Result<&[Value], ToolError> {
    match section.get("fields") {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(fields)) if fields.iter().all(Value::is_object) => Ok(fields),
        Some(_) => Err(ToolError::unreadable(&serde_json::Error::custom(
            "a layout without its fields",
        ))),
    }
}

/// A note that names the layouts where a module has several, or says why nobody knows.
pub async fn several(session: &Session, subject: &Subject) -> Option<String> {
    if subject.module.undescribed {
        return None;
    }
    match listed(session, subject).await {
        Ok(layouts) if layouts.len() > 1 => Some(format!(
            "Layouts differ in mandatory fields and values; name one as `layout`: {}.",
            told(&layouts)
        )),
        Ok(_) => None,
        Err(error) => {
            let told = unread::tell("layouts", &error);
            Some(format!(
                "{told} Layouts can differ in mandatory fields and values."
            ))
        }
    }
}

async fn listed(session: &Session, subject: &Subject) -> Result<Vec<Value>, ToolError> {
    members(session, "layouts", &of_module(subject)).await
}

async fn one_of_desk(session: &Session, id: &str) -> Result<Value, ToolError> {
    let id = ("id".to_owned(), Value::from(id));
    let request = operation::lookup(Product::Desk, "layout", &std::iter::once(id).collect())?;
    let response = session.read(&request).await?;
    let whole: Value =
        serde_json::from_slice(&response.body).map_err(|error| ToolError::unreadable(&error))?;
    match whole.get("sections") {
        Some(Value::Array(sections)) if sections.iter().all(Value::is_object) => Ok(whole),
        _ => Err(no_list(&response.body).into()),
    }
}

/// A field as the layout has it: CRM says there whether the layout requires it, beside whether the system does.
fn placed(field: &Value, product: Product) -> Value {
    let mut shown = describe_field(field, product);
    let required = field.get("required").and_then(Value::as_bool) == Some(true);
    if let Value::Object(members) = &mut shown
        && product == Product::Crm
        && required
        && !members.contains_key("mandatory")
    {
        *members = with_mandatory(std::mem::take(members));
    }
    shown
}

/// The members with `mandatory` behind the type, where it stands for other fields, too.
fn with_mandatory(members: Map<String, Value>) -> Map<String, Value> {
    let (before, behind): (Vec<_>, Vec<_>) = members
        .into_iter()
        .partition(|(key, _)| matches!(key.as_str(), "name" | "label" | "type"));
    let mandatory = ("mandatory".to_owned(), Value::Bool(true));
    before.into_iter().chain([mandatory]).chain(behind).collect()
}

fn told(layouts: &[Value]) -> String {
    let shown = layouts.iter().take(MOST_TOLD);
    let names: Vec<String> = shown
        .map(|layout| {
            let name = names(layout).next().unwrap_or_default();
            format!("{name} ({})", text(layout, "id"))
        })
        .collect();
    names.join(", ")
}

fn names(layout: &Value) -> impl Iterator<Item = &str> {
    let keys = ["layoutDisplayName", "display_label", "layoutName", "name"];
    keys.into_iter()
        .map(|key| text(layout, key))
        .filter(|name| !name.is_empty())
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}
