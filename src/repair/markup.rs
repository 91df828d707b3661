//! Call markup that leaked into a text: the caller's own arguments ended up inside a value, so the call is not what was meant.

use serde_json::Value;

use super::shape::Shape;
use crate::names::pointer;

const CALL_TAGS: [&str; 15] = [
    "parameter",
    "parameters",
    "invoke",
    "function_calls",
    "function_call",
    "function",
    "tool_call",
    "tool_calls",
    "tool_use",
    "arg_key",
    "arg_value",
    "arguments",
    "argument",
    "s",
    "tool",
];

/// JSON Pointer of the first text that ends in call markup.
pub(super) fn leak(value: &Value, shape: &Shape) -> Option<String> {
    let mut path = String::new();
    leaks_below(value, None, shape, &mut path).then_some(path)
}

/// A text without the closing call tags and end tokens behind it.
pub(super) fn without_call_tail(text: &str) -> &str {
    let mut rest = text.trim_end();
    while let Some(start) = last_mark(rest) {
        rest = rest.get(..start).unwrap_or_default().trim_end();
    }
    rest
}

/// Where the call tag or the token that ends a text begins.
fn last_mark(text: &str) -> Option<usize> {
    let inside = text.strip_suffix('>')?;
    let start = inside.rfind('<')?;
    let name = inside.get(start + 1..)?.strip_prefix('/').map(str::trim);
    let closes = |name: &str| CALL_TAGS.contains(&name.rsplit(':').next().unwrap_or_default());
    (ends_in_token(text) || name.is_some_and(closes)).then_some(start)
}

fn leaks_below(value: &Value, key: Option<&str>, shape: &Shape, path: &mut String) -> bool {
    let length = path.len();
    match value {
        Value::String(text) => return leaks(text, key, shape),
        Value::Object(map) => {
            for (name, inner) in map {
                pointer::descend(path, name);
                if leaks_below(inner, Some(name), shape, path) {
                    return true;
                }
                path.truncate(length);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                pointer::descend(path, &index.to_string());
                if leaks_below(inner, key, shape, path) {
                    return true;
                }
                path.truncate(length);
            }
        }
        _ => {}
    }
    false
}

fn leaks(text: &str, key: Option<&str>, shape: &Shape) -> bool {
    if !text.contains('<') && !text.trim_end().ends_with(']') {
        return false;
    }
    ends_in_token(text) || ends_in_closing_tag(text, key) || opens_a_parameter(text, shape)
}

/// `<|im_end|>` and the like at the end.
fn ends_in_token(text: &str) -> bool {
    let text = text.trim_end();
    if text.ends_with("[/TOOL_CALLS]") || text.ends_with("[TOOL_CALLS]") {
        return true;
    }
    let bars = ['|', '\u{ff5c}'];
    let Some(inside) = text.strip_suffix('>').and_then(|rest| rest.strip_suffix(bars)) else {
        return false;
    };
    let Some(start) = inside.rfind('<') else {
        return false;
    };
    let name = inside
        .get(start + 1..)
        .and_then(|rest| rest.strip_prefix(bars))
        .unwrap_or_default();
    let named = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '\u{2581}' | '/');
    !name.is_empty() && name.len() < 60 && name.chars().all(named)
}

/// A closing call tag at the end without its opening tag.
fn ends_in_closing_tag(text: &str, key: Option<&str>) -> bool {
    let text = text.trim_end();
    let Some(inside) = text.strip_suffix('>') else {
        return false;
    };
    let Some(start) = inside.rfind("</") else {
        return false;
    };
    let name = inside.get(start + 2..).unwrap_or_default().trim();
    let local = name.rsplit(':').next().unwrap_or_default();
    let known = CALL_TAGS.contains(&local) || key == Some(local);
    known && text.matches(&format!("</{name}")).count() > openings(text, name)
}

fn openings(text: &str, name: &str) -> usize {
    let open = format!("<{name}");
    let ends_name = |rest: &str| rest.starts_with(|c: char| c == '>' || c == '=' || c.is_whitespace());
    text.match_indices(&open)
        .filter(|(at, _)| text.get(at + open.len()..).is_some_and(ends_name))
        .count()
}

/// A parameter of this very call: an opening `<parameter name="..">` that is left open and starts a line, follows a tag or
/// names a declared argument; or a whole one of a declared argument that stands at the end, on a line of its own.
fn opens_a_parameter(text: &str, shape: &Shape) -> bool {
    let openings = [
        "<parameter name=",
        "<parameter=",
        "<invoke name=",
        "<function=",
        "<arg_key>",
        "<arg_value>",
    ];
    openings.iter().any(|open| {
        let Some(at) = text.rfind(open) else { return false };
        let (before, after) = (
            text.get(..at).unwrap_or_default(),
            text.get(at + open.len()..).unwrap_or_default(),
        );
        let tag = open
            .trim_matches(['<', '>'])
            .split([' ', '='])
            .next()
            .unwrap_or_default();
        let name = after
            .trim_start_matches(['"', '\''])
            .split(['"', '\'', '>', '<'])
            .next()
            .unwrap_or_default();
        let declared = !name.is_empty() && shape.find_meant(name).is_some();
        let before = before.trim_end_matches([' ', '\t']);
        let own_line = before.is_empty() || before.ends_with(['\n', '>']);
        let close = format!("</{tag}>");
        match after.rfind(&close) {
            None => declared || own_line,
            Some(end) => {
                let behind = after.get(end + close.len()..).unwrap_or_default();
                declared && own_line && behind.trim().is_empty()
            }
        }
    })
}
