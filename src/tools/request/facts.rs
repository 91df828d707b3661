//! Conditions on Desk's rows under names that no filter and no field of a list has: what is late, what has files, what
//! no list shows.

use super::comparison::Comparison;
use crate::names::fold;
use crate::tools::error::ToolError;
use crate::tools::modules::Module;

/// What is true of a row or is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    /// It is not closed, and the time of this member is over.
    Late(&'static str),
    /// The number of this member, which only rows of a search have, is not 0.
    Any(&'static str),
}

impl Fact {
    /// The fact that a condition of this name asks for, where rows of the module tell it.
    pub(super) fn named(module: &Module, name: &str) -> Option<Self> {
        let in_row = |field: &str| module.list.row.iter().any(|known| known == field);
        let late = |field| (in_row("statusType") && in_row(field)).then_some(Fact::Late(field));
        match fold(name).as_str() {
            "overdue" | "isoverdue" => late("dueDate"),
            "responseoverdue" | "isresponseoverdue" => late("responseDueDate"),
            "attachments" | "hasattachment" | "hasattachments" => {
                let field = "attachmentCount";
                let single = module
                    .get
                    .as_ref()
                    .is_some_and(|get| get.fields.iter().any(|known| known == field));
                (single && module.search.is_some()).then_some(Fact::Any(field))
            }
            _ => None,
        }
    }

    /// Whether only rows of a search tell it.
    pub(super) fn is_of_search(self) -> bool {
        matches!(self, Fact::Any(_))
    }
}

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

/// Refuses a condition that asks for rows which no list, search or count of Desk has: nothing would be found, as if there
/// were none.
///
/// # Errors
/// It asks for such rows.
pub(super) fn check_shown(name: &str, path: &str, comparison: &Comparison) -> Result<(), ToolError> {
    let (what, fix) = match fold(name).as_str() {
        "isspam" | "spam" => (
            "spam",
            "get_views tells whether there is a view of it; send that as `view`",
        ),
        "isarchived" | "archived" => ("archived records", "get_record reads one by its id or number"),
        "istrashed" | "isdeleted" | "trashed" | "deleted" => {
            ("the recycle bin", "there they are only seen in Zoho Desk itself")
        }
        _ => return Ok(()),
    };
    match flag(path, comparison)? {
        false => Ok(()),
        true => {
            let got = format!("{what}, which Zoho Desk leaves out of every list, search and count");
            Err(ToolError::argument(
                path,
                "false, or no such condition",
                got,
                Some(fix.to_owned()),
            ))
        }
    }
}
