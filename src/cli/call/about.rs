//! `zoho-mcp call TOOL --help`: what a tool takes, as its file says, and a call that is right.

use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::cli::{Failure, page, terminal, text};
use crate::names::{nearest, tell_nearest};
use crate::repair::{Arguments, accept};
use crate::tools::catalog::{Catalog, Selection};
use crate::tools::definition::ToolDefinition;
use crate::tools::mending::quoted;

/// Longer lines are hard to read.
const WIDEST: usize = 110;

const PAIRS: &str = "A value is JSON where it reads as such and the argument is no text, else text; what is inside another \
                     argument is named with a dot, like filters.status=Open. In PowerShell pairs need no quotes.";

/// The help of a tool; none where there is no tool of that name.
pub(in crate::cli) fn help_of(tool: &str) -> Option<String> {
    let catalog = everything().ok()?;
    catalog
        .get(tool)
        .map(|tool| told(tool, terminal::columns().min(WIDEST)))
}

fn told(tool: &ToolDefinition, columns: usize) -> String {
    let schema = tool.schema().input_schema();
    let required = names(schema.get("required"));
    let properties = schema.get("properties").and_then(Value::as_object);
    let rows: Vec<(String, String)> = properties
        .into_iter()
        .flatten()
        .map(|(name, property)| (name.clone(), meaning(property, required.contains(name))))
        .collect();
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let lines = rows.iter().map(|(name, meaning)| {
        let indent = width + 4;
        // An example of JSON is broken between its members.
        let meaning = meaning.replace(",\"", ", \"");
        format!("  {name:width$}  {}", text::hanging(&meaning, indent, columns))
    });
    let arguments: Vec<String> = lines.collect();
    let example = example_of(tool);
    let json = quoted(&Value::Object(example.clone()).to_string());
    let name = tool.name();
    // A line that is pasted does what it says.
    let place = match needs_files(name) {
        true => " --files \"$PWD\"",
        false => "",
    };
    let usage = format!(
        "Usage: zoho-mcp call {name} [KEY=VALUE ...], or one JSON object, or - to read that from standard input"
    );
    format!(
        "{}\n\n{}\n\nArguments:\n{}\n\nExample:\n  zoho-mcp call {name} {}{place}\n  zoho-mcp call {name} {json}{place}\n\n{}\n",
        text::wrapped(tool.description(), columns).join("\n"),
        text::hanging(&usage, 7, columns),
        arguments.join("\n"),
        page::pairs(&example, &|name| takes_text(tool, name)),
        text::wrapped(PAIRS, columns).join("\n"),
    )
}

/// Whether a tool is offered only where there is a place for files.
pub(super) fn needs_files(tool: &str) -> bool {
    everything().is_ok_and(|catalog| {
        let toolset = catalog
            .get(tool)
            .and_then(|tool| catalog.toolsets().get(tool.toolset()));
        toolset.is_some_and(|toolset| toolset.needs_files)
    })
}

/// Whether a tool takes an argument of that name.
pub(in crate::cli) fn takes(tool: &str, argument: &str) -> bool {
    let catalog = everything().ok();
    let schema = catalog
        .as_ref()
        .and_then(|catalog| Some(catalog.get(tool)?.schema().input_schema()));
    schema.is_some_and(|schema| {
        schema
            .get("properties")
            .is_some_and(|all| all.get(argument).is_some())
    })
}

/// Why there is no help of a tool: there is none of that name.
pub(in crate::cli) fn unknown(tool: &str) -> String {
    let near = everything().map(|catalog| {
        let names = catalog.names().into_iter();
        nearest(tool, names)
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    let hint = tell_nearest(&near.unwrap_or_default(), "`zoho-mcp tools` lists them");
    format!("there is no tool `{tool}`; {hint}")
}

/// Whether an argument is text, whatever it looks like.
pub(super) fn takes_text(tool: &ToolDefinition, name: &str) -> bool {
    let properties = tool.schema().input_schema().get("properties");
    let property = properties.and_then(|properties| properties.get(name));
    property.and_then(|property| property.get("type")?.as_str()) == Some("string")
}

/// The call that is shown to whoever sends what is none, with what the schema alone does not ask for and the tool does.
fn example_of(tool: &ToolDefinition) -> Map<String, Value> {
    let refused = accept(tool.schema(), Arguments::Text("none"), Date::ZERO).err();
    let example = refused.and_then(|refused| refused.example);
    let members = example.and_then(|example| example.as_object().cloned());
    let mut members = members.unwrap_or_default();
    let properties = tool.schema().input_schema().get("properties");
    for (name, property) in properties.and_then(Value::as_object).into_iter().flatten() {
        if let Some(example) = property.get("x-example").filter(|_| !members.contains_key(name)) {
            members.insert(name.clone(), example.clone());
        }
    }
    members
}

/// Type, whether it has to be given, what it may be, and what the file says about it.
fn meaning(property: &Value, is_required: bool) -> String {
    let kind = property.get("type").and_then(Value::as_str).unwrap_or("any");
    let kind = match (kind, property.pointer("/items/type").and_then(Value::as_str)) {
        ("array", Some(item)) => format!("list of {item}s"),
        (kind, _) => kind.to_owned(),
    };
    let mut parts = vec![kind];
    if is_required {
        parts.push("required".to_owned());
    }
    let allowed = names(property.get("enum")).join(" or ");
    parts.extend(Some(allowed).filter(|allowed| !allowed.is_empty()));
    let bound = |key: &str| property.get(key).map(Value::to_string);
    match (bound("minimum"), bound("maximum")) {
        (Some(least), Some(most)) => parts.push(format!("{least} to {most}")),
        (Some(least), None) => parts.push(format!("at least {least}")),
        (None, Some(most)) => parts.push(format!("at most {most}")),
        (None, None) => {}
    }
    parts.extend(bound("default").map(|value| format!("default {value}")));
    let parts = parts.join(", ");
    match property.get("description").and_then(Value::as_str) {
        Some(about) => format!("{about} ({parts})"),
        None => format!("({parts})"),
    }
}

fn names(list: Option<&Value>) -> Vec<String> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Every tool there is, whatever this machine offers.
///
/// # Errors
/// A tool file is broken.
pub(in crate::cli) fn everything() -> Result<Catalog, Failure> {
    let files = true;
    Ok(Catalog::embedded(&Selection {
        files,
        ..Selection::default()
    })?)
}
