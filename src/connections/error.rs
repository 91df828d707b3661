//! Why a call gets no connection.

use thiserror::Error;

use crate::database::DatabaseError;
use crate::regular::remedy::Remedy;

/// Why no usable connection came out of the table; the texts are written for the person who has to act.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConnectionError {
    /// The table holds no row for this caller.
    #[error("No Zoho connection found")]
    NoConnection,
    /// Several people have rows here and the caller did not say who they are.
    #[error(
        "several users have connections in this database{}: say which one with --user",
        in_brackets(users)
    )]
    ChooseUser {
        /// Who they are, where all of them are the owner's own; nobody in a database that many share.
        users: Vec<String>,
    },
    /// The caller has connections, none of that name.
    #[error("there is no connection named `{name}`; the connections of this user are: {}", names.join(", "))]
    UnknownConnection {
        /// The name asked for.
        name: String,
        /// The names this user has, newest first.
        names: Vec<String>,
    },
    /// The user already has another connection of that name.
    #[error("this user already has a connection named `{name}`")]
    NameTaken {
        /// The name asked for.
        name: String,
    },
    /// A consent of one server would take the place of a connection of another.
    #[error(
        "the connection `{name}` is one of {held} and this consent one of {new}, which would replace it: connect under \
         another name (--name NAME), or say that it is to be replaced (--replace)"
    )]
    OtherServer {
        /// The name of both.
        name: String,
        /// The accounts server of the connection that is there.
        held: String,
        /// That of the consent.
        new: String,
    },
    /// Zoho refused the stored tokens for good; only a new consent helps.
    #[error("the Zoho connection `{name}` can no longer be used ({reason}): connect again")]
    Unusable {
        /// The connection's name.
        name: String,
        /// Zoho's own word for it, for example `invalid_code`.
        reason: String,
    },
    /// The database cannot be opened, read or written.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A sealed value cannot be opened, or no key is at hand.
    #[error("{problem}; {mend}")]
    Seal {
        /// What is wrong, naming key ids and columns, never a value.
        problem: String,
        /// What to do about it.
        mend: String,
        /// What a command can do about it.
        remedy: Option<Box<Remedy>>,
        /// Whether rows are sealed by a key that is not at hand.
        is_other_key: bool,
    },
    /// Another process has held the refresh of this connection for the whole waiting time.
    #[error("another process has been refreshing this connection's token for {seconds} s")]
    RefreshBusy {
        /// How long this call waited, in seconds.
        seconds: u64,
    },
}

fn in_brackets(users: &[String]) -> String {
    match users {
        [] => String::new(),
        users => format!(" ({})", users.join(", ")),
    }
}

impl ConnectionError {
    pub(crate) fn seal(problem: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::Seal {
            problem: problem.into(),
            mend: mend.into(),
            remedy: None,
            is_other_key: false,
        }
    }

    /// The same, with what a command can do about it.
    pub(crate) fn remedied(self, by: Remedy) -> Self {
        match self {
            Self::Seal {
                problem,
                mend,
                is_other_key,
                ..
            } => Self::Seal {
                problem,
                mend,
                remedy: Some(Box::new(by)),
                is_other_key,
            },
            error => error,
        }
    }

    /// What is wrong, without what to do about it where that is known apart.
    pub fn found(&self) -> String {
        match self {
            Self::Seal { problem, .. } => problem.clone(),
            Self::Database(error) => error.found(),
            error => error.to_string(),
        }
    }

    /// What a command can do about it.
    pub fn remedy(&self) -> Option<&Remedy> {
        match self {
            Self::Seal { remedy, .. } => remedy.as_deref(),
            Self::Database(error) => error.remedy.as_deref(),
            _ => None,
        }
    }

    /// The same, with the failure of the keyring that led to it; where a command mends it, that is another matter.
    pub(crate) fn because(self, cause: &Self) -> Self {
        match (self, cause) {
            (
                Self::Seal {
                    problem,
                    mend,
                    remedy: None,
                    is_other_key,
                },
                Self::Seal { problem: cause, .. },
            ) => Self::Seal {
                problem: format!("{problem}, and {cause}"),
                mend: format!("unlock the keyring, or {mend}"),
                remedy: None,
                is_other_key,
            },
            (error, _) => error,
        }
    }
}
