//! Whether an act may be sent: by the operator's policy, and where that says so by a person, on the first way that reaches one.
//! A form in their client; else what it does is shown, and a second call confirms it; what cannot be taken back is agreed to
//! at a terminal, where no client answers by itself. No argument of the call itself, and no text in a record, is a yes.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::time::timeout;

use super::act::{Act, Kept, typed};
use super::planned::Planned;
use super::token::{self, Purpose};
use super::told::in_short;
use crate::ledger::{ASKED_LIFE_SECONDS, KnownWrite, NewWrite};
use crate::tools::error::{Code, ToolError};
use crate::tools::mending::Mend;
use crate::tools::policy::{Need, Policy};
use crate::tools::question::{Coming, Question, Reply};

/// Characters of a form: what is longer is read at a terminal, or in a preview.
const MOST_MESSAGE: usize = 8_000;
/// Characters of a line of a preview, which a model shows that has written the rest itself.
const MOST_LINE: usize = 16_000;

/// An act that may be sent.
pub(super) struct Granted {
    /// What names it.
    pub(super) id: String,
    /// Whether it was asked before: then that is used up.
    pub(super) was_asked: bool,
    /// Who agreed.
    pub(super) by: &'static str,
    /// A person has read it since it was planned: the record may be another by now.
    pub(super) is_older: bool,
}

impl Granted {
    fn after_a_while(mut self) -> Self {
        self.is_older = true;
        self
    }
}

/// Obtains what an act needs before it is sent.
///
/// # Errors
/// Nothing may be sent: the policy forbids it, nobody has agreed yet, or the record is another by now.
pub(super) async fn obtain(act: &Act<'_>, planned: &Planned) -> Result<Granted, ToolError> {
    let most = act.invocation.equipment().bulk_limit;
    within(most, planned.records().len(), false)?;
    let (policy, weight) = (act.policy()?, planned.weight());
    let need = match policy.need(weight) {
        Need::Nothing if planned.is_doubtful() => Need::Agreement,
        need => need,
    };
    if need != Need::Forbidden {
        act.require_chosen().await?;
    }
    match need {
        Need::Forbidden => {
            let allows = |policy: &Policy| policy.need(weight) != Need::Forbidden;
            let least = Policy::ALL.into_iter().find(allows).unwrap_or_default();
            Err(ToolError::forbidden(&planned.what, policy, least))
        }
        Need::Nothing => Ok(Granted {
            id: act.ledger().name_write()?,
            was_asked: false,
            by: "policy",
            is_older: false,
        }),
        need => agreed(act, planned, need == Need::Word).await,
    }
}

/// Refuses an act on more records than the operator lets one change; `are_more` where nobody has counted the others.
///
/// # Errors
/// There are more.
pub fn within(most: usize, records: usize, are_more: bool) -> Result<(), ToolError> {
    if records <= most && !are_more {
        return Ok(());
    }
    let (counted, calls) = match are_more {
        true => (format!("more than {records}"), "several".to_owned()),
        false => (records.to_string(), records.div_ceil(most.max(1)).to_string()),
    };
    let error =
        format!("Nothing was sent: {counted} records, and one act changes {most} at most (--bulk-limit).");
    let next = format!("Make {calls} calls of at most {most} records each; the user agrees to each.");
    Err(ToolError::new(Code::InvalidArguments, error, next))
}

async fn agreed(act: &Act<'_>, planned: &Planned, is_final: bool) -> Result<Granted, ToolError> {
    if let Some(granted) = &act.granted {
        if is_final {
            return Err(needed(act, planned, granted, is_final).await);
        }
        return used(granted, planned, "confirm_write");
    }
    if let Some(approved) = act.ledger().approved_write(&act.key).await? {
        let granted = used(&approved, planned, "approve");
        if granted.is_err() {
            // What was agreed to is not what it would be now: it is asked anew.
            act.ledger().decline_writes(&act.key).await?;
        }
        return granted;
    }
    if act.ledger().hear_refused(&act.key).await? {
        let error = "Nothing was sent: the user was asked about this before, and has declined it since.";
        return Err(no(planned, error));
    }
    let question = Question::Act {
        message: message(planned),
        // What may happen twice is nothing to be waved through.
        word: (is_final || planned.may_be_twice).then(|| word(planned)),
    };
    if let Some(carried) = act.invocation.carried()
        && let Ok(asked) = token::open(act.invocation, Purpose::Form, carried.state).await
        && asked.key == act.key
    {
        let was_told = Kept::of(&asked).is_some_and(|kept| kept.warned);
        warned(was_told, planned)?;
        let was_read = !act.invocation.equipment().unread.has(&asked.id);
        return match carried.reply {
            Some(Reply::Accepted) if was_read && question.is_agreed_by(carried.typed) => {
                used(&asked, planned, "person")
            }
            None => Err(left_open(act, question, &asked, carried.state.to_owned())),
            Some(Reply::Declined) if was_read => Err(declined(act, planned, &asked).await),
            Some(_) => Err(not_asked(act, planned, &asked, is_final).await),
        };
    }
    let asked = write_down(act, planned).await?;
    let person = act.invocation.person();
    let hold = match person.has_time() {
        true => Duration::from_secs(ASKED_LIFE_SECONDS.unsigned_abs()),
        false => act.invocation.equipment().consent_hold,
    };
    if question.length() > MOST_MESSAGE {
        return Err(needed(act, planned, &asked, is_final).await);
    }
    let mut asking = person.ask(&question);
    let Ok(reply) = timeout(hold, &mut asking).await else {
        hear_late(act, &asked, asking);
        return Err(unanswered(act, planned, &asked, is_final).await);
    };
    match reply {
        Reply::Accepted => used(&asked, planned, "person").map(Granted::after_a_while),
        Reply::Later => {
            let state = token_of(act, planned, &asked, Purpose::Form).await?;
            Err(left_open(act, question, &asked, state))
        }
        Reply::Declined => Err(declined(act, planned, &asked).await),
        Reply::NotAsked => Err(not_asked(act, planned, &asked, is_final).await),
        Reply::CannotAsk => Err(needed(act, planned, &asked, is_final).await),
    }
}

