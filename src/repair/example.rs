//! The shape of a right call: what was understood is kept, what is missing is a stand-in that nobody takes for a value of
//! his own; and the whole is a call that the tool would accept, or there is none.

use serde_json::{Map, Value};

use super::absent;
use super::shape::{Property, Shape, ToolSchema};
use super::stand_ins::{placeholder, stand_in};
use super::{Access, Problem};
use crate::names::pointer;

const LONGEST_KEPT: usize = 80;
const MOST_KEPT: usize = 10;

/// A valid call built from the parts of `value` that no problem is about.
pub(super) fn write_right_call(value: &Value, tool: &ToolSchema, problems: &[Problem]) -> Option<Value> {
    let shape = tool.shape();
    let validator = tool.validator().ok()?;
    let draft = Draft {
        tool,
        problems,
        is_said: !value.is_null(),
    };
    let drafts: [&dyn Fn() -> Option<Value>; 3] = [
        &|| draft.object(value, shape, "", tool.access() == Access::Read),
        &|| draft.object(value, shape, "", true),
        &|| draft.of_nothing(value),
    ];
    let mut calls = drafts.iter().filter_map(|draft| draft());
    calls.find(|call| validator.is_valid(call))
}

struct Draft<'a> {
    tool: &'a ToolSchema,
    problems: &'a [Problem],
    /// Whether anything was sent: else the form of a call is all there is to show.
    is_said: bool,
}

