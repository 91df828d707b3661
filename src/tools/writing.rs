//! One way for every tool that changes something: its function plans the act, and from here on all acts are alike. What the
//! policy forbids is refused, what a person has to agree to is shown to them, the act is written down, sent once, and what came
//! of it is written down and told.

mod act;
mod looking;
mod parts;
mod permit;
mod planned;
mod sending;
mod settling;
mod steps;
mod taking_back;
mod token;
mod told;
pub mod values;
mod waiting;

pub use act::{Act, GoesOn, Kept};
pub use looking::{are_same, plain};
pub use permit::within;
pub use planned::{Change, Plan, Planned, Reach};
pub use sending::Sent;
pub use steps::{Look, Step, Touched, Undo};
pub use taking_back::take_back;
pub use token::{is_of_an_act, open};
pub use waiting::{Acts, WaitingAct};

use super::error::ToolError;
use super::output::Answer;
use super::question::Coming;
pub use super::request::operation::Sending;
use crate::connections::Product;
use crate::ledger::{KnownWrite, WriteState};

impl Act<'_> {
    /// What came of the same act, where it was begun within the last minutes: it is not planned again, for it would find
    /// what it has done itself. Of one that was done in part, what is left is planned.
    ///
    /// # Errors
    /// The acts that are written down cannot be read, or nobody knows what came of it.
    pub async fn earlier(&mut self) -> Result<Option<Answer>, ToolError> {
        self.settle_cut().await?;
        if self.once_more {
            return Ok(None);
        }
        let Some(before) = self.ledger().same_write(&self.key).await? else {
            return Ok(None);
        };
        let kept = Kept::of(&before).filter(|kept| before.state == WriteState::Done && !kept.is_whole());
        if let Some(part) = kept {
            self.goes_on = Some(GoesOn {
                id: before.id,
                done: part.done(),
            });
            return Ok(None);
        }
        if self.granted.is_some() {
            return Ok(None);
        }
        settling::before(self.session, self.ledger(), before)
            .await
            .map(Some)
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

/// Carries an act out; `plan` plans it, once more where a person has read for a while what it would do.
///
/// # Errors
/// Nothing was sent, it did not happen, or nobody knows whether it did: the failure says which.
pub async fn carry_out<'a>(
    act: &Act<'_>,
    plan: impl Fn() -> Coming<'a, Result<Plan, ToolError>>,
) -> Result<Sent, ToolError> {
    let planned = match plan().await? {
        Plan::Act(planned) => planned,
        Plan::Answer(answer) => return Ok(Sent::of(*answer)),
    };
    let granted = permit::obtain(act, &planned).await?;
    if !granted.is_older {
        return sending::send(act, *planned, granted).await;
    }
    match plan().await? {
        Plan::Act(now) => {
            permit::unchanged((planned.seen.as_deref(), planned.lines()), &now)?;
            sending::send(act, *now, granted).await
        }
        Plan::Answer(answer) => Ok(Sent::of(*answer)),
    }
}

/// The product that an act which was written down belongs to.
pub fn product_of(write: &KnownWrite) -> Option<Product> {
    Kept::of(write).map(|kept| kept.product)
}
