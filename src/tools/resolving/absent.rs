//! Conditions that say nothing: some clients fill in every key they know, and what no record can be without is asked for by
//! no null.

use serde_json::{Map, Value};

use crate::connections::Product;
use crate::names::{clip, letters, pointer};
use crate::repair::{Repair, is_word_for_nothing};
use crate::tools::modules::{self, FilterKind, Subject};
use crate::tools::request::{filters_of, same_filter, subject};
use crate::tools::settings::fields::Field;

/// Characters of a condition that its receipt shows.
pub(super) const SHOWN: usize = 80;

/// Leaves out, and tells, null and blank text where every record has a value, and words for them where no text can stand.
pub(super) fn leave_out(arguments: &mut Map<String, Value>) -> Vec<Repair> {
    let Ok(subject) = subject(arguments) else {
        return Vec::new();
    };
    drop_where(arguments, &|name, value| match value {
        Value::Null => is_never_empty(&subject, name),
        Value::String(text) => {
            is_never_empty(&subject, name)
                && (text.trim().is_empty() || says_nothing(text) && !may_hold_words(&subject, name))
        }
        _ => false,
    })
}

/// Leaves out, and tells, words for null where every record has one of a list of values that none of them is.
pub(super) fn leave_out_words(
    arguments: &mut Map<String, Value>,
    subject: &Subject,
    fields: &[Field],
) -> Vec<Repair> {
    let is_value = |name: &str, text: &str| {
        let field = fields
            .iter()
            .find(|field| letters(&field.api_name) == letters(name));
        field.is_none_or(|field| {
            let shown = field.shown.iter().map(|(label, _)| label);
            let mut known = field.values.iter().chain(shown);
            field.values.is_empty() || known.any(|value| letters(value) == letters(text))
        })
    };
    drop_where(arguments, &|name, value| {
        let Some(text) = value.as_str().filter(|text| says_nothing(text)) else {
            return false;
        };
        is_never_empty(subject, name) && !is_value(name, text)
    })
}

/// Whether a word for null stands where every record has a value.
pub(super) fn may_say_nothing(arguments: &Map<String, Value>, subject: &Subject) -> bool {
    let filters = arguments.get("filters").and_then(Value::as_object);
    let mut filters = filters.into_iter().flatten();
    filters.any(|(name, value)| value.as_str().is_some_and(says_nothing) && is_never_empty(subject, name))
}

fn drop_where(arguments: &mut Map<String, Value>, drops: &dyn Fn(&str, &Value) -> bool) -> Vec<Repair> {
    let Some(filters) = arguments.get_mut("filters").and_then(Value::as_object_mut) else {
        return Vec::new();
    };
    let mut repairs = Vec::new();
    filters.retain(|name, value| {
        let is_dropped = drops(name, value);
        repairs.extend(is_dropped.then(|| left_out(pointer::below("/filters", name), value)));
        !is_dropped
    });
    repairs
}

/// The receipt of what says nothing.
pub(super) fn left_out(path: String, value: &Value) -> Repair {
    Repair {
        path,
        rule: "absent_optional",
        from: clip(&value.to_string(), SHOWN),
        to: "left out".to_owned(),
    }
}

/// Whether a text is a word for null.
pub(super) fn says_nothing(text: &str) -> bool {
    is_word_for_nothing(text.trim())
}

/// Whether every record has a value there.
pub(super) fn is_never_empty(subject: &Subject, name: &str) -> bool {
    let mut known = modules::never_empty(subject.product)
        .iter()
        .chain(&subject.module.never_empty);
    known.any(|field| same_filter(field, name))
}

/// Whether a word could be a value there: in texts, and in lists of values until they are known.
fn may_hold_words(subject: &Subject, name: &str) -> bool {
    if subject.product == Product::Crm {
        let mut system = modules::never_empty(Product::Crm).iter();
        return !system.any(|field| same_filter(field, name));
    }
    let mut known = filters_of(&subject.module, name).peekable();
    let is_of_words = |kind| {
        matches!(
            kind,
            FilterKind::Text | FilterKind::Texts | FilterKind::StatusTypes
        )
    };
    known.peek().is_none() || known.any(|filter| filter.values.is_empty() && is_of_words(filter.kind))
}
