//! The refusal as one short text: every problem, what was fine, and how the right call looks. The broken text is never repeated.

use serde_json::Value;

use super::mending::Mending;
use super::shape::{Shape, ToolSchema};
use super::syntax::Unreadable;
use super::text::Fault;
use super::{Access, InvalidArguments, Problem, example, problems};
use crate::names::clip;

const LONGEST: usize = 1_500;
const LONGEST_PATH: usize = 199;

/// Refuses arguments that were read but do not satisfy the schema.
pub(super) fn of_value(
    tool: &ToolSchema,
    validator: &jsonschema::Validator,
    value: &Value,
    cx: &mut Mending,
) -> InvalidArguments {
    let shape = tool.shape();
    let (problems, more) = problems::all(validator, value, shape, cx);
    let mut understood = value.clone();
    for open in &cx.open_references {
        if let Some(place) = understood.pointer_mut(&open.path) {
            *place = Value::from(open.text.as_str());
        }
    }
    let example = example::write_right_call(&understood, tool, &problems);
    let head = match (problems.len() + more, tool.access()) {
        (1, _) => format!(
            "The arguments of {} have one problem; everything else is fine.",
            tool.name()
        ),
        (count, _) => format!(
            "The arguments of {} have {count} problems; everything else is fine.",
            tool.name()
        ),
    };
    written(head, problems, more, example, shape)
}

/// Refuses arguments that hold no object to look at.
pub(super) fn of_text(tool: &ToolSchema, unreadable: Unreadable) -> InvalidArguments {
    let shape = tool.shape();
    // Of a write that was cut nobody knows what else it was to say.
    let is_cut = matches!(
        unreadable,
        Unreadable::Guess | Unreadable::Fault(Fault::Cut { .. })
    );
    let may_show = tool.access() == Access::Read || !is_cut;
    let example = may_show
        .then(|| example::write_right_call(&Value::Null, tool, &[]))
        .flatten();
    let (expected, got) = told(unreadable, tool);
    let required: Vec<&str> = shape
        .properties
        .iter()
        .filter(|p| p.required)
        .map(|p| p.name.as_str())
        .collect();
    let head = match required.as_slice() {
        [] => format!(
            "The arguments of {} could not be read. Send one JSON object.",
            tool.name()
        ),
        names => format!(
            "The arguments of {} could not be read. Send one JSON object; required keys: {}.",
            tool.name(),
            names.join(", ")
        ),
    };
    let problem = Problem {
        path: String::new(),
        expected,
        got,
        suggestion: None,
        ..Problem::default()
    };
    written(head, vec![problem], 0, example, shape)
}

/// Refuses arguments of which there is too much to look at.
pub(super) fn of_excess(tool: &ToolSchema, problem: Problem) -> InvalidArguments {
    let example = example::write_right_call(&Value::Null, tool, &[]);
    let head = format!(
        "The arguments of {} were not read: there is too much of them.",
        tool.name()
    );
    written(head, vec![problem], 0, example, tool.shape())
}

/// Refuses a text that ends in call markup.
pub(super) fn of_markup(tool: &ToolSchema, path: String, value: &Value) -> InvalidArguments {
    let problem = Problem {
        path,
        expected: "the text alone, and every other argument under its own key".to_owned(),
        got: "text that ends with call markup".to_owned(),
        suggestion: None,
        ..Problem::default()
    };
    let example = example::write_right_call(value, tool, std::slice::from_ref(&problem));
    let head = format!(
        "The arguments of {} were not used: resend the text without the markup.",
        tool.name()
    );
    written(head, vec![problem], 0, example, tool.shape())
}

fn told(unreadable: Unreadable, tool: &ToolSchema) -> (String, String) {
    let (expected, got) = match unreadable {
        Unreadable::Fault(Fault::Cut { at }) => (
            "complete JSON: send all arguments again".to_owned(),
            format!("arguments that end early, at byte {at}"),
        ),
        Unreadable::Fault(Fault::Broken { at, expected }) => (
            format!("valid JSON: {expected} at byte {at}"),
            "something else there".to_owned(),
        ),
        Unreadable::Fault(Fault::TooDeep { at }) => (
            "less nesting".to_owned(),
            format!("more than {} levels at byte {at}", super::text::MAX_DEPTH),
        ),
        Unreadable::Guess => (
            "complete JSON: send all arguments again".to_owned(),
            "JSON that only a guess could read".to_owned(),
        ),
        Unreadable::NoObject => ("one JSON object".to_owned(), "no JSON object".to_owned()),
        Unreadable::Several => (
            "the arguments of one call; make one call for each object".to_owned(),
            "several different objects".to_owned(),
        ),
        Unreadable::Positional => (
            "one JSON object with named arguments".to_owned(),
            "values without names".to_owned(),
        ),
        Unreadable::Beside => (
            "all arguments inside one JSON object, and nothing beside it".to_owned(),
            "more beside the object".to_owned(),
        ),
        Unreadable::Layers => (
            "one flat JSON object".to_owned(),
            "an object wrapped too many times".to_owned(),
        ),
        Unreadable::OtherTool => (
            format!("the arguments of {} alone, flat", tool.name()),
            "a call that names another tool".to_owned(),
        ),
    };
    (expected, got)
}

fn written(
    head: String,
    mut problems: Vec<Problem>,
    more: usize,
    example: Option<Value>,
    shape: &Shape,
) -> InvalidArguments {
    let mut message = head;
    for problem in &problems {
        let place = if problem.path.is_empty() {
            "arguments"
        } else {
            problem.path.strip_prefix('/').unwrap_or(&problem.path)
        };
        let mut line = format!(
            "\n- {}: expected {}; got {}",
            clip(place, 79),
            clip(&problem.expected, 399),
            problem.got
        );
        if let Some(suggestion) = &problem.suggestion {
            line.push_str(&format!("; did you mean {suggestion}?"));
        }
        append(&mut message, &line, LONGEST - 60);
    }
    if more > 0 {
        append(&mut message, &format!("\n- and {more} more"), LONGEST);
    }
    let listed = message.contains("one of the keys");
    if !listed {
        append(
            &mut message,
            &format!("\nValid keys: {}.", problems::keys_of(shape)),
            LONGEST,
        );
    }
    if let Some(example) = &example {
        append(
            &mut message,
            &format!("\nA right call looks like this: {example}"),
            LONGEST,
        );
    }
    for problem in &mut problems {
        problem.path = clip(&problem.path, LONGEST_PATH);
    }
    InvalidArguments {
        problems,
        message: clip(&message, LONGEST - 1),
        example,
    }
}

/// Adds a part when it fits whole.
fn append(message: &mut String, part: &str, most: usize) {
    if message.chars().count() + part.chars().count() <= most {
        message.push_str(part);
    }
}
