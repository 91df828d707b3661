//! A consent that is offered to a person, and what it is for.

use super::Kept;
use crate::connections::{Connection, Status};
use crate::tools::error::{Code, ToolError};
use crate::tools::invocation::Invocation;
use crate::tools::question::Question;
use crate::tools::scopes;
use crate::zoho::oauth::Consent;

/// What a call lacks that a consent would give.
#[derive(Debug)]
pub(super) struct Need {
    /// The connection that the call means, where it or the caller names one.
    pub(super) connection: Option<String>,
    /// The scopes it was refused for.
    pub(super) scopes: Box<[String]>,
}

impl Need {
    /// A first consent, a new one, or one with the scope that is missing; `None` where a consent is no help.
    pub(super) fn of(error: &ToolError, invocation: &Invocation<'_>) -> Option<Self> {
        matches!(
            error.code,
            Code::NoConnection | Code::ReconnectNeeded | Code::ScopeMissing
        )
        .then(|| Need {
            connection: invocation.connection_name().map(str::to_owned),
            scopes: error.scopes().into(),
        })
    }
}

/// A consent offered to the person whose call failed. The ledger holds it, so that any process on the database may take
/// the answer.
#[derive(Debug)]
pub(super) struct Offer {
    id: String,
    url: String,
    scopes: Vec<String>,
    redirect_uri: String,
    name: String,
    connection: Option<String>,
    before: Option<String>,
}

impl Offer {
    pub(super) fn of(id: &str, consent: &Consent, kept: Kept) -> Self {
        Offer {
            id: id.to_owned(),
            url: consent.url().to_string(),
            scopes: consent.scopes().to_vec(),
            redirect_uri: consent.redirect_uri().to_owned(),
            name: kept.name,
            before: kept.before,
            connection: kept.connection,
        }
    }

    /// A random text that names this offer and no other.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Where its answer comes back to.
    pub(super) fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// The connection that the call it was made for means, where it names one.
    pub(super) fn connection(&self) -> Option<&str> {
        self.connection.as_deref()
    }

    /// Whether a row holds another consent than the one that did not do.
    pub(super) fn is_met_by(&self, row: &Connection) -> bool {
        row.status == Status::Active && self.before.as_ref() != Some(&row.consent)
    }

    /// Whether this offer, once taken, gives what a call needs: it is for the same connection and asks for the scopes that
    /// are missing.
    pub(super) fn helps(&self, need: &Need) -> bool {
        let asked = |scope: &String| self.scopes.iter().any(|known| scopes::covers(known, scope));
        self.connection == need.connection && need.scopes.iter().all(asked)
    }

    /// What to do where nobody could be asked the question.
    pub(super) fn by_hand(&self) -> String {
        format!(
            "Ask the user to open {} and to sign in to Zoho and allow access there, then call again.",
            self.url
        )
    }

    /// The question it comes to: whether the person opens its page and allows access there.
    pub(super) fn question(&self) -> Question {
        Question::Page {
            message: format!(
                "Zoho has to be connected for this, as the connection `{}`. Open the page, sign in to Zoho and allow \
                 access.",
                self.name
            ),
            url: self.url.clone(),
            id: self.id.clone(),
        }
    }
}
