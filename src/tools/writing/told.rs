//! What is told of an act that was sent.

use serde_json::{Map, json};

use super::act::Kept;
use super::sending::settle;
use crate::ledger::{KnownWrite, LONGEST_SENDING_SECONDS, Ledger, WriteState};
use crate::tools::error::{Code, ToolError};
use crate::tools::output::Answer;
use crate::zoho::Session;

/// An act that is done.
pub(super) fn done(row: &KnownWrite, kept: &Kept, note: Option<String>) -> Answer {
    let mut data = Map::new();
    data.extend(kept.id.clone().map(|id| ("id".to_owned(), json!(id))));
    data.insert("done".to_owned(), json!(kept.what));
    data.insert("changes".to_owned(), json!(kept.lines));
    data.extend(kept.link.clone().map(|link| ("link".to_owned(), json!(link))));
    let mut write = Map::new();
    write.insert("id".to_owned(), json!(row.id));
    write.extend(
        kept.agreed_by
            .clone()
            .map(|by| ("agreed_by".to_owned(), json!(by))),
    );
    let can_be_undone = kept.undo.is_some();
    write.insert("undo_write".to_owned(), json!(can_be_undone));
    let mut answer = Answer::default()
        .with("data", data)
        .with("app_type", kept.product.as_str())
        .with("module", kept.module.as_str())
        .with("write", write);
    if !kept.lines.is_empty() {
        answer.untrusted.insert("changes".to_owned());
    }
    answer.notes.extend(note);
    answer
}

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
            Ok(done(&row, &kept, Some(note.to_owned())).with("already_done", true))
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
