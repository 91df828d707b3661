//! The token that confirms an act that was shown: it names the act's row, in words that a person can read where their client
//! shows it, and proves by a mark that this installation gave it, for this act and nobody else's.

use crate::connections::ConnectionError;
use crate::ledger::{KnownWrite, Ledger, WriteKey, WriteState};
use crate::tools::error::{Code, ToolError};
use crate::tools::invocation::Invocation;

/// What a mark is given for: what was given for one is none for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A token that a model brings back after it has shown the act.
    Token,
    /// The state of a form, which only the client sees: no model has it before a person has answered.
    Form,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Token => "confirm_write",
            Self::Form => "request_state",
        }
    }
}

/// Characters of the words of a token.
const MOST_WORDS: usize = 60;

/// Whether a state that a call brings back is that of an act.
pub fn is_of_an_act(state: &str) -> bool {
    state.contains('.')
}

/// The token, or the state of a form, of an act that is asked.
pub(super) async fn make(
    ledger: &Ledger,
    purpose: Purpose,
    id: &str,
    key: &WriteKey,
    seen: Option<&str>,
    record: &str,
) -> Result<String, ConnectionError> {
    let words = words(&key.tool, record);
    let mark = ledger
        .mark(purpose.name(), &marked(&words, id, key, seen))
        .await?;
    Ok(format!("{words}.{id}.{mark}"))
}

/// What the mark vouches for: the words that a person reads, whose act it is, where it goes, what it does, and the record as
/// it was seen.
fn marked(words: &str, id: &str, key: &WriteKey, seen: Option<&str>) -> String {
    let WriteKey {
        user_id,
        connection_id,
        organization,
        tool,
        digest,
    } = key;
    format!(
        "{words}|{id}|{connection_id}|{organization}|{tool}|{digest}|{}|{user_id}",
        seen.unwrap_or_default()
    )
}

/// The tool, and the module and number of the record, in letters, digits and hyphens.
fn words(tool: &str, record: &str) -> String {
    let mut words = format!("{tool}-");
    for sign in record.chars() {
        match sign {
            sign if sign.is_ascii_alphanumeric() => words.push(sign),
            _ if words.ends_with('-') => {}
            _ => words.push('-'),
        }
        if words.len() >= MOST_WORDS {
            break;
        }
    }
    words.trim_end_matches('-').to_owned()
}

/// The act that a token confirms, or a form was about.
///
/// # Errors
/// It is none of this caller's, was changed, is answered already, or too old.
pub async fn open(
    invocation: &Invocation<'_>,
    purpose: Purpose,
    token: &str,
) -> Result<KnownWrite, ToolError> {
    let ledger = &invocation.equipment().ledger;
    let refused = || {
        let fix = "Make the call that changes something again: it gives a new token.";
        ToolError::argument(
            "/token",
            "the token of an act that was shown to this user",
            "one that this server gave nobody or another user, or whose act was declined or sent since",
            Some(fix.to_owned()),
        )
    };
    let mut parts = token.trim().split('.');
    let (Some(words), Some(id), Some(mark), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(refused());
    };
    let Some(write) = ledger.find_write(id, invocation.caller()).await? else {
        return Err(refused());
    };
    let right = ledger
        .mark(
            purpose.name(),
            &marked(words, id, &write.key, write.seen.as_deref()),
        )
        .await?;
    if !is_same(&right, mark) {
        return Err(refused());
    }
    let now = invocation.now().as_second();
    match write.state {
        WriteState::Asked | WriteState::Approved if write.expires_at > now => Ok(write),
        WriteState::Asked | WriteState::Approved => Err(ToolError::new(
            Code::ConfirmationNeeded,
            "Nothing was sent: the token is older than ten minutes.",
            "Make the call that changes something again, show the user what it does now, and ask.",
        )),
        WriteState::Refused if write.sent_at.is_none() => Err(ToolError::new(
            Code::DeclinedOrNotAsked,
            "Nothing was sent: the user has declined this act.",
            "Do not make the call again unless the user asks for it.",
        )),
        state => Err(ToolError::new(
            Code::InvalidArguments,
            format!(
                "Nothing was sent: the token was used, and its act is {} ({id}).",
                state.as_str()
            ),
            "Tell the user; make the call that changes something again only if the user wants it once more.",
        )),
    }
}

/// Compares in a time that says nothing of where two marks differ.
fn is_same(one: &str, other: &str) -> bool {
    let differs = one
        .bytes()
        .zip(other.bytes())
        .fold(0, |all, (one, other)| all | (one ^ other));
    one.len() == other.len() && differs == 0
}