/// What was asked, where the record is still the one it was asked about.
fn used(asked: &KnownWrite, planned: &Planned, by: &'static str) -> Result<Granted, ToolError> {
    let kept = Kept::of(asked);
    warned(kept.as_ref().is_some_and(|kept| kept.warned), planned)?;
    let then = kept.map(|kept| kept.lines).unwrap_or_default();
    unchanged((asked.seen.as_deref(), then), planned)?;
    Ok(Granted {
        id: asked.id.clone(),
        was_asked: true,
        by,
        is_older: false,
    })
}

/// Refuses what was agreed to before an act was begun that may be the same, and of which nobody knows whether it happened.
///
/// # Errors
/// There is one.
pub(super) fn warned(was_told: bool, now: &Planned) -> Result<(), ToolError> {
    if was_told || !now.may_be_twice {
        return Ok(());
    }
    let error = "Nothing was sent: since this was shown, an act on the same record was begun of which nobody knows yet whether \
                 it happened. This one may do it twice.";
    let next = "Make the call that changes something again: it shows the user both.";
    Err(ToolError::new(Code::ConfirmationNeeded, error, next))
}

/// Refuses what was agreed to where the record is another than the one that was shown: by the time of its last change, and by
/// what it holds, for the times of CRM have whole seconds.
///
/// # Errors
/// It is.
pub(super) fn unchanged((seen, lines): (Option<&str>, Vec<String>), now: &Planned) -> Result<(), ToolError> {
    if seen == now.seen.as_deref() && lines == now.lines() {
        return Ok(());
    }
    let both = [("when_shown", json!(lines)), ("now", json!(now.lines()))];
    let (then, by_now) = (
        seen.unwrap_or("the preview"),
        now.seen.as_deref().unwrap_or("now"),
    );
    Err(ToolError::changed_meanwhile(
        then,
        by_now,
        beside(both.into_iter()),
    ))
}

/// Writes down what a person is asked.
async fn write_down(act: &Act<'_>, planned: &Planned) -> Result<KnownWrite, ToolError> {
    let write = NewWrite {
        id: act.ledger().name_write()?,
        key: act.key.clone(),
        mark: planned.mark(),
        seen: planned.seen.clone(),
        kept: act.kept(planned).written()?,
    };
    act.ledger().ask_write(&write).await?;
    Ok(write.begun(act.invocation.now().as_second()))
}

/// What a person types to agree to what cannot be taken back.
fn word(planned: &Planned) -> String {
    typed(planned.word.as_deref(), planned.id.as_deref(), &planned.module)
}

async fn token_of(
    act: &Act<'_>,
    planned: &Planned,
    asked: &KnownWrite,
    purpose: Purpose,
) -> Result<String, ToolError> {
    let record = format!("{} {}", planned.module, word(planned));
    Ok(token::make(
        act.ledger(),
        purpose,
        &asked.id,
        &act.key,
        asked.seen.as_deref(),
        &record,
    )
    .await?)
}

fn left_open(act: &Act<'_>, question: Question, asked: &KnownWrite, state: String) -> ToolError {
    act.invocation.equipment().unread.add(&asked.id);
    act.invocation.leave_open(question, state);
    ToolError::internal(&"a question that nobody carries on")
}

