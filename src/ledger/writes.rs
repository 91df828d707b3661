//! Acts that change something at Zoho, each a row: first what a person is asked, then what was sent and what came of it. A row
//! is written before anything is sent, and what was asked is used up in the same transaction; two processes at once send the
//! same act once.

mod asked;
mod row;

use row::StoredWrite;
pub use row::{Begun, Beside, KnownWrite, NewWrite, WriteKey, WriteState};
use secrecy::{ExposeSecret as _, SecretString};

use super::Ledger;
use super::sql::{
    ADD_WRITE, CUT_WRITES, END_WRITE, FORGET_ASKED, FORGET_SEALED, GO_ON_WRITE, OPEN_WRITES, RELEASE_GUARD,
    SAME_WRITE, SPEND_WRITE, UNDO_WRITE, WRITE_OF_GUARD, WRITE_OF_ID, WRITES_SINCE,
};
use crate::connections::{Caller, ConnectionError, Place, Table, random};
use crate::database::{Statement, Tx};
use crate::names::hexadecimal;

/// How long what was asked may be answered, in seconds.
pub const ASKED_LIFE_SECONDS: i64 = 600;
/// How long the same call is the same act, in seconds.
pub const SAME_ACT_SECONDS: i64 = 600;
/// How long one call of a change is sent at most; what was sent longer ago and has no outcome was cut off with its process.
pub const LONGEST_SENDING_SECONDS: i64 = 90;
/// How long what was there before is kept where the operator says nothing, in hours.
pub const UNDO_HOURS: u16 = 72;
/// How long what nobody answered is still known as that.
const REMEMBERED_SECONDS: i64 = 3600;
/// Bytes of what names an act.
const ID_BYTES: usize = 6;

const TABLE: Table = Table {
    name: "writes",
    one: "write",
};

impl Ledger {
    /// A new text that names an act.
    ///
    /// # Errors
    /// The operating system gives no random numbers.
    pub fn name_write(&self) -> Result<String, ConnectionError> {
        let mut bytes = [0; ID_BYTES];
        random(&mut bytes)?;
        Ok(format!("w{}", hexadecimal(&bytes)))
    }

    /// A mark that proves that this installation wrote a text for this purpose: nobody else can make it.
    ///
    /// # Errors
    /// The key cannot be had.
    pub async fn mark(&self, purpose: &'static str, text: &str) -> Result<String, ConnectionError> {
        self.connections.mark(purpose, text).await
    }

