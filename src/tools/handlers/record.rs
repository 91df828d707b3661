//! `get_record`: one record with its text and custom fields.

use serde_json::{Map, Value};

use super::{Context, about, case_id, unseen_fields};
use crate::connections::Product;
use crate::names::clip;
use crate::tools::error::{Code, ToolError};
use crate::tools::modules::Subject;
use crate::tools::output::list::BUDGET;
use crate::tools::output::project::{Projection, Record};
use crate::tools::output::{Answer, link_of};
use crate::tools::request::{self, text, texts};
use crate::zoho::{Session, ZohoResponse};

/// A text longer than this is cut when the whole record would not fit.
const LONG_TEXT: usize = 4000;

/// Reads one record by id, or a case by its number.
pub(super) async fn get(context: Context<'_>) -> Result<Answer, ToolError> {
    let mut subject = request::subject(context.arguments)?;
    let (id, number) = (
        text(context.arguments, "id"),
        text(context.arguments, "ticket_number"),
    );
    let fields = texts(context.arguments, "fields");
    let include = texts(context.arguments, "include");
    let (record, session) = match (subject.product, id, number) {
        (_, None, None) => return Err(case_id::neither()),
        (Product::Desk, Some(id), number) => {
            let session = context.session(Product::Desk).await?;
            let id = &case_id::find(session, &subject, Some(id), number).await?;
            let request = request::desk::get(&subject.module, id, &include)?;
            let response = session
                .read(&request)
                .await
                .map_err(|error| missing(error.into(), &subject, id))?;
            (bare(&response, &subject, &fields, &include).await?, session)
        }
        (Product::Desk, None, Some(number)) => {
            let request = request::desk::by_number(&subject.module, number)?;
            let session = context.session(Product::Desk).await?;
            (
                by_number(session, &subject, number, &fields, request).await?,
                session,
            )
        }
        (Product::Crm, Some(id), None) => {
            let request = request::crm::get(&subject.module, id, &fields);
            let session = context.session(Product::Crm).await?;
            subject = context.link(session, subject).await;
            let response = session
                .read(&request)
                .await
                .map_err(|error| missing(error.into(), &subject, id))?;
            (
                first(&response, &subject, &fields)
                    .await?
                    .ok_or_else(|| not_found(&subject, &format!("id {id}")))?,
                session,
            )
        }
        (Product::Crm, _, Some(_)) => {
            let fix = "search_records with filters, or `id`".to_owned();
            return Err(ToolError::argument(
                "/ticket_number",
                "only for Desk cases",
                "a CRM module",
                Some(fix),
            ));
        }
    };
    Ok(answer(record, &subject, session, &fields))
}

async fn by_number(
    session: &Session,
    subject: &Subject,
    number: &str,
    fields: &[String],
    request: crate::zoho::Read,
) -> Result<Record, ToolError> {
    let response = session.read(&request).await?;
    let found = first(&response, subject, fields).await?;
    found.ok_or_else(|| not_found(subject, &format!("ticket number {number}")))
}

async fn bare(
    response: &ZohoResponse,
    subject: &Subject,
    fields: &[String],
    include: &[String],
) -> Result<Record, ToolError> {
    if response.body.is_empty() {
        return Err(not_found(subject, "this id"));
    }
    let mut wanted = fields.to_vec();
    for name in include {
        wanted.push(name.clone());
        wanted.extend(name.strip_suffix('s').map(str::to_owned));
    }
    let projection = projection(subject, if fields.is_empty() { &[] } else { &wanted });
    projection.record(&response.body).await
}

async fn first(
    response: &ZohoResponse,
    subject: &Subject,
    fields: &[String],
) -> Result<Option<Record>, ToolError> {
    let page = projection(subject, fields).page(&response.body, "data").await;
    Ok(page?.records.into_iter().next())
}

fn projection<'a>(subject: &'a Subject, fields: &'a [String]) -> Projection<'a> {
    Projection {
        fields: (!fields.is_empty()).then_some(fields),
        html: &subject.module.html,
    }
}

fn answer(mut record: Record, subject: &Subject, session: &Session, fields: &[String]) -> Answer {
    let mut notes = Vec::new();
    let unsure = unseen_fields(fields, &subject.module, &|field| record.shown.contains_key(field));
    let lacks = subject.module.get.iter().flat_map(|get| &get.lacks);
    let lacking = lacks.filter(|field| fields.contains(field) && !record.shown.contains_key(*field));
    notes.extend(
        lacking.map(|field| format!("`{field}` is shown by get_records only, in the rows of a list.")),
    );
    let link = record.link(&|id| link_of(session, &subject.module, id));
    if fields.is_empty() {
        record
            .shown
            .retain(|key, value| !key.starts_with('$') && !is_empty(value));
    }
    fit(&mut record.shown, BUDGET, LONG_TEXT, &mut notes);
    if let Some(link) = link {
        record.shown.insert("link".to_owned(), Value::String(link));
    }
    let mut answer = about(Answer::default().with("data", record.shown), subject, session);
    answer.notes.extend(notes);
    answer.unsure = unsure;
    answer
}

/// Nothing to show: an empty text, list or object.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

/// Cuts the long texts of a record that is longer than `budget`, then leaves members out, the largest first; each is told.
pub(super) fn fit(record: &mut Map<String, Value>, budget: usize, long_text: usize, notes: &mut Vec<String>) {
    let length = |record: &Map<String, Value>| Value::Object(record.clone()).to_string().chars().count();
    if length(record) <= budget {
        return;
    }
    let mut cut = Vec::new();
    for (key, value) in record.iter_mut() {
        if let Value::String(text) = value
            && text.chars().count() > long_text
        {
            *text = clip(text, long_text);
            cut.push(key.clone());
        }
    }
    if !cut.is_empty() {
        notes.push(format!(
            "Cut to {long_text} characters: {}. The link shows all.",
            cut.join(", ")
        ));
    }
    let mut left_out = Vec::new();
    while length(record) > budget {
        let size = |value: &Value| value.to_string().len();
        let largest = record
            .iter()
            .max_by_key(|(_, value)| size(value))
            .map(|(key, _)| key.clone());
        let Some(key) = largest else { break };
        record.shift_remove(&key);
        left_out.push(key);
    }
    if !left_out.is_empty() {
        notes.push(format!(
            "Left out to fit: {}. Ask for them with `fields`.",
            left_out.join(", ")
        ));
    }
}

fn not_found(subject: &Subject, what: &str) -> ToolError {
    let module = &subject.module.name;
    ToolError::new(
        Code::NotFound,
        format!("Zoho has no record of {module} with {what}."),
        format!(
            "Find the record with search_records, module {module}; a ticket number goes into ticket_number."
        ),
    )
}

/// Names the record in Zoho's plain "not found".
fn missing(error: ToolError, subject: &Subject, id: &str) -> ToolError {
    if error.code == Code::NotFound {
        not_found(subject, &format!("id {id}"))
    } else {
        error
    }
}
