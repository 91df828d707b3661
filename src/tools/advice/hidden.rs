//! Fields of CRM that are there and not shown to the person: no other way to ask by one helps.

use serde_json::Value;

use super::places::is_same;
use crate::connections::Product;
use crate::names::clip;
use crate::repair::ValidArguments;
use crate::tools::error::ToolError;
use crate::tools::invocation::Invocation;
use crate::tools::request;
use crate::tools::settings::fields::is_hidden;

/// The failure with what is to be known of the field that it names, where the person's own list of fields lacks it although
/// every organization has it.
pub(super) async fn tell_hidden(
    invocation: &Invocation<'_>,
    arguments: &ValidArguments,
    mut error: ToolError,
) -> ToolError {
    let Some(name) = named(arguments, &error) else {
        return error;
    };
    let subject = request::subject(arguments);
    let Some(subject) = subject.ok().filter(|subject| subject.product == Product::Crm) else {
        return error;
    };
    let Ok(session) = invocation.session(Product::Crm).await else {
        return error;
    };
    let Ok((fields, _)) = invocation.fields(session, &subject, false).await else {
        return error;
    };
    let known = fields.iter().find(|field| is_same(&field.api_name, &name));
    if known.is_some_and(|field| is_hidden(&fields, &field.api_name)) {
        error.next = format!(
            "`{}` is not shown to this user: nothing is sorted or found by it for them, in no tool. An administrator of Zoho \
             can show it to their profile.",
            clip(&name, 60)
        );
        error
            .problems
            .iter_mut()
            .for_each(|problem| problem.suggestion = None);
    }
    error
}

/// The field of a condition or an order that a failure names.
fn named(arguments: &ValidArguments, error: &ToolError) -> Option<String> {
    let is_named = |path: &str, name: &str| {
        let mut problems = error.problems.iter();
        problems.any(|problem| problem.path == path || problem.path == name)
    };
    let order = arguments.get("sort_by").and_then(Value::as_str);
    let order = order.map(|order| order.trim_start_matches(['-', '+']));
    let order = order.filter(|name| is_named("/sort_by", name));
    let filters = arguments.get("filters").and_then(Value::as_object);
    let names = filters.into_iter().flat_map(|filters| filters.keys());
    let mut named = names.filter(|name| is_named(&format!("/filters/{name}"), name));
    order.map(str::to_owned).or_else(|| named.next().cloned())
}
