//! Acts that change something at Zoho, each a row: first what a person is asked, then what was sent and what came of it. A row
//! is written before anything is sent, and what was asked is used up in the same transaction; two processes at once send the
//! same act once.

use secrecy::{ExposeSecret as _, SecretString};

use super::Ledger;
use super::sql::{
    ADD_WRITE, APPROVE_WRITE, APPROVED_WRITE, CUT_WRITES, DECLINE_WRITE, END_WRITE, FORGET_ASKED,
    FORGET_SEALED, RELEASE_GUARD, SPEND_WRITE, UNDO_WRITE, WAITING_WRITES, WRITE_OF_GUARD, WRITE_OF_ID,
};
use crate::connections::{Caller, ConnectionError, Place, Table, random};
use crate::database::{Statement, Tx};
use crate::names::hexadecimal;

/// How long what was asked may be answered, in seconds.
pub const ASKED_LIFE_SECONDS: i64 = 600;
/// How long the same call is the same act, in seconds.
pub const SAME_ACT_SECONDS: i64 = 600;
/// How long a change is sent at most; what was sent longer ago and has no outcome was cut off with its process.
pub const LONGEST_SENDING_SECONDS: i64 = 90;
/// How long what was there before is kept.
const KEPT_SECONDS: i64 = 72 * 3600;
/// How long what nobody answered is still known as that.
const REMEMBERED_SECONDS: i64 = 3600;
/// Bytes of what names an act.
const ID_BYTES: usize = 6;

const TABLE: Table = Table {
    name: "writes",
    one: "write",
};

/// How far an act has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteState {
    /// A person is asked.
    Asked,
    /// A person has agreed where nobody else reaches: the same call carries it out.
    Approved,
    /// It was begun, and nothing says how it ended.
    Sent,
    /// Zoho carried it out.
    Done,
    /// It did not happen.
    Refused,
    /// It was sent, and nothing says whether it happened.
    Unknown,
    /// It was done and then undone.
    Undone,
}

/// What an act is known by: whose it is, and what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteKey {
    /// Whose connection.
    pub user_id: String,
    /// Number of its row.
    pub connection_id: i64,
    /// The organization it is sent to.
    pub organization: String,
    /// The tool's name.
    pub tool: String,
    /// A mark of its arguments.
    pub digest: String,
}

/// An act to be written down.
#[derive(Debug, Clone)]
pub struct NewWrite {
    /// A text that names it.
    pub id: String,
    /// What it is known by.
    pub key: WriteKey,
    /// When the record was changed last that it was made for, as Zoho wrote it.
    pub seen: Option<String>,
    /// All else there is to know; sealed before it is written.
    pub kept: SecretString,
}

/// An act that was written down.
#[derive(Debug, Clone)]
pub struct KnownWrite {
    /// The text that names it.
    pub id: String,
    /// What it is known by.
    pub key: WriteKey,
    /// When the record was changed last that it was made for.
    pub seen: Option<String>,
    /// How far it has come.
    pub state: WriteState,
    /// When it was written down.
    pub created_at: i64,
    /// Until when it may be answered.
    pub expires_at: i64,
    /// When it was sent.
    pub sent_at: Option<i64>,
    /// All else; none where it is kept no longer, or was sealed by a key that is gone.
    pub kept: Option<SecretString>,
}

/// What comes of beginning an act.
#[derive(Debug)]
pub enum Begun {
    /// It may be sent now, by whoever asked, and by nobody else.
    ToBeSent,
    /// What was asked is answered no longer, or was answered before.
    Spent,
    /// The same act was begun not long ago.
    Before(Box<KnownWrite>),
}

type StoredWrite = (
    String,
    String,
    i64,
    String,
    String,
    String,
    Option<String>,
    String,
    i64,
    i64,
    Option<i64>,
    String,
);

impl WriteState {
    const ALL: [WriteState; 7] = [
        WriteState::Asked,
        WriteState::Approved,
        WriteState::Sent,
        WriteState::Done,
        WriteState::Refused,
        WriteState::Unknown,
        WriteState::Undone,
    ];

