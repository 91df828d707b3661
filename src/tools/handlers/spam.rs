//! `mark_spam`: cases become spam, or are none after all.

use http::Method;
use serde_json::{Value, json};

use super::Context;
use super::several::{self, are_so_already};
use super::written::{Written, cases, holds, writable};
use crate::connections::Product;
use crate::tools::definition::operation::Deed;
use crate::tools::error::ToolError;
use crate::tools::modules::{Subject, Writing};
use crate::tools::writing::{Change, Plan, Sending, Step, Touched, Undo};
use crate::zoho::Effect;

/// Plans the change.
pub(super) async fn plan(context: Context<'_>) -> Result<Plan, ToolError> {
    let subject = cases()?;
    let writing = writable(&subject, Deed::Change)?;
    let session = context.session(Product::Desk).await?;
    let is_spam = context.arguments.get("spam").and_then(Value::as_bool) != Some(false);
    let ids = several::ids(context, session, &subject).await?;
    let mut several = several::read(session, &subject, &ids).await?;
    let all = several.records.len();
    several
        .records
        .retain(|one| (one.value("isSpam") == json!(true)) != is_spam);
    if several.records.is_empty() {
        return Ok(Plan::Answer(Box::new(are_so_already(&subject, session, all))));
    }
    let touched: Vec<Touched> = several.records.iter().map(Written::touched).collect();
    let again = marking(&subject, writing, &touched, is_spam);
    let back = Step {
        undo: Some(Undo::new("mark as before the undoing", again.clone())),
        ..marking(&subject, writing, &touched, !is_spam)
    };
    let step = Step {
        holds: Vec::new(),
        undo: Some(Undo::new("take the mark back", back)),
        ..again
    };
    let what = match is_spam {
        true => "mark as spam",
        false => "mark as no spam",
    };
    let mut planned = several.planned(&subject, what, vec![step]);
    planned.changes.push(Change {
        label: "spam".to_owned(),
        before: Some((!is_spam).to_string()),
        after: Some(is_spam.to_string()),
    });
    Ok(Plan::Act(Box::new(planned)))
}

fn marking(subject: &Subject, writing: &Writing, touched: &[Touched], is_spam: bool) -> Step {
    let ids: Vec<&str> = touched.iter().map(|one| one.id.as_str()).collect();
    let call = Sending::new(Effect::Change, &Method::POST, [subject.address(), "markSpam"])
        .with_body(json!({ "ids": ids, "isSpam": is_spam }))
        .with_scopes(&writing.change);
    let is = |value: bool| {
        let each = touched.iter();
        each.map(|one| holds(subject, &one.id, &[("isSpam".to_owned(), json!(value))]))
            .collect()
    };
    Step {
        records: touched.to_vec(),
        holds: is(!is_spam),
        looks: is(is_spam),
        ..call.into()
    }
}
