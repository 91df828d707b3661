//! `update_cases` and `mass_update`: the same values for several records. Desk sets one field of many cases in one call, CRM
//! takes many records in one; everything else is a call for each record.

use http::Method;
use serde_json::{Map, Value, json};

use super::fields::{Row, alone, alone_in_desk, changing, is_moved};
use super::several::{self, Several, are_so_already};
use super::update::{checked, given};
use super::written::{self, Pair, Written, called, holds, in_words, step, writable};
use super::{Context, found, moving};
use crate::connections::Product;
use crate::repair::Problem;
use crate::tools::definition::operation::Deed;
use crate::tools::error::ToolError;
use crate::tools::modules::{Subject, Writing};
use crate::tools::request;
use crate::tools::writing::values::{self, Checked, Settled};
use crate::tools::writing::{Change, Plan, Sending, Step, Undo, are_same};
use crate::zoho::{Effect, Session};

/// The arguments of `update_cases`, and the fields that they mean.
const OF_CASES: [(&str, &str); 6] = [
    ("status", "status"),
    ("priority", "priority"),
    ("assignee", "assigneeId"),
    ("team", "teamId"),
    ("due_date", "dueDate"),
    ("department", "departmentId"),
];

/// Plans the change of cases.
pub(super) async fn cases(context: Context<'_>) -> Result<Plan, ToolError> {
    let subject = written::cases()?;
    let writing = writable(&subject, Deed::Change)?;
    let session = context.session(Product::Desk).await?;
    let named = OF_CASES.iter().filter_map(|(argument, field)| {
        let value = context.arguments.get(*argument)?;
        Some(((*field).to_owned(), value.clone()))
    });
    let named: Map<String, Value> = named.collect();
    if named.is_empty() {
        let names: Vec<&str> = OF_CASES.iter().map(|(argument, _)| *argument).collect();
        let expected = format!("at least one of {}", names.join(", "));
        return Err(ToolError::argument("/status", expected, "none", None));
    }
    let mut settled = checked(context, session, &subject, writing, Some(&named)).await?;
    for problem in &mut settled.problems {
        rename(problem);
    }
    for repair in &mut settled.repairs {
        if let Some(argument) = argument_of(&repair.path) {
            repair.path = argument;
        }
    }
    let settled = refused(context, settled).await?;
    let ids = several::ids(context, session, &subject).await?;
    planned(context, session, &subject, writing, settled, ids).await
}

/// Plans the change of records of any module.
pub(super) async fn records(context: Context<'_>) -> Result<Plan, ToolError> {
    let subject = request::subject(context.arguments)?;
    let writing = writable(&subject, Deed::Change)?;
    let session = context.session(subject.product).await?;
    let subject = context.link(session, subject).await;
    let settled = checked(context, session, &subject, writing, given(context)).await?;
    let settled = refused(context, settled).await?;
    let ids = match found::is_meant(context) {
        true => found::ids(context, &subject).await?,
        false => several::ids(context, session, &subject).await?,
    };
    planned(context, session, &subject, writing, settled, ids).await
}

async fn refused(context: Context<'_>, settled: Settled) -> Result<Settled, ToolError> {
    match settled.problems.is_empty() {
        true => Ok(settled),
        false => Err(values::refusal(context.invocation, settled.problems).await),
    }
}

/// The argument that stands for a field: `/values/assigneeId` is `/assignee`.
fn argument_of(path: &str) -> Option<String> {
    let field = path.strip_prefix("/values/")?;
    let (argument, _) = OF_CASES.iter().find(|(_, known)| *known == field)?;
    Some(format!("/{argument}"))
}

fn rename(problem: &mut Problem) {
    if let Some(argument) = argument_of(&problem.path) {
        problem.path.clone_from(&argument);
        if let Some(reference) = &mut problem.reference {
            reference.path = argument;
        }
    }
}

async fn planned(
    context: Context<'_>,
    session: &Session,
    subject: &Subject,
    writing: &Writing,
    settled: Settled,
    ids: Vec<String>,
) -> Result<Plan, ToolError> {
    let Settled { values, repairs, .. } = settled;
    let mut several = several::read(session, subject, &ids).await?;
    let all = several.records.len();
    let is_other =
        |record: &Written, one: &Checked| !are_same(&record.value(&one.field.api_name), &one.value);
    let moves = |record: &Written| {
        let mut values = values.iter();
        values.any(|one| is_moved(subject, &one.field.api_name) && is_other(record, one))
    };
    let differs = |record: &Written, one: &Checked| {
        is_other(record, one) || moves(record) && moving::is_of_department(&one.field.api_name)
    };
    several
        .records
        .retain(|record| values.iter().any(|one| differs(record, one)));
    if several.records.is_empty() {
        let mut answer = are_so_already(subject, session, all);
        answer.repairs = repairs;
        return Ok(Plan::Answer(Box::new(answer)));
    }
    let rows: Vec<Row> = several
        .records
        .iter()
        .map(|record| Row::of(record, values.iter().filter(|one| differs(record, one))))
        .collect();
    let steps = match subject.product {
        Product::Crm => match rows.as_slice() {
            [one] => vec![alone(subject, writing, one)],
            _ => vec![at_once(subject, writing, &rows)],
        },
        Product::Desk => one_by_one(subject, writing, &rows),
    };
    let what = changing(subject, &values);
    let mut planned = several.planned(subject, &what, steps);
    for one in &values {
        planned
            .changes
            .push(change(context, session, &several, one).await);
    }
    let same = all.saturating_sub(several.records.len());
    if same > 0 {
        let note = format!("{same} of {all} have these values already, and are left as they are.");
        planned.notes.push(note);
    }
    let moved: Vec<&Written> = several.records.iter().filter(|record| moves(record)).collect();
    if !moved.is_empty() {
        planned.notes.push(moving::NOTE.to_owned());
        let losses = moving::losses(context, session, subject, &moved, &values).await;
        planned.changes.extend(losses);
    }
    planned.repairs = repairs;
    Ok(Plan::Act(Box::new(planned)))
}

