//! What the fields of a module say about an argument: the right name or value, and whether it may be taken.

use serde_json::{Map, Value};

use super::languages::same_language;
use super::meant::field_meant;
use super::places::{Doubt, holds_a_name, is_same};
use crate::names::{clip, letters, only_meant, pointer};
use crate::repair::{Access, Problem, Repair};
use crate::tools::request;
use crate::tools::settings::fields::{Field, is_of_one_record};

/// Longest list of accepted values told, in characters.
const LONGEST_LIST: usize = 400;
/// What a flag takes.
const FLAG: &str = "true or false";

/// One argument that is not as Zoho has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// JSON Pointer of the argument.
    pub path: String,
    /// What is accepted there.
    pub expected: String,
    /// What stands there, shortened.
    pub got: String,
    /// The one likely right name or value.
    pub suggestion: Option<String>,
    /// The change a read may take.
    pub change: Option<Change>,
    /// It is a name that nothing has, not a value that its field does not take.
    pub is_a_name: bool,
    /// The change is no guess: another notation of the value, or what people see in its place.
    pub is_certain: bool,
}

/// How an argument is put right.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The key becomes another.
    Key(String),
    /// The text becomes the name of a field.
    Name(String),
    /// The value becomes one, or several, of the accepted ones.
    Value(Value),
}

/// Compares the doubtful arguments with the fields of the module. Changes are offered for reads only.
pub fn look(
    access: Access,
    arguments: &Map<String, Value>,
    doubts: &[Doubt],
    fields: &[Field],
) -> Vec<Finding> {
    let whole = Value::Object(arguments.clone());
    let mut findings = Vec::new();
    for doubt in doubts {
        let path = doubt.path.as_str();
        let Some(value) = whole.pointer(path) else {
            continue;
        };
        let found = if holds_a_name(path, arguments) {
            value
                .as_str()
                .and_then(|name| about_name(path, name, fields, Change::Name))
        } else {
            about_member(doubt, value, fields, access)
        };
        findings.extend(found);
    }
    if access == Access::Write {
        findings.iter_mut().for_each(|finding| finding.change = None);
    }
    findings
}

/// The fields asked for that no row shows because lists never carry their kind.
pub(super) fn find_unlisted(
    arguments: &Map<String, Value>,
    doubts: &[Doubt],
    fields: &[Field],
) -> Vec<Finding> {
    let asked = |doubt: &Doubt| {
        let place = doubt.path.strip_prefix("/fields")?;
        let name = arguments.get("fields")?.pointer(place)?.as_str()?;
        let field = fields.iter().find(|field| field.api_name == name)?;
        is_of_one_record(field).then(|| Finding {
            path: doubt.path.clone(),
            expected: "a field that lists carry; get_record shows this one".to_owned(),
            got: format!("`{name}`, a subform"),
            suggestion: None,
            change: None,
            is_a_name: true,
            is_certain: false,
        })
    };
    doubts.iter().filter_map(asked).collect()
}

/// A key that no field has, or a value that its field does not take.
fn about_member(doubt: &Doubt, value: &Value, fields: &[Field], access: Access) -> Option<Finding> {
    let path = doubt.path.as_str();
    let key = pointer::last_key(path);
    if let Some(field) = fields.iter().find(|field| field.api_name == key) {
        return about_value(path, value, field);
    }
    let meant = fields.iter().find(|field| is_same(&field.api_name, &key));
    let only_close = |field: &Field| letters(&field.api_name) != letters(&key);
    match meant {
        Some(field) if !doubt.key_too || only_close(field) => about_value(path, value, field),
        None if !doubt.key_too => None,
        _ if access == Access::Write || path.starts_with("/filters/") => {
            about_name(path, &key, fields, Change::Key)
        }
        _ => None,
    }
}

fn about_name(path: &str, name: &str, fields: &[Field], change: fn(String) -> Change) -> Option<Finding> {
    if fields.is_empty() || fields.iter().any(|field| field.api_name == name) {
        return None;
    }
    let right = field_meant(name, fields);
    let of_a_record = name.split_once('.').is_some_and(|(whom, _)| {
        let mut lookups = fields.iter().filter(|field| field.kind.ends_with("lookup"));
        lookups.any(|field| field.api_name == whom)
    });
    if of_a_record {
        return Some(member_of_another(path, name));
    }
    Some(Finding {
        path: path.to_owned(),
        expected: "the API name of a field of the module".to_owned(),
        got: format!(
            "`{}`, which no field shown to this user is called",
            clip(name, 60)
        ),
        suggestion: right.map(|right| format!("`{right}`")),
        change: right.map(|right| change(right.to_owned())),
        is_a_name: true,
        is_certain: false,
    })
}

