//! What the type of a field makes of a condition.

use serde_json::Value;

use super::api_name;
use crate::names::fold;
use crate::tools::modules::Module;
use crate::tools::request::ListQuery;
use crate::tools::request::comparison::{self, Comparison};
use crate::tools::request::ids::{Known, holds_numbers};
use crate::tools::request::number::plain_number;

/// What the type of a field makes of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// A day.
    Day,
    /// An instant.
    Instant,
    Number,
    /// A user of the organization.
    User,
    Flag,
    /// A record of another module.
    Record,
    /// One value of a list.
    Choice,
    /// What Zoho numbers records by: with a prefix it is no number.
    Numbering,
    /// Values without an order.
    Text,
    /// A text of several lines, which is compared with one value at a time.
    Lines,
    /// What is no value, or several of them: nothing is found by it.
    Apart,
    /// Nobody says: the value's own form decides.
    Unknown,
}

impl Sort {
    /// By Zoho's word for the type of a field.
    pub(super) fn of(data_type: &str) -> Self {
        match data_type {
            "date" => Sort::Day,
            "datetime" => Sort::Instant,
            word if holds_numbers(word) => Sort::Number,
            "ownerlookup" | "userlookup" => Sort::User,
            "boolean" => Sort::Flag,
            "lookup" => Sort::Record,
            "picklist" => Sort::Choice,
            "autonumber" => Sort::Numbering,
            "textarea" => Sort::Lines,
            "subform" | "jsonarray" | "fileupload" | "imageupload" | "profileimage" => Sort::Apart,
            "" | "formula" => Sort::Unknown,
            _ => Sort::Text,
        }
    }

    pub(super) fn in_words(self) -> &'static str {
        match self {
            Sort::Day => "a date",
            Sort::Instant => "a time",
            Sort::Number => "a number",
            Sort::User => "a user",
            Sort::Flag => "true or false",
            Sort::Record => "a record of another module",
            Sort::Choice => "one value of a list",
            Sort::Numbering => "a number that Zoho gives, with its prefix",
            Sort::Lines => "a text of several lines",
            Sort::Apart => "no single value",
            Sort::Text | Sort::Unknown => "a text",
        }
    }

    /// Whether a condition can be on how it begins.
    pub(super) fn has_beginnings(self) -> bool {
        matches!(self, Sort::Text | Sort::Lines | Sort::Unknown)
    }
}

/// Whether a field of this type, in CRM's words, can be found by how its text begins.
pub fn has_beginnings(data_type: &str) -> bool {
    Sort::of(data_type).has_beginnings()
}

/// Whether a field of this name refers to a user, in every module.
pub fn is_user(field: &str) -> bool {
    matches!(fold(field).as_str(), "owner" | "createdby" | "modifiedby")
}

/// Whether nothing but a look at the rows answers a condition: neither the criteria nor the queries of CRM take it.
pub(in crate::tools::request) fn is_for_rows(
    query: &ListQuery<'_>,
    name: &str,
    value: &Value,
    known: &mut Known<'_>,
) -> bool {
    let Ok(comparison) = comparison::read("", value) else {
        return false;
    };
    let field = api_name(query.module, name);
    let mut sort = || sort_of(&field, &comparison, query.module, known);
    match comparison.without_not() {
        // What a search makes of blanks at the ends of a text, its reference does not say.
        Comparison::Begins(text) => (comparison.is_not() || text.trim() != text) && sort().has_beginnings(),
        Comparison::Empty(_) | Comparison::OneOrEmpty(_) => sort() == Sort::Lines,
        _ => false,
    }
}

/// Whether a condition is on a field of instants: a day is a span there.
pub(in crate::tools::request) fn is_instant(
    field: &str,
    comparison: &Comparison,
    module: &Module,
    known: &mut Known<'_>,
) -> bool {
    sort_of(field, comparison, module, known) == Sort::Instant
}

/// What a field is: what every module has is known, the settings of the module say the rest where it matters.
pub(super) fn sort_of(field: &str, comparison: &Comparison, module: &Module, known: &mut Known<'_>) -> Sort {
    match field {
        "Created_Time" | "Modified_Time" | "Last_Activity_Time" => return Sort::Instant,
        field if is_user(field) => return Sort::User,
        "id" => return Sort::Text,
        _ => {}
    }
    if module.lookups.contains_key(field) {
        return Sort::Record;
    }
    // `31/12/2026` or `1.000,50` is a text, or none that its field takes.
    let is_clear =
        |text: &str| plain_number(text).is_some() || !text.starts_with(|c: char| c.is_ascii_digit());
    let plain = |text: &String| {
        !comparison::is_time(text) && !text.eq_ignore_ascii_case("me") && is_clear(text.trim())
    };
    let by_itself = match comparison {
        // The beginning of a value of a list is nothing that Zoho finds by.
        Comparison::OneOf(texts) | Comparison::NoneOf(texts) => texts.iter().all(plain),
        _ => false,
    };
    let is_long = module.html.iter().any(|own| own == field);
    if by_itself && !is_long && module.fields.iter().any(|own| own == field) {
        return Sort::Unknown;
    }
    Sort::of(known.type_of(field))
}
