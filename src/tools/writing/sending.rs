//! Sends an act, once: it is written down before, what came of it after, and both happen although nobody waits any more.

use std::sync::Arc;

use serde_json::json;

use super::act::{Act, Kept};
use super::permit::Granted;
use super::planned::Planned;
use super::settling::{before, close, settle};
use super::told;
use crate::ledger::{Begun, KnownWrite, Ledger, NewWrite, WriteState};
use crate::tools::error::{Code, ToolError};
use crate::tools::output::Answer;
use crate::zoho::{Session, ZohoError, ZohoResponse};

/// What came of an act.
#[derive(Debug)]
pub struct Sent {
    /// What is told of it.
    pub answer: Answer,
    /// What Zoho answered, where it was sent now.
    pub response: Option<ZohoResponse>,
}

/// Sends an act that was granted.
///
/// # Errors
/// It did not happen, or nobody knows whether it did.
pub(super) async fn send(act: &Act<'_>, planned: Planned, granted: Granted) -> Result<Sent, ToolError> {
    let write = planned.call.write(&act.key.tool, planned.product)?;
    let mut kept = act.kept(&planned);
    kept.agreed_by = Some(granted.by.to_owned());
    let new = NewWrite {
        id: granted.id,
        key: act.key.clone(),
        seen: planned.seen.clone(),
        kept: kept.written()?,
    };
    let ledger = Arc::clone(&act.invocation.equipment().ledger);
    let (session, once_more) = (act.session.clone(), act.once_more);
    let now = act.invocation.now().as_second();
    let work = async move {
        match ledger.begin_write(&new, granted.was_asked, once_more).await? {
            Begun::Spent => return Err(spent()),
            Begun::Before(row) => return before(&session, &ledger, *row).await.map(Sent::of),
            Begun::ToBeSent => {}
        }
        let row = new.begun(now);
        let sent = session.write(write).await;
        ended(&ledger, &session, &row, kept, sent).await
    };
    let equipment = act.invocation.equipment();
    let sent = equipment.zoho.see_through("a change", Box::pin(work)).await?;
    let mut sent = sent?;
    sent.answer.notes.extend(planned.notes);
    sent.answer.repairs.extend(planned.repairs);
    Ok(sent)
}

impl Sent {
    /// Of an act that was sent before.
    pub(super) fn of(answer: Answer) -> Self {
        Sent {
            answer,
            response: None,
        }
    }
}

/// Two callers confirmed the same thing at once.
fn spent() -> ToolError {
    ToolError::new(
        Code::InvalidArguments,
        "Nothing was sent: what was agreed to was carried out already, or is too old.",
        "Look whether the change is there before making it again.",
    )
}

/// Writes down what came of an act.
async fn ended(
    ledger: &Ledger,
    session: &Session,
    row: &KnownWrite,
    mut kept: Kept,
    sent: Result<ZohoResponse, ZohoError>,
) -> Result<Sent, ToolError> {
    match sent {
        Ok(response) => {
            kept.is_made(&response);
            let told = close(ledger, row, WriteState::Done, &kept).await;
            let mut answer = told::done(row, &kept);
            answer.notes.extend(told);
            Ok(Sent {
                answer,
                response: Some(response),
            })
        }
        Err(ZohoError::OutcomeUnknown { message }) => {
            settle(session, ledger, row, kept, &message).await.map(Sent::of)
        }
        Err(error) => {
            close(ledger, row, WriteState::Refused, &kept).await;
            Err(refused(error, &kept))
        }
    }
}

/// Why Zoho did not do it; a record that somebody changed at the same moment is told as such.
fn refused(error: ZohoError, kept: &Kept) -> ToolError {
    if let ZohoError::Rejected { code, .. } = &error
        && code == "ALREADY_MODIFIED"
    {
        let lines = [("planned".to_owned(), json!(kept.lines))].into_iter().collect();
        return ToolError::changed_meanwhile("the moment before it was sent", "a later moment", lines);
    }
    ToolError::from(error)
}
