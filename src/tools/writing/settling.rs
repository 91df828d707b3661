//! What came of an act: looked up where Zoho's answer was lost, and written down.

use serde_json::{Value, json};

use super::act::Kept;
use super::looking::{Found, Lost, look};
use super::parts::{self, Outcome, Part, made_id};
use super::told;
use crate::connections::Product;
use crate::ledger::{KnownWrite, LONGEST_SENDING_SECONDS, Ledger, WriteState};
use crate::tools::error::{Code, ToolError};
use crate::tools::output::Answer;
use crate::zoho::{Session, ZohoError, ZohoResponse};

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
        WriteState::Done if !kept.is_whole() => Ok(in_part(&row, &kept)),
        WriteState::Done if !still_holds(session, &kept).await => Err(changed_since(&row, &kept)),
        WriteState::Done => {
            let note =
                "The same call was made not long ago and is done: this is its outcome, nothing was sent now.";
            let mut answer = told::done(&row, &kept).with("already_done", true);
            answer.notes.push(match kept.undoes {
                Some(_) => note.to_owned(),
                None => format!("{note} With repeat:true it is done once more."),
            });
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

/// An act that was done in part and was asked for in other words: those that began it go on with it.
fn in_part(row: &KnownWrite, kept: &Kept) -> Answer {
    let mut answer = told::done(row, kept).with("already_done", true);
    answer.notes.push(format!(
        "The same act was begun not long ago in other words, and done in part: nothing was sent now. The call that does what is \
         left: {} {}",
        row.key.tool,
        Value::Object(kept.arguments.clone())
    ));
    answer
}

/// An act that was done, and does not hold any more.
fn changed_since(row: &KnownWrite, kept: &Kept) -> ToolError {
    let error = format!(
        "Nothing was sent: the same call was made not long ago and did it ({}: {}), and it does NOT hold any more: it was changed \
         or taken back since.",
        row.id, kept.what
    );
    let next = "Read what is there now. With repeat:true the call does it once more, if that is what the user wants.";
    ToolError::new(Code::Rejected, error, next)
}

/// Whether what an act has changed is still so, as far as that can be read; of what it has made nothing is said.
async fn still_holds(session: &Session, kept: &Kept) -> bool {
    for part in kept.parts.iter().filter(|part| part.is_whole()) {
        for how in part.looks.iter().filter(|how| how.since.is_none()) {
            if let Ok(Found::Other(_)) = look(session, kept.product, how, None).await {
                return false;
            }
        }
    }
    true
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
    let (failure, note) = match look_up(session, ledger, row, &mut kept, why).await {
        Ok(note) => (None, Some(note)),
        Err(error) => (Some(error), None),
    };
    let mut answer = close(ledger, row, &kept, failure).await?;
    answer.notes.extend(note);
    Ok(answer)
}

/// Looks up what came of the calls of which nobody knows; what is told of it. What is not there so soon may come yet: a gateway
/// gives up before what is behind it does.
///
/// # Errors
/// Not all of it is there, or nobody knows.
pub(super) async fn look_up(
    session: &Session,
    ledger: &Ledger,
    row: &KnownWrite,
    kept: &mut Kept,
    why: &str,
) -> Result<String, ToolError> {
    let product = kept.product;
    let lost = match lost(ledger, row).await {
        Ok(lost) => lost,
        Err(error) => return Err(unlooked(kept, why, &error)),
    };
    let early = LONGEST_SENDING_SECONDS.saturating_sub(lost.now.saturating_sub(lost.sent_at));
    let early = Some(early).filter(|seconds| *seconds > 0);
    let (mut made, mut is_missing, mut is_made) = (Vec::new(), false, false);
    for (place, part) in kept.parts.iter_mut().enumerate() {
        if !matches!(part.outcome, Outcome::Sent | Outcome::Unknown) {
            continue;
        }
        match looked(session, product, part, &lost).await {
            Ok(found) => {
                let there: Vec<bool> = found.iter().map(Option::is_some).collect();
                part.was_looked_up(&there, why);
                is_missing |= !part.is_whole();
                kept.is_found |= there.contains(&true) && part.may_be_of_others();
                is_made |= part.makes;
                if part.outcome == Outcome::Unknown {
                    let error =
                        ToolError::new(Code::Unavailable, "a part of it is there, and a part is not", "");
                    return Err(unlooked(kept, why, &error));
                }
                if early.is_some() && !part.is_whole() {
                    part.outcome = Outcome::Unknown;
                    part.failed.clear();
                }
                let record = found.into_iter().flatten().next();
                let id = record.and_then(|record| record.get("id")?.as_str().map(str::to_owned));
                made.extend(id.map(|id| (place, id)));
            }
            Err(error) => {
                part.outcome = Outcome::Unknown;
                return Err(unlooked(kept, why, &error));
            }
        }
    }
    for (place, id) in made {
        kept.made(place, &id);
    }
    if let (true, Some(seconds)) = (is_missing, early) {
        return Err(not_yet(seconds, why));
    }
    if is_missing {
        let error = format!("Zoho's answer was lost ({why}). It was looked up: it is not there.");
        let next = "The same call may be made again: it is sent once more.";
        let mut failure = ToolError::new(Code::Unavailable, error, next);
        failure.retryable = true;
        return Err(failure);
    }
    let found = match is_made {
        true => {
            "it is there, by what it says: what it does not say may be of somebody else who made the same."
        }
        false => "it is there.",
    };
    Ok(format!(
        "Zoho's answer was lost ({why}). It was looked up: {found}"
    ))
}

/// It could not be looked up.
fn unlooked(kept: &Kept, why: &str, error: &ToolError) -> ToolError {
    let place = kept.link.as_deref().unwrap_or("in Zoho's own pages");
    let mut failure = ToolError::new(
        Code::OutcomeUnknown,
        format!(
            "Zoho's answer was lost ({why}), and whether {} of {} happened could not be looked up: {}",
            kept.what, kept.label, error.error
        ),
        format!("The same call looks again and sends nothing. Or look whether it is there: {place}"),
    );
    failure.retryable = true;
    failure
}

/// What is known of an act that is looked up.
async fn lost(ledger: &Ledger, row: &KnownWrite) -> Result<Lost, ToolError> {
    let sent_at = row.sent_at.unwrap_or(row.created_at);
    let others = ledger.writes_around(&row.key, sent_at).await?.into_iter();
    let others = others.filter(|other| other.id != row.id);
    Ok(Lost {
        sent_at,
        now: ledger.now(),
        of_others: others.filter_map(|other| Kept::of(&other)?.id).collect(),
    })
}

/// It is not there, and may come yet.
fn not_yet(seconds: i64, why: &str) -> ToolError {
    let error = format!("Zoho's answer was lost ({why}). It is not there yet, and Zoho may still be at it.");
    let next = format!(
        "Wait {seconds} s, then make the same call again: it looks again, and says whether it may be sent once more."
    );
    let mut failure = ToolError::new(Code::OutcomeUnknown, error, next);
    failure.retryable = true;
    failure.wait_seconds = u32::try_from(seconds).ok();
    failure
}

/// What each look of a call finds.
async fn looked(
    session: &Session,
    product: Product,
    part: &Part,
    lost: &Lost,
) -> Result<Vec<Option<Box<Value>>>, ToolError> {
    if part.looks.is_empty() {
        let error = "there is nothing to look for it by";
        return Err(ToolError::new(Code::Unavailable, error, ""));
    }
    let mut all = Vec::new();
    // Of several things that Zoho took in one call, one tells of all.
    let enough = match part.is_taken && part.looks.len() != part.records.len() {
        true => 1,
        false => part.looks.len(),
    };
    for how in part.looks.iter().take(enough) {
        all.push(match look(session, product, how, Some(lost)).await? {
            Found::There(record) => Some(record),
            Found::Other(_) => None,
        });
    }
    Ok(all)
}

/// Writes down how an act ended, and tells it; `failure` is why it went no further.
///
/// # Errors
/// Nothing of it happened, or nobody knows.
pub(super) async fn close(
    ledger: &Ledger,
    row: &KnownWrite,
    kept: &Kept,
    failure: Option<ToolError>,
) -> Result<Answer, ToolError> {
    let state = parts::state(&kept.parts);
    let unwritten = write_down(ledger, row, state, kept).await;
    if state == WriteState::Done {
        let mut answer = told::done(row, kept);
        let why = failure.filter(|_| !kept.is_whole()).map(|failure| failure.error);
        answer.notes.extend(why);
        answer.notes.extend(unwritten);
        return Ok(answer);
    }
    let failure = failure.or_else(|| parts::failure(&kept.parts));
    let mut failure = failure.unwrap_or_else(|| ToolError::internal(&"an act that ended in no way"));
    if kept.is_of_several() || kept.parts.len() > 1 {
        let mut beside = failure.beside.take().map(|beside| *beside).unwrap_or_default();
        beside.extend(parts::left(&kept.parts));
        parts::leave_out_what_is_told(&mut beside, &failure);
        let done = parts::told_done(&kept.parts);
        if !done.is_empty() {
            beside.insert("done".to_owned(), json!(done));
        }
        let names = json!(beside.keys().collect::<Vec<&String>>());
        beside.insert("untrusted".to_owned(), names);
        failure.beside = Some(Box::new(beside));
    }
    Err(failure)
}

/// Writes the end of an act down; what is told where that fails.
async fn write_down(ledger: &Ledger, row: &KnownWrite, state: WriteState, kept: &Kept) -> Option<String> {
    let ended = match kept.written() {
        Ok(written) => ledger
            .end_write(row, state, &written)
            .await
            .map_err(ToolError::from),
        Err(error) => Err(error),
    };
    if let (WriteState::Done, true, Some(undone)) = (state, kept.is_whole(), &kept.undoes)
        && let Err(error) = ledger.undone_write(undone).await
    {
        tracing::warn!(%error, write = %undone, "that an act was undone could not be written down");
    }
    let error = ended.err()?;
    tracing::warn!(%error, write = %row.id, state = state.as_str(), "the end of an act could not be written down");
    Some("It is done, and could not be written down: it cannot be taken back here.".to_owned())
}

impl Kept {
    /// Writes down that a call is sent now.
    pub(super) fn begins(&mut self, place: usize) {
        self.ends(place, Outcome::Sent);
    }

    /// Writes down how a call ended.
    pub(super) fn ends(&mut self, place: usize, outcome: Outcome) {
        if let Some(part) = self.parts.get_mut(place) {
            part.outcome = outcome;
        }
    }

    /// Takes over that Zoho refused a call.
    pub(super) fn was_refused(&mut self, place: usize, error: &ZohoError) {
        let product = self.product;
        if let Some(part) = self.parts.get_mut(place) {
            part.was_refused(product, error);
        }
    }

    /// Takes over what Zoho answered to a call, and the id of what it made; false where the answer does not say that it was
    /// done.
    pub(super) fn took(&mut self, place: usize, response: &ZohoResponse) -> bool {
        let product = self.product;
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let Some(part) = self.parts.get_mut(place) else {
            return false;
        };
        if !part.is_said(product, &body) {
            part.outcome = Outcome::Unknown;
            let is_silent = product == Product::Desk && body.is_object() && body.get("errorCode").is_none();
            part.is_taken = response.body.is_empty() || is_silent;
            return false;
        }
        part.took(product, &body);
        if let Some(id) = made_id(product, &body) {
            part.is_as_made(product, &body);
            self.made(place, id);
        }
        let place = self.shows.as_deref();
        self.made = place.and_then(|place| body.pointer(place)).cloned();
        true
    }

    /// Takes over the id of what a call made or changed.
    fn made(&mut self, place: usize, id: &str) {
        if let Some(part) = self.parts.get_mut(place) {
            part.undo = part.undo.take().map(|undo| undo.of_made(id));
        }
        if self.is_of_several() {
            return;
        }
        self.id.get_or_insert_with(|| id.to_owned());
        let made = self.link_of_made.take().map(|link| link.replace("{id}", id));
        self.link = self.link.take().or(made);
    }
}
