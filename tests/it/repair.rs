//! The repair room through its own door: argument text in, valid arguments or a refusal that teaches out.

mod changes;
mod corpus;
mod hostile;
mod lists;
mod messages;
mod names;
mod promises;
mod properties;
mod reads;
mod text;
mod tools;
mod writes;

use jiff::civil::{Date, date};
use serde_json::{Map, Value};
use zoho_mcp::repair::{Arguments, InvalidArguments, ToolSchema, ValidArguments, accept};

fn today() -> Date {
    date(2026, 11, 25)
}

fn call(tool: &ToolSchema, arguments: &Value) -> Result<ValidArguments, InvalidArguments> {
    call_text(tool, &arguments.to_string())
}

fn call_text(tool: &ToolSchema, arguments: &str) -> Result<ValidArguments, InvalidArguments> {
    accept(tool, Arguments::Text(arguments), today())
}

/// The arguments as a JSON string, the way a client that stringifies them sends them.
fn call_string(tool: &ToolSchema, inner: &str) -> Result<ValidArguments, InvalidArguments> {
    call(tool, &Value::from(inner))
}

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().expect("an object")
}

#[track_caller]
fn repaired(tool: &ToolSchema, arguments: &Value, wanted: &Value, rule: &str) {
    match call(tool, arguments) {
        Ok(valid) => {
            assert_eq!(
                Value::Object(valid.arguments().clone()),
                *wanted,
                "from {arguments}"
            );
            let rules: Vec<&str> = valid.repairs().iter().map(|repair| repair.rule).collect();
            assert!(
                rules.contains(&rule),
                "{rule} not among {rules:?} for {arguments}"
            );
        }
        Err(invalid) => panic!("{arguments} was refused: {}", invalid.message),
    }
}

#[track_caller]
fn refused(tool: &ToolSchema, arguments: &Value) -> InvalidArguments {
    match call(tool, arguments) {
        Ok(valid) => panic!("{arguments} became {:?}", valid.arguments()),
        Err(invalid) => {
            assert!(!invalid.problems.is_empty());
            assert!(
                invalid.message.chars().count() <= 1_500,
                "{} characters",
                invalid.message.chars().count()
            );
            invalid
        }
    }
}

#[track_caller]
fn untouched(tool: &ToolSchema, arguments: &Value) {
    match call(tool, arguments) {
        Ok(valid) => {
            assert_eq!(valid.arguments(), object(arguments));
            assert!(valid.repairs().is_empty(), "{:?}", valid.repairs());
        }
        Err(invalid) => panic!("{arguments} was refused: {}", invalid.message),
    }
}
