//! Conditions and words that say nothing: some clients fill in every key they know, and what no record can be without is
//! asked for by no null. They are left out beside others; by themselves they are no question.

use serde_json::{Map, Value};

use crate::connections::Product;
use crate::names::{clip, is_blank, letters, pointer};
use crate::repair::{Repair, is_word_for_nothing};
use crate::tools::definition::ToolDefinition;
use crate::tools::error::ToolError;
use crate::tools::modules::{self, FilterKind, Subject};
use crate::tools::request::{filters_of, holds_numbers, names_values, same_filter, subject};
use crate::tools::settings::fields::Field;

/// Characters of a condition that its receipt shows.
pub(super) const SHOWN: usize = 80;
/// Types of fields, in the words of either product, in which no word stands.
const WORDLESS: [&str; 8] = [
    "email",
    "phone",
    "date",
    "datetime",
    "boolean",
    "lookup",
    "ownerlookup",
    "userlookup",
];

/// The conditions of a call as they were given.
pub(super) struct Given(Map<String, Value>);

impl Given {
    pub(super) fn of(arguments: &Map<String, Value>) -> Self {
        Given(conditions(arguments).cloned().unwrap_or_default())
    }

    /// Refuses what would be about all records although conditions were given; a form of blanks is none, see
    /// [`leave_out_form`].
    ///
    /// # Errors
    /// None of them is left, and nothing else says which records are meant.
    pub(super) fn refuse_none_left(
        &self,
        tool: &ToolDefinition,
        arguments: &Map<String, Value>,
    ) -> Result<(), ToolError> {
        let is_left = conditions(arguments).is_some_and(|conditions| !conditions.is_empty());
        let narrows = |name: &&str| arguments.contains_key(*name);
        let is_narrowed = is_left || ["query", "any", "view"].iter().any(narrows);
        let is_form = tool.published_conditions().all(|name| self.0.contains_key(name));
        let Some((name, value)) = self.0.iter().next().filter(|_| !is_narrowed && !is_form) else {
            return Ok(());
        };
        let fix = match subject(arguments).is_ok_and(|subject| is_never_empty(&subject, name)) {
            true => "without it this is about all records: each has a value there".to_owned(),
            false => "null asks for those without a value; without the condition this is about all records"
                .to_owned(),
        };
        let got = format!("{}, which says nothing", clip(&value.to_string(), SHOWN));
        let path = pointer::below("/filters", name);
        Err(ToolError::argument(&path, "a condition", got, Some(fix)))
    }
}

/// Leaves out, and tells, the conditions that a tool declares, where each is given and none says anything: a client in strict
/// mode has to send them all (openai-agents#404, LangChain `strict=True`), also where the module has no such field.
pub(super) fn leave_out_form(tool: &ToolDefinition, arguments: &mut Map<String, Value>) -> Vec<Repair> {
    let Some(filters) = arguments.get_mut("filters").and_then(Value::as_object_mut) else {
        return Vec::new();
    };
    let is_blank = |name: &str| filters.get(name).is_some_and(is_no_condition);
    if !tool.published_conditions().all(is_blank) {
        return Vec::new();
    }
    let left = tool.published_conditions().filter_map(|name| {
        let value = filters.shift_remove(name)?;
        Some(left_out(pointer::below("/filters", name), &value))
    });
    left.collect()
}

fn is_no_condition(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => is_blank(text) || says_nothing(text),
        Value::Array(items) => items.iter().all(is_no_condition),
        Value::Object(members) => members.values().all(is_no_condition),
        _ => false,
    }
}

fn conditions(arguments: &Map<String, Value>) -> Option<&Map<String, Value>> {
    arguments.get("filters").and_then(Value::as_object)
}

/// Leaves out, and tells, null where every record has a value, and words for it where no text can stand; where records may
/// have none, such a word is null.
pub(super) fn leave_out(arguments: &mut Map<String, Value>) -> Vec<Repair> {
    let Ok(subject) = subject(arguments) else {
        return Vec::new();
    };
    settle(arguments, &|name, value| match value {
        Value::Null => is_never_empty(&subject, name),
        Value::String(text) => says_nothing(text) && !may_hold_words(&subject, name),
        _ => false,
    })
}

