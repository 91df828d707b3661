//! The calls that give records other values.

use super::moving;
use super::written::{Pair, Written, as_written, called, step};
use crate::connections::Product;
use crate::tools::modules::{Subject, Writing};
use crate::tools::writing::values::Checked;
use crate::tools::writing::{Step, Undo};

/// The field of a case that a call of its own changes.
const DEPARTMENT: &str = "departmentId";

/// A record, and what of it is other before and after.
pub(super) struct Row<'a> {
    pub(super) record: &'a Written,
    pub(super) before: Vec<Pair>,
    pub(super) after: Vec<Pair>,
}

impl<'a> Row<'a> {
    pub(super) fn of<'v>(record: &'a Written, values: impl Iterator<Item = &'v Checked>) -> Self {
        let mut row = Row {
            record,
            before: Vec::new(),
            after: Vec::new(),
        };
        for one in values {
            let name = &one.field.api_name;
            row.before.push((name.clone(), as_written(&record.value(name))));
            row.after.push((name.clone(), one.value.clone()));
        }
        row
    }
}

/// One record of CRM, which nobody else may have changed since it was read.
pub(super) fn alone(subject: &Subject, writing: &Writing, row: &Row<'_>) -> Step {
    let mut step = step(subject, writing, row.record.touched(), &row.before, &row.after);
    step.call.unmodified_since.clone_from(&row.record.seen);
    step
}

/// One record of Desk: a case moves first, and gets its other values where it has moved to.
pub(super) fn alone_in_desk(subject: &Subject, writing: &Writing, row: &Row<'_>) -> Vec<Step> {
    let pairs = row.before.iter().cloned().zip(row.after.iter().cloned());
    let (moved, others): (Vec<_>, Vec<_>) = pairs.partition(|((name, _), _)| is_moved(subject, name));
    let of = |others: Vec<(Pair, Pair)>| {
        let (before, after): (Vec<Pair>, Vec<Pair>) = others.into_iter().unzip();
        (!after.is_empty()).then(|| step(subject, writing, row.record.touched(), &before, &after))
    };
    let given: Vec<Pair> = others.iter().map(|(_, after)| after.clone()).collect();
    let go =
        |((_, from), (_, to)): (Pair, Pair)| moving::step(subject, writing, row.record, (&from, &to), &given);
    let moved = moved.into_iter().map(go);
    let mut steps: Vec<Step> = moved.chain(of(others.clone())).collect();
    if let [first, second] = steps.as_mut_slice() {
        first.what = Some("move to the department".to_owned());
        second.what = Some("change the other fields".to_owned());
        // The move back gives back what belongs to the department.
        let kept = others
            .into_iter()
            .filter(|((name, _), _)| !moving::is_of_department(name));
        let undo = of(kept.collect()).and_then(|step| step.undo);
        second.undo = undo.or_else(|| Some(Undo::of_steps("move back", Vec::new())));
    }
    steps
}

/// Whether a field is changed by moving its record.
pub(super) fn is_moved(subject: &Subject, field: &str) -> bool {
    (subject.product, subject.module.name.as_str(), field) == (Product::Desk, "Cases", DEPARTMENT)
}

/// The calls that give one record these values, and what is told of them.
pub(super) fn of_one(
    subject: &Subject,
    writing: &Writing,
    record: &Written,
    values: &[Checked],
) -> (Vec<Step>, Option<&'static str>) {
    let is_moved = values.iter().any(|one| is_moved(subject, &one.field.api_name));
    let row = Row::of(record, values.iter());
    let steps = match subject.product {
        Product::Desk => alone_in_desk(subject, writing, &row),
        Product::Crm => vec![alone(subject, writing, &row)],
    };
    (steps, is_moved.then_some(moving::NOTE))
}

/// What an act does that changes fields of records, in words: a move by its name, for it does more than a change.
pub(super) fn changing(subject: &Subject, values: &[Checked]) -> String {
    let (moved, others): (Vec<_>, Vec<_>) = values
        .iter()
        .partition(|one| is_moved(subject, &one.field.api_name));
    let others = match others.as_slice() {
        [] => None,
        [one] => Some(format!("change {}", called(&one.field))),
        many => Some(format!("change {} fields", many.len())),
    };
    let moved = (!moved.is_empty()).then(|| "move to another department".to_owned());
    moved
        .into_iter()
        .chain(others)
        .collect::<Vec<String>>()
        .join(", ")
}