impl Draft<'_> {
    /// The object with its right members. An optional one that is wrong is left out, or with `filled` something stands for
    /// it: on a read at once, on a write where there is no call without it. A list of a write is never left out or filled,
    /// for it may say who gets what: where it cannot be shown there is no object.
    fn object(&self, value: &Value, shape: &Shape, path: &str, filled: bool) -> Option<Value> {
        let mut call = Map::new();
        for property in &shape.properties {
            let here = pointer::below(path, &property.name);
            let there = value.get(&property.name);
            let right = match there {
                Some(there) if self.must_stay(there, &property.shape) => {
                    Some(self.right(there, &property.name, &property.shape, &here)?)
                }
                Some(there) => self.member(there, property, &here, filled),
                None => self.under_another_name(value, property, path).or_else(|| {
                    let needed = property.required;
                    needed
                        .then(|| self.stand_in(&property.name, &property.shape))
                        .flatten()
                }),
            };
            call.extend(right.map(|right| (property.name.clone(), right)));
        }
        if let (Some(rest), Some(given)) = (shape.rest.as_deref(), value.as_object()) {
            let own = given
                .iter()
                .filter(|(key, value)| shape.property(key).is_none() && rest.fits(value));
            call.extend(own.map(|(key, value)| (key.clone(), value.clone())));
        }
        if path.is_empty() {
            call.extend(self.one_of_several(&call, shape));
        }
        Some(Value::Object(call))
    }

    /// What stands for a value that was not understood or not given. On a write nothing does that could be done: what it
    /// would change was not said.
    fn stand_in(&self, name: &str, shape: &Shape) -> Option<Value> {
        match self.is_said && self.tool.access() == Access::Write {
            true => placeholder(name, shape),
            false => stand_in(name, shape),
        }
    }

    /// What was given under a key that is none, where the problem with that names this property.
    fn under_another_name(&self, value: &Value, property: &Property, path: &str) -> Option<Value> {
        let meant = |problem: &&Problem| {
            problem.is_unknown_key() && problem.suggestion.as_ref() == Some(&property.name)
        };
        let given = value.as_object()?.iter().find_map(|(key, given)| {
            let here = pointer::below(path, key);
            let mut problems = self.problems.iter().filter(meant);
            problems.any(|problem| problem.path == here).then_some(given)
        })?;
        let fits = property.shape.fits(given);
        fits.then(|| kept(given, &property.name, &property.shape))
    }

    /// Whether a value says what a list of a write shall hold.
    fn must_stay(&self, value: &Value, shape: &Shape) -> bool {
        let is_empty = match value {
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => members.is_empty(),
            other => absent::is_nothing(other),
        };
        self.tool.access() == Access::Write && shape.kinds.list && !is_empty
    }

    fn member(&self, value: &Value, property: &Property, here: &str, filled: bool) -> Option<Value> {
        let (name, shape) = (&property.name, &property.shape);
        let cleared = self.tool.absent_means_keep() && absent::is_nothing(value);
        match self.right(value, name, shape, here) {
            Some(right) => Some(right),
            None if property.required => self.stand_in(name, shape),
            None if filled && !cleared && self.may_stand_for_itself(shape) => self.stand_in(name, shape),
            None => None,
        }
    }

    /// On a write, no value out of a list and no switch stands for one that was not understood: it could be sent.
    fn may_stand_for_itself(&self, shape: &Shape) -> bool {
        self.tool.access() == Access::Read || shape.choices.is_empty() && shape.kinds.text
    }

    fn right(&self, value: &Value, name: &str, shape: &Shape, here: &str) -> Option<Value> {
        let inside = |problem: &&Problem| {
            let rest = problem.path.strip_prefix(here);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let wrong: Vec<&Problem> = self.problems.iter().filter(inside).collect();
        if wrong.is_empty() && shape.fits(value) {
            return Some(kept(value, name, shape));
        }
        let hint = wrong
            .iter()
            .filter(|problem| problem.path == here)
            .find_map(|problem| problem.suggestion.clone());
        if let Some(hint) = hint.map(Value::from).filter(|hint| shape.fits(hint)) {
            return Some(hint);
        }
        let mended = match value {
            Value::Object(_) if shape.kinds.object => self.object(value, shape, here, true)?,
            Value::Object(given) if shape.kinds.list => self.list(&in_order(given)?, shape, here)?,
            Value::Array(items) if shape.kinds.list => self.list(items, shape, here)?,
            _ => return None,
        };
        shape.fits(&mended).then_some(mended)
    }

    /// The list with a stand-in for each item that is wrong: none is dropped, for a list says what there shall be; and on a
    /// write none is made up.
    fn list(&self, items: &[Value], shape: &Shape, here: &str) -> Option<Value> {
        let inner = shape.items.as_deref()?;
        let item = || {
            let read = self.tool.access() == Access::Read;
            read.then(|| stand_in("item", inner)).flatten()
        };
        let each = items.iter().enumerate().map(|(index, given)| {
            let right = self.right(given, "item", inner, &pointer::below(here, index));
            right.or_else(item)
        });
        each.collect::<Option<Vec<Value>>>().map(Value::Array)
    }

    /// What stands for the members of which a call needs one, where it has none.
    fn one_of_several(&self, call: &Map<String, Value>, shape: &Shape) -> Option<(String, Value)> {
        let names = shape.schema.get("x-one-of")?.as_array()?;
        let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
        let first = names
            .first()
            .filter(|_| !names.iter().any(|name| call.contains_key(*name)))?;
        let value = self.stand_in(first, &shape.property(first)?.shape)?;
        Some(((*first).to_owned(), value))
    }

    /// When nothing was understood, not even which record is meant: the required arguments, and on a read one more.
    fn of_nothing(&self, value: &Value) -> Option<Value> {
        let shape = self.tool.shape();
        let understood = |property: &Property| {
            let there = value.get(&property.name)?;
            self.right(
                there,
                &property.name,
                &property.shape,
                &pointer::below("", &property.name),
            )
        };
        if shape
            .properties
            .iter()
            .any(|property| understood(property).is_some())
        {
            return None;
        }
        let mut call = self.object(&Value::Null, shape, "", false)?;
        // On a write nobody is told to give what they may have left out on purpose.
        if self.tool.access() == Access::Write && call.as_object().is_some_and(|call| !call.is_empty()) {
            return Some(call);
        }
        let wanted = |property: &&Property| !property.required && self.may_stand_for_itself(&property.shape);
        let untouched = |property: &&Property| value.get(&property.name).is_none();
        let more = shape.properties.iter().filter(untouched).find(wanted)?;
        call.as_object_mut()?
            .insert(more.name.clone(), self.stand_in(&more.name, &more.shape)?);
        Some(call)
    }
}

/// The items of a list that was written as an object, its keys their places from 0 or 1 on.
fn in_order(given: &Map<String, Value>) -> Option<Vec<Value>> {
    let place = |first: usize| (first..).take(given.len());
    let numbered = |first: usize| {
        place(first)
            .map(|at| given.get(&at.to_string()).cloned())
            .collect()
    };
    [0, 1].into_iter().find_map(numbered)
}

/// A value as it came, or, when it is long, words that stand for it.
fn kept(value: &Value, name: &str, shape: &Shape) -> Value {
    let short = match value {
        Value::String(text) if text.chars().count() > LONGEST_KEPT => {
            Value::from(format!("<{name} as you wrote it>"))
        }
        Value::Array(items) if items.len() > MOST_KEPT => {
            Value::from(vec![format!("<{name} as you wrote them>")])
        }
        _ => return value.clone(),
    };
    if shape.fits(&short) { short } else { value.clone() }
}
