//! Sends an act, each of its calls once and one after another: it is written down before, what came of it after, and both happen
//! although nobody waits any more.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::act::{Act, Kept};
use super::looking::{Found, look};
use super::parts::{self, Outcome, Part};
use super::permit::Granted;
use super::planned::Planned;
use super::settling::{before, close, look_up};
use super::{told, uploads};
use crate::connections::Product;
use crate::ledger::{Begun, Beside, KnownWrite, LONGEST_SENDING_SECONDS, Ledger, NewWrite};
use crate::tools::error::{Code, ToolError};
use crate::tools::output::Answer;
use crate::tools::person::Person;
use crate::zoho::{Session, Write, ZohoError, ZohoResponse};

/// What came of an act.
#[derive(Debug)]
pub struct Sent {
    /// What is told of it.
    pub answer: Answer,
    /// What Zoho answered last, where it was sent now.
    pub response: Option<ZohoResponse>,
}

/// Sends an act that was granted.
///
/// # Errors
/// It did not happen, or nobody knows whether it did.
pub(super) async fn send(act: &Act<'_>, mut planned: Planned, granted: Granted) -> Result<Sent, ToolError> {
    let mark = planned.mark();
    for step in &mut planned.steps {
        uploads::attach(act.session, &act.key.tool, &mut step.call).await?;
    }
    let calls = planned.steps.iter();
    let writes = calls.map(|step| step.call.write(&act.key.tool, planned.product));
    let writes = writes.collect::<Result<Vec<Write>, ToolError>>()?;
    let mut kept = act.kept(&planned);
    kept.agreed_by = Some(granted.by.to_owned());
    kept.begins(0);
    let new = NewWrite {
        id: granted.id,
        key: act.key.clone(),
        mark,
        seen: planned.seen.clone(),
        kept: kept.written()?,
    };
    let ledger = Arc::clone(&act.invocation.equipment().ledger);
    let session = act.session.clone();
    let beside = match (&act.goes_on, act.once_more) {
        (Some(part), _) => Beside::Act(part.id.clone()),
        (None, true) => Beside::Any,
        (None, false) => Beside::None,
    };
    let all = planned.records().len();
    let (tell, mut told) = unbounded_channel();
    let way = act.invocation.equipment().under_way.begin(&new.id);
    let work = async move {
        let _way = way;
        match ledger.begin_write(&new, granted.was_asked, &beside).await? {
            Begun::Spent => return Err(spent()),
            Begun::Before(row) => return before(&session, &ledger, *row).await.map(Sent::of),
            Begun::ToBeSent => {}
        }
        let row = new.begun(ledger.now());
        in_order(&ledger, &session, row, kept, writes, &tell).await
    };
    let equipment = act.invocation.equipment();
    let person = act.invocation.person();
    let advancing = async {
        while let Some(done) = told.recv().await {
            advance(person, done, all, &planned.what).await;
        }
    };
    let (sent, ()) = tokio::join!(equipment.zoho.see_through("a change", Box::pin(work)), advancing);
    let mut sent = sent??;
    if let Some(part) = &act.goes_on {
        sent.answer = told::goes_on(sent.answer, part);
    }
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

/// How far an act on several records is; that of one is done at once.
async fn advance(person: &dyn Person, done: usize, all: usize, what: &str) {
    if all > 1 {
        let of = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let message = format!("{done} of {all} records: {what}");
        person.advance(of(done), Some(of(all)), message).await;
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

/// Sends one call after another up to the first that fails for all; what Zoho refuses of some records is left out of the calls
/// that follow. Before each it is written down that it is sent now.
async fn in_order(
    ledger: &Ledger,
    session: &Session,
    mut row: KnownWrite,
    mut kept: Kept,
    writes: Vec<Write>,
    tell: &UnboundedSender<usize>,
) -> Result<Sent, ToolError> {
    let (mut last, mut failure, mut notes) = (None, None, Vec::new());
    let product = kept.product;
    let mut left: BTreeSet<String> = BTreeSet::new();
    for (place, write) in writes.into_iter().enumerate() {
        if kept.parts.get(place).is_some_and(|part| part.is_about_any(&left)) {
            continue;
        }
        if place > 0 && !goes_on(ledger, &mut row, &mut kept, place).await {
            notes.push("The rest could not be written down, and was not sent.".to_owned());
            break;
        }
        if is_late(ledger, &row) {
            kept.ends(place, Outcome::Open);
            failure = Some(held_up());
            break;
        }
        let (mut lost, mut is_silent, mut is_rejected) = (None, false, false);
        match session.write(write).await {
            Ok(response) => {
                let is_said = kept.took(place, &response);
                last = Some(response);
                if !is_said {
                    lost = Some("it does not say what was done".to_owned());
                    is_silent = true;
                }
            }
            Err(ZohoError::OutcomeUnknown { message }) => {
                kept.ends(place, Outcome::Unknown);
                lost = Some(message);
            }
            Err(error) => {
                is_rejected = matches!(error, ZohoError::Rejected { .. });
                kept.was_refused(place, &error);
                if is_rejected && let Some(part) = kept.parts.get_mut(place) {
                    look_after_refusal(session, product, part).await;
                }
                failure.get_or_insert(refused(error, &kept));
            }
        }
        if let Some(why) = lost {
            match look_up(session, ledger, &row, &mut kept, &why).await {
                // An answer without a word is one, where what it is about is there.
                Ok(note) => notes.extend(Some(note).filter(|_| !is_silent)),
                Err(error) => failure = Some(error),
            }
        }
        // Nobody may be there to hear it.
        tell.send(parts::done(&kept.parts).len()).ok();
        // What Zoho refuses of one record does not keep the others back.
        match kept.parts.get(place).map(|part| (part.is_whole(), part.outcome)) {
            Some((true, _)) => {}
            Some((false, outcome)) if is_rejected || outcome == Outcome::Done => {
                left.extend(kept.parts.iter().flat_map(Part::undone));
            }
            _ => break,
        }
    }
    let mut answer = close(ledger, &row, &kept, failure).await?;
    answer.notes.extend(notes);
    Ok(Sent {
        answer,
        response: last,
    })
}

/// Looks which records of a call that Zoho refused were changed all the same: it may have got as far as the one it refused.
async fn look_after_refusal(session: &Session, product: Product, part: &mut Part) {
    if part.records.len() < 2 || part.looks.len() != part.records.len() {
        return;
    }
    let mut there = BTreeSet::new();
    for (one, how) in part.records.iter().zip(&part.looks) {
        if let Ok(Found::There(_)) = look(session, product, how, None).await {
            there.insert(one.id.clone());
        }
    }
    if !there.is_empty() {
        part.failed.retain(|failed| !there.contains(&failed.id));
        part.outcome = Outcome::Done;
    }
}

/// Whether so much time has passed since it was written down that a call is sent that another process may take the act for one
/// that was cut off: a machine that slept, a process that was stopped.
fn is_late(ledger: &Ledger, row: &KnownWrite) -> bool {
    let since = row.sent_at.map(|sent_at| ledger.now().saturating_sub(sent_at));
    since.is_some_and(|seconds| seconds > LONGEST_SENDING_SECONDS / 3)
}

fn held_up() -> ToolError {
    let error = "Nothing was sent: the machine was held up before it could be.";
    let mut failure = ToolError::new(Code::Unavailable, error, "Make the same call again.");
    failure.retryable = true;
    failure
}

/// Writes down that the next call is sent; false where that fails, or somebody took the act for one that was cut off.
async fn goes_on(ledger: &Ledger, row: &mut KnownWrite, kept: &mut Kept, place: usize) -> bool {
    kept.begins(place);
    row.sent_at = Some(ledger.now());
    let written = match kept.written() {
        Ok(written) => ledger.go_on_write(row, &written).await.map_err(ToolError::from),
        Err(error) => Err(error),
    };
    let has_gone_on = written.unwrap_or_else(|error| {
        tracing::warn!(%error, write = %row.id, "the next call of an act could not be written down");
        false
    });
    if !has_gone_on {
        kept.ends(place, Outcome::Open);
    }
    has_gone_on
}

/// Why Zoho did not do it; a record that somebody changed at the same moment is told as such.
fn refused(error: ZohoError, kept: &Kept) -> ToolError {
    if let ZohoError::Rejected { code, .. } = &error
        && code == "ALREADY_MODIFIED"
    {
        let lines = [("planned".to_owned(), json!(kept.lines))].into_iter().collect();
        return ToolError::changed_meanwhile("the moment before it was sent", "a later moment", lines);
    }
    let is_held = matches!(&error, ZohoError::Rejected { code, .. } if code == "RECORD_IN_BLUEPRINT");
    let mut refused = ToolError::from(error);
    if is_held {
        refused.next = "perform_transition lists the transitions that are open, and performs one.".to_owned();
    }
    refused
}