    /// Writes down what a person is asked.
    ///
    /// # Errors
    /// The database cannot be written, or nothing can be sealed.
    pub async fn ask_write(&self, write: &NewWrite) -> Result<(), ConnectionError> {
        let sealed = self.seal_write(write).await?;
        let now = self.now();
        let mut tx = self.database().await?.begin().await?;
        self.forget(&mut tx, now).await?;
        add(&mut tx, write, WriteState::Asked, sealed, now).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets what nobody answered, and what was there before acts of long ago.
    async fn forget(&self, tx: &mut Tx, now: i64) -> Result<(), ConnectionError> {
        let asked = now.saturating_sub(REMEMBERED_SECONDS);
        tx.execute(Statement::new(FORGET_ASKED).bind(asked)).await?;
        let sealed = now.saturating_sub(i64::from(self.undo_hours) * 3600);
        tx.execute(Statement::new(FORGET_SEALED).bind(sealed)).await?;
        Ok(())
    }

    /// Writes down that an act is sent now, before it is. What was asked for it is used up with that; the same act that was
    /// begun not long ago takes its place, unless it stands beside it.
    ///
    /// # Errors
    /// The database cannot be written, or nothing can be sealed: nothing may be sent.
    pub async fn begin_write(
        &self,
        write: &NewWrite,
        was_asked: bool,
        beside: &Beside,
    ) -> Result<Begun, ConnectionError> {
        let sealed = self.seal_write(write).await?;
        let (now, guard) = (self.now(), write.guard());
        let mut tx = self.database().await?.begin().await?;
        self.forget(&mut tx, now).await?;
        if was_asked {
            let spend = Statement::new(SPEND_WRITE)
                .bind(&write.id)
                .bind(&write.key.user_id);
            if tx.execute(spend.bind(now)).await? == 0 {
                return Ok(Begun::Spent);
            }
        }
        let release = Statement::new(RELEASE_GUARD).bind(&guard);
        let (any, one) = match beside {
            Beside::None => (false, None),
            Beside::Any => (true, None),
            Beside::Act(id) => (false, Some(id.as_str())),
        };
        let release = release
            .bind(now.saturating_sub(SAME_ACT_SECONDS))
            .bind(i64::from(any))
            .bind(one);
        tx.execute(release).await?;
        if add(&mut tx, write, WriteState::Sent, sealed, now).await? == 0 {
            let before: Option<StoredWrite> = tx
                .fetch_optional(Statement::new(WRITE_OF_GUARD).bind(&guard))
                .await?;
            return Ok(match before {
                Some(before) => Begun::Before(Box::new(self.known(before).await?)),
                None => Begun::Spent,
            });
        }
        // What else was asked of it, or agreed to, was about the act that is sent now.
        tx.execute(asked::declining(&write.key)).await?;
        tx.commit().await?;
        Ok(Begun::ToBeSent)
    }

    /// Writes down how far an act has come that is sent in several calls; false where its outcome was written meanwhile.
    ///
    /// # Errors
    /// The database cannot be written, or nothing can be sealed: nothing more may be sent.
    pub async fn go_on_write(
        &self,
        write: &KnownWrite,
        kept: &SecretString,
    ) -> Result<bool, ConnectionError> {
        let place = place(&write.id, &write.key.user_id);
        let sealed = self.connections.seal(&place, kept).await?;
        let gone_on = Statement::new(GO_ON_WRITE).bind(&write.id).bind(sealed);
        let database = self.database().await?;
        Ok(database.execute(gone_on.bind(self.now())).await? > 0)
    }

    /// Writes down what came of an act.
    ///
    /// # Errors
    /// The database cannot be written, or nothing can be sealed.
    pub async fn end_write(
        &self,
        write: &KnownWrite,
        state: WriteState,
        kept: &SecretString,
    ) -> Result<(), ConnectionError> {
        let place = place(&write.id, &write.key.user_id);
        let sealed = self.connections.seal(&place, kept).await?;
        let ended = Statement::new(END_WRITE).bind(&write.id).bind(state.as_str());
        self.database()
            .await?
            .execute(ended.bind(self.now()).bind(sealed))
            .await?;
        Ok(())
    }

    /// The same act, where it was begun within the last minutes, or nobody knows yet what came of it.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn same_write(&self, key: &WriteKey) -> Result<Option<KnownWrite>, ConnectionError> {
        let same = Statement::new(SAME_WRITE)
            .bind(&key.user_id)
            .bind(key.connection_id);
        let same = same.bind(&key.organization).bind(&key.tool).bind(&key.digest);
        self.recent(same).await
    }

