//! What came of an act: looked up where Zoho's answer was lost, and written down.

use serde_json::Value;

use super::act::Kept;
use super::looking::{Found, look};
use super::told;
use crate::connections::Product;
use crate::ledger::{KnownWrite, LONGEST_SENDING_SECONDS, Ledger, WriteState};
use crate::tools::error::{Code, ToolError};
use crate::tools::output::Answer;
use crate::zoho::{Session, ZohoResponse};

/// The same act, which was begun before.
///
/// # Errors
/// Nobody knows what came of it yet.
pub(super) async fn before(session: &Session, ledger: &Ledger, row: KnownWrite) -> Result<Answer, ToolError> {
    let Some(kept) = Kept::of(&row) else {
        return Err(ToolError::new(
            Code::OutcomeUnknown,
            "The same call was made not long ago, and what came of it can no longer be read.",
            "Look whether the change is there before making it again.",
        ));
    };
    match row.state {
        WriteState::Done | WriteState::Undone => {
            let note = "The same call was made not long ago and is done: this is its outcome, nothing was sent now. With \
                        repeat:true it is done once more.";
            let mut answer = told::done(&row, &kept).with("already_done", true);
            answer.notes.push(note.to_owned());
            Ok(answer)
        }
        WriteState::Sent => {
            let mut failure = ToolError::new(
                Code::OutcomeUnknown,
                "The same call is on its way, or was cut off: nothing was sent now.",
                "Wait, then make the same call again: it tells what came of it and sends nothing twice.",
            );
            failure.retryable = true;
            failure.wait_seconds = u32::try_from(LONGEST_SENDING_SECONDS).ok();
            Err(failure)
        }
        _ => settle(session, ledger, &row, kept, "the connection broke").await,
    }
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
            let mut answer = told::done(row, &kept);
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
pub(super) async fn close(
    ledger: &Ledger,
    row: &KnownWrite,
    state: WriteState,
    kept: &Kept,
) -> Option<String> {
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
    pub(super) fn is_made(&mut self, response: &ZohoResponse) {
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
        let made = self.link_of_made.take().map(|link| link.replace("{id}", id));
        self.link = self.link.take().or(made);
    }
}
