//! One way for every tool that changes something: its function plans the act, and from here on all acts are alike. What the
//! policy forbids is refused, what a person has to agree to is shown to them, the act is written down, sent once, and what came
//! of it is written down and told.

mod act;
mod looking;
mod permit;
mod planned;
mod sending;
mod settling;
mod token;
mod told;
pub mod values;
mod waiting;

pub use act::{Act, Kept};
use looking::Found;
pub use looking::{are_same, plain};
pub use planned::{Change, Look, Plan, Planned, Reach, Undo};
pub use sending::Sent;
use serde_json::Value;
pub use token::{is_of_an_act, open};
pub use waiting::{Acts, WaitingAct};

use super::error::{Code, ToolError};
use super::output::Answer;
pub use super::request::operation::Sending;
use crate::connections::Product;
use crate::ledger::{KnownWrite, WriteState};

impl Act<'_> {
    /// What came of the same act, where it was begun within the last minutes: it is not planned again, for it would find
    /// what it has done itself.
    ///
    /// # Errors
    /// The acts that are written down cannot be read, or nobody knows what came of it.
    pub async fn earlier(&self) -> Result<Option<Answer>, ToolError> {
        self.settle_cut().await?;
        if self.once_more || self.granted.is_some() {
            return Ok(None);
        }
        match self.ledger().same_write(&self.key).await? {
            Some(before) => Ok(Some(settling::before(self.session, self.ledger(), before).await?)),
            None => Ok(None),
        }
    }

    /// Looks up what came of acts that were cut off with their process.
    async fn settle_cut(&self) -> Result<(), ToolError> {
        let (ledger, key) = (self.ledger(), &self.key);
        for cut in ledger
            .cut_writes(&key.user_id, key.connection_id, &key.organization)
            .await?
        {
            if let Some(kept) = Kept::of(&cut) {
                let settled =
                    settling::settle(self.session, ledger, &cut, kept, "the server was stopped").await;
                tracing::info!(write = %cut.id, there = settled.is_ok(), "an act that was cut off was looked up");
            }
        }
        Ok(())
    }
}

/// Carries a planned act out.
///
/// # Errors
/// Nothing was sent, it did not happen, or nobody knows whether it did: the failure says which.
pub async fn carry_out(act: &Act<'_>, planned: Planned) -> Result<Sent, ToolError> {
    let granted = permit::obtain(act, &planned).await?;
    sending::send(act, planned, granted).await
}

/// The act that takes back another one.
///
/// # Errors
/// It cannot be taken back, was already, or what it did was changed since.
pub async fn take_back(act: &Act<'_>, write: &KnownWrite) -> Result<Planned, ToolError> {
    let refused = |why: String| {
        ToolError::new(
            Code::Rejected,
            why,
            "Tell the user; the record's link shows what is there.",
        )
    };
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
    let Some(undo) = kept.undo.clone() else {
        return Err(refused(format!(
            "{} of {} cannot be taken back.",
            kept.what, kept.label
        )));
    };
    if let Some(holds) = &undo.holds
        && let Found::Other(now) = looking::look(act.session, kept.product, holds, None).await?
    {
        let differs = |(place, value): &(&String, &Value)| {
            let there = now.as_ref().and_then(|now| now.pointer(place));
            !are_same(there.unwrap_or(&Value::Null), value)
        };
        let places = holds
            .is
            .iter()
            .filter(differs)
            .map(|(place, _)| place.trim_start_matches('/'));
        let places: Vec<&str> = places.collect();
        return Err(refused(format!(
            "Nothing was sent: what {} did to {} was changed since ({}), and taking it back would lose that.",
            write.id,
            kept.label,
            places.join(", ")
        )));
    }
    let mut planned = Planned::new(kept.product, &kept.module, undo.what.clone(), undo.call.clone());
    planned.id = kept.id;
    planned.label = kept.label;
    planned.link = kept.link;
    planned.word = kept.word;
    planned.changes = turned(&kept.lines);
    planned.look = undo.back.as_ref().and_then(|back| back.holds.clone());
    planned.undo = undo.back.map(|back| *back);
    planned.is_aside = kept.is_aside;
    planned.undoes = Some(write.id.clone());
    Ok(planned)
}

/// The lines of an act the other way round.
fn turned(lines: &[String]) -> Vec<Change> {
    let split = |line: &String| {
        let (sign, rest) = line.split_once(' ')?;
        let (label, value) = rest.split_once(": ")?;
        let (label, value) = (label.to_owned(), Some(value.to_owned()));
        Some(match sign {
            "-" => Change {
                label,
                before: None,
                after: value,
            },
            _ => Change {
                label,
                before: value,
                after: None,
            },
        })
    };
    let mut changes: Vec<Change> = Vec::new();
    for change in lines.iter().filter_map(split) {
        match changes.iter_mut().find(|known| known.label == change.label) {
            Some(known) => {
                known.before = known.before.take().or(change.before);
                known.after = known.after.take().or(change.after);
            }
            None => changes.push(change),
        }
    }
    changes
}

/// The product that an act which was written down belongs to.
pub fn product_of(write: &KnownWrite) -> Option<Product> {
    Kept::of(write).map(|kept| kept.product)
}
