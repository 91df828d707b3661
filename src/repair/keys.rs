//! Keys under another name, in another style, in another place.

use serde_json::{Map, Value};

use super::absent;
use super::mending::{Mending, Note};
use super::rules::{self, Rule};
use super::shape::{Property, Shape};
use crate::names::{distance, fold, nearest, pointer};

/// Shortest key that is compared by distance: below it, one slip makes another word.
const SHORTEST_TYPO: usize = 4;
/// Folded names of keys that clients add to arguments for themselves.
const CLIENT_KEYS: [&str; 7] = [
    "toolcallid",
    "tooluseid",
    "toolcalldescription",
    "taskprogress",
    "progresstoken",
    "toolcallname",
    "requiresapproval",
];

/// Whether a key was added by the client and is no part of what the caller asked for.
pub(super) fn is_client_key(key: &str) -> bool {
    let underscored = key
        .strip_prefix('_')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric()));
    underscored || CLIENT_KEYS.contains(&fold(key).as_str())
}

/// Brings the keys of an object to their declared names, where that is certain enough.
pub(super) fn mend_keys(map: &mut Map<String, Value>, shape: &Shape, cx: &mut Mending) {
    if map.keys().all(|key| shape.by_name.contains_key(key)) {
        return;
    }
    let mut strange = Vec::new();
    for (key, value) in std::mem::take(map) {
        if shape.by_name.contains_key(&key) {
            map.insert(key, value);
        } else {
            strange.push((key, value));
        }
    }
    for (key, value) in strange {
        if let Some(property) = shape.find_meant(&key) {
            let rule = if property.aliases.contains(&key) {
                rules::KEY_ALIAS
            } else {
                rules::KEY_STYLE
            };
            set(map, property, &key, value, rule, cx);
        } else if shape.closed && cx.depth() == 0 && is_client_key(&key) {
            cx.at(&key, |cx| {
                cx.tell(rules::CLIENT_KEY, "added by the client", "dropped")
            });
        } else if let Some((property, below)) = dotted(&key, shape) {
            put_below(map, property, &key, below, value, rules::DOTTED_KEY, cx);
        } else if shape.closed {
            guess(map, shape, key, value, cx);
        } else {
            map.insert(key, value);
        }
    }
}

fn set(
    map: &mut Map<String, Value>,
    target: &Property,
    key: &str,
    value: Value,
    rule: Rule,
    cx: &mut Mending,
) {
    let name = &target.name;
    let worthless = |value: &Value| !cx.absent_means_keep && absent::is_nothing(value);
    match map.get(name) {
        Some(earlier) if same(earlier, &value, &target.shape) || worthless(&value) => {
            cx.at(name, |cx| {
                cx.tell(rules::DUPLICATE_KEY, format!("also given as {key}"), "once")
            });
        }
        Some(earlier) if !worthless(earlier) => cx.at(name, |cx| {
            cx.explain(Note {
                expected: Some(format!("one value for `{name}`")),
                got: Some(format!(
                    "`{name}` and `{key}`, which name the same, with different values"
                )),
                blocks: true,
                ..Note::default()
            });
        }),
        _ => {
            map.insert(name.clone(), value);
            cx.at(name, |cx| cx.tell(rule, key, name));
        }
    }
}

/// Equal, or the same scalar written as text and as number, or the same offered value in two styles.
fn same(a: &Value, b: &Value, shape: &Shape) -> bool {
    if let (Value::String(a), Value::String(b)) = (a, b)
        && !shape.choices.is_empty()
    {
        return fold(a) == fold(b);
    }
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        Value::Bool(boolean) => Some(boolean.to_string()),
        _ => None,
    };
    let mixed = a.is_string() != b.is_string();
    a == b || (mixed && text(a).is_some_and(|a| Some(a) == text(b)))
}

/// `filters.status` and `filters[status]`: the declared object and the key below it.
fn dotted<'s, 'k>(key: &'k str, shape: &'s Shape) -> Option<(&'s Property, &'k str)> {
    let (head, tail) = match key.split_once('.') {
        Some((head, tail)) => (head, tail),
        None => {
            let (head, tail) = key.split_once('[')?;
            (head, tail.strip_suffix(']')?.trim_matches(['"', '\'']))
        }
    };
    let property = shape.find_meant(head)?;
    let fits_below = property.shape.under(tail).is_some() || property.shape.find_meant(tail).is_some();
    (property.shape.kinds.object && !tail.is_empty() && fits_below).then_some((property, tail))
}

