//! Signs in front of a condition's value, as people write them: `">3"` is `{"gt":3}`, `"!Open"` all but `Open`.

use serde_json::{Map, Value, json};

use crate::connections::Product;
use crate::names::{clip, composed, letters, pointer};
use crate::repair::Repair;
use crate::tools::modules::{FilterKind, Kind, Subject};
use crate::tools::request::{
    after_comparison, after_negation, filters_of, has_beginnings, is_user, leaves_out, subject,
};
use crate::tools::settings::fields::Field;

/// Puts the words for signs that compare in place of them, where a number or a day stands behind, and tells it; in a field
/// of texts they could be words to look for. Before the name of a person stands what leaves them out.
pub(super) fn compare(arguments: &mut Map<String, Value>) -> Vec<Repair> {
    let module = subject(arguments).ok().map(|subject| subject.module);
    let Some(filters) = arguments.get_mut("filters").and_then(Value::as_object_mut) else {
        return Vec::new();
    };
    let mut repairs = Vec::new();
    for (name, value) in filters {
        let known = module.iter().flat_map(|module| filters_of(module, name));
        let kinds: Vec<FilterKind> = known.map(|filter| filter.kind).collect();
        let path = pointer::below("/filters", name);
        let is_whom = |kind: &FilterKind| kind.refers_to() == Some(Kind::Agent);
        if is_user(name) || kinds.iter().any(is_whom) {
            repairs.extend(put(value, &path, &|value| not_whom(value.as_str()?)));
        } else if !kinds.contains(&FilterKind::Text) {
            repairs.extend(put(value, &path, &|value| compared(value.as_str()?)));
        }
    }
    repairs
}

/// Whether a condition could be the opposite of the value behind its sign.
pub(super) fn may_leave_out(arguments: &Map<String, Value>) -> bool {
    let filters = arguments.get("filters").and_then(Value::as_object);
    let texts = filters.into_iter().flat_map(Map::values).flat_map(each);
    texts.into_iter().any(|text| after_negation(text).is_some())
}

/// Whether a condition on records of CRM could be the beginning of a text.
pub(super) fn may_begin(arguments: &Map<String, Value>, subject: &Subject) -> bool {
    let filters = arguments.get("filters").and_then(Value::as_object);
    let mut texts = filters.into_iter().flat_map(Map::values).flat_map(each);
    subject.product == Product::Crm && texts.any(|text| begun(text).is_some())
}

/// Puts the word for a beginning in place of the `*` behind it, which is no sign of CRM's, and tells it: where texts stand
/// or nobody says what does. A value of a list stays what it is.
pub(super) fn begin(arguments: &mut Map<String, Value>, subject: &Subject, fields: &[Field]) -> Vec<Repair> {
    let mut repairs = Vec::new();
    if subject.product != Product::Crm {
        return repairs;
    }
    let filters = arguments.get_mut("filters").and_then(Value::as_object_mut);
    for (name, value) in filters.into_iter().flatten() {
        let called = |field: &&Field| letters(&field.api_name) == letters(name);
        let field = fields.iter().find(called);
        let is_value = |text: &str| {
            field.is_some_and(|field| values_of(field).any(|one| composed(one) == composed(text)))
        };
        if field.is_none_or(|field| has_beginnings(&field.kind)) {
            let path = pointer::below("/filters", name);
            repairs.extend(put(value, &path, &|value| {
                begun(value.as_str().filter(|text| !is_value(text))?)
            }));
        }
    }
    repairs
}

/// Puts `{"not": value}` in place of a known value of a picklist with a sign before it that leaves it out, and tells it:
/// nothing of the sign may get lost, for without it the opposite is found.
pub(super) fn leave_out(arguments: &mut Map<String, Value>, fields: &[Field]) -> Vec<Repair> {
    let Some(filters) = arguments.get_mut("filters").and_then(Value::as_object_mut) else {
        return Vec::new();
    };
    let mut repairs = Vec::new();
    for (name, value) in filters {
        let called = |field: &&Field| letters(&field.api_name) == letters(name);
        let Some(field) = fields.iter().find(called) else {
            continue;
        };
        let path = pointer::below("/filters", name);
        repairs.extend(put(value, &path, &|value| left_out(value, field)));
    }
    repairs
}

/// Puts another form in place of the value, or of what stands behind its `not`.
fn put(value: &mut Value, path: &str, form: &dyn Fn(&Value) -> Option<Value>) -> Option<Repair> {
    if let Some(members) = value.as_object_mut().filter(|members| members.len() == 1) {
        let (word, inner) = members.iter_mut().next()?;
        return match leaves_out(word) {
            true => put(inner, &pointer::below(path, word), form),
            false => None,
        };
    }
    let to = form(value)?;
    let told = |value: &Value| {
        clip(
            &value.as_str().map_or_else(|| value.to_string(), str::to_owned),
            80,
        )
    };
    let repair = Repair {
        path: path.to_owned(),
        rule: "sign",
        from: told(value),
        to: told(&to),
    };
    *value = to;
    Some(repair)
}

/// Nobody's name begins with `not`.
fn not_whom(text: &str) -> Option<Value> {
    after_negation(text).map(|whom| json!({ "not": whom }))
}

fn compared(text: &str) -> Option<Value> {
    let (word, rest) = after_comparison(text)?;
    let number = || serde_json::from_str::<Value>(rest).ok().filter(Value::is_number);
    let day = || rest.parse::<jiff::civil::Date>().ok().map(|_| json!(rest));
    Some(json!({ word: number().or_else(day)? }))
}

/// The values of a picklist, as requests and as people name them.
fn values_of(field: &Field) -> impl Iterator<Item = &String> {
    field
        .values
        .iter()
        .chain(field.shown.iter().map(|(label, _)| label))
}

/// `A*` in the word for it.
fn begun(text: &str) -> Option<Value> {
    let start = text.trim().strip_suffix('*')?;
    (!start.trim().is_empty() && !start.contains('*')).then(|| json!({ "starts_with": start }))
}

fn left_out(value: &Value, field: &Field) -> Option<Value> {
    let one = |text: &str| {
        if values_of(field).any(|known| is_written_so(known, text)) {
            return None; // a value that begins so
        }
        let rest = after_negation(text)?;
        let mut labels = field.shown.iter();
        let shown = labels.find(|(label, _)| letters(label) == letters(rest));
        let same = || field.values.iter().find(|known| letters(known) == letters(rest));
        shown.map(|(_, value)| value).or_else(same).cloned()
    };
    let all = match value {
        Value::String(text) => json!(one(text)?),
        Value::Array(items) if !items.is_empty() => {
            let all: Option<Vec<String>> = items.iter().map(|item| one(item.as_str()?)).collect();
            json!(all?)
        }
        _ => return None,
    };
    Some(json!({ "not": all }))
}

/// Whether two texts have the same letters and the same signs before them.
fn is_written_so(known: &str, text: &str) -> bool {
    let signs = |text: &str| -> String {
        let before = text.chars().take_while(|c| !c.is_alphanumeric());
        before.filter(|c| !c.is_whitespace()).collect()
    };
    letters(known) == letters(text) && signs(known) == signs(text)
}

/// The texts that a condition has.
fn each(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(each).collect(),
        Value::Object(members) => members.values().flat_map(each).collect(),
        _ => Vec::new(),
    }
}
