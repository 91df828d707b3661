//! `perform_transition`: a record that a blueprint holds goes on to its next state, by one of the ways that are open.

mod open;

use http::Method;
pub(super) use open::refuse_held;
use open::{Blueprint, Transition};
use serde_json::{Map, Value, json};

use super::on_record::{OnRecord, OneCall};
use super::written::{called, holds, in_words};
use super::{Context, about};
use crate::connections::Product;
use crate::repair::Problem;
use crate::tools::error::{Code, ToolError};
use crate::tools::output::Answer;
use crate::tools::request::{self, text};
use crate::tools::writing::values::{self, Checked};
use crate::tools::writing::{Change, Plan, Planned, Sending};
use crate::zoho::Effect;

/// Told where no blueprint holds the record.
const FREE: &str = "No blueprint holds it: update_record changes its status.";

/// Lists what is open, or plans one of it.
pub(super) async fn plan(context: Context<'_>) -> Result<Plan, ToolError> {
    let subject = request::subject(context.arguments)?;
    if subject.product == Product::Desk && subject.module.name != "Cases" {
        let expected = "Cases, or a module of CRM";
        let got = format!("{}, which have no blueprint", subject.module.name);
        return Err(ToolError::argument("/module", expected, got, None));
    }
    let record = OnRecord::of(context, subject, None).await?;
    let found = open::blueprint(record.session, &record.subject, &record.written.id).await?;
    match (text(context.arguments, "transition"), found) {
        (None, found) => Ok(Plan::Answer(Box::new(listed(&record, found)))),
        (Some(_), None) => Err(ToolError::new(
            Code::NotFound,
            format!("Nothing was sent: {} is in no blueprint.", record.written.label),
            FREE,
        )),
        (Some(named), Some(blueprint)) => {
            let transition = blueprint.transition(named)?;
            let planned = planned(context, &record, &blueprint, transition).await?;
            Ok(Plan::Act(Box::new(planned)))
        }
    }
}

fn listed(record: &OnRecord<'_>, found: Option<Blueprint>) -> Answer {
    let mut data = Map::new();
    data.insert("id".to_owned(), json!(record.written.id));
    data.extend(
        record
            .written
            .link
            .clone()
            .map(|link| ("link".to_owned(), json!(link))),
    );
    let note = match found {
        Some(blueprint) => {
            data.extend(blueprint.shown());
            (blueprint.closed > 0).then(|| {
                format!(
                    "{} more transitions of this state are not open: the record does not meet their conditions.",
                    blueprint.closed
                )
            })
        }
        None => Some(FREE.to_owned()),
    };
    let mut answer = about(
        Answer::default().with("data", data).of_our_own(),
        &record.subject,
        record.session,
    );
    answer.notes.extend(note);
    answer
}

async fn planned(
    context: Context<'_>,
    record: &OnRecord<'_>,
    blueprint: &Blueprint,
    transition: &Transition,
) -> Result<Planned, ToolError> {
    let given = given(context, record, transition).await?;
    let id = record.written.id.as_str();
    let call = match record.subject.product {
        Product::Desk => Sending::new(
            Effect::Change,
            &Method::POST,
            record.below(["transitions", transition.id.as_str(), "perform"]),
        )
        .with_body(json!({})),
        Product::Crm => {
            let data: Map<String, Value> = given
                .iter()
                .map(|one| (one.field.api_name.clone(), one.value.clone()))
                .collect();
            let body = json!({ "blueprint": [{ "transition_id": transition.id, "data": data }] });
            let call = Sending::new(
                Effect::Change,
                &Method::PUT,
                record.below(["actions", "blueprint"]),
            );
            call.with_body(body)
        }
    };
    let mut changes = vec![Change {
        label: blueprint.label.clone(),
        before: Some(blueprint.state.clone()),
        after: transition.to.clone(),
    }];
    for one in &given {
        let there = record.written.value(&one.field.api_name);
        changes.push(Change {
            label: called(&one.field),
            before: in_words(context, record.session, &one.field, &there).await,
            after: in_words(context, record.session, &one.field, &one.value).await,
        });
    }
    let after = transition
        .to
        .clone()
        .map(|to| (blueprint.field.clone(), json!(to)));
    let look = after.map(|after| holds(&record.subject, id, &[after]));
    let step = OneCall {
        call: call.with_scopes(&record.writing.change),
        look,
        undo: None,
    };
    let what = format!("perform the transition \"{}\"", transition.name);
    Ok(Planned {
        id: Some(id.to_owned()),
        seen: record.written.seen.clone(),
        changes,
        ..record.plan(&record.subject.module.name, what, step)
    })
}

/// The values for what the transition asks, checked; nothing it needs is missing among them.
async fn given(
    context: Context<'_>,
    record: &OnRecord<'_>,
    transition: &Transition,
) -> Result<Vec<Checked>, ToolError> {
    let given = context.arguments.get("values").and_then(Value::as_object);
    let given = given.cloned().unwrap_or_default();
    if record.subject.product == Product::Desk {
        return match given.is_empty() {
            true => Ok(Vec::new()),
            false => {
                let expected = "no values for a transition of Desk, whose API takes none";
                let fix = "update_record gives the case its values before".to_owned();
                Err(ToolError::argument("/values", expected, "some", Some(fix)))
            }
        };
    }
    let (fields, _) = context
        .invocation
        .fields(record.session, &record.subject, false)
        .await?;
    let mut settled = values::check(&record.subject, record.writing, &given, &fields);
    let is_given = |name: &String| {
        let path = format!("/values/{name}");
        settled.values.iter().any(|one| one.field.api_name == *name)
            || settled.problems.iter().any(|one| one.path == path)
    };
    let missing: Vec<Problem> = transition
        .needs()
        .filter(|name| !is_given(name))
        .map(|name| Problem {
            path: format!("/values/{name}"),
            expected: format!("{name}: the transition asks for it"),
            got: "none".to_owned(),
            ..Problem::default()
        })
        .collect();
    settled.problems.extend(missing);
    match settled.problems.is_empty() {
        true => Ok(settled.values),
        false => Err(values::refusal(context.invocation, settled.problems).await),
    }
}
