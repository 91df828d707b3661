//! Lists and objects written as text, as one another, or wrapped once too often.

use serde_json::{Map, Value};

use super::Access;
use super::markup::without_call_tail;
use super::mending::Mending;
use super::rules::{self, Rule};
use super::shape::Shape;
use super::syntax::without_fences;
use super::text::{self, Fault};
use super::{absent, checking};
use crate::names::{fold, in_ascii};

/// Folded names of the keys under which a lone value hides.
const VALUE_KEYS: [&str; 8] = [
    "value", "values", "item", "items", "element", "elements", "#text", "text()",
];
/// What a write is told that would have to be split.
const ONE_EACH: &str = "a list with each value as an item of its own, such as [\"101\", \"234\"]: where one ends is not certain here";
const SEPARATORS: [char; 7] = [',', ';', '\n', '|', '，', '、', '；'];

/// A list or an object written as JSON, or as the literal of another language, inside a text.
pub(super) fn parse(text: &str, shape: &Shape, cx: &mut Mending) -> Option<(Value, Rule)> {
    let plain = without_fences(text);
    let trimmed = without_call_tail(plain.trim());
    let wanted = match trimmed.chars().next()? {
        '{' => true,
        '[' | '(' => !shape.kinds.object || shape.kinds.list,
        '"' => trimmed.len() > 4 && !shape.kinds.text,
        _ => false,
    };
    if !wanted {
        return None;
    }
    let reading = match text::read_all(trimmed) {
        Ok(reading) => reading,
        Err(Fault::Cut { at }) if shape.kinds.list || shape.kinds.object => {
            cx.expect(format!(
                "{}; the JSON here is cut, it ends early at byte {at}: send it whole",
                super::problems::describe(shape)
            ));
            return None;
        }
        Err(_) => return None,
    };
    if shape.kinds.list && holds_bare_words(&reading) {
        return None;
    }
    let fits = |value: &Value| match value {
        Value::Object(_) => shape.kinds.object || shape.kinds.scalar() && !shape.free_text(),
        Value::Array(_) => shape.kinds.list || shape.kinds.object || shape.kinds.scalar(),
        Value::String(inner) => inner.trim_start().starts_with(['[', '{']),
        _ => false,
    };
    if !fits(&reading.value) {
        return None;
    }
    cx.absorb(reading).map(|value| (value, rules::STRINGIFIED))
}

/// `[id, subject]` is read as a list of names, not as JSON with quotes missing.
fn holds_bare_words(reading: &text::Reading) -> bool {
    reading.value.is_array() && reading.rules.contains(&rules::BARE_WORD)
}

/// Text where a list is taken: one item, or several where no item can hold a separator.
pub(super) fn list_in_text(text: &str, shape: &Shape, cx: &mut Mending) -> Option<(Value, Rule)> {
    let items = shape.items.as_deref()?;
    let trimmed = text.trim();
    if cx.access == Access::Write && items.is_constrained() && is_grouped(trimmed) {
        cx.expect(ONE_EACH);
        return None;
    }
    if items.fits(&Value::from(text))
        && (items.is_constrained() || !has_separator(trimmed))
        && !enclosed(trimmed)
    {
        return Some((Value::Array(vec![Value::from(text)]), rules::LIST_OF_ONE));
    }
    if items.free_text() || !items.kinds.text {
        if items.kinds.text {
            cx.expect(
                "a list of texts, such as [\"first\", \"second\"]: where one text ends is not certain here",
            );
        } else if items.kinds.scalar() {
            return Some((Value::Array(pieces(trimmed, &SEPARATORS)?), rules::LIST_TEXT));
        }
        return None;
    }
    let inside = without_brackets(trimmed);
    if has_separator(inside) {
        return Some((Value::Array(pieces(inside, &SEPARATORS)?), rules::LIST_TEXT));
    }
    Some((
        Value::Array(vec![Value::from(unquoted(inside))]),
        rules::LIST_OF_ONE,
    ))
}

fn enclosed(text: &str) -> bool {
    let quoted = text.len() > 1 && text.starts_with(['"', '\'', '`']) && text.ends_with(['"', '\'', '`']);
    quoted || text.starts_with(['[', '{', '(']) || text.ends_with([']', '}', ')'])
}

/// `1,234` may be one number as well as two.
fn is_grouped(text: &str) -> bool {
    let text = in_ascii(without_brackets(unquoted(text)));
    let mut groups = text.split([',', '，', '、']);
    let digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    let first = groups
        .next()
        .is_some_and(|group| (1..=3).contains(&group.len()) && digits(group));
    let rest: Vec<&str> = groups.collect();
    first && !rest.is_empty() && rest.iter().all(|group| group.len() == 3 && digits(group))
}

fn has_separator(text: &str) -> bool {
    text.contains(SEPARATORS)
}

fn without_brackets(text: &str) -> &str {
    for (open, close) in [('[', ']'), ('(', ')'), ('{', '}')] {
        if let Some(inside) = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)) {
            return inside.trim();
        }
    }
    text
}

fn unquoted(text: &str) -> &str {
    let text = text.trim();
    for quote in ['"', '\'', '`'] {
        if let Some(inside) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inside;
        }
    }
    text
}

/// The pieces between separators of one kind; none when a piece is empty, for then an item was lost. A bare `null` among
/// them is no word.
fn pieces(text: &str, separators: &[char]) -> Option<Vec<Value>> {
    let separator = separators
        .iter()
        .copied()
        .find(|separator| text.contains(*separator))?;
    let piece = |piece: &str| match unquoted(piece) {
        "" => None,
        _ if checking::is_word_for_nothing(piece.trim()) => Some(Value::Null),
        inside => Some(Value::from(inside)),
    };
    text.split(separator).map(piece).collect()
}

