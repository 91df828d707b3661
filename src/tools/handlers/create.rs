//! `create_record`: a new record of any module that Zoho lets one make.

use http::Method;
use serde_json::{Map, Value, json};

use super::update::{checked, given};
use super::written::{body, called, in_words, place_of, writable};
use super::{Context, trash};
use crate::connections::Product;
use crate::names::{clean_line, clip};
use crate::repair::Problem;
use crate::tools::definition::operation::Deed;
use crate::tools::error::ToolError;
use crate::tools::modules::{Subject, Writing};
use crate::tools::output::link_of;
use crate::tools::request;
use crate::tools::request::operation::MADE;
use crate::tools::settings::fields::Field;
use crate::tools::writing::values::{self, Checked};
use crate::tools::writing::{Change, Look, Plan, Planned, Sending, Step, Undo};
use crate::zoho::Effect;

/// Records that are looked through for one whose answer was lost.
const LATEST: &str = "100";
/// Fields that CRM shows at once, but for the time.
const MOST_FIELDS: usize = 49;
/// Characters of what the new record is called.
const MOST_NAME: usize = 60;

/// Plans the record.
pub(super) async fn plan(context: Context<'_>) -> Result<Plan, ToolError> {
    let subject = request::subject(context.arguments)?;
    let writing = writable(&subject, Deed::Create)?;
    let session = context.session(subject.product).await?;
    let subject = context.link(session, subject).await;
    let mut settled = checked(context, session, &subject, writing, given(context)).await?;
    settled.values.retain(|one| !one.value.is_null());
    let (fields, _) = context.invocation.fields(session, &subject, false).await?;
    let missing = missing(&subject, writing, &fields, &settled.values, &settled.problems);
    settled.problems.extend(missing);
    if !settled.problems.is_empty() {
        return Err(values::refusal(context.invocation, settled.problems).await);
    }
    let mut changes = Vec::new();
    for Checked { field, value } in &settled.values {
        changes.push(Change {
            label: called(field),
            before: None,
            after: in_words(context, session, field, value).await,
        });
    }
    let mut planned = planned(&subject, writing, &settled.values);
    planned.link_of_made = link_of(session, &subject.module, "{id}");
    planned.changes = changes;
    planned.repairs = settled.repairs;
    Ok(Plan::Act(Box::new(planned)))
}

/// What a new record needs and the call does not give: of CRM what its settings call mandatory; Desk fills some of that in.
fn missing(
    subject: &Subject,
    writing: &Writing,
    fields: &[Field],
    values: &[Checked],
    problems: &[Problem],
) -> Vec<Problem> {
    let is_needed = |field: &&Field| match subject.product {
        Product::Desk => writing.needs.contains(&field.api_name),
        Product::Crm => field.is_mandatory && !field.is_fixed,
    };
    let is_there = |field: &Field| {
        let path = format!("/values/{}", field.api_name);
        values.iter().any(|one| one.field.api_name == field.api_name)
            || problems.iter().any(|one| one.path == path)
    };
    let problem = |field: &Field| Problem {
        path: format!("/values/{}", field.api_name),
        expected: format!(
            "{}: a new record of {} needs it",
            called(field),
            subject.module.name
        ),
        got: "none".to_owned(),
        ..Problem::default()
    };
    fields
        .iter()
        .filter(is_needed)
        .filter(|field| !is_there(field))
        .map(problem)
        .collect()
}

fn planned(subject: &Subject, writing: &Writing, values: &[Checked]) -> Planned {
    let pairs: Vec<(String, Value)> = values
        .iter()
        .map(|one| (one.field.api_name.clone(), one.value.clone()))
        .collect();
    let call = Sending::new(Effect::Create, &Method::POST, [subject.address()]);
    let call = call
        .with_body(body(subject.product, &pairs))
        .with_scopes(&writing.create);
    let telling = telling(subject, writing, values);
    let name = telling
        .values()
        .find_map(Value::as_str)
        .map(|name| clean_line(clip(name, MOST_NAME)));
    let module = &subject.module.name;
    let step = Step {
        undo: undo(subject, writing, telling.clone()),
        looks: vec![look(subject, telling, values)],
        ..call.into()
    };
    let what = format!("create a record of {module}");
    Planned {
        label: name.map_or_else(|| module.clone(), |name| format!("{module} \"{name}\"")),
        ..Planned::new(subject.product, module, what, step)
    }
}

/// The values by which the record is known among the latest ones: what every one of them has, else the first text.
fn telling(subject: &Subject, writing: &Writing, values: &[Checked]) -> Map<String, Value> {
    let is_told = |one: &&Checked| match subject.product {
        Product::Desk => writing.needs.contains(&one.field.api_name),
        Product::Crm => one.field.is_mandatory,
    };
    let place = |one: &Checked| (place_of(&one.field.api_name), one.value.clone());
    let told: Map<String, Value> = values.iter().filter(is_told).map(place).collect();
    match told.is_empty() {
        true => values
            .iter()
            .find(|one| one.value.is_string())
            .map(place)
            .into_iter()
            .collect(),
        false => told,
    }
}

/// Among the latest records of the module.
fn look(subject: &Subject, telling: Map<String, Value>, values: &[Checked]) -> Look {
    let query = match subject.product {
        Product::Desk => vec![
            ("sortBy", "-createdTime".to_owned()),
            ("limit", LATEST.to_owned()),
        ],
        Product::Crm => {
            // What it is known by is shown in any case.
            let known_by = telling.keys().map(|place| place.trim_start_matches('/'));
            let names = values.iter().map(|one| one.field.api_name.as_str());
            let others = names.filter(|name| !telling.contains_key(&place_of(name)));
            let names = known_by.chain(others);
            let fields: Vec<&str> = names.take(MOST_FIELDS).chain(["Created_Time"]).collect();
            vec![
                ("fields", fields.join(",")),
                ("sort_by", "Created_Time".to_owned()),
                ("sort_order", "desc".to_owned()),
                ("per_page", LATEST.to_owned()),
            ]
        }
    };
    let since = match subject.product {
        Product::Desk => "createdTime",
        Product::Crm => "Created_Time",
    };
    Look {
        path: vec![subject.address().to_owned()],
        query: query
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        list: Some("data".to_owned()),
        is: telling,
        since: Some(since.to_owned()),
        scopes: subject.module.scopes.clone(),
        ..Look::default()
    }
}

/// The record goes where it can be restored from, where it is still as it was made.
fn undo(subject: &Subject, writing: &Writing, telling: Map<String, Value>) -> Option<Undo> {
    let call = match subject.product {
        Product::Desk => {
            let ids = writing.trash.as_ref()?;
            let call = Sending::new(Effect::Remove, &Method::POST, [subject.address(), "moveToTrash"]);
            call.with_body(json!({ ids.as_str(): [MADE] }))
        }
        Product::Crm => Sending::new(Effect::Remove, &Method::DELETE, [subject.address(), MADE]),
    };
    let step = Step {
        holds: vec![trash::look(subject, MADE, telling, false)],
        looks: vec![trash::is_gone(subject, MADE)],
        ..call.with_scopes(&writing.remove).into()
    };
    let what = match (subject.product, &writing.trash) {
        (Product::Crm, None) => "delete the new record",
        _ => "move the new record to the trash",
    };
    Some(Undo::new(what, step).of_record())
}