/// A member of the record that a lookup names: no row has it, and queries of CRM select it.
fn member_of_another(path: &str, name: &str) -> Finding {
    Finding {
        path: path.to_owned(),
        expected: "a field of the module itself; run_coql_query selects those of records that it names"
            .to_owned(),
        got: format!("`{}`", clip(name, 60)),
        suggestion: None,
        change: None,
        is_a_name: true,
        is_certain: false,
    }
}

fn about_value(path: &str, value: &Value, field: &Field) -> Option<Finding> {
    if let Some((key, inner)) = request::values_in_words(value) {
        return about_value(&pointer::below(path, key), inner, field);
    }
    if field.values.is_empty() {
        return about_kind(path, value, field);
    }
    let given: Vec<&str> = match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let plain = |text: &&str| !text.starts_with("${") && !text.contains(',') && !request::says_whether(text);
    let wrong: Vec<&str> = given
        .into_iter()
        .filter(plain)
        .filter(|text| !field.values.iter().any(|known| known == text))
        .collect();
    let first = *wrong.first()?;
    let stands_for = |text: &str| {
        let mut shown = field.shown.iter();
        let shown = shown.find(|(label, _)| label == text);
        let of_languages = letters(&field.api_name) == "language";
        let same = || of_languages.then(|| same_language(text, &field.values)).flatten();
        shown.map(|(_, value)| value.as_str()).or_else(same)
    };
    let names = field.values.iter().map(|one| (one.as_str(), one.as_str()));
    let names = names.chain(
        field
            .shown
            .iter()
            .map(|(label, value)| (label.as_str(), value.as_str())),
    );
    // Nearest to `!Open` is its opposite, to `>=High` a part of it.
    let near = |text: &str| match request::after_negation(text).or(behind_sign(text)) {
        Some(_) => None,
        None => only_meant(text, names.clone()),
    };
    let right = |text: &str| stands_for(text).or_else(|| near(text));
    // Of a list without such a value the words for none ask for records that have none.
    let is_none = |text: &str| is_no_value(text) && right(text).is_none();
    let is_certain = wrong.iter().all(|text| {
        let same = |right: &str| letters(right) == letters(text);
        stands_for(text).is_some() || is_none(text) || right(text).is_some_and(same)
    });
    let mended = |item: &Value| match item.as_str().filter(|text| wrong.contains(text)) {
        Some(text) if is_none(text) => Some(Value::Null),
        Some(text) => right(text).map(Value::from),
        None => Some(item.clone()),
    };
    let change = match value {
        Value::Array(items) => items
            .iter()
            .map(mended)
            .collect::<Option<Vec<Value>>>()
            .map(Value::Array),
        other => mended(other),
    };
    Some(Finding {
        path: path.to_owned(),
        expected: format!("one of: {}", clip(&field.values.join(", "), LONGEST_LIST)),
        got: format!("`{}`", clip(first, 60)),
        suggestion: match is_none(first) {
            true => Some("null".to_owned()),
            false => right(first).map(|right| format!("`{right}`")),
        },
        change: change.map(Change::Value),
        is_a_name: false,
        is_certain,
    })
}

fn behind_sign(text: &str) -> Option<&str> {
    request::after_comparison(text).map(|(_, rest)| rest)
}

/// A value of another kind than its field, which Zoho compares as it is written and finds nowhere.
fn about_kind(path: &str, value: &Value, field: &Field) -> Option<Finding> {
    let (expected, fits): (&str, fn(&str) -> bool) = match field.kind.to_lowercase().as_str() {
        "boolean" => (FLAG, |text| matches!(text, "true" | "false")),
        // CRM's own word for it is `date`: there a time of a day is sent as its day. Desk's `Date` is compared as written.
        "date" if field.kind == "date" => ("a day as in 2026-01-31", |text| {
            has_the_form_of_a_day(text.split(['t', ' ']).next().unwrap_or_default())
        }),
        "date" => ("a day as in 2026-01-31", has_the_form_of_a_day),
        word if request::holds_numbers(word) => ("a number", |text| request::number(text).is_some()),
        _ => return None,
    };
    let items = value
        .as_array()
        .map_or(std::slice::from_ref(value), Vec::as_slice);
    let means_nothing = |text: &str| text.starts_with("${") || is_no_value(text);
    let written = items
        .iter()
        .filter(|item| !item.is_null() && !item.is_object() && !item.is_array());
    let wrong = written
        .map(plain)
        .find(|text| !means_nothing(text) && !fits(&text.to_lowercase()))?;
    let meant = said_of_a_flag(value).filter(|_| expected == FLAG);
    Some(Finding {
        path: path.to_owned(),
        expected: expected.to_owned(),
        got: format!("`{}`", clip(&wrong, 60)),
        suggestion: meant.map(|meant| format!("`{meant}`")),
        is_certain: meant.is_some(),
        change: meant.map(|meant| Change::Value(Value::Bool(meant))),
        is_a_name: false,
    })
}