/// Hears the reply to a question that outlives its call: a yes is kept for the same call, a no ends the act.
fn hear_late(act: &Act<'_>, asked: &KnownWrite, asking: Coming<'static, Reply>) {
    let ledger = Arc::clone(&act.invocation.equipment().ledger);
    let (asked, caller) = (asked.clone(), act.invocation.caller().clone());
    tokio::spawn(async move {
        let life = Duration::from_secs(ASKED_LIFE_SECONDS.unsigned_abs());
        let heard = match timeout(life, asking).await {
            Ok(Reply::Accepted) => ledger.approve_write(&asked.id, &caller).await.map(|_| ()),
            Ok(Reply::Declined) => ledger.refuse_write(&asked.id, &caller).await.map(|_| ()),
            _ => Ok(()),
        };
        if let Err(error) = heard {
            tracing::warn!(%error, write = %asked.id, "a late reply could not be written down");
        }
    });
}

/// The person takes longer than a call may last.
async fn unanswered(act: &Act<'_>, planned: &Planned, asked: &KnownWrite, is_final: bool) -> ToolError {
    let error = "Nothing was sent yet: the user has not answered the question, which stays open. Once they have agreed to it, \
                 the same call sends it.";
    shown(act, planned, asked, is_final, Code::ConfirmationNeeded, error).await
}

/// Nobody could be asked.
async fn needed(act: &Act<'_>, planned: &Planned, asked: &KnownWrite, is_final: bool) -> ToolError {
    let error = "Nothing was sent yet: the user has to agree to it first.";
    shown(act, planned, asked, is_final, Code::ConfirmationNeeded, error).await
}

/// A client that answered by itself, or a word that was not the one asked for: another way is left.
async fn not_asked(act: &Act<'_>, planned: &Planned, asked: &KnownWrite, is_final: bool) -> ToolError {
    let error = "Nothing was sent: the user's client answered without showing them the question, or not with what was \
                 asked for.";
    shown(act, planned, asked, is_final, Code::DeclinedOrNotAsked, error).await
}

/// A person's no: the act is asked no longer, here or at a terminal, whenever and however often it was.
async fn declined(act: &Act<'_>, planned: &Planned, asked: &KnownWrite) -> ToolError {
    if let Err(error) = act.ledger().decline_writes(&asked.key).await {
        return error.into();
    }
    no(
        planned,
        "Nothing was sent: the user declined, or closed the question.",
    )
}

fn no(planned: &Planned, error: &str) -> ToolError {
    let members = [("preview", preview(planned)), ("untrusted", json!(["preview"]))];
    ToolError::to_be_agreed(
        Code::DeclinedOrNotAsked,
        error,
        Mend::AskAgain,
        beside(members.into_iter()),
    )
}

/// What the act would do, and the next way to agree to it.
async fn shown(
    act: &Act<'_>,
    planned: &Planned,
    asked: &KnownWrite,
    is_final: bool,
    code: Code,
    error: &str,
) -> ToolError {
    let mut members = vec![("preview", preview(planned))];
    // What a preview leaves out nobody has agreed to: a terminal shows all of it.
    let lines = planned.lines();
    let is_cut = in_short(&lines, MOST_LINE) != lines;
    let mend = match is_final || is_cut {
        true => Mend::Approve,
        false => match token_of(act, planned, asked, Purpose::Token).await {
            Ok(token) => {
                members.push(("token", json!(token)));
                Mend::Confirm
            }
            Err(error) => return error,
        },
    };
    members.push(("untrusted", json!(["preview"])));
    ToolError::to_be_agreed(code, error, mend, beside(members.into_iter()))
}

fn beside(members: impl Iterator<Item = (&'static str, Value)>) -> Map<String, Value> {
    members.map(|(name, value)| (name.to_owned(), value)).collect()
}

/// What an act does, for a model to show.
fn preview(planned: &Planned) -> Value {
    let mut shown = Map::new();
    shown.insert("what".to_owned(), json!(planned.what));
    shown.insert("record".to_owned(), json!(planned.label));
    let named = planned.named();
    if !named.is_empty() {
        shown.insert("records".to_owned(), json!(named));
    }
    shown.insert("changes".to_owned(), json!(in_short(&planned.lines(), MOST_LINE)));
    if !planned.repairs.is_empty() {
        shown.insert("repairs".to_owned(), json!(planned.repairs));
    }
    if !planned.notes.is_empty() {
        shown.insert("notes".to_owned(), json!(planned.notes));
    }
    shown.insert("consequences".to_owned(), json!(planned.consequences()));
    shown.extend(planned.link.clone().map(|link| ("link".to_owned(), json!(link))));
    Value::Object(shown)
}

/// The same for a client to show to its person: all of it is in the text, which every client shows.
fn message(planned: &Planned) -> String {
    let head = format!("{}: {}", planned.label, planned.what);
    let link = planned.link.clone();
    let end = std::iter::once(planned.consequences()).chain(link);
    let told = planned.named().into_iter().chain(planned.lines());
    let told = told.chain(planned.notes.clone());
    let lines: Vec<String> = std::iter::once(head).chain(told).chain(end).collect();
    lines.join("\n")
}
