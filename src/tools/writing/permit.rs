//! Whether an act may be sent: by the operator's policy, and where that says so by a person, on the first way that reaches one.
//! A form in their client; else what it does is shown, and a second call confirms it; what cannot be taken back is agreed to
//! at a terminal, where no client answers by itself. No argument of the call itself, and no text in a record, is a yes.

use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::time::timeout;

use super::act::{Act, Kept, typed};
use super::planned::Planned;
use super::token;
use crate::ledger::{ASKED_LIFE_SECONDS, KnownWrite, NewWrite};
use crate::names::clip;
use crate::tools::error::{Code, ToolError};
use crate::tools::mending::Mend;
use crate::tools::policy::{Need, Policy};
use crate::tools::question::{Question, Reply};

/// Characters of a message that a client shows.
const MOST_MESSAGE: usize = 4_000;

/// An act that may be sent.
pub(super) struct Granted {
    /// What names it.
    pub(super) id: String,
    /// Whether it was asked before: then that is used up.
    pub(super) was_asked: bool,
    /// Who agreed.
    pub(super) by: &'static str,
}

/// Obtains what an act needs before it is sent.
///
/// # Errors
/// Nothing may be sent: the policy forbids it, nobody has agreed yet, or the record is another by now.
pub(super) async fn obtain(act: &Act<'_>, planned: &Planned) -> Result<Granted, ToolError> {
    let (policy, weight) = (act.policy()?, planned.weight());
    match policy.need(weight) {
        Need::Forbidden => {
            let allows = |policy: &Policy| policy.need(weight) != Need::Forbidden;
            let least = Policy::ALL.into_iter().find(allows).unwrap_or_default();
            Err(ToolError::forbidden(&planned.what, policy, least))
        }
        Need::Nothing => Ok(Granted {
            id: act.ledger().name_write()?,
            was_asked: false,
            by: "policy",
        }),
        need => agreed(act, planned, need == Need::Word).await,
    }
}

async fn agreed(act: &Act<'_>, planned: &Planned, is_final: bool) -> Result<Granted, ToolError> {
    if let Some(granted) = &act.granted {
        if is_final {
            return Err(needed(act, planned, granted, is_final).await);
        }
        return used(granted, planned, "confirm_write");
    }
    if let Some(approved) = act.ledger().approved_write(&act.key).await? {
        return used(&approved, planned, "approve");
    }
    let question = Question::Act {
        message: message(planned),
        word: is_final.then(|| word(planned)),
    };
    if let Some(carried) = act.invocation.carried()
        && let Ok(asked) = token::open(act.invocation, carried.state).await
        && asked.key == act.key
    {
        return match carried.reply {
            Some(Reply::Accepted) if question.is_agreed_by(carried.typed) => used(&asked, planned, "person"),
            None => Err(left_open(act, question, carried.state.to_owned())),
            _ => Err(declined(act, planned, &asked, is_final).await),
        };
    }
    let asked = write_down(act, planned).await?;
    let person = act.invocation.person();
    let hold = match person.has_time() {
        true => Duration::from_secs(ASKED_LIFE_SECONDS.unsigned_abs()),
        false => act.invocation.equipment().consent_hold,
    };
    match timeout(hold, person.ask(&question)).await {
        Ok(Reply::Accepted) => used(&asked, planned, "person"),
        Ok(Reply::Later) => {
            let state = token_of(act, planned, &asked).await?;
            Err(left_open(act, question, state))
        }
        Ok(Reply::Declined) => Err(declined(act, planned, &asked, is_final).await),
        Ok(Reply::Refused) => Err(refused(act, &asked).await),
        Ok(Reply::CannotAsk) | Err(_) => Err(needed(act, planned, &asked, is_final).await),
    }
}

/// What was asked, where the record is still the one it was asked about.
fn used(asked: &KnownWrite, planned: &Planned, by: &'static str) -> Result<Granted, ToolError> {
    if let (Some(seen), Some(now)) = (&asked.seen, &planned.seen)
        && seen != now
    {
        let then = Kept::of(asked).map(|kept| kept.lines).unwrap_or_default();
        let both = [("when_shown", json!(then)), ("now", json!(planned.lines()))];
        return Err(ToolError::changed_meanwhile(seen, now, beside(both.into_iter())));
    }
    Ok(Granted {
        id: asked.id.clone(),
        was_asked: true,
        by,
    })
}

/// Writes down what a person is asked.
async fn write_down(act: &Act<'_>, planned: &Planned) -> Result<KnownWrite, ToolError> {
    let write = NewWrite {
        id: act.ledger().name_write()?,
        key: act.key.clone(),
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

async fn token_of(act: &Act<'_>, planned: &Planned, asked: &KnownWrite) -> Result<String, ToolError> {
    let record = format!("{} {}", planned.module, word(planned));
    Ok(token::make(act.ledger(), &asked.id, &act.key, asked.seen.as_deref(), &record).await?)
}

fn left_open(act: &Act<'_>, question: Question, state: String) -> ToolError {
    act.invocation.leave_open(question, state);
    ToolError::internal(&"a question that nobody carries on")
}

/// Nobody could be asked.
async fn needed(act: &Act<'_>, planned: &Planned, asked: &KnownWrite, is_final: bool) -> ToolError {
    let error = "Nothing was sent yet: the user has to agree to it first.";
    shown(act, planned, asked, is_final, Code::ConfirmationNeeded, error).await
}

/// A no, or a client that answered by itself: which of them nobody knows.
async fn declined(act: &Act<'_>, planned: &Planned, asked: &KnownWrite, is_final: bool) -> ToolError {
    let error = "Nothing was sent: the user declined, or their client did without showing them the question.";
    shown(act, planned, asked, is_final, Code::DeclinedOrNotAsked, error).await
}

/// A no of the person's own: nobody is asked about it again.
async fn refused(act: &Act<'_>, asked: &KnownWrite) -> ToolError {
    let caller = &act.invocation.principal().caller;
    match act.ledger().decline_write(&asked.id, caller).await {
        Ok(_) => ToolError::new(
            Code::DeclinedOrNotAsked,
            "Nothing was sent: the person at the terminal said no.",
            "Leave it so.",
        ),
        Err(error) => error.into(),
    }
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
    let mend = match is_final {
        true => Mend::Approve,
        false => match token_of(act, planned, asked).await {
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
    shown.insert("changes".to_owned(), json!(planned.lines()));
    shown.insert("consequences".to_owned(), json!(planned.consequences()));
    shown.extend(planned.link.clone().map(|link| ("link".to_owned(), json!(link))));
    Value::Object(shown)
}

/// The same for a client to show to its person: all of it is in the text, which every client shows.
fn message(planned: &Planned) -> String {
    let head = format!("{}: {}", planned.label, planned.what);
    let link = planned.link.clone();
    let end = std::iter::once(planned.consequences()).chain(link);
    let lines: Vec<String> = std::iter::once(head).chain(planned.lines()).chain(end).collect();
    clip(&lines.join("\n"), MOST_MESSAGE)
}
