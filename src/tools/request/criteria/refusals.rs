//! Conditions that a search of CRM does not take, with the way round.

use super::{Condition, MOST_CONDITIONS, MOST_VALUES, Sort};
use crate::names::fold;
use crate::tools::error::ToolError;
use crate::tools::request::comparison::Comparison;

/// Values that a list in a query has at most (COQL limits; some of Zoho's messages say 100).
const MOST_OF_QUERY: usize = 50;

/// Refuses the condition that asks for what is in the recycle bin, too: no list, search or count of CRM has it with others.
///
/// # Errors
/// It asks for that.
pub(super) fn check_not_trashed(field: &str, path: &str, comparison: &Comparison) -> Result<(), ToolError> {
    let is_trash = |text: &String| fold(text) == "trash";
    let asks = matches!(comparison, Comparison::OneOf(texts) | Comparison::OneOrEmpty(texts) if texts.iter().any(is_trash));
    match field == "Record_Status__s" && asks {
        true => {
            let got = "the recycle bin beside others, which Zoho CRM leaves out of every other list, search and count";
            let fix = "{\"Record_Status__s\":\"Trash\"} alone lists what is in it".to_owned();
            Err(ToolError::argument(path, "another status", got, Some(fix)))
        }
        false => Ok(()),
    }
}

impl Condition<'_> {
    /// The value does not fit the field.
    pub(super) fn unfit(&self) -> ToolError {
        let fits = match self.sort {
            Sort::Day => {
                "a day like \"2026-01-31\", {\"from\":\"2026-01-01\",\"to\":\"2026-01-31\"}, {\"gt\":day} or {\"lt\":day}"
            }
            Sort::Instant => {
                "a day, {\"from\":\"2026-01-01\",\"to\":\"2026-01-31\"}, {\"gt\":time} or {\"lt\":time}"
            }
            Sort::Number => {
                "a number, a list of them, {\"from\":1,\"to\":9}, {\"gt\":1}, {\"lt\":9} or {\"not\":1}"
            }
            Sort::User => "an id, a name, an e-mail address, `me`, a list of them, or {\"not\":one}",
            Sort::Flag => "true, false, or {\"not\":true}",
            Sort::Record => {
                "the id of a record, or its name where the field refers to one module, a list of them, or {\"not\":one}"
            }
            Sort::Choice => "a whole value, a list of them, or {\"not\":value}; get_fields lists them",
            Sort::Numbering => "a whole value as records have it, a list of them, or {\"not\":value}",
            Sort::Apart => "a field of values, not of files or rows; get_record shows this one",
            Sort::Lines | Sort::Text | Sort::Unknown => {
                "a text, a list of texts, {\"starts_with\":text} or {\"not\":text}"
            }
        };
        let got = format!("something else; `{}` is {}", self.field, self.sort.in_words());
        let fix = (self.sort == Sort::Record)
            .then(|| "search_records finds the record, and shows its id".to_owned());
        ToolError::argument(&self.path, fits, got, fix)
    }

    /// More values than a call takes, where a record could be found by several of them.
    pub(super) fn too_many(&self, given: usize) -> ToolError {
        let expected = format!("at most {MOST_VALUES} values");
        let fix = format!("the first {MOST_VALUES} in one call and the others in more");
        ToolError::argument(&self.path, expected, given.to_string(), Some(fix))
    }

    /// More values left out than a search takes: what several calls have in common would be wanted.
    pub(super) fn too_many_left_out(&self, comparison: &Comparison) -> ToolError {
        let expected = format!("at most {MOST_CONDITIONS} values behind `not`");
        let given = comparison.values().len();
        let (field, module) = (&self.field, self.module);
        let fix = format!(
            "run_coql_query: select id from {module} where {field} not in (...), at most {MOST_OF_QUERY} values in each \
             `not in`, several of them joined by `and`"
        );
        ToolError::argument(&self.path, expected, given.to_string(), Some(fix))
    }

    /// CRM's search knows no missing values, and rows show those of fields that the settings list.
    pub(super) fn not_listed(&self) -> ToolError {
        let fix = format!(
            "get_records with `{}` in `fields` shows it where rows have it",
            self.field
        );
        let got = "a condition on having a value of a field that Zoho CRM's settings do not list";
        ToolError::argument(&self.path, "a value", got, Some(fix))
    }
}
