//! Conditions on facts, and on what no list of a module of Desk shows.

use super::comparison::Comparison;
use crate::names::fold;
use crate::tools::error::ToolError;

/// What a condition on a fact asks for.
///
/// # Errors
/// Anything but yes or no.
pub(super) fn flag(path: &str, comparison: &Comparison) -> Result<bool, ToolError> {
    let (texts, wanted) = match comparison {
        Comparison::OneOf(texts) => (texts.as_slice(), true),
        Comparison::NoneOf(texts) => (texts.as_slice(), false),
        _ => (&[] as &[String], true),
    };
    match texts {
        [text] if text == "true" => Ok(wanted),
        [text] if text == "false" => Ok(!wanted),
        _ => Err(ToolError::argument(path, "true or false", "something else", None)),
    }
}

/// Refuses a condition that asks for rows which no list, search or count of a module has: nothing would be found, as if there
/// were none.
///
/// # Errors
/// It asks for such rows.
pub(super) fn check_shown(name: &str, path: &str, comparison: &Comparison) -> Result<(), ToolError> {
    let Some((what, fix)) = hidden(name) else {
        return Ok(());
    };
    match flag(path, comparison)? {
        false => Ok(()),
        true => {
            let got =
                format!("{what}, which Zoho Desk leaves out of the lists, searches and counts of a module");
            Err(ToolError::argument(
                path,
                "false, or no such condition",
                got,
                Some(fix.to_owned()),
            ))
        }
    }
}

/// Whether rows of this kind are in no list, search or count of a module.
pub(super) fn is_hidden(name: &str) -> bool {
    hidden(name).is_some()
}

/// What a condition asks for that no list of a module shows, and where it is.
fn hidden(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match fold(name).as_str() {
        "isspam" | "spam" => (
            "spam",
            "get_related_records with isSpam:true lists those of one contact or account (related:\"tickets\" or \"contacts\"), \
             get_record reads one by its id",
        ),
        "isarchived" | "archived" => ("archived records", "get_record reads one by its id or number"),
        "istrashed" | "isdeleted" | "trashed" | "deleted" => (
            "the recycle bin",
            "get_records with module:\"RecycleBin\" lists what is in it",
        ),
        _ => return None,
    })
}
