//! The acts that wait for a person who agrees outside of a conversation.

use super::act::Kept;
use crate::connections::Caller;
use crate::ledger::{KnownWrite, Ledger};
use crate::tools::error::ToolError;

/// The acts that wait for one caller.
pub struct Acts<'a> {
    ledger: &'a Ledger,
    caller: &'a Caller,
}

/// An act that waits.
#[derive(Debug, Clone, serde::Serialize)]
pub struct WaitingAct {
    /// What names it.
    pub id: String,
    /// Whose connection it goes through.
    pub user: String,
    /// The tool that was called.
    pub tool: String,
    /// What people call the record.
    pub record: String,
    /// What is done.
    pub what: String,
    /// Line by line.
    pub changes: Vec<String>,
    /// What else there is to know before one agrees.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Who sees it, and whether it can be taken back.
    pub consequences: String,
    /// The record's page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// What a person types to agree to what cannot be taken back, or may be done twice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
    /// Until when it may be agreed to, in epoch seconds.
    pub until: i64,
}

impl<'a> Acts<'a> {
    pub(in crate::tools) fn new(ledger: &'a Ledger, caller: &'a Caller) -> Self {
        Acts { ledger, caller }
    }

    /// Those that wait, the oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn waiting(&self) -> Result<Vec<WaitingAct>, ToolError> {
        let waiting = self.ledger.waiting_writes(self.caller).await?;
        // What was asked again is shown as it was asked last.
        let is_last = |(place, write): &(usize, &KnownWrite)| {
            !waiting.iter().skip(place + 1).any(|later| later.key == write.key)
        };
        let last = waiting.iter().enumerate().filter(is_last);
        let shown = last.filter_map(|(_, write)| {
            let write = write.clone();
            let kept = Kept::of(&write)?;
            let named = kept.named().into_iter();
            let word = (kept.is_final() || kept.warned).then(|| kept.typed());
            Some(WaitingAct {
                word,
                id: write.id,
                user: write.key.user_id,
                tool: write.key.tool,
                record: kept.label,
                what: kept.what,
                changes: named.chain(kept.lines).collect(),
                notes: kept.notes,
                consequences: kept.consequences,
                link: kept.link,
                until: write.expires_at,
            })
        });
        Ok(shown.collect())
    }

    /// Agrees to one: the same call carries it out. False where it waits no longer.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn agree(&self, id: &str) -> Result<bool, ToolError> {
        Ok(self.ledger.approve_write(id, self.caller).await?)
    }

    /// Says no to one: whoever asked is told when they ask again. False where it waits no longer.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn decline(&self, id: &str) -> Result<bool, ToolError> {
        Ok(self.ledger.refuse_write(id, self.caller).await?)
    }
}