/// A list that fits once something around or inside it is undone.
pub(super) fn list_undone(list: &[Value], shape: &Shape, cx: &mut Mending) -> Option<(Value, Rule)> {
    if !shape.kinds.list {
        return match list {
            [only] if !only.is_null() && !shape.kinds.is_mixed() => Some((only.clone(), rules::ONE_OF_LIST)),
            _ => {
                cx.expect(format!(
                    "one value, not a list of {}: {}",
                    list.len(),
                    super::problems::describe(shape)
                ));
                None
            }
        };
    }
    let items = shape.items.as_deref()?;
    match list {
        [Value::Array(inner)] if !items.kinds.list => {
            return Some((Value::Array(inner.clone()), rules::NESTED_LIST));
        }
        [Value::String(text)] if items.kinds.text && items.is_constrained() && !items.holds_address() => {
            if let Some((Value::Array(inner), rule)) = text_in_list(text, shape, cx) {
                return Some((Value::Array(inner), rule));
            }
        }
        _ => {}
    }
    if cx.access == Access::Read
        && let Some(split) = items_in_texts(list, items)
    {
        return Some((split, rules::LIST_TEXT));
    }
    let given: Vec<Value> = list
        .iter()
        .filter(|item| !absent::is_no_item(item, items))
        .cloned()
        .collect();
    if given.len() < list.len() && !given.is_empty() && cx.may(rules::EMPTY_ITEM) {
        return Some((Value::Array(given), rules::EMPTY_ITEM));
    }
    if unique_items(shape) {
        let kept = without_copies(list);
        if kept.len() < list.len() {
            return Some((Value::Array(kept), rules::DUPLICATE_ITEM));
        }
    }
    None
}

fn text_in_list(text: &str, shape: &Shape, cx: &mut Mending) -> Option<(Value, Rule)> {
    if let Some(parsed) = parse(text, shape, cx) {
        return Some(parsed);
    }
    let inside = without_brackets(text.trim());
    if cx.access == Access::Write && has_separator(inside) {
        cx.at("0", |cx| cx.expect(ONE_EACH));
        return None;
    }
    has_separator(inside)
        .then(|| pieces(inside, &SEPARATORS))
        .flatten()
        .map(|items| (Value::Array(items), rules::LIST_TEXT))
}

/// Texts of which some hold several items each, every one of them whole.
fn items_in_texts(list: &[Value], items: &Shape) -> Option<Value> {
    if !items.kinds.text || !items.is_constrained() || items.holds_address() {
        return None;
    }
    let mut all = Vec::new();
    for item in list {
        match item.as_str() {
            Some(text) if !items.fits(item) && has_separator(text) => all.extend(pieces(text, &SEPARATORS)?),
            _ => all.push(item.clone()),
        }
    }
    let are_more = all.len() > list.len();
    (are_more && all.iter().all(|item| items.fits(item))).then_some(Value::Array(all))
}

fn unique_items(shape: &Shape) -> bool {
    shape.schema.get("uniqueItems") == Some(&Value::Bool(true))
}

/// The list without later copies of a text; lists of anything else stay as they are.
fn without_copies(list: &[Value]) -> Vec<Value> {
    let mut seen = std::collections::HashSet::new();
    list.iter()
        .filter(|item| item.as_str().is_none_or(|text| seen.insert(text)))
        .cloned()
        .collect()
}

/// An object where something else, or the same one level deeper, is taken.
pub(super) fn object_undone(
    map: &Map<String, Value>,
    shape: &Shape,
    cx: &mut Mending,
) -> Option<(Value, Rule)> {
    if shape.kinds.object {
        return same_name_inside(map, shape, cx.here());
    }
    if shape.free_text() {
        return None;
    }
    if let Some(value) = lone_value(map, shape) {
        return Some((value.clone(), rules::VALUE_WRAPPER));
    }
    if !shape.kinds.list {
        return None;
    }
    let indexed = (0..map.len())
        .map(|index| map.get(&index.to_string()).cloned())
        .collect::<Option<Vec<Value>>>();
    if let Some(values) = indexed.filter(|values| !values.is_empty()) {
        if !cx.may(rules::INDEXED_OBJECT) {
            cx.expect(format!(
                "{}, not an object with numbered keys",
                super::problems::describe(shape)
            ));
            return None;
        }
        return Some((Value::Array(values), rules::INDEXED_OBJECT));
    }
    let takes_objects = shape.items.as_deref().is_some_and(|items| items.kinds.object);
    takes_objects.then(|| (Value::Array(vec![Value::Object(map.clone())]), rules::LIST_OF_ONE))
}

fn lone_value<'m>(map: &'m Map<String, Value>, shape: &Shape) -> Option<&'m Value> {
    let takes_objects = shape.items.as_deref().is_some_and(|items| items.kinds.object);
    if takes_objects {
        return None;
    }
    let hides = |key: &str| {
        let key = fold(key);
        VALUE_KEYS.contains(&key.as_str()) || key == "id" && shape.pattern.is_some()
    };
    let mut entries = map.iter().filter(|(key, _)| map.len() != 2 || *key != "type");
    let (key, value) = entries.next()?;
    (entries.next().is_none() && hides(key) && !value.is_null()).then_some(value)
}

fn same_name_inside(map: &Map<String, Value>, shape: &Shape, here: &str) -> Option<(Value, Rule)> {
    let mut entries = map.iter();
    let (key, value) = entries.next()?;
    let alone =
        entries.next().is_none() && shape.closed && shape.find_meant(key).is_none() && value.is_object();
    let folded = fold(key);
    (alone && (folded == fold(here) || VALUE_KEYS.contains(&folded.as_str())))
        .then(|| (value.clone(), rules::VALUE_WRAPPER))
}
