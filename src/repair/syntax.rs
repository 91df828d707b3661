//! From the text of the arguments to the one object it holds: layers of encoding, fences, prose, the object said twice.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::Access;
use super::markup::without_call_tail;
use super::mending::Mending;
use super::rules;
use super::shape::Shape;
use super::text::{self, Fault, Reading};

const MAX_LAYERS: usize = 6;

/// Why the arguments hold no object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// The text could not be read.
    Fault(Fault),
    /// It could be read by a guess only, and this is a write.
    Guess,
    /// There is no object in it.
    NoObject,
    /// There are two different objects in it.
    Several,
    /// Values without names.
    Positional,
    /// Argument-like text stands beside the object.
    Beside,
    /// Encoded more often than is followed.
    Layers,
    /// The wrapper around the arguments is meant for another tool.
    OtherTool,
}

impl From<Fault> for Unreadable {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// The object a text holds, however it is wrapped.
pub(super) fn object_in_text(
    text: &str,
    shape: &Shape,
    cx: &mut Mending,
) -> Result<Map<String, Value>, Unreadable> {
    let reading = read_lenient(text, shape, cx)?;
    object_in_reading(reading, shape, cx)
}

/// The object that was read, or that is found in the text or the list that was read.
pub(super) fn object_in_reading(
    reading: Option<Reading>,
    shape: &Shape,
    cx: &mut Mending,
) -> Result<Map<String, Value>, Unreadable> {
    let Some(mut reading) = reading else {
        cx.tell(rules::EMPTY_ARGUMENTS, "no arguments", "{}");
        return Ok(Map::new());
    };
    for _ in 0..MAX_LAYERS {
        let cut = reading.rules.contains(&rules::MISSING_FINAL_BRACE);
        let unread = match reading.end {
            at if cut => Unreadable::Fault(Fault::Cut { at }),
            _ => Unreadable::Guess,
        };
        match cx.absorb(reading).ok_or(unread)? {
            Value::Object(map) => return Ok(map),
            Value::Null => {
                cx.tell(rules::EMPTY_ARGUMENTS, "null", "{}");
                return Ok(Map::new());
            }
            Value::String(inner) => {
                cx.tell(rules::JSON_TEXT, "text that holds JSON", "the JSON it holds");
                match read_lenient(&inner, shape, cx)? {
                    Some(next) => reading = next,
                    None => {
                        cx.tell(rules::EMPTY_ARGUMENTS, "no arguments", "{}");
                        return Ok(Map::new());
                    }
                }
            }
            Value::Array(items) => reading = plain(only_item(items, cx)?),
            Value::Bool(_) | Value::Number(_) => return Err(Unreadable::NoObject),
        }
    }
    Err(Unreadable::Layers)
}

fn plain(value: Value) -> Reading {
    let (rules, conflicts) = (Vec::new(), Vec::new());
    Reading {
        value,
        rules,
        conflicts,
        end: 0,
    }
}

/// The one thing in a list of arguments: `[{..}]`, or the same object several times.
pub(super) fn only_item(items: Vec<Value>, cx: &mut Mending) -> Result<Value, Unreadable> {
    let holds_objects = items
        .iter()
        .all(|item| matches!(item, Value::Object(_) | Value::Array(_)));
    let mut items = items.into_iter();
    let Some(first) = items.next() else {
        cx.tell(rules::EMPTY_ARGUMENTS, "[]", "{}");
        return Ok(Value::Object(Map::new()));
    };
    let alone = items.len() == 0;
    let encoded = first
        .as_str()
        .is_some_and(|text| text.trim_start().starts_with(['{', '[']));
    if !(holds_objects || alone && encoded) {
        return Err(Unreadable::Positional);
    }
    if items.any(|item| item != first) {
        return Err(Unreadable::Several);
    }
    cx.tell(
        rules::LIST_OF_ONE_OBJECT,
        "a list around the arguments",
        "the arguments",
    );
    Ok(first)
}

/// Reads a text strictly or leniently; none when there is nothing in it.
fn read_lenient(text: &str, shape: &Shape, cx: &mut Mending) -> Result<Option<Reading>, Unreadable> {
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if trimmed.is_empty() {
        return Ok(None);
    }
    let fault = match text::read_all(trimmed) {
        Ok(reading) => return Ok(Some(reading)),
        Err(fault) => fault,
    };
    if let Some(unescaped) = without_escapes(trimmed)
        && let Ok(reading) = text::read_all(&unescaped)
    {
        cx.tell(rules::ESCAPED_JSON, "JSON with escaped quotes", "JSON");
        return Ok(Some(reading));
    }
    let cut = matches!(fault, Fault::Cut { .. });
    if cut && trimmed.starts_with('"') {
        return Err(fault.into());
    }
    let found = Surrounded::find(trimmed).ok_or(match fault {
        Fault::TooDeep { .. } => Unreadable::Fault(fault),
        _ if cut && trimmed.starts_with('[') => Unreadable::Fault(fault),
        _ => Unreadable::NoObject,
    })?;
    found.read(shape, cx).map(Some)
}

/// `{\"a\": 1}`: the body of a JSON string without the string's own quotes.
fn without_escapes(text: &str) -> Option<String> {
    let inside = text.trim_start_matches(['[', '{', ' ']);
    let escaped = ["\\\"", "\\n", "\\r", "\\t"]
        .iter()
        .any(|escape| inside.starts_with(escape));
    if !escaped {
        return None;
    }
    let quoted = format!("\"{text}\"");
    match text::read_all(&quoted).ok()? {
        Reading {
            value: Value::String(unescaped),
            ..
        } => Some(unescaped),
        _ => None,
    }
}

/// Text with one object, or a list of objects, somewhere in it.
struct Surrounded<'a> {
    text: &'a str,
    start: usize,
}

