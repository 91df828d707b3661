//! Whose data a session speaks of, and that a session keeps to it.

use super::error::ZohoError;
use super::session::Session;
use crate::connections::Product;
use serde::Serialize;

/// The consent and organization that a session's answers belong to: what is kept of one answers for no other.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Owner {
    connection: i64,
    consent: String,
    product: Product,
    organization: Option<String>,
}

impl Session {
    /// Whose data this session's answers hold.
    pub fn owner(&self) -> Owner {
        let connection = self.connection();
        Owner {
            connection: connection.id,
            consent: connection.consent.clone(),
            product: self.product(),
            organization: self.organization().id,
        }
    }

    /// The session bound to the consent and organization it has now: from it ids are taken that mean nothing in
    /// another one, so where Zoho or a person has moved the connection on, its calls fail with [`ZohoError::Moved`].
    #[must_use]
    pub fn bound(mut self) -> Self {
        self.bound = Some(self.owner());
        self
    }

    /// Whether a bound session is no longer on what it was bound to.
    pub fn was_moved(&self) -> bool {
        self.check_owner().is_err()
    }

    /// Fails when a bound session is no longer on what it was bound to.
    pub(super) fn check_owner(&self) -> Result<(), ZohoError> {
        match &self.bound {
            Some(bound) if *bound != self.owner() => Err(ZohoError::Moved),
            _ => Ok(()),
        }
    }
}