    /// As the table has it.
    pub fn as_str(self) -> &'static str {
        match self {
            WriteState::Asked => "asked",
            WriteState::Approved => "approved",
            WriteState::Sent => "sent",
            WriteState::Done => "done",
            WriteState::Refused => "refused",
            WriteState::Unknown => "unknown",
            WriteState::Undone => "undone",
        }
    }
}

impl WriteKey {
    /// What only one act of the same caller, tool and arguments holds.
    fn guard(&self) -> String {
        let Self {
            user_id,
            connection_id,
            organization,
            tool,
            digest,
        } = self;
        format!("{connection_id}|{organization}|{tool}|{digest}|{user_id}")
    }
}

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

    /// Writes down what a person is asked, and forgets what nobody answered.
    ///
    /// # Errors
    /// The database cannot be written, or nothing can be sealed.
    pub async fn ask_write(&self, write: &NewWrite) -> Result<(), ConnectionError> {
        let sealed = self.seal_write(write).await?;
        let now = self.now();
        let mut tx = self.database().await?.begin().await?;
        let forgotten = now.saturating_sub(REMEMBERED_SECONDS);
        tx.execute(Statement::new(FORGET_ASKED).bind(forgotten)).await?;
        let forgotten = now.saturating_sub(KEPT_SECONDS);
        tx.execute(Statement::new(FORGET_SEALED).bind(forgotten)).await?;
        add(&mut tx, write, WriteState::Asked, sealed, now).await?;
        Ok(tx.commit().await?)
    }

    /// Writes down that an act is sent now, before it is. What was asked for it is used up with that; the same act that was
    /// begun not long ago takes its place, unless it shall be done once more.
    ///
    /// # Errors
    /// The database cannot be written, or nothing can be sealed: nothing may be sent.
    pub async fn begin_write(
        &self,
        write: &NewWrite,
        was_asked: bool,
        once_more: bool,
    ) -> Result<Begun, ConnectionError> {
        let sealed = self.seal_write(write).await?;
        let (now, guard) = (self.now(), write.key.guard());
        let mut tx = self.database().await?.begin().await?;
        if was_asked {
            let spend = Statement::new(SPEND_WRITE)
                .bind(&write.id)
                .bind(&write.key.user_id);
            if tx.execute(spend.bind(now)).await? == 0 {
                return Ok(Begun::Spent);
            }
        }
        let release = Statement::new(RELEASE_GUARD).bind(&guard);
        let release = release
            .bind(now.saturating_sub(SAME_ACT_SECONDS))
            .bind(i64::from(once_more));
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
        tx.commit().await?;
        Ok(Begun::ToBeSent)
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

    /// The same act, where it was begun within the last minutes.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn same_write(&self, key: &WriteKey) -> Result<Option<KnownWrite>, ConnectionError> {
        let same = Statement::new(WRITE_OF_GUARD).bind(&key.guard());
        let found: Option<StoredWrite> = self.database().await?.fetch_optional(same).await?;
        let since = self.now().saturating_sub(SAME_ACT_SECONDS);
        match found {
            Some(found) if found.8 > since => Ok(Some(self.known(found).await?)),
            _ => Ok(None),
        }
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

    /// Takes back what was asked; false where there is nothing to take back.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn decline_write(&self, id: &str, caller: &Caller) -> Result<bool, ConnectionError> {
        let declined = Statement::new(DECLINE_WRITE).bind(id).bind(user(caller));
        Ok(self.database().await?.execute(declined).await? > 0)
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

impl NewWrite {
    /// The same as it is known once it was begun.
    pub fn begun(self, now: i64) -> KnownWrite {
        KnownWrite {
            id: self.id,
            key: self.key,
            seen: self.seen,
            state: WriteState::Sent,
            created_at: now,
            expires_at: now,
            sent_at: Some(now),
            kept: Some(self.kept),
        }
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
        .bind(is_sent.then(|| key.guard()))
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