    /// The act that sends the same, in whichever words it was asked for, where it was begun within the last minutes, or nobody
    /// knows yet what came of it.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn write_of_mark(
        &self,
        key: &WriteKey,
        mark: &str,
    ) -> Result<Option<KnownWrite>, ConnectionError> {
        let same = Statement::new(WRITE_OF_GUARD).bind(key.guard(mark));
        self.recent(same).await
    }

    async fn recent(&self, same: Statement) -> Result<Option<KnownWrite>, ConnectionError> {
        let found: Option<StoredWrite> = self.database().await?.fetch_optional(same).await?;
        let Some(found) = found else { return Ok(None) };
        let found = self.known(found).await?;
        let since = self.now().saturating_sub(SAME_ACT_SECONDS);
        let is_open = matches!(found.state, WriteState::Sent | WriteState::Unknown);
        Ok(Some(found).filter(|found| is_open || found.created_at > since))
    }

    /// The acts of the same connection and organization of which nobody knows yet what came of them; the latest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn open_writes(&self, key: &WriteKey) -> Result<Vec<KnownWrite>, ConnectionError> {
        let open = Statement::new(OPEN_WRITES)
            .bind(&key.user_id)
            .bind(key.connection_id);
        let rows = self
            .database()
            .await?
            .fetch_all(open.bind(&key.organization))
            .await?;
        self.all_known(rows).await
    }

    /// The acts of the same connection and organization that were begun since this moment or not long before it.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn writes_around(
        &self,
        key: &WriteKey,
        moment: i64,
    ) -> Result<Vec<KnownWrite>, ConnectionError> {
        let around = Statement::new(WRITES_SINCE)
            .bind(&key.user_id)
            .bind(key.connection_id);
        let around = around.bind(&key.organization);
        let since = moment.saturating_sub(SAME_ACT_SECONDS);
        let rows = self.database().await?.fetch_all(around.bind(since)).await?;
        self.all_known(rows).await
    }

    /// An act of this caller.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn find_write(&self, id: &str, caller: &Caller) -> Result<Option<KnownWrite>, ConnectionError> {
        let found = Statement::new(WRITE_OF_ID).bind(id).bind(user(caller));
        let found: Option<StoredWrite> = self.database().await?.fetch_optional(found).await?;
        match found {
            Some(found) => Ok(Some(self.known(found).await?)),
            None => Ok(None),
        }
    }

    /// The acts of a connection and organization that were cut off with their process.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn cut_writes(
        &self,
        user_id: &str,
        connection_id: i64,
        organization: &str,
    ) -> Result<Vec<KnownWrite>, ConnectionError> {
        let since = self.now().saturating_sub(LONGEST_SENDING_SECONDS);
        let cut = Statement::new(CUT_WRITES).bind(user_id).bind(connection_id);
        let rows = self
            .database()
            .await?
            .fetch_all(cut.bind(organization).bind(since))
            .await?;
        self.all_known(rows).await
    }

    /// Writes down that an act was undone.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn undone_write(&self, id: &str) -> Result<(), ConnectionError> {
        self.database()
            .await?
            .execute(Statement::new(UNDO_WRITE).bind(id))
            .await?;
        Ok(())
    }

    async fn seal_write(&self, write: &NewWrite) -> Result<String, ConnectionError> {
        let place = place(&write.id, &write.key.user_id);
        self.connections.seal(&place, &write.kept).await
    }

    async fn all_known(&self, rows: Vec<StoredWrite>) -> Result<Vec<KnownWrite>, ConnectionError> {
        let mut all = Vec::new();
        for row in rows {
            all.push(self.known(row).await?);
        }
        Ok(all)
    }

    async fn known(&self, row: StoredWrite) -> Result<KnownWrite, ConnectionError> {
        let (
            id,
            user_id,
            connection_id,
            organization,
            tool,
            digest,
            seen,
            state,
            created_at,
            expires_at,
            sent_at,
            sealed,
        ) = row;
        let kept = self.connections.open_sealed(&place(&id, &user_id), &sealed).await;
        let kept =
            kept.inspect_err(|error| tracing::debug!(%error, "what is kept of a write cannot be opened"));
        let mut states = WriteState::ALL.into_iter();
        Ok(KnownWrite {
            id,
            key: WriteKey {
                user_id,
                connection_id,
                organization,
                tool,
                digest,
            },
            seen,
            state: states
                .find(|known| known.as_str() == state)
                .unwrap_or(WriteState::Unknown),
            created_at,
            expires_at,
            sent_at,
            kept: kept.ok().filter(|kept| !kept.expose_secret().is_empty()),
        })
    }
}

async fn add(
    tx: &mut Tx,
    write: &NewWrite,
    state: WriteState,
    sealed: String,
    now: i64,
) -> Result<u64, ConnectionError> {
    let is_sent = state == WriteState::Sent;
    let key = &write.key;
    let row = Statement::new(ADD_WRITE)
        .bind(&write.id)
        .bind(&key.user_id)
        .bind(key.connection_id);
    let row = row
        .bind(&key.organization)
        .bind(&key.tool)
        .bind(&key.digest)
        .bind(write.seen.clone());
    let row = row
        .bind(state.as_str())
        .bind(is_sent.then(|| write.guard()))
        .bind(now);
    let row = row
        .bind(now.saturating_add(ASKED_LIFE_SECONDS))
        .bind(is_sent.then_some(now))
        .bind(sealed);
    Ok(tx.execute(row).await?)
}

/// Whose acts a caller may see; `None` is the owner of all of them.
fn user(caller: &Caller) -> Option<&str> {
    match caller {
        Caller::User(user) => Some(user),
        Caller::Only => None,
    }
}

fn place<'a>(id: &'a String, user_id: &'a str) -> Place<'a> {
    Place {
        table: &TABLE,
        row: id,
        user_id,
        column: "sealed",
    }
}
