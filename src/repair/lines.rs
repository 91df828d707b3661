//! One case a line, in and out: how test harnesses drive the very same repairs.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{Arguments, NameMatch, Repair, ToolSchema, accept, resolve_name};

#[derive(Deserialize)]
struct Case<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    tool: Option<&'a RawValue>,
    /// What MCP calls it.
    #[serde(borrow, default)]
    name: Option<&'a RawValue>,
    /// Models call them `input` where they speak no MCP.
    #[serde(borrow, default, alias = "input", deserialize_with = "present")]
    arguments: Option<&'a RawValue>,
}

/// `null` counts as given: its text is handed on.
fn present<'de: 'a, 'a, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<&'a RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

#[derive(Serialize)]
struct Outcome<'a> {
    id: Option<&'a RawValue>,
    outcome: &'static str,
    tool: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    arguments: Option<Map<String, Value>>,
    repairs: Vec<Repair>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// Answers one line `{"id", "tool", "arguments"}` with one line; what is wrong with the line is told in its answer.
pub fn repair_line<T: AsRef<ToolSchema>>(line: &str, tools: &[T], today: Date) -> String {
    let case: Case<'_> = match serde_json::from_str(line) {
        Ok(case) => case,
        Err(error) => return written(&refused(None, "", format!("the line is no case: {error}"))),
    };
    let tool: Option<String> = case
        .tool
        .or(case.name)
        .and_then(|raw| serde_json::from_str(raw.get()).ok());
    let Some(asked) = tool else {
        return written(&refused(case.id, "", "the case names no tool".to_owned()));
    };
    let mut tools = tools.iter().map(AsRef::as_ref);
    let names: Vec<&str> = tools.clone().map(ToolSchema::name).collect();
    let (name, renamed) = match resolve_name(&asked, &names) {
        NameMatch::Exact(name) => (name, None),
        NameMatch::Repaired { name, rule } => (name, Some(rule)),
        NameMatch::Unknown { nearest } => {
            return written(&refused(case.id, &asked, unknown(&nearest, &names)));
        }
    };
    let Some(tool) = tools.find(|tool| tool.name() == name) else {
        return written(&refused(case.id, &asked, unknown(&[], &names)));
    };
    let arguments = case
        .arguments
        .map_or(Arguments::Missing, |raw| Arguments::Text(raw.get()));
    match accept(tool, arguments, today) {
        Err(invalid) => written(&refused(case.id, name, invalid.message)),
        Ok(mut valid) => {
            let mut repairs = valid.take_repairs();
            if let Some(rule) = renamed {
                repairs.insert(
                    0,
                    Repair {
                        path: String::new(),
                        rule,
                        from: asked.clone(),
                        to: name.to_owned(),
                    },
                );
            }
            written(&Outcome {
                id: case.id,
                outcome: "ok",
                tool: name,
                arguments: Some(std::mem::take(valid.settle())),
                repairs,
                message: None,
            })
        }
    }
}

fn refused<'a>(id: Option<&'a RawValue>, tool: &'a str, message: String) -> Outcome<'a> {
    Outcome {
        id,
        outcome: "error",
        tool,
        arguments: None,
        repairs: Vec::new(),
        message: Some(message),
    }
}

fn unknown(nearest: &[&str], names: &[&str]) -> String {
    match nearest {
        [] => format!(
            "There is no such tool; nothing was done. Tools: {}.",
            names.join(", ")
        ),
        near => format!(
            "There is no such tool; nothing was done. The nearest: {}.",
            near.join(", ")
        ),
    }
}

fn written(outcome: &Outcome<'_>) -> String {
    serde_json::to_string(outcome).unwrap_or_else(|_| r#"{"id":null,"outcome":"error"}"#.to_owned())
}
