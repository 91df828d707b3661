//! The story of one call: read, validate, repair where the schema objects, validate again; or refuse.

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::mending::Mending;
use super::shape::{SchemaError, ToolSchema};
use super::syntax::{self, Unreadable};
use super::text::{self, Reading};
use super::values::mend_object;
use super::{
    Access, Arguments, InvalidArguments, Problem, Repair, ValidArguments, absent, bounds, envelope, markup,
    refusal, scalars,
};

/// Accepts the arguments of a call, repaired if need be, or says everything that is wrong with them.
pub fn accept(
    tool: &ToolSchema,
    arguments: Arguments<'_>,
    today: Date,
) -> Result<ValidArguments, InvalidArguments> {
    let validator = tool.validator().map_err(|error| unusable(tool, &error))?;
    let bounded = |excess: Option<Problem>| match excess {
        Some(problem) => Err(refusal::of_excess(tool, problem)),
        None => Ok(()),
    };
    let reading = match arguments {
        Arguments::Missing => None,
        Arguments::Text(text) => {
            bounded(bounds::too_long(text))?;
            Some(text::read_all(text))
        }
    };
    let reading = match reading {
        Some(Ok(reading)) if is_plain(&reading) && validator.is_valid(&reading.value) => {
            bounded(bounds::excess(&reading.value, tool.access()))?;
            return accepted_as_it_is(tool, reading.value);
        }
        Some(Ok(reading)) => Ok(Some(reading)),
        Some(Err(fault)) => Err(fault),
        None => Ok(None),
    };
    let mut cx = Mending::new(tool.access(), tool.absent_means_keep(), today);
    let object = match (reading, arguments) {
        (Ok(reading), _) => syntax::object_in_reading(reading, tool.shape(), &mut cx),
        (Err(_), Arguments::Text(text)) => syntax::object_in_text(text, tool.shape(), &mut cx),
        (Err(fault), Arguments::Missing) => Err(Unreadable::Fault(fault)),
    };
    let refused = |unreadable| refusal::of_text(tool, unreadable);
    let map = object.map_err(refused)?;
    let mut value = Value::Object(map);
    bounded(bounds::excess(&value, tool.access()))?;
    if !validator.is_valid(&value) {
        let map = envelope::unwrap(taken(value), tool, &mut cx).map_err(refused)?;
        value = Value::Object(map);
        bounded(bounds::excess(&value, tool.access()))?;
    }
    let mut valid = validator.is_valid(&value);
    if !valid {
        let mut map = taken(value);
        mend_object(&mut map, tool.shape(), &mut cx);
        value = Value::Object(map);
        bounded(bounds::excess(&value, tool.access()))?;
        valid = validator.is_valid(&value);
    }
    finish(tool, validator, value, valid, cx)
}

fn is_plain(reading: &Reading) -> bool {
    reading.rules.is_empty() && reading.conflicts.is_empty() && reading.value.is_object()
}

fn taken(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn accepted_as_it_is(tool: &ToolSchema, mut value: Value) -> Result<ValidArguments, InvalidArguments> {
    if let Some(path) = markup::leak(&value, tool.shape()) {
        return Err(refusal::of_markup(tool, path, &value));
    }
    let repairs = put_plainly(&mut value, tool);
    Ok(ValidArguments {
        arguments: taken(value),
        repairs,
        open_references: Vec::new(),
    })
}

/// What is valid, as a handler reads it: integers written as integers, what says nothing left out of a read.
fn put_plainly(value: &mut Value, tool: &ToolSchema) -> Vec<Repair> {
    scalars::write_integers_whole(value, tool.shape());
    match tool.access() {
        Access::Read => absent::leave_out_blanks(value, tool.shape()),
        Access::Write => Vec::new(),
    }
}

fn finish(
    tool: &ToolSchema,
    validator: &jsonschema::Validator,
    mut value: Value,
    valid: bool,
    mut cx: Mending,
) -> Result<ValidArguments, InvalidArguments> {
    if !valid || cx.is_blocked() {
        return Err(refusal::of_value(tool, validator, &value, &mut cx));
    }
    if let Some(path) = markup::leak(&value, tool.shape()) {
        return Err(refusal::of_markup(tool, path, &value));
    }
    cx.repairs.extend(put_plainly(&mut value, tool));
    for reference in &cx.open_references {
        if let Some(place) = value.pointer_mut(&reference.path) {
            *place = Value::from(reference.text.as_str());
        }
    }
    Ok(ValidArguments {
        arguments: taken(value),
        repairs: cx.repairs,
        open_references: cx.open_references,
    })
}

fn unusable(tool: &ToolSchema, error: &SchemaError) -> InvalidArguments {
    let problem = Problem {
        path: String::new(),
        expected: "a tool whose input schema can be compiled".to_owned(),
        got: error.to_string(),
        suggestion: None,
        ..Problem::default()
    };
    let message = format!("{} cannot be called: {error}", tool.name());
    InvalidArguments {
        problems: vec![problem],
        message,
        example: None,
    }
}
