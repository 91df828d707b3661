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
mod uploads;
pub mod values;
mod waiting;

pub use act::{Act, GoesOn, Kept};
pub use looking::{are_same, plain};
pub use permit::within;
pub use planned::{Change, Plan, Planned, Reach};
pub use sending::Sent;
pub use steps::{Look, Step, Touched, Undo};
pub use taking_back::take_back;
pub use token::{Purpose, is_of_an_act, open};
pub use waiting::{Acts, WaitingAct};

use told::in_short;

use super::error::{Code, ToolError};
use super::output::Answer;
use super::question::Coming;
pub use super::request::operation::Sending;
use crate::connections::Product;
use crate::ledger::{KnownWrite, LONGEST_SENDING_SECONDS, SAME_ACT_SECONDS, WriteState};

/// Why the answer to an act of before is not there.
const LOST_LONG_AGO: &str = "the connection broke";
/// Characters of a line of an act that may be the same.
const MOST_OF_TWIN: usize = 200;

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
                told: part.told(),
            });
            return Ok(None);
        }
        let is_done = before.state == WriteState::Done;
        if self.granted.is_some() || is_done && !self.is_in_its_words() {
            return Ok(None);
        }
        settling::before(self.session, self.ledger(), before)
            .await
            .map(Some)
    }

    /// What came of the act that sends the same and was asked for in other words: nobody is asked about it again. What was
    /// agreed to is used up where it is sent.
    async fn in_other_words(&self, planned: &Planned) -> Result<Option<Answer>, ToolError> {
        if self.once_more || self.goes_on.is_some() || self.granted.is_some() {
            return Ok(None);
        }
        match self.ledger().write_of_mark(&self.key, &planned.mark()).await? {
            Some(before) => settling::before(self.session, self.ledger(), before)
                .await
                .map(Some),
            None => Ok(None),
        }
    }

    /// Warns where something was done to the same record of which nobody knows whether it happened: in other words, or by another
    /// tool, it may be the same, and happen twice; and whoever changes something else ought to know.
    async fn warn(&self, planned: &mut Planned) -> Result<(), ToolError> {
        let now = self.ledger().now();
        let warning = |(write, kept): (KnownWrite, Kept)| {
            let may_be_it = write.key.tool == self.key.tool || kept.says_the_same(planned);
            let warning = format!(
                "BEWARE: \"{}\" was sent {} s ago ({}), and nobody knows yet whether it happened{}. It said: {}",
                kept.what,
                now.saturating_sub(write.created_at),
                write.id,
                if may_be_it { ": this may do it TWICE" } else { "" },
                in_short(&kept.lines, MOST_OF_TWIN).join("; ")
            );
            (may_be_it, warning)
        };
        let open = self.open_acts(planned).await?.into_iter().map(warning);
        let (may_be_it, warnings): (Vec<bool>, Vec<String>) = open.unzip();
        planned.may_be_twice = may_be_it.contains(&true);
        planned.is_uncertain |= !warnings.is_empty();
        planned.notes.extend(warnings);
        Ok(())
    }

    /// The acts on the same record of which nobody knows whether they happened; what came of those that Zoho has had its time for
    /// is looked up first.
    async fn open_acts(&self, planned: &Planned) -> Result<Vec<(KnownWrite, Kept)>, ToolError> {
        let under_way = &self.invocation.equipment().under_way;
        let mut open = Vec::new();
        for write in self.ledger().open_writes(&self.key).await? {
            let Some(kept) = Kept::of(&write) else { continue };
            if !kept.is_about(planned) || under_way.has(&write.id) {
                continue;
            }
            // Another new record of the module is no matter of it for longer than the same call is the same act.
            let is_new = kept.id.is_none() && kept.link.is_none();
            let age = self
                .ledger()
                .now()
                .saturating_sub(write.sent_at.unwrap_or(write.created_at));
            if is_new && age > SAME_ACT_SECONDS {
                continue;
            }
            if age > LONGEST_SENDING_SECONDS {
                let settled =
                    settling::settle(self.session, self.ledger(), &write, kept.clone(), LOST_LONG_AGO).await;
                if !settled.is_err_and(|error| error.code == Code::OutcomeUnknown) {
                    continue;
                }
            }
            open.push((write, kept));
        }
        Ok(open)
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
    let mut planned = match plan().await? {
        Plan::Act(planned) => planned,
        Plan::Answer(answer) => return Ok(Sent::of(*answer)),
    };
    if let Some(answer) = act.in_other_words(&planned).await? {
        return Ok(Sent::of(answer));
    }
    act.warn(&mut planned).await?;
    let granted = permit::obtain(act, &planned).await?;
    if !granted.is_older {
        return sending::send(act, *planned, granted).await;
    }
    match plan().await? {
        Plan::Act(mut now) => {
            act.warn(&mut now).await?;
            permit::warned(planned.may_be_twice, &now)?;
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
