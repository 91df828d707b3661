//! `count_records`: how many records a condition holds for, without reading them.

use serde_json::Value;

use super::{Context, about, as_of, blind_conditions, departments, unmet_conditions};
use crate::names::clip;
use crate::repair::Repair;
use crate::tools::advice;
use crate::tools::error::ToolError;
use crate::tools::modules::Subject;
use crate::tools::output::Answer;
use crate::tools::output::project::{Reasons, Refused};
use crate::tools::reading::{self, Counted as Looked};
use crate::tools::request::{self, Count, CountRequest, Ids, ListQuery, ListRequest, Sieve};
use crate::zoho::{Read, Session, ZohoError};

/// Counts.
pub(super) async fn count(context: Context<'_>) -> Result<Answer, ToolError> {
    let subject = request::subject(context.arguments)?;
    let query = ListQuery::read(&subject.module, subject.product, context.arguments, false);
    let blind = blind_conditions(&query).into_iter();
    advice::refuse_strangers(context.invocation, context.arguments, blind).await?;
    let counted = counted(context, &subject, &query).await?;
    if counted.number == 0 && counted.is_all {
        let all = unmet_conditions(&query).into_iter();
        advice::refuse_strangers(context.invocation, context.arguments, all).await?;
    }
    let session = context.session(subject.product).await?;
    let mut answer = Answer::default().with("count", counted.number);
    if !counted.is_all || counted.is_doubtful {
        answer = answer.with("at_least", true);
    }
    let answer = as_of(answer, &query, &counted.sieve, context.invocation.now());
    let mut answer = about(answer, &subject, session);
    answer.notes.extend(counted.notes);
    answer.notes.extend(request::tell_apart(
        &subject.module,
        context.arguments.get("filters"),
    ));
    let only = departments::tell(context, session, &subject.module, &query.filters).await;
    answer.notes.extend(only);
    if counted.number == 0 && counted.is_all {
        answer.notes.extend(request::tell_nothing_found(&query));
        let unlisted = advice::tell_unlisted(context.invocation, &subject, &query).await;
        answer.notes.extend(unlisted);
        answer.unsure = unmet_conditions(&query);
    }
    Ok(answer.with_repairs(counted.repairs))
}

/// How many records a query without a view has, where Zoho counts them.
///
/// # Errors
/// Zoho refused.
pub(super) async fn total(context: Context<'_>, subject: &Subject) -> Result<Option<u64>, ToolError> {
    let query = ListQuery {
        all: true,
        ..ListQuery::read(&subject.module, subject.product, context.arguments, false)
    };
    let (count, _) = request(context, subject, &query).await?;
    match count {
        Count::Asked(count) if count.misses.is_none() => Ok(Some(
            asked(context.session(subject.product).await?, &count).await?,
        )),
        Count::Asked(_) | Count::Read(_) => Ok(None),
    }
}

/// A number of records, and what is told with it.
struct Counted {
    number: u64,
    is_all: bool,
    /// Whether there may be more that nobody can see.
    is_doubtful: bool,
    sieve: Sieve,
    notes: Vec<String>,
    repairs: Vec<Repair>,
}

async fn counted(
    context: Context<'_>,
    subject: &Subject,
    query: &ListQuery<'_>,
) -> Result<Counted, ToolError> {
    let (count, repairs) = request(context, subject, query).await?;
    let session = context.session(subject.product).await?;
    Ok(match count {
        Count::Asked(count) => Counted {
            number: asked(session, &count).await?,
            is_all: true,
            is_doubtful: count.misses.is_some(),
            sieve: Sieve::default(),
            notes: count.notes.into_iter().chain(count.misses).collect(),
            repairs,
        },
        Count::Read(list) => {
            let list = ListRequest {
                size: reading::largest_page(subject.product),
                ..reading::among(session, *list, context.invocation.now()).await?
            };
            let mut notes = list.notes.clone();
            let misses = list.misses.clone();
            let sieve = list.sieve.clone();
            let read = reading::count(session, list, context.invocation.now()).await?;
            let is_doubtful = read.doubt.is_some() || misses.is_some();
            notes.extend(misses);
            notes.push(looked_through(&read));
            notes.extend(sieve.tell(&read.findings));
            let is_odd = read.findings.tell_odd().is_some();
            notes.extend(read.gap.into_iter().chain(read.doubt).map(str::to_owned));
            let refused = Reasons::of(&read.refused).tell();
            let contradicting = read.findings.tell_contradicting();
            let is_odd = is_odd || contradicting.is_some();
            let is_all = read.is_whole && read.gap.is_none() && refused.is_none() && !is_odd;
            notes.extend(contradicting);
            notes.extend(refused.map(|told| format!("{told}. They are not counted.")));
            Counted {
                number: read.fit,
                is_all,
                is_doubtful,
                sieve,
                notes,
                repairs,
            }
        }
    })
}

/// How a number came about that Zoho does not tell.
fn looked_through(read: &Looked) -> String {
    let rows = read.looked_at;
    let further = match (&read.broken, read.is_whole) {
        (None, true) => String::new(),
        (None, false) => ", and there are more than could be. Narrow it by time".to_owned(),
        (Some(error), _) => format!(", and then: {} {}", error.error, error.next)
            .trim_end_matches('.')
            .to_owned(),
    };
    format!("Zoho does not count these: {rows} records were looked through{further}.")
}

async fn request(
    context: Context<'_>,
    subject: &Subject,
    query: &ListQuery<'_>,
) -> Result<(Count, Vec<Repair>), ToolError> {
    let build = |ids: &Ids| request::count(query, subject.product, context.zone, ids);
    let drafted = build(&Ids::default())?;
    let session = context.session(subject.product).await?;
    context.finish(session, subject, drafted, build).await
}

/// The number of what is asked for but for that of what is not meant.
async fn asked(session: &Session, count: &CountRequest) -> Result<u64, ToolError> {
    let all = sum(session, &count.requests).await?;
    Ok(all.saturating_sub(sum(session, &count.but_for).await?))
}

async fn sum(session: &Session, requests: &[Read]) -> Result<u64, ToolError> {
    let mut sum = 0;
    for request in requests {
        let response = session.read(request).await?;
        sum += match response.body.as_ref() {
            b"" => 0, // Zoho's 204: nothing found
            body => number(body)?,
        };
    }
    Ok(sum)
}

/// `{"count": 12}`; Zoho writes the number as a number or as text.
fn number(body: &[u8]) -> Result<u64, ToolError> {
    let answer: Value = serde_json::from_slice(body).map_err(|error| ToolError::unreadable(&error))?;
    let count = answer.get("count").and_then(|count| match count {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64(),
    });
    count.ok_or_else(|| no_count(&answer))
}

/// An answer without the number that was asked for: a refusal that came as a success, by what it says of itself.
fn no_count(answer: &Value) -> ToolError {
    let refused = Refused::of(answer).map(|refused| refused.to_error());
    let shown = clip(&answer.to_string(), 100);
    let unread = || ZohoError::Unavailable {
        message: format!("Zoho's count holds no number: {shown}"),
        seconds: None,
    };
    refused.unwrap_or_else(unread).into()
}
