//! What the value of a condition asks for, where its filter and its field say more than its form.

use serde_json::Value;

use super::same_filter;
use crate::tools::error::ToolError;
use crate::tools::modules::{Filter, FilterKind, Module};
use crate::tools::request::comparison::{self, Comparison};
use crate::tools::request::{parameter, time};

/// What a filter's value asks; of a span only its own forms are told. Nobody is one of several who have it.
pub(super) fn read(
    module: &Module,
    name: &str,
    filter: Option<&Filter>,
    path: &str,
    value: &Value,
) -> Result<Comparison, ToolError> {
    let read = comparison::read(path, value);
    match (filter.map(|filter| filter.kind), read) {
        (Some(FilterKind::Range), read) => read.map_err(|_| time::unreadable(path)),
        (Some(FilterKind::Agents), Ok(Comparison::OneOrEmpty(mut texts))) => {
            texts.push(parameter::UNASSIGNED.to_owned());
            Ok(Comparison::OneOf(texts))
        }
        (_, read) if is_marked_up(module, name) => read.map(as_begun),
        (_, read) => read,
    }
}

/// Whether a text may stand behind markup, where Zoho sees no beginning of it.
pub(super) fn is_marked_up(module: &Module, name: &str) -> bool {
    module.html.iter().any(|own| same_filter(own, name))
}

/// `Dear*` as the beginning that it asks for, and its opposite as the opposite of that.
pub(super) fn as_begun(comparison: Comparison) -> Comparison {
    let [text] = comparison.values() else {
        return comparison;
    };
    let start = text.strip_suffix('*').filter(|start| !start.contains('*'));
    let Some(start) = start.filter(|start| !start.trim().is_empty()) else {
        return comparison;
    };
    let begins = Comparison::Begins(start.to_owned());
    match comparison {
        Comparison::OneOf(_) => begins,
        Comparison::NoneOf(_) => begins.negated(),
        other => other,
    }
}
