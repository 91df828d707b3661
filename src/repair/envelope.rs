//! The whole set of arguments one level too deep: `{"arguments": {..}}`, `{"name": .., "input": {..}}` and their like.

use serde_json::{Map, Value};

use super::mending::{Mending, Note};
use super::rules;
use super::shape::{Shape, ToolSchema};
use super::syntax::{self, Unreadable};
use super::{Access, NameMatch, resolve_name};
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
const FLAT: &str = "all arguments flat, without a wrapper around them";

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
    let mut others = map
        .iter()
        .filter(|(key, value)| names_a_tool(key, value) && !declared(key, shape));
    if others.any(|(_, value)| !names(value, tool)) {
        return Err(Unreadable::OtherTool);
    }
    let siblings = siblings(&map, &wrapper, tool, cx);
    let unknown = |key: &String| !declared(key, shape) && !super::keys::is_client_key(key);
    if siblings.keys().any(unknown) {
        cx.suggest(format!("send {FLAT}"));
        return Ok(Layer::Flat(map));
    }
    let mut map = map;
    let inner = match map.remove(&wrapper).unwrap_or_default() {
        Value::Object(inner) => inner,
        Value::String(text) => syntax::object_in_text(&text, shape, cx)?,
        Value::Array(items) => match syntax::only_item(items, cx)? {
            Value::Object(inner) => inner,
            _ => return Err(Unreadable::Positional),
        },
        _ => Map::new(),
    };
    let known: Vec<String> = inner.keys().cloned().collect();
    let inner = joined(&wrapper, inner, siblings, tool, cx);
    let beside = inner
        .keys()
        .filter(|key| declared(key, shape) && !known.contains(key));
    let beside: Vec<&str> = beside.map(String::as_str).collect();
    let told = match beside.is_empty() {
        true => "the arguments inside it".to_owned(),
        false => format!(
            "the arguments inside it, and those beside it: {}",
            beside.join(", ")
        ),
    };
    cx.tell(rules::WRAPPER, format!("{{\"{wrapper}\": {{..}}}}"), &told);
    Ok(Layer::Inner(inner))
}

/// What stands beside the wrapper and is an argument; what could be one and part of the call refuses it.
fn siblings(
    map: &Map<String, Value>,
    wrapper: &str,
    tool: &ToolSchema,
    cx: &mut Mending,
) -> Map<String, Value> {
    let shape = tool.shape();
    let named = map
        .iter()
        .any(|(key, value)| names_a_tool(key, value) && names(value, tool));
    let mut siblings = map.clone();
    siblings.retain(|key, value| {
        let tool_name = names_a_tool(key, value) && !declared(key, shape);
        let companion = is_companion(key, value, named);
        if companion && is_taken(key, value, shape) {
            refuse(
                key,
                FLAT,
                "a key beside the wrapper, of the call or of its arguments",
                cx,
            );
        }
        key != wrapper && !companion && !tool_name && !is_empty_wrapper(key, value, shape)
    });
    siblings
}

/// The arguments inside the wrapper with those beside it. A write is refused where either are a call of their own and the
/// others add to it.
fn joined(
    wrapper: &str,
    mut inner: Map<String, Value>,
    mut siblings: Map<String, Value>,
    tool: &ToolSchema,
    cx: &mut Mending,
) -> Map<String, Value> {
    siblings.retain(|key, value| !(names_a_tool(key, value) && is_told_inside(key, value, &inner, tool, cx)));
    let (shape, is_write) = (tool.shape(), cx.access == Access::Write);
    let adds = |more: &Map<String, Value>, to: &Map<String, Value>| {
        let is_more = |key: &String| declared(key, shape) && !to.contains_key(key);
        is_write && more.keys().any(is_more) && is_whole(to, shape)
    };
    if adds(&inner, &siblings) {
        refuse(
            wrapper,
            FLAT,
            "more arguments in a wrapper beside a whole call",
            cx,
        );
    } else if adds(&siblings, &inner) {
        refuse(
            wrapper,
            FLAT,
            "a whole call in a wrapper, and more arguments beside it",
            cx,
        );
    }
    for (key, value) in siblings {
        match inner.get(&key) {
            None => {
                inner.insert(key, value);
            }
            Some(other) if *other == value => {}
            Some(_) => {
                let got = format!("one value beside `{wrapper}` and another one inside it");
                refuse(&key, "one value for this key", &got, cx);
            }
        }
    }
    inner
}

