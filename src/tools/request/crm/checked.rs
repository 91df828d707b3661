//! Conditions of CRM's criteria that rows show exactly: they are put to those rows that carry the field, for Zoho's answer
//! may have others. Texts and values of lists are not: Zoho compares the ones by parts and may show the others translated.

use jiff::tz::TimeZone;
use serde_json::Value;

use crate::names::pointer;
use crate::tools::error::ToolError;
use crate::tools::modules::Kind;
use crate::tools::request::comparison::{self, Comparison};
use crate::tools::request::criteria::{self, api_name};
use crate::tools::request::ids::Known;
use crate::tools::request::sieve::Values;
use crate::tools::request::{ListQuery, Sieve};

/// Puts them to the rows.
///
/// # Errors
/// A condition that has none of the forms of one.
pub(super) fn check(
    query: &ListQuery<'_>,
    sieve: &mut Sieve,
    known: &mut Known<'_>,
    zone: &TimeZone,
) -> Result<(), ToolError> {
    for (name, value) in &query.filters {
        let field = api_name(query.module, name);
        let Some(asked) = asked(name, value)? else {
            continue;
        };
        if field == "Created_Time" {
            sieve.add_check(name, &["Created_Time"], &asked, Values::Seconds, zone)?;
        } else if let Comparison::OneOf(texts) = asked {
            let Some(ids) = ids(query, name, &field, texts, known) else {
                continue;
            };
            let member = if field == "id" {
                field
            } else {
                format!("{field}.id")
            };
            sieve.add_check(name, &[&member], &Comparison::OneOf(ids), Values::Plain, zone)?;
        }
    }
    Ok(())
}

/// What is asked of a value, where that is one of several or a span.
fn asked(name: &str, value: &Value) -> Result<Option<Comparison>, ToolError> {
    let comparison = comparison::read(&pointer::below("/filters", name), value)?;
    let is_it = matches!(comparison, Comparison::OneOf(_) | Comparison::Between(..));
    Ok(Some(comparison).filter(|_| is_it))
}

/// The ids of the users or records that a condition names, where its field refers to such.
fn ids(
    query: &ListQuery<'_>,
    name: &str,
    field: &str,
    texts: Vec<String>,
    known: &mut Known<'_>,
) -> Option<Vec<String>> {
    let path = pointer::below("/filters", name);
    let target = query.module.refers_to(field);
    if field != "id" && target.is_none() && !criteria::is_user(field) {
        return None;
    }
    let is_id = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let id = |text: String| match target {
        _ if field == "id" || is_id(&text) => text,
        Some(module) => known.record_id_of(&path, module, text),
        None => known.id_of(&path, Kind::User, text),
    };
    Some(texts.into_iter().map(id).collect())
}