impl<'a> Surrounded<'a> {
    fn find(text: &'a str) -> Option<Self> {
        let brace = text.find('{')?;
        let before = text.get(..brace)?;
        let start = match before.rfind('[') {
            Some(list) if before.get(list + 1..)?.trim().is_empty() => list,
            _ => brace,
        };
        Some(Self { text, start })
    }

    fn read(&self, shape: &Shape, cx: &mut Mending) -> Result<Reading, Unreadable> {
        let mut reading = text::read_at(self.text, self.start)?;
        let before = self.text.get(..self.start).unwrap_or_default();
        let mut beside = vec![before];
        let mut end = reading.end;
        let mut repeated = false;
        loop {
            let rest = self.text.get(end..).unwrap_or_default();
            let next = rest.find('{');
            beside.push(rest.get(..next.unwrap_or(rest.len())).unwrap_or_default());
            let Some(next) = next else { break };
            let again = text::read_at(self.text, end + next)?;
            if again.value != reading.value {
                return Err(Unreadable::Several);
            }
            reading.conflicts.extend(again.conflicts);
            reading.rules.extend(again.rules);
            end = again.end;
            repeated = true;
        }
        let after = beside.last().copied().unwrap_or_default();
        let beside_it = beside.iter().any(|text| holds_arguments(text, shape));
        let amended = || cx.access == Access::Write && amends(after, &reading.value, shape);
        if beside_it || is_call(before) || closed_early(&reading.value, after) || amended() {
            return Err(Unreadable::Beside);
        }
        reading.end = end;
        self.tell(&beside, repeated, cx);
        Ok(reading)
    }

    fn tell(&self, beside: &[&str], repeated: bool, cx: &mut Mending) {
        if beside
            .iter()
            .any(|text| text.contains("```") || text.contains("~~~"))
        {
            cx.tell(
                rules::CODE_FENCE,
                "a code fence around the arguments",
                "the arguments",
            );
        }
        let (before, after) = (beside.first(), beside.last());
        if beside.iter().any(|text| is_prose(text)) {
            cx.tell(rules::PROSE_AROUND, "words around the arguments", "the arguments");
        } else if [before, after]
            .into_iter()
            .flatten()
            .any(|text| !without_fences(text).trim().is_empty())
        {
            cx.tell(
                rules::TRAILING_TOKEN,
                "marks around the arguments",
                "the arguments",
            );
        }
        if repeated {
            cx.tell(
                rules::REPEATED_OBJECT,
                "the same arguments several times",
                "the arguments once",
            );
        }
    }
}

