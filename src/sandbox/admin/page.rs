//! What there is below `/__sandbox/`, told to programs and to people.

use std::sync::LazyLock;

use ::http::Method;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::http::Reply;

/// One call below `/__sandbox/`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Door {
    /// The last part of its path; a name stands twice where it takes two methods.
    pub name: String,
    /// `GET` or `POST`.
    pub method: String,
    /// The keys that its body may have.
    #[serde(default)]
    pub keys: Vec<String>,
    /// An example.
    pub body: Option<Value>,
    /// What it is for, in a sentence.
    pub does: String,
}

const TEXT: &str = include_str!("doors.json");

static DOORS: LazyLock<Vec<Door>> =
    LazyLock::new(|| serde_json::from_str(TEXT).expect("the doors are valid"));

/// What a test may order and ask, for a program that offers it to people.
pub fn doors() -> &'static [Door] {
    &DOORS
}

/// Whether there is a call of this name, with any method.
pub(super) fn is_known(name: &str) -> bool {
    DOORS.iter().any(|door| door.name == name)
}

/// All names, for who asked for another.
pub(super) fn names() -> String {
    let mut names: Vec<&str> = DOORS.iter().map(|door| door.name.as_str()).collect();
    names.dedup();
    names.join(", ")
}

/// What to tell of the first key that a call does not take.
pub(super) fn unknown(name: &str, method: &Method, members: &Map<String, Value>) -> Option<String> {
    let door = DOORS
        .iter()
        .find(|door| door.name == name && door.method == method.as_str())?;
    let key = members.keys().find(|key| !door.keys.contains(key))?;
    let known: Vec<String> = door.keys.iter().map(|key| format!("`{key}`")).collect();
    Some(match &known[..] {
        [] => format!("unknown field `{key}`; {name} takes none"),
        [only] => format!("unknown field `{key}`, expected {only}"),
        known => format!("unknown field `{key}`, expected one of {}", known.join(", ")),
    })
}

/// `GET /__sandbox/`: all calls, with an example of each body.
pub(super) fn described() -> Reply {
    let doors: Value = serde_json::from_str(TEXT).expect("the doors are valid");
    Reply::json(
        200,
        &json!({"version": env!("CARGO_PKG_VERSION"), "below": "/__sandbox/", "calls": doors}),
    )
}

/// `GET /`: the same for a browser.
pub(crate) fn page() -> Reply {
    let rows = DOORS.iter().map(|door| {
        let body = door.body.as_ref().map(Value::to_string).unwrap_or_default();
        let cells = [
            &format!("{} /__sandbox/{}", door.method, door.name),
            &door.does,
            &body,
        ];
        let cells = cells.map(|cell| format!("<td>{}</td>", cell.replace('&', "&amp;").replace('<', "&lt;")));
        format!("<tr>{}</tr>", cells.concat())
    });
    let rows: String = rows.collect();
    Reply::html(
        200,
        format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>A Zoho on this machine</title>\
            <style>body{{font:15px/1.5 sans-serif;margin:2em;max-width:75em}}td{{vertical-align:top;padding:.2em .8em .2em 0}}\
            td:nth-child(odd){{font-family:monospace}}</style><h1>A Zoho on this machine</h1>\
            <p>Accounts at <code>/oauth/v2/</code>, Desk at <code>/api/v1/</code>, CRM at <code>/crm/v2</code> to <code>/crm/v8</code>. \
            What a test may do and ask, as JSON at <a href=\"/__sandbox/\"><code>/__sandbox/</code></a>:</p><table>{rows}</table></html>"
        ),
    )
}
