//! What a person is asked: found, agreed to, taken back.

use super::{ASKED_LIFE_SECONDS, KnownWrite, WriteKey, user};
use crate::connections::{Caller, ConnectionError};
use crate::database::Statement;
use crate::ledger::Ledger;
use crate::ledger::sql::{
    APPROVE_WRITE, APPROVED_WRITE, DECLINE_SIBLINGS, DECLINE_WRITES, HEAR_REFUSED, REFUSE_WRITE,
    WAITING_WRITES,
};

impl Ledger {
    /// The same act that a person has agreed to, and that nobody has carried out yet.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn approved_write(&self, key: &WriteKey) -> Result<Option<KnownWrite>, ConnectionError> {
        let found = Statement::new(APPROVED_WRITE)
            .bind(&key.user_id)
            .bind(key.connection_id);
        let found = found.bind(&key.organization).bind(&key.tool).bind(&key.digest);
        let rows = self.database().await?.fetch_all(found.bind(self.now())).await?;
        Ok(self.all_known(rows).await?.into_iter().next())
    }

    /// What this caller is asked, the oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn waiting_writes(&self, caller: &Caller) -> Result<Vec<KnownWrite>, ConnectionError> {
        let waiting = Statement::new(WAITING_WRITES).bind(user(caller)).bind(self.now());
        let rows = self.database().await?.fetch_all(waiting).await?;
        self.all_known(rows).await
    }

    /// Writes down that a person agrees to what was asked; false where it can be answered no longer.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn approve_write(&self, id: &str, caller: &Caller) -> Result<bool, ConnectionError> {
        let now = self.now();
        let approved = Statement::new(APPROVE_WRITE).bind(id).bind(user(caller));
        let approved = approved.bind(now.saturating_add(ASKED_LIFE_SECONDS)).bind(now);
        Ok(self.database().await?.execute(approved).await? > 0)
    }

    /// Writes down a no that whoever asked has not heard, to this act however often it was asked: the same act is told of it once,
    /// and asked about anew after that. False where there is nothing to say no to.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn refuse_write(&self, id: &str, caller: &Caller) -> Result<bool, ConnectionError> {
        let refused = Statement::new(REFUSE_WRITE).bind(id).bind(user(caller));
        let refused = refused.bind(self.now().saturating_add(ASKED_LIFE_SECONDS));
        let mut tx = self.database().await?.begin().await?;
        let is_refused = tx.execute(refused).await? > 0;
        if is_refused {
            tx.execute(Statement::new(DECLINE_SIBLINGS).bind(id)).await?;
        }
        tx.commit().await?;
        Ok(is_refused)
    }

    /// Whether a person has said no to this act and nobody was told: from now on somebody is.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn hear_refused(&self, key: &WriteKey) -> Result<bool, ConnectionError> {
        let heard = Statement::new(HEAR_REFUSED)
            .bind(&key.user_id)
            .bind(key.connection_id);
        let heard = heard.bind(&key.organization).bind(&key.tool).bind(&key.digest);
        Ok(self.database().await?.execute(heard.bind(self.now())).await? > 0)
    }

    /// Takes back what was asked of this act, every time it was.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn decline_writes(&self, key: &WriteKey) -> Result<(), ConnectionError> {
        self.database().await?.execute(declining(key)).await?;
        Ok(())
    }
}

/// Takes back what was asked of an act.
pub(super) fn declining(key: &WriteKey) -> Statement {
    let declined = Statement::new(DECLINE_WRITES)
        .bind(&key.user_id)
        .bind(key.connection_id);
    declined.bind(&key.organization).bind(&key.tool).bind(&key.digest)
}
