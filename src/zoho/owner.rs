//! Whose data a session speaks of, and that a session keeps to it.

use std::sync::Arc;

use serde::Serialize;

use super::error::ZohoError;
use super::session::Session;
use crate::connections::{Connection, Product};

/// The consent and organization that a session's answers belong to: what is kept of one answers for no other, also where
/// it lies beside what another database's connections have left. A consent to CRM is for one organization of Zoho's, whose
/// number only links need and which may be unknown for a while.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Owner {
    consent: String,
    product: Product,
    organization: Option<String>,
}

impl Owner {
    fn of(connection: &Connection, product: Product) -> Self {
        let organization = match product {
            Product::Desk => connection.desk_org_id.clone(),
            Product::Crm => None,
        };
        Owner {
            consent: connection.consent.clone(),
            product,
            organization,
        }
    }
}

impl Session {
    /// Whose data this session's answers hold.
    pub fn owner(&self) -> Owner {
        Owner::of(&self.share_connection(), self.product())
    }

    /// The session bound to the consent and organization it has now: from it ids are taken that mean nothing in
    /// another one, so where Zoho or a person has moved the connection on, its calls fail with [`ZohoError::Moved`].
    #[must_use]
    pub fn bound(mut self) -> Self {
        self.bound = Some(self.connection());
        self
    }

    /// Whether a bound session is no longer on what it was bound to.
    pub fn was_moved(&self) -> bool {
        self.check_owner(&self.connection()).is_err()
    }

    /// The connection as far as consent and organization go: as it was bound, else as it is now.
    pub(super) fn share_connection(&self) -> Arc<Connection> {
        self.bound.clone().unwrap_or_else(|| self.connection())
    }

    /// Fails when the connection is no longer on what a bound session was bound to.
    pub(super) fn check_owner(&self, connection: &Connection) -> Result<(), ZohoError> {
        if self.bound.is_some() && Owner::of(connection, self.product()) != self.owner() {
            return Err(ZohoError::Moved);
        }
        Ok(())
    }
}
