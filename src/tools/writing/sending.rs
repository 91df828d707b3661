//! Sends an act, once: it is written down before, what came of it after, and both happen although nobody waits any more.

use std::sync::Arc;

use serde_json::{Value, json};

use super::act::{Act, Kept};
use super::looking::{Found, look};
use super::permit::Granted;
use super::planned::Planned;
use super::told;
use crate::connections::Product;
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
            Begun::Before(before) => return told::before(&session, &ledger, *before).await.map(Sent::of),
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
            let mut answer = told::done(row, &kept, None);
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

/// Looks up what came of an act of which nobody knows, and writes it down.
///
/// # Errors
/// It did not happen, or nobody knows.
pub(super) async fn settle(
    session: &Session,
    ledger: &Ledger,
    row: &KnownWrite,
    mut kept: Kept,
    why: &str,
) -> Result<Answer, ToolError> {
    let found = match &kept.look {
        Some(how) => look(session, kept.product, how, row.sent_at).await,
        None => Err(ToolError::new(
            Code::Unavailable,
            "there is nothing to look for it by",
            "",
        )),
    };
    match found {
        Ok(Found::There(record)) => {
            kept.is_found(&record);
            close(ledger, row, WriteState::Done, &kept).await;
            let mut answer = told::done(row, &kept, None);
            answer.notes.push(format!(
                "Zoho's answer was lost ({why}). It was looked up: it is there."
            ));
            Ok(answer)
        }
        Ok(Found::Other(_)) => {
            close(ledger, row, WriteState::Refused, &kept).await;
            let error = format!("Zoho's answer was lost ({why}). It was looked up: it is not there.");
            let mut failure = ToolError::new(
                Code::Unavailable,
                error,
                "The same call may be made again: it is sent once more.",
            );
            failure.retryable = true;
            Err(failure)
        }
        Err(error) => {
            close(ledger, row, WriteState::Unknown, &kept).await;
            let place = kept.link.as_deref().unwrap_or("Zoho itself");
            Err(ToolError::new(
                Code::OutcomeUnknown,
                format!(
                    "Zoho's answer was lost ({why}), and whether {} of {} happened could not be looked up: {}",
                    kept.what, kept.label, error.error
                ),
                format!("Look whether it is there: {place}. The same call looks again and sends nothing."),
            ))
        }
    }
}

/// Writes the end of an act down; what is told where that fails.
async fn close(ledger: &Ledger, row: &KnownWrite, state: WriteState, kept: &Kept) -> Option<String> {
    let ended = match kept.written() {
        Ok(written) => ledger
            .end_write(row, state, &written)
            .await
            .map_err(ToolError::from),
        Err(error) => Err(error),
    };
    if let (WriteState::Done, Some(undone)) = (state, &kept.undoes)
        && let Err(error) = ledger.undone_write(undone).await
    {
        tracing::warn!(%error, write = %undone, "that an act was undone could not be written down");
    }
    let error = ended.err()?;
    tracing::warn!(%error, write = %row.id, state = state.as_str(), "the end of an act could not be written down");
    Some("It is done, and could not be written down: it cannot be taken back here.".to_owned())
}

impl Kept {
    /// Takes over the id of what Zoho made.
    fn is_made(&mut self, response: &ZohoResponse) {
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let made = match self.product {
            Product::Desk => body.get("id"),
            Product::Crm => body.pointer("/data/0/details/id"),
        };
        if let Some(id) = made.and_then(Value::as_str) {
            self.is_of(id);
        }
    }

    fn is_found(&mut self, record: &Value) {
        if let Some(id) = record.get("id").and_then(Value::as_str) {
            self.is_of(id);
        }
    }

    fn is_of(&mut self, id: &str) {
        self.undo = self.undo.take().map(|undo| undo.of_made(id));
        self.id.get_or_insert_with(|| id.to_owned());
    }
}