fn put_below(
    map: &mut Map<String, Value>,
    target: &Property,
    key: &str,
    below: &str,
    value: Value,
    rule: Rule,
    cx: &mut Mending,
) {
    let whole = map
        .entry(target.name.clone())
        .or_insert_with(|| Value::Object(Map::new()));
    if absent::is_nothing(whole) {
        *whole = Value::Object(Map::new());
    }
    let below = target
        .shape
        .find_meant(below)
        .map_or(below, |property| property.name.as_str());
    let free = whole
        .as_object()
        .is_some_and(|inner| inner.get(below).is_none_or(|earlier| *earlier == value));
    match whole.as_object_mut() {
        Some(inner) if free => {
            inner.insert(below.to_owned(), value);
            let to = inside(&target.name, below);
            cx.at(&target.name, |cx| cx.tell(rule, key, to));
        }
        _ => {
            map.insert(key.to_owned(), value);
            cx.at(key, |cx| {
                cx.expect(format!("`{below}` once, inside `{}`", target.name))
            });
        }
    }
}

/// Where a key stands inside a declared object, as receipts tell it: `filters/status`.
fn inside(outer: &str, key: &str) -> String {
    let path = pointer::below(&pointer::below("", outer), key);
    path.trim_start_matches('/').to_owned()
}

fn guess(map: &mut Map<String, Value>, shape: &Shape, key: String, value: Value, cx: &mut Mending) {
    if let Some(property) = only_slip(&key, shape)
        && !map.contains_key(&property.name)
    {
        if cx.may(rules::KEY_TYPO) {
            set(map, property, &key, value, rules::KEY_TYPO, cx);
            return;
        }
        cx.at(&key, |cx| cx.suggest(&property.name));
    } else if let Some((property, below)) = only_home(&key, shape) {
        if cx.may(rules::MISPLACED_KEY) {
            put_below(map, property, &key, below, value, rules::MISPLACED_KEY, cx);
            return;
        }
        cx.at(&key, |cx| {
            cx.suggest(format!("`{below}` inside `{}`", property.name))
        });
    } else {
        let free = shape.properties.iter().map(|property| property.name.as_str());
        let near = nearest(&key, free.filter(|name| !map.contains_key(*name)));
        if let [only] = near.as_slice() {
            cx.at(&key, |cx| cx.suggest(*only));
        }
    }
    map.insert(key, value);
}

/// The only declared property one slip away from the key.
fn only_slip<'s>(key: &str, shape: &'s Shape) -> Option<&'s Property> {
    let folded = fold(key);
    if folded.len() < SHORTEST_TYPO {
        return None;
    }
    let slip = |name: &str| {
        let name = fold(name);
        name.len() >= SHORTEST_TYPO && distance(&folded, &name, 1).is_some()
    };
    let mut near = shape.properties.iter().filter(|property| {
        std::iter::once(&property.name)
            .chain(&property.aliases)
            .any(|name| slip(name))
    });
    near.next().filter(|_| near.next().is_none())
}

/// The only nested object that declares the key.
fn only_home<'s>(key: &str, shape: &'s Shape) -> Option<(&'s Property, &'s str)> {
    let mut homes = shape.properties.iter().filter_map(|property| {
        let below = property.shape.find_meant(key)?;
        Some((property, below.name.as_str()))
    });
    homes.next().filter(|_| homes.next().is_none())
}

/// Lifts keys out of nested objects that do not declare them to the top, which does.
pub(super) fn lift(map: &mut Map<String, Value>, shape: &Shape, cx: &mut Mending) {
    for property in shape.properties.iter().filter(|property| property.shape.closed) {
        let Some(Value::Object(inner)) = map.get(&property.name) else {
            continue;
        };
        let belongs_up = |key: &str| {
            property.shape.find_meant(key).is_none()
                && shape.find_meant(key).is_some_and(|up| up.name != property.name)
        };
        let mut lifted = false;
        let moved: Vec<String> = inner.keys().filter(|key| belongs_up(key)).cloned().collect();
        for key in moved {
            let Some(up) = shape.find_meant(&key) else {
                continue;
            };
            if !cx.may(rules::MISPLACED_KEY) || map.contains_key(&up.name) {
                let (inside, name) = (&property.name, &up.name);
                cx.at(inside, |cx| {
                    cx.at(&key, |cx| {
                        cx.suggest(format!("`{name}` beside `{inside}`, not inside it"))
                    })
                });
                continue;
            }
            let inner = map.get_mut(&property.name).and_then(Value::as_object_mut);
            if let Some(value) = inner.and_then(|inner| inner.shift_remove(&key)) {
                lifted = true;
                map.insert(up.name.clone(), value);
                let from = inside(&property.name, &key);
                cx.at(&up.name, |cx| cx.tell(rules::MISPLACED_KEY, from, &up.name));
            }
        }
        let empty = map
            .get(&property.name)
            .and_then(Value::as_object)
            .is_some_and(Map::is_empty);
        if lifted && empty && !property.required {
            map.shift_remove(&property.name);
        }
    }
}
