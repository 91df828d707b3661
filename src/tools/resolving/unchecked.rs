//! Conditions of Desk that no tool checks as they are meant, and each would answer in its own way: they are refused alike.

use serde_json::{Map, Value, json};

use crate::connections::Product;
use crate::names::{clip, pointer};
use crate::tools::error::ToolError;
use crate::tools::modules::{FilterKind, Subject};
use crate::tools::request::{after_comparison, after_negation, filters_of, subject};

/// Refuses conditions on a member of whom a record names, and comparisons of values that have no order.
///
/// # Errors
/// The first of them, with what to send in its place.
pub(super) fn refuse(arguments: &Map<String, Value>) -> Result<(), ToolError> {
    let Some(subject) = subject(arguments).ok().filter(|one| one.product == Product::Desk) else {
        return Ok(());
    };
    let filters = arguments.get("filters").and_then(Value::as_object);
    for (name, value) in filters.into_iter().flatten() {
        refuse_inner(&subject, name, value)?;
        refuse_compared(&subject, name, value)?;
    }
    Ok(())
}

/// `assignee.email`: rows have it only where they were asked to include it, and the condition on whom they name takes the
/// same.
fn refuse_inner(subject: &Subject, name: &str, value: &Value) -> Result<(), ToolError> {
    let whom = name.split_once('.').map(|(whom, _)| whom);
    let is_taken = |whom: &&str| filters_of(&subject.module, whom).next().is_some();
    let Some(whom) = whom.filter(is_taken) else {
        return Ok(());
    };
    let fix = format!(
        "filters:{} takes an id, a name or an address",
        json!({ whom: value })
    );
    let got = format!("`{}`, a member of whom it names", clip(name, 60));
    let path = pointer::below("/filters", name);
    Err(ToolError::argument(
        &path,
        "a condition on the record itself",
        got,
        Some(fix),
    ))
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