async fn change(context: Context<'_>, session: &Session, several: &Several, one: &Checked) -> Change {
    let mut before = Vec::new();
    for record in &several.records {
        let there = record.value(&one.field.api_name);
        before.push(in_words(context, session, &one.field, &there).await);
    }
    Change {
        label: called(&one.field),
        before: several.in_words(before),
        after: in_words(context, session, &one.field, &one.value).await,
    }
}

/// Records of CRM: a row for each in one call, and its answer says of each whether it was changed.
fn at_once(subject: &Subject, writing: &Writing, rows: &[Row<'_>]) -> Step {
    let before: Vec<&Vec<Pair>> = rows.iter().map(|row| &row.before).collect();
    let after: Vec<&Vec<Pair>> = rows.iter().map(|row| &row.after).collect();
    let to = |values: &[&Vec<Pair>], from: &[&Vec<Pair>]| {
        let paired = || rows.iter().zip(values);
        let data = paired().map(|(row, values)| row_of(&row.record.id, values));
        let data: Vec<Value> = data.collect();
        let call = Sending::new(Effect::Change, &Method::PUT, [subject.address()]);
        let call = call
            .with_body(json!({ "data": data }))
            .with_scopes(&writing.change);
        Step {
            records: rows.iter().map(|row| row.record.touched()).collect(),
            holds: rows
                .iter()
                .zip(from)
                .map(|(row, from)| holds(subject, &row.record.id, from))
                .collect(),
            looks: paired()
                .map(|(row, values)| holds(subject, &row.record.id, values))
                .collect(),
            ..call.into()
        }
    };
    let back = Step {
        undo: Some(Undo::new(
            "give the fields their new values again",
            to(&after, &before),
        )),
        ..to(&before, &after)
    };
    Step {
        holds: Vec::new(),
        undo: Some(Undo::new("put the fields back", back)),
        ..to(&after, &before)
    }
}

/// The row of one record in a call on many.
fn row_of(id: &str, values: &[Pair]) -> Value {
    let id = std::iter::once(("id".to_owned(), json!(id)));
    Value::Object(id.chain(values.iter().cloned()).collect())
}

/// Records of Desk: one field of many cases in one call; a call for each record where there is more to change.
fn one_by_one(subject: &Subject, writing: &Writing, rows: &[Row<'_>]) -> Vec<Step> {
    if let Some(step) = of_one_field(subject, writing, rows) {
        return vec![step];
    }
    rows.iter()
        .flat_map(|row| alone_in_desk(subject, writing, row))
        .collect()
}

/// One field of several cases, the same for all.
fn of_one_field(subject: &Subject, writing: &Writing, rows: &[Row<'_>]) -> Option<Step> {
    let [first, _, ..] = rows else { return None };
    let [(name, value)] = first.after.as_slice() else {
        return None;
    };
    let is_same = rows.iter().all(|row| row.after == first.after);
    if subject.module.name != "Cases" || !is_same || is_moved(subject, name) || !value.is_string() {
        return None;
    }
    let ids: Vec<&str> = rows.iter().map(|row| row.record.id.as_str()).collect();
    let (path, sent) = match (name.as_str(), value.as_str()) {
        ("status", Some("Closed")) => (vec!["closeTickets"], json!({ "ids": ids })),
        _ => {
            let is_own = name.starts_with("cf_");
            let sent = json!({ "ids": ids, "fieldName": name, "fieldValue": value, "isCustomField": is_own });
            (vec![subject.address(), "updateMany"], sent)
        }
    };
    let each = |row: &Row<'_>| step(subject, writing, row.record.touched(), &row.before, &row.after);
    let undos = rows.iter().filter_map(|row| each(row).undo);
    let undo = Undo::of_steps("put the field back", undos.flat_map(|undo| undo.steps).collect());
    let call = Sending::new(Effect::Change, &Method::POST, path).with_body(sent);
    Some(Step {
        records: rows.iter().map(|row| row.record.touched()).collect(),
        looks: rows
            .iter()
            .map(|row| holds(subject, &row.record.id, &row.after))
            .collect(),
        undo: Some(undo),
        ..call.with_scopes(&writing.change).into()
    })
}