/// The same for words whose fields had to be known: a value of a list, and a text where words stand, says something.
pub(super) fn leave_out_words(
    arguments: &mut Map<String, Value>,
    subject: &Subject,
    fields: &[Field],
) -> Vec<Repair> {
    settle(arguments, &|name, value| {
        let Some(text) = value.as_str().filter(|text| says_nothing(text)) else {
            return false;
        };
        let same = |field: &&Field| letters(&field.api_name) == letters(name);
        let alike = |field: &&Field| same_filter(&field.api_name, name);
        let mut all = fields.iter();
        let Some(field) = all.clone().find(same).or_else(|| all.find(alike)) else {
            return false;
        };
        let labels = field.shown.iter().map(|(label, _)| label);
        let mut known = field.values.iter().chain(labels);
        let kind = field.kind.to_lowercase();
        let is_wordless = WORDLESS.contains(&kind.as_str()) || holds_numbers(&kind);
        match field.values.is_empty() {
            true => is_wordless,
            false => is_never_empty(subject, name) && !known.any(|value| letters(value) == letters(text)),
        }
    })
}

/// Whether a word for null stands in a condition.
pub(super) fn may_say_nothing(arguments: &Map<String, Value>) -> bool {
    let mut values = conditions(arguments).into_iter().flat_map(Map::values);
    values.any(|value| bare(value).as_str().is_some_and(says_nothing))
}

/// Leaves out, and tells, words to look for that say nothing, where others or conditions are left.
pub(super) fn leave_out_search(arguments: &mut Map<String, Value>) -> Vec<Repair> {
    let is_none = |value: &Value| {
        let text = value.as_str();
        text.is_some_and(|text| is_blank(text) || says_nothing(text))
    };
    let says = |arguments: &Map<String, Value>, name: &str| match arguments.get(name) {
        Some(Value::Object(conditions)) => !conditions.is_empty(),
        Some(Value::Array(texts)) => texts.iter().any(|text| !is_none(text)),
        Some(value) => !is_none(value),
        None => false,
    };
    let names = ["filters", "view", "query", "any"];
    if !names.iter().any(|name| says(arguments, name)) {
        return Vec::new();
    }
    let mut repairs = Vec::new();
    if let Some(Value::Array(texts)) = arguments.get_mut("any") {
        let mut index = 0;
        texts.retain(|text| {
            let path = pointer::below("/any", index);
            repairs.extend(is_none(text).then(|| left_out(path, text)));
            index += 1;
            !is_none(text)
        });
    }
    for (name, is_nothing) in [("query", is_none as fn(&Value) -> bool), ("any", is_empty)] {
        if arguments.get(name).is_some_and(is_nothing) {
            let value = arguments.shift_remove(name).unwrap_or_default();
            repairs.extend((name == "query").then(|| left_out("/query".to_owned(), &value)));
        }
    }
    repairs
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}

/// Puts null in place of conditions that ask for none; where every record has a value, they go.
fn settle(arguments: &mut Map<String, Value>, says_none: &dyn Fn(&str, &Value) -> bool) -> Vec<Repair> {
    let Ok(subject) = subject(arguments) else {
        return Vec::new();
    };
    let Some(filters) = arguments.get_mut("filters").and_then(Value::as_object_mut) else {
        return Vec::new();
    };
    let mut repairs = Vec::new();
    filters.retain(|name, value| {
        if !says_none(name, bare(value)) {
            return true;
        }
        let is_kept = !is_never_empty(&subject, name);
        let mut repair = left_out(pointer::below("/filters", name), value);
        if is_kept {
            repair.rule = "word_for_null";
            repair.to = "null".to_owned();
            *value = Value::Null;
        }
        repairs.push(repair);
        is_kept
    });
    repairs
}

/// The value of a condition that names one alone: `["a"]` and `{"is": "a"}` say what `"a"` says.
fn bare(value: &Value) -> &Value {
    let one = match value {
        Value::Array(items) => items.first().filter(|_| items.len() == 1),
        Value::Object(members) if members.len() == 1 => {
            let named = members.iter().find(|(word, _)| names_values(word));
            named.map(|(_, inner)| inner)
        }
        _ => None,
    };
    one.map_or(value, bare)
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