/// What yes and no say of what is true or false.
fn said_of_a_flag(value: &Value) -> Option<bool> {
    match value.as_str()?.trim().to_lowercase().as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// Of a day that does not exist others say so.
fn has_the_form_of_a_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [4, 2, 2] && parts.iter().all(is_number)
}

/// Whether a word stands for no value at all.
fn is_no_value(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "" | "empty" | "none" | "null")
}

impl Finding {
    /// Makes the change, if there is one, and tells it.
    pub fn apply(self, arguments: &mut Map<String, Value>) -> Option<Repair> {
        let change = self.change?;
        let (above, _) = self.path.rsplit_once('/')?;
        let from = pointer::last_key(&self.path);
        let mut whole = Value::Object(std::mem::take(arguments));
        let told = match change {
            Change::Key(right) => whole
                .pointer_mut(above)
                .and_then(Value::as_object_mut)
                .filter(|members| !members.contains_key(&right))
                .map(|members| {
                    renamed(members, &from, &right);
                    (pointer::below(above, &right), "field_name", from, right)
                }),
            Change::Name(right) => whole.pointer_mut(&self.path).map(|place| {
                let from = place.as_str().unwrap_or_default().to_owned();
                *place = Value::from(right.as_str());
                (self.path.clone(), "field_name", from, right)
            }),
            Change::Value(right) => whole.pointer_mut(&self.path).map(|place| {
                let from = std::mem::replace(place, right.clone());
                (self.path.clone(), "picklist_value", plain(&from), plain(&right))
            }),
        };
        if let Value::Object(members) = whole {
            *arguments = members;
        }
        told.map(|(path, rule, from, to)| Repair {
            path,
            rule,
            from: clip(&from, 80),
            to: clip(&to, 80),
        })
    }

    /// Whether a name is at fault, not a value.
    pub fn is_about_a_name(&self) -> bool {
        self.is_a_name
    }

    /// Whether a value can be put right without a doubt.
    pub fn is_only_style(&self) -> bool {
        self.is_certain && self.change.is_some()
    }

    fn place<'a>(&self, arguments: &'a Map<String, Value>) -> Option<&'a Value> {
        arguments
            .get("filters")?
            .pointer(self.path.strip_prefix("/filters")?)
    }

    /// Whether what stands at its place is still what it speaks of.
    pub fn still_stands(&self, arguments: &Map<String, Value>) -> bool {
        self.place(arguments).is_some_and(|value| match value {
            Value::Array(items) => items.iter().any(|item| self.speaks_of(item)),
            other => self.speaks_of(other),
        })
    }

    fn speaks_of(&self, value: &Value) -> bool {
        value
            .as_str()
            .is_some_and(|text| self.got == format!("`{}`", clip(text, 60)))
    }

    /// For a successful answer, where it is a remark.
    pub fn as_note(&self) -> String {
        let hint = self.suggestion.as_ref().map(|one| format!(" Nearest: {one}."));
        format!(
            "`{}`: expected {}; got {}.{}",
            self.path,
            self.expected,
            self.got,
            hint.unwrap_or_default()
        )
    }

    /// For a refusal, where it is a problem.
    pub fn into_problem(self) -> Problem {
        Problem {
            path: self.path,
            expected: self.expected,
            got: self.got,
            suggestion: self.suggestion,
            ..Problem::default()
        }
    }
}

/// Gives a member another key and leaves it in its place.
fn renamed(members: &mut Map<String, Value>, from: &str, right: &str) {
    let all = std::mem::take(members);
    members.extend(all.into_iter().map(|(key, value)| match key == from {
        true => (right.to_owned(), value),
        false => (key, value),
    }));
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
