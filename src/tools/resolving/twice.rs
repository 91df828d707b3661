//! One condition under two spellings of its name: as two conditions they find nothing, and of two values nobody can tell which
//! is meant.

use serde_json::{Map, Value, json};

use crate::connections::Product;
use crate::names::{clip, fold, pointer};
use crate::tools::error::ToolError;
use crate::tools::request::{comparison, same_filter, subject};

/// Refuses a condition that stands there twice with different values.
///
/// # Errors
/// The first such pair, with both names.
pub(super) fn refuse(arguments: &Map<String, Value>) -> Result<(), ToolError> {
    let Ok(subject) = subject(arguments) else {
        return Ok(());
    };
    let is_same = |one: &str, other: &str| match subject.product {
        Product::Desk if !one.starts_with("cf_") => same_filter(one, other),
        _ => fold(one) == fold(other),
    };
    let filters = arguments.get("filters").and_then(Value::as_object);
    let mut earlier: Vec<(&String, &Value)> = Vec::new();
    for (name, value) in filters.into_iter().flatten() {
        let twin = earlier.iter().find(|(known, _)| is_same(known, name));
        if let Some((known, other)) = twin.filter(|(_, other)| !means_the_same(other, value)) {
            return Err(contradicting((known, other), (name, value)));
        }
        earlier.push((name, value));
    }
    Ok(())
}

fn means_the_same(one: &Value, other: &Value) -> bool {
    let read = |value| comparison::read("", value).ok();
    one == other || read(one).is_some_and(|one| read(other) == Some(one))
}

fn contradicting((one, value): (&str, &Value), (other, another): (&str, &Value)) -> ToolError {
    let got = format!(
        "`{}` and `{}`, two spellings of it with different values",
        clip(one, 60),
        clip(other, 60)
    );
    let either = || {
        format!(
            "the one that is meant; filters:{} finds either",
            json!({ one: [value, another] })
        )
    };
    let fix = match value.is_string() && another.is_string() {
        true => either(),
        false => "all that is asked of it in one condition".to_owned(),
    };
    ToolError::argument(
        &pointer::below("/filters", other),
        "each condition once",
        got,
        Some(fix),
    )
}
