//! Conditions that no tool checks as they are meant, and each would answer in its own way: they are refused alike.

use serde_json::{Map, Value, json};

use crate::connections::Product;
use crate::names::{clip, fold, pointer};
use crate::tools::error::ToolError;
use crate::tools::modules::{FilterKind, Subject};
use crate::tools::request::{after_comparison, after_negation, filters_of, is_user, subject};

/// Refuses conditions on a member of whom a record names, and comparisons of values that have no order.
///
/// # Errors
/// The first of them, with what to send in its place.
pub(super) fn refuse(arguments: &Map<String, Value>) -> Result<(), ToolError> {
    let Ok(subject) = subject(arguments) else {
        return Ok(());
    };
    let filters = arguments.get("filters").and_then(Value::as_object);
    for (name, value) in filters.into_iter().flatten() {
        match subject.product {
            Product::Desk => {
                refuse_inner(&subject, name, value)?;
                refuse_compared(&subject, name, value)?;
            }
            Product::Crm => refuse_member(&subject, name, value)?,
        }
    }
    Ok(())
}

/// `assignee.email`: rows have it only where they were asked to include it, and the condition on whom they name takes the
/// same; of `contact.account.accountName` that is the account.
fn refuse_inner(subject: &Subject, name: &str, value: &Value) -> Result<(), ToolError> {
    let whom: Vec<&str> = name.split('.').collect();
    let [first, .., _] = whom.as_slice() else {
        return Ok(());
    };
    let is_taken = |whom: &&str| filters_of(&subject.module, whom).next().is_some();
    if !is_taken(first) {
        return Ok(());
    }
    let last = whom.iter().rev().nth(1).copied().filter(is_taken);
    Err(inner(name, last.map(|whom| takes_whom(whom, value))))
}

/// `Owner.email`: a search of CRM takes whom or what a record refers to as a whole, its queries what lies behind.
fn refuse_member(subject: &Subject, name: &str, value: &Value) -> Result<(), ToolError> {
    let Some((whom, rest)) = name.split_once('.') else {
        return Ok(());
    };
    if is_user(whom) || matches!(fold(rest).as_str(), "id" | "name") {
        return Err(inner(name, Some(takes_whom(whom, value))));
    }
    let lookups = &subject.module.lookups;
    if !lookups.contains_key(whom) {
        return Ok(());
    }
    let module = &subject.module.name;
    let fix = format!("run_coql_query: select id from {module} where {name} ... takes it");
    Err(inner(name, Some(fix)))
}

fn takes_whom(whom: &str, value: &Value) -> String {
    format!(
        "filters:{} takes an id, a name or an address",
        json!({ whom: value })
    )
}

fn inner(name: &str, fix: Option<String>) -> ToolError {
    let got = format!("`{}`, a member of whom or what it names", clip(name, 60));
    let path = pointer::below("/filters", name);
    ToolError::argument(&path, "a condition on the record itself", got, fix)
}

/// `">=High"`: of the values of a list Zoho tells no order.
fn refuse_compared(subject: &Subject, name: &str, value: &Value) -> Result<(), ToolError> {
    let is_list = |kind| matches!(kind, FilterKind::Texts | FilterKind::StatusTypes);
    // `<> Open` is all but that.
    let text = value.as_str().filter(|text| after_negation(text).is_none());
    let sign = text.and_then(after_comparison);
    let compares = filters_of(&subject.module, name).any(|filter| is_list(filter.kind));
    let Some((_, rest)) = sign.filter(|_| compares) else {
        return Ok(());
    };
    let fix = format!(
        "the values that are meant, each by itself: {}",
        json!({ name: [rest, "..."] })
    );
    let path = pointer::below("/filters", name);
    let got = "a sign that compares, and these have no order";
    Err(ToolError::argument(
        &path,
        "one of its values, or a list of them",
        got,
        Some(fix),
    ))
}
