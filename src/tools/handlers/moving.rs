//! A case moves to another department, by a call of its own.

use http::Method;
use serde_json::{Value, json};

use super::update::as_written;
use super::written::{Pair, Written, change, holds};
use crate::tools::modules::{Subject, Writing};
use crate::tools::writing::{Sending, Step, Undo, plain};
use crate::zoho::Effect;

/// What a move does beside.
pub(super) const NOTE: &str = "A case that moves loses its assignee and its team, unless the new ones are given; undo_write gives both back.";

/// What belongs to the department that a case is in.
const OF_DEPARTMENT: [&str; 2] = ["teamId", "assigneeId"];

/// The move, and the move back with what the case loses on its way; `before` and `after` are the fields that are changed once
/// it has moved, which are put back after the move, too: an agent of the one department is none of the other.
pub(super) fn step(
    subject: &Subject,
    writing: &Writing,
    record: &Written,
    (from, to): (&Value, &Value),
    (before, after): (&[Pair], &[Pair]),
) -> Step {
    let department = |value: &Value| ("departmentId".to_owned(), value.clone());
    let is_in = |value: &Value| vec![holds(subject, &record.id, &[department(value)])];
    let go = |to: &Value, from: &Value| {
        let id = plain(to).unwrap_or_default();
        let path = [subject.address(), record.id.as_str(), "move"];
        let mut call = Sending::new(Effect::Change, &Method::POST, path)
            .with_body(json!({ "departmentId": id }))
            .with_scopes(&writing.change);
        call.query.push(("departmentId".to_owned(), id));
        Step {
            records: vec![record.touched()],
            holds: is_in(from),
            looks: is_in(to),
            ..call.into()
        }
    };
    let there = OF_DEPARTMENT.map(|name| (name.to_owned(), as_written(&record.value(name))));
    let is_lost = |(name, value): &Pair| !value.is_null() && !before.iter().any(|(known, _)| known == name);
    let lost = there.into_iter().filter(is_lost);
    let held: Vec<Pair> = before.iter().cloned().chain(lost).collect();
    let then: Vec<Pair> = after.iter().cloned().chain([department(to)]).collect();
    let back = Step {
        undo: Some(Undo::new("move to the new department again", go(to, from))),
        ..go(from, to)
    };
    let given_back = (!held.is_empty()).then(|| Step {
        records: vec![record.touched()],
        holds: vec![holds(subject, &record.id, &then)],
        looks: vec![holds(subject, &record.id, &held)],
        ..change(subject, writing, &record.id, &held).into()
    });
    Step {
        holds: Vec::new(),
        undo: Some(Undo::of_steps(
            "move back",
            std::iter::once(back).chain(given_back).collect(),
        )),
        ..go(to, from)
    }
}
