//! `get_related_records`: the lists that belong to one record.

mod one;

use std::borrow::Cow;

use serde_json::json;

use super::{Context, case_id, records};
use crate::connections::Product;
use crate::names::clip;
use crate::repair::Repair;
use crate::tools::error::{Code, ToolError};
use crate::tools::modules::{self, Module, Subject, is_api_name};
use crate::tools::output::Answer;
use crate::tools::request::{self, ListQuery, pick, text};

const SUMMARIES: &str =
    "A summary is the beginning of a message: related:\"threads\" with its id as related_id reads all of it.";
const MAILS: &str = "A summary is the beginning of an e-mail; the record's page in Zoho CRM has all of it.";
/// What is asked for where spam is.
const SPAM: &str = "isSpam";
/// Told where nobody knows what the rows of a list have.
const UNDESCRIBED: &str = "Zoho does not tell what rows of this list have: only fields that most records have were \
    asked for; name others in `fields`.";

/// Answers one page of a related list, or one row of it.
pub(super) async fn list(context: Context<'_>) -> Result<Answer, ToolError> {
    let parent = request::subject(context.arguments)?;
    let given = text(context.arguments, "id").unwrap_or_default();
    if !is_number(given, &parent) {
        return of_record(context, &parent, given).await;
    }
    let session = context.session(parent.product).await?;
    let id = case_id::find(session, &parent, None, Some(given)).await?;
    let answer = of_record(context, &parent, &id).await?;
    let repair = Repair {
        path: "/id".to_owned(),
        rule: "ticket_number",
        from: given.to_owned(),
        to: id,
    };
    Ok(answer.with_repairs(vec![repair]))
}

/// Whether the number of a case stands where its id should: no id of Zoho's is as short.
fn is_number(id: &str, parent: &Subject) -> bool {
    let has_numbers = parent.product == Product::Desk && parent.module.number.is_some();
    has_numbers && id.len() <= request::LONGEST_NUMBER
}

async fn of_record(context: Context<'_>, parent: &Subject, id: &str) -> Result<Answer, ToolError> {
    let asked = text(context.arguments, "related").unwrap_or_default();
    if parent.product == Product::Desk {
        return called(context, parent, id, asked).await;
    }
    let refused = match is_name(asked) {
        true => match called(context, parent, id, asked).await {
            Err(error) if matches!(error.code, Code::Rejected | Code::NotFound) => Some(error),
            outcome => return outcome,
        },
        false => None,
    };
    let session = context.session(parent.product).await?;
    let lists = &context.invocation.equipment().settings.related;
    let name = match (lists.list_called(session, parent, asked).await, refused) {
        (Ok(name), Some(refused)) if name == asked => return Err(refused),
        // Some that are there for every record no settings list.
        (Err(_), Some(refused)) if Module::of_crm_list(asked).is_some() => return Err(refused),
        (Err(error), Some(refused)) if error.code != Code::InvalidArguments => return Err(refused),
        (name, _) => name?,
    };
    let repair = Repair {
        path: "/related".to_owned(),
        rule: "related_list",
        from: clip(asked, 80),
        to: name.clone(),
    };
    let answer = called(context, parent, id, &name).await?;
    Ok(answer.with_repairs(vec![repair]))
}

/// Whether a text can stand in a path as the name of a related list.
fn is_name(text: &str) -> bool {
    is_api_name(text.trim_start_matches('_'))
}

async fn called(context: Context<'_>, parent: &Subject, id: &str, asked: &str) -> Result<Answer, ToolError> {
    let (module, segments) = match parent.product {
        Product::Desk => {
            let lists = &parent.module.related;
            let name = pick(
                lists.keys().map(String::as_str),
                asked,
                "/related",
                "a related list of this module",
            )?;
            (
                lists.get(name).cloned(),
                vec![parent.module.path.clone(), id.to_owned()],
            )
        }
        Product::Crm => (
            Module::of_crm_list(asked),
            vec![parent.module.name.clone(), id.to_owned()],
        ),
    };
    let mut subject = Subject {
        product: parent.product,
        module: Cow::Owned(module.unwrap_or_default()),
        note: parent.note.clone(),
    };
    if subject.module.name.is_empty() {
        other_list(context, parent, asked, &mut subject).await?;
    }
    if let Some(row) = text(context.arguments, "related_id") {
        let answer = one::get(context, parent, id, &subject, row)
            .await
            .map_err(of_the_parent)?;
        return Ok(answer
            .with("related", subject.module.name.as_str())
            .with("id", id));
    }
    let mut query = ListQuery::read(&subject.module, subject.product, context.arguments, false);
    let spam = context.arguments.get(SPAM).filter(|spam| **spam == true);
    if spam.is_some() && !subject.module.list.filters.contains_key(SPAM) {
        let got = "another list, of which Zoho does not list spam";
        return Err(ToolError::argument(
            "/isSpam",
            "tickets, contacts, tasks or activities of Zoho Desk",
            got,
            None,
        ));
    }
    query.filters.extend(spam.map(|value| (SPAM, value)));
    query.key = json!([parent.module.name, id, query.key, spam]);
    query.within = segments;
    query.named = parent.product == Product::Desk;
    let mut answer = records::answer(context, &subject, &query)
        .await
        .map_err(of_the_parent)?;
    // Its fields are no parent's: what nobody tells of them, its rows do.
    answer.unsure.clear();
    let is_told = parent.of_related(asked).is_some();
    let is_empty = query.cursor.is_none() && answer.body.get("count").is_some_and(|count| *count == 0);
    let untold = records::tell_untold(&query).filter(|_| is_empty && !is_told);
    answer.notes.extend(untold);
    let apart = subject.module.apart.clone();
    answer
        .notes
        .extend(apart.filter(|_| query.cursor.is_none() && spam.is_none()));
    answer.notes.extend(of_summaries(&subject).map(str::to_owned));
    Ok(answer
        .with("module", parent.module.name.as_str())
        .with("related", subject.module.name.as_str())
        .with("id", id))
}

/// Where the whole of a message is, of which a list has the beginning only.
fn of_summaries(list: &Subject) -> Option<&'static str> {
    match list.product {
        Product::Desk => list
            .module
            .fields
            .iter()
            .any(|field| field == "summary")
            .then_some(SUMMARIES),
        Product::Crm => (list.module.name == "Emails").then_some(MAILS),
    }
}

/// A list of CRM that no file tells of: its rows are records of a module, which the organization's settings name.
async fn other_list(
    context: Context<'_>,
    parent: &Subject,
    name: &str,
    subject: &mut Subject,
) -> Result<(), ToolError> {
    let settings = &context.invocation.equipment().settings;
    let session = context.session(parent.product).await?;
    let lists = settings.related.of(session, parent, false).await;
    let list = lists.as_deref().into_iter().flatten();
    let mut list = list.filter(|list| list.api_name == name);
    let target = list.next().and_then(|list| list.module.as_deref());
    let rows = match target.map(|target| modules::subject(target, Some(Product::Crm))) {
        Some(Ok(rows)) => Some(context.describe(rows).await?),
        _ => {
            subject.remark(UNDESCRIBED);
            None
        }
    };
    if let Some(note) = rows.as_ref().and_then(|rows| rows.note.as_deref()) {
        subject.remark(note);
    }
    let module = Module::of_other_crm_list(name, rows.as_ref().map(|rows| rows.module.as_ref()));
    subject.module = Cow::Owned(module);
    Ok(())
}

/// `module` names the parent: its fields say nothing about those of the related list.
fn of_the_parent(mut error: ToolError) -> ToolError {
    error.rejection = None;
    error
}
