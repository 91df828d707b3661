//! `update_record`: fields of one record get other values.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::Context;
use super::transition::refuse_held;
use super::written::{Written, called, in_words, is_so_already, read, writable};
use super::{fields, moving};
use crate::connections::Product;
use crate::repair::Problem;
use crate::tools::definition::operation::Deed;
use crate::tools::error::ToolError;
use crate::tools::modules::{Subject, Writing};
use crate::tools::request;
use crate::tools::writing::values::{self, Checked, Settled};
use crate::tools::writing::{Change, Plan, Planned, are_same};
use crate::zoho::Session;

/// How far a caller's clock may be ahead.
const FAST_CLOCK: SignedDuration = SignedDuration::from_mins(5);

/// Plans the change.
pub(super) async fn plan(context: Context<'_>) -> Result<Plan, ToolError> {
    let subject = request::subject(context.arguments)?;
    let writing = writable(&subject, Deed::Change)?;
    let session = context.session(subject.product).await?;
    let subject = context.link(session, subject).await;
    let Settled {
        values,
        repairs,
        problems,
    } = checked(context, session, &subject, writing, given(context)).await?;
    if !problems.is_empty() {
        return Err(values::refusal(context.invocation, problems).await);
    }
    let written = read(context, session, &subject).await?;
    unchanged_since(context, &written, &values)?;
    let is_other = |one: &Checked| !are_same(&written.value(&one.field.api_name), &one.value);
    let moves = values
        .iter()
        .any(|one| fields::is_moved(&subject, &one.field.api_name) && is_other(one));
    let differing: Vec<Checked> = values
        .into_iter()
        .filter(|one| is_other(one) || moves && moving::is_of_department(&one.field.api_name))
        .collect();
    if differing.is_empty() {
        let data = json!({ "id": written.id, "done": "nothing", "link": written.link });
        let mut answer = is_so_already(data, &subject, session);
        answer.repairs = repairs;
        return Ok(Plan::Answer(Box::new(answer)));
    }
    if is_case(&subject) && differing.iter().any(|one| one.field.api_name == "status") {
        refuse_held(session, &subject, &written.id).await?;
    }
    let mut planned = planned(context, session, &subject, writing, &written, &differing).await;
    planned.repairs = repairs;
    Ok(Plan::Act(Box::new(planned)))
}

/// The values of a call.
pub(super) fn given<'a>(context: Context<'a>) -> Option<&'a Map<String, Value>> {
    context.arguments.get("values").and_then(Value::as_object)
}

/// Whether a blueprint can hold records of the module in Desk.
fn is_case(subject: &Subject) -> bool {
    subject.product == Product::Desk && subject.module.name == "Cases"
}

/// The values, checked against the fields of the module; a name or value that these do not have is looked for once more in
/// fresh ones.
pub(super) async fn checked(
    context: Context<'_>,
    session: &Session,
    subject: &Subject,
    writing: &Writing,
    given: Option<&Map<String, Value>>,
) -> Result<Settled, ToolError> {
    let Some(given) = given.filter(|given| !given.is_empty()) else {
        let none = Problem {
            path: "/values".to_owned(),
            expected: "at least one field and its value".to_owned(),
            got: "none".to_owned(),
            ..Problem::default()
        };
        return Err(values::refusal(context.invocation, vec![none]).await);
    };
    let mut anew = false;
    loop {
        let (fields, fresh) = context.invocation.fields(session, subject, anew).await?;
        let settled = values::check(subject, writing, given, &fields);
        if fresh || anew || settled.problems.is_empty() {
            return Ok(settled);
        }
        anew = true;
    }
}

/// Refuses the change of a record that was changed since the caller read it.
fn unchanged_since(context: Context<'_>, written: &Written, values: &[Checked]) -> Result<(), ToolError> {
    let Some(seen) = request::text(context.arguments, "if_unchanged_since") else {
        return Ok(());
    };
    let Ok(moment) = seen.parse::<Timestamp>() else {
        let expected = "the time the record was changed last, as it was read: 2026-01-31T18:00:00Z";
        return Err(ToolError::argument(
            "/if_unchanged_since",
            expected,
            format!("`{seen}`"),
            None,
        ));
    };
    if moment > context.invocation.now() + FAST_CLOCK {
        let got = format!("`{seen}`, which is still to come");
        return Err(ToolError::argument(
            "/if_unchanged_since",
            "a time at which the record was read",
            got,
            None,
        ));
    }
    let now = written.seen.as_deref().unwrap_or_default();
    match now.parse::<Timestamp>() {
        Ok(changed) if changed > moment => {
            let there = |one: &Checked| (one.field.api_name.clone(), written.value(&one.field.api_name));
            let planned = |one: &Checked| (one.field.api_name.clone(), one.value.clone());
            let there: Map<String, Value> = values.iter().map(there).collect();
            let planned: Map<String, Value> = values.iter().map(planned).collect();
            let both = [
                ("now".to_owned(), json!(there)),
                ("planned".to_owned(), json!(planned)),
            ];
            Err(ToolError::changed_meanwhile(
                seen,
                now,
                both.into_iter().collect(),
            ))
        }
        _ => Ok(()),
    }
}

async fn planned(
    context: Context<'_>,
    session: &Session,
    subject: &Subject,
    writing: &Writing,
    written: &Written,
    values: &[Checked],
) -> Planned {
    let mut changes = Vec::new();
    for Checked { field, value } in values {
        let there = written.value(&field.api_name);
        changes.push(Change {
            label: called(field),
            before: in_words(context, session, field, &there).await,
            after: in_words(context, session, field, value).await,
        });
    }
    if values
        .iter()
        .any(|one| fields::is_moved(subject, &one.field.api_name))
    {
        changes.extend(moving::losses(context, session, subject, &[written], values).await);
    }
    let what = fields::changing(subject, values);
    let (steps, note) = fields::of_one(subject, writing, written, values);
    Planned {
        id: Some(written.id.clone()),
        label: written.label.clone(),
        link: written.link.clone(),
        seen: written.seen.clone(),
        word: written.number.clone(),
        changes,
        notes: note.map(str::to_owned).into_iter().collect(),
        ..Planned::of_steps(subject.product, &subject.module.name, what, steps)
    }
}
