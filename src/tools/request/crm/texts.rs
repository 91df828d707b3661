//! Conditions on texts and numbers, which Zoho CRM's search compares in its own way.

use crate::tools::request::comparison::{self, Comparison};
use crate::tools::request::criteria::{self, api_name};
use crate::tools::request::ids::Known;
use crate::tools::request::{ListQuery, phone};

/// The conditions that name whole texts, each with its field: Zoho's search compares texts by what they hold
/// (Search Records API: `equals` on a text behaves like `contains`), so the rows are looked at.
pub(super) fn wholes(query: &ListQuery<'_>, known: &mut Known<'_>) -> Vec<(String, Vec<String>)> {
    let whole = |comparison| match comparison {
        Comparison::OneOf(texts) => Some(texts),
        _ => None,
    };
    on_texts(query, known, whole)
}

/// A condition on phone numbers, which Zoho compares as they are written: those of every notation are wanted.
pub(super) struct Numbers<'q> {
    pub(super) name: &'q str,
    pub(super) field: String,
    pub(super) texts: Vec<String>,
}

pub(super) fn numbers<'q>(query: &'q ListQuery<'_>) -> impl Iterator<Item = Numbers<'q>> {
    query.filters.iter().filter_map(|&(name, value)| {
        let field = api_name(query.module, name);
        match comparison::read("", value).ok()? {
            Comparison::OneOf(texts)
                if phone::is_in(&field) && texts.iter().all(|text| phone::is_whole(text)) =>
            {
                Some(Numbers { name, field, texts })
            }
            _ => None,
        }
    })
}

/// Whether all records are read for a number: searches for it in several notations have no order together, and nobody says
/// that they find one by a few of its digits.
pub(super) fn wants_every(query: &ListQuery<'_>, numbers: &[Numbers<'_>]) -> bool {
    let mut texts = numbers.iter().flat_map(|number| &number.texts);
    query.all
        || query.sort_by.is_some()
        || query.descending.is_some()
        || texts.any(|text| phone::is_piece(text))
}

/// What is told of conditions on long texts, of which Zoho finds those that hold what is asked for.
pub(super) fn tell_held(query: &ListQuery<'_>, known: &mut Known<'_>) -> Option<String> {
    let mut fields = Vec::new();
    for (name, value) in &query.filters {
        let field = api_name(query.module, name);
        let comparison = comparison::read("", value);
        let is_text = matches!(comparison, Ok(Comparison::OneOf(_) | Comparison::NoneOf(_)));
        let is_long = known.known_type_of(&field) == Some("textarea") || query.module.html.contains(&field);
        fields.extend((is_text && is_long).then_some(field));
    }
    (!fields.is_empty()).then(|| {
        format!(
            "{} is compared by what it holds, not as a whole.",
            fields.join(", ")
        )
    })
}

/// What is told of a condition whose values are spread over several calls.
pub(super) fn tell_parts(conditions: &[(&str, String)]) -> Option<String> {
    let calls = conditions
        .iter()
        .filter(|(param, _)| *param == "criteria")
        .count();
    let most = criteria::MOST_VALUES;
    (calls > 1).then(|| format!("Zoho takes {most} values a call: {calls} calls were made for all of them."))
}

/// The conditions of one kind on texts that are no notation of something else.
fn on_texts(
    query: &ListQuery<'_>,
    known: &mut Known<'_>,
    of: impl Fn(Comparison) -> Option<Vec<String>>,
) -> Vec<(String, Vec<String>)> {
    let conditions = query.filters.iter().filter_map(|(name, value)| {
        let field = api_name(query.module, name);
        let texts = of(comparison::read("", value).ok()?)?;
        let is_whole =
            field == "id" || criteria::is_user(&field) || query.module.lookups.contains_key(&field);
        if is_whole || phone::is_in(&field) || query.module.html.contains(&field) {
            return None;
        }
        // `10115`, `me` and `true` are texts in a field of texts, elsewhere a number, a user, a mark.
        let is_text = match texts.iter().all(|text| is_clearly_text(text)) {
            true => known.known_type_of(&field).is_none_or(holds_words),
            false => holds_words(known.type_of(&field)),
        };
        is_text.then_some((field, texts))
    });
    conditions.collect()
}

fn is_clearly_text(text: &str) -> bool {
    let plain = text.chars().any(char::is_alphabetic) && !comparison::is_time(text);
    plain && !matches!(text, "true" | "false" | "me")
}

/// Whether a field of this type has texts that Zoho compares by what they hold.
pub(super) fn holds_words(data_type: &str) -> bool {
    matches!(data_type, "text" | "email" | "website")
}
