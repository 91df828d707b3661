//! `count_records`: how many records a condition holds for, without reading them.

use super::{Context, about, unmet_conditions};
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::modules::Subject;
use crate::tools::output::Answer;
use crate::tools::request::{self, ListQuery, ListRequest};
use crate::zoho::Session;
use serde_json::Value;

/// Counts.
pub(super) async fn count(context: Context<'_>) -> Result<Answer, ToolError> {
    let subject = request::subject(context.arguments)?;
    let query = ListQuery::read(&subject.module, subject.product, context.arguments, false);
    let plan = planned(context, &query, subject.product)?;
    let session = context.session(subject.product).await?;
    let (plan, repairs) = context.closed(session, &subject, plan).await?;
    let count = sent(session, &plan).await?;
    let mut answer = about(Answer::default().with("count", count), &subject, session);
    answer.notes.extend(plan.notes);
    if count == 0 {
        answer.unsure = unmet_conditions(&query);
    }
    Ok(answer.repaired(repairs))
}

/// How many records a query without a view finds; what cannot be counted is a failure.
pub(super) async fn total(context: Context<'_>, subject: &Subject) -> Result<u64, ToolError> {
    let query = ListQuery::read(&subject.module, subject.product, context.arguments, false);
    let plan = planned(context, &query, subject.product)?;
    let session = context.session(subject.product).await?;
    let (plan, _) = context.closed(session, subject, plan).await?;
    sent(session, &plan).await
}

fn planned(context: Context<'_>, query: &ListQuery<'_>, product: Product) -> Result<ListRequest, ToolError> {
    match product {
        Product::Desk => request::desk::count(query, context.zone),
        Product::Crm => request::crm::count(query, context.zone),
    }
}

async fn sent(session: &Session, plan: &ListRequest) -> Result<u64, ToolError> {
    let response = session.read(&plan.request).await?;
    match response.body.as_ref() {
        b"" => Ok(0), // Zoho's 204: nothing found
        body => counted(body),
    }
}

/// `{"count": 12}`; Zoho writes the number as a number or as text.
fn counted(body: &[u8]) -> Result<u64, ToolError> {
    let answer: Value = serde_json::from_slice(body).map_err(|error| ToolError::unreadable(&error))?;
    let count = answer.get("count").and_then(|count| match count {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64(),
    });
    count.ok_or_else(|| ToolError::internal(&"a count without a number"))
}
