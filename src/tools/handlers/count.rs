//! `count_records`: how many records a condition holds for, without reading them.

use super::{Context, about, unmet_conditions};
use crate::connections::Product;
use crate::repair::Repair;
use crate::tools::error::ToolError;
use crate::tools::modules::Subject;
use crate::tools::output::Answer;
use crate::tools::request::{self, Ids, ListQuery};
use serde_json::Value;

/// Counts.
pub(super) async fn count(context: Context<'_>) -> Result<Answer, ToolError> {
    let subject = request::subject(context.arguments)?;
    let query = ListQuery::read(&subject.module, subject.product, context.arguments, false);
    let counted = counted(context, &subject, &query).await?;
    let session = context.session(subject.product).await?;
    let mut answer = about(Answer::default().with("count", counted.number), &subject, session);
    answer.notes.extend(counted.notes);
    if counted.number == 0 {
        answer.unsure = unmet_conditions(&query);
    }
    Ok(answer.repaired(counted.repairs))
}

/// How many records a query without a view finds; what cannot be counted is a failure.
pub(super) async fn total(context: Context<'_>, subject: &Subject) -> Result<u64, ToolError> {
    let query = ListQuery::read(&subject.module, subject.product, context.arguments, false);
    Ok(counted(context, subject, &query).await?.number)
}

/// A number of records, and what is told with it.
struct Counted {
    number: u64,
    notes: Vec<String>,
    repairs: Vec<Repair>,
}

async fn counted(
    context: Context<'_>,
    subject: &Subject,
    query: &ListQuery<'_>,
) -> Result<Counted, ToolError> {
    let build = |ids: &Ids| match subject.product {
        Product::Desk => request::desk::count(query, context.zone, ids),
        Product::Crm => request::crm::count(query, context.zone, ids),
    };
    let drafted = build(&Ids::default())?;
    let session = context.session(subject.product).await?;
    let (count, repairs) = context.finished(session, subject, drafted, build).await?;
    let response = session.read(&count.request).await?;
    Ok(Counted {
        number: match response.body.as_ref() {
            b"" => 0, // Zoho's 204: nothing found
            body => number(body)?,
        },
        notes: count.notes,
        repairs,
    })
}

/// `{"count": 12}`; Zoho writes the number as a number or as text.
fn number(body: &[u8]) -> Result<u64, ToolError> {
    let answer: Value = serde_json::from_slice(body).map_err(|error| ToolError::unreadable(&error))?;
    let count = answer.get("count").and_then(|count| match count {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64(),
    });
    count.ok_or_else(|| ToolError::internal(&"a count without a number"))
}
