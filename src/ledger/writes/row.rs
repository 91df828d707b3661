//! One act as it is written down: what it is known by, how far it has come.

use secrecy::SecretString;

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
    /// A mark of what is sent: the same for the same act in other words.
    pub mark: String,
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

/// The same act of before that another one is begun beside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beside {
    /// None: what was begun not long ago takes its place.
    None,
    /// Any: it shall be done once more.
    Any,
    /// The act of this id, which was done in part.
    Act(String),
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

/// A row, in the order of its columns.
pub(super) type StoredWrite = (
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
    pub(super) const ALL: [WriteState; 7] = [
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
    /// What only one act of the same caller holds that sends the same.
    pub(super) fn guard(&self, mark: &str) -> String {
        let WriteKey {
            user_id,
            connection_id,
            organization,
            ..
        } = self;
        format!("{connection_id}|{organization}|{mark}|{user_id}")
    }
}

impl NewWrite {
    /// See [`WriteKey::guard`].
    pub(super) fn guard(&self) -> String {
        self.key.guard(&self.mark)
    }

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
