//! A case moves to another department, by a call of its own.

use http::Method;
use serde_json::{Value, json};

use super::Context;
use super::written::{Pair, Written, as_written, called, change, holds, in_words, place_of};
use crate::tools::modules::{Subject, Writing};
use crate::tools::writing::values::Checked;
use crate::tools::writing::{Change, Sending, Step, Undo, plain};
use crate::zoho::{Effect, Session};

/// What a move does beside.
pub(super) const NOTE: &str = "A case that moves loses its assignee and its team, unless the new ones are given; undo_write gives both back.";

/// What belongs to the department that a case is in.
const OF_DEPARTMENT: [&str; 2] = ["teamId", "assigneeId"];

/// Whether a field holds what belongs to the department of its case.
pub(super) fn is_of_department(field: &str) -> bool {
    OF_DEPARTMENT.contains(&field)
}

/// What cases lose that move, but for what they are given with it.
pub(super) async fn losses(
    context: Context<'_>,
    session: &Session,
    subject: &Subject,
    records: &[&Written],
    given: &[Checked],
) -> Vec<Change> {
    let is_given = |name: &str| given.iter().any(|one| one.field.api_name == name);
    let fields = context.invocation.fields(session, subject, false).await;
    let fields = fields.map(|(fields, _)| fields).unwrap_or_default();
    let mut losses = Vec::new();
    for name in OF_DEPARTMENT.into_iter().filter(|name| !is_given(name)) {
        let Some(field) = fields.iter().find(|field| field.api_name == name) else {
            continue;
        };
        let mut lost: Vec<String> = Vec::new();
        for record in records {
            let word = in_words(context, session, field, &record.value(name)).await;
            lost.extend(word.filter(|word| !lost.contains(word)));
        }
        losses.extend((!lost.is_empty()).then(|| Change {
            label: called(field),
            before: Some(lost.join(", ")),
            after: None,
        }));
    }
    losses
}

/// The move, and the move back with what the case loses on its way: Zoho takes the assignee and the team off whichever way it
/// goes, so they are given back wherever it has moved back. It does so only where nobody has chosen others since; `given` are
/// those that the same act chooses.
pub(super) fn step(
    subject: &Subject,
    writing: &Writing,
    record: &Written,
    (from, to): (&Value, &Value),
    given: &[Pair],
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
    let mut unchosen = is_in(to);
    // An earlier try may have moved it back already.
    let mut unchosen_anywhere = vec![holds(subject, &record.id, &[])];
    for (name, before) in &there {
        let given = given.iter().filter(|(other, _)| other == name);
        let values = given.map(|(_, value)| value.clone());
        let values = [Value::Null, before.clone()].into_iter().chain(values);
        for look in unchosen.iter_mut().chain(&mut unchosen_anywhere) {
            look.one_of.insert(place_of(name), values.clone().collect());
        }
    }
    let lost = there.iter().filter(|(_, value)| !value.is_null());
    let lost: Vec<Pair> = lost.cloned().collect();
    let again = Step {
        holds: vec![holds(
            subject,
            &record.id,
            &[vec![department(from)], there.to_vec()].concat(),
        )],
        ..go(to, from)
    };
    let back = Step {
        undo: Some(Undo::new("move to the new department again", again)),
        holds: unchosen.clone(),
        ..go(from, to)
    };
    let given_back = (!lost.is_empty()).then(|| Step {
        records: vec![record.touched()],
        holds: unchosen_anywhere,
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
