//! The whole set of arguments one level too deep: `{"arguments": {..}}`, `{"name": .., "input": {..}}` and their like.

use serde_json::{Map, Value};

use super::mending::{Mending, Note};
use super::rules;
use super::shape::{Shape, ToolSchema};
use super::syntax::{self, Unreadable};
use super::{NameMatch, resolve_name};
use crate::names::fold;

const MAX_LAYERS: usize = 130;
/// Folded names of keys that hold the arguments.
const WRAPPERS: [&str; 34] = [
    "arguments",
    "argument",
    "args",
    "arg",
    "params",
    "param",
    "parameters",
    "parameter",
    "input",
    "inputs",
    "kwargs",
    "toolinput",
    "toolarguments",
    "toolargs",
    "toolparameters",
    "toolparams",
    "functionarguments",
    "functionargs",
    "functioncall",
    "actioninput",
    "function",
    "payload",
    "toolcall",
    "toolcalls",
    "data",
    "body",
    "json",
    "request",
    "requestbody",
    "properties",
    "result",
    "argumentsjson",
    "jsonarguments",
    "call",
];
/// Folded names of keys that name the tool.
const NAMES: [&str; 8] = [
    "name",
    "tool",
    "toolname",
    "function",
    "functionname",
    "recipientname",
    "action",
    "method",
];
/// Folded names of keys that come with a call and are no arguments.
const COMPANIONS: [&str; 7] = ["id", "type", "index", "callid", "jsonrpc", "status", "server"];

/// Takes the arguments out of the wrappers around them, as long as nothing is lost.
pub(super) fn unwrap(
    mut map: Map<String, Value>,
    tool: &ToolSchema,
    cx: &mut Mending,
) -> Result<Map<String, Value>, Unreadable> {
    for _ in 0..MAX_LAYERS {
        map = match unwrap_once(map, tool, cx)? {
            Layer::Inner(inner) => inner,
            Layer::Flat(flat) => return Ok(flat),
        };
    }
    Err(Unreadable::Layers)
}

enum Layer {
    Inner(Map<String, Value>),
    Flat(Map<String, Value>),
}

fn unwrap_once(map: Map<String, Value>, tool: &ToolSchema, cx: &mut Mending) -> Result<Layer, Unreadable> {
    let shape = tool.shape();
    let Some(wrapper) = wrapper_key(&map, shape, tool.name()) else {
        return Ok(Layer::Flat(map));
    };
    let named = map.iter().any(|(key, value)| names_a_tool(key, value, shape));
    if map
        .iter()
        .any(|(key, value)| names_a_tool(key, value, shape) && !names(value, tool))
    {
        return Err(Unreadable::OtherTool);
    }
    let mut siblings = Map::new();
    for (key, value) in &map {
        let part_of_envelope = *key == wrapper
            || names_a_tool(key, value, shape)
            || (named || map.len() > 1)
                && COMPANIONS.contains(&fold(key).as_str())
                && (named || !declared(key, shape))
            || is_empty_wrapper(key, value, shape);
        if !part_of_envelope {
            siblings.insert(key.clone(), value.clone());
        }
    }
    if siblings
        .keys()
        .any(|key| !declared(key, shape) && !super::keys::is_client_key(key))
    {
        cx.suggest("send the arguments flat, without a wrapper around them");
        return Ok(Layer::Flat(map));
    }
    let mut map = map;
    let inner = map.remove(&wrapper).unwrap_or_default();
    let mut inner = match inner {
        Value::Object(inner) => inner,
        Value::String(text) => syntax::object_in_text(&text, shape, cx)?,
        Value::Array(items) => match syntax::only_item(items, cx)? {
            Value::Object(inner) => inner,
            _ => return Err(Unreadable::Positional),
        },
        _ => Map::new(),
    };
    for (key, value) in siblings {
        match inner.get(&key) {
            None => {
                inner.insert(key, value);
            }
            Some(other) if *other == value => {}
            Some(_) => cx.at(&key, |cx| {
                let expected = "one value for this key".to_owned();
                let got = format!("one value beside `{wrapper}` and another one inside it");
                let (expected, got) = (Some(expected), Some(got));
                cx.explain(Note {
                    expected,
                    got,
                    blocks: true,
                    ..Note::default()
                });
            }),
        }
    }
    cx.tell(
        rules::WRAPPER,
        format!("{{\"{wrapper}\": {{..}}}}"),
        "the arguments inside it",
    );
    Ok(Layer::Inner(inner))
}

fn declared(key: &str, shape: &Shape) -> bool {
    shape.meant_by(key).is_some()
}

fn wrapper_key(map: &Map<String, Value>, shape: &Shape, tool: &str) -> Option<String> {
    let holds = |value: &Value| match value {
        Value::Object(_) => true,
        Value::String(text) => text.trim_start().starts_with(['{', '[', '"', '`']),
        Value::Array(items) => matches!(items.as_slice(), [Value::Object(_)]),
        _ => false,
    };
    let tool = fold(tool);
    let mut keys = map.iter().filter(|(key, value)| {
        let folded = fold(key);
        let wraps = WRAPPERS.contains(&folded.as_str()) || (folded == tool && map.len() == 1);
        wraps && holds(value) && !declared(key, shape)
    });
    let first = keys.next()?;
    if keys.next().is_some() {
        return None;
    }
    Some(first.0.clone())
}

fn is_empty_wrapper(key: &str, value: &Value, shape: &Shape) -> bool {
    let empty = match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    };
    empty && WRAPPERS.contains(&fold(key).as_str()) && !declared(key, shape)
}

fn names_a_tool(key: &str, value: &Value, shape: &Shape) -> bool {
    value.is_string() && NAMES.contains(&fold(key).as_str()) && !declared(key, shape)
}

fn names(value: &Value, tool: &ToolSchema) -> bool {
    value.as_str().is_some_and(|name| {
        name == "tools/call" || !matches!(resolve_name(name, &[tool.name()]), NameMatch::Unknown { .. })
    })
}
