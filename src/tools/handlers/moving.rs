//! A case moves to another department, by a call of its own.

use http::Method;
use serde_json::{Value, json};

use super::written::{Pair, Written, as_written, change, holds};
use crate::tools::modules::{Subject, Writing};
use crate::tools::writing::{Sending, Step, Undo, plain};
use crate::zoho::Effect;

/// What a move does beside.
pub(super) const NOTE: &str = "A case that moves loses its assignee and its team, unless the new ones are given; undo_write gives both back.";

/// What belongs to the department that a case is in.
const OF_DEPARTMENT: [&str; 2] = ["teamId", "assigneeId"];

/// Whether a field holds what belongs to the department of its case.
pub(super) fn is_of_department(field: &str) -> bool {
    OF_DEPARTMENT.contains(&field)
}

/// The move, and the move back with what the case loses on its way: Zoho takes the assignee and the team off whichever way it
/// goes, so they are given back wherever it has moved back.
pub(super) fn step(
    subject: &Subject,
    writing: &Writing,
    record: &Written,
    (from, to): (&Value, &Value),
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
    let lost: Vec<Pair> = there.into_iter().filter(|(_, value)| !value.is_null()).collect();
    let back = Step {
        undo: Some(Undo::new("move to the new department again", go(to, from))),
        ..go(from, to)
    };
    let given_back = (!lost.is_empty()).then(|| Step {
        records: vec![record.touched()],
        holds: is_in(to),
        looks: vec![holds(subject, &record.id, &lost)],
        ..change(subject, writing, &record.id, &lost).into()
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
