//! What the type of a field makes of a condition.

use serde_json::Value;

use super::api_name;
use crate::connections::Product;
use crate::names::fold;
use crate::tools::modules::{self, Kind};
use crate::tools::request::comparison::{self, Comparison};
use crate::tools::request::ids::{Known, holds_numbers};
use crate::tools::request::number::plain_number;
use crate::tools::request::sieve::Values;
use crate::tools::request::{ListQuery, phone};

/// What rows of all modules have, no settings list and no search takes.
const LAYOUT: &str = "Layout";

/// Types of texts that are known by a part of them.
const STARRED: [&str; 5] = ["text", "email", "website", "phone", "textarea"];

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
            "ownerlookup" | "userlookup" | "multiuserlookup" => Sort::User,
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

/// Whether nothing but a look at the rows answers a condition: the criteria of CRM have no test for a missing value.
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
    if field == LAYOUT {
        return true;
    }
    // `*` stands for any letters in rows; in criteria nothing says so.
    let mut values = comparison.values().iter();
    if values.any(|text| text.contains('*')) && STARRED.contains(&known.type_of(&field)) {
        return true;
    }
    if comparison.leaves_out() {
        return shows_what_is_left_out(query, &field, known);
    }
    let mut sort = || sort_of(&field, &comparison, query, known);
    match comparison.without_not() {
        // What a search makes of blanks at the ends of a text, its reference does not say.
        Comparison::Begins(text) => (comparison.is_not() || text.trim() != text) && sort().has_beginnings(),
        // A mark is never missing, and of what the settings do not list nobody knows that rows have it.
        Comparison::Empty(_) | Comparison::OneOrEmpty(_) => {
            !matches!(sort(), Sort::Flag | Sort::Apart) && !known.is_unlisted(&field)
        }
        _ => false,
    }
}

/// Whether rows show what a condition leaves out as it is: a text whole, where Zoho's search compares by parts, and values of
/// which nobody says whether its search finds records without one. Those of lists may be shown in another language.
fn shows_what_is_left_out(query: &ListQuery<'_>, field: &str, known: &mut Known<'_>) -> bool {
    let is_among = |names: &[String]| names.iter().any(|known| known == field);
    if is_among(modules::never_empty(Product::Crm)) {
        return false;
    }
    let word = known.type_of(field);
    match Sort::of(word) {
        Sort::Day | Sort::Instant | Sort::Number | Sort::User | Sort::Record => {
            !is_among(&query.module.never_empty)
        }
        Sort::Text => matches!(word, "text" | "email" | "website" | "phone"),
        _ => false,
    }
}

/// How rows are compared with a condition that only they answer: as Zoho itself compares the values of the field.
pub(in crate::tools::request) fn values_of(
    query: &ListQuery<'_>,
    field: &str,
    comparison: &Comparison,
    known: &mut Known<'_>,
) -> Values {
    let begins = matches!(comparison.without_not(), Comparison::Begins(_));
    let has_star = comparison.values().iter().any(|text| text.contains('*'));
    match sort_of(field, comparison, query, known) {
        _ if begins => Values::Parts,
        Sort::Lines => Values::Parts,
        Sort::Day | Sort::Instant => Values::Times,
        Sort::Number => Values::Numbers,
        _ if phone::is_in(field) && !has_star => Values::Phones,
        _ => Values::Plain,
    }
}

/// The member of rows that has what a condition names, and the condition with ids in place of names.
pub(in crate::tools::request) fn with_ids(
    query: &ListQuery<'_>,
    path: &str,
    field: &str,
    comparison: Comparison,
    known: &mut Known<'_>,
) -> (String, Comparison) {
    let sort = sort_of(field, &comparison, query, known);
    if !matches!(sort, Sort::User | Sort::Record) || comparison.values().is_empty() {
        return (field.to_owned(), comparison);
    }
    let is_id = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let module = query.module.refers_to(field).or_else(|| known.module_of(field));
    if sort == Sort::Record && module.is_none() && !comparison.values().iter().all(|text| is_id(text)) {
        return (format!("{field}.name"), comparison);
    }
    let comparison = comparison.map(&mut |text| match module {
        _ if is_id(&text) => text,
        Some(module) if sort == Sort::Record => known.record_id_of(path, module, text),
        _ => known.id_of(path, Kind::User, text),
    });
    (format!("{field}.id"), comparison)
}

/// What a field is: what every module has is known, the settings of the module say the rest where it matters.
pub(super) fn sort_of(
    field: &str,
    comparison: &Comparison,
    query: &ListQuery<'_>,
    known: &mut Known<'_>,
) -> Sort {
    let module = query.module;
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
        Comparison::OneOf(texts) => texts.iter().all(plain),
        _ => false,
    };
    let is_long = module.html.iter().any(|own| own == field);
    // Rows are compared here: what Zoho would make of a value nobody asks it.
    if by_itself && !is_long && !query.is_put_to_rows() && module.fields.iter().any(|own| own == field) {
        return Sort::Unknown;
    }
    Sort::of(known.type_of(field))
}