fn refuse(key: &str, expected: &str, got: &str, cx: &mut Mending) {
    let (expected, got) = (Some(expected.to_owned()), Some(got.to_owned()));
    cx.at(key, |cx| {
        cx.explain(Note {
            expected,
            got,
            blocks: true,
            ..Note::default()
        })
    });
}

/// Whether the keys are all that the tool asks for: a call of its own.
fn is_whole(arguments: &Map<String, Value>, shape: &Shape) -> bool {
    let meant: Vec<&str> = arguments
        .keys()
        .filter_map(|key| Some(shape.find_meant(key)?.name.as_str()))
        .collect();
    let least = shape
        .schema
        .get("minProperties")
        .and_then(Value::as_u64)
        .unwrap_or(1);
    usize::try_from(least).is_ok_and(|least| meant.len() >= least)
        && shape
            .properties
            .iter()
            .all(|property| !property.required || meant.contains(&property.name.as_str()))
}

/// Of a tool that takes a `name` of its own: whether the one beside the wrapper names the tool, for the argument stands
/// inside. Where it does not, a write is refused: the name may be the tool's and may be the argument.
fn is_told_inside(
    key: &str,
    value: &Value,
    inner: &Map<String, Value>,
    tool: &ToolSchema,
    cx: &mut Mending,
) -> bool {
    let shape = tool.shape();
    let same = |other: &String| match (shape.find_meant(other), shape.find_meant(key)) {
        (Some(other), Some(this)) => other.name == this.name,
        _ => false,
    };
    let inside = inner.keys().any(same);
    if !inside && (cx.access == Access::Write || names(value, tool)) {
        let got = "a name beside the wrapper, of the tool or for this key";
        refuse(key, FLAT, got, cx);
    }
    inside && names(value, tool)
}

fn declared(key: &str, shape: &Shape) -> bool {
    shape.find_meant(key).is_some()
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

fn names_a_tool(key: &str, value: &Value) -> bool {
    value.is_string() && NAMES.contains(&fold(key).as_str())
}

/// Whether a key and its value are written beside the arguments of a call, and tell of the call alone.
fn is_companion(key: &str, value: &Value, named: bool) -> bool {
    let text = value.as_str().unwrap_or_default();
    let begins = |starts: &[&str]| starts.iter().any(|start| text.starts_with(start));
    let small = value.as_u64().is_some_and(|number| number < 1_000_000_000);
    match fold(key).as_str() {
        "id" | "callid" => begins(&["call", "toolu", "fc_", "chatcmpl"]) || named && small,
        "type" => begins(&["function", "tool"]),
        "index" => small,
        "jsonrpc" => text == "2.0",
        "status" => named && begins(&["completed", "in_progress", "pending", "running"]),
        "server" | "servername" => named && value.is_string(),
        _ => false,
    }
}

/// What a tool takes under a key that may tell of the call as well: the id of a call is no id of a record, all else has
/// two readings.
fn is_taken(key: &str, value: &Value, shape: &Shape) -> bool {
    let id = matches!(fold(key).as_str(), "id" | "callid");
    shape
        .find_meant(key)
        .is_some_and(|property| !id || property.shape.fits(value))
}

fn names(value: &Value, tool: &ToolSchema) -> bool {
    value.as_str().is_some_and(|name| {
        name == "tools/call" || !matches!(resolve_name(name, &[tool.name()]), NameMatch::Unknown { .. })
    })
}
