//! The act that takes back another one: what it did is put back where it is still so, and left where somebody changed it since.

use std::collections::BTreeSet;

use serde_json::Value;

use super::act::{Act, Kept};
use super::looking::{Found, are_same, look, other_than_said};
use super::planned::{Change, Planned};
use super::steps::{Look, Step, Undo};
use crate::connections::Product;
use crate::ledger::{KnownWrite, WriteState};
use crate::tools::error::{Code, ToolError};
use crate::zoho::Session;

/// The act that takes back another one, but for the records that it was done to already.
///
/// # Errors
/// It cannot be taken back, was already, or what it did was changed since.
pub async fn take_back(act: &Act<'_>, write: &KnownWrite, done: &[String]) -> Result<Planned, ToolError> {
    if write.state != WriteState::Done {
        return Err(refused(format!(
            "The act {} is {}: there is nothing to take back.",
            write.id,
            write.state.as_str()
        )));
    }
    let Some(kept) = Kept::of(write) else {
        return Err(refused(format!(
            "What was there before {} is kept no longer.",
            write.id
        )));
    };
    let undos = kept.undos();
    let Some(Undo { what, .. }) = undos.first() else {
        return Err(refused(format!(
            "{} of {} cannot be taken back.",
            kept.what, kept.label
        )));
    };
    let what = what.clone();
    let is_of_record = undos.iter().any(|undo| undo.is_of_record);
    let (mut steps, mut changed): (Vec<Step>, Vec<ChangedSince>) = Default::default();
    let is_of_many = kept.done().len() > 1;
    let is_part = !kept.is_whole();
    let done: BTreeSet<String> = done.iter().cloned().collect();
    let left = undos.into_iter().filter_map(|undo| undo.without(&done));
    for step in left.flat_map(|undo| undo.steps) {
        let since = changed_since(act.session, kept.product, &step, is_of_many).await?;
        // What an earlier try has put back is changed, too.
        if !since.is_empty() && is_back(act.session, kept.product, &step).await? {
            continue;
        }
        steps.extend(match since.as_slice() {
            [] => Some(step),
            since => left_of(&step, since),
        });
        changed.extend(since);
    }
    // A record is taken back as a whole or left as it is.
    let left: BTreeSet<String> = changed.iter().filter_map(|one| one.id.clone()).collect();
    let steps: Vec<Step> = steps.iter().filter_map(|step| step.without(&left)).collect();
    let told: Vec<&str> = changed.iter().map(|one| one.told.as_str()).collect();
    if steps.is_empty() {
        return Err(refused(format!(
            "Nothing was sent: what {} did to {} was changed since ({}), and taking it back would lose that.",
            write.id,
            kept.label,
            told.join("; ")
        )));
    }
    let mut planned = Planned {
        id: kept.id,
        label: kept.label,
        link: kept.link,
        word: kept.word,
        changes: turned(&kept.lines),
        is_aside: kept.is_aside,
        undoes: Some(write.id.clone()),
        is_of_record,
        is_uncertain: kept.is_found,
        ..Planned::of_steps(kept.product, &kept.module, what, steps)
    };
    if kept.is_found {
        let note = "Zoho's answer was lost, and this was found by looking: it may be what somebody else did.";
        planned.notes.push(note.to_owned());
    }
    if is_of_record {
        let note =
            "What others have put beside it since goes with it: comments, notes, time, records below it.";
        planned.notes.push(note.to_owned());
    }
    if is_part {
        let note =
            "It was done in part: the lines are those of all of it, the records those that it was done to.";
        planned.notes.push(note.to_owned());
    }
    if !told.is_empty() {
        let note = format!("Left as it is, as it was changed since: {}.", told.join("; "));
        planned.notes.push(note);
    }
    Ok(planned)
}

fn refused(why: String) -> ToolError {
    let next = "Tell the user; the record's link shows what is there.";
    ToolError::new(Code::Rejected, why, next)
}

/// Something of a step that somebody changed since.
struct ChangedSince {
    /// The record, where the step is about several.
    id: Option<String>,
    /// What of it is other, with its name where the act is about several.
    told: String,
}

/// What of a step does not hold any more.
async fn changed_since(
    session: &Session,
    product: Product,
    step: &Step,
    is_of_many: bool,
) -> Result<Vec<ChangedSince>, ToolError> {
    let mut changed = Vec::new();
    for (place, holds) in step.holds.iter().enumerate() {
        let Found::Other(now) = look(session, product, holds, None).await? else {
            continue;
        };
        let differing = differing(holds, now.as_deref());
        let of = step
            .records
            .get(place)
            .filter(|_| step.holds.len() == step.records.len());
        changed.push(ChangedSince {
            id: of.map(|one| one.id.clone()),
            told: match of.filter(|_| is_of_many) {
                Some(one) => format!("{} ({differing})", one.label),
                None => differing,
            },
        });
    }
    Ok(changed)
}

/// Whether all that a step puts back is so already.
async fn is_back(session: &Session, product: Product, step: &Step) -> Result<bool, ToolError> {
    for how in &step.looks {
        if let Found::Other(_) = look(session, product, how, None).await? {
            return Ok(false);
        }
    }
    Ok(!step.looks.is_empty())
}

fn differing(holds: &Look, now: Option<&Value>) -> String {
    let is_there = |place: &str, value: &Value| {
        let there = now.and_then(|now| now.pointer(place));
        are_same(there.unwrap_or(&Value::Null), value)
    };
    let one = holds.is.iter().filter(|(place, value)| !is_there(place, value));
    let several = holds.one_of.iter();
    let several = several.filter(|(place, values)| !values.iter().any(|value| is_there(place, value)));
    let places = one.map(|(place, _)| place).chain(several.map(|(place, _)| place));
    let places = places.map(|place| place.trim_start_matches('/').to_owned());
    let said = now.and_then(|now| other_than_said(holds, now));
    places.chain(said).collect::<Vec<String>>().join(", ")
}

/// What of a step can still be done.
fn left_of(step: &Step, changed: &[ChangedSince]) -> Option<Step> {
    let ids: Option<BTreeSet<String>> = changed.iter().map(|one| one.id.clone()).collect();
    step.without(&ids?)
}

/// The lines of an act the other way round.
fn turned(lines: &[String]) -> Vec<Change> {
    let split = |line: &String| {
        let (sign, rest) = line.split_once(' ')?;
        let (label, value) = rest.split_once(": ")?;
        let (label, value) = (label.to_owned(), Some(value.to_owned()));
        match sign {
            "-" => Some(Change {
                label,
                before: None,
                after: value,
            }),
            "+" => Some(Change {
                label,
                before: value,
                after: None,
            }),
            _ => None,
        }
    };
    let mut changes: Vec<Change> = Vec::new();
    for change in lines.iter().filter_map(split) {
        // A line for what was belongs to one for what will be; two of a kind are two things.
        let other = changes.iter_mut().find(|known| {
            known.label == change.label
                && (known.before.is_none() || change.before.is_none())
                && (known.after.is_none() || change.after.is_none())
        });
        match other {
            Some(known) => {
                known.before = known.before.take().or(change.before);
                known.after = known.after.take().or(change.after);
            }
            None => changes.push(change),
        }
    }
    changes
}
