//! Conditions on fields of numbers: one number whatever its notation, and nothing that is none.

use super::filters_of;
use crate::names::clip;
use crate::tools::error::ToolError;
use crate::tools::modules::{FilterKind, Module};
use crate::tools::request::comparison::Comparison;
use crate::tools::request::number::plain_number;

/// The comparison with each of its numbers in one notation.
///
/// # Errors
/// It names what is no number: nothing would be found, as if there were none.
pub(super) fn numbers(name: &str, path: &str, comparison: Comparison) -> Result<Comparison, ToolError> {
    let is_word = |text: &&String| plain_number(text).is_none();
    if let Some(word) = comparison.texts().into_iter().find(is_word) {
        let expected = "a number, a list of them, {\"from\":1,\"to\":9}, {\"not\":1} or null";
        let got = format!("`{}`; {name} holds numbers", clip(word, 60));
        return Err(ToolError::argument(path, expected, got, None));
    }
    Ok(comparison.map(&mut in_one_notation))
}

/// The comparison with `4112` in place of `#4112`, where the field is a number of records.
///
/// # Errors
/// There it names what has no digit, and no record can have.
pub(super) fn bare_numbers(
    module: &Module,
    name: &str,
    path: &str,
    comparison: Comparison,
) -> Result<Comparison, ToolError> {
    if !filters_of(module, name).any(|filter| filter.kind == FilterKind::Numbers) {
        return Ok(comparison);
    }
    let is_none = |part: &str| !part.trim().is_empty() && !part.contains(char::is_numeric);
    let is_word = |text: &&String| text.split(',').any(is_none) && !text.starts_with("${");
    if let Some(word) = comparison.values().iter().find(is_word) {
        let got = format!("`{}`", clip(word, 60));
        let fix = "words are looked for by `query` of search_records".to_owned();
        return Err(ToolError::argument(
            path,
            "the number of a record",
            got,
            Some(fix),
        ));
    }
    Ok(comparison
        .map(&mut |text| in_one_notation(text.trim().trim_start_matches('#').trim_start().to_owned())))
}

fn in_one_notation(text: String) -> String {
    plain_number(&text).unwrap_or(text)
}
