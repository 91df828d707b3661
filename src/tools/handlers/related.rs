//! `get_related_records`: the lists that belong to one record.

mod one;

use std::borrow::Cow;

use serde_json::{Value, json};

use super::Context;
use super::records;
use crate::connections::Product;
use crate::names::clip;
use crate::repair::Repair;
use crate::tools::error::{Code, ToolError};
use crate::tools::modules::{Module, Subject, is_api_name};
use crate::tools::output::Answer;
use crate::tools::request::{self, ListQuery, pick, text};
use crate::tools::settings::related::list_called;

const SUMMARIES: &str =
    "A summary is the beginning of a message: related:\"threads\" with its id as related_id reads all of it.";

/// Answers one page of a related list, or one row of it.
pub(super) async fn list(context: Context<'_>) -> Result<Answer, ToolError> {
    let parent = request::subject(context.arguments)?;
    let asked = text(context.arguments, "related").unwrap_or_default();
    if parent.product == Product::Desk {
        return called(context, &parent, asked).await;
    }
    let refused = match is_name(asked) {
        true => match called(context, &parent, asked).await {
            Err(error) if matches!(error.code, Code::Rejected | Code::NotFound) => Some(error),
            outcome => return outcome,
        },
        false => None,
    };
    let session = context.session(parent.product).await?;
    let name = match (list_called(session, &parent, asked).await, refused) {
        (Ok(name), Some(refused)) if name == asked => return Err(refused),
        (Err(error), Some(refused)) if error.code != Code::InvalidArguments => return Err(refused),
        (name, _) => name?,
    };
    let repair = Repair {
        path: "/related".to_owned(),
        rule: "related_list",
        from: clip(asked, 80),
        to: name.clone(),
    };
    let answer = called(context, &parent, &name).await?;
    Ok(answer.with_repairs(vec![repair]))
}

/// Whether a text can stand in a path as the name of a related list.
fn is_name(text: &str) -> bool {
    is_api_name(text.trim_start_matches('_'))
}

async fn called(context: Context<'_>, parent: &Subject, asked: &str) -> Result<Answer, ToolError> {
    let id = text(context.arguments, "id").unwrap_or_default();
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
            Some(Module::of_crm_list(asked)),
            vec![parent.module.name.clone(), id.to_owned()],
        ),
    };
    let Some(module) = module else {
        return Err(ToolError::internal(&"a related list vanished"));
    };
    let subject = Subject {
        product: parent.product,
        module: Cow::Owned(module),
        note: parent.note.clone(),
    };
    if let Some(row) = text(context.arguments, "related_id") {
        let answer = one::get(context, parent, &subject, row)
            .await
            .map_err(of_the_parent)?;
        return Ok(answer
            .with("related", subject.module.name.as_str())
            .with("id", id));
    }
    let mut query = ListQuery::read(&subject.module, subject.product, context.arguments, false);
    query.key = json!([parent.module.name, id, query.key]);
    query.within = segments;
    let mut answer = records::answer(context, &subject, &query)
        .await
        .map_err(of_the_parent)?;
    let doubts = std::mem::take(&mut answer.unsure);
    let asked = |path: &String| {
        context
            .arguments
            .get("fields")?
            .pointer(path.strip_prefix("/fields")?)
    };
    let unseen: Vec<&str> = doubts
        .iter()
        .filter_map(asked)
        .filter_map(Value::as_str)
        .collect();
    if !unseen.is_empty() {
        answer
            .notes
            .push(format!("No record here shows: {}.", unseen.join(", ")));
    }
    if subject.module.fields.iter().any(|field| field == "summary") {
        answer.notes.push(SUMMARIES.to_owned());
    }
    Ok(answer
        .with("module", parent.module.name.as_str())
        .with("related", subject.module.name.as_str())
        .with("id", id))
}

/// `module` names the parent: its fields say nothing about those of the related list.
fn of_the_parent(mut error: ToolError) -> ToolError {
    error.rejection = None;
    error
}
