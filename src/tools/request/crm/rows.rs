//! Conditions of CRM that the rows answer: those that its search has no test for, and all beside a view or words, for which no
//! call takes any.

use jiff::tz::TimeZone;
use serde_json::Value;

use super::checked;
use super::texts::{numbers, wholes};
use crate::names::pointer;
use crate::tools::error::ToolError;
use crate::tools::request::comparison::{self, Comparison};
use crate::tools::request::criteria::{self, api_name};
use crate::tools::request::ids::Known;
use crate::tools::request::number::plain_number;
use crate::tools::request::sieve::Values;
use crate::tools::request::{ListQuery, Sieve};

/// The conditions that only rows answer.
pub(super) fn for_rows<'q>(query: &'q ListQuery<'_>, known: &mut Known<'_>) -> Vec<(&'q str, &'q Value)> {
    let mut all = query.filters.clone();
    all.retain(|(name, value)| query.is_put_to_rows() || criteria::is_for_rows(query, name, value, known));
    all
}

fn leaves_out(value: &Value) -> bool {
    comparison::read("", value).is_ok_and(|comparison| comparison.leaves_out())
}

/// What is left of the conditions for the rows.
///
/// # Errors
/// A condition that its field cannot have.
pub(super) fn sieve_of(
    query: &ListQuery<'_>,
    for_rows: &[(&str, &Value)],
    known: &mut Known<'_>,
    zone: &TimeZone,
) -> Result<Sieve, ToolError> {
    let mut sieve = Sieve::default();
    let mut sought = for_rows.to_vec();
    // Of the others no field has a type that they do not fit.
    sought.retain(|(name, value)| leaves_out(value) || !criteria::is_for_rows(query, name, value, known));
    criteria::check(query, &sought, zone, known)?;
    if !query.is_put_to_rows() {
        for (field, texts) in wholes(query, known) {
            sieve.add_whole(&field, &texts);
        }
        for number in numbers(query) {
            let texts = Comparison::OneOf(number.texts);
            sieve.add(number.name, &number.field, texts, Values::Phones, zone)?;
        }
        checked::check(query, &mut sieve, known, zone)?;
    }
    for (name, value) in for_rows {
        let path = pointer::below("/filters", name);
        let comparison = comparison::read(&path, value)?;
        let field = api_name(query.module, name);
        let values = criteria::values_of(query, &field, &comparison, known);
        let (member, comparison) = criteria::with_ids(query, &path, &field, comparison, known);
        let comparison = match values {
            Values::Numbers => comparison.map(&mut |text| plain_number(&text).unwrap_or(text)),
            _ => comparison,
        };
        if known.waits_for_types() {
            continue; // nothing is sent yet
        }
        sieve.add(name, &member, comparison, values, zone)?;
    }
    Ok(sieve)
}
