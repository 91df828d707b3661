//! The ids of the records that conditions hold for, where an act is on those.

use serde_json::{Value, json};

use super::several::to_do;
use super::{Context, records};
use crate::repair::{self, Arguments};
use crate::tools::error::ToolError;
use crate::tools::modules::Subject;
use crate::tools::writing::within;

/// Rows of the one page that is asked for.
const MOST: usize = 99;

/// Whether conditions say which records are meant: a client in strict mode sends blank ones beside ids.
pub(super) fn is_meant(context: Context<'_>) -> bool {
    let Some(filters) = context.arguments.get("filters").and_then(Value::as_object) else {
        return false;
    };
    let names_some = |name: &str| {
        let list = context.arguments.get(name).and_then(Value::as_array);
        list.is_some_and(|list| !list.is_empty())
    };
    let has_ids = names_some("ids") || names_some("ticket_numbers");
    !has_ids || filters.values().any(|value| !says_nothing(value))
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.iter().all(says_nothing),
        Value::Object(members) => members.values().all(says_nothing),
        _ => false,
    }
}

/// The ids of all records that the conditions hold for, found as `get_records` finds them.
///
/// # Errors
/// There is none, there are more than one act changes, or a condition says nothing.
pub(super) async fn ids(context: Context<'_>, subject: &Subject) -> Result<Vec<String>, ToolError> {
    let filters = context.arguments.get("filters").and_then(Value::as_object);
    let lists = ["ids", "ticket_numbers"].map(|name| context.arguments.get(name));
    if lists.into_iter().flatten().any(|list| !says_nothing(list)) {
        let expected = "`filters`, or ids, and not both";
        return Err(ToolError::argument("/filters", expected, "both", None));
    }
    let blank = filters.and_then(|all| all.iter().find(|(_, value)| says_nothing(value)));
    if let Some((name, _)) = blank {
        let path = format!("/filters/{name}");
        return Err(ToolError::argument(&path, "a value", "none", None));
    }
    if filters.is_none_or(serde_json::Map::is_empty) {
        let expected = "at least one condition";
        return Err(ToolError::argument("/filters", expected, "none", None));
    }
    let invocation = context.invocation;
    let catalog = invocation
        .equipment()
        .catalog()
        .map_err(|error| ToolError::internal(&error))?;
    let Some(tool) = catalog.get("get_records") else {
        let got = "conditions, while get_records is not offered";
        return Err(ToolError::argument("/filters", "`ids`", got, None));
    };
    let most = invocation.equipment().bulk_limit;
    let asked = json!({
        "module": subject.module.name, "app_type": subject.product.as_str(), "filters": filters, "fields": ["id"],
        "limit": most.min(MOST),
    });
    let today = invocation.now().to_zoned_datetime(context.zone.clone()).date();
    let asked = repair::accept(tool.schema(), Arguments::Text(&asked.to_string()), today)?;
    let listing = Context {
        tool: tool.name(),
        arguments: &asked,
        ..context
    };
    let answer = Box::pin(records::list(listing)).await?;
    let rows = answer.body.get("data").and_then(Value::as_array);
    let rows = rows.into_iter().flatten();
    let ids: Vec<String> = rows
        .filter_map(|row| row.get("id")?.as_str().map(str::to_owned))
        .collect();
    let has_more = answer.body.get("has_more") == Some(&Value::Bool(true));
    within(most, ids.len(), has_more)?;
    let ids = to_do(context, ids);
    if ids.is_empty() {
        let fix = "get_records with the same filters shows what there is".to_owned();
        let expected = "conditions that hold for a record";
        return Err(ToolError::argument(
            "/filters",
            expected,
            "conditions that hold for none",
            Some(fix),
        ));
    }
    Ok(ids)
}