/// The text without the lines that open and close a code fence.
pub(super) fn without_fences(text: &str) -> Cow<'_, str> {
    if !text.contains("```") && !text.contains("~~~") {
        return Cow::Borrowed(text);
    }
    let mut kept = String::new();
    for line in text.lines() {
        let trimmed = line.trim_start();
        match trimmed
            .strip_prefix("```")
            .or_else(|| trimmed.strip_prefix("~~~"))
        {
            Some(rest) => kept.push_str(rest.trim_start_matches(|c: char| c.is_alphanumeric() || c == '`')),
            None => kept.push_str(line.split("```").next().unwrap_or_default()),
        }
        kept.push('\n');
    }
    Cow::Owned(kept)
}

fn is_prose(text: &str) -> bool {
    let kept = without_fences(text);
    kept.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '<')
        .starts_with(|c: char| c.is_alphanumeric())
}

/// `create_ticket(`: the object is an argument of some code, and what the code does is not known.
fn is_call(before: &str) -> bool {
    let before = before.trim_end();
    before
        .strip_suffix('(')
        .is_some_and(|name| name.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// Whether the end of the object may be part of a text in it whose quotes were not escaped: `{"text": "see {"a": 1"}}"}`.
fn closed_early(value: &Value, after: &str) -> bool {
    after.contains('}') && after.contains('"') || after.contains(['}', ']']) && leaves_a_bracket_open(value)
}

fn leaves_a_bracket_open(value: &Value) -> bool {
    match value {
        Value::String(text) => {
            let count = |bracket: char| text.matches(bracket).count();
            count('{') > count('}') || count('[') > count(']')
        }
        Value::Array(items) => items.iter().any(leaves_a_bracket_open),
        Value::Object(map) => map.values().any(leaves_a_bracket_open),
        _ => false,
    }
}

/// Whether words behind the arguments of a write say what these do not: a number, an address, a text in quotes or a value
/// that an argument offers. It may be meant to be written, too, or instead.
fn amends(behind: &str, value: &Value, shape: &Shape) -> bool {
    let behind = without_fences(behind);
    let behind = without_call_tail(behind.trim()).to_lowercase();
    let told = value.to_string().to_lowercase();
    let is_new = |text: &str| !text.trim().is_empty() && !told.contains(text.trim());
    let words: Vec<&str> = behind
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .collect();
    let is_value = |word: &&str| word.contains(|c: char| c.is_numeric() || c == '@');
    let choices = shape.properties.iter().flat_map(|one| &one.shape.choices);
    let offered = choices.filter_map(Value::as_str).map(str::to_lowercase);
    let is_said =
        |choice: &String| words.contains(&choice.as_str()) || choice.contains(' ') && behind.contains(choice);
    let quoted = behind
        .split(['"', '\u{201c}', '\u{201d}', '`'])
        .skip(1)
        .step_by(2);
    let (values, mut offered) = (words.iter().copied().filter(is_value), offered.filter(is_said));
    offered.any(|choice| is_new(&choice)) || values.chain(quoted).any(is_new)
}

/// Whether text beside the object may carry arguments of its own, which would be lost with it.
fn holds_arguments(beside: &str, shape: &Shape) -> bool {
    let beside = without_fences(beside);
    let beside = without_call_tail(beside.trim());
    if beside.is_empty() {
        return false;
    }
    let markup = ["<parameter", "<arg", "name=", "</parameter", "</arg"];
    if beside.starts_with(',') || markup.iter().any(|tag| beside.contains(tag)) {
        return true;
    }
    let names_one = |word: &str| {
        shape
            .properties
            .iter()
            .any(|p| p.name == word || p.aliases.iter().any(|a| a == word))
    };
    beside.match_indices([':', '=']).any(|(at, _)| {
        let name = beside.get(..at).unwrap_or_default().trim_end();
        let word = name
            .rsplit(|c: char| !(c.is_alphanumeric() || c == '_'))
            .next()
            .unwrap_or_default();
        name.ends_with(['"', '\'']) || names_one(word)
    })
}
